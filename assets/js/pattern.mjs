// @ts-check
/** The symbol of all numbers of an array, with holes for their indices: see `nncalc.formula.symbol.Index`. */

const HOLE = /\ue000(-?\d+);([-\d,]*)\ue001/g; // offset;stride,stride,…
const JOINT = /\ue002/g; // between two indices: nothing, or a comma where one of them has more digits

/** The position along every axis. @param {number} place in the array, row by row @param {number[]} shape @returns {number[]} */
export const positionOf = (place, shape) => {
  const position = new Array(shape.length);
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    position[axis] = place % shape[axis];
    place = Math.floor(place / shape[axis]);
  }
  return position;
};

/** The symbol of one of them, in MathML. @param {string} pattern @param {number[]} position */
export const symbolAt = (pattern, position) => {
  let long = false;
  const filled = pattern.replace(HOLE, (_, offset, strides) => {
    const index = strides.split(",").reduce((/** @type {number} */ sum, /** @type {string} */ stride, /** @type {number} */ axis) => sum + Number(stride) * position[axis], Number(offset));
    long ||= index > 9;
    return String(index);
  });
  return filled.replace(JOINT, long ? "," : "");
};
