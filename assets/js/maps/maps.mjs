// @ts-check
/** Draws a network of images: all layers small, and large the one that a step is about, with its window, its kernel and its sums. */

import { Marks } from "../marks.mjs";
import { ROW } from "../layout.mjs";
import { put, svg, write, writeSymbol } from "../svg.mjs";
import { idAt } from "../walkthrough.mjs";
import { aboutOf, isUpdate, productsOf, windowOf } from "./about.mjs";
import { Bar } from "./bar.mjs";
import { cellAt, layersOf, linked, pairsOf, placeIn, receptiveField } from "./geometry.mjs";
import { Grid } from "./grid.mjs";
import { layout } from "./layout.mjs";
import { Numbers } from "./numbers.mjs";
import { heightOf, Overview, widthOf } from "./overview.mjs";
import { jointOf, partsOf, Specs } from "./parts.mjs";
import { Products } from "./products.mjs";
import { Sums } from "./sums.mjs";
import { html } from "../svg.mjs";

/** @typedef {import("../view.mjs").View} View */
/** @typedef {import("../walkthrough.mjs").Walkthrough} Walkthrough */
/** @typedef {import("./about.mjs").About} About */
/** @typedef {import("./geometry.mjs").Cell} Cell */
/** What one has chosen to look at, kept while the numbers of a problem change. @typedef {{shape: string, mode: string, place: string, focus: number | null, channel: number, filter: number, shown: Map<string, string>, cursors: Map<string, {row: number, column: number}>, scroll: [number, number]}} Memory */

const ASIDE = 215; // pixels that the bar needs beside the small layers

/** @type {WeakMap<HTMLElement, Memory>} */
const memories = new WeakMap();

const LEAST_ROOM = 120; // pixels: with less, the page is still being laid out

/** What stands behind the last layer, a number for each of its own. */
const OF_THE_LOSS = ["prediction", "y", "error", "term"];

export class Maps {
  /** @param {HTMLElement} host @param {Walkthrough} walk @param {any} scene @param {Set<string>} given */
  constructor(host, walk, scene, given) {
    this.host = host;
    this.walk = walk;
    this.scene = scene;
    this.given = given;
    this.numbers = new Numbers(walk);
    this.layers = layersOf(scene.columns);
    this.specs = new Specs(scene, this.layers, given);
    const shape = JSON.stringify(scene.columns.map((/** @type {any} */ { title, type, shape: s }) => [title, type, s]));
    const kept = memories.get(host);
    /** @type {Memory} */
    this.memory = kept?.shape === shape ? kept : { shape, mode: "auto", place: "", focus: null, channel: 0, filter: 0, shown: new Map(), cursors: new Map(), scroll: [0, 0] };
    memories.set(host, this.memory);
    this.signature = "";
    /** @type {Map<string, Grid>} */
    this.grids = new Map();
    /** @type {View} */
    this.view = /** @type {any} */ (null);
    /** @type {About} */
    this.about = /** @type {any} */ (null);
    /** @type {{grid: Grid, row: number, column: number} | null} */
    this.pointed = null;
    /** @type {((view: View) => void)[]} */
    this.updates = [];
    this.byPointer = false; // a hand is just pressing
    this.isByKey = true; // the cell with the focus has it from the keyboard
    this.bar = new Bar({ turn: (what, by) => this.#turn(what, by), mode: (mode) => this.#setMode(mode) });
    this.room = html("div", { class: "maps-room" });
    this.frame = html("div", { class: "maps" }, this.bar.root, this.room);
    this.size = { width: 0, height: 0, scale: 1 };
    host.replaceChildren(this.frame);
    this.#listen();
    this.measure();
  }

  // The player's side

  /** @param {View} view */
  show(view) {
    this.view = view;
    this.about = this.#aboutStep(view);
    this.#follow(view);
    this.#prepare(view);
    this.#fill(view);
    this.#light();
  }

  /** The room for the drawing has changed. */
  measure() {
    const spaces = this.layers.map(({ to }) => to);
    const isAside = this.#hasOverview && this.host.clientWidth - widthOf(this.scene, spaces) * this.#scale() > 2 * ASIDE;
    this.frame.classList.toggle("aside", isAside); // then the bar stands beside the small layers, not above them
    this.size = { width: this.room.clientWidth, height: this.room.clientHeight, scale: this.#scale() };
  }

  #scale() {
    return Number(getComputedStyle(this.host).getPropertyValue("--scale")) || 1;
  }

  get #hasOverview() {
    return this.scene.columns.length > 2 || this.scene.loss;
  }

  /** Keep what the step is about in sight, where the drawing is larger than its room. */
  follow() {
    const { width, height } = this.size;
    if (this.W <= width + 1 && this.H <= height + 1) return;
    const grid = this.grids.get(this.about.role) ?? [...this.grids.values()][0];
    if (!grid || this.view.steps.length > 1) return;
    const at = this.#cellOf(grid, this.about.place) ?? { row: 0, column: 0 };
    const box = grid.rect(at.row, at.column);
    const window = this.laid;
    const [top, bottom] = window ? [Math.min(box.y, window.y), Math.max(box.y + box.height, window.y + window.height)] : [box.y, box.y + box.height];
    const y = near(this.room.scrollTop, height, bottom - top > height ? box.y : top, bottom - top > height ? box.y + box.height : bottom);
    const x = near(this.room.scrollLeft, width, box.x, box.x + box.width);
    if (x !== this.room.scrollLeft || y !== this.room.scrollTop) this.room.scrollTo(x, y);
  }

  // What the step is about

  /** @returns {About} */
  #aboutStep(/** @type {View} */ { walk, target }) {
    const block = walk.blockOf[target];
    const name = (block?.name ?? "").replace(/^iterations\[\d+\]\./, "");
    return aboutOf(this.scene, name, block?.suffix ?? "", block ? this.numbers.placeOf(target) : 0);
  }

