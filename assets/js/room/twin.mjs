// @ts-check
/** The twin of a drawing: a table of the same numbers, by layer. Loaded when it is asked for. */

import { counted } from "../numerals.mjs";
import { html, put, write } from "../svg.mjs";
import { kindOf } from "../written.mjs";

/** @typedef {import("../view.mjs").View} View */
/** @typedef {import("../walkthrough.mjs").Walkthrough} Walkthrough */

const MOST = 300; // rows
const BESIDE = [".grad", ".new", ".after"]; // in the row of what they belong to
const LOSS = ["y", "error", "term", "penalty", "loss", "loss_after"];

export class Twin {
  /** @param {HTMLElement} stage where the drawing is @param {View} view */
  constructor(stage, view) {
    this.stage = stage;
    this.made = "";
    /** @type {Walkthrough | null} */
    this.walk = null;
    /** @type {{cell: HTMLElement, id: number}[]} */
    this.cells = [];
    this.caption = html("caption");
    this.table = html("table", { class: "twin-table" });
    this.note = html("p", { class: "quiet" });
    this.host = html("div", { class: "twin", tabindex: 0, role: "region", "aria-label": "The drawing as a table" }, this.table, this.note);
    const had = stage.querySelector(".scene")?.contains(document.activeElement);
    stage.append(this.host);
    stage.dataset.table = "true";
    this.#button("true");
    if (had) this.host.focus({ preventScroll: true });
    this.show(view);
  }

  /** @returns {undefined} */
  leave() {
    const had = this.host.contains(document.activeElement);
    this.host.remove();
    delete this.stage.dataset.table;
    this.#button("false");
    if (had) /** @type {HTMLElement | null} */ (this.stage.querySelector(".scene"))?.focus({ preventScroll: true });
  }

  #button(/** @type {string} */ pressed) {
    const button = this.stage.querySelector('[data-act="table"]');
    if (button) put(button, "aria-pressed", pressed);
  }

  /** @param {View} view */
  show(view) {
    const made = `${view.iteration} ${view.instance}`;
    if (view.walk !== this.walk || made !== this.made) this.#make(view);
    this.walk = view.walk;
    this.made = made;
    write(this.caption, `Step ${counted(view.k + 1)} of ${counted(view.walk.count(view.detail))}, ${view.chapter}: the numbers that are known`);
    for (const { cell, id } of this.cells) {
      put(cell, "data-state", view.state(id));
      write(cell, view.text(id));
    }
    this.cells.find(({ id }) => view.writes.has(id))?.cell.scrollIntoView({ block: "nearest" });
  }

  #make(/** @type {View} */ view) {
    const { walk } = view;
    const rows = rowsOf(view);
    const hasNew = rows.some(({ renewed }) => renewed >= 0);
    const head = ["number", "symbol", "value", "gradient", ...(hasNew ? ["after the update"] : [])];
    this.cells = [];
    const bodies = groupsOf(walk)
      .map((group) => ({ group, own: rows.slice(0, MOST).filter((row) => row.group === group) }))
      .filter(({ own }) => own.length)
      .map(({ group, own }) => {
        const title = html("tr", {}, html("th", { scope: "rowgroup", colspan: head.length }, group));
        return html("tbody", {}, title, ...own.map((row) => this.#row(walk, row, hasNew)));
      });
    this.table.replaceChildren(this.caption, html("thead", {}, html("tr", {}, ...head.map((text) => html("th", { scope: "col" }, text)))), ...bodies);
    write(this.note, rows.length > MOST ? `${counted(rows.length - MOST)} more numbers are left out.` : "");
  }

  #row(/** @type {Walkthrough} */ walk, /** @type {Row} */ { id, gradient, renewed }, /** @type {boolean} */ hasNew) {
    const symbol = html("td", { class: `symbol-${kindOf(walk.names[id])}` });
    symbol.innerHTML = `<math>${walk.symbol(id)}</math>`;
    const numbers = [id, gradient, ...(hasNew ? [renewed] : [])].map((own) => this.#cell(walk, own));
    return html("tr", {}, html("th", { scope: "row" }, walk.words(id)), symbol, ...numbers);
  }

  #cell(/** @type {Walkthrough} */ walk, /** @type {number} */ id) {
    if (id < 0) return html("td");
    const cell = html("td", { class: "twin-number", "data-quantity": walk.names[id] });
    this.cells.push({ cell, id });
    return cell;
  }
}

/** @typedef {{group: string, id: number, gradient: number, renewed: number}} Row */

/** What stands in the table at a step: the numbers of its iteration, and of the sample that is looked at. @param {View} view @returns {Row[]} */
const rowsOf = ({ walk, iteration, instance }) => {
  const before = iteration ? `iterations[${iteration}].` : "";
  const other = (/** @type {string} */ name) => walk.index.get(name) ?? -1;
  /** @type {Row[]} */
  const found = [];
  walk.names.forEach((name, id) => {
    const block = walk.blockOf[id];
    if (!name || BESIDE.includes(block.suffix) || walk.iterationOf(id) !== iteration || !name.startsWith(before)) return;
    if (block.axes[0] === "sample" && walk.instanceOf(id) !== instance) return;
    const renewed = block.suffix ? -1 : Math.max(other(`${name}.new`), other(`${name}.after`));
    found.push({ group: groupOf(block.name.slice(before.length)), id, gradient: block.suffix ? -1 : other(`${name}.grad`), renewed });
  });
  return found;
};

/** Where a quantity stands, by the name of its block: with its layer, with the inputs, the loss or the settings. @param {string} name */
const groupOf = (name) => (name.includes(".") ? name.split(".")[0] : name === "x" ? "inputs" : LOSS.includes(name) ? "loss" : "settings");

/** The parts of the table, from the inputs to the loss. @param {Walkthrough} walk @returns {string[]} */
const groupsOf = (walk) => {
  const layers = walk.data.lines.map((/** @type {any} */ line) => line.layer).filter(Boolean);
  const others = walk.data.quantities.map((/** @type {any} */ block) => groupOf(block.name.replace(/^iterations\[\d+\]\./, "")));
  return [...new Set(["inputs", ...layers, ...others.filter((/** @type {string} */ group) => !["loss", "settings"].includes(group)), "loss", "settings"])];
};
