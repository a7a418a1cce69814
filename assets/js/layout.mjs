// @ts-check
/** Where the parts of a network are drawn: from its scene and the room there is, nothing else. */

/** @typedef {{x: number, y: number, w: number, h: number}} Box its middle, and its size */
/** @typedef {Box & {hold?: "top" | "bottom"}} Held a box that grows away from what it holds on to */
/** @typedef {{column: number, unit: number, box: Box, bias: Held | null, grads: Held[]}} UnitPlace */
/** @typedef {{column: number, from: number, to: number, line: [number, number, number, number], chip: Box | null, near: Box, far: Box}} EdgePlace */
/** @typedef {{column: number, from: number, count: number, x: number, y: number}} GapPlace units left out */

export const WIDEST = 8; // units of a column that are drawn in full
const HEAD = 6;

/** Which units of a column are drawn: all of a narrow one; else a stretch that holds `wanted`, and the last. @param {number} units @param {number} wanted */
export const drawnUnits = (units, wanted = 0) => {
  if (units <= WIDEST) return Array.from({ length: units }, (_, k) => k);
  const first = Math.min(Math.max(0, Math.floor(wanted / HEAD) * HEAD), units - 1 - HEAD);
  return [...Array.from({ length: HEAD }, (_, k) => first + k), units - 1];
};

export const ROW = 23; // pixels of a chip with one row, at scale 1
export const MORE = 19; // of every further row
const TITLE = 34;
const MARGIN = 18;

/** How large a chip is; where it is tight its type is 14 pixels instead of 15. @param {boolean} tight @param {number} letters @param {number} [rows] */
const chipSize = (tight, letters, rows = 1) => ({ w: letters * (tight ? 7.9 : 8.4) + (tight ? 16 : 24), h: ROW + (rows - 1) * MORE });

/**
 * Sizes and distances at scale 1: round units with what belongs to them above and below, or where that is too tight,
 * flat ones.
 */
const proportions = (/** @type {number} */ most, /** @type {number} */ height, /** @type {{number: number, symbol: number}} */ letters, /** @type {boolean} */ tight) => {
  const bias = chipSize(tight, letters.number + 2.2, 2);
  const grad = chipSize(tight, letters.number + 4.6);
  const weight = chipSize(tight, letters.number + letters.symbol, 2);
  const target = chipSize(tight, letters.number + 2.2, 2);
  const spacing = (height - TITLE - MARGIN) / most;
  const round = spacing >= bias.h + 2 * 25 + 2 * ROW + 14;
  const radius = round ? Math.min(tight ? 38 : 46, (spacing - bias.h - 2 * ROW - 14) / 2) : 0;
  const unit = round ? { w: 2 * radius, h: 2 * radius } : { w: Math.max(96, letters.number * 8.4 + 46), h: Math.min(52, Math.max(46, spacing - 10)) };
  const between = round ? Math.max(weight.w, grad.w - unit.w) + (tight ? 8 : 22) : grad.w + weight.w + 12;
  const apart = tight ? 12 : 28; // between a unit, its target and the loss
  return { bias, grad, weight, target, round, unit, between, apart, least: round ? spacing : 60 };
};

/**
 * @param {any} scene
 * @param {number} width of the room
 * @param {number} height
 * @param {{scale?: number, letters?: {number: number, symbol: number}, wanted?: number[]}} [options] scale of the type,
 *   how many letters the longest number and the symbol of a weight have, which unit of every column is wanted
 */
export const layout = (scene, width, height, { scale = 1, letters = { number: 7, symbol: 3 }, wanted = [] } = {}) => {
  const roomy = placed(scene, width, height, scale, letters, wanted, false);
  return roomy.W > width + 1 ? placed(scene, width, height, scale, letters, wanted, true) : roomy;
};

