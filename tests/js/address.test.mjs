import assert from "node:assert/strict";
import { test } from "node:test";

import { Address, parse, stepOf } from "../../assets/js/address.mjs";

test("a fragment is read as it is written", () => {
  const link = "eNqrVsrLS07MSVay-_A";
  assert.deepEqual(parse(Address.fragment(link, { step: "12", detail: "layer" })), { beside: "", problem: link, step: "12", detail: "layer" });
  assert.deepEqual(parse(Address.fragment(null, { step: "3", detail: "neuron" })), { beside: "", problem: "here", step: "3", detail: "neuron" });
});

test("what a fragment doesn't have is empty", () => {
  for (const hash of ["", "#", "#page", "#problem", "#=&=", "#%", "#problem=&step="]) assert.deepEqual(parse(hash), { beside: "", problem: "", step: "", detail: "" });
});

test("a step is one that exists", () => {
  for (const [text, step] of [["0", 0], ["7", 7], ["99", 9], ["-1", 0], ["", 0], ["x", 0], ["1.5", 0], ["1e1", 9], ["Infinity", 0], ["NaN", 0], [" 4 ", 4]])
    assert.equal(stepOf(String(text), 10), step, text);
});
