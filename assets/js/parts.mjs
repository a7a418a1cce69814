// @ts-check
/** What a number is made of: products and running sum, factors of the chain rule, paths to the loss, the proof. */

import { escape } from "./formulas.mjs";
import { counted, show } from "./numerals.mjs";
import { countPaths, listPaths } from "./paths.mjs";
import { stepThatWrites } from "./strip.mjs";
import { symbolHtml } from "./svg.mjs";
import { kindOf, lineHtml, marked, mathOf, numbered, numbersOf, symbolsOf } from "./written.mjs";

/** @typedef {import("./view.mjs").View} View */
/** @typedef {Record<string, [number | null, number | null, number, number]>} Derivatives by name: `jax.grad`, difference, digits */

const FEW = 8; // paths and rows at first
const MOST = 200;
const CHECK_DIGITS = 10;

export class Parts {
  /** @param {HTMLElement} host @param {{choose: (name: string) => void, light: (ids: number[] | null) => void, goTo: (k: number) => void}} hooks */
  constructor(host, hooks) {
    this.host = host;
    this.hooks = hooks;
    /** @type {Derivatives | null} */
    this.derivatives = null;
    this.most = FEW;
    this.key = "";
    this.id = -1;
    this.lit = -1; // the path that is lit
    /** @type {number[][]} */
    this.paths = [];
    /** @type {View | null} */
    this.view = null;
    host.addEventListener("click", (event) => this.#click(event));
    host.addEventListener("mouseover", (event) => this.#point(event, true));
    host.addEventListener("mouseleave", () => this.#light(-1));
    host.addEventListener("focusin", (event) => this.#point(event, false));
  }

  /** @param {View} view */
  show(view) {
    const opened = view.chosen >= 0;
    const id = opened ? view.chosen : view.steps.length === 1 ? view.target : -1;
    const known = id >= 0 && view.state(id) !== "empty" && !(view.covered && view.state(id) === "written");
    const key = [id, opened, known, view.detail, this.derivatives ? 1 : 0, view.at[id] ?? "", view.walk.data.title, this.most].join();
    if (key === this.key && view.walk === this.view?.walk) {
      this.view = view;
      return;
    }
    if (id !== this.id) this.most = FEW;
    this.key = key;
    this.view = view;
    this.id = id;
    this.paths = [];
    this.host.innerHTML = id < 0 ? hint : [this.#title(id, known), ...(known ? (opened ? this.#sections(id) : this.#summary(id)) : [])].join("");
  }

  /** @param {Derivatives | null} derivatives */
  prove(derivatives) {
    this.derivatives = derivatives;
    if (this.view) this.show(this.view);
  }

  /** While one steps: the proof, and that there is more to see. */
  #summary(/** @type {number} */ id) {
    const { walk } = /** @type {View} */ (this.view);
    const source = this.#sourceOf(id);
    const open = `<button type="button" class="parts-row" data-choose="${escape(walk.names[id])}"><span>Open into its parts</span><kbd>Enter</kbd></button>`;
    return source < 0 ? [open] : [this.#proof(source, id), open];
  }

  /** What a gradient is with respect to, or −1. */
  #sourceOf(/** @type {number} */ id) {
    const { walk } = /** @type {View} */ (this.view);
    const name = walk.names[id];
    return name.endsWith(".grad") ? /** @type {number} */ (walk.index.get(name.slice(0, -5))) : -1;
  }

  #sections(/** @type {number} */ id) {
    const { walk } = /** @type {View} */ (this.view);
    const source = this.#sourceOf(id);
    const gradient = walk.grad.get(id);
    if (source >= 0) return [this.#chain(source, id), this.#paths(source, id), this.#proof(source, id)];
    return [this.#sum(id), gradient !== undefined ? this.#link(gradient) : ""];
  }

  #title(/** @type {number} */ id, /** @type {boolean} */ known) {
    const view = /** @type {View} */ (this.view);
    const { walk } = view;
    const { symbol, text, sign, name } = walk.quantity(id);
    const at = view.at[id];
    const value = known ? `<span class="equals">${sign}</span> <math>${numbered(name, text, view.state(id))}</math>` : "";
    const where =
      at >= 0 && at !== view.k ? `<button type="button" class="link" data-go="${at}">${known ? "Computed in" : "Not computed yet: it is in"} step ${at + 1}</button>` : "";
    return `<h2 class="parts-title"><math>${marked(name, symbol)}</math> ${value}</h2><p class="quiet parts-name"><code>${escape(name)}</code> ${where}</p>`;
  }

  #link(/** @type {number} */ gradient) {
    const view = /** @type {View} */ (this.view);
    if (view.state(gradient) === "empty" || (view.covered && view.state(gradient) === "written")) return "";
    const { symbol, text, sign, name } = view.walk.quantity(gradient);
    return `<h3>Its gradient</h3><button type="button" class="parts-row" data-choose="${escape(name)}"><math>${symbol}</math> <span>${sign} ${text}</span></button>`;
  }

  /** The products of a sum, and the sum so far. */
  #sum(/** @type {number} */ id) {
    const view = /** @type {View} */ (this.view);
    const { walk } = view;
    const step = stepThatWrites(view, id);
    const parts = step && walk.opened(step.line, step.row);
    if (!step) return "";
    if (!parts) return `<h3>How</h3><p class="parts-line">${mathOf(symbolsOf(walk, step))} <span class="equals">=</span> ${mathOf(numbersOf(walk, step))}</p>`;
    const shown = parts.slice(0, this.most * 2 + 1);
    const rows = shown.map((_, part) => {
      const { symbol, sign, text, name } = walk.part(step.line, step.row, part);
      const numbers = lineHtml(numbersOf(walk, { ...step, kind: "part", part }));
      return `<li class="way"><span>${symbolHtml(symbol)}</span><span class="equals">=</span>${numbers}<b><span class="equals">${sign}</span> <span data-quantity="${escape(name)}" data-state="known">${text}</span></b></li>`;
    });
    return `<h3>Products and running sum</h3><ol class="facts">${rows.join("")}</ol>${this.#more(parts.length > shown.length)}`;
  }

  #more(/** @type {boolean} */ more) {
    return more ? `<button type="button" class="link" data-more="1">Show more</button>` : "";
  }

  /** What comes back from every reader, times the local slope. */
  #chain(/** @type {number} */ source, /** @type {number} */ id) {
    const { walk } = /** @type {View} */ (this.view);
    const facts = walk.data.paths ? (walk.feedOf.get(source) ?? []) : [];
    if (!facts.length) return this.#sum(id);
    const rows = facts.slice(0, this.most).map(([feed, row]) => {
      const reader = walk.data.feeds[feed].result[row];
      const back = walk.grad.get(reader);
      const slope = walk.slope(feed, row);
      const first = back === undefined ? { symbol: "<mn>1</mn>", text: "1", name: "", value: 1 } : walk.quantity(back);
      const product = walk.printed(first.value * slope.value);
      return `<li class="way">${inline(first.name, first.symbol)}<span class="operator">·</span><span class="symbol-gradient">${symbolHtml(slope.symbol)}</span><span class="equals">=</span>
        ${plain(first.name, first.text)}<span class="operator">·</span>${plain(slope.name, slope.text, true)}<b><span class="equals">${product.sign}</span> ${product.text}</b></li>`;
    });
    const total = walk.quantity(id);
    const sum = facts.length > 1 ? `<li class="sum"><span>sum</span><b><span class="equals">${total.sign}</span> ${total.text}</b></li>` : "";
    return `<h3>Chain rule: ${facts.length === 1 ? "one factor comes back" : `${facts.length} places read it`}</h3>
      <ol class="facts">${rows.join("")}${sum}</ol>${this.#more(facts.length > rows.length)}`;
  }

