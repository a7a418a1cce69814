// @ts-check
/** A grid of cells, as numbers or as a picture. One cell of it has the keyboard: arrows move on, as in a table. */

import { put, svg, write } from "../svg.mjs";
import { Tones } from "./tones.mjs";

/** @typedef {import("../view.mjs").View} View */
/** @typedef {import("./numbers.mjs").Numbers} Numbers */
/**
 * What a grid shows.
 * @typedef {object} Spec
 * @property {string} key
 * @property {import("./about.mjs").Role} role
 * @property {number} rows
 * @property {number} columns
 * @property {(row: number, column: number) => number} place where in its sample the number of a cell stands, or −1
 * @property {string} given the name of what a person may change here, or ""
 * @property {{top: number, left: number, bottom: number, right: number, text: string}} pads
 * @property {{row: number, column: number}[]} unreached
 * @property {string[]} [labels] of the rows
 * @property {boolean} [isWide] whether two numbers of a cell stand side by side
 * @property {boolean} [isOff] whether a 0 is hatched: ReLU has switched it off
 */
/** What it shows at a step: above the number, where a cell has two, a smaller one. @typedef {{main: import("./numbers.mjs").Ids, minor: import("./numbers.mjs").Ids | null, either: boolean, name: string, isGradient: boolean, isBright: boolean}} Shown */

const ARROWS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

export class Grid {
  /** @param {Spec} spec @param {{x: number, y: number, w: number, h: number}} box of the first cell with its padding @param {{isPicture: boolean, scale: number, numbers: Numbers, cursor: {row: number, column: number}}} options */
  constructor(spec, box, { isPicture, scale, numbers, cursor }) {
    this.spec = spec;
    this.numbers = numbers;
    this.isPicture = isPicture;
    this.scale = scale;
    this.box = { ...box, x: box.x + spec.pads.left * box.w, y: box.y + spec.pads.top * box.h };
    this.cursor = { row: Math.min(cursor.row, spec.rows - 1), column: Math.min(cursor.column, spec.columns - 1) };
    /** @type {Shown} */
    this.shown = /** @type {any} */ (null);
    this.name = "";
    const role = isPicture ? "group" : "grid";
    this.root = svg("g", { class: `grid ${spec.role}${isPicture ? " picture" : ""}`, role, "data-grid": spec.key });
    this.title = svg("text", { class: "title", "text-anchor": "middle", x: this.middle, y: box.y - 9 * scale });
    /** What lies over it, above the products. */
    this.over = svg("g", { class: `over${isPicture ? " picture" : ""}`, "aria-hidden": "true" });
    this.mark = svg("path", { class: "mark" });
    this.window = svg("rect", { class: "window", rx: 3 * scale });
    this.field = svg("path", { class: "field" });
    this.link = svg("path", { class: "link" });
    this.winner = svg("path", { class: "winner" });
    this.#pads();
    /** @type {{group: SVGElement, rect: SVGElement, number: SVGElement, minor: SVGElement | null, row: number, column: number, last: string}[]} */
    this.cells = [];
    this.#edge();
    if (isPicture) this.#picture();
    else this.#numbers();
    this.#unreached();
    this.root.append(this.title);
    this.over.append(this.field, this.winner, this.mark, this.link, this.window);
  }

  get middle() {
    const { x, w } = this.box;
    const { pads, columns } = this.spec;
    return x + ((columns + pads.right - pads.left) * w) / 2;
  }

  /** The rectangle of a cell. @param {number} row @param {number} column */
  rect(row, column) {
    const { x, y, w, h } = this.box;
    return { x: x + column * w, y: y + row * h, width: w, height: h };
  }

  /** Which cell is at a point of the drawing; null if none. @param {number} x @param {number} y */
  at(x, y) {
    const row = Math.floor((y - this.box.y) / this.box.h);
    const column = Math.floor((x - this.box.x) / this.box.w);
    const { rows, columns, place } = this.spec;
    return row >= 0 && column >= 0 && row < rows && column < columns && place(row, column) >= 0 ? { row, column } : null;
  }

