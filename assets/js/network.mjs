// @ts-check
/** Draws a network and marks on it what a step reads and writes. What is seen is a function of the view alone. */

import { drawnUnits, layout, ROW } from "./layout.mjs";
import { bare, Marks, place } from "./marks.mjs";
import { counted } from "./numerals.mjs";
import { lettersOf, put, svg, write, writeSymbol } from "./svg.mjs";
import { View } from "./view.mjs";
import { chaptersOf, idAt, placeOf } from "./walkthrough.mjs";

/** @typedef {import("./walkthrough.mjs").Walkthrough} Walkthrough */

const SUFFIXES = ["", ".grad", ".new", ".v", ".m", ".after"];
const WARMING = 250; // milliseconds after a drawing is made
const THIN = 1.4;
const THICK = 5;

export class Network {
  /** @param {HTMLElement} host @param {Walkthrough} walk @param {any} scene @param {Set<string>} given */
  constructor(host, walk, scene, given) {
    this.host = host;
    this.walk = walk;
    this.scene = scene;
    this.given = given;
    this.letters = { number: lettersOfNumbers(walk), symbol: lettersOfWeights(walk, scene) };
    this.signature = "";
    /** @type {Map<string, Record<string, any>[]>} */
    this.blocks = new Map();
    this.left = 0;
    this.top = 0;
    this.overflows = false;
    this.timer = 0;
    this.largest = 0; // of the weights' sizes
    this.room = { width: 0, height: 0, scale: 1 };
    /** @type {((view: View) => void)[]} */
    this.updates = [];
    /** @type {View | null} */
    this.view = null;
    this.at = layout(scene, 0, 0);
    this.lines = svg("g");
    this.things = svg("g");
    this.root = svg("svg");
    this.marks = new Marks(walk, given, this.things, 1);
    host.addEventListener("scroll", () => ([this.left, this.top] = [host.scrollLeft, host.scrollTop]), { passive: true });
    this.measure();
  }

  /** @param {View} view */
  show(view) {
    this.view = view;
    this.#prepare(view);
    this.root.dataset.phase = view.phase;
    this.marks.about = null;
    for (const update of this.updates) update(view);
  }

  /** The room for the drawing has changed. */
  measure() {
    const { clientWidth: width, clientHeight: height } = this.host;
    this.room = { width, height, scale: Number(getComputedStyle(this.host).getPropertyValue("--scale")) || 1 };
  }

  /** Keep what the step is about in sight, where the drawing is larger than its room. */
  follow() {
    const { host } = this;
    if (!this.overflows) return;
    const box = this.marks.about;
    if (!box) return;
    const left = within(box.x - this.room.width / 2, this.at.W - this.room.width);
    const half = this.room.height / 2; // the drawing moves on by halves, so that it rests while one goes down a column
    const top = within((Math.round(box.y / half) - 1) * half, this.at.H - this.room.height);
    if (left === this.left && top === this.top) return;
    host.scrollTo(left, top);
    this.left = left;
    this.top = top;
  }

