// @ts-check
/** The drawing of a step as a file: SVG, or PNG at twice its size. */

import { wordsOf } from "../copy/step.mjs";
import { download, slug } from "../open/share.mjs";
import { html } from "../svg.mjs";
import { pictureOf } from "./picture.mjs";

/** @typedef {import("../view.mjs").View} View */

const SHARPNESS = 2;
const MOST_PIXELS = 8192; // along a side: beyond, some browsers draw nothing

/** Saves it, and says under which name; "" if it is too large. @param {HTMLElement} scene @param {View} view @param {string} title @param {string} kind "svg" or "png" */
export const saveDrawing = async (scene, view, title, kind) => {
  const step = `Step ${view.k + 1} of ${view.walk.count(view.detail)}, ${view.chapter}: ${wordsOf(view)}`;
  const picture = pictureOf(scene, title || "A problem of your own", step);
  const text = new XMLSerializer().serializeToString(picture);
  const file = kind === "svg" ? new Blob([text], { type: "image/svg+xml" }) : await painted(text, Number(picture.getAttribute("width")), Number(picture.getAttribute("height")));
  if (!file) return "";
  const name = `${slug(title) || "problem"}-step-${view.k + 1}.${kind}`;
  download(name, file);
  return name;
};

/** @param {string} text @param {number} width @param {number} height @returns {Promise<Blob | null>} */
const painted = async (text, width, height) => {
  const scale = Math.min(SHARPNESS, MOST_PIXELS / Math.max(width, height));
  const canvas = /** @type {HTMLCanvasElement} */ (html("canvas", { width: Math.round(width * scale), height: Math.round(height * scale) }));
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`; // the policy allows no blob as a picture
  try {
    await image.decode();
  } catch {
    return null;
  }
  canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((done) => canvas.toBlob(done, "image/png"));
};
