// @ts-check
/** Handing a problem on: as a link, or as a file. */

import { showDialog } from "../dialog.mjs";
import { html } from "../svg.mjs";

/** @typedef {import("../desk.mjs").Desk} Desk */

/** A link to this problem at this step; of one that is too large it is said, and the file offered. @param {Desk} desk */
export const copyLink = async (desk) => {
  const { answer, hooks } = desk;
  if (!answer.link) return hooks.note("This problem is too large for a link. Its file can be sent instead.", { label: "Save the file", act: () => saveFile(desk) });
  const link = `${location.origin}${location.pathname}${desk.fragment}`;
  if (await copied(link)) hooks.say("The link to this problem at this step is copied.");
  else showText("The link to this problem at this step", link);
};

/** Whether the clipboard took it: browsers refuse on pages without encryption. @param {string} text */
export const copied = async (text) => {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
};

/** A text to be copied by hand. @param {string} title @param {string} text */
export const showText = (title, text) => {
  const area = /** @type {HTMLTextAreaElement} */ (html("textarea", { rows: 6, readonly: "", "aria-label": title }));
  area.value = text;
  showDialog(title, "", html("p", { class: "quiet" }, "The browser doesn't give access to the clipboard: copy it from here."), area);
  area.select();
};

/** The other pages that draw this problem, each a link to it. @param {Desk} desk */
export const showPages = ({ answer, opened, hooks }) => {
  const others = answer.pages.filter((/** @type {string} */ page) => page !== opened.page);
  if (!others.length) return hooks.say("No other page draws this problem in another way.");
  if (!answer.link) return hooks.say("This problem is too large for a link. Save its file, and open it on the other page.");
  const links = others.map((/** @type {string} */ page) => {
    const title = document.querySelector(`nav a[href$="/${page}"]`)?.textContent ?? page;
    return html("li", {}, html("a", { href: `/${page}#problem=${answer.link}` }, title));
  });
  showDialog("Open this problem on another page", "", html("ul", { class: "other-pages" }, ...links)).querySelector("a")?.focus();
};

/** @param {Desk} desk */
export const saveFile = (desk) => {
  const { document: problem } = desk.answer;
  download(`${slug(problem.title ?? "") || "problem"}.json`, new Blob([fileText(problem), "\n"], { type: "application/json" }));
};

/** @param {string} name @param {Blob} blob */
export const download = (name, blob) => {
  const url = URL.createObjectURL(blob);
  const link = html("a", { href: url, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
};

/** A title as the name of a file. @param {string} title */
export const slug = (title) =>
  title
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 60);

/** A document as people write it: objects by the line, a list of numbers in one. @param {any} value @param {string} [indent] @returns {string} */
export const fileText = (value, indent = "") => {
  const inner = `${indent}  `;
  const flat = line(value);
  if (depthOf(value) < 2 && Array.isArray(value)) return flat;
  if (typeof value !== "object" || (flat.length + indent.length <= 100 && !hasObject(value))) return flat;
  if (Array.isArray(value)) return `[\n${value.map((one) => inner + fileText(one, inner)).join(",\n")}\n${indent}]`;
  return `{\n${Object.entries(value).map(([key, one]) => `${inner}${JSON.stringify(key)}: ${fileText(one, inner)}`).join(",\n")}\n${indent}}`;
};

/** @param {any} value @returns {string} */
const line = (value) => {
  if (Array.isArray(value)) return `[${value.map(line).join(", ")}]`;
  if (Object.is(value, -0)) return "-0.0"; // which JSON can say, and JSON.stringify does not
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  return `{${Object.entries(value).map(([key, one]) => `${JSON.stringify(key)}: ${line(one)}`).join(", ")}}`;
};

/** How deep lists and objects are within each other. @param {any} value @returns {number} */
const depthOf = (value) => (typeof value === "object" && value !== null ? 1 + Math.max(0, ...Object.values(value).map(depthOf)) : 0);

/** Whether a list holds objects. @param {any} value @returns {boolean} */
const hasObject = (value) => Array.isArray(value) && value.some((one) => (Array.isArray(one) ? hasObject(one) : typeof one === "object" && one !== null));
