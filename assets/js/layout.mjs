// @ts-check
/** Where the parts of a network are drawn: from its scene and the room there is, nothing else. */

/** @typedef {{x: number, y: number, w: number, h: number}} Box its middle, and its size */
/** @typedef {Box & {hold?: "top" | "bottom"}} Held a box that grows away from what it holds on to */
/** @typedef {{column: number, unit: number, box: Box, bias: Held | null, grads: Held[]}} UnitPlace */
/** @typedef {{column: number, from: number, to: number, line: [number, number, number, number], chip: Box | null, plain: Box | null, near: Box, far: Box}} EdgePlace */
/** @typedef {{column: number, from: number, count: number, x: number, y: number}} GapPlace units left out */

export const WIDEST = 8; // units of a column that are drawn in full
const HEAD = 5;

/** Which units of a column are drawn: all of a narrow one; else a stretch that holds `wanted`, and the last. @param {number} units @param {number} wanted */
export const drawnUnits = (units, wanted = 0) => {
  if (units <= WIDEST) return Array.from({ length: units }, (_, k) => k);
  const first = Math.min(Math.max(0, Math.floor(wanted / HEAD) * HEAD), units - 1 - HEAD);
  return [...Array.from({ length: HEAD }, (_, k) => first + k), units - 1];
};

export const ROW = 23; // pixels of a chip with one row, at scale 1
export const MORE = 19; // of a second row
export const CLOSE = 15; // of every row where there are three
const TITLE = 34;
const FLAT = 46; // the least height of a flat unit
const LEAST_RADIUS = 34; // a number fits in
const MARGIN = 18;

