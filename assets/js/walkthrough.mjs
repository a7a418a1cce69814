// @ts-check
/** A walkthrough as the server sends it (see `nncalc.player`), with its steps at every granularity. Knows no screen. */

import { mathNumber, slopeSymbol } from "./formulas.mjs";
import { worked } from "./operations.mjs";
import { counted, formed, formedMath, read, show, signOf } from "./numerals.mjs";
import { filling, fillings, listed, slotOf, stepsOf } from "./packed.mjs";
import { positionOf, symbolAt } from "./pattern.mjs";

export const DETAILS = ["operation", "neuron", "layer", "chapter"];
export const MOST_STEPS = 5000;
const DRAWN_DECIMALS = 4;

/**
 * One step at "operation" or "neuron".
 * @typedef {object} Step
 * @property {"line" | "part" | "slope"} kind
 * @property {number} line the line, or for a slope the feed
 * @property {number} row
 * @property {number} part which operation of the line, −1 for the whole of it
 * @property {number} neuron the step at "neuron" that it belongs to
 */

/** A quantity, or a product or running sum inside of a step. @typedef {{name: string, symbol: string, value: number, text: string, sign: string}} Number_ */

/** @param {number | string} value */
const number = (value) => (typeof value === "number" ? value : Number(value));

export class Walkthrough {
  /** @param {any} data */
  constructor(data) {
    this.data = data = inForm(unpacked(data));
    /** @type {number[]} */
    this.values = data.values.map(number);
    this.noise = new Set(data.noise);
    /** @type {string[]} as they have been asked for */
    this.texts = [];
    /** @type {string[]} as they have been asked for */
    this.symbols = [];
    /** @type {string[]} */
    this.names = new Array(this.values.length).fill("");
    /** @type {Map<string, number>} */
    this.index = new Map();
    /** @type {any[]} the block of every quantity */
    this.blockOf = new Array(this.values.length);
    /** @type {Map<string, any>} */
    this.blocks = new Map();
    for (const block of data.quantities) this.#name(block);
    /** @type {Record<string, Step[]>} */
    this.listed = { neuron: data.steps.map((/** @type {[number, number]} */ [line, row], /** @type {number} */ k) => ({ kind: "line", line, row, part: -1, neuron: k })) };
    /** @type {Record<string, Int32Array>} */
    this.written = {};
    /** @type {Map<string, any>} products and sums by name */
    this.parts = new Map();
    this.feedOf = feedsBySource(data.feeds);
    this.grad = new Map();
    for (const [name, k] of this.index) if (name.endsWith(".grad")) this.grad.set(this.index.get(name.slice(0, -5)), k);
  }

