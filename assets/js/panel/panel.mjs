// @ts-check
/** The form of the problem: everything that is not a number in the drawing. What can be changed, the server says. */

import { html, write } from "../svg.mjs";
import { Field } from "./field.mjs";
import { Images } from "./images.mjs";
import { Kernels } from "./kernels.mjs";
import { Samples } from "./samples.mjs";

/** @typedef {import("../desk.mjs").Desk} Desk */
/** @typedef {import("./field.mjs").FieldData} FieldData */
/** @typedef {{title: string, fields: FieldData[], layer?: number, adds?: [string, number, string][], moves?: boolean[], draws?: boolean, samples?: {inputs: string[], outputs: string[]}, images?: import("./images.mjs").ImagesData, kernels?: import("./kernels.mjs").KernelsData}} SectionData */

const OPEN_AT_FIRST = ["Network", "Samples", "Images", "Loss"];

export class Panel {
  /** @param {HTMLElement} host @param {Desk} desk */
  constructor(host, desk) {
    this.host = host;
    this.desk = desk;
    /** @type {Map<string, Section>} */
    this.sections = new Map();
  }

  /** @param {any} answer @param {boolean} [isFresh] whether it is another problem, and not a change of the one before */
  show(answer, isFresh = false) {
    const focused = placeOfFocus(this.host);
    const sections = /** @type {SectionData[]} */ (answer.form);
    const kept = new Map(sections.map((data) => [keyOf(data), this.sections.get(keyOf(data)) ?? new Section(this.desk, data)]));
    const rooms = [...kept.values()].map(({ room }) => room);
    if (rooms.length !== this.host.children.length || rooms.some((room, k) => this.host.children[k] !== room)) this.host.replaceChildren(...rooms);
    this.sections = kept;
    sections.forEach((data) => this.sections.get(keyOf(data))?.show(data, answer, isFresh));
    if (focused && placeOfFocus(this.host) !== focused) focusOn(this.host, focused);
  }
}

/** A layer keeps its section while it keeps its place. @param {SectionData} data */
const keyOf = ({ title, layer }) => (layer === undefined ? title : `layer ${layer}`);

const placeOfFocus = (/** @type {HTMLElement} */ host) => {
  const { activeElement } = document;
  return host.contains(activeElement) ? (activeElement?.getAttribute("data-place") ?? "") : "";
};

const focusOn = (/** @type {HTMLElement} */ host, /** @type {string} */ place) =>
  /** @type {HTMLElement | null} */ (host.querySelector(`[data-place="${CSS.escape(place)}"]`))?.focus({ preventScroll: true });

class Section {
  /** @param {Desk} desk @param {SectionData} data */
  constructor(desk, data) {
    this.desk = desk;
    this.title = html("summary", {});
    this.body = html("div", { class: "panel-fields" });
    this.actions = html("div", { class: "panel-actions" });
    this.room = html("details", { class: "panel-section", ...(data.layer === undefined ? {} : { "data-layer": data.layer }) }, this.title, this.body, this.actions);
    if (OPEN_AT_FIRST.includes(data.title) || (data.layer ?? 9) < 4) this.room.setAttribute("open", "");
    /** @type {Map<string, Field>} */
    this.fields = new Map();
    /** @type {Samples | null} */
    this.samples = null;
    /** @type {Images | null} */
    this.images = null;
    /** @type {Kernels | null} */
    this.kernels = null;
    this.signature = "";
  }

