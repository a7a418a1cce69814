// @ts-check
/** Where the parts of a network are drawn: from its scene and the room there is, nothing else. */

/** @typedef {{x: number, y: number, w: number, h: number}} Box its middle, and its size */
/** @typedef {{column: number, unit: number, box: Box, bias: Box | null, grads: Box[]}} UnitPlace */
/** @typedef {{column: number, from: number, to: number, line: [number, number, number, number], chip: Box, roomy: boolean}} EdgePlace */
/** @typedef {{column: number, from: number, count: number, x: number, y: number}} GapPlace units left out */

export const WIDEST = 8; // units of a column that are drawn in full
const HEAD = 6;

/** Which units of a column are drawn: all of a narrow one; else a stretch that holds `wanted`, and the last. @param {number} units @param {number} wanted */
export const drawnUnits = (units, wanted = 0) => {
  if (units <= WIDEST) return Array.from({ length: units }, (_, k) => k);
  const first = Math.min(Math.max(0, Math.floor(wanted / HEAD) * HEAD), units - 1 - HEAD);
  return [...Array.from({ length: HEAD }, (_, k) => first + k), units - 1];
};

const SIZES = { chip: 15, line: 1.55, letter: 0.6 };

/** @param {number} letters @param {number} scale @param {number} [rows] @returns {{w: number, h: number}} */
export const chipSize = (letters, scale, rows = 1) => ({
  w: (letters * SIZES.letter + 1.3) * SIZES.chip * scale,
  h: (rows * SIZES.line * SIZES.chip + 3) * scale,
});

/**
 * @param {any} scene
 * @param {number} width of the room
 * @param {number} height
 * @param {{scale?: number, letters?: number, wanted?: number[]}} [options] scale of the type, how many letters the
 *   longest number has, which unit of every column is wanted in the drawing
 */
export const layout = (scene, width, height, { scale = 1, letters = 7, wanted = [] } = {}) => {
  const columns = scene.columns.length;
  const shown = scene.columns.map((/** @type {any} */ c, /** @type {number} */ k) => drawnUnits(c.units, wanted[k]));
  const most = Math.max(...shown.map((/** @type {number[]} */ units, /** @type {number} */ k) => units.length + Number(scene.columns[k].units > units.length)));
  const last = scene.columns[columns - 1].units;
  const roomForTargets = scene.targets ? 96 * scale * Math.min(last, WIDEST) : 0;
  const wide = chipSize(letters + 5, scale);
  const span = { unit: Math.max(118, wide.w + 62) * scale, target: scene.targets ? 225 * scale : 0, loss: scene.loss ? 150 * scale : 0 };
  const left = 74 * scale;
  const needed = left + span.unit * (columns - 1) + 62 * scale + span.target + span.loss + 20 * scale;
  const W = Math.max(width, needed);
  const H = Math.max(height, most * 62 * scale + 90 * scale, roomForTargets + 90 * scale);
  const spare = W - needed;
  const step = span.unit + (columns > 1 ? (spare * 0.82) / (columns - 1) : 0);
  const x = (/** @type {number} */ column) => left + step * column + (columns === 1 ? spare * 0.3 : 0);
  const top = 34 * scale;
  const bottom = H - 44 * scale;
  const spacing = (bottom - top) / most;
  const round = spacing >= 122 * scale;
  const size = round ? 2 * Math.min(46 * scale, spacing * 0.3) : Math.min(50 * scale, spacing - 8 * scale);
  const y = (/** @type {number} */ column, /** @type {number} */ k) => {
    const count = shown[column].length + Number(scene.columns[column].units > shown[column].length);
    const gap = Math.min((bottom - top) / count, 200 * scale);
    return (top + bottom) / 2 + (k - (count - 1) / 2) * gap;
  };
  const row = (/** @type {number} */ column, /** @type {number} */ unit) => {
    const k = shown[column].indexOf(unit);
    return k + Number(scene.columns[column].units > shown[column].length && k === shown[column].length - 1);
  };
  const unitWidth = round ? size : Math.max(96, (letters + 4) * 9.2 + 14) * scale;
  const place = (/** @type {number} */ column, /** @type {number} */ unit) => ({
    x: x(column),
    y: y(column, row(column, unit)),
    w: column === 0 && !round ? Math.min(unitWidth, 96 * scale) : unitWidth,
    h: size,
  });
  /** @type {UnitPlace[]} */
  const units = shown.flatMap((/** @type {number[]} */ drawn, /** @type {number} */ column) =>
    drawn.map((unit) => {
      const box = place(column, unit);
      return { column, unit, box, bias: biasOf(scene.columns[column], box, round, scale, letters), grads: gradsOf(box, round, scale, letters) };
    }),
  );
  /** @type {GapPlace[]} */
  const gaps = shown.flatMap((/** @type {number[]} */ drawn, /** @type {number} */ column) => {
    const { units: all } = scene.columns[column];
    if (all === drawn.length) return [];
    const before = drawn[0];
    const between = all - 1 - drawn[drawn.length - 2] - 1;
    const found = between ? [{ column, from: drawn[drawn.length - 2] + 1, count: between, x: x(column), y: y(column, drawn.length - 1) }] : [];
    return before ? [...found, { column, from: 0, count: before, x: x(column), y: y(column, 0) - spacing * 0.62 }] : found;
  });
  const edges = edgesOf(scene, shown, place, units, round, scale, letters);
  const right = x(columns - 1) + unitWidth / 2;
  const targets = scene.targets
    ? shown[columns - 1].map((/** @type {number} */ unit) => ({ unit, x: right + (spare * 0.09 + 96 * scale), y: place(columns - 1, unit).y }))
    : [];
  const loss = { x: W - 20 * scale - 62 * scale, y: (top + bottom) / 2, w: 124 * scale, h: 76 * scale };
  return { W, H, scale, round, units, gaps, edges, targets, loss, settings: { x: W - 20 * scale, y: H - 20 * scale } };
};

