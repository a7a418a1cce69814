// @ts-check
/** The groups of a drawing that show numbers: how they stand at a step, what they are called, what a click on them chooses. */

import { CLOSE, MORE, ROW } from "./layout.mjs";
import { put, runs, svg, write, writeSymbol } from "./svg.mjs";

/** @typedef {import("./view.mjs").View} View */
/** @typedef {import("./walkthrough.mjs").Walkthrough} Walkthrough */
/** @typedef {import("./layout.mjs").Held} Held */
/** @typedef {{group: Element, rect: Element, rows: {symbol: Element, number: Element}[], box: Held, given: boolean}} Chip */

export class Marks {
  /** @param {Walkthrough} walk @param {Set<string>} given what may be changed @param {Element} parent @param {number} scale */
  constructor(walk, given, parent, scale) {
    this.walk = walk;
    this.given = given;
    this.parent = parent;
    this.scale = scale;
    /** @type {Map<Element, Held>} where every group is */
    this.boxes = new Map();
    /** @type {Map<Element, string>} what every group last showed */
    this.shown = new Map();
    /** @type {Held | null | undefined} where the step is about something */
    this.about = null;
  }

  /** A small box with rows of a symbol and a number. @param {Held} box @param {number} rows @param {string} given @param {string} kind @returns {Chip} */
  chip(box, rows, given, kind) {
    const group = svg("g", { class: `chip ${kind}`, tabindex: 0, role: "button" });
    const rect = svg("rect", { width: box.w, rx: 11 * this.scale });
    group.append(rect);
    const made = Array.from({ length: rows }, () => {
      const symbol = svg("text", { class: "symbol" });
      const number = svg("text", { class: "number", "text-anchor": "end" });
      group.append(symbol, number);
      return { symbol, number };
    });
    this.parent.append(group);
    this.boxes.set(group, box);
    return { group, rect, rows: made, box, given: this.given.has(given) };
  }

  /** @param {Chip} chip @param {boolean} hidden */
  hide(chip, hidden) {
    put(chip.group, "data-hidden", String(hidden));
  }

  /** Whether a group has to be written anew; what the step is about is noted either way. @param {View} view @param {Element} group @param {number[]} ids @param {string} [more] */
  changed(view, group, ids, more = "") {
    let now = more;
    for (const id of ids) {
      if (id < 0) continue;
      const state = view.state(id);
      const aimed = id === view.aim;
      if (state === "written" || (aimed && !this.about)) this.about = this.boxes.get(group);
      now += `|${id}${state}${view.text(id)}${aimed}${id === view.chosen}${view.lit.has(id)}`;
    }
    if (this.shown.get(group) === now) return false;
    this.shown.set(group, now);
    return true;
  }

  /** Fills the rows of a chip with quantities; those that aren't there take no room. @param {View} view @param {Chip} chip @param {number[]} ids @param {boolean} [plain] symbols without indices */
  rows(view, chip, ids, plain = false) {
    const seen = ids.filter((id) => id >= 0);
    if (!seen.length || !this.changed(view, chip.group, seen, String(chip.box.x))) return;
    const { box } = chip;
    const more = seen.length > 2 ? CLOSE : MORE;
    const height = (ROW + (seen.length - 1) * more) * this.scale;
    const top = box.hold === "bottom" ? box.y + box.h / 2 - height : box.y - height / 2;
    put(chip.rect, "height", height.toFixed(1));
    put(chip.rect, "x", (box.x - box.w / 2).toFixed(1));
    put(chip.rect, "y", top.toFixed(1));
    chip.rows.forEach((row, k) => this.#row(view, row, seen[k] ?? -1, box, top + (k * more + 16.5) * this.scale, plain));
    this.mark(view, chip.group, seen, chip.given && this.isGiven(seen[0]) ? seen[0] : -1);
    const known = view.state(seen[0]) !== "empty";
    put(chip.group, "data-sign", known ? (this.walk.values[seen[0]] < 0 ? "negative" : "positive") : "none");
  }

  #row(/** @type {View} */ view, /** @type {{symbol: Element, number: Element}} */ { symbol, number }, /** @type {number} */ id, /** @type {Held} */ box, /** @type {number} */ base, /** @type {boolean} */ plain) {
    this.number(view, number, id);
    if (id < 0) return writeSymbol(symbol, "");
    const math = this.walk.symbol(id);
    const gradient = this.walk.names[id].endsWith(".grad");
    put(symbol, "class", gradient ? "symbol of-gradient" : "symbol");
    put(number, "class", gradient ? "number of-gradient" : "number");
    writeSymbol(symbol, plain ? bare(math) : gradient ? "<mo>∂</mo>" : math);
    place(symbol, box.x - box.w / 2 + 9 * this.scale, base);
    place(number, box.x + box.w / 2 - 9 * this.scale, base);
  }

  /** Whether a quantity stands in the problem: no new value, and no parameter that an iteration before has left. @param {number} id */
  isGiven(id) {
    const name = this.walk.names[id];
    return !name.endsWith(".new") && !(name.startsWith("iterations[") && /\]\.\w+\./.test(name));
  }

  /** Writes a quantity into a text; nothing while it isn't computed. @param {View} view @param {Element} text @param {number} id */
  number(view, text, id) {
    if (id < 0) {
      write(text, "");
      text.removeAttribute("data-quantity");
      text.removeAttribute("data-state");
      return;
    }
    put(text, "data-quantity", this.walk.names[id]);
    put(text, "data-state", view.state(id));
    write(text, view.text(id));
  }

  /** How a group stands at this step, what a click on it chooses, and what it is called. @param {View} view @param {Element} group @param {number[]} ids @param {number} given */
  mark(view, group, ids, given) {
    const seen = ids.filter((id) => id >= 0);
    const written = seen.find((id) => view.state(id) === "written");
    const aimed = seen.find((id) => id === view.aim);
    const read = seen.find((id) => view.state(id) === "read");
    const mark = written !== undefined ? "written" : aimed !== undefined ? "aimed" : read !== undefined ? "read" : seen.length ? view.state(seen[0]) : "none";
    put(group, "data-mark", mark);
    const about = written ?? aimed ?? seen[0] ?? -1;
    put(group, "data-for", about >= 0 ? this.walk.names[about] : "");
    if (given >= 0) put(group, "data-given", this.walk.names[given]);
    else group.removeAttribute("data-given");
    put(group, "aria-label", seen.map((id) => view.spoken(id)).join(", ") || "nothing yet");
    put(group, "data-chosen", String(view.chosen >= 0 && seen.includes(view.chosen)));
    put(group, "data-lit", String(seen.some((id) => view.lit.has(id))));
  }
}

/** @param {Element} element @param {number} x @param {number} y */
export const place = (element, x, y) => {
  put(element, "x", x.toFixed(1));
  put(element, "y", y.toFixed(1));
};

/** A symbol without its indices, for what stands at its unit anyway: ∂E/∂a, z, δ. @param {string} math */
export const bare = (math) =>
  math ? `<mi>${runs(math).filter((r) => r.shift === 0).map((r) => r.text).join("")}</mi>` : "";
