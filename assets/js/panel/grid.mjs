// @ts-check
/** One channel of an image: cells to choose, to type in and to paint. Knows neither samples nor the server. */

import { html, put, write } from "../svg.mjs";

/** @typedef {[number, number]} Cell row and column */
/** @typedef {"choose" | "paint" | "erase"} Mode */

/**
 * @typedef {object} GridHooks
 * @property {(cells: Cell[], text: string) => void} write one number into cells
 * @property {(cell: Cell, text: string) => void} paste cells of a spreadsheet
 * @property {(cell: Cell, text: string | null) => void} chosen a cell is chosen, to be typed in; perhaps with the first letter
 * @property {() => string} brush what is painted
 */

const LETTERS = 4; // of a number that stand in a cell
const READABLE = 10; // columns whose numbers can be read
const TYPED = /^[-+−.,\d]$/;

export class Grid {
  /** @param {GridHooks} hooks */
  constructor(hooks) {
    this.hooks = hooks;
    /** @type {Mode} */
    this.mode = "choose";
    /** @type {Cell} */
    this.at = [0, 0];
    this.rows = 0;
    this.columns = 0;
    /** @type {HTMLElement[]} row by row */
    this.cells = [];
    /** @type {{text: string, value: number}[]} what the problem has, row by row */
    this.numbers = [];
    this.largest = 1;
    /** @type {{cells: Map<number, Cell>, text: string, last: Cell} | null} what is being painted */
    this.stroke = null;
    /** @type {{cells: Cell[], text: string}[]} strokes that the server has not taken yet */
    this.sent = [];
    this.room = html("div", { class: "cell-grid", role: "grid" });
    this.room.addEventListener("pointerdown", (event) => this.#down(event));
    this.room.addEventListener("pointermove", (event) => this.#move(event));
    this.room.addEventListener("pointerup", () => this.#up());
    this.room.addEventListener("pointercancel", () => this.#cancel());
    this.room.addEventListener("dblclick", () => this.mode === "choose" && this.hooks.chosen(this.at, null));
    this.room.addEventListener("keydown", (event) => this.#key(event));
    this.room.addEventListener("paste", (event) => this.#paste(event));
  }

  /** @param {Mode} mode */
  use(mode) {
    this.mode = mode;
    this.room.dataset.mode = mode;
  }

  /** @param {{text: string, value: number}[][]} numbers @param {string} label @param {string} noun what a number is called, such as "channel 2" */
  show(numbers, label, noun) {
    if (numbers.length !== this.rows || numbers[0].length !== this.columns) this.#build(numbers.length, numbers[0].length);
    this.numbers = numbers.flat();
    this.noun = noun;
    this.largest = this.numbers.reduce((most, { value }) => Math.max(most, Math.abs(value)), 1e-300);
    put(this.room, "aria-label", label);
    this.numbers.forEach((number, k) => this.#fill(k, number.text, number.value));
    for (const { cells, text } of this.sent) this.#draw(cells, text);
    if (this.stroke) this.#draw([...this.stroke.cells.values()], this.stroke.text);
  }

  #build(/** @type {number} */ rows, /** @type {number} */ columns) {
    this.rows = rows;
    this.columns = columns;
    this.stroke = null;
    this.at = [Math.min(this.at[0], rows - 1), Math.min(this.at[1], columns - 1)];
    this.room.style.setProperty("--columns", String(columns));
    this.room.toggleAttribute("data-small", columns > READABLE);
    const hadFocus = this.room.contains(document.activeElement);
    this.cells = [...Array(rows * columns).keys()].map(() => html("div", { role: "gridcell", tabindex: -1 }));
    const lines = [...Array(rows).keys()].map((r) => html("div", { role: "row" }, ...this.cells.slice(r * columns, (r + 1) * columns)));
    this.room.replaceChildren(...lines);
    this.choose(this.at, hadFocus);
  }

  #fill(/** @type {number} */ k, /** @type {string} */ text, /** @type {number} */ value) {
    const cell = this.cells[k];
    const share = Math.min(Math.abs(value) / this.largest, 1);
    cell.style.setProperty("--share", `${Math.round(share * 100)}%`);
    put(cell, "data-sign", value < 0 ? "negative" : value > 0 ? "positive" : "zero");
    write(cell, this.columns > READABLE ? "" : short(text, value));
    const place = `Row ${Math.floor(k / this.columns) + 1}, column ${(k % this.columns) + 1}`;
    put(cell, "aria-label", `${place}${this.noun ? `, ${this.noun}` : ""}: ${text}`);
  }

  /** What is painted is seen at once. */
  #draw(/** @type {Cell[]} */ cells, /** @type {string} */ text) {
    for (const [r, c] of cells) if (r < this.rows && c < this.columns) this.#fill(r * this.columns + c, text, numberOf(text));
  }

  /** Writes into cells, and shows it until the server has answered. @param {Cell[]} cells @param {string} text */
  #write(cells, text) {
    this.sent.push({ cells, text });
    this.#draw(cells, text);
    this.hooks.write(cells, text);
  }

  /** The first stroke that was sent is answered: `show` comes next, or nothing has changed. */
  answered() {
    this.sent.shift();
    this.numbers.forEach((number, k) => this.#fill(k, number.text, number.value));
    for (const { cells, text } of this.sent) this.#draw(cells, text);
  }

  /** @param {Cell} cell @param {boolean} [focuses] */
  choose([row, column], focuses = true) {
    const old = this.cells[this.at[0] * this.columns + this.at[1]];
    old?.setAttribute("tabindex", "-1");
    old?.removeAttribute("aria-selected");
    this.at = [row, column];
    const cell = this.cells[row * this.columns + column];
    put(cell, "tabindex", "0");
    put(cell, "aria-selected", "true");
    put(cell, "data-place", "cell of image");
    if (old !== cell) old?.removeAttribute("data-place");
    if (focuses) cell.focus({ preventScroll: true });
    this.hooks.chosen(this.at, "");
  }

  // The pointer

  #cellUnder(/** @type {PointerEvent} */ event) {
    const first = this.cells[0].getBoundingClientRect();
    const last = this.cells[this.cells.length - 1].getBoundingClientRect();
    const part = (/** @type {number} */ at, /** @type {number} */ from, /** @type {number} */ to, /** @type {number} */ count) => Math.min(Math.max(Math.floor(((at - from) / (to - from)) * count), 0), count - 1);
    return /** @type {Cell} */ ([part(event.clientY, first.top, last.bottom, this.rows), part(event.clientX, first.left, last.right, this.columns)]);
  }

  #down(/** @type {PointerEvent} */ event) {
    if (event.button !== 0) return;
    const cell = this.#cellUnder(event);
    event.preventDefault();
    this.choose(cell);
    if (this.mode === "choose") return;
    this.room.setPointerCapture(event.pointerId);
    this.stroke = { cells: new Map(), text: this.mode === "paint" ? this.hooks.brush() : "0", last: cell };
    this.#paint(cell);
  }

  #move(/** @type {PointerEvent} */ event) {
    if (this.stroke) for (const cell of between(this.stroke.last, this.#cellUnder(event))) this.#paint(cell);
  }

  #paint(/** @type {Cell} */ cell) {
    const { cells, text } = /** @type {NonNullable<Grid["stroke"]>} */ (this.stroke);
    /** @type {NonNullable<Grid["stroke"]>} */ (this.stroke).last = cell;
    cells.set(cell[0] * this.columns + cell[1], cell);
    this.#draw([cell], text);
  }

  #up() {
    const { stroke } = this;
    this.stroke = null;
    if (stroke) this.#write([...stroke.cells.values()], stroke.text);
  }

  #cancel() {
    this.stroke = null;
    this.numbers.forEach((number, k) => this.#fill(k, number.text, number.value));
  }

  // The keyboard

  #key(/** @type {KeyboardEvent} */ event) {
    const { key } = event;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const [r, c] = this.at;
    const to = { ArrowUp: [r - 1, c], ArrowDown: [r + 1, c], ArrowLeft: [r, c - 1], ArrowRight: [r, c + 1], Home: [r, 0], End: [r, this.columns - 1], PageUp: [0, c], PageDown: [this.rows - 1, c] }[key];
    if (to) {
      const cell = /** @type {Cell} */ ([Math.min(Math.max(to[0], 0), this.rows - 1), Math.min(Math.max(to[1], 0), this.columns - 1)]);
      this.choose(cell);
      if (event.shiftKey && this.mode !== "choose") this.#write([cell], this.mode === "paint" ? this.hooks.brush() : "0");
    } else if (key === " ") this.#write([this.at], this.mode === "erase" ? "0" : this.hooks.brush());
    else if (key === "Delete" || key === "Backspace") this.#write([this.at], "0");
    else if (key === "Enter" || key === "F2") this.hooks.chosen(this.at, null);
    else if (TYPED.test(key)) this.hooks.chosen(this.at, key);
    else return;
    event.preventDefault();
  }

  #paste(/** @type {ClipboardEvent} */ event) {
    event.preventDefault();
    this.hooks.paste(this.at, event.clipboardData?.getData("text/plain") ?? "");
  }
}

/** A number that somebody typed, as far as it is one; what a fraction comes to, the server says. @param {string} text */
export const numberOf = (text) => Number(text.replace(",", ".").replace("−", "-")) || 0;

/** What of a number stands in a cell. @param {string} text @param {number} value */
export const short = (text, value) => {
  const typed = text.replace("-", "−");
  if (typed.length <= LETTERS) return typed;
  const digits = [3, 2, 1].map((count) => String(Number(value.toPrecision(count)))).find((shorter) => shorter.length <= LETTERS);
  return (digits ?? "…").replace("-", "−");
};

/** The cells of a straight stroke, without the first. @param {Cell} from @param {Cell} to @returns {Cell[]} */
export const between = ([r0, c0], [r1, c1]) => {
  const steps = Math.max(Math.abs(r1 - r0), Math.abs(c1 - c0));
  return [...Array(steps).keys()].map((k) => [Math.round(r0 + ((r1 - r0) * (k + 1)) / steps), Math.round(c0 + ((c1 - c0) * (k + 1)) / steps)]);
};