/** @param {any} column @param {Box} box @param {boolean} round @param {number} scale @param {number} letters @returns {Box | null} */
const biasOf = (column, box, round, scale, letters) => {
  if (!column.bias) return null;
  const { w, h } = chipSize(Math.min(letters, 7) + 3, scale);
  if (round) return { x: box.x, y: box.y - box.h / 2 - 40 * scale, w, h };
  return { x: box.x - box.w / 2 - w / 2 + 10 * scale, y: box.y - box.h / 2 + 4 * scale, w, h };
};

/** Room for the derivatives with respect to a unit's output and its sum. @param {Box} box @param {boolean} round @param {number} scale @param {number} letters @returns {Box[]} */
const gradsOf = (box, round, scale, letters) => {
  const { w, h } = chipSize(letters + 6, scale);
  const x = box.x + box.w / 2 + w / 2 + (round ? -2 : 4) * scale;
  const off = round ? box.h / 2 + 2 * scale : 14 * scale;
  return [
    { x, y: box.y - off, w, h },
    { x, y: box.y + off, w, h },
  ];
};

/** Lines to the units of the column before, and a place for the weight of each. */
const edgesOf = (
  /** @type {any} */ scene,
  /** @type {number[][]} */ shown,
  /** @type {(column: number, unit: number) => Box} */ place,
  /** @type {UnitPlace[]} */ units,
  /** @type {boolean} */ round,
  /** @type {number} */ scale,
  /** @type {number} */ letters,
) => {
  /** @type {Box[]} */
  const taken = units.flatMap((u) => [u.box, ...(u.bias ? [u.bias] : []), ...(u.column ? u.grads : [])]);
  /** @type {EdgePlace[]} */
  const found = [];
  scene.columns.forEach((/** @type {any} */ column, /** @type {number} */ k) => {
    if (!k) return;
    const one = !column.weights && column.activation !== "softmax";
    for (const to of shown[k])
      for (const from of shown[k - 1]) {
        if (one && from !== to) continue;
        const a = place(k - 1, from);
        const b = place(k, to);
        const [x1, x2] = round ? [a.x, b.x] : [a.x + a.w / 2, b.x - b.w / 2];
        /** @type {[number, number, number, number]} */
        const line = [x1, a.y, x2, b.y];
        const size = chipSize(Math.min(letters, 7) + 4.5, scale, 2);
        const free = column.weights ? freePlace(line, size, taken, Math.abs(a.y - b.y) < 1, round ? [a.w / 2, b.w / 2] : [0, 0]) : null;
        if (free) taken.push(free);
        const fan = shown[k].length > shown[k - 1].length ? 0.3 : 0.62;
        found.push({ column: k, from, to, line, chip: free ?? along(line, fan, size), roomy: free !== null });
      }
  });
  return found;
};

/** @param {[number, number, number, number]} line @param {number} t @param {{w: number, h: number}} size @returns {Box} */
const along = ([x1, y1, x2, y2], t, { w, h }) => ({ x: x1 + (x2 - x1) * t, y: y1 + (y2 - y1) * t, w, h });

/** The first place along a line where nothing is yet. @returns {Box | null} */
const freePlace = (
  /** @type {[number, number, number, number]} */ line,
  /** @type {{w: number, h: number}} */ size,
  /** @type {Box[]} */ taken,
  /** @type {boolean} */ level,
  /** @type {[number, number]} */ [before, after],
) => {
  const length = line[2] - line[0];
  const spread = level ? [0.5, 0.42, 0.58, 0.35, 0.65] : [0.3, 0.7, 0.38, 0.62, 0.24, 0.76, 0.45, 0.55, 0.5];
  for (const t of spread) {
    const box = along([line[0] + before, line[1] + ((line[3] - line[1]) * before) / length, line[2] - after, line[3] - ((line[3] - line[1]) * after) / length], t, size);
    if (!taken.some((other) => overlap(box, other))) return box;
  }
  return null;
};

/** @param {Box} a @param {Box} b */
export const overlap = (a, b) => Math.abs(a.x - b.x) * 2 < a.w + b.w + 4 && Math.abs(a.y - b.y) * 2 < a.h + b.h + 4;
