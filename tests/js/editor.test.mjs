import assert from "node:assert/strict";
import { test } from "node:test";

import { typedNumber } from "../../assets/js/editor.mjs";

const DOCUMENT = {
  layers: [
    { type: "dense", name: "hidden", units: 2, weights: [["1/3", -1], [1, 0.5]], bias: 0.35 },
    { type: "dense", units: 1, bias: [0.25] },
  ],
  data: { x: [[2, "-2*0.5"]], y: [[10]] },
  optimizer: { type: "sgd", learning_rate: 0.01 },
};

test("a number stands as it does in the file", () => {
  const expected = {
    "hidden.weights[0][0]": "1/3", "hidden.weights[1][1]": "0.5", "hidden.bias": "0.35", "layer2.bias[0]": "0.25",
    "x[0][1]": "-2*0.5", "y[0][0]": "10", learning_rate: "0.01",
  };
  for (const [name, text] of Object.entries(expected)) assert.equal(typedNumber(DOCUMENT, name), text, name);
});

test("what the file leaves to be drawn, or doesn't have, has no text", () => {
  for (const name of ["layer2.weights[0][0]", "hidden.weights[7][0]", "hidden.weights", "nobody.bias", "beta_1", "iterations[1].x[0][0]", "", "[0]"])
    assert.equal(typedNumber(DOCUMENT, name), null, name);
  assert.equal(typedNumber({ layers: [], data: { x: [[1]] } }, "y[0][0]"), null);
});
