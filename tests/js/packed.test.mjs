import assert from "node:assert/strict";
import { test } from "node:test";

import { filling, fillings, listed, ofRow, slotOf, stepsOf } from "../../assets/js/packed.mjs";

test("a run is its numbers, a list is itself", () => {
  assert.deepEqual(listed({ first: 7, by: -2, count: 3 }), [7, 5, 3]);
  assert.deepEqual(listed([4, 4, 1]), [4, 4, 1]);
});

test("a slot is filled alike whether it is a sum along its axes or lists in lists", () => {
  const nested = [0, 10].map((row) => [0, 3].map((r) => [0, 1, 2].map((c) => 100 + row + r + c)));
  const summed = slotOf({ along: [[100, 110], [0, 3], { first: 0, by: 1, count: 3 }] });
  for (const row of [0, 1]) {
    assert.deepEqual(fillings(summed, row), nested[row].flat());
    assert.deepEqual(fillings(slotOf(nested), row), nested[row].flat());
    for (const r of [0, 1]) for (const c of [0, 1, 2]) assert.equal(filling(summed, row, [r, c]), nested[row][r][c]);
    assert.equal(filling(slotOf(nested), row, [1, 2]), nested[row][1][2]);
  }
  assert.equal(filling(slotOf({ along: [[5, 6]] }), 1, []), 6);
});

test("steps are counted line by line, unless their rows are listed", () => {
  assert.deepEqual(stepsOf({ lines: [0, 1, 0, 1], rows: { 1: [1, 0] } }), [[0, 0], [1, 1], [0, 1], [1, 0]]);
});

test("one number may stand for all rows", () => {
  assert.equal(ofRow(3, 7), 3);
  assert.equal(ofRow([1, 2], 1), 2);
});
