// @ts-check
/** The working on paper: every step at the granularity that is shown, chapter by chapter, in black and white. */

import { noteOfSize } from "../banner.mjs";
import { cut } from "../copy/cut.mjs";
import { linesOf, wordsOf } from "../copy/step.mjs";
import { escape } from "../formulas.mjs";
import { html } from "../svg.mjs";
import { View } from "../view.mjs";
import { chaptersOf } from "../walkthrough.mjs";

/** @typedef {import("../walkthrough.mjs").Walkthrough} Walkthrough */

const HATCH = "hatch-on-paper";

/** @param {import("../showing.mjs").Now} now @param {HTMLElement} scene the place of the drawing @param {boolean} matrix */
export const transcript = ({ view, answer, scene: drawing }, scene, matrix) => {
  const { walk, detail } = view;
  const { title } = answer.walkthrough;
  const about = [answer.notes, answer.source && `Source: ${answer.source}`, noteOfSize(answer.walkthrough)].filter(Boolean);
  const whole = matrix && (detail === "layer" || detail === "chapter"); // beneath every single number it would be the same again
  const chapters = chaptersOf(walk, detail).map((chapter) => chapterHtml(walk, detail, chapter, whole));
  const paper = html("article", { class: "paper" });
  paper.innerHTML = `<h1>${escape(title || "A problem of your own")}</h1>${about.map((text) => `<p>${escape(text)}</p>`).join("")}${chapters.join("")}`;
  drawing.show(new View(walk, detail, lastForward(walk, detail)));
  paper.querySelector("section")?.before(drawn(scene));
  drawing.show(view);
  return paper;
};

/** The step with which the forward pass of the first iteration is complete, loss and all. @param {Walkthrough} walk @param {string} detail */
const lastForward = (walk, detail) => {
  const chapters = chaptersOf(walk, detail);
  const after = chapters.findIndex(({ title }) => !/(Forward|Loss)$/.test(title));
  return (after < 0 ? walk.count(detail) : chapters[after].first) - 1;
};

/** The drawing, as large as the page is wide at most. @param {HTMLElement} scene */
const drawn = (scene) => {
  const figure = html("figure", {}, ...[...scene.children].map((child) => /** @type {Element} */ (child.cloneNode(true))));
  figure.querySelector("#hatch")?.setAttribute("id", HATCH);
  for (const [k, picture] of scene.querySelectorAll("svg").entries()) {
    const { x, y, width, height } = picture.getBBox();
    const copy = figure.querySelectorAll("svg")[k];
    copy.setAttribute("viewBox", `${x - 4} ${y - 4} ${width + 8} ${height + 8}`);
    copy.setAttribute("width", String(width));
    copy.removeAttribute("height");
  }
  for (const element of figure.querySelectorAll("[tabindex]")) element.removeAttribute("tabindex");
  return figure;
};

/** @param {Walkthrough} walk @param {string} detail @param {{title: string, first: number, count: number}} chapter @param {boolean} matrix */
const chapterHtml = (walk, detail, { title, first, count }, matrix) => {
  let said = "";
  const steps = Array.from({ length: count }, (_, n) => {
    const view = new View(walk, detail, first + n);
    const words = wordsOf(view);
    const sentence = words === said ? "" : `<p class="paper-words">${escape(words)}</p>`;
    said = words;
    return `<div class="paper-step">${sentence}<span class="paper-number">${first + n + 1}</span>${linesOf(view, matrix).map(lineHtml).join("")}</div>`;
  });
  return `<section><h2>${escape(title)}</h2>${steps.join("")}</section>`;
};

/** A line that wraps before its equals signs and, where a side is long, before its plus and minus. @param {import("../copy/step.mjs").Line} line */
const lineHtml = ({ symbol, sides, sign, result }) => {
  const equations = [...sides.map((side) => ["=", side]), ...(result ? [[sign, result]] : [])];
  return `<p class="paper-line"><math>${symbol}</math> ${equations.map(([equals, side]) => `${equals}\u00a0${wrapped(side)}`).join(" ")}</p>`;
};

/** One formula per term, since a formula doesn't wrap. @param {string} side */
const wrapped = (side) => termsOf(side).map(({ sign, math }) => `${sign && `${sign}\u00a0`}<math>${math}</math>`).join(" ");

/** The terms of a sum, or the factors of a product. @param {string} side */
const termsOf = (side) => {
  const terms = cut(side, "+−");
  return terms.length > 1 ? terms : cut(side, "·⊙");
};