  /** The channel and the filter that a step reads; what a person has chosen to look at holds until the next one. */
  #follow(/** @type {View} */ view) {
    const { memory, about } = this;
    const place = `${view.detail} ${view.k}`;
    if (memory.place === place) return this.#within();
    memory.place = place;
    memory.focus = null;
    memory.channel = memory.filter = 0; // a step looks the same from wherever one comes
    if (view.steps.length > 1) return this.#within();
    const layer = this.layers[this.looked];
    if (this.focus < 0) {
      if (OF_THE_LOSS.includes(about.role) && !layer.to.isList) memory.filter = cellAt(layer.to, about.place).map;
      return this.#within();
    }
    if (about.role === "out" || about.role === "bias") memory.filter = layer.to.isList ? about.place : about.role === "bias" ? about.place : cellAt(layer.to, about.place).map;
    if (about.role === "in") memory.channel = cellAt(layer.from, about.place).map;
    if (about.role === "kernel") [memory.channel, memory.filter] = this.specs.ofWeight(this.focus, about.place, memory);
    if (layer.type.includes("pool") || layer.type === "activation") memory.channel = memory.filter = about.role === "in" ? memory.channel : memory.filter;
    if (view.detail === "operation" && about.role === "out") this.#followProduct(view);
    this.#within();
  }

  /** At single operations: the channel of the product. */
  #followProduct(/** @type {View} */ view) {
    const id = [...view.reads].find((k) => view.walk.names[k] && this.scene.columns[this.focus - 1]?.a === baseOf(view.walk.blockOf[k].name));
    if (id !== undefined) this.memory.channel = cellAt(this.layers[this.focus].from, this.numbers.placeOf(id)).map;
  }

  /** Channel and filter are there, and belong together. */
  #within() {
    const { memory } = this;
    const layer = this.layers[this.looked];
    memory.filter = Math.min(memory.filter, (layer.to.isList ? layer.to.count : layer.to.maps) - 1);
    memory.channel = this.specs.channelIn(this.looked, memory);
  }

  /** The layer that is looked at; −1 is the loss. */
  get focus() {
    return this.memory.focus ?? this.about.focus;
  }

  /** The layer whose maps are looked at; at the loss the last one. */
  get looked() {
    return this.focus < 0 ? this.layers.length - 1 : Math.max(1, this.focus);
  }

  get isUpdate() {
    return this.memory.focus === null && isUpdate(this.about);
  }

  // Building

  #prepare(/** @type {View} */ view) {
    const { width, height, scale } = this.size;
    const { mode } = this.memory;
    const kind = this.isUpdate ? "update" : this.focus < 0 ? "loss" : "layer";
    const signature = [width, height, scale, mode, kind, this.focus, view.iteration, document.documentElement.dataset.mode].join();
    if (signature === this.signature) return;
    this.signature = signature;
    const had = this.#focused();
    this.#build(view, kind);
    if (had) this.grids.get(had)?.current.focus({ preventScroll: true });
  }

  /** The grid that has the keyboard. */
  #focused() {
    const active = document.activeElement;
    return active && this.room.contains(active) ? (active.closest("[data-grid]")?.getAttribute("data-grid") ?? "") : "";
  }

  #build(/** @type {View} */ view, /** @type {string} */ kind) {
    const { width, height, scale } = this.size;
    const isProjected = document.documentElement.dataset.mode === "projector";
    const isNamed = !isProjected;
    const above = this.#hasOverview && !(isProjected && height < 460) ? heightOf(scale, isNamed, height) : 0;
    const { parts, names, isAdded } = partsOf(this.specs, kind, Math.max(1, this.focus), this.scene, this.numbers, view);
    const letters = this.numbers.letters(names, view.iteration);
    const isChosen = this.memory.mode !== "auto";
    const screen = [innerWidth, innerHeight, isProjected, kind, this.focus].join();
    const mode = isChosen ? this.memory.mode : (this.memory.shown.get(screen) ?? "auto");
    const at = layout(parts, width, height - above, { scale, mode, letters: { cell: letters.cell, product: letters.line + 2 }, isAdded });
    if (!isChosen && height > LEAST_ROOM) this.memory.shown.set(screen, at.isPicture ? "picture" : "numbers"); // a longer formula changes nothing
    this.at = at;
    this.W = Math.max(at.W, width);
    this.H = at.H + above;
    this.updates = [];
    const label = `Maps: ${this.scene.columns.map((/** @type {any} */ c) => c.title).join(", ")}. T shows the numbers as a table.`;
    this.root = svg("svg", { class: "maps-drawing", width: this.W, height: this.H, viewBox: `0 0 ${this.W} ${this.H}`, role: "group", "aria-label": label });
    this.root.style.setProperty("--s", String(scale));
    this.root.style.setProperty("--f", `${Math.min(22, Math.max(14, at.type / scale)) * scale}px`);
    this.root.append(svg("defs", {}, hatching()));
    this.overview = above ? new Overview(this.scene, this.layers.map(({ to }) => to), this.numbers, { width: this.W, scale, isNamed, height }) : null;
    if (this.overview) this.root.append(this.overview.root, svg("line", { class: "rule", x1: 0, x2: this.W, y1: above - 3, y2: above - 3 }));
    this.things = svg("g");
    this.root.append(this.things);
    this.marks = new Marks(this.walk, this.given, this.things, scale);
    this.#grids(parts, above);
    this.joints = at.joints.map(({ x, y, key }) => ({ key, text: svg("text", { class: "joint", x, y: y + above, "text-anchor": "middle", "dominant-baseline": "central" }) }));
    this.products = new Products();
    this.things.append(...this.joints.map(({ text }) => text), this.products.root, ...[...this.grids.values()].map(({ over }) => over));
    this.#boxes(parts, above);
    this.room.replaceChildren(this.root);
  }

  #grids(/** @type {import("./layout.mjs").Part[]} */ parts, /** @type {number} */ above) {
    const { scale } = this.size;
    const at = /** @type {import("./layout.mjs").Layout} */ (this.at);
    this.grids = new Map();
    for (const part of parts.flatMap((one) => (one.below ? [one, one.below] : [one]))) {
      const place = at.places.get(part.key);
      if (!place || part.kind === "box") continue;
      const spec = this.specs.of(part.key, Math.max(1, this.focus), this.memory);
      const isPicture = part.columns > 1 && ((at.isPicture && part.kind === "map") || part.rows * part.columns > 700 || (part.kind === "kernel" && at.isPicture && part.rows * part.columns > 160));
      const cursor = this.memory.cursors.get(part.key) ?? { row: 0, column: 0 };
      const grid = new Grid(spec, { ...place, y: place.y + above }, { isPicture, scale, numbers: this.numbers, cursor });
      this.grids.set(part.key, grid);
      this.things.append(grid.root);
    }
  }

  /** What is no grid: how a window is pooled, what the products add up to, the loss, the settings. */
  #boxes(/** @type {import("./layout.mjs").Part[]} */ parts, /** @type {number} */ above) {
    const { scale } = this.size;
    const { places } = /** @type {import("./layout.mjs").Layout} */ (this.at);
    const put_ = (/** @type {string} */ key) => {
      const place = places.get(key);
      return place ? { ...place, y: place.y + above } : null;
    };
    this.sums = null;
    for (const part of parts.flatMap((one) => (one.below ? [one, one.below] : [one]))) {
      const place = put_(part.key);
      if (!place) continue;
      const [w, h] = part.size ? part.size.map((n) => n * scale) : [part.columns * place.w, part.rows * place.h];
      const foot = { x: place.x + w / 2, y: place.y + h };
      if (part.note && part.key !== "in") this.sums = new Sums(this.things, foot.x, foot.y, scale, part.note);
      if (part.key === "in" && part.note) this.things.append(svg("text", { class: "title", x: foot.x, y: foot.y + 18 * scale, "text-anchor": "middle" }, this.specs.leftOver(this.focus)));
      if (part.key === "how") this.#how(place, w, h);
      if (part.key === "loss") this.#loss(place, w, h);
      if (part.key === "settings") this.#settings(place, w);
    }
  }

  #how(/** @type {{x: number, y: number}} */ { x, y }, /** @type {number} */ w, /** @type {number} */ h) {
    const { title } = this.specs.how(this.focus);
    this.things.append(svg("rect", { class: "how", x, y, width: w, height: h, rx: h / 2 }), svg("text", { class: "how-name", x: x + w / 2, y: y + h / 2, "text-anchor": "middle", "dominant-baseline": "central" }, title));
  }

  #loss(/** @type {{x: number, y: number}} */ { x, y }, /** @type {number} */ w, /** @type {number} */ h) {
    const { scale } = this.size;
    const group = svg("g", { class: "loss", tabindex: 0, role: "button" });
    const [label, value, after] = ["name", "value", "after"].map((kind) => svg("text", { class: kind, "text-anchor": "middle", x: x + w / 2 }));
    const then = svg("text", { class: "title", "text-anchor": "middle", x: x + w / 2, y: y + h + 40 * scale });
    group.append(svg("rect", { x, y, width: w, height: h, rx: 10 * scale }), label, value, after, then);
    put(label, "y", String(y + h * 0.32));
    put(value, "y", String(y + h * 0.72));
    put(after, "y", String(y + h + 22 * scale));
    this.things.append(group);
    this.updates.push((view) => {
      const id = idAt(this.walk.block("loss", "", view.iteration), 0);
      const renewed = idAt(this.walk.block("loss_after", "", view.iteration), 0);
      if (!this.marks?.changed(view, group, [id, renewed], view.phase)) return;
      writeSymbol(label, "<mi>loss</mi>");
      this.marks.number(view, value, id);
      const isAfter = renewed >= 0 && view.phase === "After" && view.state(renewed) !== "empty";
      this.marks.number(view, after, isAfter ? renewed : -1);
      write(then, isAfter ? "after the update" : "");
      this.marks.mark(view, group, [id, renewed], -1);
    });
  }

  #settings(/** @type {{x: number, y: number}} */ { x, y }, /** @type {number} */ w) {
    const { scale } = this.size;
    this.scene.settings.forEach((/** @type {string} */ name, /** @type {number} */ k) => {
      if (!this.walk.block(name, "", 0)) return;
      const chip = this.marks?.chip({ x: x + w / 2, y: y + (k * 28 + 14) * scale, w, h: ROW * scale }, 1, name, "setting");
      this.updates.push((view) => chip && this.marks?.rows(view, chip, [idAt(this.walk.block(name, "", view.iteration), 0)]));
    });
  }

  // Filling

  #fill(/** @type {View} */ view) {
    if (!this.root) return;
    this.root.dataset.phase = view.phase;
    if (this.marks) this.marks.about = null;
    const suffixes = this.#suffixes(view);
    const focus = Math.max(1, this.focus);
    for (const [key, grid] of this.grids) {
      grid.spec = this.specs.of(key, focus, this.memory);
      const { shown, title, name, sizes } = this.specs.shown(key, focus, this.memory, view, this.numbers, (names, usual) => suffixOf(view, names, usual, suffixes));
      grid.show(view, shown, title, name, sizes);
    }
    for (const { key, text } of this.joints ?? []) write(text, jointOf(key, this.#way(view), this.scene.columns[focus], Boolean(this.scene.targets?.error)));
    for (const update of this.updates) update(view);
    this.overview?.show(view, this.focus, this.memory, (name) => (view.phase === "Backward" || view.phase === "Update" ? (this.numbers.has(view, name, ".grad") ? ".grad" : "") : view.phase === "After" && this.numbers.has(view, name, ".after") ? ".after" : ""));
    this.#window(view);
    const layer = this.layers[this.looked];
    const { channel, filter } = this.memory;
    this.bar.show(
      { name: "channel", at: channel, count: this.focus > 0 && !layer.type.includes("pool") && layer.type !== "activation" ? layer.from.maps : 1 },
      { name: layer.to.isList ? "unit" : layer.type === "conv2d" ? "filter" : "channel", at: filter, count: layer.to.isList && (layer.type !== "dense" || this.focus < 0) ? 1 : layer.to.isList ? layer.to.count : layer.to.maps },
      Boolean(this.at?.isPicture),
    );
  }

  /** What the step does with what is drawn. @returns {import("./parts.mjs").Way} */
  #way(/** @type {View} */ view) {
    if (this.focus < 0) return "loss";
    if (this.isUpdate) return "update";
    const { role, suffix } = this.about;
    if (view.phase !== "Backward" || this.memory.focus !== null) return suffix === ".grad" ? "own" : "forward";
    return role === "kernel" ? "kernel" : role === "in" ? "input" : suffix === ".grad" ? "own" : "forward";
  }

  /** Which numbers a step reads, by the names of their blocks. @returns {Map<string, string>} */
  #suffixes(/** @type {View} */ view) {
    const found = new Map();
    if (view.steps.length > 1) return found;
    for (const id of view.reads) {
      const block = view.walk.blockOf[id];
      if (block?.name) found.set(baseOf(block.name), block.suffix);
    }
    return found;
  }

  /** The window, its products and what they add up to. */
  #window(/** @type {View} */ view) {
    const layer = this.layers[this.focus];
    const isOne = view.steps.length === 1 && this.memory.focus === null && layer && !this.isUpdate;
    const { about, memory } = this;
    const window = isOne && view.hinted ? windowOf(layer, about, memory.filter) : null;
    this.laid = null;
    for (const [key, grid] of this.grids) {
      const cells = window?.grid === key ? window.cells : [];
      grid.lay(cells.filter(({ map }) => key === "out" || map === memory.channel));
      put(grid.window, "data-back", String(view.phase === "Backward"));
      if (cells.length) {
        const corners = cells.map(({ row, column }) => grid.rect(row, column));
        const [y, bottom] = [Math.min(...corners.map((c) => c.y)), Math.max(...corners.map((c) => c.y + c.height))];
        this.laid = { y, height: bottom - y };
      }
    }
    const found = isOne && view.hinted ? productsOf(layer, about, memory.filter, memory.channel) : null;
    const products = found ? this.#products(view, found) : [];
    this.products?.show(view, products.filter((p) => p.width > 0));
    this.#winner(view, layer, Boolean(isOne));
    this.sums?.show(this.#sumsOf(view, layer, Boolean(isOne), products));
  }

  /** @returns {(import("./products.mjs").Product & {value: number})[]} */
  #products(/** @type {View} */ view, /** @type {NonNullable<ReturnType<typeof productsOf>>} */ { host, products }) {
    const at = /** @type {import("./layout.mjs").Layout} */ (this.at);
    const hostKey = host === "in" && at.host === "in" ? "in" : host === "out" && at.host === "in" ? "out" : this.about.role === "kernel" ? "none" : "kernel";
    const grid = this.grids.get(hostKey);
    const states = view.detail === "operation" ? this.#statesOfParts(view) : null;
    return products.map((product) => {
      const [first, second] = [product.first, product.second].map(([role, place]) => this.#idIn(view, role, place));
      const cell = hostKey === "kernel" && grid ? this.#cellOf(grid, host === "in" ? product.second[1] : product.second[1]) : product;
      const rect = grid && !grid.isPicture && cell ? grid.rect(cell.row, cell.column) : { x: 0, y: 0, width: 0, height: 0 };
      const [a, b] = hostKey === "kernel" ? [second, first] : [first, second];
      const key = [first, second].map((id) => (id < 0 ? "" : view.walk.names[id])).sort().join("|");
      const state = view.covered ? "covered" : (states?.get(key) ?? (states ? "empty" : "known"));
      const value = (first < 0 ? 0 : view.walk.values[first]) * (second < 0 ? 0 : view.walk.values[second]);
      return { ...rect, first: a, second: b, firstText: "", state, value };
    });
  }

  /** Of the products of a step that is gone through one by one: which are done, and which is being done. @returns {Map<string, string>} */
  #statesOfParts(/** @type {View} */ { walk, steps: [step] }) {
    const found = new Map();
    if (step.kind !== "part") return new Map();
    const parts = walk.opened(step.line, step.row) ?? [];
    let last = -1;
    parts.forEach(([kind], part) => {
      if (kind === "terms" && part <= step.part) last = part;
    });
    parts.forEach(([kind], part) => {
      if (kind !== "terms") return;
      const { operands } = walk.part(step.line, step.row, part);
      const key = operands.map((/** @type {any} */ { name }) => name).sort().join("|");
      found.set(key, part > step.part ? "empty" : part === last ? "written" : "known");
    });
    return found;
  }

  /** The quantity that a grid shows at a place of its sample. */
  #idIn(/** @type {View} */ view, /** @type {string} */ role, /** @type {number} */ place) {
    if (place < 0) return -1;
    const { shown } = this.grids.get(role) ?? {};
    if (!shown) return -1;
    const main = shown.main(place);
    const minor = shown.minor ? shown.minor(place) : -1;
    return minor >= 0 && view.reads.has(minor) && !view.reads.has(main) ? minor : main;
  }

  /** Of the cells of a window the largest: the one that goes on. */
  #winner(/** @type {View} */ view, /** @type {import("./geometry.mjs").Layer | undefined} */ layer, /** @type {boolean} */ isOne) {
    const grid = this.grids.get("in");
    if (!grid) return;
    const best = isOne && layer?.type === "max_pool2d" && this.about.role === "out" && view.hinted && !view.covered ? this.#largest(view, layer, grid) : null;
    grid.light("winner", best ? [best] : []);
  }

  #largest(/** @type {View} */ view, /** @type {import("./geometry.mjs").Layer} */ layer, /** @type {Grid} */ grid) {
    let best = null;
    let most = -Infinity;
    for (const pair of pairsOf(layer, cellAt(layer.to, this.about.place))) {
      const value = pair.inside ? view.walk.values[grid.shown.main(placeIn(layer.from, pair))] : -Infinity;
      if (value > most) [best, most] = [pair, value];
    }
    return best;
  }

  /** What the products of a step add up to: of an output behind its activation, the number before it. */
  #summed(/** @type {View} */ view) {
    const column = this.specs.column(Math.max(this.focus, 0));
    const block = view.walk.blockOf[view.target];
    if (!column?.z || baseOf(block.name) !== column.a || block.suffix === ".grad") return view.target;
    return view.walk.index.get(view.walk.names[view.target].replace(`${column.a}[`, `${column.z}[`)) ?? view.target;
  }

  /** What stands beneath the kernel. @returns {string[]} */
  #sumsOf(/** @type {View} */ view, /** @type {import("./geometry.mjs").Layer | undefined} */ layer, /** @type {boolean} */ isOne, /** @type {{value: number, state: string}[]} */ products) {
    const { walk, covered, hinted } = view;
    const { about, memory } = this;
    if (!isOne || !layer || covered || !hinted) return [];
    const text = (/** @type {number} */ value) => walk.printed(value).text;
    const total = walk.values[this.#summed(view)];
    const result = text(total);
    if (layer.type === "max_pool2d" && about.role === "out") return [result];
    if (layer.type === "average_pool2d" && about.role === "out") {
      const grid = this.grids.get("in");
      const pairs = pairsOf(layer, cellAt(layer.to, about.place)).filter(({ inside }) => inside);
      const sum = pairs.reduce((before, pair) => before + walk.values[grid?.shown.main(placeIn(layer.from, pair)) ?? -1], 0);
      return [`${text(sum)} / ${pairs.length} = ${result}`];
    }
    if (!products.length) return [];
    const done = products.filter(({ state }) => state !== "empty");
    const sum = done.reduce((before, { value }) => before + value, 0);
    if (done.length < products.length) return [`sum so far: ${text(sum)}`];
    if (about.role === "kernel") return [`sum: ${result}`];
    const several = about.role === "out" ? layer.from.maps > 1 && !layer.from.isList : !layer.to.isList && layer.to.maps > 1;
    const bias = about.role === "out" && this.specs.column(this.focus).bias ? this.#idIn(view, "bias", this.specs.column(this.focus).shared ? 0 : memory.filter) : -1;
    const lines = [several ? `${about.role === "out" ? `channel ${memory.channel + 1}` : `filter ${memory.filter + 1}`}: ${text(sum)}` : `sum: ${text(sum)}`];
    if (several) lines.push(`all: ${text(total - (bias >= 0 ? walk.values[bias] : 0))}`);
    if (bias >= 0 && view.detail !== "operation") lines.push(`with the bias: ${result}`);
    return lines;
  }

  // Linking

  #light() {
    const layer = this.layers[this.focus];
    const one = this.pointed ?? this.#chosen();
    for (const grid of this.grids.values()) grid.light("link", []);
    if (!one || !layer) {
      this.overview?.light(new Map());
      this.bar.tell("");
      return;
    }
    const { grid, row, column } = one;
    const { role } = grid.spec;
    const place = grid.spec.place(row, column);
    if (role !== "in" && role !== "out" && role !== "kernel") {
      this.overview?.light(new Map());
      return this.#tell(grid, place, "");
    }
    const cell = role === "kernel" ? place : cellAt(role === "in" ? layer.from : layer.to, place);
    const map = role === "out" && !layer.to.isList ? /** @type {Cell} */ (cell).map : this.memory.filter;
    const found = linked(layer, role, cell, layer.to.isList ? 0 : map);
    const { channel, filter } = this.memory;
    this.grids.get("in")?.light("link", found.inputs.filter((c) => layer.from.isList || c.map === channel));
    this.grids.get("out")?.light("link", found.outputs.filter((c) => layer.to.isList || c.map === filter));
    const kernel = this.grids.get("kernel");
    kernel?.light("link", found.weights.map((w) => this.#cellOf(kernel, w)).filter((c) => c !== null));
    if (role === "kernel") this.overview?.light(new Map());
    else this.overview?.light(receptiveField(this.layers, role === "in" ? this.focus - 1 : this.focus, /** @type {Cell} */ (cell)));
    this.#tell(grid, place, told(role, found, layer));
  }

  #tell(/** @type {Grid} */ grid, /** @type {number} */ place, /** @type {string} */ more) {
    const id = grid.shown?.main(place) ?? -1;
    this.bar.tell(id >= 0 ? `${this.view.spoken(id)}${more}` : "");
  }

  /** The cell of what is chosen, where it is to be seen. */
  #chosen() {
    const { chosen } = this.view;
    if (chosen < 0) return null;
    for (const grid of this.grids.values())
      if (["in", "out", "kernel"].includes(grid.spec.role)) {
        const cell = this.#cellOf(grid, this.numbers.placeOf(chosen));
        if (cell && [grid.shown.main, grid.shown.minor].some((ids) => ids?.(grid.spec.place(cell.row, cell.column)) === chosen)) return { grid, ...cell };
      }
    return null;
  }

  /** Where a place of the sample is in a grid; null if it isn't there. @returns {{row: number, column: number} | null} */
  #cellOf(/** @type {Grid} */ grid, /** @type {number} */ place) {
    return this.specs.cellOf(grid.spec, place);
  }

  // Hands

  #listen() {
    const { room } = this;
    room.addEventListener("pointerdown", () => (this.byPointer = true));
    room.addEventListener("pointerup", () => (this.byPointer = false));
    room.addEventListener("pointermove", (event) => this.#point(event));
    room.addEventListener("pointerleave", () => this.#leave());
    room.addEventListener("focusin", (event) => this.#focus(/** @type {Element} */ (event.target)));
    room.addEventListener("focusout", () => this.#leave());
    room.addEventListener("keydown", (event) => this.#key(event));
    room.addEventListener("click", (event) => this.#click(/** @type {Element} */ (event.target)));
  }

  #point(/** @type {PointerEvent} */ event) {
    if (!this.root) return;
    const key = /** @type {Element} */ (event.target).closest("[data-grid]")?.getAttribute("data-grid") ?? "";
    const grid = this.grids.get(key);
    const { left, top } = this.root.getBoundingClientRect();
    const cell = grid?.at(event.clientX - left, event.clientY - top);
    if (!grid || !cell) return this.#leave();
    if (this.pointed?.grid === grid && this.pointed.row === cell.row && this.pointed.column === cell.column) return;
    if (grid.isPicture) grid.moveTo(this.view, cell.row, cell.column);
    this.pointed = { grid, ...cell };
    this.#light();
  }

  #leave() {
    if (!this.pointed) return;
    this.pointed = null;
    this.#light();
  }

  #focus(/** @type {Element} */ target) {
    const grid = this.grids.get(target.closest("[data-grid]")?.getAttribute("data-grid") ?? "");
    if (!grid) return;
    const cell = grid.cells.find(({ group }) => group === target);
    this.isByKey = !this.byPointer;
    if (!cell) return;
    grid.moveTo(this.view, cell.row, cell.column);
    this.memory.cursors.set(grid.spec.key, grid.cursor);
    this.pointed = { grid, row: cell.row, column: cell.column };
    this.#light();
  }

  #key(/** @type {KeyboardEvent} */ event) {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const target = /** @type {Element} */ (event.target);
    const station = target.closest("[data-station]");
    if (station && this.overview) {
      const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (by) this.#station(station, by);
      else if (event.key === "Enter" || event.key === " ") this.#lookByKey(Number(station.getAttribute("data-station")));
      else return;
      return event.preventDefault();
    }
    const grid = this.grids.get(target.closest("[data-grid]")?.getAttribute("data-grid") ?? "");
    if (!grid) return;
    if (event.key === "Escape" && this.view.chosen < 0) {
      /** @type {SVGElement} */ (target).blur();
      return event.preventDefault();
    }
    const next = event.shiftKey || !this.isByKey ? null : grid.next(event.key, false); // after a click the arrows still step
    if (!next) return;
    event.preventDefault();
    grid.moveTo(this.view, next.row, next.column);
    this.memory.cursors.set(grid.spec.key, grid.cursor);
    const { current } = grid;
    if (document.activeElement !== current) current.focus({ preventScroll: true });
    this.pointed = { grid, ...grid.cursor };
    this.#show(grid, grid.cursor);
    this.#light();
  }

  /** A cell that is moved to comes into sight. */
  #show(/** @type {Grid} */ grid, /** @type {{row: number, column: number}} */ { row, column }) {
    const { x, y, width, height } = grid.rect(row, column);
    const { room } = this;
    const [left, top] = [near(room.scrollLeft, this.size.width, x, x + width), near(room.scrollTop, this.size.height, y, y + height)];
    if (left !== room.scrollLeft || top !== room.scrollTop) room.scrollTo(left, top);
  }

  #station(/** @type {Element} */ from, /** @type {number} */ by) {
    const { stations } = /** @type {Overview} */ (this.overview);
    const k = stations.findIndex((one) => one === from);
    const next = stations[Math.min(Math.max(k + by, 0), stations.length - 1)];
    for (const one of stations) one.setAttribute("tabindex", one === next ? "0" : "-1");
    next.focus({ preventScroll: true });
  }

  #click(/** @type {Element} */ target) {
    const mini = target.closest("[data-map]");
    const station = target.closest("[data-station]");
    if (station) this.#look(Number(station.getAttribute("data-station")), mini ? Number(mini.getAttribute("data-map")) : null);
  }

  /** Another layer is looked at, until the next step. */
  #look(/** @type {number} */ column, /** @type {number | null} */ map) {
    const { memory } = this;
    memory.focus = column === 0 ? 1 : column;
    if (map !== null && column === 0) memory.channel = map;
    else if (map !== null && column > 0 && !this.layers[column].to.isList) memory.filter = map;
    this.#within();
    this.#again();
  }

  #lookByKey(/** @type {number} */ column) {
    this.#look(column, null);
    const again = this.overview?.stations.find((one) => Number(one.getAttribute("data-station")) === column);
    again?.focus({ preventScroll: true });
  }

  #turn(/** @type {"channel" | "filter"} */ what, /** @type {number} */ by) {
    const { memory } = this;
    const layer = this.layers[this.looked];
    const count = what === "channel" ? layer.from.maps : layer.to.isList ? layer.to.count : layer.to.maps;
    memory[what] = (memory[what] + by + count) % count;
    if (what === "channel") memory.filter = this.specs.filterFor(this.looked, memory);
    memory.focus ??= this.focus;
    this.#within();
    this.#again();
  }

  #setMode(/** @type {string} */ mode) {
    this.memory.mode = mode;
    this.#again();
  }

  #again() {
    this.pointed = null;
    this.show(this.view);
  }
}

