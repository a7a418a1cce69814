// Undo and redo.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Past } from "../../assets/js/past.mjs";

const document = (n) => ({ title: `problem ${n}` });
const of = (...numbers) => {
  const past = new Past();
  numbers.forEach((n, k) => past.push(document(n), { isOpened: k === 0 }));
  return past;
};

test("back and forth", () => {
  const past = of(1, 2, 3);
  assert.deepEqual(past.beside(-1), document(2));
  assert.equal(past.beside(1), undefined);
  past.move(-1);
  past.move(-1);
  past.move(-1);
  assert.equal(past.beside(-1), undefined);
  assert.deepEqual(past.beside(1), document(2));
});

test("a change after undo forgets what was undone", () => {
  const past = of(1, 2, 3);
  past.move(-1);
  past.push(document(4));
  assert.equal(past.beside(1), undefined);
  assert.deepEqual(past.beside(-1), document(2));
});

test("the same problem again is no step", () => {
  const past = of(1, 2, 2);
  assert.deepEqual(past.beside(-1), document(1));
});

test("a slider that is drawn is one step", () => {
  const past = of(1);
  for (const n of [2, 3, 4]) past.push(document(n), { gesture: "drag 1" });
  past.push(document(5), { gesture: "drag 2" });
  assert.deepEqual(past.entries.map((entry) => entry.document), [1, 4, 5].map(document));
  assert.deepEqual(past.beside(-1), document(4));
});

test("the origin is what was opened last", () => {
  const past = of(1, 2);
  assert.deepEqual(past.origin, document(1));
  past.push(document(3), { isOpened: true });
  past.push(document(4));
  assert.deepEqual(past.origin, document(3));
  past.move(-1);
  past.move(-1);
  assert.deepEqual(past.origin, document(1));
});

test("a problem one has come through is found again, the nearest of its kind", () => {
  const past = of(1, 2, 1, 3);
  assert.equal(past.goTo(document(1)), true);
  assert.equal(past.at, 2);
  assert.equal(past.goTo(document(9)), false);
  assert.equal(past.at, 2);
});

test("what is kept is read again, and what is damaged is nothing", () => {
  const past = of(1, 2, 3);
  past.move(-1);
  const again = new Past(JSON.parse(JSON.stringify(past)));
  assert.deepEqual([again.beside(-1), again.beside(1), again.origin], [document(1), document(3), document(1)]);
  for (const damaged of [null, 5, "x", [], {}, { entries: 3 }, { entries: [], at: 7 }, { at: -1 }, { entries: [null, 5], at: 1 }]) {
    const read = new Past(damaged);
    assert.equal(read.beside(-1), undefined);
    assert.equal(read.goTo(document(1)), false);
  }
});

test("only as much is kept as there is room for, around the place one is at", () => {
  const past = new Past();
  for (let k = 0; k < 30; k++) past.push({ title: String(k), notes: "x".repeat(300_000) });
  const { entries, at } = past.toJSON();
  assert.ok(entries.length <= 6 && entries.length >= 4);
  assert.equal(entries[at].document.title, "29");
  past.push({ notes: "x".repeat(3_000_000) });
  assert.deepEqual(past.toJSON(), { entries: [], at: 0 });
});

test("the past has an end", () => {
  const past = new Past();
  for (let k = 0; k < 500; k++) past.push(document(k));
  assert.equal(past.entries.length, 200);
  assert.deepEqual(past.beside(-1), document(498));
});
