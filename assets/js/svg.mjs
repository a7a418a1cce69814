// @ts-check
/** Making SVG elements, and writing symbols in them. */

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

/** @typedef {{text: string, shift: -1 | 0 | 1}} Run letters, lowered, or raised */

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
    case "msubsup":
      return [...runsOf(children[0], shift), ...runsOf(children[2], 1), ...runsOf(children[1], -1)];
    case "mfrac":
      return [...runsOf(children[0], shift), { text: "/", shift }, ...runsOf(children[1], shift)];
  }
  return children.flatMap((child) => runsOf(child, shift));
};

/** How wide a symbol is, in letters. @param {string} math */
export const lettersOf = (math) => runs(math).reduce((sum, run) => sum + run.text.length * (run.shift ? 0.75 : 1), 0);

/** Write a symbol into a text element. @param {Element} text @param {string} math */
export const writeSymbol = (text, math) => {
  if (text.getAttribute("data-math") === math) return;
  text.setAttribute("data-math", math);
  let at = 0;
  text.replaceChildren(
    ...runs(math).map(({ text: letters, shift }) => {
      const span = svg("tspan", shift ? { "font-size": "78%" } : {}, letters);
      const wanted = shift === 0 ? 0 : shift < 0 ? 0.28 : -0.4;
      if (wanted !== at) span.setAttribute("dy", `${(wanted - at).toFixed(2)}em`);
      at = wanted;
      return span;
    }),
  );
};
