// @ts-check
/** Draws a table of errors: a row per sample, or per class of a sample, and totals and losses beneath. */

import { html, put, write } from "../svg.mjs";
import { idAt } from "../walkthrough.mjs";

/** @typedef {import("../view.mjs").View} View */
/** @typedef {{title: string, quantity: string, unit: number, after?: number}} Column `after`: characters from the point on, at most */
/** @typedef {{title: string, columns: Column[], shared?: boolean, total?: string, loss?: string}} Group */

const MOST_LOOKED_AT = 2000; // rows, for what comes behind the point

export class Table {
  /**
   * @param {HTMLElement} host @param {import("../walkthrough.mjs").Walkthrough} walk @param {any} scene @param {Set<string>} given
   * @param {unknown} [_desk] @param {(row: number) => Element} [last] what stands at the end of a sample's row
   */
  constructor(host, walk, scene, given, _desk, last) {
    this.host = host;
    this.walk = walk;
    this.given = given;
    this.last = last;
    /** @type {Group[]} */
    this.groups = scene.groups;
    /** @type {string[]} */
    this.classes = scene.classes;
    this.width = walk.block("x", "", 0).shape.at(-1);
    /** @type {((view: View) => void)[]} */
    this.updates = [];
    for (const column of this.#columns) column.after = this.#afterPoint(column, scene);
    this.root = html("table", { class: "error-table", "aria-label": "Errors, a row per sample" }, this.#head(), this.#body(), this.#foot(scene));
    host.replaceChildren(html("div", { class: "error-table-room" }, this.root));
  }

  /** @param {View} view */
  show(view) {
    for (const update of this.updates) update(view);
  }

  measure() {}

  follow() {
    this.root.querySelector('[data-mark="written"]')?.scrollIntoView({ block: "nearest" });
  }

  get #columns() {
    return this.groups.flatMap((group) => group.columns);
  }

  /** The samples that are shown: of very many, not all. */
  get #rows() {
    const block = this.walk.block("x", "", 0);
    const count = block.shape.reduce((/** @type {number} */ a, /** @type {number} */ b) => a * b, 1) / this.width;
    return Array.from({ length: count }, (_, n) => n).filter((n) => idAt(block, n * this.width) >= 0);
  }

