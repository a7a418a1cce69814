// @ts-check
/**
 * A formula of the player, which is MathML, as LaTeX and as text: letter for letter what `nncalc.formula.render` writes.
 *
 * It needs no server and no second set of templates, because the MathML that the renderer emits says all there is to
 * say. Only text has to think: a fraction has no bar there, so brackets come in that MathML does without.
 */

/** @typedef {{name: string, inner: Node_[], text: string}} Node_ an element, or with the name "" a text */
/**
 * What a formula consists of. `signs` stand before the terms of a sum, "" or "−" before the first.
 * @typedef {{kind: "number", text: string} | {kind: "symbol", letter: string, low: string, high: string, of: string}
 *   | {kind: "slope", top: Formula, bottom: Formula} | {kind: "transposed", of: Formula} | {kind: "sign", text: string}
 *   | {kind: "sum", terms: Formula[], signs: string[]} | {kind: "product" | "elementwise", factors: Formula[]}
 *   | {kind: "negative" | "brackets" | "root" | "exp", of: Formula} | {kind: "between", pair: string, of: Formula}
 *   | {kind: "fraction", top: Formula, bottom: Formula} | {kind: "power", of: Formula, exponent: Formula}
 *   | {kind: "call", name: string, given: Formula[]} | {kind: "matrix", rows: Formula[][]}} Formula
 */

const [SUM, PRODUCT, POWER, ATOM] = [1, 2, 3, 4]; // how tightly a formula holds together
const DIGITS = "₀₁₂₃₄₅₆₇₈₉";
const RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹";
export const BOX = "□"; // where a number is not known yet

/** @param {string} math @returns {string} */
export const latexOf = (math) => latex(parsed(math));

/** @param {string} math @returns {string} */
export const textOf = (math) => text(parsed(math), 0, true);

// Reading

/** @param {string} math @returns {Formula} */
export const parsed = (math) => row(elements(math));

/** @param {string} math @returns {Node_[]} */
const elements = (math) => {
  /** @type {Node_} */
  const root = { name: "", inner: [], text: "" };
  const open = [root];
  for (const [, closing, name, words] of math.matchAll(/<(\/?)(\w+)[^>]*>|([^<]+)/g)) {
    if (words !== undefined) open[open.length - 1].text += unescaped(words);
    else if (closing) open.pop();
    else {
      const element = { name, inner: [], text: "" };
      open[open.length - 1].inner.push(element);
      open.push(element);
    }
  }
  return root.inner;
};

