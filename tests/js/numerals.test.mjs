// How a number is shown. That Python shows the same is tested in a browser (tests/browser/test_walk.py).

import assert from "node:assert/strict";
import { test } from "node:test";

import { counted, formed, formedMath, lastPlace, read, show, signOf, useComma } from "../../assets/js/numerals.mjs";

test("at least the decimals asked for and four significant digits are shown", () => {
  const shown = [9, 0.377499999999, -1 / 3, 0.000043865, 1234.56789].map((x) => show(x, 0, 4));
  assert.deepEqual(shown, ["9", "0.3775", "−0.3333", "0.00004387", "1234.5679"]);
});

test("halves are rounded away from zero as on paper", () => {
  assert.deepEqual([0.28615, -0.28615, 1.00005, 0.00625].map((x) => show(x, 0, 4)), ["0.2862", "−0.2862", "1.0001", "0.00625"]);
  assert.equal(show(2.5, 0, 0), "2.5"); // four significant digits
  assert.equal(show(1234.5, 0, 0), "1235");
});

test("a power of ten is split off from very small and very large numbers", () => {
  assert.deepEqual([1.5e-7, -2.5e12, 9.99996e-8, 1e-300].map((x) => show(x, 0, 4)), ["1.5e−7", "−2.5e12", "1e−7", "1e−300"].map((t, k) => (k === 2 ? "1.000e−7" : t)));
});

test("zeros at the end are dropped only where nothing was rounded away", () => {
  assert.equal(show(0.5, 0, 4), "0.5");
  assert.equal(show(0.50001, 0, 4), "0.5000");
  assert.equal(show(-0, 0, 4), "0");
});

test("with a decimal comma every text reads as the number it is with a point", () => {
  const numbers = [0.5, -1 / 3, 1.5e-7, 2.5e12, 12345.678, 0, NaN, -Infinity];
  const points = numbers.map((x) => show(x, 2, 4));
  useComma(true);
  try {
    const commas = numbers.map((x) => show(x, 2, 4));
    assert.deepEqual(commas, points.map((text) => text.replace(".", ",")));
    assert.deepEqual(commas.map(read), (useComma(false), points.map(read)));
  } finally {
    useComma(false);
  }
});

test("lists, counts and words follow the decimal comma", () => {
  useComma(true);
  try {
    assert.equal(formedMath("<mi>max</mi><mo>(</mo><mn>0.5</mn><mo>,</mo>"), "<mi>max</mi><mo>(</mo><mn>0,5</mn><mo>;</mo>");
    assert.equal(counted(1234567), "1\u202f234\u202f567");
    assert.equal(formed("1,234 terms, times 0.5."), "1\u202f234 terms, times 0,5.");
  } finally {
    useComma(false);
  }
  assert.equal(formed("1,234 terms, times 0.5."), "1,234 terms, times 0.5.");
});

test("what is no finite number has a word", () => {
  assert.deepEqual([NaN, Infinity, -Infinity].map((x) => show(x, 3, 4)), ["NaN", "∞", "−∞"]);
});

test("extra digits are added, and all of them from thirteen on", () => {
  assert.equal(show(1 / 3, 3, 4), "0.3333333");
  assert.equal(show(1 / 3, 13, 4), "0.3333333333333333");
});

test("a shown text reads back as a number within half of its last place", () => {
  for (let k = -320; k < 308; k++)
    for (const x of [1.23456789, -9.87654321, 4.44445]) {
      const value = x * 10 ** k;
      if (!Number.isFinite(value) || Math.abs(value) < 1e-300) continue;
      assert.ok(Math.abs(read(show(value, 0, 4)) - value) <= 0.5000001 * lastPlace(value, 4), show(value, 0, 4));
    }
});

test("= is written where the printed number is the stored one, else ≈", () => {
  assert.deepEqual([signOf(0.5, 0.5), signOf(1 / 3, 0.3333), signOf(0.1 + 0.2, 0.3), signOf(NaN, NaN), signOf(-0, 0)], ["=", "≈", "=", "=", "="]);
});