  #name(/** @type {any} */ block) {
    this.blocks.set(block.name + block.suffix, block);
    const size = block.shape.reduce((/** @type {number} */ a, /** @type {number} */ b) => a * b, 1);
    const count = block.at ? block.at.length : size;
    for (let id = block.start; id < block.start + count; id++) {
      this.blockOf[id] = block;
      if (!block.name) continue;
      this.names[id] = block.name + positionOf(placeOf(block, id), block.shape).map((k) => `[${k}]`).join("") + block.suffix;
      this.index.set(this.names[id], id);
    }
  }

  /** A quantity as it is shown. @param {number} id */
  text(id) {
    return (this.texts[id] ??= this.noise.has(id) ? "0" : show(this.values[id], 0, this.data.decimals));
  }

  /** Whether that is all of it ("=") or rounded. @param {number} id */
  sign(id) {
    return this.noise.has(id) ? "≈" : signOf(this.values[id], read(this.text(id)));
  }

  /** The symbol of a quantity in MathML; of a constant, its number. @param {number} id */
  symbol(id) {
    return (this.symbols[id] ??= this.#symbol(id));
  }

  #symbol(/** @type {number} */ id) {
    const block = this.blockOf[id];
    return block.symbol ? symbolAt(block.symbol, positionOf(placeOf(block, id), block.shape)) : mathNumber(this.text(id));
  }

  /** The details that can be walked through, and why others can't. */
  get offered() {
    const { whole, maps, paths } = this.data;
    const operations = paths ? this.#countOperations() : Infinity;
    return DETAILS.map((name) => {
      if (!whole && ((name === "neuron" && !maps) || name === "operation"))
        return { name, why: `${counted(this.data.count)} steps are too many to go through one by one.` };
      if (name === "operation" && operations > MOST_STEPS)
        return { name, why: `${Number.isFinite(operations) ? counted(operations) : `More than ${counted(MOST_STEPS)}`} single operations are too many to go through.` };
      return { name, why: "" };
    });
  }

  #countOperations() {
    return this.data.steps.reduce((/** @type {number} */ sum, /** @type {number[]} */ [line, row]) => sum + (this.opened(line, row)?.length ?? 1), 0);
  }

  /** How a step opens into operations, or null. @param {number} line @param {number} row @returns {any[] | null} */
  opened(line, row) {
    const opened = this.data.lines[line].opened;
    return opened?.[0]?.each ? opened[0].each[row] : opened;
  }

  /** @param {string} detail */
  count(detail) {
    return detail === "layer" || detail === "chapter" ? this.data.groups[detail].starts.length : this.steps(detail).length;
  }

  /** The steps at "neuron" or "operation". @param {string} detail @returns {Step[]} */
  steps(detail) {
    if (!this.listed[detail]) this.listed[detail] = this.#operations();
    return this.listed[detail];
  }

  #operations() {
    /** @type {Step[]} */
    const found = [];
    this.listed.neuron.forEach((step, neuron) => {
      const source = this.#gradientOf(this.data.lines[step.line].writes[step.row]);
      const feed = this.feedOf.get(source)?.find(([f]) => this.data.feeds[f].step);
      if (feed) found.push({ kind: "slope", line: feed[0], row: feed[1], part: -1, neuron });
      const parts = this.opened(step.line, step.row);
      if (parts) parts.forEach((_, part) => found.push({ kind: "part", line: step.line, row: step.row, part, neuron }));
      else found.push({ ...step, neuron });
    });
    return found;
  }

  /** The quantity that a gradient is with respect to. @param {number} id */
  #gradientOf(id) {
    const name = this.names[id];
    return name.endsWith(".grad") ? (this.index.get(name.slice(0, -5)) ?? -1) : -1;
  }

  /** The steps at "neuron" or "operation" that step k at a detail consists of. @param {string} detail @param {number} k @returns {Step[]} */
  within(detail, k) {
    if (detail === "neuron" || detail === "operation") return [this.steps(detail)[k]];
    const { starts } = this.data.groups[detail];
    return this.listed.neuron.slice(starts[k], starts[k + 1] ?? this.listed.neuron.length);
  }

  /** The first step at "neuron" of step k at a detail. @param {string} detail @param {number} k */
  firstNeuron(detail, k) {
    return detail === "neuron" ? k : (this.within(detail, k)[0]?.neuron ?? 0);
  }

  /** The last step at a detail that has begun with step `neuron`; the one that completes it. @param {string} detail @param {number} neuron */
  stepAt(detail, neuron) {
    if (detail === "neuron") return neuron;
    if (detail === "operation") {
      const steps = this.steps(detail);
      let low = 0;
      for (let high = steps.length; low < high; ) {
        const middle = (low + high) >> 1;
        if (steps[middle].neuron <= neuron) low = middle + 1;
        else high = middle;
      }
      return low - 1;
    }
    const { starts } = this.data.groups[detail];
    let k = 0;
    while (k + 1 < starts.length && starts[k + 1] <= neuron) k++;
    return k;
  }

  /** At which step every quantity is written; −1 for what is given. @param {string} detail */
  writtenAt(detail) {
    if (!this.written[detail]) {
      const at = new Int32Array(this.values.length).fill(-1);
      this.listed.neuron.forEach(({ line, row }, k) => {
        at[this.data.lines[line].writes[row]] = this.stepAt(detail, k);
      });
      if (!this.data.whole) for (const block of this.data.quantities) withTheRest(block, at);
      this.written[detail] = at;
    }
    return this.written[detail];
  }

  /** @param {Step} step */
  chapterOf(step) {
    return this.data.lines[step.kind === "slope" ? this.listed.neuron[step.neuron].line : step.line].chapter;
  }

  /** @param {Step} step */
  layerOf(step) {
    return this.data.lines[this.listed.neuron[step.neuron].line].layer;
  }

  /** The quantity that the neuron step of a step writes. @param {Step} step */
  target(step) {
    const { line, row } = this.listed[`neuron`][step.neuron];
    return this.data.lines[line].writes[row];
  }

  /** The quantities that a step reads, by place in the list. @param {Step} step @returns {number[]} */
  reads(step) {
    if (step.kind === "part") {
      const parts = /** @type {any[]} */ (this.opened(step.line, step.row));
      const own = parts[step.part][4].filter((/** @type {number[]} */ o) => o[0] >= 0);
      return own.map((/** @type {number[]} */ [slot, ...place]) => this.fills(this.data.lines[step.line], step.row, slot, place));
    }
    const source = step.kind === "slope" ? this.data.feeds[step.line] : this.data.lines[step.line];
    return source.slots.flatMap((/** @type {import("./packed.mjs").Slot} */ slot) => fillings(slot, step.row)).filter((/** @type {number} */ id) => id >= 0);
  }

  /** Which quantity fills a hole. @param {any} line @param {number} row @param {number} slot @param {number[]} place @returns {number} */
  fills(line, row, slot, place) {
    return filling(line.slots[slot], row, place);
  }

  /** A quantity as a number with its name. @param {number} id @returns {Number_} */
  quantity(id) {
    return { name: this.names[id], symbol: this.symbol(id), value: this.values[id], text: this.text(id), sign: this.sign(id) };
  }

  /** The text of a quantity in a drawing, where there is less room than in a line. @param {number} id */
  drawn(id) {
    const text = this.text(id);
    return this.data.decimals <= DRAWN_DECIMALS || text === "0" ? text : show(this.values[id], 0, DRAWN_DECIMALS);
  }

  /** The name of a quantity in words, for a screen reader. @param {number} id */
  words(id) {
    return this.names[id].replace(/\.grad$/, " gradient").replace(/\.(new|after)$/, " after the update").replace(/[._]/g, " ").replace(/\[(\d+)\]/g, (_, k) => ` ${Number(k) + 1}`);
  }

  /** What a step writes. @param {Step} step @returns {Number_} */
  result(step) {
    if (step.kind === "part") return this.part(step.line, step.row, step.part);
    if (step.kind === "slope") return this.slope(step.line, step.row);
    return this.quantity(this.data.lines[step.line].writes[step.row]);
  }

  /** The local slope of a fact. @param {number} feed @param {number} row @returns {Number_} */
  slope(feed, row) {
    const { source, result, values } = this.data.feeds[feed];
    const value = number(values[row]);
    const name = this.data.feeds[feed].step ? `${this.names[result[row]]}.slope` : "";
    const symbol = slopeSymbol(this.symbol(result[row]), this.symbol(source[row]));
    return { name, symbol, value, ...this.printed(value) };
  }

  /** A number with the text that it would have as a quantity. @param {number} value */
  printed(value) {
    const text = show(value, 0, this.data.decimals);
    return { text, sign: signOf(value, read(text)) };
  }

  /** Operation `part` of a step: a product, a running sum, or the last one. @param {number} line @param {number} row @param {number} part */
  part(line, row, part) {
    const key = `${line} ${row} ${part}`;
    if (!this.parts.has(key)) this.parts.set(key, this.#part(line, row, part));
    return this.parts.get(key);
  }

  #part(/** @type {number} */ line, /** @type {number} */ row, /** @type {number} */ part) {
    const parts = /** @type {any[]} */ (this.opened(line, row));
    const [kind, k, template, tree, holes] = parts[part];
    const own = this.quantity(this.data.lines[line].writes[row]);
    const operands = holes.map((/** @type {number[]} */ [slot, ...place]) =>
      slot < 0 ? this.part(line, row, place[0]) : this.quantity(this.fills(this.data.lines[line], row, slot, place)),
    );
    const values = operands.map((/** @type {Number_} */ o) => o.value);
    const result = worked(this.data.trees[tree], values, this.data.decimals, kind ? undefined : own.value);
    const symbol = kind ? `<msub><mi>${kind === "terms" ? "p" : "s"}</mi><mn>${k + 1}</mn></msub>` : own.symbol;
    return { ...result, kind, symbol, name: own.name + (kind ? `.${kind}[${k}]` : ""), template, operands };
  }

  /** The block that holds a quantity of an iteration: `hidden.z`, with a suffix such as ".grad". @param {string} name @param {string} suffix @param {number} iteration */
  block(name, suffix, iteration) {
    return this.blocks.get(`${iteration ? `iterations[${iteration}].` : ""}${name}${suffix}`);
  }

  /** @param {number} id */
  iterationOf(id) {
    const match = /^iterations\[(\d+)\]/.exec(this.names[id]);
    return match ? Number(match[1]) : 0;
  }

  /** Which sample a quantity belongs to (with further axes: which of all), or −1. @param {number} id */
  instanceOf(id) {
    const block = this.blockOf[id];
    if (!block || block.axes[0] !== "sample") return -1;
    const own = block.axes.includes("row") ? block.shape.slice(1) : block.shape.slice(-1); // an image is one, however many numbers it has
    return Math.floor(placeOf(block, id) / own.reduce((/** @type {number} */ a, /** @type {number} */ b) => a * b, 1));
  }
}

