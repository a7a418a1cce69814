// @ts-check
/** Padding, strides and dilation of one window: the same image three times, what comes out, and where each can be changed. */

import { cellAt, layersOf, outputsOf, pairsOf } from "../maps/geometry.mjs";
import { Marks } from "../marks.mjs";
import { html, put, svg, write } from "../svg.mjs";
import { idAt, placeOf } from "../walkthrough.mjs";

/** @typedef {import("../view.mjs").View} View */
/** @typedef {import("../desk.mjs").Desk} Desk */
/** @typedef {{x: number, y: number, size: number}} Grid the left upper corner of its first cell, and how large a cell is */

const LARGEST = 52; // pixels of a cell
const SMALLEST = 20;
const LETTER = 7.9; // pixels of a digit
const HEAD = 34; // above a grid: its title
const FOOT = 28; // a line beneath it
const GAP = 44; // at most
const RESULT = 72; // the least width of what comes out
const MOST = 2000; // numbers whose length is looked at
const OUTPUT = "Output";

export class Sliding {
  /** @param {HTMLElement} host @param {import("../walkthrough.mjs").Walkthrough} walk @param {any} scene @param {Set<string>} given @param {Desk} desk */
  constructor(host, walk, scene, given, desk) {
    this.walk = walk;
    this.scene = scene;
    this.given = given;
    this.desk = desk;
    const { image, output, window, type } = scene;
    [, this.layer] = layersOf([{ shape: image, type: "input" }, { shape: output, type, window }]);
    this.left = this.#leftOver();
    this.room = html("div", { class: "sliding-room" });
    this.fault = html("p", { class: "error-fault", role: "alert" });
    const isOwn = given.size > 0; // and not beside the problem that can be changed
    const legend = scene.panels.map((/** @type {any} */ { hint }) => hint).filter(Boolean);
    host.replaceChildren(html("div", { class: "sliding" }, ...(isOwn ? [this.#settings()] : []), this.room, html("p", { class: "sliding-legend" }, legend.join(" · ")), this.fault));
    this.letters = this.#longest();
    this.size = "";
    /** @type {((view: View) => void)[]} */
    this.updates = [];
    this.measure();
  }

  /** @param {View} view */
  show(view) {
    this.#prepare();
    const output = this.#output(view);
    const taken = output ? pairsOf(this.layer, output) : [];
    /** @type {Set<string>} the cells that the window takes */
    this.taken = new Set(taken.map(({ row, column }) => `${row} ${column}`));
    this.place = output ? this.#frame(output) : null;
    for (const update of this.updates) update(view);
  }

  measure() {
    const { clientWidth: width, clientHeight: height } = this.room;
    const scale = Number(getComputedStyle(this.room).getPropertyValue("--scale")) || 1;
    this.of = { width, height, scale };
  }

  follow() {}

  /** How many letters the longest number in a cell has. */
  #longest() {
    const lengths = [this.scene.x, this.scene.z].flatMap((name) => {
      const block = this.walk.block(name, "", 0);
      const count = block?.shape.reduce((/** @type {number} */ a, /** @type {number} */ b) => a * b, 1) ?? 0;
      return Array.from({ length: Math.min(count, MOST) }, (_, place) => idAt(block, place)).map((id) => (id < 0 ? 0 : this.walk.drawn(id).length));
    });
    return Math.max(1, ...lengths);
  }

  /** The cells that no window spans. */
  #leftOver() {
    const frames = outputsOf(this.layer, 0).map(({ cell }) => this.#frame(cell));
    const { image, window } = this.scene;
    const [[top, bottom], [before, behind]] = window.padding;
    /** @type {Set<string>} */
    const found = new Set();
    for (let row = -top; row < image[0] + bottom; row++) for (let column = -before; column < image[1] + behind; column++) if (!frames.some((frame) => spans(frame, row, column))) found.add(`${row} ${column}`);
    return found;
  }

  // Settings

  #settings() {
    const own = this.scene.panels.filter((/** @type {any} */ panel) => panel.choices);
    return html("div", { class: "conventions", role: "group", "aria-label": "The window" }, ...own.map((/** @type {any} */ panel) => this.#setting(panel)));
  }

  #setting(/** @type {any} */ { field, title, choices, value }) {
    const texts = choices.map((/** @type {[any, string]} */ [choice]) => JSON.stringify(choice));
    const control = html("select", { "data-window": field }, ...choices.map((/** @type {[any, string]} */ [, words], /** @type {number} */ k) => html("option", { value: texts[k] }, words)));
    const select = /** @type {HTMLSelectElement} */ (control);
    select.value = JSON.stringify(value);
    select.addEventListener("change", () =>
      this.desk.change(
        { kind: "window", layer: this.scene.layer, field, value: JSON.parse(select.value) },
        {
          refuse: (faults) => {
            write(this.fault, faults.map(({ message }) => message).join(" "));
            select.value = JSON.stringify(value);
          },
          then: () => /** @type {HTMLElement | null} */ (document.querySelector(`[data-window="${field}"]`))?.focus({ preventScroll: true }),
        },
      ),
    );
    return html("label", {}, html("span", {}, title), control);
  }

  // Drawing

  /** Which output the step is about: its cell in the first map. @param {View} view */
  #output(view) {
    const block = this.walk.blockOf[view.target];
    const name = block?.name.replace(/^iterations\[\d+\]\./, "");
    if (view.steps.length > 1 || !block || block.suffix === ".grad") return null;
    if (name !== this.scene.z && name !== this.scene.z.replace(/\.z$/, ".a")) return null;
    return cellAt(this.layer.to, placeOf(block, view.target) % this.layer.to.count);
  }

  /** What a window spans: its first cell, how many rows and columns. */
  #frame(/** @type {import("../maps/geometry.mjs").Cell} */ { row, column }) {
    const { size, strides, padding, dilation } = this.scene.window;
    const [rows, columns] = [0, 1].map((axis) => dilation[axis] * (size[axis] - 1) + 1);
    return { row: row * strides[0] - padding[0][0], column: column * strides[1] - padding[1][0], rows, columns };
  }

  #prepare() {
    const { width, height, scale } = this.of;
    const size = `${width} ${height} ${scale}`;
    if (size === this.size) return;
    this.size = size;
    this.updates = [];
    const { window, image, output } = this.scene;
    const [rows, columns] = [0, 1].map((axis) => image[axis] + window.padding[axis][0] + window.padding[axis][1]);
    const least = Math.max(SMALLEST, this.letters * LETTER + 4) * scale;
    const [head, foot] = [HEAD * scale, FOOT * scale];
    const gap = Math.min(Math.max(width * 0.03, 20), GAP) * scale;
    const result = Math.max(RESULT * scale, output[1] * least); // at least as wide as its title
    const perRow = 3 * (columns * least + gap) + result + gap / 2 <= width ? 4 : 2 * columns * least + 2 * gap <= width ? 2 : 1;
    const lines = Math.max(...this.scene.panels.map((/** @type {any} */ { words }) => words.length));
    const wide = perRow === 4 ? Math.min((width - 3.5 * gap - result) / (3 * columns), (width - 3.5 * gap) / (3 * columns + output[1])) : (width - gap * (perRow + 0.5)) / (perRow * columns);
    const high = perRow === 4 ? (height - head - foot * (lines + 0.5)) / rows : Infinity;
    const cell = Math.floor(Math.min(Math.max(Math.min(wide, high), least), LARGEST * scale));
    const step = { x: columns * cell + gap, y: rows * cell + head + foot * (lines + 1) };
    const total = { w: perRow === 4 ? 3 * step.x + Math.max(output[1] * cell, result) : perRow * step.x - gap, h: step.y * (4 / perRow) };
    const left = Math.max(gap / 4, (width - total.w) / 2);
    const top = perRow === 4 ? Math.max(0, (height - total.h) / 2.4) : 0;
    const at = (/** @type {number} */ k) => ({ x: left + (k % perRow) * step.x, y: top + Math.floor(k / perRow) * step.y + head, size: cell });
    const drawing = svg("svg", { class: "sliding-drawing", width: Math.max(width, total.w + left), height: Math.max(total.h + top, perRow === 4 ? height : 0), role: "group", "aria-label": "Padding, strides and dilation of one window. T shows the numbers as a table." });
    drawing.style.setProperty("--cell", `${cell}px`);
    this.marks = new Marks(this.walk, this.given, drawing, scale);
    this.scene.panels.forEach((/** @type {any} */ panel, /** @type {number} */ k) => this.#panel(drawing, panel, at(k), rows, columns));
    const fourth = at(3);
    this.#result(drawing, perRow === 4 ? { ...fourth, y: fourth.y + ((rows - output[0]) * cell) / 2 } : fourth);
    this.room.replaceChildren(drawing);
  }

  #title(/** @type {Element} */ drawing, /** @type {Grid} */ { x, y }, /** @type {string} */ title, /** @type {string[]} */ words, /** @type {number} */ below) {
    const { scale } = this.of;
    drawing.append(svg("text", { class: "title", x, y: y - 12 * scale }, title));
    words.forEach((line, k) => drawing.append(svg("text", { class: "sliding-words", x, y: y + below + (k + 1) * FOOT * scale - 4 * scale }, line)));
  }

