// @ts-check
/** The products of a window, each in its cell: two factors and what they make; beneath, what they add up to. */

import { put, svg, write } from "../svg.mjs";

/** @typedef {import("../view.mjs").View} View */
/** @typedef {{x: number, y: number, width: number, height: number, first: number, second: number, firstText: string, state: string}} Product */

const PADDED = "0";

export class Products {
  constructor() {
    this.root = svg("g", { class: "products", "aria-hidden": "true" });
    /** @type {{group: SVGElement, rect: SVGElement, texts: SVGElement[]}[]} */
    this.pool = [];
  }

  /** @param {View} view @param {Product[]} products */
  show(view, products) {
    while (this.pool.length < products.length) this.pool.push(this.#make());
    this.pool.forEach((one, k) => this.#show(view, one, products[k]));
  }

  #make() {
    const rect = svg("rect", {});
    const texts = ["factor", "factor weight", "made"].map((kind) => svg("text", { class: kind, "text-anchor": "middle", "dominant-baseline": "central" }));
    const group = svg("g", { class: "product" }, rect, ...texts);
    this.root.append(group);
    return { group, rect, texts };
  }

  #show(/** @type {View} */ view, /** @type {Products["pool"][number]} */ { group, rect, texts }, /** @type {Product | undefined} */ product) {
    put(group, "data-hidden", String(!product));
    if (!product) return;
    const { x, y, width, height, first, second, state } = product;
    for (const [name, value] of Object.entries({ x, y, width, height })) put(rect, name, value.toFixed(1));
    put(group, "data-state", state);
    const { walk } = view;
    const [a, b] = [first < 0 ? 0 : walk.values[first], second < 0 ? 0 : walk.values[second]];
    const made = state === "empty" ? "" : state === "covered" ? "= ?" : `= ${walk.printed(a * b).text}`;
    const lines = [first < 0 ? PADDED : walk.drawn(first), `× ${guarded(second < 0 ? PADDED : walk.drawn(second))}`, made];
    texts.forEach((text, k) => {
      write(text, lines[k]);
      put(text, "x", (x + width / 2).toFixed(1));
      put(text, "y", (y + height * [0.22, 0.5, 0.79][k]).toFixed(1));
    });
    put(texts[2], "data-sign", a * b < 0 ? "negative" : "positive");
    for (const [k, id] of [first, second].entries()) put(texts[k], "data-sign", id >= 0 && walk.values[id] < 0 ? "negative" : "positive");
  }
}

const guarded = (/** @type {string} */ text) => (text.startsWith("−") ? `(${text})` : text);
