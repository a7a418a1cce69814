// @ts-check
/** The table of errors with its plot beside it, its conventions above, and rows that are added, removed and pasted. */

import { sentenceOf } from "../banner.mjs";
import { Plot } from "../plot/plot.mjs";
import { html, write } from "../svg.mjs";
import { Table } from "./table.mjs";
import { idAt } from "../walkthrough.mjs";

/** @typedef {import("../view.mjs").View} View */
/** @typedef {import("../desk.mjs").Desk} Desk */
/** @typedef {{place: string, label: string, kind: string, value: string, choices?: [string, string][]}} Field */

const FACTORS = [["1", "1"], ["1/2", "½"], ["2", "2"]];
const MOST_FAULTS = 3; // that are told at once
const LABELS = { "loss.type": "loss", "loss.outputs": "over outputs", "loss.samples": "over samples" };
const HINT = "One row per line, its cells separated by tabs, commas or semicolons; a first line of words names the columns.";

export class Errors {
  /** @param {HTMLElement} host @param {import("../walkthrough.mjs").Walkthrough} walk @param {any} scene @param {Set<string>} given @param {Desk} desk */
  constructor(host, walk, scene, given, desk) {
    this.host = host;
    this.walk = walk;
    this.scene = scene;
    this.desk = desk;
    const isOwn = given.size > 0; // and not beside the problem that can be changed
    const { shape } = walk.block("x", "", 0);
    this.width = shape.at(-1);
    this.rows = shape.slice(0, -1).reduce((/** @type {number} */ a, /** @type {number} */ b) => a * b, 1);
    const isTable = isOwn && shape.length === 2;
    this.fault = html("p", { class: "error-fault", role: "alert" });
    const tableRoom = html("div");
    const plotRoom = html("div", { class: "error-plot" });
    const left = html("div", { class: "error-left" }, tableRoom, ...(isTable ? [this.#tools(), this.fault] : []));
    host.replaceChildren(html("div", { class: "errors" }, ...(isOwn ? [this.#conventions()] : []), html("div", { class: "error-columns" }, left, plotRoom)));
    this.table = new Table(tableRoom, walk, scene, given, desk, isTable && this.rows > 1 ? (row) => this.#removal(row) : undefined);
    this.plot = new Plot(plotRoom, scene.plot);
    if (isTable) host.firstElementChild?.addEventListener("paste", (event) => this.#pasteOnto(/** @type {ClipboardEvent} */ (event)));
  }

  /** @param {View} view */
  show(view) {
    this.table.show(view);
    for (let n = 0; n < this.rows; n++) for (let k = 0; k < this.width; k++) this.#mark(view, n, k);
  }

  measure() {
    this.plot.measure();
  }

  follow() {
    this.table.follow();
  }

  /** What changes a target that several outputs share: all of them. @param {string} name @param {string} text */
  edit(name, text) {
    const row = /^y\[(\d+)\]\[0\]$/.exec(name)?.[1];
    return row && this.scene.groups[0].shared ? { kind: "paste_in_table", row: Number(row), column: 0, text: text.replace(/\s/g, "") } : null;
  }

  /** Where a row is on the curve, from when its term is known. */
  #mark(/** @type {View} */ view, /** @type {number} */ n, /** @type {number} */ k) {
    const { x, y, sign, below, only_right: onlyRight } = this.scene.plot.marks;
    const at = (/** @type {string} */ quantity) => idAt(this.walk.block(quantity, "", view.iteration), n * this.width + k);
    const term = at(y);
    if (term < 0 || (onlyRight && this.walk.values[at("y")] === 0)) return;
    const state = view.covered && view.state(term) === "written" ? "empty" : view.state(term);
    const series = this.scene.plot.series.length > 1 ? k : 0;
    const whose = this.scene.plot.series.length > 1 ? `${this.scene.plot.series[k]}, row ${n + 1}` : `row ${n + 1}`;
    this.plot.mark(this.walk.names[term], {
      x: this.walk.values[at(x)],
      y: this.walk.values[term],
      state,
      sign: this.walk.values[at(sign)] < below ? "negative" : "positive",
      series,
      label: `${whose}: ${this.walk.drawn(term)}`,
    });
  }

  // Conventions

  #conventions() {
    const fields = /** @type {Field[]} */ (this.desk.answer.form.find((/** @type {any} */ section) => section.title === "Loss")?.fields ?? []);
    const shown = fields.filter(({ place }) => (place !== "loss.outputs" || this.width > 1) && (place !== "error" || this.scene.plot.marks.x === "error"));
    return html("div", { class: "conventions", role: "group", "aria-label": "Conventions" }, ...shown.map((field) => this.#convention(field)));
  }

  #convention(/** @type {Field} */ field) {
    const { place, label, kind, value } = field;
    const control = kind === "choice" ? select(field.choices ?? [], value) : place === "loss.factor" ? select(...factors(value)) : html("input", { type: "text", inputmode: "decimal", value, size: 4 });
    control.dataset.place = place;
    control.addEventListener("change", () => this.#set(/** @type {HTMLSelectElement} */ (control), value));
    return html("label", {}, html("span", {}, LABELS[/** @type {keyof typeof LABELS} */ (place)] ?? label), control);
  }

  #set(/** @type {HTMLSelectElement | HTMLInputElement} */ control, /** @type {string} */ before) {
    const { place } = control.dataset;
    this.desk.change(
      { kind: "field", place, value: control.value },
      {
        refuse: (faults) => {
          this.#refuse(faults);
          control.value = before;
        },
        then: () => this.#focus(`[data-place="${place}"]`),
      },
    );
  }

  // Rows

  #tools() {
    const add = html("button", { type: "button", class: "row-add" }, "Add a row");
    add.addEventListener("click", () => this.#change({ kind: "add_sample", at: this.rows }, `tr:nth-last-child(1) td[data-given]`));
    const paste = html("button", { type: "button", "aria-expanded": "false" }, "Paste rows");
    const form = this.#pasteForm();
    paste.addEventListener("click", () => {
      form.hidden = !form.hidden;
      paste.setAttribute("aria-expanded", String(!form.hidden));
      if (!form.hidden) form.querySelector("textarea")?.focus();
    });
    return html("div", { class: "row-tools" }, add, paste, html("span", { class: "quiet" }, "Or paste cells of a spreadsheet onto a number."), form);
  }

  #pasteForm() {
    const text = /** @type {HTMLTextAreaElement} */ (html("textarea", { rows: 5, "aria-label": "Rows to paste", "aria-describedby": "paste-hint", spellcheck: "false" }));
    const take = (/** @type {number} */ row) => this.#change({ kind: "paste_in_table", row, column: 0, text: text.value }, ".row-tools button");
    const replace = html("button", { type: "submit" }, "From the first row on");
    const append = html("button", { type: "button" }, "Add beneath");
    append.addEventListener("click", () => take(this.rows));
    const form = html("form", { class: "paste-rows", hidden: "" }, text, html("p", { class: "quiet", id: "paste-hint" }, HINT), html("div", {}, replace, append));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      take(0);
    });
    return form;
  }

  #removal(/** @type {number} */ row) {
    const button = html("button", { type: "button", class: "row-remove", "aria-label": `Remove row ${row + 1}`, title: "Remove this row" }, "×");
    const next = Math.min(row, this.rows - 2); // the one that has come there
    button.addEventListener("click", () => this.#change({ kind: "remove_sample", at: row }, `[aria-label="Remove row ${next + 1}"], .row-add`));
    return button;
  }

  /** Cells of a spreadsheet, from the number on that has the focus. */
  #pasteOnto(/** @type {ClipboardEvent} */ event) {
    const cell = /** @type {Element} */ (event.target).closest("td[data-given]");
    const name = cell?.getAttribute("data-given");
    const [, quantity, row, unit] = /^(?:iterations\[\d+\]\.)?([xy])\[(\d+)\]\[(\d+)\]$/.exec(name ?? "") ?? [];
    const text = event.clipboardData?.getData("text/plain");
    if (!quantity || !text) return;
    event.preventDefault();
    this.#change({ kind: "paste_in_table", row: Number(row), column: this.#column(quantity, Number(unit)), text }, `td[data-given="${name}"]`);
  }

  /** Which of the columns that can be changed it is, from the left. @param {string} quantity @param {number} unit */
  #column(quantity, unit) {
    const given = this.scene.groups.flatMap((/** @type {any} */ group) => group.columns).filter((/** @type {any} */ column) => column.quantity === "x" || column.quantity === "y");
    if (this.scene.classes.length) return 2 * unit + (quantity === "x" ? 1 : 0);
    return given.findIndex((/** @type {any} */ column) => column.quantity === quantity && column.unit === unit);
  }

  #change(/** @type {any} */ edit, /** @type {string} */ focus) {
    this.desk.change(edit, { refuse: (faults) => this.#refuse(faults), then: () => this.#focus(focus) });
  }

  #refuse(/** @type {import("../banner.mjs").Fault[]} */ faults) {
    const more = faults.length - MOST_FAULTS;
    write(this.fault, faults.slice(0, MOST_FAULTS).map(sentenceOf).join(" ") + (more > 0 ? ` And ${more} more.` : ""));
    this.fault.scrollIntoView({ block: "nearest" });
  }

  /** The scene is another one by now, in the same place. @param {string} selector */
  #focus(selector) {
    const found = [...this.host.querySelectorAll(selector)][0];
    /** @type {HTMLElement | undefined} */ (found)?.focus({ preventScroll: true });
    found?.scrollIntoView({ block: "nearest" });
  }
}

/** The usual factors, and the one that there is. @param {string} value @returns {[string[][], string]} */
const factors = (value) => {
  const usual = FACTORS.find(([typed]) => typed === value || { "1.0": "1", 0.5: "1/2", "2.0": "2" }[value] === typed);
  return usual ? [FACTORS, usual[0]] : [[...FACTORS, [value, value]], value];
};

/** @param {string[][]} choices value and words @param {string} value */
const select = (choices, value) => html("select", {}, ...choices.map(([name, words]) => html("option", { value: name, ...(name === value ? { selected: "" } : {}) }, words)));
