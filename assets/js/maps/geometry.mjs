// @ts-check
/** Which cells a window takes, where a kernel meets an image, what a cell is made of and where it goes. Knows no screen. */

/** What a layer gives: an image of several maps, or a list of numbers, laid out in rows. @typedef {{rows: number, columns: number, maps: number, count: number, isList: boolean}} Space */
/** A cell: its map, its row, its column. @typedef {{map: number, row: number, column: number}} Cell */
/** What an output is made of: an input (inside, or in the padding), and the weight that it meets, or −1. @typedef {Cell & {inside: boolean, weight: number}} Pair */
/** @typedef {{type: string, from: Space, to: Space, window?: any, rowwise: boolean}} Layer */

const TALLEST = 12; // a list of more numbers is wrapped

/** @param {number[]} shape @param {number[]} [image] what a list was before it was flattened: its rows stay rows @returns {Space} */
export const spaceOf = (shape, image) => {
  if (shape.length === 3) return { rows: shape[0], columns: shape[1], maps: shape[2], count: shape[0] * shape[1] * shape[2], isList: false };
  const [count] = shape;
  if (image) return { rows: image[0], columns: image[1] * image[2], maps: 1, count, isList: true };
  const rows = count <= TALLEST ? count : Math.ceil(count / Math.ceil(Math.sqrt(count)));
  return { rows, columns: Math.ceil(count / rows), maps: 1, count, isList: true };
};

/** Where in a sample the number of a cell stands, or −1. @param {Space} space @param {Cell} cell */
export const placeIn = ({ columns, maps, count }, { map, row, column }) => {
  const place = (row * columns + column) * maps + map;
  return place < count ? place : -1;
};

/** @param {Space} space @param {number} place @returns {Cell} */
export const cellAt = ({ columns, maps }, place) => {
  const at = Math.floor(place / maps);
  return { map: place % maps, row: Math.floor(at / columns), column: at % columns };
};

/** The layers of a scene, each with what goes in and what comes out. @param {any[]} columns @returns {Layer[]} */
export const layersOf = (columns) => {
  const spaces = columns.map(({ shape, type }, k) => spaceOf(shape, type === "flatten" && columns[k - 1].shape.length === 3 ? columns[k - 1].shape : undefined));
  return columns.map((column, k) => ({ type: column.type, from: spaces[Math.max(0, k - 1)], to: spaces[k], window: column.window, rowwise: column.activation === "softmax" }));
};

/** How many weights a filter has: rows, columns, channels. @param {Layer} layer @returns {[number, number, number]} */
export const kernelOf = ({ type, from, window }) => {
  if (type === "conv2d") return [window.size[0], window.size[1], from.maps / window.groups];
  if (type !== "dense") return [0, 0, 0];
  return from.isList ? [from.rows, from.columns, 1] : [1, 1, from.maps]; // over an image: at every place the same units
};

/** What a cell is made of, in the order in which it is added up: channel by channel, each row by row. @param {Layer} layer @param {Cell} cell @returns {Pair[]} */
export const pairsOf = (layer, cell) => {
  const { type, from, to } = layer;
  if (layer.window) return inWindow(layer, cell);
  if (type === "dense" && from.isList) return all(from).map((one, k) => ({ ...one, inside: true, weight: k * to.count + placeIn(to, cell) }));
  if (type === "dense") return Array.from({ length: from.maps }, (_, map) => ({ map, row: cell.row, column: cell.column, inside: true, weight: map * to.maps + cell.map }));
  if (type === "flatten") return [{ ...cellAt(from, placeIn(to, cell)), inside: true, weight: -1 }];
  if (layer.rowwise) return all(from).filter(({ row, column }) => from.isList || (row === cell.row && column === cell.column)).map((one) => ({ ...one, inside: true, weight: -1 }));
  return [{ ...cell, inside: true, weight: -1 }];
};

/** @returns {Cell[]} */
const all = (/** @type {Space} */ space) => Array.from({ length: space.count }, (_, place) => cellAt(space, place));

