// @ts-check
/** All layers as small pictures, from the input to the loss: where one is, and a way to look at another one. */

import { put, svg, write } from "../svg.mjs";
import { box } from "./grid.mjs";
import { Tones } from "./tones.mjs";

/** @typedef {import("../view.mjs").View} View */
/** @typedef {import("./numbers.mjs").Numbers} Numbers */
/** @typedef {import("./geometry.mjs").Space} Space */
/** @typedef {{column: number, map: number, x: number, y: number, w: number, h: number, cell: number, space: Space, tones: Tones, field: SVGElement, group: SVGElement}} Mini */

const PICTURE = 58; // pixels of a map that is alone
const MOST_MAPS = 8;
const GAP = 3;
const BETWEEN = 30;
const NAME = 20;
const LOSS = 86;

/** How large its pictures are, smaller in a low room. @param {number} scale @param {number} height */
const sizeIn = (scale, height) => scale * Math.min(1, Math.max(0.6, height / (460 * scale)));

/** How high it is. @param {number} scale @param {boolean} isNamed @param {number} height of the room */
export const heightOf = (scale, isNamed, height) => PICTURE * sizeIn(scale, height) + ((isNamed ? NAME : 0) + 18) * scale;

/** How wide it is, at scale 1. @param {any} scene @param {Space[]} spaces */
export const widthOf = (scene, spaces) => spaces.reduce((sum, space) => sum + sizeOf(space).w, 0) + (scene.loss ? LOSS : 0) + (spaces.length - (scene.loss ? 0 : 1)) * BETWEEN;

export class Overview {
  /** @param {any} scene @param {Space[]} spaces @param {Numbers} numbers @param {{width: number, scale: number, isNamed: boolean, height: number}} room */
  constructor(scene, spaces, numbers, { width, scale, isNamed, height }) {
    this.scene = scene;
    this.numbers = numbers;
    this.scale = scale;
    /** @type {Mini[]} */
    this.minis = [];
    /** @type {SVGElement[]} one per column, and the loss */
    this.stations = [];
    this.root = svg("g", { class: "overview", role: "toolbar", "aria-label": "Layers" });
    const sizes = spaces.map((space) => sizeOf(space));
    const total = widthOf(scene, spaces);
    const s = Math.min(sizeIn(scale, height), (width - 24) / total);
    this.width = total * s + 24;
    let x = Math.max(12, (width - total * s) / 2);
    const top = 9 * scale;
    spaces.forEach((space, k) => {
      const size = sizes[k];
      this.#station(k, space, x, top, s, isNamed, size);
      x += size.w * s;
      if (k < spaces.length - 1 || scene.loss) this.root.append(svg("text", { class: "joint", x: x + (BETWEEN * s) / 2, y: top + (PICTURE * s) / 2, "text-anchor": "middle", "dominant-baseline": "central" }, "→"));
      x += BETWEEN * s;
    });
    if (scene.loss) this.#loss(x, top, s, isNamed, LOSS);
    this.stations[0].setAttribute("tabindex", "0");
  }

