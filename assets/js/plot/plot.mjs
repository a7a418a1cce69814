// @ts-check
/** Draws a plot: curves, which were sampled where the numbers are worked out, and marks that move on them. */

import { show } from "../numerals.mjs";
import { html, put, svg, write } from "../svg.mjs";

/** @typedef {[number, number]} Range */
/** @typedef {{label: string, range?: Range, letters?: number}} Axis without a range, all that the curves take up; room for numbers of so many letters at least, so that plots one beneath the other begin at the same place */
/** @typedef {{label: string, points: (number | string)[][], kind?: "main" | "second" | "slope" | "quiet" | "ink"}} Curve infinities and NaN as strings: the curve has a gap there */
/** @typedef {{title: string, x: Axis, y: Axis, curves: Curve[], series?: string[]}} Drawing `series`: what the marks are of, if of several things */
/** @typedef {{x: number, y: number, state?: string, label?: string, sign?: "positive" | "negative", series?: number}} Mark what is "written" has lines to both axes; all series but the first are hollow */
/** @typedef {{x: number, y: number, slope: number}} Tangent */

const TICKS_APART = { x: 2.5, y: 2.6 }; // ems, at least
const DIGIT = 0.6; // ems
const RADIUS = 0.42; // of a mark, in ems
const SHAPES = { positive: "M0 -1A1 1 0 1 1 0 1A1 1 0 1 1 0 -1Z", negative: "M0 -1.3L1.3 0L0 1.3L-1.3 0Z" };

let plots = 0;

export class Plot {
  /** @param {HTMLElement} host whose room is filled @param {Drawing} drawing */
  constructor(host, { title, x, y, curves, series = [] }) {
    this.axes = { x, y };
    this.curves = curves.map(({ label, points, kind = "main" }) => ({ label, kind, points: points.map(([a, b]) => /** @type {[number, number]} */ ([Number(a), Number(b)])) }));
    const points = this.curves.flatMap((curve) => curve.points);
    this.range = { x: x.range ?? extent(points.map(([a]) => a)), y: y.range ?? extent(points.map(([, b]) => b)) };
    /** @type {Map<string, {at: Mark, element: SVGElement}>} */
    this.marks = new Map();
    /** @type {Map<string, {at: Tangent, element: SVGElement}>} */
    this.lines = new Map();
    this.clip = `plot-${plots++}`;
    this.room = html("div", { class: "plot-room" });
    this.root = svg("svg", { class: "plot-drawing", role: "img", "aria-label": title });
    this.behind = svg("g");
    this.straight = svg("g", { "clip-path": `url(#${this.clip})` });
    this.above = svg("g");
    this.root.append(this.behind, this.straight, this.above);
    this.room.append(this.root);
    host.replaceChildren(html("div", { class: "plot" }, ...this.#legend(series), this.room));
    this.size = "";
    this.em = 14;
    this.at = { left: 0, right: 0, top: 0, bottom: 0 };
    this.measure();
  }

  /** Fills the room that there is now. */
  measure() {
    const { clientWidth: width, clientHeight: height } = this.room;
    if (!width || !height) return;
    this.em = parseFloat(getComputedStyle(this.root).fontSize);
    const size = `${width} ${height} ${this.em}`;
    if (size === this.size) return;
    this.size = size;
    put(this.root, "viewBox", `0 0 ${width} ${height}`);
    this.#place(width, height);
    this.#background();
    for (const name of this.marks.keys()) this.#placeMark(name);
    for (const name of this.lines.keys()) this.#placeLine(name);
  }

  /** A point with a name; null takes it away. @param {string} name @param {Mark | null} mark */
  mark(name, mark) {
    const found = this.marks.get(name);
    if (!mark) {
      found?.element.remove();
      this.marks.delete(name);
      return;
    }
    const element = found?.element ?? this.#newMark(name);
    const moved = found?.at.x !== mark.x || found.at.y !== mark.y;
    const rises = mark.state === "written" && found?.at.state !== "written";
    this.marks.set(name, { at: mark, element });
    put(element, "data-state", mark.state ?? "known");
    put(element, "data-sign", mark.sign ?? "positive");
    put(element, "data-hollow", String((mark.series ?? 0) > 0));
    put(element.children[1], "d", SHAPES[mark.sign ?? "positive"]);
    write(element.children[2], mark.label ?? "");
    if (moved) this.#placeMark(name);
    if (rises) this.above.append(element); // over the others
  }

  /** A straight line through a point; null takes it away. @param {string} name @param {Tangent | null} line */
  line(name, line) {
    const found = this.lines.get(name);
    if (!line || !Number.isFinite(line.slope)) {
      found?.element.remove();
      this.lines.delete(name);
      return;
    }
    const element = found?.element ?? svg("line", { class: "plot-line", "data-name": name });
    if (!found) this.straight.append(element);
    this.lines.set(name, { at: line, element });
    this.#placeLine(name);
  }

  /** What each curve is, where there are several, and whose the marks are. @param {string[]} series */
  #legend(series) {
    const entry = (/** @type {SVGElement} */ sign, /** @type {string} */ label, width = 28) => html("li", {}, svg("svg", { class: "plot-swatch", viewBox: `0 0 ${width} 10`, style: `width: ${width / 14}em`, "aria-hidden": "true" }, sign), label);
    const curves = this.curves.length > 1 ? this.curves.map(({ label, kind }) => entry(svg("path", { class: `plot-curve ${kind}`, d: "M0 5H28" }), label)) : [];
    const marks = series.length > 1 ? series.map((label, k) => entry(svg("g", { class: "plot-mark legend", "data-hollow": String(k > 0) }, svg("circle", { class: "plot-point", cx: 5, cy: 5, r: 4 })), label, 10)) : [];
    return curves.length + marks.length ? [html("ul", { class: "plot-legend" }, ...curves, ...marks)] : [];
  }

  /** Where the axes are: what their numbers need is kept free. */
  #place(/** @type {number} */ width, /** @type {number} */ height) {
    const { em } = this;
    const at = { left: 0, right: width - em, top: 1.9 * em, bottom: height - 3.4 * em };
    const widest = Math.max(this.axes.y.letters ?? 0, ...this.#ticks("y", at.bottom - at.top).map((y) => shown(y).length));
    this.at = { ...at, left: (widest * DIGIT + 0.9) * em };
  }

  /** @param {"x" | "y"} axis @param {number} length */
  #ticks(axis, length) {
    const [low, high] = this.range[axis];
    const count = (/** @type {number} */ apart) => Math.max(2, 1 + Math.floor(length / (apart * this.em)));
    const found = ticks(low, high, count(TICKS_APART[axis]));
    if (axis === "y") return found;
    const widest = Math.max(...found.map((x) => shown(x).length));
    return ticks(low, high, count(Math.max(TICKS_APART.x, widest * DIGIT + 1.2)));
  }

