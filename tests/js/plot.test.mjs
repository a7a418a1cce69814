// Where the things of a plot stand: round numbers on its axes, and points between them.

import assert from "node:assert/strict";
import { test } from "node:test";

import { along, extent, path, ticks } from "../../assets/js/plot/plot.mjs";

test("ticks are round numbers within the range", () => {
  assert.deepEqual(ticks(0, 10, 6), [0, 2, 4, 6, 8, 10]);
  assert.deepEqual(ticks(-40, 40, 5), [-40, -20, 0, 20, 40]);
  assert.deepEqual(ticks(0, 1, 6), [0, 0.2, 0.4, 0.6, 0.8, 1]);
  assert.deepEqual(ticks(0.1, 0.35, 6), [0.1, 0.15, 0.2, 0.25, 0.3, 0.35]);
  assert.deepEqual(ticks(3, 1500, 4), [500, 1000, 1500]);
});

test("there are never more ticks than there is room for, and zero is zero", () => {
  for (let n = 0; n < 400; n++) {
    const low = -(1.7 ** (n % 23)) * (n % 3);
    const high = low + 1.3 ** ((n % 61) - 30);
    const most = 2 + (n % 9);
    const found = ticks(low, high, most);
    assert.ok(found.length <= most, `${found.length} of ${most} from ${low} to ${high}`);
    assert.ok(found.every((tick) => tick >= low - 1e-9 * Math.abs(low) && tick <= high + 1e-9 * Math.abs(high) && !Object.is(tick, -0)));
  }
});

test("ticks have no noise of rounding", () => {
  assert.deepEqual(ticks(0, 0.5, 6).map(String), ["0", "0.1", "0.2", "0.3", "0.4", "0.5"]);
});

test("a value stands between two places as it does between two numbers, upwards and downwards", () => {
  assert.equal(along([0, 10], [100, 300], 5), 200);
  assert.equal(along([0, 10], [300, 100], 2.5), 250);
  assert.equal(along([-1, 1], [0, 50], -1), 0);
});

test("an extent leaves out what is not finite, and is never empty", () => {
  assert.deepEqual(extent([3, Infinity, -2, NaN]), [-2, 3]);
  assert.deepEqual(extent([4, 4]), [3, 5]);
  assert.deepEqual(extent([]), [0, 1]);
});

test("a curve has a gap where it is not finite", () => {
  const same = (value) => value;
  assert.equal(path([[0, 1], [1, 2], [2, Infinity], [3, 4], [4, 5]], same, same), "M0 1L1 2M3 4L4 5");
});
