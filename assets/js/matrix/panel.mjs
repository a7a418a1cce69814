// @ts-check
/** The matrix form of the step, beneath its formula. Its elements are made once per line of working; steps only mark them. */

import { cut } from "../copy/cut.mjs";
import { textOf } from "../copy/notation.mjs";
import { html, put } from "../svg.mjs";
import { largeOf, linesAt, numberMath, numbersMath, resultMath, SEEN, signOf, symbolMath, symbolsMath } from "./lines.mjs";

/** @typedef {import("../view.mjs").View} View */
/** @typedef {import("./lines.mjs").MatrixLine} MatrixLine */

const NONE = "This step has no matrix form: it is a single number, or every number has a formula of its own.";
const TOO_MANY = "These are too many numbers for a matrix form: only some of them are shown.";

const KEPT = 8; // lines of working whose elements are kept: steps go to and fro between two of them

/** @typedef {{id: number, cell: Element, look: string}} Entry a number in a matrix */
/** @typedef {{body: HTMLElement, entries: Entry[], overflows: boolean}} Made */

export class MatrixPanel {
  /** @param {HTMLElement} host @param {(name: string) => void} choose */
  constructor(host, choose) {
    this.host = host;
    /** @type {import("../walkthrough.mjs").Walkthrough | null} */
    this.walk = null;
    /** @type {Map<string, Made>} */
    this.kept = new Map();
    /** @type {Made | null} what is shown */
    this.made = null;
    host.addEventListener("click", (event) => {
      const name = /** @type {Element} */ (event.target).closest("[data-quantity]")?.getAttribute("data-quantity");
      if (name) choose(name);
    });
  }

  /** @param {View} view */
  show(view) {
    if (view.walk !== this.walk) this.kept.clear();
    this.walk = view.walk;
    const made = this.#lines(view);
    for (const entry of made.entries) this.#mark(view, entry);
    if (made !== this.made) this.host.replaceChildren(made.body);
    if (made !== this.made) requestAnimationFrame(() => (made.overflows = made.body.offsetHeight > this.host.clientHeight));
    this.made = made;
    if (made.overflows) made.body.querySelector('[data-state="written"], [data-aimed="true"]')?.scrollIntoView({ block: "nearest" });
  }

  /** The elements of the lines of a step. @param {View} view @returns {Made} */
  #lines(view) {
    const lines = linesAt(view);
    const isCut = lines.some((line) => largeOf(line, SEEN).length); // which rows and columns are there depends on the step
    const key = [...lines.map((line) => view.walk.data.matrices.indexOf(line)), isCut ? `${view.detail} ${view.k}` : ""].join();
    const made = this.kept.get(key) ?? make(view, lines);
    this.kept.delete(key);
    this.kept.set(key, made); // the last one again, so that the first is the one that was not needed for longest
    if (this.kept.size > KEPT) this.kept.delete(/** @type {string} */ (this.kept.keys().next().value));
    return made;
  }

  #mark(/** @type {View} */ view, /** @type {Entry} */ one) {
    const state = view.state(one.id);
    const look = state === "empty" || (view.covered && state === "written") ? "empty" : state;
    const aimed = one.id === view.aim ? "aimed" : "";
    if (one.look === look + aimed) return;
    one.look = look + aimed;
    put(one.cell, "data-state", look);
    put(one.cell, "data-aimed", String(Boolean(aimed)));
    one.cell.innerHTML = look === "empty" ? emptyMath(view.walk.text(one.id)) : numberMath(view.walk, one.id);
    one.cell.classList.toggle("negative", view.walk.values[one.id] < 0);
  }
}

/** @param {View} view @param {MatrixLine[]} lines @returns {Made} */
const make = (view, lines) => {
  const body = html("div", { class: "matrix-lines" });
  body.innerHTML = lines.map((line) => lineHtml(view, line)).join("") || `<p class="quiet">${view.walk.data.whole ? NONE : TOO_MANY}</p>`;
  const entries = [...body.querySelectorAll("[data-id]")].map((cell) => {
    const id = Number(cell.getAttribute("data-id"));
    put(cell, "data-quantity", view.walk.names[id]);
    return { id, cell, look: "" };
  });
  return { body, entries, overflows: false };
};

/** As much room as the number will take, so that nothing moves when it comes. @param {string} text */
const emptyMath = (text) => `<mspace width="${[...text].reduce((sum, c) => sum + (c === "." ? 0.25 : c === "−" ? 0.65 : 0.5), 0)}em" height="0.66em" depth="0.02em"></mspace>`;

/** A line with cells that are still to be filled. @param {View} view @param {MatrixLine} line */
const lineHtml = (view, line) => {
  const { walk } = view;
  const empty = { most: SEEN, cell: (/** @type {number} */ id) => (id < 0 || !walk.names[id] ? numberMath(walk, id) : `<mrow data-id="${id}"></mrow>`) };
  const full = { most: SEEN, cell: (/** @type {number} */ id) => numberMath(walk, id) };
  const [symbols, numbers, result] = [symbolsMath(view, line), numbersMath(view, line, empty), resultMath(view, line, empty)];
  const [all, out] = [numbersMath(view, line, full), resultMath(view, line, full)];
  const sides = [symbols, ...(all === out || all === symbols ? [] : [numbers])];
  const large = largeOf(line, SEEN).map(([symbol, rows, columns]) => `${textOf(symbol)} is ${rows} × ${columns}`);
  const note = large.length ? `<p class="quiet matrix-note">${large.join(", ")}: ⋯ stands for the numbers between.</p>` : "";
  const equations = [...sides.map((side) => sideHtml("=", side)), sideHtml(signOf(view, line), result)];
  return `<div class="matrix-line"><math>${symbolMath(view, line)}</math>${equations.join("")}${note}</div>`;
};

/** A side that wraps before its signs. @param {string} equals @param {string} side */
const sideHtml = (equals, side) =>
  cut(side, "+−·⊙").map(({ sign, math }) => `<span class="piece"><span class="equals">${sign || equals}</span><math>${math}</math></span>`).join("");