/** The chapters of a walkthrough, each with how many steps it has. @param {Walkthrough} walk @param {string} detail */
export const chaptersOf = (walk, detail) => {
  /** @type {{title: string, first: number, count: number}[]} */
  const found = [];
  for (let k = 0; k < walk.count(detail); k++) {
    const title = walk.chapterOf(walk.within(detail, k)[0]);
    if (found[found.length - 1]?.title !== title) found.push({ title, first: k, count: 0 });
    found[found.length - 1].count++;
  }
  return found;
};

/** What the server has sent, with all its lists. @param {any} data */
const unpacked = (data) => {
  const line = (/** @type {any} */ { slots, ...own }) => ({ ...own, slots: slots.map(slotOf) });
  return {
    ...data,
    quantities: data.quantities.map((/** @type {any} */ block) => (block.at ? { ...block, at: listed(block.at) } : block)),
    steps: stepsOf(data.steps),
    lines: data.lines.map((/** @type {any} */ own) => ({ ...line(own), writes: listed(own.writes) })),
    feeds: data.feeds.map((/** @type {any} */ own) => ({ ...line(own), source: listed(own.source), result: listed(own.result) })),
  };
};

/** What the server has written, with its numbers in the chosen form. @param {any} data */
const inForm = (data) => ({
  ...data,
  templates: data.templates.map((/** @type {any[]} */ template) => template.map((piece) => (typeof piece === "string" ? formedMath(piece) : piece))),
  lines: data.lines.map((/** @type {any} */ line) => ({ ...line, sentence: formed(line.sentence), remarks: line.remarks.map((/** @type {[string, number[]]} */ [text, rows]) => [formed(text), rows]) })),
  groups: Object.fromEntries(Object.entries(data.groups).map(([detail, /** @type {any} */ group]) => [detail, { ...group, sentences: group.sentences.map(formed) }])),
});

