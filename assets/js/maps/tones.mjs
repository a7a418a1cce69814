// @ts-check
/** Numbers as a picture: one path for every depth of colour, so that a thousand cells are a dozen elements. */

import { put, svg } from "../svg.mjs";

/** @typedef {import("../view.mjs").View} View */

const LEVELS = 6;
const EMPTY = -7;

export class Tones {
  /** @param {{place: number, d: string}[]} cells @param {import("./numbers.mjs").Numbers} numbers */
  constructor(cells, numbers) {
    this.cells = cells;
    this.numbers = numbers;
    this.levels = new Int8Array(cells.length).fill(EMPTY);
    this.root = svg("g", { class: "tones", "aria-hidden": "true" });
    /** @type {SVGElement[]} */
    this.paths = [];
    for (let level = -LEVELS; level <= LEVELS; level++) {
      const path = svg("path", { class: level < 0 ? "tone negative" : "tone" });
      path.style.setProperty("--level", String(Math.abs(level)));
      this.paths.push(path);
    }
    this.unknown = svg("path", { class: "tone unknown" });
    this.root.append(this.unknown, ...this.paths);
    this.isFirst = true;
  }

  /** @param {View} view @param {(place: number) => number} ids @param {string} kind which colours: "bright" for an image, "signed", "gradient" */
  show(view, ids, kind) {
    put(this.root, "data-kind", kind);
    /** @type {Set<number>} */
    const changed = new Set();
    this.cells.forEach(({ place }, k) => {
      const id = ids(place);
      const level = id < 0 || view.at[id] > view.k || (view.covered && view.writes.has(id)) ? EMPTY : this.numbers.level(id);
      if (level === this.levels[k] && !this.isFirst) return;
      changed.add(level).add(this.levels[k]);
      this.levels[k] = level;
    });
    this.isFirst = false;
    if (!changed.size) return;
    /** @type {Map<number, string>} */
    const paths = new Map([...changed].map((level) => [level, ""]));
    this.cells.forEach(({ d }, k) => {
      const before = paths.get(this.levels[k]);
      if (before !== undefined) paths.set(this.levels[k], before + d);
    });
    for (const [level, d] of paths) put(level === EMPTY ? this.unknown : this.paths[level + LEVELS], "d", d);
  }
}
