// @ts-check
/**
 * What a neuron is drawn in: the rows with their sliders, the choice of the activation, the room of the two plots.
 *
 * It stays where it is while the numbers change, so that a slider that is drawn keeps the pointer, and what has the
 * focus keeps it.
 */

import { put, html, write } from "../svg.mjs";
import { Slider } from "./slider.mjs";

/** @typedef {import("./neuron.mjs").Neuron} Neuron */
/** @typedef {{group: HTMLElement, symbol: HTMLElement, number: HTMLElement}} Quantity a symbol and its number */
/** @typedef {{quantity: Quantity, slider: Slider | null}} Entry a number that is given */
/** @typedef {{label: string, x?: Entry, weight?: Entry, addend: Quantity, changes: Quantity[]}} Row */

/** @type {[number, number]} */
const RATES = [0, 2];

/** @type {WeakMap<HTMLElement, Frame>} */
const frames = new WeakMap();

/** The frame that stands in a place, if it is one for such a neuron, or a new one. @param {HTMLElement} host @param {any} scene */
export const frameIn = (host, scene) => {
  const kind = JSON.stringify([scene.inputs, scene.output, scene.bias, scene.weights, scene.targets, scene.settings, Object.keys(scene.activation.settings)]);
  const found = frames.get(host);
  if (found?.kind === kind && found.root.parentElement === host) return found;
  const made = new Frame(host, scene, kind);
  frames.set(host, made);
  return made;
};

export class Frame {
  /** @param {HTMLElement} host @param {any} scene @param {string} kind */
  constructor(host, scene, kind) {
    this.kind = kind;
    /** @type {Neuron} whose numbers are shown */
    this.owner = /** @type {any} */ (null);
    /** @type {Row[]} */
    this.inputs = scene.inputs.map((/** @type {string} */ label) => ({ label, x: this.#entry(), weight: this.#entry(), addend: quantity(), changes: changes(2) }));
    this.bias = scene.bias ? { label: "bias", weight: this.#entry(), addend: quantity(), changes: changes(2) } : null;
    this.sum = { addend: quantity(), changes: changes(1) };
    this.activation = { addend: quantity(), changes: changes(1) };
    this.target = scene.targets ? { label: scene.output, x: this.#entry(), error: quantity(), addend: quantity(), changes: changes(1) } : null;
    this.loss = scene.loss ? { addend: quantity(), changes: changes(2) } : null;
    this.settings = scene.settings.map((/** @type {string} */ name) => (name === "learning_rate" ? this.#entry(RATES) : { quantity: quantity(), slider: null }));
    this.head = html("th", { scope: "col", class: "of-change" }, "∂");
    this.select = /** @type {HTMLSelectElement} */ (html("select", { "aria-label": "Activation" }));
    this.select.addEventListener("change", () => this.owner.setActivation("", this.select.value, ""));
    this.tunings = Object.keys(scene.activation.settings).map((name) => this.#tuning(name));
    this.remark = html("p", { class: "neuron-remark", role: "status" });
    this.value = html("div", { class: "neuron-plot of-value" });
    this.slope = html("div", { class: "neuron-plot of-slope" });
    this.table = html("table", { class: "neuron-table" }, this.#head(), this.#body());
    const plots = html("div", { class: "neuron-plots" }, this.value, this.slope, this.remark);
    this.root = html("div", { class: "neuron" }, html("div", { class: "neuron-rows" }, this.table), plots);
    host.replaceChildren(this.root);
  }

  /** @param {[number, number]} [bounds] @returns {Entry} */
  #entry(bounds) {
    const shown = quantity();
    const slider = new Slider((text, gesture) => this.owner.change(shown.group.getAttribute("data-given") ?? "", text, gesture), bounds);
    return { quantity: shown, slider };
  }

  /** A setting of the activation, such as leaky ReLU's slope. */
  #tuning(/** @type {string} */ name) {
    const field = /** @type {HTMLInputElement} */ (html("input", { type: "text", inputmode: "text", autocomplete: "off", "aria-label": `The activation's ${name}` }));
    field.addEventListener("change", () => this.owner.setActivation(name, field.value, ""));
    const slider = new Slider((text, gesture) => this.owner.setActivation(name, text, gesture), [0, 1]);
    return { name, field, slider };
  }

  #head() {
    const column = (/** @type {string} */ text) => html("th", { scope: "col" }, text);
    return html("thead", {}, html("tr", {}, html("td"), column("input"), column("weight"), column("product"), this.head));
  }

  #body() {
    const name = (/** @type {string} */ text) => html("th", { scope: "row", title: text }, text);
    const cell = (/** @type {(Element | string)[]} */ content, attributes = {}) => html("td", attributes, ...content);
    const entry = (/** @type {Entry | undefined} */ one) => cell(one ? withSlider(one) : []);
    const change = (/** @type {Quantity[]} */ all) => cell(all.map(({ group }) => group), { class: "of-change" });
    const row = (/** @type {Row} */ { label, x, weight, addend, changes }) => html("tr", {}, name(label), entry(x), entry(weight), cell([addend.group]), change(changes));
    const tunings = this.tunings.map(({ name, field, slider }) => html("label", { class: "tuning" }, name, field, slider.input));
    const body = html("tbody", {}, ...this.inputs.map(row), ...(this.bias ? [row(this.bias)] : []));
    body.append(
      html("tr", { class: "sum-row" }, name("sum"), cell([], { colspan: 2 }), cell([this.sum.addend.group]), change(this.sum.changes)),
      html("tr", {}, name("activation"), cell([this.select, ...tunings], { colspan: 2 }), cell([this.activation.addend.group]), change(this.activation.changes)),
    );
    if (this.target) body.append(html("tr", { class: "target-row" }, name("target"), entry(this.target.x), cell([this.target.error.group]), cell([this.target.addend.group]), change(this.target.changes)));
    if (this.loss) body.append(html("tr", { class: "loss-row" }, name("loss"), cell(this.#settings(), { colspan: 2 }), cell([this.loss.addend.group]), change(this.loss.changes)));
    return body;
  }

  #settings() {
    if (!this.settings.length) return [];
    return [html("div", { class: "neuron-settings" }, ...this.settings.map((/** @type {Entry} */ one) => html("div", {}, ...withSlider(one))))];
  }

  /** The activation that is chosen, and what else there is. @param {any} activation */
  choose({ name, settings, choices }) {
    if (!this.select.childElementCount)
      for (const { name: value, why } of choices) this.select.append(html("option", { value, ...(why ? { disabled: "" } : {}) }, why ? `${words(value)} (${why})` : words(value)));
    this.select.value = name;
    for (const { name: setting, field, slider } of this.tunings) {
      const text = String(settings[setting]);
      if (document.activeElement !== field) field.value = text;
      slider.show(settings[setting], `The activation's ${setting}`, text);
    }
  }

  /** @param {string} text */
  say(text) {
    write(this.remark, text);
    put(this.remark, "data-empty", String(!text));
  }
}

const withSlider = (/** @type {Entry} */ { quantity: { group }, slider }) => (slider ? [group, slider.input] : [group]);

/** @returns {Quantity} */
const quantity = () => {
  const symbol = html("span", { class: "symbol" });
  const number = html("span", { class: "number" });
  return { group: html("span", { class: "quantity", tabindex: 0, role: "button" }, symbol, number), symbol, number };
};

const changes = (/** @type {number} */ count) => Array.from({ length: count }, quantity);

const words = (/** @type {string} */ name) => name.replace(/_/g, " ");