  /** @param {SectionData} data @param {any} answer @param {boolean} isFresh */
  show(data, answer, isFresh) {
    write(this.title, data.layer === undefined ? data.title : `Layer ${data.layer + 1}: ${data.title}`);
    this.#showFields(data.fields, isFresh);
    if (data.samples) this.#showSamples(data.samples, answer);
    if (data.images) this.#showImages(data.images, answer);
    this.#showKernels(data);
    const signature = `${data.layer} ${data.adds} ${data.moves} ${data.draws}`;
    if (signature !== this.signature) this.actions.replaceChildren(...this.#actions(data));
    this.signature = signature;
  }

  #showFields(/** @type {FieldData[]} */ fields, /** @type {boolean} */ isFresh) {
    const kept = new Map(fields.map((field) => [field.place, this.fields.get(field.place) ?? new Field(this.desk, field)]));
    const same = kept.size === this.fields.size && [...kept.keys()].every((place) => this.fields.has(place));
    this.fields = kept;
    if (!same) this.body.replaceChildren(...[...kept.values()].map(({ row }) => row), ...this.#more);
    for (const field of fields) kept.get(field.place)?.show(field, isFresh);
  }

  /** What stands below the fields. */
  get #more() {
    return [this.samples, this.images, this.kernels].flatMap((part) => (part ? [part.room] : []));
  }

  #showSamples(/** @type {{inputs: string[], outputs: string[]}} */ names, /** @type {any} */ answer) {
    if (!this.samples) this.body.append((this.samples = new Samples(this.desk)).room);
    this.samples.show(names, answer.document.data);
  }

  #showImages(/** @type {import("./images.mjs").ImagesData} */ images, /** @type {any} */ answer) {
    if (!this.images) this.body.append((this.images = new Images(this.desk)).room);
    this.images.show(images, answer.document.data);
  }

  /** A layer in this place may be a convolution now, or one no more. */
  #showKernels(/** @type {SectionData} */ { kernels, layer = 0 }) {
    if (!kernels) {
      this.kernels?.room.remove();
      this.kernels = null;
      return;
    }
    if (!this.kernels) this.kernels = new Kernels(this.desk, layer);
    if (this.kernels.room.parentNode !== this.body) this.body.append(this.kernels.room);
    this.kernels.show(kernels);
  }

  /** @param {SectionData} data */
  #actions({ layer, adds = [], moves = [], draws }) {
    if (draws)
      return [
        this.#button("New random weights", "draw", { kind: "redraw" }),
        this.#button("Back to the first ones", "undraw", () => ({ kind: "parameters", document: this.desk.past.origin })),
      ];
    if (layer === undefined) return adds.length ? [html("span", { class: "quiet" }, "Add"), ...adds.map(([type, at, words]) => this.#button(shortOf(words), `add ${type}`, { kind: "add_layer", at, type }, `Add ${words}`))] : [];
    const [up, down, away] = moves;
    return [
      this.#button("↑", `up ${layer}`, { kind: "move_layer", at: layer, to: layer - 1 }, "Move this layer towards the inputs", !up),
      this.#button("↓", `down ${layer}`, { kind: "move_layer", at: layer, to: layer + 1 }, "Move this layer towards the outputs", !down),
      this.#button("Remove", `remove ${layer}`, { kind: "remove_layer", at: layer }, "Remove this layer", !away),
      this.#inserts(layer, adds),
    ];
  }

  /** What can be put before this layer. */
  #inserts(/** @type {number} */ layer, /** @type {[string, number, string][]} */ adds) {
    const options = adds.map(([type, , words]) => html("option", { value: type }, words));
    const choice = /** @type {HTMLSelectElement} */ (html("select", { "aria-label": "What to insert before this layer", "data-place": `inserts ${layer}` }, ...options));
    return html("span", { class: "panel-insert" }, this.#button("Insert before:", `insert ${layer}`, () => ({ kind: "add_layer", at: layer, type: choice.value })), choice);
  }

  #button(/** @type {string} */ label, /** @type {string} */ place, /** @type {any} */ edit, title = "", disabled = false) {
    const button = html("button", { type: "button", "data-place": place, ...(title ? { title, "aria-label": title } : {}), ...(disabled ? { disabled: "" } : {}) }, label);
    button.addEventListener("click", () => this.desk.change(typeof edit === "function" ? edit() : edit));
    return button;
  }
}

/** A layer as a button names it. @param {string} words such as "a dense layer" */
const shortOf = (words) => words.replace(/^an? | layer$/g, "");