/** The name of a block without its iteration. */
const baseOf = (/** @type {string} */ name) => name.replace(/^iterations\[\d+\]\./, "");

/** Which numbers of some quantities a step is about: those that it works out, those that it reads, or the usual ones. */
const suffixOf = (/** @type {View} */ view, /** @type {string[]} */ names, /** @type {string} */ usual, /** @type {Map<string, string>} */ read) => {
  const block = view.walk.blockOf[view.target];
  if (block && names.includes(baseOf(block.name))) return block.suffix;
  for (const name of names) {
    const found = read.get(name);
    if (found !== undefined) return found;
  }
  return usual;
};

const near = (/** @type {number} */ at, /** @type {number} */ room, /** @type {number} */ from, /** @type {number} */ to) => (from < at + 12 ? Math.max(0, from - 40) : to > at + room - 12 ? to - room + 40 : at);

const told = (/** @type {string} */ role, /** @type {import("./geometry.mjs").Linked} */ { inputs, outputs }, /** @type {import("./geometry.mjs").Layer} */ { type }) => {
  if (role === "in") return outputs.length ? ` · goes into ${outputs.length} ${outputs.length === 1 ? "output" : "outputs"}` : " · no window reaches it";
  if (role === "kernel") return ` · meets ${inputs.length} inputs`;
  return ` · made of ${inputs.length} ${type.includes("pool") ? "cells" : inputs.length === 1 ? "number" : "products"}`;
};

const hatching = () =>
  svg("pattern", { id: "hatch", width: 9, height: 9, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" }, svg("line", { class: "hatching", x1: 0, y1: 0, x2: 0, y2: 9 }));
