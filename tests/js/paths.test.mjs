// A diamond: w feeds h, h feeds o1 and o2, both feed the loss.

import assert from "node:assert/strict";
import { test } from "node:test";

import { countPaths, listPaths } from "../../assets/js/paths.mjs";

const [W, H, O1, O2, LOSS] = [0, 1, 2, 3, 4];
const feeds = [
  { source: [W], result: [H], values: [3] },
  { source: [H, H], result: [O1, O2], values: [5, -7] },
  { source: [O1, O2], result: [LOSS, LOSS], values: [0.5, "Infinity"] },
];
const feedOf = new Map([[W, [[0, 0]]], [H, [[1, 0], [1, 1]]], [O1, [[2, 0]]], [O2, [[2, 1]]]]);
const walk = { data: { feeds }, feedOf };

test("every way from a number to the loss is counted and listed", () => {
  assert.deepEqual([W, H, O1, LOSS].map((id) => countPaths(walk, id)), [2, 2, 1, 1]);
  assert.deepEqual(listPaths(walk, W, 10).map(({ ids }) => ids), [[W, H, O1, LOSS], [W, H, O2, LOSS]]);
});

test("the product of a way is that of its slopes", () => {
  assert.deepEqual(listPaths(walk, W, 10).map(({ product }) => product), [3 * 5 * 0.5, -Infinity]);
});

test("no more ways are listed than are asked for", () => {
  assert.equal(listPaths(walk, W, 1).length, 1);
});

test("many ways are counted without going through all of them", () => {
  const depth = 60;
  const doubled = { source: [], result: [], values: [] };
  const feedsOf = new Map();
  for (let k = 0; k < depth; k++) {
    feedsOf.set(k, [[0, 2 * k], [0, 2 * k + 1]]);
    doubled.source.push(k, k);
    doubled.result.push(k + 1, k + 1);
    doubled.values.push(1, 1);
  }
  assert.equal(countPaths({ data: { feeds: [doubled] }, feedOf: feedsOf }, 0), 2 ** depth);
});