  #x(/** @type {number} */ x) {
    return along(this.range.x, [this.at.left, this.at.right], x);
  }

  #y(/** @type {number} */ y) {
    return along(this.range.y, [this.at.bottom, this.at.top], y);
  }

  #background() {
    const { left, right, top, bottom } = this.at;
    const clip = svg("clipPath", { id: this.clip }, svg("rect", { x: left, y: top, width: Math.max(0, right - left), height: Math.max(0, bottom - top) }));
    const curves = this.curves.map(({ points, kind }) => svg("path", { class: `plot-curve ${kind}`, d: path(points, (x) => this.#x(x), (y) => this.#y(y)) }));
    this.behind.replaceChildren(clip, ...this.#vertical(), ...this.#horizontal(), ...this.#labels(), svg("g", { "clip-path": `url(#${this.clip})` }, ...curves));
  }

  #vertical() {
    const { left, right, top, bottom } = this.at;
    return this.#ticks("x", right - left).flatMap((tick) => {
      const x = this.#x(tick);
      return [svg("line", { class: tick === 0 ? "plot-axis" : "plot-grid", x1: x, x2: x, y1: top, y2: bottom }), text("plot-tick", shown(tick), x, bottom + 1.25 * this.em, "middle")];
    });
  }

  #horizontal() {
    const { left, right, top, bottom } = this.at;
    return this.#ticks("y", bottom - top).flatMap((tick) => {
      const y = this.#y(tick);
      return [svg("line", { class: tick === 0 ? "plot-axis" : "plot-grid", x1: left, x2: right, y1: y, y2: y }), text("plot-tick", shown(tick), left - 0.5 * this.em, y + 0.35 * this.em, "end")];
    });
  }

  /** Both upright, so that nobody has to turn their head. */
  #labels() {
    const { right, top, bottom } = this.at;
    return [text("plot-label", this.axes.y.label, 0, top - 0.85 * this.em, "start"), text("plot-label", this.axes.x.label, right, bottom + 2.75 * this.em, "end")];
  }

  #newMark(/** @type {string} */ name) {
    const element = svg("g", { class: "plot-mark", "data-for": name }, svg("path", { class: "plot-guide" }), svg("path", { class: "plot-point" }), svg("text", { class: "plot-name" }));
    this.above.append(element);
    return element;
  }

  #placeMark(/** @type {string} */ name) {
    const { at, element } = /** @type {{at: Mark, element: SVGElement}} */ (this.marks.get(name));
    const { left, right, top, bottom } = this.at;
    const isSeen = within(this.range.x, at.x) && within(this.range.y, at.y);
    put(element, "data-hidden", String(!isSeen));
    if (!isSeen) return;
    const [x, y] = [this.#x(at.x), this.#y(at.y)];
    const [guide, point, label] = element.children;
    put(guide, "d", `M${x} ${bottom}V${y}H${left}`);
    put(point, "transform", `translate(${x} ${y}) scale(${RADIUS * this.em})`);
    const wide = (at.label ?? "").length * DIGIT * this.em;
    const wished = x > (left + right) / 2 ? x - 0.8 * this.em - wide : x + 0.8 * this.em;
    put(label, "x", String(Math.max(left, Math.min(wished, right + this.em - wide))));
    put(label, "y", String(Math.max(y - 0.55 * this.em, top + 0.8 * this.em)));
  }

  #placeLine(/** @type {string} */ name) {
    const { at, element } = /** @type {{at: Tangent, element: SVGElement}} */ (this.lines.get(name));
    const ends = this.range.x.map((x) => [this.#x(x), this.#y(at.y + at.slope * (x - at.x))]);
    ends.forEach(([x, y], k) => (put(element, `x${k + 1}`, String(x)), put(element, `y${k + 1}`, String(y))));
  }
}

