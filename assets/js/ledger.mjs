// @ts-check
/** The table of all steps; only the rows that are in sight are there, so that length costs nothing. */

import { escape } from "./formulas.mjs";
import { html, put, symbolHtml } from "./svg.mjs";
import { kindOf, lineHtml, numbersOf } from "./written.mjs";

/** @typedef {import("./view.mjs").View} View */
/** @typedef {import("./walkthrough.mjs").Walkthrough} Walkthrough */
/** @typedef {{chapter?: string, count?: number, k: number, top: number, height: number}} Item */

const BEYOND = 100; // pixels above and below that are ready
const CURRENT = 0.45; // how far down, of its room, the current row stands

export class Ledger {
  /** @param {HTMLElement} host @param {{choose: (name: string) => void, goTo: (k: number) => void}} hooks */
  constructor(host, hooks) {
    this.host = host;
    this.hooks = hooks;
    this.body = html("div", { class: "ledger-body", role: "list", "aria-label": "All steps" });
    host.append(this.body);
    /** @type {Map<number, HTMLElement>} */
    this.rows = new Map();
    /** @type {View | null} */
    this.view = null;
    /** @type {Item[]} */
    this.items = [];
    /** @type {number[]} the item of every step */
    this.itemOf = [];
    this.total = 0; // pixels of all items
    this.height = 0; // of the room
    this.scrolled = 0; // where the room is, and
    this.settled = 0; // where the browser has been told that it is
    host.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    host.addEventListener("click", (event) => this.#click(event));
    host.addEventListener("dblclick", (event) => this.#enter(event));
    host.addEventListener("keydown", (event) => this.#key(event));
  }

  /** The room for the table has changed. */
  measure() {
    this.height = this.host.clientHeight;
  }

  /** @param {View} view */
  show(view) {
    if (!this.height) this.measure();
    if (!this.view || this.view.walk !== view.walk || this.view.detail !== view.detail) this.#list(view);
    this.view = view;
    this.#follow(view);
    this.#fill();
  }

  #list(/** @type {View} */ view) {
    const { walk, detail } = view;
    const height = Number(getComputedStyle(this.host).getPropertyValue("--row")) || 38;
    this.items = [];
    this.itemOf = [];
    let top = 0;
    /** @type {Item} */
    let chapter = { k: -1, top, height: 0 };
    for (let k = 0; k < walk.count(detail); k++) {
      const title = walk.chapterOf(walk.within(detail, k)[0]);
      if (chapter.chapter !== title) {
        chapter = { chapter: title, count: 0, k, top, height: height - 6 };
        this.items.push(chapter);
        top += height - 6;
      }
      chapter.count = (chapter.count ?? 0) + 1;
      this.itemOf.push(this.items.length);
      this.items.push({ k, top, height });
      top += height;
    }
    this.total = top;
    this.body.style.height = `${top}px`;
    for (const row of this.rows.values()) row.remove();
    this.rows.clear();
  }

  #follow(/** @type {View} */ view) {
    const focus = view.chosen >= 0 && view.at[view.chosen] >= 0 ? view.at[view.chosen] : view.k;
    const { top, height } = this.items[this.itemOf[focus]];
    const room = this.height - height;
    this.scrolled = Math.round(Math.max(0, Math.min(top - room * CURRENT, this.total - this.height)));
  }

  /** Scrolls to where the step is; last of all, because it makes the browser lay everything out. */
  settle() {
    if (this.settled !== this.scrolled) this.host.scrollTop = this.settled = this.scrolled;
  }

  /** A person has scrolled. */
  #scrolled() {
    if (Math.abs(this.host.scrollTop - this.scrolled) < 1 || !this.view) return;
    this.settled = this.scrolled = this.host.scrollTop;
    this.#fill();
  }

