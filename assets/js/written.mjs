// @ts-check
/** A step as it is written: its symbol, the formula in symbols and in numbers, the result. */

import { escape, mathNumber, mathSymbol, terms } from "./formulas.mjs";
import { show } from "./numerals.mjs";
import { ofRow } from "./packed.mjs";
import { italic, symbolHtml } from "./svg.mjs";

/** @typedef {import("./walkthrough.mjs").Walkthrough} Walkthrough */
/** @typedef {import("./walkthrough.mjs").Step} Step */
/** @typedef {import("./formulas.mjs").Hole} Hole */
/** @typedef {{sign: string, math: string}[]} Terms */

/** What a symbol stands for, by the name of its quantity: one colour each. @param {string} name */
export const kindOf = (name) => {
  if (/\.(grad|slope)$/.test(name) || /\.grad\./.test(name)) return "gradient";
  const base = name.replace(/^iterations\[\d+\]\./, "").replace(/(\[\d+\])*(\.(new|after|m|v|old))*$/, "");
  const last = base.slice(base.lastIndexOf(".") + 1);
  const kinds = { weights: "w", bias: "b", z: "z", a: "a", x: "x", y: "y", error: "loss", term: "loss", loss: "loss", loss_after: "loss", penalty: "loss" };
  return kinds[/** @type {keyof typeof kinds} */ (last)] ?? (base.includes(".") ? "a" : "setting");
};

/** A symbol that can be chosen. @param {string} name @param {string} symbol */
export const marked = (name, symbol) =>
  name ? `<mrow class="symbol-${kindOf(name)}" data-of="${escape(name)}">${symbol}</mrow>` : symbol;

/** A number that says which quantity it is. @param {string} name @param {string} text @param {string} state @param {number} guarded */
export const numbered = (name, text, state, guarded = 0) =>
  mathNumber(text, guarded, name ? ` data-quantity="${escape(name)}" data-state="${state}" class="${text.startsWith("−") ? "negative" : "positive"}"` : "");

/** The formula of a step in symbols. @param {Walkthrough} walk @param {Step} step @returns {Terms} */
export const symbolsOf = (walk, step) =>
  filled(walk, step, "symbols", (operand, guarded) => marked(operand.name, mathSymbol(operand.symbol, guarded)));

/** The formula of a step with its numbers. @param {Walkthrough} walk @param {Step} step @param {import("./view.mjs").View} [view] that says how they stand @returns {Terms} */
export const numbersOf = (walk, step, view) => {
  const { decimals } = walk.data;
  const extra = step.kind === "part" ? walk.part(step.line, step.row, step.part).extra : ofRow(source(walk, step).extra, step.row);
  return filled(walk, step, "numbers", (operand, guarded) => {
    const state = view?.stateOf(operand.name) ?? "read";
    const text = view?.covered && state === "written" ? "?" : show(operand.value, extra, decimals); // a layer reads what it writes
    return numbered(operand.name, text, state, guarded);
  });
};

/** @param {Walkthrough} walk @param {Step} step */
const source = (walk, step) => (step.kind === "slope" ? walk.data.feeds : walk.data.lines)[step.line];

/**
 * @param {Walkthrough} walk @param {Step} step @param {"symbols" | "numbers"} what
 * @param {(operand: {name: string, symbol: string, value: number}, guarded: number) => string} write
 */
const filled = (walk, step, what, write) => {
  if (step.kind === "part") {
    const { template, operands } = walk.part(step.line, step.row, step.part);
    return terms(walk.data.templates[template], ([k, , guarded]) => write(operands[k], guarded));
  }
  const line = source(walk, step);
  const template = ofRow(line[what], step.row);
  return terms(walk.data.templates[template], ([slot, place, guarded]) => {
    const id = walk.fills(line, step.row, slot, place);
    return write(walk.quantity(id), guarded);
  });
};

/** What is said of a step: its sentence, and remarks that hold for it alone. @param {Walkthrough} walk @param {Step} step */
export const sentenceOf = (walk, step) => {
  if (step.kind === "slope") return "The local slope of the activation.";
  const { sentence, remarks } = walk.data.lines[step.line];
  const own = remarks.filter((/** @type {[string, number[]]} */ [, rows]) => rows.includes(step.row)).map((/** @type {[string, number[]]} */ [text]) => text);
  if (step.kind === "part") {
    const { kind } = walk.part(step.line, step.row, step.part);
    if (kind) return kind === "terms" ? "One product." : "The sum so far.";
  }
  return [sentence, ...own].join(" ");
};

/** Terms as elements that wrap between them. @param {Terms} parts */
export const termsHtml = (parts) =>
  parts
    .map(({ sign, math }) => `<span class="piece">${sign ? `<span class="operator">${sign}</span>` : ""}<span class="term">${inline(math)}</span></span>`)
    .join(" ");

const formula = (/** @type {string} */ math) => `<math>${math}</math>`;

const SYMBOL = /<(msubsup|msub|msup)>(?:(?!<m(?:sub|sup|subsup|frac|sqrt)>).)*?<\/\1>/g;
const STACKED = /<m(frac|sup|sub|subsup|sqrt)>/;

/** Sums and products as inline text, which a browser lays out sooner than a formula; all else as a formula. @param {string} math */
export const inline = (math) => {
  const flat = math.replace(SYMBOL, (symbol) => (/^<msup><mrow>|^<msup><mi>e</.test(symbol) ? symbol : symbolHtml(symbol)));
  if (STACKED.test(flat)) return formula(math);
  const text = flat
    .replace(/<mo>([·+−])<\/mo>/g, " $1 ")
    .replace(/<mo>([,;])<\/mo>/g, "$1 ")
    .replace(/<mi>(.)<\/mi>/gu, (_, letter) => italic(letter))
    .replace(/<(\/?)(mn|mrow)/g, "<$1span")
    .replace(/<\/?m[^>]*>/g, "");
  return `<span class="line">${text}</span>`;
};

/** Numbers as one line. @param {Terms} parts */
export const lineHtml = (parts) => inline(parts.map(({ sign, math }) => (sign ? `<mo>${sign}</mo>` : "") + math).join(""));

/** Terms as one line of MathML. @param {Terms} parts */
export const mathOf = (parts) => `<math>${parts.map(({ sign, math }) => (sign ? `<mo>${sign}</mo>` : "") + math).join("")}</math>`;
