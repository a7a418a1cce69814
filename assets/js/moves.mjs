// @ts-check
/** Where the larger moves lead: to the next unit, to the next chapter, and back. */

import { chaptersOf } from "./walkthrough.mjs";

/** @typedef {import("./walkthrough.mjs").Walkthrough} Walkthrough */

/** What a step is about: a unit's sum and output are one, and a number with its products. @param {Walkthrough} walk @param {string} detail @param {number} k */
const unitOf = (walk, detail, k) => {
  const step = walk.within(detail, k)[0];
  return walk.chapterOf(step) + walk.names[walk.target(step)].replace(/\.(z|a)(?=\[)/, ".");
};

/** The first step of the next unit. @param {Walkthrough} walk @param {string} detail @param {number} k */
export const unitAfter = (walk, detail, k) => {
  const here = unitOf(walk, detail, k);
  let next = k + 1;
  while (next < walk.count(detail) && unitOf(walk, detail, next) === here) next++;
  return next;
};

/** The first step of the unit before. @param {Walkthrough} walk @param {string} detail @param {number} k */
export const unitBefore = (walk, detail, k) => {
  const here = unitOf(walk, detail, k);
  let before = k - 1;
  while (before >= 0 && unitOf(walk, detail, before) === here) before--;
  while (before > 0 && unitOf(walk, detail, before - 1) === unitOf(walk, detail, before)) before--;
  return before;
};

/** @param {Walkthrough} walk @param {string} detail @param {number} k */
export const chapterAfter = (walk, detail, k) =>
  chaptersOf(walk, detail).find(({ first }) => first > k)?.first ?? walk.count(detail) - 1;

/** @param {Walkthrough} walk @param {string} detail @param {number} k */
export const chapterBefore = (walk, detail, k) => chaptersOf(walk, detail).findLast(({ first }) => first < k)?.first ?? 0;

/** What a quantity is, whatever its unit, sample and iteration: `.z`, `.weights.grad`, `loss`. @param {string} name */
const kindOf = (name) => name.replace(/^iterations\[\d+\]\./, "").replace(/\[\d+\]/g, "").replace(/^\w+\.(?=[a-z])/, ".");

/** The step of another walkthrough that is most like step k of this one: the same number, else one of its kind, else the same chapter. @param {Walkthrough} from @param {string} detail @param {number} k @param {Walkthrough} to */
export const samePlace = (from, detail, k, to) => {
  const step = from.within(detail, k).at(-1);
  const count = to.count(detail);
  if (!step) return 0;
  const name = from.names[from.target(step)];
  const id = to.index.get(name);
  if (id !== undefined && to.writtenAt("neuron")[id] >= 0) return partOf(from, detail, k, step, to, to.writtenAt("neuron")[id]);
  const share = k / Math.max(from.count(detail) - 1, 1);
  const like = Array.from({ length: count }, (_, at) => at).filter((at) => kindOf(to.names[to.target(to.within(detail, at).at(-1) ?? step)]) === kindOf(name));
  const chapter = chaptersOf(to, detail).find(({ title }) => title === from.chapterOf(step));
  const near = (/** @type {number} */ at) => Math.abs(at / Math.max(count - 1, 1) - share);
  if (like.length) return like.reduce((best, at) => (near(at) < near(best) ? at : best));
  return chapter?.first ?? Math.min(k, count - 1);
};

/** At "operation" a number has several steps: the one as far in, or the last. */
const partOf = (/** @type {Walkthrough} */ from, /** @type {string} */ detail, /** @type {number} */ k, /** @type {import("./walkthrough.mjs").Step} */ step, /** @type {Walkthrough} */ to, /** @type {number} */ neuron) => {
  const last = to.stepAt(detail, neuron);
  if (detail !== "operation") return last;
  const behind = k - from.stepAt(detail, step.neuron - 1) - 1; // how many of its steps come before
  return Math.min(to.stepAt(detail, neuron - 1) + 1 + behind, last);
};