  #paths(/** @type {number} */ source, /** @type {number} */ id) {
    const { walk } = /** @type {View} */ (this.view);
    if (!walk.data.paths) return `<h3>Paths to the loss</h3><p class="quiet">There are too many numbers here to list paths.</p>`;
    const count = countPaths(walk, source);
    const listed = listPaths(walk, source, Math.min(this.most, MOST));
    this.paths = listed.map((path) => path.ids);
    const total = walk.quantity(id);
    const rows = listed.map((path, n) => {
      const way = path.ids.map((k) => inline(walk.names[k], walk.symbol(k))).join('<span class="arrow">→</span>');
      const factors = [...path.facts].reverse().map(([feed, row]) => factorHtml(walk, feed, row)).join('<span class="operator">·</span>');
      const product = walk.printed(path.product);
      return `<li><button type="button" class="path" data-path="${n}" aria-label="Path ${n + 1} of ${count}"><span class="way">${way}</span>
        <span class="factors">${factors} <span class="equals">${product.sign}</span> <b>${product.text}</b></span></button></li>`;
    });
    const sum = count > 1 ? `<p class="parts-total"><span>total of ${counted(count)} paths</span><b>${total.sign === "≈" ? "≈ " : ""}${total.text}</b></p>` : "";
    return `<h3>Paths to the loss: ${counted(count)}</h3><ol class="paths">${rows.join("")}</ol>${this.#more(listed.length < Math.min(count, MOST))}${sum}`;
  }

  #proof(/** @type {number} */ source, /** @type {number} */ id) {
    const { walk } = /** @type {View} */ (this.view);
    if (!this.derivatives) return `<h3>Check</h3><p class="quiet">Comparing with JAX …</p>`;
    const found = this.derivatives[walk.names[source]];
    if (!found) return "";
    const [gradient, difference, digits, digitsOfDifference] = found;
    const name = ` data-quantity="${escape(walk.names[id])}" data-state="${/** @type {View} */ (this.view).state(id)}"`;
    const rows = [
      `<div><span>chain rule</span><span${name}>${significant(walk.values[id])}</span></div>`,
      `<div><span>jax.grad</span><span>${significant(gradient ?? NaN)}</span></div>`,
      difference === null ? "" : `<div><span>central difference</span><span>${significant(difference)}</span></div>`,
    ];
    const paths = walk.data.paths ? `<div><span>paths to the loss</span><span>${counted(countPaths(walk, source))}</span></div>` : "";
    return `<h3>Check</h3><div class="check">${rows.join("")}${paths}<p>${verdict(digits, difference === null ? null : digitsOfDifference)}</p></div>`;
  }

  #click(/** @type {Event} */ event) {
    const target = /** @type {Element} */ (event.target);
    const button = target.closest("[data-go], [data-choose], [data-more], [data-path]");
    if (!button) return;
    const data = /** @type {HTMLElement} */ (button).dataset;
    if (data.go) this.hooks.goTo(Number(data.go));
    if (data.choose) this.hooks.choose(data.choose);
    if (data.more && this.view) {
      this.most *= 4;
      this.show(this.view);
    }
    if (data.path) this.#light(Number(data.path));
  }

  #point(/** @type {Event} */ event, /** @type {boolean} */ leaves) {
    const path = /** @type {HTMLElement | null} */ (/** @type {Element} */ (event.target).closest("[data-path]"));
    if (path) this.#light(Number(path.dataset.path));
    else if (leaves) this.#light(-1);
  }

  #light(/** @type {number} */ n) {
    if (n === this.lit) return;
    this.lit = n;
    for (const row of this.host.querySelectorAll(".path")) row.classList.toggle("lit", row.getAttribute("data-path") === String(n));
    this.hooks.light(this.paths?.[n] ?? null);
  }
}

