// @ts-check
/** Single operations: products and running sums are the only arithmetic that the player does. */

import { FULL, lastPlace, read, show, signOf } from "./numerals.mjs";

/** @typedef {number | [string, ...any[]]} Tree a formula over operands: `["+", ["@", 0], 2]` */

const HALF = 0.5 * (1 + 1e-9);
const NOISE = 2 ** -46; // relative to the addends: below it a result is nothing but rounding

/** @type {Record<string, (...x: number[]) => number>} */
const FUNCTIONS = {
  "+": (...x) => x.reduce((a, b) => a + b),
  "*": (...x) => x.reduce((a, b) => a * b),
  "/": (a, b) => a / b,
  "^": (a, b) => a ** b,
  "-": (a) => -a,
  "<": (a, b) => Number(a < b),
  "≤": (a, b) => Number(a <= b),
  ">": (a, b) => Number(a > b),
  "≥": (a, b) => Number(a >= b),
  "=": (a, b) => Number(a === b),
  "≠": (a, b) => Number(a !== b),
  exp: Math.exp,
  ln: Math.log,
  sqrt: Math.sqrt,
  cbrt: Math.cbrt,
  tanh: Math.tanh,
  sin: Math.sin,
  cos: Math.cos,
  tan: Math.tan,
  asin: Math.asin,
  acos: Math.acos,
  atan: Math.atan,
  sinh: Math.sinh,
  cosh: Math.cosh,
  asinh: Math.asinh,
  acosh: Math.acosh,
  atanh: Math.atanh,
  sign: Math.sign,
  floor: Math.floor,
  ceil: Math.ceil,
  max: Math.max,
  min: Math.min,
  "|·|": Math.abs,
};

/** @param {Tree} tree @param {number[]} operands @returns {number} */
export const evaluate = (tree, operands) => {
  if (typeof tree === "number") return tree;
  const [operator, ...inner] = tree;
  if (operator === "@") return operands[inner[0]];
  return FUNCTIONS[operator](...inner.map((part) => evaluate(part, operands)));
};

/** Whether a formula is made of sums and products alone, so that only cancelling makes it small. @param {Tree} tree @returns {boolean} */
const mayCancel = (tree) => {
  if (typeof tree === "number" || tree[0] === "@") return true;
  if (tree[0] === "/") return typeof tree[2] === "number" && mayCancel(tree[1]);
  return ["+", "*", "-"].includes(tree[0]) && tree.slice(1).every(mayCancel);
};

/** The formula with every minus sign a plus. @param {Tree} tree @returns {Tree} */
const magnitude = (tree) => {
  if (typeof tree === "number" || tree[0] === "@") return tree;
  if (tree[0] === "-") return magnitude(tree[1]);
  return [tree[0], ...tree.slice(1).map(magnitude)];
};

/** @param {Tree} tree @param {number} value @param {number[]} operands */
const isNoise = (tree, value, operands) => {
  const size = Math.abs(value);
  return size > 0 && mayCancel(tree) && size < NOISE * evaluate(magnitude(tree), operands.map(Math.abs));
};

/** How many more digits the operands need so that a pocket calculator gets the printed result. */
const digitsNeeded = (/** @type {Tree} */ tree, /** @type {number} */ value, /** @type {number[]} */ operands, /** @type {number} */ decimals) => {
  const printed = read(show(value, 0, decimals));
  const half = HALF * lastPlace(value, decimals);
  for (let extra = 0; extra < FULL; extra++) {
    const typed = evaluate(tree, operands.map((x) => read(show(x, extra, decimals))));
    if (Math.abs(typed - printed) <= half || typed === printed) return extra;
  }
  return FULL;
};

/**
 * The result of an operation as it is printed, and with how many extra digits its operands are.
 * @param {Tree} tree @param {number[]} operands @param {number} decimals @param {number} [value] where it is known
 */
export const worked = (tree, operands, decimals, value = evaluate(tree, operands)) => {
  const extra = digitsNeeded(tree, value, operands, decimals);
  if (isNoise(tree, value, operands)) return { value, extra, text: "0", sign: "≈" };
  const text = show(value, 0, decimals);
  return { value, extra, text, sign: signOf(value, read(text)) };
};