/** @returns {Pair[]} */
const inWindow = (/** @type {Layer} */ { type, from, to, window }, /** @type {Cell} */ { map, row, column }) => {
  const { size, strides, padding, dilation, groups, flip } = window;
  const channels = type === "conv2d" ? from.maps / groups : 1;
  const first = type === "conv2d" ? Math.floor(map / (to.maps / groups)) * channels : map;
  /** @type {Pair[]} */
  const found = [];
  for (let k = 0; k < channels; k++)
    for (let i = 0; i < size[0]; i++)
      for (let j = 0; j < size[1]; j++) {
        const r = row * strides[0] + i * dilation[0] - padding[0][0];
        const c = column * strides[1] + j * dilation[1] - padding[1][0];
        const [a, b] = flip ? [size[0] - 1 - i, size[1] - 1 - j] : [i, j];
        const weight = type === "conv2d" ? ((a * size[1] + b) * channels + k) * to.maps + map : -1;
        found.push({ map: first + k, row: r, column: c, inside: r >= 0 && c >= 0 && r < from.rows && c < from.columns, weight });
      }
  return found;
};

/** Every output of a map with what it is made of; of lists, all of them. @param {Layer} layer @param {number} map @returns {{cell: Cell, pairs: Pair[]}[]} */
export const outputsOf = (layer, map) => {
  const { rows, columns, count, maps } = layer.to;
  const found = [];
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) {
      const cell = { map, row, column };
      if ((row * columns + column) * maps + map < count) found.push({ cell, pairs: pairsOf(layer, cell) });
    }
  return found;
};

/** What else is lit with a cell: of the input, of the kernel (places of weights), of the output. @typedef {{inputs: Cell[], weights: number[], outputs: Cell[]}} Linked */

/** @param {Layer} layer @param {"in" | "kernel" | "out"} where @param {Cell | number} cell a cell, or the place of a weight @param {number} map which output is looked at @returns {Linked} */
export const linked = (layer, where, cell, map) => {
  if (where === "out") {
    const pairs = pairsOf(layer, /** @type {Cell} */ (cell));
    return { inputs: pairs, weights: pairs.map(({ weight }) => weight).filter((w) => w >= 0), outputs: [/** @type {Cell} */ (cell)] };
  }
  const isMet = where === "kernel" ? (/** @type {Pair} */ pair) => pair.weight === cell : (/** @type {Pair} */ pair) => sameCell(pair, /** @type {Cell} */ (cell));
  /** @type {Linked} */
  const found = { inputs: where === "in" ? [/** @type {Cell} */ (cell)] : [], weights: where === "kernel" ? [/** @type {number} */ (cell)] : [], outputs: [] };
  for (const { cell: output, pairs } of outputsOf(layer, map))
    for (const pair of pairs) {
      if (!isMet(pair)) continue;
      found.outputs.push(output);
      if (where === "kernel") found.inputs.push(pair);
      else if (pair.weight >= 0) found.weights.push(pair.weight);
    }
  return found;
};

const sameCell = (/** @type {Cell} */ a, /** @type {Cell} */ b) => a.map === b.map && a.row === b.row && a.column === b.column;

/** What of every layer a cell has come from, back to the input: places by layer, whatever their map. @param {Layer[]} layers @param {number} at the layer of the cell @param {Cell} cell @returns {Map<number, Cell[]>} */
export const receptiveField = (layers, at, cell) => {
  /** @type {Map<number, Cell[]>} */
  const found = new Map([[at, [cell]]]);
  for (let k = at; k > 0; k--) {
    const reached = new Map();
    for (const one of found.get(k) ?? []) for (const pair of pairsOf(layers[k], one)) if (pair.inside) reached.set(`${pair.map} ${pair.row} ${pair.column}`, pair);
    found.set(k - 1, [...reached.values()]);
  }
  return found;
};

/** The cells of the input that no window takes. @param {Layer} layer @returns {Cell[]} */
export const unreached = (layer) => {
  if (!layer.window) return [];
  const taken = new Set(outputsOf(layer, 0).flatMap(({ pairs }) => pairs.map(({ row, column }) => `${row} ${column}`)));
  const { rows, columns } = layer.from;
  const found = [];
  for (let row = 0; row < rows; row++) for (let column = 0; column < columns; column++) if (!taken.has(`${row} ${column}`)) found.push({ map: 0, row, column });
  return found;
};
