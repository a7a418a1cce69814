// @ts-check
/** The table of samples: cells to type in, rows added and removed, cells pasted from a spreadsheet. */

import { sentenceOf } from "../banner.mjs";
import { counted } from "../numerals.mjs";
import { html, write } from "../svg.mjs";

const MOST_ROWS = 200; // more are worked with, but not listed here

export class Samples {
  /** @param {import("../desk.mjs").Desk} desk */
  constructor(desk) {
    this.desk = desk;
    this.signature = "";
    this.head = html("thead");
    this.rows = html("tbody");
    this.fault = html("p", { class: "panel-fault", role: "alert" });
    this.note = html("p", { class: "quiet" });
    const add = html("button", { type: "button", "data-place": "add sample" }, "Add a sample");
    add.addEventListener("click", () => this.#change({ kind: "add_sample", at: this.count }));
    this.room = html(
      "div",
      { class: "samples-form" },
      html("div", { class: "samples-room", tabindex: 0, role: "group", "aria-label": "Table of samples" }, html("table", {}, this.head, this.rows)),
      this.fault,
      this.note,
      html("div", { class: "panel-actions" }, add, html("span", { class: "quiet" }, "Cells of a spreadsheet can be pasted.")),
    );
    this.count = 0;
    this.room.addEventListener("change", (event) => this.#commit(/** @type {HTMLInputElement} */ (event.target)));
    this.room.addEventListener("paste", (event) => this.#paste(event));
    this.room.addEventListener("keydown", (event) => this.#key(event));
    this.room.addEventListener("click", (event) => this.#click(/** @type {Element} */ (event.target)));
  }

  /** @param {{inputs: string[], outputs: string[]}} names @param {{x: any[][], y?: any[][]}} data as the problem file has it */
  show({ inputs, outputs }, { x, y }) {
    this.count = x.length;
    const shown = Math.min(x.length, MOST_ROWS);
    const signature = `${inputs.length} ${outputs.length} ${shown}`;
    if (signature !== this.signature) this.#build(inputs.length, outputs.length, shown);
    this.signature = signature;
    [...inputs, ...outputs].forEach((name, k) => this.#put(this.head.querySelectorAll("input")[k], name));
    [...this.rows.children].forEach((row, n) => {
      const values = [...x[n], ...(y ? y[n] : [])];
      row.querySelectorAll("input").forEach((input, k) => this.#put(input, String(values[k])));
    });
    write(this.note, x.length > shown ? `The first ${shown} of ${counted(x.length)} samples. Save the file to change the others.` : "");
    this.note.hidden = !this.note.textContent;
  }

  /** What somebody is typing stays. */
  #put(/** @type {HTMLInputElement} */ input, /** @type {string} */ value) {
    if (document.activeElement !== input || input.value === input.dataset.value) input.value = value;
    if (input.dataset.value !== value) input.removeAttribute("aria-invalid");
    input.dataset.value = value;
  }

  #build(/** @type {number} */ inputs, /** @type {number} */ outputs, /** @type {number} */ rows) {
    const name = (/** @type {string} */ kind, /** @type {number} */ k) =>
      html("th", { scope: "col" }, html("input", { type: "text", maxlength: 100, "data-place": `${kind}[${k}]`, "aria-label": `Name of ${kind.slice(0, -1)} ${k + 1}`, class: k === 0 && kind === "outputs" ? "first-target" : "" }));
    const heads = [...Array(inputs).keys()].map((k) => name("inputs", k)).concat([...Array(outputs).keys()].map((k) => name("outputs", k)));
    this.head.replaceChildren(html("tr", {}, html("td"), ...heads, html("td")));
    this.rows.replaceChildren(...[...Array(rows).keys()].map((n) => this.#row(n, inputs, outputs)));
  }

  #row(/** @type {number} */ n, /** @type {number} */ inputs, /** @type {number} */ outputs) {
    const cell = (/** @type {number} */ k) =>
      html("td", {}, html("input", { type: "text", inputmode: "text", autocomplete: "off", maxlength: 200, "data-place": `cell ${n} ${k}`, "data-row": n, "data-column": k, "aria-label": `Sample ${n + 1}, ${k < inputs ? `input ${k + 1}` : `target ${k - inputs + 1}`}`, class: k === inputs ? "first-target" : "" }));
    const remove = html("button", { type: "button", class: "quiet", "data-remove": n, "data-place": `remove sample ${n}`, "aria-label": `Remove sample ${n + 1}`, title: "Remove" }, "×");
    return html("tr", {}, html("th", { scope: "row" }, String(n + 1)), ...[...Array(inputs + outputs).keys()].map(cell), html("td", {}, remove));
  }

  #change(/** @type {any} */ edit, /** @type {HTMLInputElement | undefined} */ input = undefined) {
    const typed = input?.value;
    const tell = (/** @type {string} */ text) => {
      write(this.fault, text);
      if (text && input?.value === typed) input?.setAttribute("aria-invalid", "true");
    };
    this.desk.change(edit, { refuse: (faults) => tell(faults.map(sentenceOf).join(" ")), then: () => tell("") });
  }

  #commit(/** @type {HTMLInputElement} */ input) {
    const { row, column, place, value: before } = input.dataset;
    if (input.value === before) return write(this.fault, "");
    if (row === undefined) this.#change({ kind: "field", place, value: input.value }, input);
    else this.#change({ kind: "cell", row: Number(row), column: Number(column), text: input.value }, input);
  }

  #paste(/** @type {ClipboardEvent} */ event) {
    const text = event.clipboardData?.getData("text/plain") ?? "";
    const { row, column } = /** @type {HTMLElement} */ (event.target).dataset;
    if (row === undefined || !/[\t\n;]/.test(text.trim())) return; // one number goes into the field as usual
    event.preventDefault();
    this.#change({ kind: "paste", row: Number(row), column: Number(column), text });
  }

  #click(/** @type {Element} */ target) {
    const button = /** @type {HTMLElement | null} */ (target.closest("[data-remove]"));
    if (button) this.#change({ kind: "remove_sample", at: Number(button.dataset.remove) });
  }

  /** Up, down and Enter go to the cell above or below; Escape restores. */
  #key(/** @type {KeyboardEvent} */ event) {
    const input = /** @type {HTMLInputElement} */ (event.target);
    const { row, column, value } = input.dataset;
    if (event.key === "Escape" && value !== undefined && input.value !== value) {
      input.value = value;
      input.removeAttribute("aria-invalid");
      event.stopPropagation();
    }
    const by = { ArrowUp: -1, ArrowDown: 1, Enter: event.shiftKey ? -1 : 1 }[event.key];
    if (row === undefined || !by) return;
    const next = this.rows.querySelector(`[data-row="${Number(row) + by}"][data-column="${column}"]`);
    if (next) /** @type {HTMLInputElement} */ (next).focus();
    else if (event.key === "Enter") this.#commit(input);
  }
}
