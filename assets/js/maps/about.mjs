// @ts-check
/** What of the maps a step is about: which layer, and which of its grids show which numbers. Knows no screen. */

import { cellAt, kernelOf, pairsOf, outputsOf } from "./geometry.mjs";

/** @typedef {import("./geometry.mjs").Layer} Layer */
/** @typedef {import("./geometry.mjs").Cell} Cell */
/** @typedef {"in" | "kernel" | "bias" | "out" | "prediction" | "y" | "error" | "term" | "loss" | "setting"} Role */
/** Where a quantity stands: the column that is looked at (−1: the loss), its part there, its place in the sample. @typedef {{focus: number, role: Role, place: number, suffix: string}} About */
/** A product: where its two factors stand. @typedef {{row: number, column: number, first: [Role, number], second: [Role, number], padded: boolean}} Product */

const UPDATED = [".new", ".m", ".v", ".m.old", ".v.old"];

/** @param {any} scene @param {string} name without iteration and indices @param {string} suffix @param {number} place in its sample @returns {About} */
export const aboutOf = ({ columns }, name, suffix, place) => {
  const last = columns.length - 1;
  const k = columns.findIndex((/** @type {any} */ c) => [c.a, c.z, c.weights, c.bias].includes(name));
  if (k < 0) {
    const sized = columns.findIndex((/** @type {any} */ c) => name.startsWith(`${c.title}.`));
    if (sized > 0) return { focus: sized, role: "setting", place, suffix };
    return { focus: -1, role: ["y", "error", "term"].includes(name) ? /** @type {Role} */ (name) : name.startsWith("loss") ? "loss" : "setting", place, suffix };
  }
  const column = columns[k];
  if (name === column.weights) return { focus: k, role: "kernel", place, suffix };
  if (name === column.bias) return { focus: k, role: "bias", place, suffix };
  const next = columns[k + 1]?.type === "flatten" ? k + 2 : k + 1;
  if (k === 0 || (suffix === ".grad" && name === column.a && k < last)) return { focus: Math.min(next, last), role: "in", place, suffix };
  if (suffix === ".grad" && name === column.a) return { focus: -1, role: "prediction", place, suffix };
  return { focus: k, role: "out", place, suffix };
};

/** Whether a step changes a parameter. @param {About} about */
export const isUpdate = ({ suffix }) => UPDATED.includes(suffix);

/** The products that a step adds up, where it adds products. @param {Layer} layer @param {About} about @param {number} map the output that is looked at @param {number} channel the input that is looked at @returns {{host: Role, products: Product[]} | null} */
export const productsOf = (layer, { role, place, suffix }, map, channel) => {
  const [rows] = kernelOf(layer);
  if (!rows || isUpdateSuffix(suffix)) return null;
  const inPlace = (/** @type {Cell} */ { map: m, row, column }) => (row * layer.from.columns + column) * layer.from.maps + m;
  const outPlace = (/** @type {Cell} */ { map: m, row, column }) => (row * layer.to.columns + column) * layer.to.maps + m;
  /** @type {Product[]} */
  const products = [];
  if (role === "out" && suffix !== ".grad") {
    for (const pair of pairsOf(layer, cellAt(layer.to, place)))
      if (pair.map === channel) products.push({ row: pair.row, column: pair.column, first: ["in", pair.inside ? inPlace(pair) : -1], second: ["kernel", pair.weight], padded: !pair.inside });
    return { host: "in", products };
  }
  if (suffix !== ".grad") return null;
  for (const { cell, pairs } of outputsOf(layer, layer.to.isList ? 0 : map))
    for (const pair of pairs) {
      if (role === "kernel" && pair.weight === place)
        products.push({ row: pair.row, column: pair.column, first: ["in", pair.inside ? inPlace(pair) : -1], second: ["out", outPlace(cell)], padded: !pair.inside });
      if (role === "in" && pair.inside && inPlace(pair) === place) products.push({ row: cell.row, column: cell.column, first: ["out", outPlace(cell)], second: ["kernel", pair.weight], padded: false });
    }
  if (role === "kernel") return { host: "in", products };
  return role === "in" ? { host: "out", products } : null;
};

const isUpdateSuffix = (/** @type {string} */ suffix) => UPDATED.includes(suffix);

/** Which cells of the grid that the window lies on it takes; with what it lights elsewhere. @param {Layer} layer @param {About} about @param {number} map @returns {{grid: Role, cells: Cell[]} | null} */
export const windowOf = (layer, { role, place, suffix }, map) => {
  if (role === "out" && suffix !== ".grad") return layer.window ? { grid: "in", cells: pairsOf(layer, cellAt(layer.to, place)) } : null;
  if (suffix !== ".grad" || !layer.window) return null;
  if (role === "kernel") return { grid: "in", cells: outputsOf(layer, map).flatMap(({ pairs }) => pairs.filter(({ weight }) => weight === place)) };
  if (role !== "in") return null;
  const one = cellAt(layer.from, place);
  return { grid: "out", cells: outputsOf(layer, layer.type === "conv2d" ? map : one.map).filter(({ pairs }) => pairs.some((p) => p.map === one.map && p.row === one.row && p.column === one.column)).map(({ cell }) => cell) };
};