const text = (/** @type {string} */ kind, /** @type {string} */ words, /** @type {number} */ x, /** @type {number} */ y, /** @type {string} */ anchor) =>
  svg("text", { class: kind, x, y, "text-anchor": anchor }, words);

const shown = (/** @type {number} */ tick) => show(tick, 0, 0);

const within = (/** @type {Range} */ [low, high], /** @type {number} */ value) => value >= low && value <= high;

/** From the least to the greatest of what is finite; never nothing. @param {number[]} values @returns {Range} */
export const extent = (values) => {
  const finite = values.filter(Number.isFinite);
  if (!finite.length) return [0, 1];
  const [low, high] = finite.reduce(([a, b], value) => [Math.min(a, value), Math.max(b, value)], [Infinity, -Infinity]);
  return low < high ? [low, high] : [low - 1, high + 1];
};

/** Where a value stands between two places. @param {Range} range @param {Range} places @param {number} value */
export const along = ([low, high], [from, to], value) => from + ((value - low) / (high - low)) * (to - from);

/** Round numbers from low to high, at most `most` of them: steps of 1, 2, 2.5 or 5 times a power of ten. @param {number} low @param {number} high @param {number} most @returns {number[]} */
export const ticks = (low, high, most) => {
  const power = Math.floor(Math.log10((high - low) / most));
  const steps = [0, 1, 2].flatMap((more) => [1, 2, 2.5, 5].map((factor) => [factor, power + more]));
  for (const [factor, exponent] of steps) {
    const step = scaled(factor, exponent);
    const first = Math.ceil(low / step - 1e-9);
    const count = Math.floor(high / step + 1e-9) - first + 1;
    if (count <= most) return Array.from({ length: count }, (_, k) => scaled((first + k) * factor, exponent) + 0); // + 0: no −0
  }
  return [];
};

/** Divided, where it can be: 3·0.1 is no 0.3, and 3/10 is. @param {number} whole @param {number} power */
const scaled = (whole, power) => (power < 0 ? whole / 10 ** -power : whole * 10 ** power);

/** A line through points, with gaps where one is not finite. @param {[number, number][]} points @param {(x: number) => number} x @param {(y: number) => number} y */
export const path = (points, x, y) => {
  let pen = "M";
  let drawn = "";
  for (const [a, b] of points) {
    if (!Number.isFinite(a) || !Number.isFinite(b)) pen = "M";
    else {
      drawn += `${pen}${round(x(a))} ${round(y(b))}`;
      pen = "L";
    }
  }
  return drawn;
};

const round = (/** @type {number} */ pixels) => Math.round(pixels * 100) / 100;
