// Where the parts of a network are placed: nothing lies on anything else, and all of it is in the drawing.

import assert from "node:assert/strict";
import { test } from "node:test";

import { drawnUnits, layout, WIDEST } from "../../assets/js/layout.mjs";

const ROOMS = [[1060, 526], [1500, 800], [700, 450], [390, 380]];

/** @param {...number} units */
const scene = (...units) => ({
  kind: "network",
  columns: units.map((count, k) => ({
    title: k ? `layer${k}` : "inputs",
    units: count,
    labels: [],
    ...(k ? { z: `layer${k}.z`, a: `layer${k}.a`, weights: `layer${k}.weights`, bias: `layer${k}.bias`, activation: "relu" } : { a: "x" }),
  })),
  loss: true,
  settings: ["learning_rate"],
  targets: { labels: [], y: "y", error: "error", term: "term" },
});

const over = (a, b) => Math.abs(a.x - b.x) * 2 < a.w + b.w - 0.5 && Math.abs(a.y - b.y) * 2 < a.h + b.h - 0.5;
const place = (box) => `${box.x.toFixed(0)},${box.y.toFixed(0)} ${box.w.toFixed(0)}×${box.h.toFixed(0)}`;

const SHAPES = [[1, 1], [2, 2, 2], [2, 2, 1], [3, 4, 2], [4, 8, 8, 2], [8, 8], [8, 8, 8, 8], [1, 8, 1], [2, 5, 3], [10, 20, 3], [784, 128, 10]];

for (const shape of SHAPES)
  for (const [width, height] of ROOMS)
    test(`${shape.join("-")} in ${width}×${height}`, () => {
      const at = layout(scene(...shape), width, height);
      assert.ok(at.W >= width && at.H >= height);
      assert.equal(at.units.length, shape.reduce((sum, units) => sum + drawnUnits(units).length, 0));

      const units = at.units.map(({ box }) => box);
      for (const { x, y, w, h } of units) assert.ok(x - w / 2 >= 0 && x + w / 2 <= at.W && y - h / 2 >= 0 && y + h / 2 <= at.H);
      units.forEach((a, n) => units.slice(n + 1).forEach((b) => assert.ok(!over(a, b), `units ${place(a)} and ${place(b)}`)));

      // the chips of weights that always have a place
      const chips = at.edges.filter(({ chip }) => chip).map(({ chip }) => chip);
      chips.forEach((a, n) => {
        assert.ok(a.x - a.w / 2 >= 0 && a.x + a.w / 2 <= at.W && a.y - a.h / 2 >= 0 && a.y + a.h / 2 <= at.H, place(a));
        for (const b of [...chips.slice(n + 1), ...units]) assert.ok(!over(a, b), `${place(a)} and ${place(b)}`);
      });

      const { loss, targets } = at;
      assert.ok(loss.x + loss.w / 2 <= at.W && loss.x - loss.w / 2 >= 0);
      targets.forEach((a, n) => {
        assert.ok(a.x + a.w / 2 <= at.W);
        for (const b of [...targets.slice(n + 1), ...units, loss]) assert.ok(!over(a, b), `target ${place(a)} and ${place(b)}`);
      });
      for (const { count } of at.gaps) assert.ok(count > 0);
      const leftOut = at.gaps.reduce((sum, { count }) => sum + count, 0);
      assert.equal(at.units.length + leftOut, shape.reduce((a, b) => a + b));
    });

test("every line joins the units that it says", () => {
  const at = layout(scene(3, 4, 2), 1060, 526);
  assert.equal(at.edges.length, 3 * 4 + 4 * 2);
  for (const { column, from, to, line } of at.edges) {
    const boxOf = (k, unit) => at.units.find((u) => u.column === k && u.unit === unit).box;
    assert.equal(line[1], boxOf(column - 1, from).y);
    assert.equal(line[3], boxOf(column, to).y);
  }
});

test("narrow columns are drawn in full, of wider ones a stretch with the wanted unit, and the last", () => {
  for (let units = 1; units <= WIDEST; units++) assert.equal(drawnUnits(units, 3).length, units);
  for (const units of [9, 10, 16, 20, 128, 784])
    for (let wanted = 0; wanted < units; wanted++) {
      const drawn = drawnUnits(units, wanted);
      assert.ok(drawn.includes(wanted) && drawn.includes(units - 1) && drawn.length <= WIDEST, `${wanted} of ${units}`);
      assert.deepEqual(drawn, [...new Set(drawn)].sort((a, b) => a - b));
    }
});

test("the type's scale enlarges everything alike", () => {
  const [one, two] = [1, 2].map((scale) => layout(scene(2, 2, 1), 1000 * scale, 600 * scale, { scale }));
  two.units.forEach(({ box }, k) => assert.ok(Math.abs(box.w - 2 * one.units[k].box.w) < 1e-9 && Math.abs(box.x - 2 * one.units[k].box.x) < 1e-9));
});
