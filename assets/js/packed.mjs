// @ts-check
/** Arrays of integers as they travel (see `nncalc.player.arrays`). */

/** A list, or its first number, the step to the next, and how many there are. @typedef {number[] | {first: number, by: number, count: number}} Packed */
/** What fills a slot, by row and position: a list per axis whose numbers add up, or lists in lists. @typedef {{along: number[][]} | any[]} Slot */

/** @param {Packed} packed @returns {number[]} */
export const listed = (packed) =>
  Array.isArray(packed) ? packed : Array.from({ length: packed.count }, (_, k) => packed.first + k * packed.by);

/** @param {{along: Packed[]} | any[]} packed @returns {Slot} */
export const slotOf = (packed) => (Array.isArray(packed) ? packed : { along: packed.along.map(listed) });

/** The line and the row of every step. @param {{lines: Packed, rows: Record<string, number[]>}} packed @returns {[number, number][]} */
export const stepsOf = ({ lines, rows }) => {
  /** @type {number[]} how many steps of every line there have been */
  const before = [];
  return listed(lines).map((line) => {
    const k = before[line] ?? 0;
    before[line] = k + 1;
    return [line, rows[line]?.[k] ?? k];
  });
};

/** What fills a slot at one position of a row. @param {Slot} slot @param {number} row @param {number[]} place @returns {number} */
export const filling = (slot, row, place) => {
  if (!Array.isArray(slot)) return place.reduce((sum, k, axis) => sum + slot.along[axis + 1][k], slot.along[0][row]);
  return place.reduce((at, k) => at[k], slot[row]);
};

/** All that fills a slot in a row, −1 for what isn't there. @param {Slot} slot @param {number} row @returns {number[]} */
export const fillings = (slot, row) => {
  if (Array.isArray(slot)) return [slot[row]].flat(9);
  const [rows, ...terms] = slot.along;
  return terms.reduce((found, axis) => found.flatMap((sum) => axis.map((k) => sum + k)), [rows[row]]);
};

/** Of one number for all rows, or one for each. @param {number | number[]} numbers @param {number} row */
export const ofRow = (numbers, row) => (Array.isArray(numbers) ? numbers[row] : numbers);
