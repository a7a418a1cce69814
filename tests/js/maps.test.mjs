// Windows over images, by hand and by counting: what a cell is made of, where it goes, what is left over.

import assert from "node:assert/strict";
import { test } from "node:test";

import { aboutOf, productsOf } from "../../assets/js/maps/about.mjs";
import { layersOf, linked, pairsOf, receptiveField, spaceOf, unreached } from "../../assets/js/maps/geometry.mjs";
import { layout } from "../../assets/js/maps/layout.mjs";
import { short } from "../../assets/js/maps/numbers.mjs";

const window = (size, more = {}) => ({ size: [size, size], strides: [1, 1], padding: [[0, 0], [0, 0]], dilation: [1, 1], groups: 1, flip: false, ...more });
const image = (rows, columns, maps = 1) => ({ type: "input", title: "input", shape: [rows, columns, maps], a: "x" });
const conv = (shape, own, name = "conv") => ({ type: "conv2d", title: name, shape, a: `${name}.a`, z: `${name}.z`, weights: `${name}.weights`, bias: `${name}.bias`, window: own });
const cell = (row, column, map = 0) => ({ map, row, column });
const places = (cells) => cells.map(({ row, column }) => `${row}${column}`);

const FIVE = layersOf([image(5, 5), conv([3, 3, 1], window(3))]);

test("an output is made of its window, row by row", () => {
  assert.deepEqual(places(pairsOf(FIVE[1], cell(1, 2))), ["12", "13", "14", "22", "23", "24", "32", "33", "34"]);
  assert.deepEqual(pairsOf(FIVE[1], cell(1, 2)).map(({ weight }) => weight), [0, 1, 2, 3, 4, 5, 6, 7, 8]);
});

test("the middle of a 5×5 input goes into all nine outputs of a 3×3 kernel, its corner into one", () => {
  assert.equal(linked(FIVE[1], "in", cell(2, 2), 0).outputs.length, 9);
  assert.deepEqual(places(linked(FIVE[1], "in", cell(0, 0), 0).outputs), ["00"]);
});

test("a cell of the kernel meets one input per output", () => {
  assert.deepEqual(places(linked(FIVE[1], "kernel", 8, 0).inputs), ["22", "23", "24", "32", "33", "34", "42", "43", "44"]);
});

test("a flipped kernel begins with its last weight", () => {
  const [, layer] = layersOf([image(3, 3), conv([2, 2, 1], window(2, { flip: true }))]);
  assert.deepEqual(pairsOf(layer, cell(0, 0)).map(({ weight }) => weight), [3, 2, 1, 0]);
});

test("dilation and strides move the cells apart, and what no window takes is left over", () => {
  const [, holes] = layersOf([image(7, 7), conv([3, 3, 1], window(3, { dilation: [2, 2] }))]);
  assert.deepEqual(places(pairsOf(holes, cell(0, 1))), ["01", "03", "05", "21", "23", "25", "41", "43", "45"]);
  const [, strided] = layersOf([image(6, 6), conv([2, 2, 1], window(3, { strides: [2, 2] }))]);
  assert.equal(unreached(strided).length, 11);
  assert.ok(unreached(strided).every(({ row, column }) => row === 5 || column === 5));
});

test("what lies in the padding is not inside", () => {
  const [, layer] = layersOf([image(3, 3), conv([3, 3, 1], window(3, { padding: [[1, 1], [1, 1]] }))]);
  assert.equal(pairsOf(layer, cell(0, 0)).filter(({ inside }) => inside).length, 4);
});

test("a depthwise kernel looks at its own channel; of two channels every filter looks at both", () => {
  const [, depthwise] = layersOf([image(3, 3, 2), conv([2, 2, 2], window(2, { groups: 2 }))]);
  assert.deepEqual([...new Set(pairsOf(depthwise, cell(0, 0, 1)).map(({ map }) => map))], [1]);
  assert.deepEqual(pairsOf(depthwise, cell(0, 0, 1)).map(({ weight }) => weight), [1, 3, 5, 7]);
  const [, both] = layersOf([image(3, 3, 2), conv([2, 2, 2], window(2))]);
  assert.deepEqual(pairsOf(both, cell(0, 0, 1)).map(({ map, weight }) => [map, weight]), [[0, 1], [0, 5], [0, 9], [0, 13], [1, 3], [1, 7], [1, 11], [1, 15]]);
});

