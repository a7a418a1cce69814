// @ts-check
/** Where the grids are drawn: as large as there is room for, beside each other, or beneath where it is narrow. Knows no screen. */

/**
 * A grid, or a box without cells, with what stands beneath it.
 * @typedef {object} Part
 * @property {string} key
 * @property {number} rows with its padding
 * @property {number} columns
 * @property {"map" | "kernel" | "cell" | "box"} kind
 * @property {number} [lines] how many numbers a cell has, one above the other; in a single column side by side
 * @property {[number, number]} [size] of a box
 * @property {number} [letters] how many the longest of its numbers has
 * @property {number} title how many letters stand above it
 * @property {number} [note] how many lines stand beneath it
 * @property {string} [joint] what stands between it and the part before
 * @property {Part} [below]
 */
/** @typedef {{x: number, y: number, w: number, h: number}} Cell the left upper corner of the first cell, and the size of one */
/** @typedef {{places: Map<string, Cell>, joints: {x: number, y: number, key: string}[], W: number, H: number, isPicture: boolean, host: "in" | "kernel" | "none", rows: number, size: number, type: number}} Layout */

const SIZES = [104, 96, 88, 80, 72, 66, 62, 58, 54, 50, 46, 42, 38, 34, 30];
const DOTS = [34, 30, 26, 22, 19, 17, 15, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4];
const LETTER = 8.7; // pixels of a digit at 14 pixels, in a wide font
const THIN_LETTER = 8.2; // where it isn't bold
const TITLE = 26;
const NOTE = 22;
const GAP = 46;
const MARGIN = 14;
const MOST_NUMBERS = 160; // cells of a kernel that are written out
const NEAR = 1.2; // times the least height there can be, for the sake of larger cells
const MOST_CELLS = 100; // of a map that one scrolls through
const PATIENCE = 2.4; // times the height of the room that one scrolls through numbers before they become pictures

/**
 * @param {Part[]} parts @param {number} width @param {number} height
 * @param {{scale?: number, letters?: {cell: number, product: number}, mode?: string, isAdded?: boolean}} [options] how many letters the
 *   longest number has in a cell and in a product; "numbers" or "picture" where one is wished for; whether products are shown
 * @returns {Layout}
 */
export const layout = (parts, width, height, { scale = 1, letters = { cell: 3, product: 4 }, mode = "auto", isAdded = true } = {}) => {
  const product = { w: Math.max(54, letters.product * THIN_LETTER + 6) * scale, h: 58 * scale };
  const least = { w: wide(letters.cell, scale), h: 28 * scale };
  const numbers = (/** @type {number} */ size) => {
    const map = { w: Math.max(size * scale, least.w), h: Math.max(size * scale, least.h) };
    const isIn = map.w >= product.w && map.h >= product.h;
    return flow(parts, width, scale, { map, kernel: isIn || !isAdded ? map : product, isIn: isIn || !isAdded, isPicture: false, least, letters: letters.cell });
  };
  const fits = (/** @type {Layout} */ { W, H }) => W <= width + 1 && H <= height + 1;
  if (mode !== "picture") {
    const tried = SIZES.map(numbers);
    const found = tried.find((one) => fits(one) && one.rows === 1 && one.size >= 44) ?? tried.find(fits);
    if (found) return centred(found, width, height);
    const narrow = tried.filter(({ W }) => W <= width + 1);
    const lowest = Math.min(...narrow.map(({ H }) => H));
    const near = narrow.filter(({ H }) => H <= lowest * NEAR && H <= height * PATIENCE);
    const legible = near.find(({ host }) => host === "in") ?? near[0];
    if (legible && (mode === "numbers" || !parts.some(isLarge))) return centred(legible, width, height);
    if (mode === "numbers" || !parts.some(isLarge)) return centred(narrow.at(-1) ?? tried[tried.length - 1], width, height);
  }
  const pictures = DOTS.map((size) => flow(parts, width, scale, { map: { w: size * scale, h: size * scale }, kernel: isAdded ? product : least, isIn: false, isPicture: true, least, letters: letters.cell }));
  return centred(pictures.find(fits) ?? pictures.find(({ W, H }) => W <= width + 1 && H <= height * 1.6) ?? pictures[pictures.length - 1], width, height);
};

/** How wide a cell is at least. */
const wide = (/** @type {number} */ letters, /** @type {number} */ scale) => Math.max(28, letters * LETTER + 6) * scale;

