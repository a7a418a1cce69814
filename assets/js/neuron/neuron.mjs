// @ts-check
/** Draws one neuron: a row per input, the sum, and where it is on the curves of the activation and of its slope. */

import { bare, Marks } from "../marks.mjs";
import { Plot } from "../plot/plot.mjs";
import { put, symbolHtml, write } from "../svg.mjs";
import { idAt } from "../walkthrough.mjs";
import { frameIn } from "./frame.mjs";

/** @typedef {import("../view.mjs").View} View */
/** @typedef {import("../walkthrough.mjs").Walkthrough} Walkthrough */
/** @typedef {import("./frame.mjs").Quantity} Quantity */
/** @typedef {import("./frame.mjs").Entry} Entry */

const LETTERS = 4; // of the numbers at the left of both plots
const MARGIN = 0.06; // of a plot's height, above and beneath its curve

export class Neuron {
  /** @param {HTMLElement} host @param {Walkthrough} walk @param {any} scene @param {Set<string>} given @param {import("../desk.mjs").Desk} desk */
  constructor(host, walk, scene, given, desk) {
    this.walk = walk;
    this.scene = scene;
    this.given = given;
    this.desk = desk;
    this.host = host;
    this.frame = frameIn(host, scene);
    this.frame.owner = this;
    this.marks = new Marks(walk, given, host, 1);
    /** @type {View | null} */
    this.view = null;
    this.k = -1;
    this.frame.choose(scene.activation);
    this.plots = this.#plots();
  }

  /** @param {View} view */
  show(view) {
    this.view = view;
    put(this.frame.root, "data-phase", view.phase);
    put(this.frame.root, "data-changes", String(view.showsGradients || view.phase === "After"));
    this.#rows(view);
    this.#loss(view);
    this.#points(view);
  }

  measure() {
    this.plots.value.measure();
    this.plots.slope.measure();
  }

  /** Keeps what the step is about in sight, if the drawing is larger than its room; not while its numbers are drawn. */
  follow() {
    const { host, view } = this;
    const k = view?.k ?? -1;
    if (this.k >= 0 && k !== this.k && host.scrollHeight > host.clientHeight + 1)
      host.querySelector('.quantity[data-mark="written"]')?.scrollIntoView({ block: "nearest" });
    this.k = k;
  }

  // Changing

  /** @param {string} name @param {string} text @param {string} gesture */
  change(name, text, gesture) {
    if (name) this.desk.change({ kind: "number", name, text }, { gesture, refuse: (faults) => this.#refuse(faults) });
  }

  /** The activation, or a setting of it. @param {string} setting @param {string} value @param {string} gesture */
  setActivation(setting, value, gesture) {
    const { place } = this.scene.activation;
    this.desk.change({ kind: "field", place: setting ? `${place}.${setting}` : place, value }, { gesture, refuse: (faults) => this.#refuse(faults) });
  }

  #refuse(/** @type {import("../banner.mjs").Fault[]} */ faults) {
    this.desk.hooks.complain("This change is not possible:", faults);
    this.frame.choose(this.scene.activation);
    if (this.view) this.show(this.view);
  }

  // Rows

  #rows(/** @type {View} */ view) {
    const { scene, frame, walk } = this;
    const sum = this.#id(view, scene.z);
    frame.inputs.forEach((row, i) => {
      this.#entry(view, /** @type {Entry} */ (row.x), this.#id(view, scene.x, i), "x");
      this.#parameter(view, row, scene.weights, i, "w");
      this.#product(view, row.addend, sum, i);
    });
    if (frame.bias) {
      this.#parameter(view, frame.bias, scene.bias, 0, "b");
      this.#quantity(view, frame.bias.addend, this.#latest(view, scene.bias, 0), "b");
    }
    this.#quantity(view, frame.sum.addend, sum, "z");
    this.#quantity(view, frame.activation.addend, this.#id(view, scene.a), "a");
    this.#gradient(view, frame.sum.changes[0], this.#id(view, scene.z, 0, ".grad"));
    this.#gradient(view, frame.activation.changes[0], this.#id(view, scene.a, 0, ".grad"));
    scene.settings.forEach((/** @type {string} */ name, /** @type {number} */ n) => this.#entry(view, frame.settings[n], idAt(walk.block(name, "", view.iteration), 0), "setting"));
    write(frame.head, view.phase === "Backward" ? "slope of the loss" : view.phase === "Update" ? "slope, new" : "");
  }

  #loss(/** @type {View} */ view) {
    const { target, loss } = this.frame;
    const { targets } = this.scene;
    if (target) {
      this.#entry(view, target.x, this.#id(view, targets.y), "y");
      const error = targets.error ? this.#id(view, targets.error) : -1;
      this.#quantity(view, target.error, error, "error");
      this.#quantity(view, target.addend, this.#id(view, targets.term), "error");
      this.#gradient(view, target.changes[0], error < 0 ? -1 : this.#id(view, targets.error, 0, ".grad"));
    }
    if (!loss) return;
    const whole = idAt(this.walk.block("loss", "", view.iteration), 0);
    const after = idAt(this.walk.block("loss_after", "", view.iteration), 0);
    this.#quantity(view, loss.addend, whole, "loss");
    this.#gradient(view, loss.changes[0], this.#id(view, targets.term, 0, ".grad"));
    this.#quantity(view, loss.changes[1], view.phase === "After" ? after : -1, "loss");
  }

  /** A quantity of the sample that is seen; on the way forward after the update the new one. */
  #id(/** @type {View} */ view, /** @type {string} */ name, unit = 0, suffix = "") {
    const { walk } = this;
    const block = (suffix === "" && view.phase === "After" && walk.block(name, ".after", view.iteration)) || walk.block(name, suffix, view.iteration);
    if (!block) return -1;
    const width = block.shape[block.shape.length - 1] ?? 1;
    const samples = block.shape.reduce((/** @type {number} */ a, /** @type {number} */ b) => a * b, 1) / width;
    return idAt(block, Math.min(view.instance, samples - 1) * width + unit);
  }

  /** A parameter, or after the update its new value. */
  #latest(/** @type {View} */ view, /** @type {string} */ name, /** @type {number} */ place) {
    const { walk } = this;
    return idAt((view.phase === "After" && walk.block(name, ".new", view.iteration)) || walk.block(name, "", view.iteration), place);
  }