  #panel(/** @type {Element} */ drawing, /** @type {any} */ { field, title, words }, /** @type {Grid} */ grid, /** @type {number} */ rows, /** @type {number} */ columns) {
    const { padding } = this.scene.window;
    this.#title(drawing, grid, title, words, rows * grid.size);
    const group = svg("g", { role: "group", "aria-label": title });
    drawing.append(group);
    for (let r = 0; r < rows; r++) for (let c = 0; c < columns; c++) this.#cell(group, field, grid, r, c, r - padding[0][0], c - padding[1][0]);
    this.#window(drawing, grid, padding);
  }

  /** One cell: of the image its number, of the padding what it holds; how it looks depends on what the panel shows. */
  #cell(/** @type {Element} */ parent, /** @type {string} */ field, /** @type {Grid} */ { x, y, size }, /** @type {number} */ r, /** @type {number} */ c, /** @type {number} */ row, /** @type {number} */ column) {
    const [rows, columns, channels] = this.scene.image;
    const inside = row >= 0 && column >= 0 && row < rows && column < columns;
    const rect = svg("rect", { x: x + c * size, y: y + r * size, width: size, height: size });
    const text = svg("text", { x: x + (c + 0.5) * size, y: y + (r + 0.5) * size, "text-anchor": "middle", "dominant-baseline": "central" });
    const isFirst = field === "padding" && inside;
    const group = svg("g", { class: `sliding-cell ${inside ? "inside" : "padded"}`, ...(isFirst ? { tabindex: 0, role: "button" } : {}) }, rect, text);
    if (field === "strides") {
      put(group, "data-left-over", String(this.left.has(`${row} ${column}`)));
      put(group, "data-start", String(this.#starts(row, column)));
    }
    parent.append(group);
    let shown = "";
    this.updates.push((view) => {
      const id = inside ? this.#id(view, this.scene.x, (row * columns + column) * channels) : -1;
      const key = `${row} ${column}`;
      const number = id >= 0 ? view.text(id) : this.scene.window.pad;
      const mark = this.taken?.has(key) ? "taken" : this.place && spans(this.place, row, column) ? "spanned" : "none";
      const now = `${number} ${mark} ${id >= 0 && view.state(id)} ${id >= 0 && id === view.chosen}`;
      if (now === shown) return;
      shown = now;
      put(group, "data-mark", mark);
      write(text, number);
      if (!isFirst) return;
      this.marks.number(view, text, id);
      this.marks.mark(view, group, [id], this.given.has(this.scene.x) ? id : -1);
      put(group, "data-mark", mark);
    });
  }

  /** Whether a window begins here. */
  #starts(/** @type {number} */ row, /** @type {number} */ column) {
    const { strides, padding } = this.scene.window;
    const [r, c] = [row + padding[0][0], column + padding[1][0]];
    return r % strides[0] === 0 && c % strides[1] === 0 && r / strides[0] < this.scene.output[0] && c / strides[1] < this.scene.output[1];
  }

  /** The frame around all that the window spans. */
  #window(/** @type {Element} */ drawing, /** @type {Grid} */ { x, y, size }, /** @type {number[][]} */ padding) {
    const frame = svg("rect", { class: "sliding-frame", rx: 4 });
    drawing.append(frame);
    this.updates.push(() => {
      const place = this.place;
      put(frame, "visibility", place ? "visible" : "hidden");
      if (!place) return;
      put(frame, "x", String(x + (place.column + padding[1][0]) * size));
      put(frame, "y", String(y + (place.row + padding[0][0]) * size));
      put(frame, "width", String(place.columns * size));
      put(frame, "height", String(place.rows * size));
    });
  }

  #result(/** @type {Element} */ drawing, /** @type {Grid} */ grid) {
    const [rows, columns, maps] = this.scene.output;
    this.#title(drawing, grid, OUTPUT, [`${rows} × ${columns}${maps > 1 ? `, the first of ${maps}` : ""}`], rows * grid.size);
    for (let row = 0; row < rows; row++)
      for (let column = 0; column < columns; column++) {
        const { size } = grid;
        const [x, y] = [grid.x + column * size, grid.y + row * size];
        const text = svg("text", { x: x + size / 2, y: y + size / 2, "text-anchor": "middle", "dominant-baseline": "central" });
        const group = svg("g", { class: "sliding-cell result", tabindex: 0, role: "button" }, svg("rect", { x, y, width: size, height: size }), text);
        drawing.append(group);
        this.updates.push((view) => {
          const id = this.#id(view, this.scene.z, (row * columns + column) * maps);
          if (id < 0 || !this.marks.changed(view, group, [id])) return;
          this.marks.number(view, text, id);
          put(group, "data-sign", this.walk.values[id] < 0 ? "negative" : "positive");
          this.marks.mark(view, group, [id], -1);
        });
      }
  }

  /** The number of a name at a place of the sample that is seen. */
  #id(/** @type {View} */ view, /** @type {string} */ name, /** @type {number} */ place) {
    const after = view.phase === "After" ? this.walk.block(name, ".after", view.iteration) : null;
    const block = after || this.walk.block(name, "", view.iteration);
    if (!block) return -1;
    const count = name === this.scene.x ? this.layer.from.count : this.layer.to.count;
    return idAt(block, this.#sample(view) * count + place);
  }

  /** The sample that the step is about, or the one that is looked at. */
  #sample(/** @type {View} */ view) {
    const block = this.walk.blockOf[view.target];
    if (block?.axes[0] !== "sample") return 0;
    return Math.floor((placeOf(block, view.target) * block.shape[0]) / block.shape.reduce((/** @type {number} */ a, /** @type {number} */ b) => a * b, 1));
  }
}

/** Whether a cell lies in what a window spans. @param {{row: number, column: number, rows: number, columns: number}} frame @param {number} row @param {number} column */
const spans = (frame, row, column) => row >= frame.row && column >= frame.column && row < frame.row + frame.rows && column < frame.column + frame.columns;
