// @ts-check
/** The matrix form of the step, beneath its formula. Its elements are made once per line of working; steps only mark them. */

import { textOf } from "../copy/notation.mjs";
import { html, put } from "../svg.mjs";
import { largeOf, linesAt, numberMath, numbersMath, resultMath, symbolMath, symbolsMath } from "./lines.mjs";

/** @typedef {import("../view.mjs").View} View */
/** @typedef {import("./lines.mjs").MatrixLine} MatrixLine */

const NONE = `<p class="quiet">This step has no matrix form: what it works out is a single number.</p>`;

export class MatrixPanel {
  /** @param {HTMLElement} host @param {(name: string) => void} choose */
  constructor(host, choose) {
    this.host = host;
    this.body = html("div", { class: "matrix-lines" });
    host.replaceChildren(this.body);
    this.key = "";
    this.overflows = false;
    /** @type {import("../walkthrough.mjs").Walkthrough | null} */
    this.walk = null;
    /** @type {{id: number, cell: Element, look: string}[]} */
    this.cells = [];
    this.body.addEventListener("click", (event) => {
      const name = /** @type {Element} */ (event.target).closest("[data-quantity]")?.getAttribute("data-quantity");
      if (name) choose(name);
    });
  }

  /** @param {View} view */
  show(view) {
    const lines = linesAt(view);
    const key = [view.walk.data.title, ...lines.map((line) => view.walk.data.matrices.indexOf(line)), lines.some((line) => largeOf(line).length) ? view.k : ""].join();
    if (key !== this.key || view.walk !== this.walk) this.#make(view, lines, key);
    for (const one of this.cells) this.#mark(view, one);
    if (this.overflows) this.body.querySelector('[data-state="written"], [data-aimed="true"]')?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  #make(/** @type {View} */ view, /** @type {MatrixLine[]} */ lines, /** @type {string} */ key) {
    this.key = key;
    this.walk = view.walk;
    this.body.innerHTML = lines.map((line) => lineHtml(view, line)).join("") || NONE;
    this.cells = [...this.body.querySelectorAll("[data-id]")].map((cell) => {
      const id = Number(cell.getAttribute("data-id"));
      put(cell, "data-quantity", view.walk.names[id]);
      return { id, cell, look: "" };
    });
    this.overflows = false;
    requestAnimationFrame(() => (this.overflows = this.host.scrollHeight > this.host.clientHeight || this.host.scrollWidth > this.host.clientWidth));
  }

  #mark(/** @type {View} */ view, /** @type {{id: number, cell: Element, look: string}} */ one) {
    const state = view.state(one.id);
    const look = state === "empty" || (view.covered && state === "written") ? "empty" : state;
    const aimed = one.id === view.aim ? "aimed" : "";
    if (one.look === look + aimed) return;
    one.look = look + aimed;
    put(one.cell, "data-state", look);
    put(one.cell, "data-aimed", String(Boolean(aimed)));
    one.cell.innerHTML = look === "empty" ? emptyMath(view.walk.data.texts[one.id]) : numberMath(view.walk, one.id);
    one.cell.classList.toggle("negative", view.walk.values[one.id] < 0);
  }
}

/** As much room as the number will take, so that nothing moves when it comes. @param {string} text */
const emptyMath = (text) => `<mspace width="${[...text].reduce((sum, c) => sum + (c === "." ? 0.25 : c === "−" ? 0.65 : 0.5), 0)}em" height="0.66em" depth="0.02em"></mspace>`;

/** A line with cells that are still to be filled. @param {View} view @param {MatrixLine} line */
const lineHtml = (view, line) => {
  const { walk } = view;
  const cell = (/** @type {number} */ id) => (id < 0 || !walk.names[id] ? numberMath(walk, id) : `<mrow data-id="${id}"></mrow>`);
  const text = (/** @type {number} */ id) => numberMath(walk, id);
  const [symbols, numbers, result] = [symbolsMath(view, line), numbersMath(view, line, cell), resultMath(view, line, cell)];
  const [all, out] = [numbersMath(view, line, text), resultMath(view, line, text)];
  const sides = [symbols, ...(all === out || all === symbols ? [] : [numbers])];
  const large = largeOf(line).map(([symbol, rows, columns]) => `${textOf(symbol)} is ${rows} × ${columns}`);
  const note = large.length ? `<p class="quiet matrix-note">${large.join(", ")}: ⋯ stands for the numbers between.</p>` : "";
  return `<div class="matrix-line"><math>${symbolMath(view, line)}</math>${sides.map((side) => `<span class="piece"><span class="equals">=</span><math>${side}</math></span>`).join("")}<span class="piece"><span class="equals">${signOf(view, line)}</span><math>${result}</math></span>${note}</div>`;
};

/** ≈ if any number of the result is rounded. @param {View} view @param {MatrixLine} line */
const signOf = ({ walk }, { result: [, rows, columns, first, down, across] }) => {
  for (let r = 0; r < rows; r++) for (let c = 0; c < columns; c++) if (walk.data.approximate[first + r * down + c * across]) return "≈";
  return "=";
};
