// @ts-check
/** The quantities of grids: which one stands at a place, how it is written in a cell, how deep its colour is. */

import { formed } from "../numerals.mjs";

/** @typedef {import("../view.mjs").View} View */
/** @typedef {import("../walkthrough.mjs").Walkthrough} Walkthrough */
/** @typedef {(place: number) => number} Ids the quantity at a place of a sample, or −1 */

const SUFFIXES = ["", ".grad", ".new", ".after"];
const MOST_LETTERS = 7;
const LOOKED_AT = 600; // numbers of a block, for how long they are
const LEVELS = 6;

export class Numbers {
  /** @param {Walkthrough} walk */
  constructor(walk) {
    this.walk = walk;
    /** @type {Map<any, Map<number, number>>} of blocks that are not whole, where what is there stands */
    this.places = new Map();
    /** @type {Map<any, number>} the largest number of a block, whatever its sign */
    this.largest = new Map();
    /** @type {Map<string, {cell: number, line: number}>} */
    this.lengths = new Map();
    /** @type {string[]} */
    this.texts = [];
  }

  /** @param {View} view @param {string} name @param {string} suffix @returns {Ids} */
  ids(view, name, suffix) {
    const block = this.walk.block(name, suffix, view.iteration);
    if (!block) return () => -1;
    const size = sizeOf(block);
    const own = block.axes[0] === "sample" ? size / block.shape[0] : size;
    const base = block.axes[0] === "sample" ? Math.min(view.instance, block.shape[0] - 1) * own : 0;
    if (!block.at) return (place) => (place < 0 || place >= own ? -1 : block.start + base + place);
    let there = this.places.get(block);
    if (!there) this.places.set(block, (there = new Map(block.at.map((/** @type {number} */ place, /** @type {number} */ k) => [place, block.start + k]))));
    return (place) => (place < 0 ? -1 : (there.get(base + place) ?? -1));
  }

  /** Whether there is such a block. @param {View} view @param {string} name @param {string} suffix */
  has(view, name, suffix) {
    return Boolean(this.walk.block(name, suffix, view.iteration));
  }

  /** Where in its sample a quantity stands. @param {number} id */
  placeOf(id) {
    const block = this.walk.blockOf[id];
    const place = block.at ? block.at[id - block.start] : id - block.start;
    return block.axes[0] === "sample" ? place % (sizeOf(block) / block.shape[0]) : place;
  }

  /** The text of a cell, where there is little room. @param {View} view @param {number} id */
  text(view, id) {
    const text = view.text(id);
    if (isShort(text)) return text;
    return (this.texts[id] ??= short(this.walk.values[id], text));
  }

  /** How deep the colour of a number is, from −6 to 6. @param {number} id */
  level(id) {
    const block = this.walk.blockOf[id];
    let largest = this.largest.get(block);
    if (largest === undefined) {
      largest = 0;
      const end = block.start + (block.at?.length ?? sizeOf(block));
      for (let k = block.start; k < end; k++) if (Number.isFinite(this.walk.values[k])) largest = Math.max(largest, Math.abs(this.walk.values[k]));
      this.largest.set(block, largest);
    }
    const value = this.walk.values[id];
    if (!largest || !Number.isFinite(value)) return 0;
    return Math.sign(value) * Math.ceil((Math.abs(value) / largest) * LEVELS - 1e-9);
  }

  /** Whether no number of a block is negative. @param {View} view @param {string} name */
  isBright(view, name) {
    const block = this.walk.block(name, "", view.iteration);
    return Boolean(block) && this.walk.values.slice(block.start, block.start + (block.at?.length ?? sizeOf(block))).every((v) => v >= 0);
  }

  /** How many letters the longest number of some quantities has, in a cell and in a line. @param {string[]} names @param {number} iteration */
  letters(names, iteration) {
    let cell = 1;
    let line = 1;
    for (const name of names)
      for (const suffix of SUFFIXES) {
        const found = this.#lengths(name, suffix, iteration);
        cell = Math.max(cell, found.cell);
        line = Math.max(line, found.line);
      }
    return { cell: Math.min(cell, MOST_LETTERS), line: Math.min(line, MOST_LETTERS + 1) };
  }

  #lengths(/** @type {string} */ name, /** @type {string} */ suffix, /** @type {number} */ iteration) {
    const key = `${iteration} ${name}${suffix}`;
    let found = this.lengths.get(key);
    if (found) return found;
    found = { cell: 0, line: 0 };
    const block = this.walk.block(name, suffix, iteration);
    const count = block ? (block.at?.length ?? sizeOf(block)) : 0;
    const by = Math.max(1, Math.floor(count / LOOKED_AT));
    for (let k = 0; k < count; k += by) {
      const text = this.walk.drawn(block.start + k);
      found.line = Math.max(found.line, text.length);
      found.cell = Math.max(found.cell, isShort(text) ? text.length : short(this.walk.values[block.start + k], text).length);
    }
    this.lengths.set(key, found);
    return found;
  }
}

const sizeOf = (/** @type {any} */ block) => (block.size ??= block.shape.reduce((/** @type {number} */ a, /** @type {number} */ b) => a * b, 1));

const isShort = (/** @type {string} */ text) => text.length - (text.startsWith("−") ? 1 : 0) <= 4;

/** A number in four letters or little more; all of its digits stand in the line of working. @param {number} value @param {string} text */
export const short = (value, text) => {
  const size = Math.abs(value);
  if (!Number.isFinite(value)) return text;
  const sign = value < 0 ? "−" : "";
  if (size >= 10000 || (size && size < 0.00995)) return sign + size.toExponential(0).replace("+", "").replace("-", "−");
  const digits = size < 0.0995 ? 3 : size < 100 ? 2 : size < 1000 ? 1 : 0;
  return formed(sign + size.toFixed(digits).replace(/(\.\d*?)0+$/, "$1").replace(/\.$/, ""));
};