  #prepare(/** @type {View} */ view) {
    const { width, height, scale } = this.room;
    const wanted = this.#wanted(view);
    const windows = this.scene.columns.map((/** @type {any} */ c, /** @type {number} */ k) => drawnUnits(c.units, wanted[k])[0]);
    const signature = [width, height, scale, ...windows].join();
    if (signature === this.signature) return;
    this.signature = signature;
    const options = { letters: this.letters, wanted };
    const large = layout(this.scene, width, height, { ...options, scale });
    const projected = document.documentElement.dataset.mode === "projector"; // where type must not shrink
    const fits = scale === 1 || projected || (large.W <= width + 1 && large.H <= height + 1);
    this.#build(fits ? large : layout(this.scene, width, height, options));
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.#warm(), WARMING);
    this.overflows = this.at.W > width + 1 || this.at.H > height + 1;
  }

  /** Makes all that a later step will write into, once the first step is on the screen, so that stepping adds nothing. */
  #warm() {
    const view = /** @type {View} */ (this.view);
    const { walk, detail } = view;
    const ends = [...chaptersOf(walk, detail).slice(1).map(({ first }) => first - 1), walk.count(detail) - 1];
    for (const k of ends) for (const update of this.updates) update(new View(walk, detail, k));
    this.show(view);
  }

  /** Which units the step is about, by column. @param {View} view */
  #wanted(view) {
    /** @type {number[]} */
    const wanted = [];
    const block = this.walk.blockOf[view.target];
    if (!block || view.steps.length > 1 || !this.walk.data.whole) return wanted;
    const name = block.name.replace(/^iterations\[\d+\]\./, "");
    const place = placeOf(block, view.target);
    const width = block.shape[block.shape.length - 1] ?? 1;
    this.scene.columns.forEach((/** @type {any} */ column, /** @type {number} */ k) => {
      if ([column.a, column.z, column.bias, column.weights].includes(name)) wanted[k] = place % width;
      if (column.weights === name) wanted[k - 1] = Math.floor(place / width);
    });
    return wanted;
  }

  #build(/** @type {ReturnType<typeof layout>} */ at) {
    this.updates = [];
    this.at = at;
    const label = `Network: ${this.scene.columns.map((/** @type {any} */ c) => `${c.title} ${c.units}`).join(", ")}. T shows it as a table.`;
    this.root = svg("svg", { class: at.tight ? "network tight" : "network", width: at.W, height: at.H, viewBox: `0 0 ${at.W} ${at.H}`, role: "group", "aria-label": label });
    this.root.style.setProperty("--s", String(at.scale));
    this.lines = svg("g", { class: "lines" });
    this.things = svg("g", {});
    this.marks = new Marks(this.walk, this.given, this.things, at.scale);
    this.root.append(svg("defs", {}, hatching()), this.lines, this.things);
    this.#columns();
    for (const edge of at.edges) this.#edge(edge);
    for (const unit of at.units) this.#unit(unit);
    for (const gap of at.gaps) this.#gap(gap);
    if (this.scene.loss) this.#loss();
    this.#settings();
    this.host.replaceChildren(this.root);
  }

  #columns() {
    const { units, scale } = this.at;
    this.scene.columns.forEach((/** @type {any} */ column, /** @type {number} */ k) => {
      const first = units.find((u) => u.column === k);
      if (!first) return;
      const title = column.activation && column.activation !== "linear" ? `${column.title} · ${column.activation}` : column.title;
      this.things.append(svg("text", { class: "title", x: first.box.x, y: 20 * scale, "text-anchor": "middle" }, clipped(title, 22)));
    });
  }

  #gap(/** @type {import("./layout.mjs").GapPlace} */ gap) {
    const text = `⋮ ${counted(gap.count)} left out`;
    this.things.append(svg("text", { class: "left-out", x: gap.x, y: gap.y, "text-anchor": "middle", "dominant-baseline": "middle" }, text));
  }

  /** The blocks of a name in an iteration, by suffix. @returns {Record<string, any>} */
  #blocks(/** @type {string} */ name, /** @type {number} */ iteration) {
    let own = this.blocks.get(name);
    if (!own) this.blocks.set(name, (own = []));
    own[iteration] ??= Object.fromEntries(SUFFIXES.map((suffix) => [suffix, this.walk.block(name, suffix, iteration)]));
    return own[iteration];
  }

  /** The quantity of a name at a unit, for the sample that is seen; after the update the new one. */
  #id(/** @type {View} */ view, /** @type {string} */ name, /** @type {number} */ unit, suffix = "") {
    const blocks = this.#blocks(name, view.iteration);
    const block = (suffix === "" && view.phase === "After" && blocks[".after"]) || blocks[suffix];
    if (!block) return -1;
    const width = block.shape[block.shape.length - 1] ?? 1;
    block.size ??= block.shape.reduce((/** @type {number} */ a, /** @type {number} */ b) => a * b, 1);
    return idAt(block, Math.min(view.instance, block.size / width - 1) * width + unit);
  }

  /** A parameter, or after the update its new value. */
  #parameter(/** @type {View} */ view, /** @type {string} */ name, /** @type {number} */ place, suffix = "") {
    const blocks = this.#blocks(name, view.iteration);
    return idAt((suffix === "" && view.phase === "After" && blocks[".new"]) || blocks[suffix], place);
  }

  #edge(/** @type {import("./layout.mjs").EdgePlace} */ edge) {
    const column = this.scene.columns[edge.column];
    const before = this.scene.columns[edge.column - 1];
    const [x1, y1, x2, y2] = edge.line;
    const line = svg("line", { x1, y1, x2, y2, class: "edge" });
    this.lines.append(line);
    const place = edge.from * column.units + edge.to;
    const chip = column.weights ? this.marks.chip(edge.chip ?? edge.near, 3, column.weights, "weight") : null;
    const target = column.z ?? column.a;
    let drawn = { look: "", value: NaN };
    this.updates.push((view) => {
      const weight = column.weights ? this.#parameter(view, column.weights, place) : -1;
      const gradient = column.weights ? this.#parameter(view, column.weights, place, ".grad") : -1;
      const renewed = column.weights ? this.#latest(view, column.weights, place) : -1;
      const mine = [weight, gradient, renewed];
      const ends = [this.#id(view, before.a, edge.from), this.#id(view, target, edge.to)];
      const active = weight >= 0 ? mine.some((id) => view.isMarked(id)) : view.isMarked(ends[1]) && view.isMarked(ends[0]);
      const lit = view.lit.size > 0 && (view.lit.has(weight) || ends.every((id) => view.lit.has(id)));
      const value = weight >= 0 ? this.walk.values[weight] : 1;
      const sign = weight < 0 ? "plain" : value < 0 ? "negative" : "positive";
      const backward = view.phase === "Backward";
      const look = `edge ${sign}${active ? " active" : ""}${active && backward ? " back" : ""}${lit ? " lit" : ""}`;
      if (look !== drawn.look || value !== drawn.value) {
        line.setAttribute("class", look);
        line.setAttribute("stroke-width", (this.#thickness(value, weight) * this.at.scale + (lit || active ? 1.5 : 0)).toFixed(1));
        drawn = { look, value };
      }
      if (!chip) return;
      if (!edge.chip) chip.box = view.showsGradients ? edge.far : (edge.plain ?? edge.near);
      const seen = edge.chip || (edge.plain && !view.showsGradients) || mine.some((id) => view.isMarked(id) || (id >= 0 && (id === view.chosen || view.lit.has(id)))) || this.#isInto(view, column, edge.to);
      this.marks.hide(chip, !seen);
      this.marks.rows(view, chip, this.#told(view, weight, gradient, renewed));
    });
  }

  /** Whether a unit is chosen, so that all weights into it are shown. */
  #isInto(/** @type {View} */ view, /** @type {any} */ column, /** @type {number} */ unit) {
    return view.chosen >= 0 && [column.a, column.z, column.bias].some((name) => name && !(column.shared && name === column.bias) && view.chosen === this.#id(view, name, unit));
  }

  /** What of a parameter is shown: in the update its new value takes the gradient's place, once its step is done. */
  #told(/** @type {View} */ view, /** @type {number} */ value, /** @type {number} */ gradient, /** @type {number} */ renewed) {
    if (!view.showsGradients) return [value];
    if (view.phase === "Backward" || renewed < 0) return [value, gradient];
    return view.isMarked(renewed) ? [value, gradient, renewed] : [value, renewed];
  }

  /** The last number of a parameter's update that is known: moments, then its new value. */
  #latest(/** @type {View} */ view, /** @type {string} */ name, /** @type {number} */ place) {
    for (const suffix of [".new", ".v", ".m"]) {
      const id = this.#parameter(view, name, place, suffix);
      if (id >= 0 && view.state(id) !== "empty") return id;
    }
    return -1;
  }

  #thickness(/** @type {number} */ value, /** @type {number} */ weight) {
    if (weight < 0) return THIN;
    this.largest ||= Math.max(1e-12, ...this.scene.columns.flatMap((/** @type {any} */ c) => this.#valuesOf(c.weights)).map(Math.abs));
    return THIN + (THICK - THIN) * Math.min(1, Math.sqrt(Math.abs(value) / this.largest));
  }

  #valuesOf(/** @type {string | undefined} */ name) {
    const block = name && this.walk.block(name, "", 0);
    if (!block) return [];
    const count = block.at?.length ?? block.shape.reduce((/** @type {number} */ a, /** @type {number} */ b) => a * b, 1);
    return this.walk.values.slice(block.start, block.start + count).filter(Number.isFinite);
  }

  #unit(/** @type {import("./layout.mjs").UnitPlace} */ { column: k, unit, box, bias, grads }) {
    const column = this.scene.columns[k];
    const { round, scale } = this.at;
    const inside = !round && (column.z || this.at.H / this.scene.columns[k].units < 90 * scale);
    const group = svg("g", { class: `unit${round ? "" : " flat"}`, tabindex: 0, role: "button" });
    const { x, y, w, h } = box;
    const shape = { x: x - w / 2, y: y - h / 2, width: w, height: h, rx: round ? w / 2 : 12 * scale };
    group.append(svg("rect", { class: "body", ...shape }), svg("rect", { class: "hatch", ...shape }));
    const a = svg("text", { class: "value", "text-anchor": "middle" });
    const z = svg("text", { class: "sum", "text-anchor": "middle" });
    const zSymbol = svg("text", { class: "sum-symbol", "text-anchor": "end" });
    const name = svg("text", { class: "name", "text-anchor": inside ? "start" : column.z ? "end" : "middle" });
    group.append(a, z, zSymbol, name);
    if (round) {
      place(name, column.z ? x - w * 0.36 : x, y - h / 2 + (column.z ? 6 : -9) * scale);
      place(a, x, y + (column.z ? -1 : 6) * scale);
      place(z, x + 5 * scale, y + h * 0.26);
    } else {
      place(name, inside ? x - w / 2 + 9 * scale : x, inside ? y - (column.z ? 5 : -5) * scale : y - h / 2 - 6 * scale);
      place(a, x + (inside ? 14 * scale : 0), y - (column.z ? 4 : -6) * scale);
      place(z, x + 14 * scale, y + 17 * scale);
    }
    this.things.append(group);
    this.marks.boxes.set(group, box);
    const biasChip = bias && column.bias ? this.marks.chip(bias, 3, column.bias, "bias") : null;
    if (biasChip && bias?.hold) this.lines.append(svg("line", { class: "edge stem", x1: x, y1: bias ? bias.y : y, x2: x, y2: y - h / 2 }));
    const derivatives = k ? grads.map((b) => this.marks.chip(b, 1, "", "gradient")) : [];
    this.updates.push((view) => {
      const value = this.#id(view, column.a, unit);
      const sum = column.z ? this.#id(view, column.z, unit) : -1;
      const own = [this.#id(view, column.a, unit, ".grad"), column.z ? this.#id(view, column.z, unit, ".grad") : -1];
      const ids = column.z ? [value, sum] : [value];
      const back = own.some((id) => view.isMarked(id));
      if (this.marks.changed(view, group, ids, String(back))) {
        this.marks.number(view, a, value);
        if (column.z) {
          this.marks.number(view, z, sum);
          writeSymbol(zSymbol, view.state(sum) === "empty" ? "" : bare(this.walk.symbol(sum)));
          place(zSymbol, Number(z.getAttribute("x")) - (z.textContent?.length ?? 0) * 4.1 * scale - 3 * scale, Number(z.getAttribute("y")));
        }
        this.#name(name, column, k, unit, value);
        this.marks.mark(view, group, ids, this.given.has(column.a) ? value : -1);
        const off = column.activation === "relu" && value >= 0 && view.state(value) !== "empty" && this.walk.values[value] === 0;
        put(group, "data-off", String(off));
        put(group, "data-back", String(back));
      }
      if (biasChip) {
        const where = column.shared ? 0 : unit;
        const parameter = (/** @type {string} */ suffix) => this.#parameter(view, column.bias, where, suffix);
        this.marks.rows(view, biasChip, this.#told(view, parameter(""), parameter(".grad"), this.#latest(view, column.bias, where)));
      }
      derivatives.forEach((chip, n) => {
        const seen = view.showsGradients && own[n] >= 0;
        this.marks.hide(chip, !seen);
        this.marks.rows(view, chip, [own[n]], true);
      });
    });
  }

  #name(/** @type {Element} */ name, /** @type {any} */ column, /** @type {number} */ k, /** @type {number} */ unit, /** @type {number} */ value) {
    const label = column.labels[unit] ?? "";
    const math = value >= 0 ? this.walk.symbol(value) : "";
    if (!k) return write(name, clipped(label, name.getAttribute("text-anchor") === "start" ? 5 : 14));
    const flat = /<mn>([ho]\d+)<\/mn>/.exec(math);
    if (flat) return write(name, flat[1]);
    return this.at.round ? writeSymbol(name, math) : write(name, String(unit + 1));
  }

  #loss() {
    const { loss, targets, scale, units } = this.at;
    const last = this.scene.columns.length - 1;
    for (const target of targets) {
      const { unit, x, y } = target;
      const from = units.find((u) => u.column === last && u.unit === unit);
      if (!from) continue;
      const link = svg("line", { class: "edge plain", x1: from.box.x, y1: from.box.y, x2: x, y2: y });
      const on = svg("line", { class: "edge plain", x1: x, y1: y, x2: loss.x, y2: loss.y });
      this.lines.append(link, on);
      this.#target(target, [link, on]);
    }
    const group = svg("g", { class: "loss", tabindex: 0, role: "button" });
    const { x, y, w, h } = loss;
    const label = svg("text", { class: "name", "text-anchor": "middle", x, y: y - 12 * scale });
    const value = svg("text", { class: "value", "text-anchor": "middle", x, y: y + 16 * scale });
    const after = svg("text", { class: "after", "text-anchor": "middle", x, y: y + h / 2 + 22 * scale });
    const then = svg("text", { class: "title", "text-anchor": "middle", x, y: y + h / 2 + 42 * scale });
    group.append(svg("rect", { x: x - w / 2, y: y - h / 2, width: w, height: h, rx: 10 * scale }), label, value, after, then);
    this.things.append(group);
    this.marks.boxes.set(group, loss);
    this.updates.push((view) => {
      const id = idAt(this.walk.block("loss", "", view.iteration), 0);
      const renewed = idAt(this.walk.block("loss_after", "", view.iteration), 0);
      if (!this.marks.changed(view, group, [id, renewed], view.phase)) return;
      writeSymbol(label, `<mi>loss </mi>${id >= 0 ? this.walk.symbol(id) : ""}`);
      this.marks.number(view, value, id);
      this.marks.number(view, after, renewed >= 0 && view.phase === "After" && view.state(renewed) !== "empty" ? renewed : -1);
      write(then, after.textContent ? "after the update" : "");
      this.marks.mark(view, group, [id, renewed], -1);
    });
  }

  /** Target, error and term of one output, each with its derivative. */
  #target(/** @type {ReturnType<typeof layout>["targets"][number]} */ { unit, x, y, w, h }, /** @type {Element[]} */ links) {
    const { scale } = this.at;
    const kinds = ["y", "error", "term"].filter((kind) => this.scene.targets[kind]);
    const gap = 4 * scale;
    let top = y - ((kinds.length - 1) * (h + gap) + ROW * scale) / 2;
    const label = this.scene.targets.labels[unit] ?? "";
    const isOwn = !/^[yo]\d+$/.test(label); // o1 is what its unit is called anyway
    if (isOwn) this.things.append(svg("text", { class: "title", x, y: top - 6 * scale, "text-anchor": "middle" }, clipped(label, 18)));
    for (const kind of kinds) {
      const height = kind === "y" ? ROW * scale : h;
      const chip = this.marks.chip({ x, y: top + height / 2, w, h: height }, 2, kind, kind === "y" ? "target" : "error");
      top += height + gap;
      this.updates.push((view) => {
        const id = this.#id(view, kind, unit);
        const gradient = kind === "y" || !view.showsGradients ? -1 : this.#id(view, kind, unit, ".grad");
        this.marks.rows(view, chip, [id, gradient]);
        if (kind !== "term") return;
        const marks = `${view.isMarked(id) || view.lit.has(id) ? " active" : ""}${view.lit.has(id) ? " lit" : ""}`;
        for (const link of links) put(link, "class", `edge plain${marks}`);
      });
    }
  }

  #settings() {
    const { settings, scale } = this.at;
    let x = settings.x;
    for (const name of [...this.scene.settings].reverse()) {
      const block = this.walk.block(name, "", 0);
      if (!block) continue;
      const letters = this.walk.text(block.start).length + lettersOf(this.walk.symbol(block.start));
      const w = (letters * 9 + 26) * scale;
      const chip = this.marks.chip({ x: x - w / 2, y: settings.y, w, h: ROW * scale }, 1, name, "setting");
      x -= w + 8 * scale;
      this.updates.push((view) => this.marks.rows(view, chip, [idAt(this.walk.block(name, "", view.iteration), 0)]));
    }
  }
}