  #edge() {
    const { x, y, w, h } = this.box;
    const { rows, columns } = this.spec;
    this.root.append(svg("rect", { class: "edge-of-grid", x: x - 1, y: y - 1, width: columns * w + 2, height: rows * h + 2, rx: 2 }));
  }

  #pads() {
    const { pads, rows, columns } = this.spec;
    if (!pads.top && !pads.left && !pads.bottom && !pads.right) return;
    const group = svg("g", { class: "pads", "aria-hidden": "true" });
    let d = "";
    const { w, h } = this.box;
    const shows = !this.isPicture && w > 24 * this.scale && pads.text;
    for (let row = -pads.top; row < rows + pads.bottom; row++)
      for (let column = -pads.left; column < columns + pads.right; column++) {
        if (row >= 0 && row < rows && column >= 0 && column < columns) continue;
        const cell = this.rect(row, column);
        d += box(cell);
        if (shows) group.append(svg("text", { class: "pad", x: cell.x + w / 2, y: cell.y + h / 2, "text-anchor": "middle", "dominant-baseline": "central" }, pads.text));
      }
    group.prepend(svg("path", { class: "pad", d }));
    this.root.append(group);
  }

  #unreached() {
    if (!this.spec.unreached.length) return;
    this.root.append(svg("path", { class: "unreached", d: this.spec.unreached.map(({ row, column }) => box(this.rect(row, column))).join("") }));
  }

  #picture() {
    const { rows, columns, place } = this.spec;
    const all = [];
    for (let row = 0; row < rows; row++) for (let column = 0; column < columns; column++) if (place(row, column) >= 0) all.push({ place: place(row, column), d: box(this.rect(row, column)) });
    this.tones = new Tones(all, this.numbers);
    const group = svg("g", { class: "cell cursor", role: "button", tabindex: 0 });
    const rect = svg("rect", { class: "body" });
    group.append(rect);
    this.root.append(this.tones.root, group);
    this.cells = [{ group, rect, number: svg("text"), minor: null, row: -1, column: -1, last: "" }];
  }

  #numbers() {
    const { rows, columns, place, labels } = this.spec;
    for (let row = 0; row < rows; row++) {
      const line = svg("g", { role: "row" });
      if (labels?.[row]) {
        const { x, y, height } = this.rect(row, 0);
        this.root.append(svg("text", { class: "label", x: x - 8 * this.scale, y: y + height / 2, "text-anchor": "end", "dominant-baseline": "central" }, labels[row]));
      }
      for (let column = 0; column < columns; column++) if (place(row, column) >= 0) line.append(this.#cell(row, column));
      this.root.append(line);
    }
  }

  #cell(/** @type {number} */ row, /** @type {number} */ column) {
    const { x, y, width, height } = this.rect(row, column);
    const here = this.cursor.row === row && this.cursor.column === column;
    const group = svg("g", { class: "cell", role: "gridcell", tabindex: here ? 0 : -1 });
    const rect = svg("rect", { class: "body", x, y, width, height });
    const number = svg("text", { class: "number", x: x + width / 2, y: y + height / 2, "text-anchor": "middle", "dominant-baseline": "central" });
    const minor = svg("text", { class: "minor", x: x + width * (this.spec.isWide ? 0.27 : 0.5), y: y + height * (this.spec.isWide ? 0.5 : 0.26), "text-anchor": "middle", "dominant-baseline": "central" });
    const hatch = this.spec.isOff ? [svg("rect", { class: "hatch", x, y, width, height })] : [];
    group.append(rect, ...hatch, number, minor);
    this.cells.push({ group, rect, number, minor, row, column, last: "" });
    return group;
  }

  /** @param {View} view @param {Shown} shown @param {string} title @param {string} name for screen readers @param {number[]} [sizes] rows and columns, where they are worked out in steps */
  show(view, shown, title, name, sizes = []) {
    const isNew = shown.name !== this.shown?.name;
    this.shown = shown;
    this.name = name;
    this.#title(view, title, sizes);
    put(this.root, "data-kind", shown.isGradient ? "gradient" : shown.isBright ? "bright" : "signed");
    put(this.root, "data-of", shown.isGradient ? "gradient" : "value");
    put(this.root, "aria-label", name);
    this.light("mark", this.#marked(view));
    if (this.tones) {
      this.tones.show(view, (place) => this.#first(view, place), shown.isGradient ? "gradient" : shown.isBright ? "bright" : "signed");
      this.#cursor(view);
      return;
    }
    for (const cell of this.cells) this.#showCell(view, cell, isNew);
  }

  /** Its name; the size that it has follows from the window, and is there once that step is done. */
  #title(/** @type {View} */ view, /** @type {string} */ words, /** @type {number[]} */ sizes) {
    if (!sizes.length) return write(this.title, words);
    const known = sizes.filter((id) => view.state(id) !== "empty").length;
    const parts = sizes.map((id) => {
      const part = svg("tspan", { class: "size" }, view.text(id));
      tie(part, view, id, this.numbers.walk);
      return part;
    });
    const now = `${words} ${sizes.map((id) => view.state(id) + view.text(id))}`;
    if (this.title.getAttribute("data-now") === now) return;
    this.title.setAttribute("data-now", now);
    this.title.replaceChildren(words, ...(known ? [" "] : []), parts[0], ...(known > 1 ? [" × "] : []), parts[1]);
  }

  /** The cells that the step works out. */
  #marked(/** @type {View} */ view) {
    if (view.steps.length > 1) return [];
    const found = [];
    const { rows, columns, place } = this.spec;
    for (let row = 0; row < rows; row++)
      for (let column = 0; column < columns; column++) {
        const at = place(row, column);
        if (at >= 0 && [this.shown.main(at), this.shown.minor?.(at)].some((id) => id !== undefined && id >= 0 && id === view.target)) found.push({ row, column });
      }
    return found;
  }

  /** The number of a cell: of two that are the same, the one that the step works out, or the first that is known. */
  #first(/** @type {View} */ view, /** @type {number} */ place) {
    const main = this.shown.main(place);
    const same = this.shown.either && this.shown.minor ? this.shown.minor(place) : -1;
    if (same >= 0 && view.state(same) === "written") return same;
    if (!this.shown.minor || (main >= 0 && view.state(main) !== "empty") || !this.shown.either) return main;
    const other = this.shown.minor(place);
    return other >= 0 && (main < 0 || view.state(other) !== "empty") ? other : main;
  }

  #showCell(/** @type {View} */ view, /** @type {Grid["cells"][number]} */ cell, isNew = false) {
    const place = this.spec.place(cell.row, cell.column);
    const id = this.#first(view, place);
    const own = this.shown.main(place);
    const other = this.shown.minor ? this.shown.minor(place) : -1;
    const minor = this.shown.either ? -1 : other;
    const ids = [own, other].filter((k) => k >= 0);
    const states = ids.map((k) => view.state(k));
    const written = ids.find((_, k) => states[k] === "written");
    const aimed = ids.find((k) => k === view.aim);
    const mark = written !== undefined ? "written" : aimed !== undefined ? "aimed" : states.includes("read") ? "read" : id >= 0 ? view.state(id) : "none";
    const about = written ?? aimed ?? (id >= 0 && view.state(id) === "empty" && minor >= 0 ? minor : id);
    const text = id >= 0 ? this.numbers.text(view, id) : "";
    const second = minor >= 0 ? this.numbers.text(view, minor) : "";
    const chosen = ids.includes(view.chosen);
    const lit = ids.some((k) => view.lit.has(k));
    const now = `${id} ${mark} ${states} ${about} ${text} ${second} ${chosen} ${lit}`;
    if (now === cell.last && !isNew) return;
    cell.last = now;
    this.#write(view, cell, id, minor, text, second);
    put(cell.group, "data-mark", mark);
    put(cell.group, "data-chosen", String(chosen));
    put(cell.group, "data-lit", String(lit));
    this.#name(view, cell, about, [id, minor]);
  }

  #write(/** @type {View} */ view, /** @type {Grid["cells"][number]} */ cell, /** @type {number} */ id, /** @type {number} */ minor, /** @type {string} */ text, /** @type {string} */ second) {
    const { walk } = this.numbers;
    const { number, rect, row, column } = cell;
    number.textContent = text;
    whole(number, text, id >= 0 ? view.text(id) : "");
    const known = id >= 0 && view.state(id) !== "empty";
    const level = known ? this.numbers.level(id) : 0;
    put(cell.group, "data-sign", level < 0 ? "negative" : "positive");
    put(cell.group, "data-off", String(Boolean(this.spec.isOff && known && !this.shown.isGradient && walk.values[id] === 0 && minor >= 0 && walk.values[minor] <= 0)));
    rect.style.setProperty("--level", String(Math.abs(level)));
    const { x, y, width, height } = this.rect(row, column);
    if (this.spec.isWide) put(number, "x", (x + width * (minor >= 0 ? 0.73 : 0.5)).toFixed(1));
    else put(number, "y", (y + height * (minor >= 0 ? 0.7 : 0.5)).toFixed(1));
    tie(number, view, id, walk);
    if (!cell.minor) return;
    write(cell.minor, second);
    whole(cell.minor, second, minor >= 0 ? view.text(minor) : "");
    tie(cell.minor, view, minor, walk);
  }

  #name(/** @type {View} */ view, /** @type {Grid["cells"][number]} */ cell, /** @type {number} */ about, /** @type {number[]} */ ids) {
    const { walk } = this.numbers;
    const name = about >= 0 ? walk.names[about] : "";
    put(cell.group, "data-for", name);
    const { given } = this.spec;
    if (given && (name === given || (name.startsWith(`${given}[`) && name.endsWith("]")))) put(cell.group, "data-given", name);
    else cell.group.removeAttribute("data-given");
    put(cell.group, "aria-label", ids.filter((id) => id >= 0).map((id) => view.spoken(id)).join(", ") || "nothing here");
  }

  /** In a picture the one cell that is under the pointer, or has the keyboard. */
  #cursor(/** @type {View} */ view) {
    const [cell] = this.cells;
    const { row, column } = this.cursor;
    const place = this.spec.place(row, column);
    if (cell.row !== row || cell.column !== column) {
      const at = this.rect(row, column);
      for (const [name, value] of Object.entries(at)) put(cell.rect, name, String(value));
      [cell.row, cell.column] = [row, column];
    }
    const id = this.#first(view, place);
    put(cell.group, "data-mark", id >= 0 ? view.state(id) : "none");
    put(cell.group, "data-chosen", String(id >= 0 && id === view.chosen));
    if (id >= 0) put(cell.group, "data-quantity", this.numbers.walk.names[id]);
    this.#name(view, cell, id, [id]);
  }

  /** The element of the cell that has the keyboard. @returns {SVGElement} */
  get current() {
    if (this.tones) return this.cells[0].group;
    return (this.cells.find(({ row, column }) => row === this.cursor.row && column === this.cursor.column) ?? this.cells[0]).group;
  }

  /** Gives another cell the keyboard. @param {View} view @param {number} row @param {number} column */
  moveTo(view, row, column) {
    if (this.spec.place(row, column) < 0) return;
    if (!this.tones) this.current.setAttribute("tabindex", "-1");
    this.cursor = { row, column };
    if (this.tones) this.#cursor(view);
    else this.current.setAttribute("tabindex", "0");
  }

  /** Where a key leads; null if nowhere. @param {string} key @param {boolean} far @returns {{row: number, column: number} | null} */
  next(key, far) {
    const by = ARROWS[/** @type {keyof typeof ARROWS} */ (key)];
    const { rows, columns } = this.spec;
    const { row, column } = this.cursor;
    if (key === "Home") return { row: far ? 0 : row, column: 0 };
    if (key === "End") return { row: far ? rows - 1 : row, column: columns - 1 };
    if (!by) return null;
    const to = { row: Math.min(rows - 1, Math.max(0, row + by[0])), column: Math.min(columns - 1, Math.max(0, column + by[1])) };
    return this.spec.place(to.row, to.column) < 0 ? { row, column } : to;
  }

  /** Lays the window over some cells. @param {{row: number, column: number}[]} cells */
  lay(cells) {
    put(this.window, "data-shown", String(cells.length > 0));
    if (!cells.length) return;
    const rows = cells.map(({ row }) => row);
    const columns = cells.map(({ column }) => column);
    const [top, left] = [Math.min(...rows), Math.min(...columns)];
    const from = this.rect(top, left);
    put(this.window, "width", ((Math.max(...columns) - left + 1) * this.box.w).toFixed(1));
    put(this.window, "height", ((Math.max(...rows) - top + 1) * this.box.h).toFixed(1));
    const moved = `translate(${from.x.toFixed(1)}px, ${from.y.toFixed(1)}px)`;
    if (this.window.style.transform !== moved) this.window.style.transform = moved;
  }

  /** @param {"link" | "field" | "winner" | "mark"} what @param {{row: number, column: number}[]} cells */
  light(what, cells) {
    put(this[what], "d", cells.map(({ row, column }) => box(this.rect(row, column), 1)).join(""));
  }
}

/** Of a number that is shortened all of its digits stay at hand. @param {SVGElement} element @param {string} short @param {string} text */
const whole = (element, short, text) => {
  if (short === text) element.removeAttribute("data-whole");
  else put(element, "data-whole", text);
};

/** Says of a text which quantity it shows. */
const tie = (/** @type {SVGElement} */ text, /** @type {View} */ view, /** @type {number} */ id, /** @type {import("../walkthrough.mjs").Walkthrough} */ walk) => {
  if (id < 0) {
    text.removeAttribute("data-quantity");
    text.removeAttribute("data-state");
    return;
  }
  put(text, "data-quantity", walk.names[id]);
  put(text, "data-state", view.state(id));
};

/** A rectangle as part of a path. @param {{x: number, y: number, width: number, height: number}} rect @param {number} [inset] */
export const box = ({ x, y, width, height }, inset = 0) =>
  `M${(x + inset).toFixed(1)} ${(y + inset).toFixed(1)}h${(width - 2 * inset).toFixed(1)}v${(height - 2 * inset).toFixed(1)}h${(2 * inset - width).toFixed(1)}z`;
