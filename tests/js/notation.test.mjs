// Formulas as LaTeX and as text. That they are Python's, letter for letter, is tested in tests/player/test_notation.py.

import assert from "node:assert/strict";
import { test } from "node:test";

import { cut } from "../../assets/js/copy/cut.mjs";
import { latexOf, textOf } from "../../assets/js/copy/notation.mjs";
import { windowOf } from "../../assets/js/matrix/lines.mjs";

const symbol = (letter, low = "1") => `<msubsup><mi>${letter}</mi><mn>${low}</mn><mrow><mo>(</mo><mn>2</mn><mo>)</mo></mrow></msubsup>`;
const fraction = (top, bottom) => `<mfrac><mrow>${top}</mrow><mrow>${bottom}</mrow></mfrac>`;

test("a symbol has its layer above and its indices below", () => {
  assert.deepEqual([latexOf(symbol("w", "12")), textOf(symbol("w", "12"))], ["w^{(2)}_{12}", "w⁽²⁾₁₂"]);
  assert.deepEqual([latexOf(symbol("δ", "h1")), textOf(symbol("δ", "h1"))], ["\\delta^{(2)}_{\\mathrm{h1}}", "δ⁽²⁾_h1"]);
});

test("a fraction has brackets only where it has no bar", () => {
  const mean = fraction("<mn>1</mn><mo>+</mo><mn>2</mn>", "<mn>−3</mn>");
  assert.deepEqual([latexOf(mean), textOf(mean)], ["\\frac{1 + 2}{-3}", "(1 + 2) / (−3)"]);
});

test("a number made whole stands between its brackets", () => {
  const floor = `<mrow><mo>⌊</mo>${fraction("<mn>5</mn><mo>−</mo><mn>3</mn>", "<mn>2</mn>")}<mo>⌋</mo></mrow><mo>+</mo><mn>1</mn>`;
  assert.deepEqual([latexOf(floor), textOf(floor)], ["\\left\\lfloor \\frac{5 - 3}{2} \\right\\rfloor + 1", "⌊(5 − 3) / 2⌋ + 1"]);
});

test("marks of the page are not seen", () => {
  assert.equal(textOf('<mrow class="symbol-w" data-of="w">' + symbol("w") + '</mrow><mo>·</mo><mn data-quantity="x">0.5</mn>'), "w⁽²⁾₁ · 0.5");
});

test("a power of ten is one number", () => {
  const number = "<mrow><mn>−1.5</mn><mo>·</mo><msup><mn>10</mn><mn>−7</mn></msup></mrow>";
  assert.deepEqual([latexOf(number), textOf(number)], ["-1.5 \\cdot 10^{-7}", "−1.5e−7"]);
});

test("a matrix has rows, and a box for what isn't known", () => {
  const matrix = "<mrow><mo>(</mo><mtable><mtr><mtd><mn>1</mn></mtd><mtd><mo>□</mo></mtd></mtr><mtr><mtd><mo>⋯</mo></mtd><mtd><mn>−2</mn></mtd></mtr></mtable><mo>)</mo></mrow>";
  assert.deepEqual([latexOf(matrix), textOf(matrix)], ["\\begin{pmatrix}1 & \\square \\\\ \\cdots & -2\\end{pmatrix}", "[1  □; …  −2]"]);
});

test("a formula is cut at the signs that stand in nothing else", () => {
  const parts = cut(`<mn>1</mn><mo>+</mo>${fraction("<mn>2</mn><mo>+</mo><mn>3</mn>", "<mn>4</mn>")}<mo>−</mo><mn>5</mn>`, "+−");
  assert.deepEqual(parts.map(({ sign }) => sign), ["", "+", "−"]);
  assert.deepEqual(parts.map(({ math }) => textOf(math)), ["1", "(2 + 3) / 4", "5"]);
});

test("of many rows the first, the one that the step is about, and the last are shown", () => {
  assert.deepEqual(windowOf(6, -1, 6), [0, 1, 2, 3, 4, 5]);
  assert.deepEqual(windowOf(9, -1, 6), [0, 1, 2, 3, -1, 8]);
  assert.deepEqual(windowOf(100, 50, 6), [0, 1, 2, 3, -1, 50, -1, 99]);
  assert.deepEqual(windowOf(100, 4, 6), [0, 1, 2, 3, 4, -1, 99]);
});