const within = (/** @type {number} */ at, /** @type {number} */ most) => Math.max(0, Math.min(at, most));

/** The pattern of a unit that ReLU has switched off. */
const hatching = () =>
  svg("pattern", { id: "hatch", width: 9, height: 9, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" }, svg("line", { class: "hatching", x1: 0, y1: 0, x2: 0, y2: 9 }));

const clipped = (/** @type {string} */ text, /** @type {number} */ most) => (text.length > most ? `${text.slice(0, most - 1)}…` : text);

/** How many letters the longest number in the drawing has. @param {Walkthrough} walk */
const lettersOfNumbers = (walk) => {
  let longest = 4;
  const few = Math.min(walk.values.length, 4000);
  for (let id = 0; id < few; id++) if (walk.names[id] && walk.blockOf[id].axes.length) longest = Math.max(longest, walk.drawn(id).length);
  return Math.min(longest, 11);
};

/** How many letters the symbol of a weight has. @param {Walkthrough} walk @param {any} scene */
const lettersOfWeights = (walk, scene) => {
  const found = scene.columns.map((/** @type {any} */ column) => {
    const block = column.weights && walk.block(column.weights, "", 0);
    return block ? lettersOf(walk.symbol(block.start)) : 0;
  });
  return Math.max(2.2, ...found) + 0.6;
};
