// @ts-check
/** Fills formula templates with symbols or numbers, as MathML. */

/** @typedef {[number, number[], number]} Hole slot, position, guarded */
/** @typedef {(string | Hole)[]} Template */
/** @typedef {{symbol: string, value: number, name: string}} Operand */

/** @param {string} text */
export const escape = (text) =>
  text.replace(/[&<>"']/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" })[c] ?? c);

const bracketed = (/** @type {string} */ inner) => `<mrow><mo>(</mo>${inner}<mo>)</mo></mrow>`;

/** A shown number; its sign stays inside, or it would be set as an operator. @param {string} text @param {number} guarded @param {string} [attributes] */
export const mathNumber = (text, guarded = 0, attributes = "") => {
  const [mantissa, exponent] = text.split("e");
  const number = exponent
    ? `<mrow${attributes}><mn>${mantissa}</mn><mo>·</mo><msup><mn>10</mn><mn>${exponent}</mn></msup></mrow>`
    : `<mn${attributes}>${mantissa}</mn>`;
  return guarded && (text.startsWith("−") || (guarded === 2 && exponent)) ? bracketed(number) : number;
};

/** A symbol; a derivative in brackets where it is squared or divided by. @param {string} symbol @param {number} guarded */
export const mathSymbol = (symbol, guarded = 0) =>
  guarded === 2 && symbol.startsWith("<mfrac>") ? bracketed(symbol) : symbol;

/** The symbol of a local slope, ∂a/∂z. @param {string} top @param {string} bottom */
export const slopeSymbol = (top, bottom) =>
  `<mfrac><mrow><mo>∂</mo>${top}</mrow><mrow><mo>∂</mo>${bottom}</mrow></mfrac>`;

const depthOf = (/** @type {string} */ piece) => (piece.match(/<m/g) ?? []).length - (piece.match(/<\/m/g) ?? []).length;
const SIGNS = ["<mo>+</mo>", "<mo>−</mo>"];
const TIMES = "<mo>·</mo>";

/**
 * A template filled, cut at its outermost signs (of a single product, at its dots), so that long lines can wrap.
 * @param {Template} template @param {(hole: Hole) => string} fill
 * @returns {{sign: string, math: string}[]} terms, each with the sign before it
 */
export const terms = (template, fill) => {
  const cuts = cutsOf(template, SIGNS);
  const used = cuts.length ? cuts : cutsOf(template, [TIMES]);
  /** @type {{sign: string, math: string}[]} */
  const found = [{ sign: "", math: "" }];
  template.forEach((piece, k) => {
    if (used.includes(k)) found.push({ sign: /** @type {string} */ (piece).replace(/<[^>]*>/g, ""), math: "" });
    else found[found.length - 1].math += typeof piece === "string" ? piece : fill(piece);
  });
  return found;
};

/** @param {Template} template @param {string[]} signs @returns {number[]} */
const cutsOf = (template, signs) => {
  let depth = 0;
  /** @type {number[]} */
  const found = [];
  template.forEach((piece, k) => {
    if (typeof piece !== "string") return;
    if (depth === 0 && k > 0 && signs.includes(piece)) found.push(k);
    depth += depthOf(piece);
  });
  return found;
};
