import assert from "node:assert/strict";
import test from "node:test";

import { beside, snapped } from "../../assets/js/neuron/slider.mjs";

test("a number under the hand is a clean decimal", () => {
  assert.deepEqual([0.30000000000000004, 1.26, -0.04, -2.349, 2].map((value) => snapped(value, 0.1)), ["0.3", "1.3", "0", "-2.3", "2"]);
  assert.deepEqual([0.305, -1.999, 0.1].map((value) => snapped(value, 0.01)), ["0.31", "-2", "0.1"]);
  assert.deepEqual([66.6, -100].map((value) => snapped(value, 1)), ["67", "-100"]);
});

test("a key leads to the next multiple of the step, from wherever one is", () => {
  assert.deepEqual([1, -1, 10].map((moves) => snapped(beside(0.05, 0.1, moves), 0.1)), ["0.1", "0", "1"]);
  assert.deepEqual([1, -1].map((moves) => snapped(beside(0.3, 0.1, moves), 0.1)), ["0.4", "0.2"]);
  assert.deepEqual([1, -1].map((moves) => snapped(beside(-1 / 3, 0.1, moves), 0.1)), ["-0.3", "-0.4"]);
});
