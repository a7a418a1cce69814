// @ts-check
/** Draws a table of errors: a row per sample, the total and the mean beneath. */

import { html, put, write } from "./svg.mjs";
import { idAt } from "./walkthrough.mjs";

/** @typedef {import("./view.mjs").View} View */

export class Table {
  /** @param {HTMLElement} host @param {import("./walkthrough.mjs").Walkthrough} walk @param {any} scene @param {Set<string>} given */
  constructor(host, walk, scene, given) {
    this.host = host;
    this.walk = walk;
    this.given = given;
    /** @type {((view: View) => void)[]} */
    this.updates = [];
    const table = html("table", { class: "error-table", "aria-label": "Errors, a row per sample" });
    table.append(this.#head(scene), this.#body(scene), this.#foot(scene));
    host.replaceChildren(html("div", { class: "error-table-room" }, table));
  }

  /** @param {View} view */
  show(view) {
    for (const update of this.updates) update(view);
  }

  measure() {}

  follow() {
    this.host.querySelector('tbody [data-mark="written"]')?.scrollIntoView({ block: "nearest" });
  }

  #head(/** @type {any} */ scene) {
    const head = html("thead");
    if (scene.groups.length > 1)
      head.append(html("tr", {}, html("th"), ...scene.groups.map((/** @type {any} */ g) => html("th", { colspan: g.columns.length, scope: "colgroup" }, g.title))));
    const titles = scene.groups.flatMap((/** @type {any} */ g) => g.columns.map((/** @type {any} */ c) => html("th", { scope: "col" }, c.title)));
    head.append(html("tr", {}, html("th", { scope: "col" }, "sample"), ...titles));
    return head;
  }

  #body(/** @type {any} */ scene) {
    const body = html("tbody");
    const { shape } = this.walk.block("x", "", 0);
    const width = shape[shape.length - 1];
    const rows = shape.reduce((/** @type {number} */ a, /** @type {number} */ b) => a * b, 1) / width;
    for (let n = 0; n < rows; n++) {
      if (idAt(this.walk.block("x", "", 0), n * width) < 0) continue;
      const row = html("tr", {}, html("th", { scope: "row" }, String(n + 1)));
      for (const { quantity, unit } of scene.groups.flatMap((/** @type {any} */ g) => g.columns))
        row.append(this.#cell((view) => idAt(this.walk.block(quantity, "", view.iteration), n * width + unit), this.given.has(quantity)));
      body.append(row);
    }
    return body;
  }

  #foot(/** @type {any} */ scene) {
    const foot = html("tfoot");
    const columns = scene.groups.reduce((/** @type {number} */ sum, /** @type {any} */ g) => sum + g.columns.length, 0);
    if (scene.total) foot.append(this.#total(scene.total, columns));
    if (scene.loss) {
      foot.append(html("tr", { class: "loss-row" }, html("th", { colspan: columns, scope: "row" }, `loss: ${scene.loss}`), this.#cell((view) => idAt(this.walk.block("loss", "", view.iteration), 0), false)));
    }
    return foot;
  }

  /** The sum of all terms: a running sum inside of the loss, known when that is. */
  #total(/** @type {string} */ name, /** @type {number} */ columns) {
    const cell = html("td", {});
    this.updates.push((view) => {
      const loss = idAt(this.walk.block("loss", "", view.iteration), 0);
      const { line, row } = this.walk.steps("neuron")[this.walk.writtenAt("neuron")[loss]];
      const part = this.walk.opened(line, row)?.findIndex(([kind, k]) => `loss.${kind}[${k}]` === name) ?? -1;
      const state = part < 0 ? "empty" : this.#stateOfTotal(view, loss, line, row, part);
      put(cell, "data-mark", state);
      put(cell, "data-quantity", part < 0 ? name : this.walk.part(line, row, part).name);
      put(cell, "data-state", state);
      write(cell, state === "empty" || (view.covered && state === "written") ? "" : this.walk.part(line, row, part).text);
    });
    return html("tr", { class: "total-row" }, html("th", { colspan: columns, scope: "row" }, "total"), cell);
  }

  #stateOfTotal(/** @type {View} */ view, /** @type {number} */ loss, /** @type {number} */ line, /** @type {number} */ row, /** @type {number} */ part) {
    if (view.detail !== "operation") return view.state(loss);
    const at = view.walk.steps("operation").findIndex((s) => s.kind === "part" && s.line === line && s.row === row && s.part === part);
    if (view.k < at) return "empty";
    return view.k === at ? "written" : view.state(loss) === "written" ? "read" : "known";
  }

  #cell(/** @type {(view: View) => number} */ find, /** @type {boolean} */ given) {
    const cell = html("td", { tabindex: 0 });
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
      write(cell, view.text(id));
      cell.classList.toggle("chosen", id === view.chosen);
      cell.classList.toggle("lit", view.lit.has(id));
    });
    return cell;
  }
}
