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