const isLarge = (/** @type {Part} */ { rows, columns, kind }) => kind === "map" && rows * columns > MOST_CELLS;

/** @returns {Layout} */
const flow = (/** @type {Part[]} */ parts, /** @type {number} */ width, /** @type {number} */ scale, /** @type {{map: {w: number, h: number}, kernel: {w: number, h: number}, isIn: boolean, isPicture: boolean, least: {w: number, h: number}, letters: number}} */ { map, kernel, isIn, isPicture, least, letters }) => {
  const gap = GAP * scale * (width < 520 ? 0.6 : 1);
  const cellOf = (/** @type {Part} */ part) => {
    if (part.kind === "map" && isPicture && part.columns > 1) return map;
    let own = part.kind === "kernel" ? (part.rows * part.columns > MOST_NUMBERS ? { w: map.w * (isPicture ? 1 : 0.5), h: map.h * (isPicture ? 1 : 0.5) } : kernel) : isPicture ? least : map;
    const isTwo = (part.lines ?? 1) > 1;
    if (own === map && part.letters) own = { w: Math.max(map.h, wide(part.letters, scale)), h: map.h };
    if (part.columns === 1 && part.kind === "map") return { w: Math.max(own.w, least.w) * (isTwo ? 2 : 1), h: Math.min(own.h, 36 * scale) };
    return { w: own.w, h: Math.max(own.h, isTwo ? 38 * scale : 0) };
  };
  const sized = (/** @type {Part} */ part) => {
    const cell = cellOf(part);
    const [w, h] = part.size ? part.size.map((n) => n * scale) : [part.columns * cell.w, part.rows * cell.h];
    const head = part.title ? TITLE * scale : 0;
    const foot = (part.note ?? 0) * NOTE * scale;
    return { cell, w, inner: Math.max(w, part.title * 7.4 * scale), head, h, foot };
  };
  /** @type {{part: Part, w: number, h: number}[][]} */
  const rows = [[]];
  let x = 0;
  for (const part of parts) {
    const own = sized(part);
    const under = part.below ? sized(part.below) : null;
    const w = Math.max(own.inner, under?.inner ?? 0);
    const h = own.head + own.h + own.foot + (under ? under.head + under.h + under.foot + 6 * scale : 0);
    if (x && x + gap + w > width - 2 * MARGIN) {
      rows.push([]);
      x = 0;
    }
    rows[rows.length - 1].push({ part, w, h });
    x += (x ? gap : 0) + w;
  }
  /** @type {Map<string, Cell>} */
  const places = new Map();
  const joints = [];
  let y = MARGIN / 2;
  let W = 0;
  for (const row of rows) {
    const high = Math.max(...row.map(({ h }) => h));
    const wide = row.reduce((sum, { w }) => sum + w + gap, -gap);
    W = Math.max(W, wide + 2 * MARGIN);
    let left = Math.max(MARGIN, (Math.max(width, W) - wide) / 2);
    for (const [k, { part, w, h }] of row.entries()) {
      const own = sized(part);
      const top = y + (high - h) / 2;
      places.set(part.key, { x: left + (w - own.w) / 2, y: top + own.head, w: own.cell.w, h: own.cell.h });
      if (part.joint && k) joints.push({ x: left - gap / 2, y: top + own.head + own.h / 2, key: part.key });
      if (part.below) {
        const under = sized(part.below);
        places.set(part.below.key, { x: left + (w - under.w) / 2, y: top + own.head + own.h + own.foot + 6 * scale + under.head, w: under.cell.w, h: under.cell.h });
      }
      left += w + gap;
    }
    y += high + 14 * scale;
  }
  return { places, joints, W: Math.max(W, 0), H: y - 14 * scale + MARGIN / 2, isPicture, host: isIn ? "in" : "kernel", rows: rows.length, size: map.h / scale, type: Math.min((map.w - 8 * scale) / (letters * 0.66), map.h * 0.36) };
};

/** In the middle of its room. @param {Layout} found @param {number} width @param {number} height @returns {Layout} */
const centred = (found, width, height) => {
  const down = Math.max(0, (height - found.H) / 2);
  for (const place of found.places.values()) place.y += down;
  for (const joint of found.joints) joint.y += down;
  return { ...found, W: Math.max(found.W, width), H: Math.max(found.H, height) };
};