const ENTITIES = { amp: "&", lt: "<", gt: ">", quot: '"', "#39": "'", "#x27": "'" };
const unescaped = (/** @type {string} */ words) => words.replace(/&(#?\w+);/g, (all, name) => ENTITIES[/** @type {keyof typeof ENTITIES} */ (name)] ?? all);

const isSign = (/** @type {Node_ | undefined} */ node, /** @type {string} */ signs) => node?.name === "mo" && signs.includes(node.text);

/** Nodes beside each other. @param {Node_[]} nodes @returns {Formula} */
const row = (nodes) => {
  const terms = cut(nodes, "+−");
  if (terms.length > 1) return { kind: "sum", terms: terms.map(({ part }) => row(part)), signs: terms.map(({ sign }) => sign) };
  if (isSign(nodes[0], "−")) return { kind: "negative", of: row(nodes.slice(1)) };
  const factors = cut(nodes, "·");
  if (factors.length > 1) return { kind: "product", factors: factors.map(({ part }) => row(part)) };
  const both = cut(nodes, "⊙");
  if (both.length > 1) return { kind: "elementwise", factors: both.map(({ part }) => row(part)) };
  return one(nodes[0]);
};

/** Cut at signs; one that stands first is no cut. @param {Node_[]} nodes @param {string} signs */
const cut = (nodes, signs) => {
  /** @type {{sign: string, part: Node_[]}[]} */
  const found = [{ sign: "", part: [] }];
  nodes.forEach((node, k) => {
    if (k && isSign(node, signs)) found.push({ sign: node.text, part: [] });
    else found[found.length - 1].part.push(node);
  });
  return found;
};

/** @param {Node_} node @returns {Formula} */
const one = (node) => {
  const [first, second, third] = node.inner;
  switch (node.name) {
    case "mn":
      return { kind: "number", text: node.text };
    case "mi":
    case "msub":
    case "msubsup":
      return symbol(node);
    case "msup":
      if (first.name === "mi" && second.name === "mrow" && !isRaised(second)) return { kind: "exp", of: row(second.inner) };
      if (first.name === "mi") return symbol(node);
      if (second.name === "mi") return { kind: "transposed", of: row([first]) };
      return { kind: "power", of: row(first.inner), exponent: row(second.inner) };
    case "mfrac":
      return fraction(first, second);
    case "msqrt":
      return { kind: "root", of: row(node.inner) };
    case "mo":
      return { kind: "sign", text: node.text };
    case "mrow":
      if (first.name === "mn" && third?.name === "msup") return { kind: "number", text: `${first.text}e${third.inner[1].text}` };
      if (isSign(first, "|⌊⌈")) return { kind: "between", pair: first.text, of: row(node.inner.slice(1, -1)) };
      if (isSign(first, "(")) return second.name === "mtable" ? matrix(second) : { kind: "brackets", of: row(node.inner.slice(1, -1)) };
      if (first.name === "mi" && isSign(second, "(")) return { kind: "call", name: first.text, given: cut(node.inner.slice(2, -1), ",").map(({ part }) => row(part)) };
      return row(node.inner);
  }
  throw new Error(`<${node.name}> is in no formula`);
};

/** Whether it is what stands above a symbol: primes, the number of a layer. @param {Node_} node */
const isRaised = ({ inner }) => isSign(inner[0], "′") || isSign(inner[0], "(");

/** @param {Node_} node @returns {Formula} */
const symbol = (node, of = "") => {
  const [letter, low, high] = node.name === "mi" ? [node] : node.name === "msup" ? [node.inner[0], undefined, node.inner[1]] : node.inner;
  return { kind: "symbol", letter: letter.text, low: low?.text ?? "", high: high ? high.inner.map((part) => part.text).join("") : "", of };
};

/** A fraction, or a derivative: of the loss a symbol, else a slope. @param {Node_} top @param {Node_} bottom @returns {Formula} */
const fraction = (top, bottom) => {
  if (!isSign(top.inner[0], "∂")) return { kind: "fraction", top: row(top.inner), bottom: row(bottom.inner) };
  const [of, by] = [one(top.inner[1]), one(bottom.inner[1])];
  const ofLoss = of.kind === "symbol" && by.kind === "symbol" && top.inner[1].name === "mi" && !by.of;
  return ofLoss ? { ...by, of: of.letter } : { kind: "slope", top: of, bottom: by };
};

/** @param {Node_} table @returns {Formula} */
const matrix = (table) => ({ kind: "matrix", rows: table.inner.map((line) => line.inner.map((cell) => row(cell.inner))) });

// Writing LaTeX

const NAMES = { "σ": "\\sigma", exp: "\\exp", ln: "\\ln", tanh: "\\tanh", sin: "\\sin", cos: "\\cos", max: "\\max", min: "\\min" };
/** @type {Record<string, string>} */
const LETTERS = {
  ...Object.fromEntries([..."αβδεηλμρστΩΔℓ"].map((letter, k) => [letter, `\\${"alpha beta delta varepsilon eta lambda mu rho sigma tau Omega Delta ell".split(" ")[k]}`])),
  "ŷ": "\\hat{y}",
  ...Object.fromEntries([..."&%#$_{}"].map((sign) => [sign, `\\${sign}`])),
};
/** What stands on both sides of a size or a number made whole. @type {Record<string, {latex: string[], text: string[]}>} */
const BETWEEN = {
  "|": { latex: ["\\left|", "\\right|"], text: ["|", "|"] },
  "⌊": { latex: ["\\left\\lfloor ", " \\right\\rfloor"], text: ["⌊", "⌋"] },
  "⌈": { latex: ["\\left\\lceil ", " \\right\\rceil"], text: ["⌈", "⌉"] },
};
/** @type {Record<string, string>} */
const SIGNS = { "⋯": "\\cdots", [BOX]: "\\square" };

/** @param {Formula} formula @returns {string} */
const latex = (formula) => {
  switch (formula.kind) {
    case "number":
      return latexNumber(formula.text);
    case "symbol":
      return latexSymbol(formula);
    case "slope":
      return `\\frac{\\partial ${latex(formula.top)}}{\\partial ${latex(formula.bottom)}}`;
    case "transposed":
      return `{${latex(formula.of)}}^{\\top}`;
    case "sign":
      return SIGNS[formula.text] ?? formula.text;
    case "sum":
      return formula.terms.map((term, k) => (k ? ` ${formula.signs[k] === "−" ? "-" : "+"} ` : "") + latex(term)).join("");
    case "product":
      return formula.factors.map(latex).join(" \\cdot ");
    case "elementwise":
      return formula.factors.map(latex).join(" \\odot ");
    case "negative":
      return `-${latex(formula.of)}`;
    case "brackets":
      return `\\left(${latex(formula.of)}\\right)`;
    case "between":
      return BETWEEN[formula.pair].latex.join(latex(formula.of));
    case "root":
      return `\\sqrt{${latex(formula.of)}}`;
    case "exp":
      return `e^{${latex(formula.of)}}`;
    case "fraction":
      return `\\frac{${latex(formula.top)}}{${latex(formula.bottom)}}`;
    case "power":
      return `{${latex(formula.of)}}^{${latex(formula.exponent)}}`;
    case "call":
      return `${latexName(formula.name)}\\left(${formula.given.map(latex).join(", ")}\\right)`;
    case "matrix":
      return `\\begin{pmatrix}${formula.rows.map((cells) => cells.map(latex).join(" & ")).join(" \\\\ ")}\\end{pmatrix}`;
  }
};

const latexNumber = (/** @type {string} */ number) => {
  const [mantissa, exponent] = number.replaceAll("−", "-").replace("∞", "\\infty").replace("NaN", "\\text{NaN}").split(/e(?=-?\d)/);
  return exponent ? `${mantissa} \\cdot 10^{${exponent}}` : mantissa;
};

const latexName = (/** @type {string} */ name) => {
  const stem = name.replace(/′+$/, "");
  return NAMES[/** @type {keyof typeof NAMES} */ (name)] ?? `\\operatorname{${stem}}${"'".repeat(name.length - stem.length)}`;
};

/** @param {Extract<Formula, {kind: "symbol"}>} symbol */
const latexSymbol = ({ letter, low, high, of }) => {
  const below = /^[\d,]*$/.test(low) ? low : latexWord(low);
  const core = latexWord(letter) + (high ? `^{${high.replaceAll("′", "\\prime")}}` : "") + (low ? `_{${below}}` : "");
  return of ? `\\frac{\\partial ${latexWord(of)}}{\\partial ${core}}` : core;
};

/** A letter as it is, a word upright; low digits at the end are an index (β₁). @param {string} word */
const latexWord = (word) => {
  const stem = word.replace(/[₀-₉]+$/, "");
  const index = [...word.slice(stem.length)].map((digit) => DIGITS.indexOf(digit)).join("");
  const letters = [...stem].map((letter) => LETTERS[letter] ?? letter).join("");
  const written = [...stem].length === 1 ? letters : `\\mathrm{${letters}}`;
  return index ? `{${written}_{${index}}}` : written;
};

// Writing text

/** @param {Formula} formula @param {number} level how tightly it must hold @param {boolean} leading whether nothing stands before it @returns {string} */
const text = (formula, level, leading) => {
  const written = textInside(formula, level, leading);
  return holds(formula) < level ? `(${written})` : written;
};

/** @param {Formula} formula */
const holds = ({ kind }) => {
  if (kind === "sum" || kind === "negative") return SUM;
  if (kind === "product" || kind === "elementwise" || kind === "fraction") return PRODUCT;
  return kind === "power" || kind === "exp" ? POWER : ATOM;
};

/** @param {Formula} formula @param {number} level @param {boolean} leading @returns {string} */
const textInside = (formula, level, leading) => {
  switch (formula.kind) {
    case "number":
      return textNumber(formula.text, level === ATOM ? 2 : Number(!leading));
    case "symbol":
      return formula.of && level === ATOM ? `(${textSymbol(formula)})` : textSymbol(formula);
    case "slope":
      return `∂${text(formula.top, 0, true)}/∂${text(formula.bottom, 0, true)}`;
    case "transposed":
      return `${text(formula.of, 0, true)}ᵀ`;
    case "sign":
      return formula.text === "⋯" ? "…" : formula.text;
    case "sum":
      return formula.terms.map((term, k) => (k ? ` ${formula.signs[k]} ${text(term, PRODUCT, false)}` : text(term, SUM, leading))).join("");
    case "product":
      return formula.factors.map((factor, k) => text(factor, k ? POWER : PRODUCT, leading && !k)).join(" · ");
    case "elementwise":
      return formula.factors.map((factor) => text(factor, POWER, false)).join(" ⊙ ");
    case "negative":
      return `−${text(formula.of, PRODUCT, false)}`;
    case "brackets":
      return formula.of.kind === "number" ? `(${formula.of.text})` : `(${textInside(formula.of, 0, leading)})`;
    case "between":
      return BETWEEN[formula.pair].text.join(text(formula.of, 0, true));
    case "root":
      return `√(${text(formula.of, 0, true)})`;
    case "exp":
      return `e^(${text(formula.of, 0, true)})`;
    case "fraction":
      return `${text(formula.top, PRODUCT, leading)} / ${text(formula.bottom, ATOM, false)}`;
    case "power": {
      const exponent = text(formula.exponent, 0, true);
      return text(formula.of, ATOM, false) + (exponent === "2" ? "²" : `^(${exponent})`);
    }
    case "call":
      return `${formula.name}(${formula.given.map((part) => text(part, 0, true)).join(", ")})`;
    case "matrix":
      return `[${formula.rows.map((cells) => cells.map((cell) => text(cell, 0, true)).join("  ")).join("; ")}]`;
  }
};

const textNumber = (/** @type {string} */ number, /** @type {number} */ guarded) =>
  guarded && (number.startsWith("−") || (guarded === 2 && number.includes("e"))) ? `(${number})` : number;

/** @param {Extract<Formula, {kind: "symbol"}>} symbol */
const textSymbol = ({ letter, low, high, of }) => {
  const below = /^[\d,]*$/.test(low) ? low.replace(/\d/g, (digit) => DIGITS[Number(digit)]) : `_${low}`;
  const above = high.replace(/[\d()]/g, (sign) => ({ "(": "⁽", ")": "⁾" })[sign] ?? RAISED[Number(sign)]);
  return `${of ? `∂${of}/∂` : ""}${letter}${above}${below}`;
};