  #afterPoint(/** @type {Column} */ { quantity, unit }, /** @type {any} */ scene) {
    const block = this.walk.block(quantity, "", 0);
    const units = unit < 0 ? this.classes.map((_, k) => k) : [unit];
    const ids = this.#rows.slice(0, MOST_LOOKED_AT).flatMap((n) => units.map((k) => idAt(block, n * this.width + k)));
    if (quantity === "term") ids.push(...[scene.loss ? "loss" : "", ...this.groups.map(({ loss }) => loss ?? "")].filter(Boolean).map((name) => this.walk.index.get(name) ?? -1));
    return Math.max(0, ...ids.filter((id) => id >= 0).map((id) => afterPoint(this.walk.drawn(id)).length));
  }

  #head() {
    const first = this.classes.length ? [html("th", { scope: "col" }, "sample"), html("th", { scope: "col", class: "class-name" }, "class")] : [html("th", { scope: "col" }, "sample")];
    const last = this.last ? [html("td")] : [];
    const titles = this.groups.flatMap(({ columns }) => columns.map(({ title }, k) => html("th", { scope: "col", class: k ? "" : "first" }, title)));
    const head = html("thead");
    if (this.groups.length > 1)
      head.append(html("tr", { class: "group-row" }, html("td"), ...this.groups.map(({ title, columns }) => (title ? html("th", { colspan: columns.length, scope: "colgroup", class: "first" }, title) : html("td", { colspan: columns.length }))), ...last));
    head.append(html("tr", {}, ...first, ...titles, ...last.map((cell) => cell.cloneNode()).map((cell) => /** @type {Element} */ (cell))));
    return head;
  }

  #body() {
    const body = html("tbody");
    for (const n of this.#rows) {
      const sample = html("th", { scope: "row" }, String(n + 1));
      const last = this.last ? [html("td", { class: "row-end" }, this.last(n))] : [];
      if (!this.classes.length) body.append(html("tr", {}, sample, ...this.#cells(n, 0), ...last));
      this.classes.forEach((name, k) => {
        for (const cell of [sample, ...last]) cell.setAttribute("rowspan", String(this.classes.length));
        const row = html("tr", { class: k ? "" : "sample-begins" }, ...(k ? [] : [sample]), html("th", { scope: "row", class: "class-name" }, name), ...this.#cells(n, k), ...(k ? [] : last));
        body.append(row);
      });
    }
    return body;
  }

  #cells(/** @type {number} */ n, /** @type {number} */ row) {
    return this.groups.flatMap(({ columns }) =>
      columns.map((column, k) => {
        const { quantity, unit } = column;
        const place = n * this.width + (unit < 0 ? row : unit);
        return this.#cell((view) => idAt(this.walk.block(quantity, "", view.iteration), place), column, this.given.has(quantity), k ? "" : "first");
      }),
    );
  }

  /** Beneath each group what is its own, and in the last line what is all of them together. */
  #foot(/** @type {any} */ scene) {
    const foot = html("tfoot");
    const own = this.groups.filter(({ loss }) => loss);
    if (own.some(({ total }) => total)) foot.append(this.#ownRow("total-row", "total", ({ total }, column) => this.#total(total ?? "", column)));
    if (own.length) foot.append(this.#ownRow("mean-row", scene.loss, ({ loss }, column) => this.#named(loss ?? "", column)));
    const before = this.#columns.length - 1 + (this.classes.length ? 2 : 1);
    const column = /** @type {Column} */ (this.#columns.at(-1));
    const row = (/** @type {string} */ kind, /** @type {string} */ words, /** @type {HTMLElement} */ cell) =>
      foot.append(html("tr", { class: kind }, html("th", { colspan: before, scope: "row" }, words), cell, ...this.#end()));
    if (scene.total) row("total-row", "total", this.#total(scene.total, column));
    if (scene.loss) row("loss-row", `loss: ${scene.of_outputs || scene.loss}`, this.#named("loss", column));
    return foot;
  }

  #end() {
    return this.last ? [html("td")] : [];
  }

  /** A line with a number beneath the last column of each group. @param {string} kind @param {string} words @param {(group: Group, column: Column) => HTMLElement} cell */
  #ownRow(kind, words, cell) {
    const row = html("tr", { class: kind });
    let before = 1;
    for (const group of this.groups) {
      before += group.columns.length;
      if (!group.loss) continue;
      const filler = row.childElementCount ? html("td", { colspan: before - 1 }) : html("th", { colspan: before - 1, scope: "row" }, words);
      row.append(...(before > 1 ? [filler] : []), cell(group, group.columns[group.columns.length - 1]));
      before = 0;
    }
    row.append(...this.#end());
    return row;
  }

  /** The sum of all terms: a running sum inside of a step, known when that is. @param {string} name @param {Column} column */
  #total(name, column) {
    const [, owner, kind, at] = /^(.+)\.(terms|sums)\[(\d+)\]$/.exec(name) ?? [];
    const cell = html("td", {});
    if (!owner) return cell;
    this.updates.push((view) => {
      const id = this.walk.index.get(prefix(view) + owner) ?? -1;
      const { line, row } = this.walk.steps("neuron")[this.walk.writtenAt("neuron")[id]];
      const part = this.walk.opened(line, row)?.findIndex(([k, n]) => k === kind && String(n) === at) ?? -1;
      const state = part < 0 ? "empty" : view.stateOfPart(id, line, row, part);
      put(cell, "data-mark", state);
      put(cell, "data-quantity", part < 0 ? name : this.walk.part(line, row, part).name);
      put(cell, "data-state", state);
      writeNumber(cell, state === "empty" ? "" : view.covered && state === "written" ? "?" : this.walk.part(line, row, part).text, column.after);
    });
    return cell;
  }

  #named(/** @type {string} */ name, /** @type {Column} */ column) {
    return this.#cell((view) => this.walk.index.get(prefix(view) + name) ?? -1, column, false);
  }

  #cell(/** @type {(view: View) => number} */ find, /** @type {Column} */ { after }, /** @type {boolean} */ given, kind = "") {
    const cell = html("td", { tabindex: 0, class: kind });
    this.updates.push((view) => {
      const id = find(view);
      if (id < 0) return;
      const state = view.state(id);
      put(cell, "data-quantity", this.walk.names[id]);
      put(cell, "data-for", this.walk.names[id]);
      put(cell, "data-state", state);
      put(cell, "data-mark", id === view.aim ? "aimed" : state);
      if (given) put(cell, "data-given", this.walk.names[id]);
      put(cell, "data-sign", this.walk.values[id] < 0 && state !== "empty" ? "negative" : "positive");
      writeNumber(cell, view.text(id), after);
      cell.classList.toggle("chosen", id === view.chosen);
      cell.classList.toggle("lit", view.lit.has(id));
    });
    return cell;
  }
}

const prefix = (/** @type {View} */ view) => (view.iteration ? `iterations[${view.iteration}].` : "");

/** A number from its point on. @param {string} text */
const afterPoint = (text) => text.slice(text.search(/[.e]|$/));

/** Writes a number; what it lacks behind the point, unseen, so that the points of a column stand one above the other. @param {HTMLElement} cell @param {string} text @param {number} [after] */
const writeNumber = (cell, text, after = 0) => {
  const own = afterPoint(text);
  const lacks = text ? after - own.length : 0;
  write(cell, text);
  put(cell, "data-fill", lacks <= 0 ? "" : own ? "0".repeat(lacks) : `.${"0".repeat(lacks - 1)}`);
};
