// @ts-check
/** The grids of a layer, of the loss and of an update: how large they are, which numbers they show, what they are called. Knows no screen. */

import { kernelOf, placeIn, unreached } from "./geometry.mjs";

/** @typedef {import("../view.mjs").View} View */
/** @typedef {import("./numbers.mjs").Numbers} Numbers */
/** @typedef {import("./geometry.mjs").Layer} Layer */
/** @typedef {import("./grid.mjs").Spec} Spec */
/** @typedef {import("./layout.mjs").Part} Part */
/** @typedef {"forward" | "own" | "kernel" | "input" | "update" | "loss"} Way what a step does with what is drawn */
/** @typedef {{channel: number, filter: number}} Chosen which of several maps one looks at */
/** @typedef {(names: string[], usual: string) => string} Suffix which numbers of some quantities a step is about */

const NO_PADS = { top: 0, left: 0, bottom: 0, right: 0, text: "" };
const OF_UPDATE = ["kernel", "gradient", "new"];
const TITLE = 18; // letters

export class Specs {
  /** @param {any} scene @param {Layer[]} layers @param {Set<string>} given */
  constructor(scene, layers, given) {
    this.scene = scene;
    this.layers = layers;
    this.given = given;
  }

  /** @param {number} k */
  column(k) {
    return this.scene.columns[k];
  }