  #station(/** @type {number} */ k, /** @type {Space} */ space, /** @type {number} */ x, /** @type {number} */ top, /** @type {number} */ s, /** @type {boolean} */ isNamed, /** @type {ReturnType<typeof sizeOf>} */ { w, across, map, shown }) {
    const column = this.scene.columns[k];
    const group = svg("g", { class: "station", role: "button", tabindex: -1, "data-station": k, "aria-label": `${column.title}: ${wordsOf(space)}` });
    group.append(svg("rect", { class: "place", x: x - 6, y: top - 6, width: w * s + 12, height: PICTURE * s + 12, rx: 6 }));
    for (let m = 0; m < shown; m++) {
      const rows = space.isList ? space.count : space.rows;
      const columns = space.isList ? 1 : space.columns;
      const cell = Math.min((map * s) / columns, (map * s) / rows);
      const [cw, ch] = space.isList ? [w * s, (PICTURE * s) / rows] : [cell, cell];
      const left = x + (m % across) * (map + GAP) * s;
      const up = top + Math.floor(m / across) * (map + GAP) * s;
      const cells = Array.from({ length: rows * columns }, (_, n) => ({
        place: space.isList ? n : n * space.maps + m,
        d: box({ x: left + (n % columns) * cw, y: up + Math.floor(n / columns) * ch, width: cw, height: ch }),
      }));
      const tones = new Tones(cells, this.numbers);
      const field = svg("path", { class: "field" });
      const one = svg("g", { class: "mini", "data-map": m, "data-station": k }, svg("rect", { class: "edge-of-grid", x: left - 1, y: up - 1, width: columns * cw + 2, height: rows * ch + 2 }), tones.root, field);
      group.append(one);
      this.minis.push({ column: k, map: m, x: left, y: up, w: cw, h: ch, cell, space, tones, field, group: one });
    }
    if (isNamed) group.append(svg("text", { class: "name", x: x + (w * s) / 2, y: top + PICTURE * s + 19 * this.scale, "text-anchor": "middle" }, clipped(column.title, (w * s + 20) / 7.6)));
    this.stations.push(group);
    this.root.append(group);
  }

  #loss(/** @type {number} */ x, /** @type {number} */ top, /** @type {number} */ s, /** @type {boolean} */ isNamed, /** @type {number} */ width) {
    const group = svg("g", { class: "station of-loss", role: "button", tabindex: -1, "data-station": -1, "aria-label": "loss" });
    this.lossText = svg("text", { class: "loss-number", x: x + (width * s) / 2, y: top + (PICTURE * s) / 2, "text-anchor": "middle", "dominant-baseline": "central" });
    group.append(svg("rect", { class: "place", x, y: top + 8 * s, width: width * s, height: (PICTURE - 16) * s, rx: 8 }), this.lossText);
    if (isNamed) group.append(svg("text", { class: "name", x: x + (width * s) / 2, y: top + PICTURE * s + 19 * this.scale, "text-anchor": "middle" }, "loss"));
    this.stations.push(group);
    this.root.append(group);
  }

  /** @param {View} view @param {number} focus @param {{channel: number, filter: number}} chosen @param {(name: string) => string} suffix what of a layer is shown */
  show(view, focus, { channel, filter }, suffix) {
    for (const mini of this.minis) {
      const column = this.scene.columns[mini.column];
      const own = suffix(column.a);
      mini.tones.show(view, this.numbers.ids(view, column.a, own), own === ".grad" ? "gradient" : mini.column === 0 && this.numbers.isBright(view, column.a) ? "bright" : "signed");
      const isShown = !mini.space.isList && mini.space.maps > 1 && ((mini.column === focus && mini.map === filter) || (mini.column === focus - 1 && mini.map === channel));
      put(mini.group, "data-shown", String(isShown));
    }
    this.stations.forEach((station) => {
      const k = Number(station.getAttribute("data-station"));
      put(station, "data-here", String(k === focus || (focus > 0 && k === focus - 1)));
      put(station, "aria-pressed", String(k === focus));
    });
    if (!this.lossText) return;
    const after = view.phase === "After" ? (view.walk.index.get(`${view.iteration ? `iterations[${view.iteration}].` : ""}loss_after`) ?? -1) : -1;
    const before = view.walk.index.get(`${view.iteration ? `iterations[${view.iteration}].` : ""}loss`) ?? -1;
    const id = after >= 0 && view.state(after) !== "empty" ? after : before;
    const text = id >= 0 ? view.text(id) : "";
    write(this.lossText, text);
    put(this.stations[this.stations.length - 1], "data-mark", text ? "known" : "empty");
  }

  /** Lights places of every layer. @param {Map<number, import("./geometry.mjs").Cell[]>} fields */
  light(fields) {
    for (const mini of this.minis) {
      const cells = (fields.get(mini.column) ?? []).filter(({ map }) => mini.space.isList || map === mini.map);
      const d = cells.map((cell) => {
        const { row, column } = mini.space.isList ? { row: cell.row * mini.space.columns + cell.column, column: 0 } : cell;
        return box({ x: mini.x + column * mini.w, y: mini.y + row * mini.h, width: mini.w, height: mini.h });
      });
      put(mini.field, "d", d.join(""));
    }
  }
}

const sizeOf = (/** @type {Space} */ space) => {
  if (space.isList) return { w: 14, across: 1, map: PICTURE, shown: 1 };
  const shown = Math.min(space.maps, MOST_MAPS);
  const down = shown > 1 ? 2 : 1;
  const across = Math.ceil(shown / down);
  const map = (PICTURE - (down - 1) * GAP) / down;
  const ratio = Math.min(1, space.columns / space.rows);
  return { w: across === 1 && down === 1 ? map * ratio : across * (map + GAP) - GAP, across, map, shown };
};

/** What a space is, in words. @param {Space} space */
export const wordsOf = ({ rows, columns, maps, count, isList }) => (isList ? `${count} numbers` : `${rows} × ${columns}${maps > 1 ? `, ${maps} maps` : ""}`);

const clipped = (/** @type {string} */ text, /** @type {number} */ most) => (text.length > most ? `${text.slice(0, Math.max(1, Math.floor(most) - 1))}…` : text);