/** How large a chip is; where it is tight its type is 14 pixels instead of 15. @param {boolean} tight @param {number} letters @param {number} [rows] */
const chipSize = (tight, letters, rows = 1) => ({ w: letters * (tight ? 7.6 : 8.1) + (tight ? 14 : 20), h: ROW + (rows - 1) * MORE });

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
  const radius = Math.min(tight ? 38 : 46, (spacing - bias.h - 2 * ROW - 24) / 2);
  const round = radius >= LEAST_RADIUS;
  const stacked = spacing >= bias.h + 2 * ROW + 24 + FLAT; // bias above, derivatives below
  const unit = round ? { w: 2 * radius, h: 2 * radius } : { w: Math.max(96, letters.number * 8.4 + 46), h: Math.min(52, Math.max(FLAT, spacing - 10)) };
  const crossing = tight || most < 2 ? 0 : 1.25 * (grad.w + weight.w + 8) - unit.w; // room for two weights beside the lines' crossing
  const between = stacked ? Math.max(weight.w + 8, grad.w - unit.w + 8, tight ? 0 : weight.w + 22, crossing) : grad.w + weight.w + 12;
  const apart = tight ? 8 : 28; // between a unit, its target and the loss
  return { bias, grad, weight, target, round, stacked, unit, between, apart, least: stacked ? spacing : 57 };
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
  const before = shown.map((/** @type {number[]} */ units) => Number(units[0] > 0)); // a line that says how many are left out
  const slots = shown.map((/** @type {number[]} */ units, /** @type {number} */ k) => units.length + before[k] + Number(isCut(units)));
  const most = Math.max(...slots);
  const last = shown.length - 1;
  const size = proportions(most, height / scale, letters, tight);
  const { round, stacked, unit, between, apart } = size;
  const card = (scene.targets ? (scene.targets.error ? 2 : 1) * (size.target.h + 4) + ROW + 4 : 0) + 10;
  const H = Math.max(height / scale, most * size.least + TITLE + MARGIN, scene.targets ? slots[last] * card + TITLE + MARGIN + ROW : 0);
  const loss = { w: tight ? 92 : 112, h: 74 };
  const left = MARGIN + unit.w / 2;
  const toTargets = scene.targets ? (stacked ? Math.max(unit.w, size.grad.w + 8) / 2 + apart - 4 : unit.w / 2 + size.grad.w + 12) + size.target.w / 2 : 0;
  const toLoss = scene.loss ? size.target.w / 2 + apart + loss.w / 2 : unit.w / 2;
  const needed = left + (unit.w + between) * last + toTargets + toLoss + (scene.loss ? loss.w / 2 : 0) + MARGIN;
  const W = Math.max(width / scale, needed);
  const spare = Math.min((W - needed) / (last + 1.6), 150);
  const start = left + Math.max(0, W - needed - spare * (last + 1.6)) * 0.45;
  const x = (/** @type {number} */ column) => start + (unit.w + between + spare) * column;
  const top = TITLE;
  const bottom = H - MARGIN;
  const y = (/** @type {number} */ column, /** @type {number} */ k) => {
    const gap = Math.min((bottom - top) / slots[column], stacked ? 270 : 150);
    return (top + bottom) / 2 + (k - (slots[column] - 1) / 2) * gap + (stacked ? (size.bias.h - 2 * ROW) / 2 : 0);
  };
  const row = (/** @type {number} */ column, /** @type {number} */ k) => k + before[column] + Number(isCut(shown[column]) && k === shown[column].length - 1);
  const place = (/** @type {number} */ column, /** @type {number} */ which) => ({ x: x(column), y: y(column, row(column, shown[column].indexOf(which))), ...unit });
  /** @type {UnitPlace[]} */
  const units = shown.flatMap((/** @type {number[]} */ drawn, /** @type {number} */ column) =>
    drawn.map((which) => {
      const box = place(column, which);
      const roomy = (bottom - top) / slots[column] > unit.h + size.bias.h + 8;
      return { column, unit: which, box, bias: scene.columns[column].bias ? biasOf(box, size.bias, roomy) : null, grads: gradsOf(box, size.grad, stacked) };
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
    gaps: gapsOf(shown, x, (column, k) => y(column, k + before[column])),
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
  /** @param {any} value @param {boolean} length @returns {any} */
  const by = (value, length) => {
    if (typeof value === "number") return length ? value * scale : value;
    if (Array.isArray(value)) return value.map((/** @type {any} */ v) => by(v, length));
    if (value && typeof value === "object") return Object.fromEntries(Object.entries(value).map(([k, /** @type {any} */ v]) => [k, by(v, keys.has(k))]));
    return value;
  };
  return scale === 1 ? at : by(at, false);
};

/** Whether units are left out before the last one. @param {number[]} units */
const isCut = (units) => units.length > 1 && units[units.length - 1] > units[units.length - 2] + 1;

/** @param {number[][]} shown @param {(column: number) => number} x @param {(column: number, k: number) => number} y @returns {GapPlace[]} */
const gapsOf = (shown, x, y) =>
  shown.flatMap((units, column) => {
    const next = units[units.length - 2] + 1;
    const found = isCut(units) ? [{ column, from: next, count: units[units.length - 1] - next, x: x(column), y: y(column, units.length - 1) }] : [];
    return units[0] ? [{ column, from: 0, count: units[0], x: x(column), y: y(column, -1) }, ...found] : found;
  });

/** Above its unit, or where that is too tight at its upper left. @param {Box} box @param {{w: number, h: number}} size @param {boolean} roomy @returns {Held} */
const biasOf = (box, size, roomy) =>
  roomy
    ? { x: box.x, y: box.y - box.h / 2 - 8 - size.h / 2, ...size, hold: "bottom" }
    : { x: box.x - box.w / 2 - size.w / 2 + 8, y: box.y - box.h / 2 + 4, w: size.w, h: ROW };

/** Room for the derivatives with respect to a unit's output and its sum. @param {Box} box @param {{w: number, h: number}} size @param {boolean} stacked @returns {Held[]} */
const gradsOf = (box, size, stacked) =>
  stacked
    ? [0, 1].map((k) => ({ x: box.x, y: box.y + box.h / 2 + 7 + size.h / 2 + k * (ROW + 3), ...size }))
    : [-1, 1].map((k) => ({ x: box.x + box.w / 2 + size.w / 2 + 4, y: box.y + k * 13.5, ...size }));

/** Lines to the units of the column before, and places for the weights of a layer, if most of them find one. */
const edgesOf = (
  /** @type {any} */ scene,
  /** @type {number[][]} */ shown,
  /** @type {(column: number, unit: number) => Box} */ place,
  /** @type {UnitPlace[]} */ units,
  /** @type {ReturnType<typeof proportions>} */ { round, stacked, weight },
) => {
  let taken = units.flatMap((u) => /** @type {Box[]} */ ([u.box, ...(u.bias ? [u.bias] : []), ...(u.column ? u.grads : [])]));
  /** @type {EdgePlace[]} */
  const found = [];
  scene.columns.forEach((/** @type {any} */ column, /** @type {number} */ k) => {
    if (!k) return;
    const one = !column.weights && column.activation !== "softmax";
    const lines = shown[k].flatMap((to) => shown[k - 1].filter((from) => !one || from === to).map((from) => lineOf(from, to, place(k - 1, from), place(k, to), round)));
    /** @type {Box[]} */
    const chips = [];
    const places = lines.map(({ line, level, trim }) => {
      const free = column.weights ? freePlace(line, weight, [...taken, ...chips], level, trim) : null;
      if (free) chips.push(free);
      return free;
    });
    const fits = chips.length * 2 >= lines.length;
    if (fits) taken = [...taken, ...chips];
    // of the others, those that find a place while no derivatives are shown
    const solid = units.flatMap((u) => /** @type {Box[]} */ (u.bias ? [u.box, u.bias] : [u.box]));
    const plain = lines.map(({ line, level, trim }, n) => {
      const free = fits && column.weights && !places[n] ? freePlace(line, { w: weight.w, h: ROW }, [...solid, ...chips], level, trim) : null;
      if (free) chips.push(free);
      return free;
    });
    // near and far: where they fan out; on the way forward they come together at a unit, on the way back they leave from one
    lines.forEach(({ from, to, line }, n) =>
      found.push({ column: k, from, to, line, chip: fits ? places[n] : null, plain: plain[n], near: along(line, 0.25, weight), far: along(line, stacked ? 0.7 : 0.78, weight) }),
    );
  });
  return found;
};

/** @param {number} from @param {number} to @param {Box} a @param {Box} b @param {boolean} round */
const lineOf = (from, to, a, b, round) => {
  const [x1, x2] = round ? [a.x, b.x] : [a.x + a.w / 2, b.x - b.w / 2];
  /** @type {[number, number, number, number]} */
  const line = [x1, a.y, x2, b.y];
  /** @type {[number, number]} */
  const trim = round ? [a.w / 2, b.w / 2] : [0, 0];
  return { from, to, line, level: Math.abs(a.y - b.y) < 1, trim };
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
  const spread = level ? [0.5, 0.42, 0.58, 0.35, 0.65] : [0.3, 0.36, 0.7, 0.64, 0.4, 0.6, 0.24, 0.76, 0.45, 0.55, 0.5];
  for (const t of spread) {
    const box = along([line[0] + before, line[1] + ((line[3] - line[1]) * before) / length, line[2] - after, line[3] - ((line[3] - line[1]) * after) / length], t, size);
    if (!taken.some((other) => overlap(box, other))) return box;
  }
  return null;
};

/** @param {Box} a @param {Box} b */
export const overlap = (a, b) => Math.abs(a.x - b.x) * 2 < a.w + b.w + 4 && Math.abs(a.y - b.y) * 2 < a.h + b.h + 4;
