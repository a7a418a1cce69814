// What is opened and what is saved.

import assert from "node:assert/strict";
import { test } from "node:test";
import { requestOf } from "../../assets/js/open/open.mjs";
import { fileText, slug } from "../../assets/js/open/share.mjs";

test("a link, a fragment, an address of a worked problem, the text of a file", () => {
  assert.deepEqual(requestOf("https://x.org/backpropagation#problem=eNq_-1&step=3&detail=layer"), { link: "eNq_-1" });
  assert.deepEqual(requestOf("http://x/backpropagation?example=xor#problem=eNq&step=1"), { link: "eNq" });
  assert.deepEqual(requestOf("  #problem=eNq "), { link: "eNq" });
  assert.deepEqual(requestOf("http://x/backpropagation?example=xor&step=2"), { example: "xor" });
  assert.deepEqual(requestOf(' {"nncalc": 1} '), { text: '{"nncalc": 1}' });
  assert.deepEqual(requestOf("eNqbare"), { link: "eNqbare" });
  assert.deepEqual(requestOf(""), { link: "" });
});

test("a saved file is the same document, to the last bit", () => {
  const documents = [
    {},
    { nncalc: 1, title: 'a "quoted", [bracketed] {title}: \\ , \n', notes: "", data: { x: [[0.1, "1/3"], [1e-300, -2.5]], y: [[1]] } },
    { layers: [{ type: "dense", weights: Array.from({ length: 9 }, (_, i) => [i / 7, -i / 3, i * 1e20]), bias: false }, { type: "dense", bias: 0 }], empty: [], none: {} },
    { deep: [[[1, 2], [3, 4]], [[5], []]], text: ["a, b", "c"] },
  ];
  for (const document of documents) assert.deepEqual(JSON.parse(fileText(document)), document);
});

test("lists of numbers stay on a line where they fit", () => {
  assert.equal(fileText({ data: { x: [[1, 2], [3, 4]] } }), '{"data": {"x": [[1, 2], [3, 4]]}}');
  const long = { nncalc: 1, layers: [{ type: "dense", weights: [Array(30).fill(0.125), Array(30).fill(0.5)] }] };
  assert.match(fileText(long), /\n {8}\[0\.125, 0\.125/);
});

test("a title as a file name", () => {
  assert.equal(slug("Mazur's two by two network, biases held fixed"), "mazur-s-two-by-two-network-biases-held-fixed");
  assert.equal(slug("Übung № 3: δ/∂"), "ubung-no-3");
  assert.equal(slug("../../etc/passwd"), "etc-passwd");
  assert.equal(slug("日本"), "");
});
