// @ts-check
/** The matrix form of a step: which lines it has, and how they are written. */

import { mathNumber, mathSymbol } from "../formulas.mjs";
import { kindOf } from "../written.mjs";

/** @typedef {import("../view.mjs").View} View */
/** @typedef {import("../walkthrough.mjs").Walkthrough} Walkthrough */
/** @typedef {[string, number, number, number, number, number]} Matrix symbol, rows, columns, and where its numbers are (see `nncalc.player.matrices`) */
/** @typedef {{chapter: string, result: Matrix, operands: Matrix[], template: number}} MatrixLine */
/** @typedef {{cell: (id: number) => string, most: number}} Writer writes the number of a quantity, −1 being a one, and at most so many rows and columns */

/** Rows or columns that are printed without a gap, as in `nncalc.walkthrough.matrix`; and that are seen, where they stay while one steps. */
export const PRINTED = 6;
export const SEEN = 8;

/** @type {WeakMap<Walkthrough, Int32Array>} */
const known = new WeakMap();

/** By quantity the line that computes it, or −1. @param {Walkthrough} walk */
const lineOf = (walk) => {
  let found = known.get(walk);
  if (!found) {
    found = new Int32Array(walk.values.length).fill(-1);
    for (const [n, { result }] of walk.data.matrices.entries()) for (const row of idsOf(result)) for (const id of row) found[id] = n;
    known.set(walk, found);
  }
  return found;
};

/** The lines that a step is part of, in order. @param {View} view @returns {MatrixLine[]} */
export const linesAt = (view) => {
  const of = lineOf(view.walk);
  const about = view.detail === "layer" || view.detail === "chapter" ? view.writes : [view.target];
  const found = new Set([...about].map((id) => of[id]).filter((n) => n >= 0));
  return [...found].map((n) => view.walk.data.matrices[n]);
};

/** Whether any number of the result is rounded: then ≈ stands before it. @param {View} view @param {MatrixLine} line */
export const signOf = ({ walk }, { result }) => (idsOf(result).flat().some((id) => walk.sign(id) === "≈") ? "≈" : "=");

/** The quantities of a matrix, row by row. @param {Matrix} matrix */
export const idsOf = ([, rows, columns, first, down, across]) =>
  Array.from({ length: rows }, (_, r) => Array.from({ length: columns }, (_, c) => first + r * down + c * across));

/** The formula in symbols. @param {View} view @param {MatrixLine} line */
export const symbolsMath = (view, { template, operands }) =>
  filled(view, template, (k, guarded) => coloured(view, operands[k], mathSymbol(operands[k][0], guarded)));

/** The formula with numbers. @param {View} view @param {MatrixLine} line @param {Writer} writer */
export const numbersMath = (view, { template, operands }, writer) => filled(view, template, (k) => tableMath(view, operands[k], writer, true));

/** @param {View} view @param {MatrixLine} line */
export const symbolMath = (view, { result }) => coloured(view, result, result[0]);

/** @param {View} view @param {MatrixLine} line @param {Writer} writer */
export const resultMath = (view, { result }, writer) => tableMath(view, result, writer, false);

/** @param {View} view @param {number} template @param {(operand: number, guarded: number) => string} write */
const filled = ({ walk }, template, write) =>
  walk.data.templates[template].map((/** @type {string | [number, number[], number]} */ piece) => (typeof piece === "string" ? piece : write(piece[0], piece[2]))).join("");

const coloured = (/** @type {View} */ { walk }, /** @type {Matrix} */ [, , , first], /** @type {string} */ symbol) =>
  first < 0 || !walk.names[first] ? symbol : `<mrow class="symbol-${kindOf(walk.names[first])}">${symbol}</mrow>`;

/** The numbers of a matrix, those in the middle of a large one left out, but for the row and the column of the step. */
const tableMath = (/** @type {View} */ view, /** @type {Matrix} */ matrix, /** @type {Writer} */ { cell, most }, /** @type {boolean} */ guarded) => {
  const [, rows, columns, first] = matrix;
  if (rows * columns === 1) return guarded && view.state(first) !== "empty" && first >= 0 && view.walk.text(first).startsWith("−") ? `<mrow><mo>(</mo>${cell(first)}<mo>)</mo></mrow>` : cell(first);
  const ids = idsOf(matrix);
  const [row, column] = current(view, matrix, most);
  const across = windowOf(columns, column, most);
  const gap = across.map(() => "<mtd><mo>⋯</mo></mtd>").join("");
  const lines = windowOf(rows, row, most).map((r) => (r < 0 ? gap : across.map((c) => `<mtd>${c < 0 ? "<mo>⋯</mo>" : cell(ids[r][c])}</mtd>`).join("")));
  return `<mrow><mo>(</mo><mtable>${lines.map((line) => `<mtr>${line}</mtr>`).join("")}</mtable><mo>)</mo></mrow>`;
};

/** Which row and which column of a matrix a step is about; −1 for several. @param {View} view @param {Matrix} matrix @param {number} most */
const current = ({ reads, writes, aim }, [, rows, columns, first, down, across], most) => {
  if (rows <= most && columns <= most) return [-1, -1];
  const touched = [new Set(), new Set()];
  for (const id of [...reads, ...writes, aim]) {
    const offset = id - first;
    if (id < 0 || offset < 0 || offset > (rows - 1) * down + (columns - 1) * across) continue;
    const r = down > across ? Math.floor(offset / down) : across ? (offset % across) / (down || 1) : offset / down;
    touched[0].add(r);
    touched[1].add(across ? (offset - r * down) / across : 0);
  }
  return touched.map((places) => (places.size === 1 ? /** @type {number} */ ([...places][0]) : -1));
};

/** Which of `count` places are shown, −1 for a gap. @param {number} count @param {number} place that is shown anyway @param {number} most */
export const windowOf = (count, place, most) => {
  if (count <= most) return Array.from({ length: count }, (_, k) => k);
  const head = Array.from({ length: most - 2 }, (_, k) => k);
  const shown = [...new Set([...head, ...(place >= 0 ? [place] : []), count - 1])].sort((a, b) => a - b);
  return shown.flatMap((k, n) => (n && k > shown[n - 1] + 1 ? [-1, k] : [k]));
};

/** What is left out of the matrices of a line: "W⁽¹⁾ is 784 × 128". @param {MatrixLine} line @param {number} most @returns {Matrix[]} */
export const largeOf = ({ result, operands }, most) => {
  const large = [...operands, result].filter(([, rows, columns]) => rows > most || columns > most);
  return large.filter(([symbol], k) => large.findIndex(([other]) => other === symbol) === k);
};

/** A number of the walkthrough, as it is written everywhere. @param {Walkthrough} walk @param {number} id @param {string} [attributes] */
export const numberMath = (walk, id, attributes = "") => mathNumber(id < 0 ? "1" : walk.text(id), 0, attributes);