  /** The last number of a parameter's update that is known: moments, then its new value; before them, the one to come. */
  #renewed(/** @type {View} */ view, /** @type {string} */ name, /** @type {number} */ place) {
    const found = [".new", ".v", ".m"].map((suffix) => idAt(this.walk.block(name, suffix, view.iteration), place)).filter((id) => id >= 0);
    return found.find((id) => view.state(id) !== "empty") ?? found[0] ?? -1;
  }

  /** A parameter with what the loss makes of it: in the update its new value takes the place of its slope, once its step is done. */
  #parameter(/** @type {View} */ view, /** @type {{weight?: Entry, changes: Quantity[]}} */ { weight, changes }, /** @type {string} */ name, /** @type {number} */ place, /** @type {string} */ kind) {
    this.#entry(view, /** @type {Entry} */ (weight), this.#latest(view, name, place), kind);
    const renewed = view.phase === "Update" ? this.#renewed(view, name, place) : -1;
    const isDone = renewed >= 0 && !view.isMarked(renewed);
    this.#gradient(view, changes[0], isDone ? -1 : idAt(this.walk.block(name, ".grad", view.iteration), place));
    this.#quantity(view, changes[1], renewed, kind);
  }

  #entry(/** @type {View} */ view, /** @type {Entry} */ { quantity, slider }, /** @type {number} */ id, /** @type {string} */ kind) {
    const given = this.#quantity(view, quantity, id, kind);
    if (!slider) return;
    slider.input.hidden = !given;
    if (given && !this.desk.asksOn) slider.show(this.walk.values[id], this.walk.words(id), this.walk.drawn(id));
  }

  /** Says whether it can be changed. */
  #quantity(/** @type {View} */ view, /** @type {Quantity} */ { group, symbol, number }, /** @type {number} */ id, /** @type {string} */ kind) {
    group.hidden = id < 0;
    if (id < 0) return this.marks.number(view, number, -1), false;
    const { walk } = this;
    const given = this.given.has(walk.blockOf[id].name.replace(/^iterations\[\d+\]\./, "")) && this.marks.isGiven(id);
    if (this.marks.changed(view, group, [id], walk.names[id])) {
      const isGradient = walk.names[id].endsWith(".grad");
      put(symbol, "class", `symbol symbol-${isGradient ? "gradient" : kind}`);
      put(group, "data-kind", isGradient ? "gradient" : kind);
      put(symbol, "data-math", walk.symbol(id));
      symbol.innerHTML = symbolHtml(isGradient ? shortOf(walk.symbol(id)) : walk.symbol(id));
      this.marks.number(view, number, id);
      this.marks.mark(view, group, [id], given ? id : -1);
      put(group, "data-sign", walk.values[id] < 0 && view.state(id) !== "empty" ? "negative" : "positive");
    }
    return given;
  }

  #gradient(/** @type {View} */ view, /** @type {Quantity} */ quantity, /** @type {number} */ id) {
    this.#quantity(view, quantity, view.showsGradients ? id : -1, "gradient");
  }

  /** A product inside of the sum, known when its step is done; with a single one and no bias, it is the sum. */
  #product(/** @type {View} */ view, /** @type {Quantity} */ quantity, /** @type {number} */ sum, /** @type {number} */ i) {
    const { walk } = this;
    const { line, row } = walk.steps("neuron")[walk.writtenAt("neuron")[sum]];
    const part = walk.opened(line, row)?.findIndex(([kind, k]) => kind === "terms" && k === i) ?? -1;
    if (part < 0) return void this.#quantity(view, quantity, sum, "product");
    const { name, text, value } = walk.part(line, row, part);
    const state = view.detail === "operation" || view.state(sum) === "empty" ? view.stateOfPart(sum, line, row, part) : view.writes.has(sum) ? "read" : "known";
    const { group, symbol, number } = quantity;
    put(symbol, "class", "symbol");
    put(group, "data-kind", "product");
    put(group, "data-for", walk.names[sum]);
    put(group, "data-mark", state);
    put(group, "data-sign", value < 0 && state !== "empty" ? "negative" : "positive");
    put(group, "data-lit", String(view.lit.has(sum)));
    put(number, "data-quantity", name);
    put(number, "data-state", state);
    write(number, state === "empty" ? "" : view.covered && state === "written" ? "?" : text);
    put(group, "aria-label", `product ${i + 1} ${number.textContent || "not computed yet"}`);
  }

  // Curves

  #plots() {
    const { frame, scene } = this;
    const { range, value, slope } = scene.curves;
    const { name, symbol } = scene.activation;
    const key = JSON.stringify([name, scene.curves]);
    if (drawn.get(frame)?.key !== key) {
      const x = { label: "z", range };
      const made = {
        key,
        value: new Plot(frame.value, { title: `The activation ${name}`, x, y: { label: `a = ${symbol}(z)`, range: roomy(value), letters: LETTERS }, curves: [{ label: name, points: value, kind: "ink" }] }),
        slope: new Plot(frame.slope, { title: `The slope of ${name}`, x, y: { label: `slope ${symbol}′(z)`, range: roomy([...slope, [0, 0], [0, 1]]), letters: LETTERS }, curves: [{ label: "slope", points: slope, kind: "slope" }] }),
      };
      drawn.set(frame, made);
    }
    return /** @type {{value: Plot, slope: Plot}} */ (drawn.get(frame));
  }

  /** Where the sum is on the curves; after the update, where it was too. */
  #points(/** @type {View} */ view) {
    const { scene, plots, walk, frame } = this;
    const now = { z: this.#id(view, scene.z), a: this.#id(view, scene.a) };
    const plain = (/** @type {number} */ id) => /** @type {number} */ (walk.index.get(walk.names[id].replace(/\.after$/, "")));
    const before = { z: plain(now.z), a: plain(now.a) };
    const seen = (/** @type {number} */ id) => id >= 0 && view.text(id) !== "" && !(view.covered && view.state(id) === "written");
    const moved = now.z !== before.z && seen(now.z);
    const { z, a } = moved ? now : before;
    const [sum, result] = [walk.values[z], walk.values[a]];
    const isOn = seen(z) && seen(a);
    const found = scene.at[walk.names[z]];
    const slope = Number(found?.slope);
    const isWorked = this.#slopeIsWorked(view, z);
    const state = (/** @type {boolean} */ about) => (about ? "written" : "known");
    const old = scene.at[walk.names[before.z]];
    plots.value.mark("before", moved ? { x: walk.values[before.z], y: walk.values[before.a], state: "past" } : null);
    plots.slope.mark("before", moved && old ? { x: walk.values[before.z], y: Number(old.slope), state: "past" } : null);
    const { symbol } = scene.activation;
    plots.value.mark("z", seen(z) ? { x: sum, y: plots.value.range.y[0], state: state(view.writes.has(z)), label: isOn ? "" : `z = ${walk.drawn(z)}` } : null);
    plots.value.mark("a", isOn ? { x: sum, y: result, state: state(view.writes.has(a)), label: `${symbol}(${walk.drawn(z)}) ${walk.quantity(a).sign} ${walk.drawn(a)}` } : null);
    plots.value.line("tangent", isOn ? { x: sum, y: result, slope } : null);
    const { text, sign } = walk.printed(slope);
    plots.slope.mark("slope", isOn ? { x: sum, y: slope, state: state(isWorked || view.writes.has(a)), label: `${symbol}′(${walk.drawn(z)}) ${sign} ${text}` } : null);
    for (const { root } of [plots.value, plots.slope]) put(root, "data-worked", String(isWorked));
    frame.say(isOn ? (found?.remark ?? "") : "");
  }

  /** Whether the step works the slope out, or multiplies by it. */
  #slopeIsWorked(/** @type {View} */ view, /** @type {number} */ z) {
    const gradient = this.walk.grad.get(z);
    return gradient !== undefined && (view.writes.has(gradient) || view.aim === gradient);
  }
}

/** The plots of a frame: they stay while their curves do. @type {WeakMap<object, {key: string, value: Plot, slope: Plot}>} */
const drawn = new WeakMap();

/** All that a curve takes up, and a little more. @param {(number | string)[][]} points @returns {[number, number]} */
const roomy = (points) => {
  const values = points.map(([, y]) => Number(y)).filter(Number.isFinite);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const more = (high - low || 1) * MARGIN;
  return [low - more, high + more];
};

/** A derivative in a row that says of what: ∂, or δ. @param {string} math */
const shortOf = (math) => (/mfrac/.test(math) ? "<mo>∂</mo>" : bare(math));
