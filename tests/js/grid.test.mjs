import assert from "node:assert/strict";
import { test } from "node:test";

import { between, numberOf, short } from "../../assets/js/panel/grid.mjs";

test("a stroke leaves no cell out, however fast the pointer is", () => {
  assert.deepEqual(between([0, 0], [0, 0]), []);
  assert.deepEqual(between([0, 0], [0, 3]), [[0, 1], [0, 2], [0, 3]]);
  assert.deepEqual(between([4, 4], [2, 3]), [[3, 4], [2, 3]]);
});

test("a number that is too long for its cell is shortened, as typed where it fits", () => {
  assert.equal(short("1/3", 1 / 3), "1/3");
  assert.equal(short("-0,5", -0.5), "−0,5");
  assert.equal(short("0.123456", 0.123456), "0.12");
  assert.equal(short("12345678", 12345678), "…");
});

test("what is painted has its shade at once", () => {
  assert.equal(numberOf("0,5"), 0.5);
  assert.equal(numberOf("−2"), -2);
  assert.equal(numberOf("abc"), 0);
});