/** What is worked out without a step of its own is there with the last of its array and sample. @param {any} block @param {Int32Array} at */
const withTheRest = (block, at) => {
  const size = block.shape.reduce((/** @type {number} */ a, /** @type {number} */ b) => a * b, 1);
  const own = block.axes[0] === "sample" ? size / block.shape[0] : size;
  const end = block.start + (block.at?.length ?? size);
  /** @type {Map<number, number>} */
  const last = new Map();
  const sample = (/** @type {number} */ id) => Math.floor(placeOf(block, id) / own);
  for (let id = block.start; id < end; id++) last.set(sample(id), Math.max(last.get(sample(id)) ?? -1, at[id]));
  for (let id = block.start; id < end; id++) if (at[id] < 0) at[id] = last.get(sample(id)) ?? -1;
};

/** Where in its block a quantity stands. @param {any} block @param {number} id */
export const placeOf = (block, id) => (block.at ? block.at[id - block.start] : id - block.start);

/** The quantity at a place of a block, or −1. @param {any} block @param {number} place */
export const idAt = (block, place) => {
  if (!block) return -1;
  if (!block.at) return block.start + place;
  const k = block.at.indexOf(place);
  return k < 0 ? -1 : block.start + k;
};

/** The facts that read every quantity: `[feed, row]`. @param {any[]} feeds @returns {Map<number, [number, number][]>} */
const feedsBySource = (feeds) => {
  /** @type {Map<number, [number, number][]>} */
  const found = new Map();
  feeds.forEach((feed, f) =>
    feed.source.forEach((/** @type {number} */ id, /** @type {number} */ row) => {
      const own = found.get(id);
      if (own) own.push([f, row]);
      else found.set(id, [[f, row]]);
    }),
  );
  return found;
};
