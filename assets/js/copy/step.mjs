// @ts-check
/** A step as it is copied or printed: its sentence and its lines, of what can be seen of it and no more. */

import { mathNumber } from "../formulas.mjs";
import { idsOf, linesAt, numberMath, numbersMath, PRINTED, resultMath, signOf, symbolMath, symbolsMath } from "../matrix/lines.mjs";
import { stepThatWrites } from "../strip.mjs";
import { mathOf, numbersOf, sentenceOf, symbolsOf } from "../written.mjs";
import { BOX, latexOf, textOf } from "./notation.mjs";

/** @typedef {import("../view.mjs").View} View */
/** @typedef {import("../walkthrough.mjs").Step} Step */
/** @typedef {{symbol: string, sides: string[], sign: string, result: string}} Line in MathML; a line with nothing to say of its numbers has no result */

const HIDDEN = `<mo>${BOX}</mo>`;

/** What is copied of a step, by what it is written in. @type {Record<string, (view: View, matrix: boolean) => string>} */
export const TARGETS = {
  latex: (view, matrix) => latexLines(linesOf(view, matrix)),
  mathml: (view, matrix) => mathLines(linesOf(view, matrix)),
  text: (view, matrix) => [wordsOf(view), ...textLines(linesOf(view, matrix))].join("\n"),
};

/** The sentence of what is seen. @param {View} view */
export const wordsOf = (view) => {
  const { walk, detail, k } = view;
  if (view.chosen < 0 && isGroup(view)) return walk.data.groups[detail].sentences[k];
  const step = view.chosen < 0 ? view.steps[0] : stepThatWrites(view, view.chosen);
  return step ? sentenceOf(walk, step) : "A number that is given.";
};

/** The lines of what is seen; `matrix`: in matrix form too, or of several numbers at once instead. @param {View} view @param {boolean} matrix @returns {Line[]} */
export const linesOf = (view, matrix) => {
  if (view.chosen >= 0) {
    const step = stepThatWrites(view, view.chosen);
    return [step ? lineOf(view, step) : given(view)];
  }
  const whole = matrix ? linesAt(view).map((line) => matrixLine(view, line)) : [];
  const covered = new Set(matrix && isGroup(view) ? linesAt(view).flatMap(({ result }) => idsOf(result).flat()) : []);
  const single = view.steps.filter((step) => !covered.has(view.walk.target(step))).map((step) => lineOf(view, step));
  return isGroup(view) ? [...whole, ...single] : [...single, ...whole];
};

const isGroup = (/** @type {View} */ { detail }) => detail === "layer" || detail === "chapter";

/** @param {View} view @param {Step} step @returns {Line} */
const lineOf = (view, step) => {
  const { walk } = view;
  const { name, symbol, text, sign } = walk.result(step);
  const state = view.stateOf(name);
  const unknown = step.kind === "line" && state === "empty";
  const hidden = unknown || (view.covered && state === "written");
  const [symbols, numbers, result] = [bare(mathOf(symbolsOf(walk, step))), bare(mathOf(numbersOf(walk, step))), mathNumber(text)];
  const told = unknown || (hidden && isGroup(view)) ? [symbols] : [symbols, numbers]; // numbers of a covered layer would give it away
  return { symbol, sides: hidden ? once(told) : once(told, result), sign: hidden ? "=" : sign, result: unknown ? "" : hidden ? HIDDEN : result };
};

/** @param {View} view @returns {Line} */
const given = ({ walk, chosen }) => {
  const { symbol, text, sign } = walk.quantity(chosen);
  return { symbol, sides: [], sign, result: mathNumber(text) };
};

/** @param {View} view @param {import("../matrix/lines.mjs").MatrixLine} line @returns {Line} */
const matrixLine = (view, line) => {
  const writer = { most: PRINTED, cell: (/** @type {number} */ id) => (isHidden(view, id) ? HIDDEN : numberMath(view.walk, id)) };
  const result = resultMath(view, line, writer);
  return { symbol: bare(symbolMath(view, line)), sides: once([bare(symbolsMath(view, line)), numbersMath(view, line, writer)], result), sign: signOf(view, line), result };
};

const isHidden = (/** @type {View} */ view, /** @type {number} */ id) => {
  const state = id < 0 ? "known" : view.state(id);
  return state === "empty" || (view.covered && state === "written");
};

/** Without what is said twice. @param {string[]} sides @param {string} [result] */
const once = (sides, result) => [...new Set(sides)].filter((side) => side !== result);

/** A formula without the marks that the page needs. @param {string} math */
const bare = (math) => math.replace(/<\/?math>/g, "").replace(/<(\w+) [^>]*>/g, "<$1>");

// Writing

/** @param {Line} line @param {(math: string) => string} write @returns {[string, string][]} every side with the sign before it */
const parts = ({ sides, sign, result }, write) => [...sides.map((side) => /** @type {[string, string]} */ (["=", write(side)])), ...(result ? [/** @type {[string, string]} */ ([sign, write(result)])] : [])];

const latexSign = (/** @type {string} */ sign) => (sign === "≈" ? "\\approx" : sign);

/** @param {Line[]} lines */
const latexLines = (lines) => {
  const written = lines.map((line) => [latexOf(line.symbol), parts(line, latexOf).map(([sign, side]) => `${latexSign(sign)} ${side}`).join(" ")]);
  if (written.length === 1) return written[0].join(" ");
  return `\\begin{aligned}\n${written.map(([symbol, rest]) => `${symbol} &${rest}`).join(" \\\\\n")}\n\\end{aligned}`;
};

/** @param {Line[]} lines */
const mathLines = (lines) => {
  const written = lines.map((line) => [line.symbol, parts(line, String).map(([sign, side]) => `<mo>${sign}</mo><mrow>${side}</mrow>`).join("")]);
  const body = written.length === 1 ? written[0].join("") : `<mtable>${written.map(([symbol, rest]) => `<mtr><mtd style="text-align: right">${symbol}</mtd><mtd style="text-align: left">${rest}</mtd></mtr>`).join("")}</mtable>`;
  return `<math xmlns="http://www.w3.org/1998/Math/MathML" display="block">${body}</math>`;
};

/** One line alone has its equals signs below each other. @param {Line[]} lines @returns {string[]} */
const textLines = (lines) => {
  const written = lines.map((line) => ({ symbol: textOf(line.symbol), rest: parts(line, textOf).map(([sign, side]) => `${sign} ${side}`) }));
  if (written.length > 1) return written.map(({ symbol, rest }) => `${symbol} ${rest.join(" ")}`);
  const [{ symbol, rest }] = written;
  return rest.map((side, k) => `${k ? " ".repeat(symbol.length) : symbol} ${side}`);
};