const placed = (
  /** @type {any} */ scene,
  /** @type {number} */ width,
  /** @type {number} */ height,
  /** @type {number} */ scale,
  /** @type {{number: number, symbol: number}} */ letters,
  /** @type {number[]} */ wanted,
  /** @type {boolean} */ tight,
) => {
  const shown = scene.columns.map((/** @type {any} */ c, /** @type {number} */ k) => drawnUnits(c.units, wanted[k]));
  const slots = shown.map((/** @type {number[]} */ units, /** @type {number} */ k) => units.length + Number(scene.columns[k].units > units.length));
  const most = Math.max(...slots);
  const last = shown.length - 1;
  const size = proportions(most, height / scale, letters, tight);
  const { round, unit, between, apart } = size;
  const card = (scene.targets ? (scene.targets.error ? 2 : 1) * (size.target.h + 4) + ROW + 4 : 0) + 10;
  const H = Math.max(height / scale, most * size.least + TITLE + MARGIN, scene.targets ? slots[last] * card + TITLE + MARGIN + ROW : 0);
  const loss = { w: tight ? 100 : 112, h: 74 };
  const left = MARGIN + unit.w / 2;
  const toTargets = scene.targets ? (round ? Math.max(unit.w, size.grad.w + 8) / 2 + apart - 4 : unit.w / 2 + size.grad.w + 12) + size.target.w / 2 : 0;
  const toLoss = scene.loss ? size.target.w / 2 + apart + loss.w / 2 : unit.w / 2;
  const needed = left + (unit.w + between) * last + toTargets + toLoss + (scene.loss ? loss.w / 2 : 0) + MARGIN;
  const W = Math.max(width / scale, needed);
  const spare = Math.min((W - needed) / (last + 1.6), 150);
  const start = left + Math.max(0, W - needed - spare * (last + 1.6)) * 0.45;
  const x = (/** @type {number} */ column) => start + (unit.w + between + spare) * column;
  const top = TITLE;
  const bottom = H - MARGIN;
  const y = (/** @type {number} */ column, /** @type {number} */ k) => {
    const gap = Math.min((bottom - top) / slots[column], round ? 270 : 150);
    return (top + bottom) / 2 + (k - (slots[column] - 1) / 2) * gap + (round ? (size.bias.h - 2 * ROW + 6) / 2 : 0);
  };
  const row = (/** @type {number} */ column, /** @type {number} */ k) => k + Number(slots[column] > shown[column].length && k === shown[column].length - 1);
  const place = (/** @type {number} */ column, /** @type {number} */ which) => ({ x: x(column), y: y(column, row(column, shown[column].indexOf(which))), ...unit });
  /** @type {UnitPlace[]} */
  const units = shown.flatMap((/** @type {number[]} */ drawn, /** @type {number} */ column) =>
    drawn.map((which) => {
      const box = place(column, which);
      const roomy = (bottom - top) / slots[column] > unit.h + size.bias.h + 8;
      return { column, unit: which, box, bias: scene.columns[column].bias ? biasOf(box, size.bias, roomy) : null, grads: gradsOf(box, size.grad, round) };
    }),
  );
  const targets = scene.targets ? shown[last].map((/** @type {number} */ which) => ({ unit: which, x: x(last) + toTargets + spare * 0.7, y: place(last, which).y, ...size.target })) : [];
  const end = x(last) + toTargets + toLoss + spare * 1.4;
  return scaled({
    W,
    H,
    scale,
    tight,
    round,
    units,
    gaps: gapsOf(scene, shown, x, y),
    edges: edgesOf(scene, shown, place, units, size),
    targets,
    loss: { x: Math.min(end, W - MARGIN - loss.w / 2), y: (top + bottom) / 2, ...loss },
    settings: { x: W - MARGIN, y: H - MARGIN },
  });
};

/** Everything at the scale of the type. @template T @param {T} at @returns {T} */
const scaled = (at) => {
  const { scale } = /** @type {any} */ (at);
  const keys = new Set(["W", "H", "x", "y", "w", "h", "line"]);
  const by = (/** @type {any} */ value, /** @type {boolean} */ length) => {
    if (typeof value === "number") return length ? value * scale : value;
    if (Array.isArray(value)) return value.map((/** @type {any} */ v) => by(v, length));
    if (value && typeof value === "object") return Object.fromEntries(Object.entries(value).map(([k, /** @type {any} */ v]) => [k, by(v, keys.has(k))]));
    return value;
  };
  return scale === 1 ? at : by(at, false);
};

/** @param {any} scene @param {number[][]} shown @param {(column: number) => number} x @param {(column: number, k: number) => number} y @returns {GapPlace[]} */
const gapsOf = (scene, shown, x, y) =>
  shown.flatMap((drawn, column) => {
    const all = scene.columns[column].units;
    if (all === drawn.length) return [];
    const next = drawn[drawn.length - 2] + 1;
    const found = all - 1 > next ? [{ column, from: next, count: all - 1 - next, x: x(column), y: y(column, drawn.length - 1) }] : [];
    return drawn[0] ? [{ column, from: 0, count: drawn[0], x: x(column), y: TITLE + 10 }, ...found] : found;
  });

/** Above its unit, or where that is too tight at its upper left. @param {Box} box @param {{w: number, h: number}} size @param {boolean} roomy @returns {Held} */
const biasOf = (box, size, roomy) =>
  roomy
    ? { x: box.x, y: box.y - box.h / 2 - 8 - size.h / 2, ...size, hold: "bottom" }
    : { x: box.x - box.w / 2 - size.w / 2 + 8, y: box.y - box.h / 2 + 4, w: size.w, h: ROW };

/** Room for the derivatives with respect to a unit's output and its sum. @param {Box} box @param {{w: number, h: number}} size @param {boolean} round @returns {Held[]} */
const gradsOf = (box, size, round) =>
  round
    ? [0, 1].map((k) => ({ x: box.x, y: box.y + box.h / 2 + 7 + size.h / 2 + k * (ROW + 3), ...size }))
    : [-1, 1].map((k) => ({ x: box.x + box.w / 2 + size.w / 2 + 4, y: box.y + k * 13.5, ...size }));

/** Lines to the units of the column before, and a place for the weight of each. */
const edgesOf = (
  /** @type {any} */ scene,
  /** @type {number[][]} */ shown,
  /** @type {(column: number, unit: number) => Box} */ place,
  /** @type {UnitPlace[]} */ units,
  /** @type {ReturnType<typeof proportions>} */ { round, weight },
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
        const free = column.weights ? freePlace(line, weight, taken, Math.abs(a.y - b.y) < 1, round ? [a.w / 2, b.w / 2] : [0, 0]) : null;
        if (free) taken.push(free);
        // where they fan out: on the way forward they come together at a unit, on the way back they leave from one
        found.push({ column: k, from, to, line, chip: free, near: along(line, 0.25, weight), far: along(line, round ? 0.7 : 0.78, weight) });
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