test("two 3×3 kernels see 5×5 cells, a pooling of 2×2 behind them 6×6", () => {
  const layers = layersOf([image(9, 9), conv([7, 7, 1], window(3)), conv([5, 5, 1], window(3), "second"), { type: "max_pool2d", title: "pool", shape: [2, 2, 1], a: "pool.a", window: window(2, { strides: [2, 2] }) }]);
  assert.equal(receptiveField(layers, 2, cell(0, 0)).get(0).length, 25);
  assert.equal(receptiveField(layers, 3, cell(1, 1)).get(0).length, 36);
});

test("a unit behind a flattened image is made of all of its cells", () => {
  const layers = layersOf([image(2, 2, 3), { type: "flatten", title: "flat", shape: [12], a: "x" }, { type: "dense", title: "out", shape: [2], a: "out.a", z: "out.z", weights: "out.weights" }]);
  assert.deepEqual([layers[1].to.rows, layers[1].to.columns], [2, 6]);
  assert.deepEqual(pairsOf(layers[2], cell(1, 0)).map(({ weight }) => weight), [1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23]);
  assert.equal(receptiveField(layers, 2, cell(1, 0)).get(0).length, 12);
});

test("forwards the products are those of the window, backwards those of every place of the kernel", () => {
  const scene = { columns: [image(5, 5), conv([3, 3, 1], window(3))] };
  const forward = aboutOf(scene, "conv.z", "", 5);
  assert.deepEqual(productsOf(FIVE[1], forward, 0, 0).products.map(({ first, second }) => [first[1], second[1]]), [[7, 0], [8, 1], [9, 2], [12, 3], [13, 4], [14, 5], [17, 6], [18, 7], [19, 8]]);
  const back = aboutOf(scene, "conv.weights", ".grad", 1);
  assert.deepEqual(productsOf(FIVE[1], back, 0, 0).products.map(({ first, second }) => [first[1], second[1]]), [[1, 0], [2, 1], [3, 2], [6, 3], [7, 4], [8, 5], [11, 6], [12, 7], [13, 8]]);
});

test("a list that is not too long stands in one column", () => {
  assert.deepEqual([spaceOf([10]).rows, spaceOf([10]).columns, spaceOf([100]).rows], [10, 1, 10]);
});

const PARTS = [
  { key: "in", rows: 5, columns: 5, kind: "map", title: 18, letters: 1 },
  { key: "kernel", rows: 3, columns: 3, kind: "kernel", title: 18, note: 1 },
  { key: "out", rows: 3, columns: 3, kind: "map", title: 18, letters: 2 },
];

for (const [width, height] of [[1060, 430], [1500, 700], [725, 300], [390, 460]])
  test(`no grid lies on another one in ${width} × ${height}, and none is wider than the room`, () => {
    const { places: at, W } = layout(PARTS, width, height);
    const boxes = PARTS.map((part) => ({ ...at.get(part.key), right: at.get(part.key).x + part.columns * at.get(part.key).w, bottom: at.get(part.key).y + part.rows * at.get(part.key).h }));
    for (const [k, a] of boxes.entries()) for (const b of boxes.slice(k + 1)) assert.ok(a.right <= b.x || a.bottom <= b.y || b.right <= a.x || b.bottom <= a.y);
    assert.ok(W <= width + 1 && boxes.every(({ x, right }) => x >= 0 && right <= width));
  });

test("a map of 28×28 becomes a picture, and numbers again where they are wished for", () => {
  const large = [{ ...PARTS[0], rows: 28, columns: 28 }, PARTS[1], { ...PARTS[2], rows: 26, columns: 26 }];
  assert.equal(layout(large, 1060, 430).isPicture, true);
  assert.equal(layout(large, 1060, 430, { mode: "numbers" }).isPicture, false);
  assert.equal(layout(PARTS, 1060, 430).isPicture, false);
});

test("a number is short in a cell", () => {
  assert.deepEqual([short(0.0625, "0.0625"), short(-1.0456, "−1.046"), short(0.00042, "0.00042"), short(123.456, "123.5"), short(12345.6, "12346")], ["0.063", "−1.05", "4e−4", "123.5", "1e4"]);
});