  /** A grid as it is drawn, for the maps that one looks at. @param {string} key @param {number} focus @param {Chosen} chosen @returns {Spec} */
  of(key, focus, chosen) {
    const layer = this.layers[focus];
    const column = this.column(focus);
    const plain = { key, pads: NO_PADS, unreached: [], given: "" };
    const space = key === "in" ? layer.from : key === "out" ? layer.to : this.layers[this.layers.length - 1].to;
    switch (key) {
      case "in": {
        const before = this.column(focus - 1);
        const place = (/** @type {number} */ row, /** @type {number} */ c) => placeIn(space, { map: space.isList ? 0 : chosen.channel, row, column: c });
        return { ...plain, role: "in", rows: space.rows, columns: space.columns, place, pads: padsOf(layer), unreached: unreached(layer), given: this.#given(before.a) };
      }
      case "kernel":
      case "gradient":
      case "new": {
        const [rows, columns] = kernelOf(layer);
        return { ...plain, role: "kernel", rows, columns, place: (row, c) => this.weightAt(focus, row, c, chosen), given: key === "kernel" ? this.#given(column.weights) : "" };
      }
      case "bias":
      case "bias-gradient":
      case "bias-new":
        return { ...plain, role: "bias", rows: 1, columns: 1, place: () => (column.shared ? 0 : chosen.filter), labels: ["bias"], given: key === "bias" ? this.#given(column.bias) : "" };
    }
    const isOut = key === "out";
    const map = space.isList ? 0 : chosen.filter;
    const labels = space.isList && space.columns === 1 && (!isOut || focus === this.layers.length - 1) ? this.scene.labels : undefined;
    const isOff = isOut && ["relu"].includes(column.activation);
    return { ...plain, role: /** @type {any} */ (key), rows: space.rows, columns: space.columns, place: (row, c) => placeIn(space, { map, row, column: c }), given: key === "y" ? this.#given("y") : "", labels: isOut || key === "prediction" ? labels : undefined, isOff, isWide: isOut && space.isList && space.columns === 1 && isTwoOf(column) };
  }

  #given(/** @type {string | undefined} */ name) {
    return name && this.given.has(name) ? name : "";
  }

  /** The place of a weight of the kernel that one looks at, or −1. @param {number} focus @param {number} row @param {number} column @param {Chosen} chosen */
  weightAt(focus, row, column, chosen) {
    const layer = this.layers[focus];
    const [, columns, channels] = kernelOf(layer);
    const at = row * columns + column;
    if (layer.type === "dense" && layer.from.isList) return at < layer.from.count ? at * layer.to.count + chosen.filter : -1;
    if (layer.type === "dense") return chosen.channel * layer.to.maps + chosen.filter;
    return (at * channels + (chosen.channel % channels)) * layer.to.maps + chosen.filter;
  }

  /** Channel and filter of a weight. @param {number} focus @param {number} place @param {Chosen} chosen @returns {[number, number]} */
  ofWeight(focus, place, chosen) {
    const layer = this.layers[focus];
    const [, , channels] = kernelOf(layer);
    if (layer.type === "dense" && layer.from.isList) return [chosen.channel, place % layer.to.count];
    const filter = place % layer.to.maps;
    const own = Math.floor(place / layer.to.maps) % channels;
    return [layer.type === "dense" ? own : firstChannel(layer, filter) + own, filter];
  }

  /** A channel that the filter looks at. @param {number} focus @param {Chosen} chosen */
  channelIn(focus, { channel, filter }) {
    const layer = this.layers[focus];
    if (layer.type.includes("pool") || (layer.type === "activation" && !layer.to.isList)) return Math.min(filter, layer.from.maps - 1);
    if (layer.type !== "conv2d") return Math.min(channel, layer.from.maps - 1);
    const [, , channels] = kernelOf(layer);
    const first = firstChannel(layer, filter);
    return channel >= first && channel < first + channels ? channel : first + (channel % channels);
  }

  /** A filter that looks at the channel. @param {number} focus @param {Chosen} chosen */
  filterFor(focus, { channel, filter }) {
    const layer = this.layers[Math.max(1, focus)];
    if (layer.type !== "conv2d" || layer.window.groups === 1) return filter;
    const own = layer.to.maps / layer.window.groups;
    const group = Math.floor(channel / kernelOf(layer)[2]);
    return Math.floor(filter / own) === group ? filter : group * own;
  }

  /** Where a place of the sample is in a grid; null if it isn't there. @param {Spec} spec @param {number} place @returns {{row: number, column: number} | null} */
  cellOf(spec, place) {
    for (let row = 0; row < spec.rows; row++) {
      const [first, last] = [spec.place(row, 0), spec.place(row, spec.columns - 1)];
      if (place < first || (last >= 0 && place > last)) continue;
      for (let column = 0; column < spec.columns; column++) if (spec.place(row, column) === place) return { row, column };
    }
    return null;
  }

  /** What a layer without weights does. @param {number} focus */
  how(focus) {
    const column = this.column(Math.max(1, focus));
    const title = { max_pool2d: "largest", average_pool2d: "mean", flatten: "one by one", activation: column.activation ?? "" };
    return { title: title[/** @type {keyof typeof title} */ (column.type)] ?? "" };
  }

  /** What of an input no window reaches, in words. @param {number} focus */
  leftOver(focus) {
    const [rows, columns] = this.column(Math.max(1, focus)).window?.left_over ?? [0, 0];
    const parts = [rows && `${rows} ${rows === 1 ? "row" : "rows"}`, columns && `${columns} ${columns === 1 ? "column" : "columns"}`].filter(Boolean);
    return parts.length ? `${parts.join(" and ")} left over` : "";
  }

  /**
   * Which numbers a grid shows at a step, and its names.
   * @param {string} key @param {number} focus @param {Chosen} chosen @param {View} view @param {Numbers} numbers @param {Suffix} suffix
   * @returns {{shown: import("./grid.mjs").Shown, title: string, name: string, sizes?: number[]}}
   */
  shown(key, focus, chosen, view, numbers, suffix) {
    const layer = this.layers[focus];
    const column = this.column(focus);
    const last = this.column(this.layers.length - 1);
    const after = (/** @type {string} */ name, /** @type {string} */ end) => (view.phase === "After" && numbers.has(view, name, end) ? end : "");
    const back = (/** @type {string} */ name) => (view.phase === "Backward" || view.phase === "Update" ? (numbers.has(view, name, ".grad") ? ".grad" : "") : after(name, ".after"));
    const one = (/** @type {string} */ name, /** @type {string} */ end, /** @type {string} */ words, more = "") => this.#one(view, numbers, [name], end, words, more);
    switch (key) {
      case "in": {
        const { a, title } = this.column(focus - 1);
        const words = layer.from.isList ? `${layer.from.count} numbers` : `${focus === 1 ? "input" : title} ${layer.from.rows} × ${layer.from.columns}`;
        return one(a, suffix([a], after(a, ".after")), words, layer.from.maps > 1 ? `, channel ${chosen.channel + 1}` : "");
      }
      case "kernel":
      case "gradient":
      case "new": {
        const [rows, columns] = kernelOf(layer);
        const words = layer.from.isList ? `weights of ${column.type === "dense" ? this.#unit(chosen.filter) : ""}` : `kernel ${rows} × ${columns}`;
        const end = key === "gradient" ? ".grad" : key === "new" ? ".new" : this.#isUpdate(view, suffix, column.weights) ? "" : suffix([column.weights], after(column.weights, ".new"));
        return one(column.weights, end, words, this.#of(layer, chosen));
      }
      case "bias":
      case "bias-gradient":
      case "bias-new": {
        const end = key === "bias-gradient" ? ".grad" : key === "bias-new" ? ".new" : this.#isUpdate(view, suffix, column.bias) ? "" : suffix([column.bias], after(column.bias, ".new"));
        return { ...one(column.bias, end, "bias", this.#of(layer, chosen)), title: "" }; // its name stands beside it
      }
      case "out": {
        const names = column.z ? [column.a, column.z] : [column.a];
        const end = suffix(names, back(column.a));
        const words = layer.to.isList ? `${layer.to.count} ${layer.type === "dense" ? "units" : "numbers"}` : `output ${layer.to.rows} × ${layer.to.columns}`;
        const size = numbers.ids(view, `${column.title}.size`, "");
        const sizes = layer.window && end !== ".grad" ? [size(0), size(1)].filter((id) => id >= 0) : [];
        const short = isTwoOf(column) && end !== ".grad" ? `z and ${column.activation}(z)` : sizes.length === 2 ? "output" : words;
        const found = this.#one(view, numbers, names, end, short, layer.to.maps > 1 ? `, map ${chosen.filter + 1}` : "", column.activation === "linear");
        return sizes.length === 2 ? { ...found, title: short, sizes } : found;
      }
      case "prediction":
        return one(last.a, suffix([last.a], back(last.a)), "prediction");
    }
    return one(key, key === "y" ? "" : suffix([key], back(key)), key === "y" ? "target" : key);
  }

  #unit(/** @type {number} */ unit) {
    return `unit ${unit + 1}`;
  }

  #of(/** @type {Layer} */ layer, /** @type {Chosen} */ { channel, filter }) {
    const several = [layer.from.maps > 1 && !layer.from.isList ? `channel ${channel + 1}` : "", layer.to.maps > 1 ? `filter ${filter + 1}` : ""].filter(Boolean);
    return several.length ? `, ${several.join(", ")}` : "";
  }

  /** An update reads the old value, and shows it beside. */
  #isUpdate(/** @type {View} */ view, /** @type {Suffix} */ suffix, /** @type {string} */ name) {
    return view.phase === "Update" && suffix([name], "") !== "";
  }

  #one(/** @type {View} */ view, /** @type {Numbers} */ numbers, /** @type {string[]} */ names, /** @type {string} */ suffix, /** @type {string} */ words, /** @type {string} */ more = "", either = false) {
    const [main, minor] = names.map((name) => numbers.ids(view, name, suffix));
    const isGradient = suffix === ".grad";
    const before = isGradient ? "gradient of " : suffix === ".new" ? "new " : "";
    const title = before ? `${before}${words.split(" ").slice(0, /\d/.test(words) && !/^\d/.test(words) ? 1 : 9).join(" ")}` : words;
    const shown = { main, minor: minor ?? null, either, name: names[0] + suffix + more, isGradient, isBright: names[0] === "x" && numbers.isBright(view, "x") };
    return { shown, title, name: `${before}${words}${more}${suffix === ".after" ? " after the update" : ""}` };
  }
}

/** Whether a cell has a sum and what the activation makes of it. */
const isTwoOf = (/** @type {any} */ { z, activation }) => Boolean(z) && activation !== "linear";

const firstChannel = (/** @type {Layer} */ layer, /** @type {number} */ filter) => Math.floor(filter / (layer.to.maps / layer.window.groups)) * kernelOf(layer)[2];

const padsOf = (/** @type {Layer} */ { window }) => {
  if (!window) return NO_PADS;
  const [[top, bottom], [left, right]] = window.padding;
  return { top, bottom, left, right, text: window.pad };
};

/**
 * What is drawn large, from left to right, and the names of the quantities in it.
 * @param {Specs} specs @param {string} kind "layer", "loss" or "update" @param {number} focus @param {any} scene @param {Numbers} numbers @param {View} view
 * @returns {{parts: Part[], names: string[], isAdded: boolean}}
 */
export const partsOf = (specs, kind, focus, scene, numbers, view) => {
  if (kind === "loss") return lossParts(specs, scene);
  const layer = specs.layers[focus];
  const column = specs.column(focus);
  const [rows, columns] = kernelOf(layer);
  const bias = (/** @type {string} */ key, /** @type {number} */ note) => (column.bias ? { below: { key, rows: 1, columns: 1, kind: /** @type {const} */ ("cell"), title: 0, note } } : { note });
  if (kind === "update") {
    const parts = OF_UPDATE.map((key, k) => ({
      key,
      rows,
      columns,
      kind: /** @type {const} */ ("kernel"),
      title: TITLE,
      joint: k ? "+" : "",
      ...bias(["bias", "bias-gradient", "bias-new"][k], 0),
    }));
    return { parts: [...parts, ...settingsPart(scene, "")], names: [column.weights, column.bias].filter(Boolean), isAdded: false };
  }
  const pads = padsOf(layer);
  const letters = (/** @type {(string | undefined)[]} */ names) => numbers.letters(/** @type {string[]} */ (names.filter(Boolean)), view.iteration).cell;
  const image = { key: "in", letters: letters([specs.column(focus - 1).a]), rows: layer.from.rows + pads.top + pads.bottom, columns: layer.from.columns + pads.left + pads.right, kind: /** @type {const} */ ("map"), title: TITLE, note: specs.leftOver(focus) ? 1 : 0 };
  const lines = 1 + (column.bias ? 1 : 0) + (layer.from.maps > 1 && !layer.from.isList ? 1 : 0);
  const middle = rows
    ? { key: "kernel", rows, columns, kind: /** @type {const} */ ("kernel"), title: TITLE, joint: "+", ...bias("bias", lines) }
    : { key: "how", rows: 1, columns: 1, kind: /** @type {const} */ ("box"), size: /** @type {[number, number]} */ ([120, 44]), title: 0, joint: "+", note: layer.window ? 1 : 0 };
  const out = { key: "out", letters: letters([column.a, column.z]), rows: layer.to.rows, columns: layer.to.columns, kind: /** @type {const} */ ("map"), lines: isTwoOf(column) ? 2 : 1, title: isTwoOf(column) ? TITLE + 2 : TITLE, joint: "+" };
  const flat = layer.from.isList && rows // a list stands above its weights
    ? [{ ...image, below: { key: "kernel", rows, columns, kind: /** @type {const} */ ("kernel"), title: TITLE, note: lines } }, { ...out, ...bias("bias", 0) }]
    : null;
  return { parts: flat ?? [image, middle, out], names: [specs.column(focus - 1).a, column.weights, column.bias, column.a, column.z].filter(Boolean), isAdded: rows > 0 };
};

const lossParts = (/** @type {Specs} */ specs, /** @type {any} */ scene) => {
  const { to } = specs.layers[specs.layers.length - 1];
  const last = specs.column(specs.layers.length - 1);
  const grid = (/** @type {string} */ key, /** @type {string} */ joint) => ({ key, rows: to.rows, columns: to.columns, kind: /** @type {const} */ ("map"), title: 11, joint });
  const keys = ["y", "error", "term"].filter((key) => scene.targets?.[key]);
  const loss = { key: "loss", rows: 1, columns: 1, kind: /** @type {const} */ ("box"), size: /** @type {[number, number]} */ ([120, 72]), title: 0, note: 0, joint: "+" };
  const parts = [grid("prediction", ""), ...keys.map((key) => grid(key, "+")), { ...loss, ...belowLoss(scene) }];
  return { parts, names: [last.a, ...keys], isAdded: false };
};

const belowLoss = (/** @type {any} */ scene) => {
  const [part] = settingsPart(scene, "");
  return part ? { note: 2, below: part } : { note: 2 };
};

/** What stands before a grid: how it follows from the others, or in which direction derivatives go. @param {string} key @param {Way} way @param {any} column @param {boolean} isOfErrors */
export const jointOf = (key, way, column, isOfErrors) => {
  if (way === "loss") return { y: isOfErrors ? "−" : "", error: "=", term: "→", loss: "→" }[key] ?? "";
  if (way === "update") return { gradient: "− η·", new: "=" }[key] ?? "";
  if (way === "own") return "";
  if (way === "kernel") return key === "out" ? "←" : column.window ? "→" : "";
  if (way === "input") return "←";
  if (key === "out") return column.weights ? "=" : "→";
  return !column.weights ? "→" : key === "bias" ? "+" : "⊛";
};

/** @returns {Part[]} */
const settingsPart = (/** @type {any} */ { settings }, /** @type {string} */ joint) => (settings.length ? [{ key: "settings", rows: 1, columns: 1, kind: "box", size: [132, 28 * settings.length], title: 0, joint }] : []);