const hint = `<p class="quiet parts-hint">Choose a number in the drawing, in the formula or in the table: here it opens into its parts.</p>`;

/** A symbol that can be chosen, as inline text. @param {string} name @param {string} symbol */
const inline = (name, symbol) => `<span class="symbol-${kindOf(name)}"${name ? ` data-of="${escape(name)}"` : ""}>${symbolHtml(symbol)}</span>`;

/** A number that says which quantity it is, as inline text. @param {string} name @param {string} text @param {boolean} guarded */
const plain = (name, text, guarded = false) => {
  const number = `<span${name ? ` data-quantity="${escape(name)}" data-state="known"` : ""}>${text}</span>`;
  return guarded && text.startsWith("−") ? `<span>(${number})</span>` : number;
};

/** One factor of a path; which slope it is, is said when one points at it. @param {import("./walkthrough.mjs").Walkthrough} walk @param {number} feed @param {number} row */
const factorHtml = (walk, feed, row) => {
  const { text } = walk.slope(feed, row);
  const { source, result } = walk.data.feeds[feed];
  const title = `∂${walk.words(result[row])} / ∂${walk.words(source[row])}`;
  return `<span title="${escape(title)}">${text.startsWith("−") ? `(${text})` : text}</span>`;
};

/** @param {number} value */
const significant = (value) => (Number.isFinite(value) ? show(value, CHECK_DIGITS - 4, 3) : show(value, 0, 4));

/** @param {number} digits @param {number | null} digitsOfDifference */
const verdict = (digits, digitsOfDifference) => {
  if (digits < 8) return `<b class="fault">Chain rule and jax.grad differ. This is a fault of nncalc: please report it.</b>`;
  if (digitsOfDifference === null) return `<b>Chain rule and jax.grad agree to ${digits} digits.</b>`;
  if (digitsOfDifference >= 4) return `<b>All agree: to ${digits} digits with jax.grad, to ${digitsOfDifference} with the difference.</b>`;
  return `<b>Chain rule and jax.grad agree to ${digits} digits.</b> The central difference reaches across a corner here, or its addends cancel.`;
};