  #fill() {
    const view = /** @type {View} */ (this.view);
    const from = this.scrolled - BEYOND;
    const to = this.scrolled + this.height + BEYOND;
    let first = 0;
    for (let high = this.items.length; first < high; ) {
      const middle = (first + high) >> 1;
      if (this.items[middle].top + this.items[middle].height < from) first = middle + 1;
      else high = middle;
    }
    let last = first;
    while (last < this.items.length && this.items[last].top < to) last++;
    for (const [n, row] of this.rows)
      if (n < first || n >= last) {
        row.remove();
        this.rows.delete(n);
      }
    for (let n = first; n < last; n++) this.#row(view, n);
  }

  #row(/** @type {View} */ view, /** @type {number} */ n) {
    const item = this.items[n];
    let row = this.rows.get(n);
    const made = !row;
    if (!row) {
      row = html("div", { class: item.chapter ? "ledger-chapter" : "ledger-row", role: "listitem", "data-item": n });
      row.style.transform = `translateY(${item.top}px)`;
      row.style.height = `${item.height}px`;
      this.rows.set(n, row);
      if (item.chapter) row.innerHTML = `<span>${escape(item.chapter)}</span><span>${item.count} ${item.count === 1 ? "step" : "steps"}</span>`;
    }
    if (!item.chapter) this.#mark(view, row, item);
    if (made) {
      const next = [...this.rows.keys()].filter((m) => m > n).sort((a, b) => a - b)[0];
      this.body.insertBefore(row, next === undefined ? null : /** @type {HTMLElement} */ (this.rows.get(next)));
    }
  }

  #mark(/** @type {View} */ view, /** @type {HTMLElement} */ row, /** @type {Item} */ { k }) {
    const state = k === view.k ? "written" : k > view.k ? "empty" : this.#isRead(view, k) ? "read" : "known";
    const hidden = k > view.k || (view.covered && k === view.k);
    const chosen = view.chosen >= 0 && view.at[view.chosen] === k;
    const look = `${state} ${hidden} ${chosen}`;
    if (row.dataset.look === look) return;
    const face = String(hidden);
    if (row.dataset.hidden !== face) {
      row.dataset.hidden = face;
      row.innerHTML = rowHtml(view.walk, view.detail, k, hidden);
    }
    row.dataset.look = look;
    row.dataset.step = state;
    row.classList.toggle("chosen", chosen);
    const operands = state === "written" ? "read" : "known";
    for (const number of row.querySelectorAll("[data-quantity]")) put(number, "data-state", number.closest(".ledger-result") ? state : operands);
    const button = /** @type {HTMLElement} */ (row.firstElementChild);
    put(button, "tabindex", k === view.k ? "0" : "-1");
    if (k === view.k) put(button, "aria-current", "step");
    else button.removeAttribute("aria-current");
  }

  #isRead(/** @type {View} */ view, /** @type {number} */ k) {
    if (view.detail === "layer" || view.detail === "chapter") return false;
    const step = view.walk.within(view.detail, k)[0];
    return step.kind === "line" || view.walk.result(step).name === view.walk.names[view.walk.target(step)] ? view.reads.has(view.walk.target(step)) : false;
  }

  #stepOf(/** @type {Event} */ event) {
    const row = /** @type {Element} */ (event.target).closest(".ledger-row");
    return row ? this.items[Number(row.getAttribute("data-item"))].k : -1;
  }

  #click(/** @type {Event} */ event) {
    const k = this.#stepOf(event);
    const view = /** @type {View} */ (this.view);
    if (k < 0) return;
    if (view.detail === "layer" || view.detail === "chapter") this.hooks.goTo(k);
    else this.hooks.choose(view.walk.names[view.walk.target(view.walk.within(view.detail, k)[0])]);
  }

  #enter(/** @type {Event} */ event) {
    const k = this.#stepOf(event);
    if (k >= 0) this.hooks.goTo(k);
  }

  #key(/** @type {KeyboardEvent} */ event) {
    const k = this.#stepOf(event);
    if (k < 0) return;
    const move = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Enter") this.hooks.goTo(k);
    else if (move) this.#focus(k + move);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  #focus(/** @type {number} */ k) {
    const item = this.items[this.itemOf[k]];
    if (!item) return;
    if (item.top < this.scrolled) this.scrolled = item.top;
    if (item.top + item.height > this.scrolled + this.height) this.scrolled = item.top + item.height - this.height;
    this.#fill();
    this.settle();
    /** @type {HTMLElement | null | undefined} */ (this.rows.get(this.itemOf[k])?.firstElementChild)?.focus();
  }
}

/** @param {Walkthrough} walk @param {string} detail @param {number} k @param {boolean} hidden */
const rowHtml = (walk, detail, k, hidden) => {
  if (detail === "layer" || detail === "chapter") {
    const { sentences } = walk.data.groups[detail];
    return `<button type="button" class="ledger-line"><span class="ledger-words">${escape(sentences[k])}</span></button>`;
  }
  const step = walk.within(detail, k)[0];
  const result = walk.result(step);
  const numbers = hidden ? "" : `<span class="ledger-numbers">= ${lineHtml(numbersOf(walk, step))}</span>`;
  const value = hidden ? "" : `${result.sign === "≈" ? "≈ " : ""}<span data-quantity="${escape(result.name)}" data-state="known">${escape(result.text)}</span>`;
  return `<button type="button" class="ledger-line" tabindex="-1"><span class="ledger-symbol symbol-${kindOf(result.name)}" data-of="${escape(result.name)}">${symbolHtml(result.symbol)}</span>${numbers}<span class="ledger-result">${value}</span></button>`;
};
