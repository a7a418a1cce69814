// @ts-check
/** Making SVG elements, and writing symbols in them. */

import { escape } from "./formulas.mjs";

const NAMESPACE = "http://www.w3.org/2000/svg";

/** @param {string} name @param {Record<string, string | number>} [attributes] @param {(Element | string)[]} children @returns {SVGElement} */
export const svg = (name, attributes = {}, ...children) => {
  const element = document.createElementNS(NAMESPACE, name);
  for (const key in attributes) element.setAttribute(key, String(attributes[key]));
  element.append(...children);
  return element;
};

/** @param {string} name @param {Record<string, string | number>} [attributes] @param {(Element | string)[]} children @returns {HTMLElement} */
export const html = (name, attributes = {}, ...children) => {
  const element = document.createElement(name);
  for (const key in attributes) element.setAttribute(key, String(attributes[key]));
  element.append(...children);
  return element;
};

/** Set an attribute if it is not so already. @param {Element} element @param {string} name @param {string} value */
export const put = (element, name, value) => {
  if (element.getAttribute(name) !== value) element.setAttribute(name, value);
};

/** Set a text if it is not so already. @param {Element} element @param {string} text */
export const write = (element, text) => {
  if (element.textContent !== text) element.textContent = text;
};

/** @typedef {{text: string, shift: -1 | 0 | 1, back?: number}} Run letters, lowered, or raised; `back`: how many letters it begins earlier */

/** @type {Map<string, Run[]>} */
const known = new Map();

/** A symbol in MathML as runs of letters. @param {string} math @returns {Run[]} */
export const runs = (math) => {
  let found = known.get(math);
  if (!found) {
    const parsed = new DOMParser().parseFromString(`<math>${math}</math>`, "text/html");
    found = [...(parsed.body.firstElementChild?.childNodes ?? [])].flatMap((node) => runsOf(node, 0));
    known.set(math, found);
  }
  return found;
};

/** @param {Node} node @param {-1 | 0 | 1} shift @returns {Run[]} */
const runsOf = (node, shift) => {
  const children = [...node.childNodes];
  if (!(node instanceof Element)) return [{ text: node.textContent ?? "", shift }];
  switch (node.localName) {
    case "msub":
      return [...runsOf(children[0], shift), ...runsOf(children[1], -1)];
    case "msup":
      return [...runsOf(children[0], shift), ...runsOf(children[1], 1)];
    case "msubsup": {
      const above = runsOf(children[2], 1);
      const [first, ...rest] = runsOf(children[1], -1);
      return [...runsOf(children[0], shift), ...above, { ...first, back: widthOf(above) }, ...rest];
    }
    case "mfrac":
      return [...runsOf(children[0], shift), { text: "/", shift }, ...runsOf(children[1], shift)];
  }
  return children.flatMap((child) => runsOf(child, shift));
};

/** How wide raised letters are, in ems of their own. @param {Run[]} found */
const widthOf = (found) => found.reduce((sum, { text }) => sum + [...text].reduce((w, c) => w + ("()′,".includes(c) ? 0.31 : 0.57), 0), 0);

/** How wide a symbol is, in letters. @param {string} math */
export const lettersOf = (math) => runs(math).reduce((sum, run) => sum + run.text.length * (run.shift ? 0.75 : 1) - (run.back ?? 0) * 1.2, 0);

/** Write a symbol into a text element. @param {Element} text @param {string} math */
export const writeSymbol = (text, math) => {
  if (text.getAttribute("data-math") === math) return;
  text.setAttribute("data-math", math);
  let at = 0;
  text.replaceChildren(
    ...runs(math).map(({ text: letters, shift, back }) => {
      const span = svg("tspan", shift ? { "font-size": "78%" } : {}, letters);
      const wanted = shift === 0 ? 0 : shift < 0 ? 0.28 : -0.4;
      if (wanted !== at) span.setAttribute("dy", `${((wanted - at) / (shift ? 0.78 : 1)).toFixed(2)}em`);
      if (back) span.setAttribute("dx", `${(-back).toFixed(2)}em`);
      at = wanted;
      return span;
    }),
  );
};

/** @type {Map<string, string>} */
const inlined = new Map();

/** A symbol as inline text, which a browser lays out sooner than a formula. @param {string} math */
export const symbolHtml = (math) => {
  let found = inlined.get(math);
  if (found === undefined) inlined.set(math, (found = runs(math).map(runHtml).join("")));
  return found;
};

/** @param {Run} run */
const runHtml = ({ text, shift, back }) => {
  if (shift > 0) return `<sup>${escape(text)}</sup>`;
  if (shift < 0) return `<sub${back ? ` style="margin-left:-${(back * 0.92).toFixed(2)}em;min-width:${(back * 0.92).toFixed(2)}em"` : ""}>${escape(text)}</sub>`;
  return escape(text.length === 1 ? italic(text) : text);
};

/** A letter as mathematics sets it. @param {string} letter */
export const italic = (letter) => {
  const code = /** @type {number} */ (letter.codePointAt(0));
  if (letter === "h") return "ℎ";
  if (letter >= "a" && letter <= "z") return String.fromCodePoint(0x1d44e + code - 97);
  if (letter >= "A" && letter <= "Z") return String.fromCodePoint(0x1d434 + code - 65);
  if (letter >= "α" && letter <= "ω") return String.fromCodePoint(0x1d6fc + code - 0x3b1);
  return letter;
};
