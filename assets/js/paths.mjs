// @ts-check
/** The ways from a quantity to the loss, and the factors of the chain rule. */

/** @typedef {import("./walkthrough.mjs").Walkthrough} Walkthrough */
/** @typedef {{ids: number[], facts: [number, number][], product: number}} Path */

/** How many ways lead from a quantity to the loss. @param {Walkthrough} walk @param {number} id @param {Map<number, number>} [counts] @returns {number} */
export const countPaths = (walk, id, counts = new Map()) => {
  const known = counts.get(id);
  if (known !== undefined) return known;
  const next = walk.feedOf.get(id);
  const count = next ? next.reduce((sum, [f, row]) => sum + countPaths(walk, walk.data.feeds[f].result[row], counts), 0) : 1;
  counts.set(id, count);
  return count;
};

/** The first `most` ways, in order of what reads what. @param {Walkthrough} walk @param {number} start @param {number} most @returns {Path[]} */
export const listPaths = (walk, start, most) => {
  /** @type {Path[]} */
  const found = [];
  const follow = (/** @type {number[]} */ ids, /** @type {[number, number][]} */ facts) => {
    if (found.length >= most) return;
    const next = walk.feedOf.get(ids[ids.length - 1]);
    if (!next) {
      const product = facts.reduceRight((product, [f, row]) => product * Number(walk.data.feeds[f].values[row]), 1);
      found.push({ ids, facts, product });
      return;
    }
    for (const [f, row] of next) follow([...ids, walk.data.feeds[f].result[row]], [...facts, [f, row]]);
  };
  follow([start], []);
  return found;
};
