// @ts-check
/** A few lines beneath a grid. */

import { svg, write } from "../svg.mjs";

const LINE = 21;

export class Sums {
  /** @param {Element} parent @param {number} x @param {number} y @param {number} scale @param {number} lines */
  constructor(parent, x, y, scale, lines) {
    this.texts = Array.from({ length: lines }, (_, k) => svg("text", { class: "sum-line", x, y: y + (19 + k * LINE) * scale, "text-anchor": "middle" }));
    parent.append(...this.texts);
  }

  /** @param {string[]} lines */
  show(lines) {
    this.texts.forEach((text, k) => write(text, lines[k] ?? ""));
  }
}
