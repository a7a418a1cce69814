// @ts-check
/** How a number is shown: the twin of `nncalc/numerals.py`. Tests hold the two equal. */

const SIGNIFICANT = 4;
const EXACT = 1e-12; // relative difference up to which "=" is written instead of "≈"
const SMALLEST = 1e-6; // outside of these two a power of ten is split off
const LARGEST = 1e10;
const THIN = "\u202f"; // a narrow space: between the thousands of a count, where a comma is the decimal mark

let comma = false;

/** Numbers are shown with a decimal comma, or with a point. @param {boolean} on */
export const useComma = (on) => {
  comma = on;
};

/** Words with numbers in them, in the chosen form. @param {string} text written with points */
export const formed = (text) =>
  comma ? text.replace(/(\d),(?=\d{3}(?!\d))/g, `$1${THIN}`).replace(/(\d)\.(?=\d)/g, "$1,") : text;

/** A piece of a formula in the chosen form; lists are then told apart by semicolons. @param {string} math */
export const formedMath = (math) =>
  comma ? math.replaceAll("<mo>,</mo>", "<mo>;</mo>").replace(/<mn>[^<]*/g, (number) => number.replace(".", ",")) : math;

/** How many there are of something. @param {number} count */
export const counted = (count) => formed(count.toLocaleString("en"));

export const FULL = 13; // this many extra digits mean: all that are stored

/** The shortest digits that read as `x > 0`, and the power of ten of the first one. @param {number} x @returns {[string, number]} */
const digitsOf = (x) => {
  const [mantissa, exponent] = x.toExponential().split("e");
  return [mantissa.replace(".", ""), Number(exponent)];
};

/** `digits` cut to `kept` of them, halves away from zero. @param {string} digits @param {number} kept @returns {bigint} */
const cut = (digits, kept) => {
  if (kept < 0) return 0n;
  const padded = digits.padEnd(kept, "0");
  return BigInt(padded.slice(0, kept) || "0") + (padded.charCodeAt(kept) >= 53 ? 1n : 0n); // "5"
};

/** `x > 0` with `places` digits after the point. @param {number} x @param {number} places */
const fixed = (x, places) => {
  const [digits, exponent] = digitsOf(x);
  const whole = cut(digits, exponent + 1 + places).toString().padStart(places + 1, "0");
  return places ? `${whole.slice(0, -places)}.${whole.slice(-places)}` : whole;
};

/** @param {number} x @param {number} extra */
const powerOfTen = (x, extra) => {
  let [digits, exponent] = digitsOf(x);
  if (extra < FULL) {
    const kept = SIGNIFICANT + extra;
    const rounded = cut(digits, kept).toString();
    exponent += rounded.length - kept; // 9.9999 has become 10.000
    digits = rounded.slice(0, kept);
  }
  if (Math.abs(Number(`${digits[0]}.${digits.slice(1)}e${exponent}`) - x) <= EXACT * x) digits = digits.replace(/0+$/, "");
  return `${digits[0]}${digits.length > 1 ? `.${digits.slice(1)}` : ""}e${exponent}`;
};

/** @param {number} x */
const positional = (x) => {
  const [digits, exponent] = digitsOf(x);
  return fixed(x, Math.max(0, digits.length - 1 - exponent));
};

/** @param {number} x */
const leading = (x) => digitsOf(Math.abs(x))[1];

/** The text of a number, with a true minus sign, in the chosen form. @param {number} x @param {number} extra @param {number} decimals */
export const show = (x, extra, decimals) => (comma ? plain(x, extra, decimals).replace(".", ",") : plain(x, extra, decimals));

const plain = (/** @type {number} */ x, /** @type {number} */ extra, /** @type {number} */ decimals) => {
  if (Number.isNaN(x)) return "NaN";
  const sign = x < 0 ? "−" : "";
  const size = Math.abs(x);
  if (size === Infinity) return `${sign}∞`;
  if (size === 0) return "0";
  if (size < SMALLEST || size >= LARGEST) return sign + powerOfTen(size, extra).replace("-", "−");
  if (extra >= FULL) return sign + positional(size);
  let text = fixed(size, Math.max(decimals, SIGNIFICANT - 1 - leading(size)) + extra);
  const value = Number(text);
  if (Math.abs(value - size) <= EXACT * size && text.includes(".")) text = text.replace(/\.?0+$/, "");
  return value === 0 ? "0" : sign + text;
};

/** The number that a shown text reads as. @param {string} text */
export const read = (text) => Number(text.replaceAll("−", "-").replace(",", ".").replace("∞", "Infinity"));

/** Whether a printed number is all of the stored one. @param {number} stored @param {number} printed */
export const signOf = (stored, printed) =>
  Object.is(stored, printed) || stored === printed || Math.abs(stored - printed) <= EXACT * Math.abs(stored) ? "=" : "≈";

/** What one unit in the last place of the printed number is worth. @param {number} x @param {number} decimals */
export const lastPlace = (x, decimals) => {
  if (x === 0 || !Number.isFinite(x)) return 10 ** -decimals;
  const size = Math.abs(x);
  const significant = SIGNIFICANT - 1 - leading(x);
  return 10 ** -(size < SMALLEST || size >= LARGEST ? significant : Math.max(decimals, significant));
};
