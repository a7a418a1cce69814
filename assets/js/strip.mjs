// @ts-check
/** The formula strip: sentence, symbols, numbers, result. */

import { escape } from "./formulas.mjs";
import { counted } from "./numerals.mjs";
import { html, put, write } from "./svg.mjs";
import { inline, kindOf, lineHtml, marked, numbered, numbersOf, sentenceOf, symbolsOf, termsHtml } from "./written.mjs";

/** @typedef {import("./view.mjs").View} View */
/** @typedef {import("./walkthrough.mjs").Step} Step */

const MOST_LINES = 60;
const LONG = 5; // formulas of more terms, or of tall ones, are set smaller
const TALL = /<msqrt>/;

export class Strip {
  /** @param {HTMLElement} host */
  constructor(host) {
    this.host = host;
    this.sentence = html("p", { class: "sentence" });
    this.formula = html("div", { class: "formula" });
    this.note = html("p", { class: "strip-note", hidden: "" });
    host.append(this.note, this.sentence, this.formula);
  }

  /** @param {View} view */
  show(view) {
    const chosen = view.chosen >= 0 ? stepThatWrites(view, view.chosen) : null;
    const note = chosen && view.state(view.chosen) !== "written" ? "You look at another number than the step's. Esc goes back." : "";
    this.note.hidden = !note;
    write(this.note, note);
    if (chosen) return this.#line(view, chosen, view.state(view.chosen) === "empty" || (view.covered && view.state(view.chosen) === "written"));
    if (view.chosen >= 0) return this.#given(view);
    if (view.detail === "layer" || view.detail === "chapter") return this.#group(view);
    return this.#line(view, view.steps[0], view.covered);
  }

  #line(/** @type {View} */ view, /** @type {Step} */ step, /** @type {boolean} */ hidden) {
    const { walk } = view;
    const result = walk.result(step);
    write(this.sentence, sentenceOf(walk, step));
    const symbols = termsHtml(symbolsOf(walk, step));
    const left = `<span class="term of">${inline(marked(result.name, result.symbol))}</span>`;
    const numbers = numbersOf(walk, step, view);
    const known = step.kind !== "line" || !hidden || view.covered;
    const alone = numbers.length === 1 && numbers[0].math.replace(/<[^>]*>/g, "") === result.text;
    const answer = hidden
      ? `<span class="answer hidden-answer" data-quantity="${escape(result.name)}" data-state="empty"></span>`
      : `<span class="answer ${kindOf(result.name)}">${inline(numbered(result.name, result.text, view.stateOf(result.name)))}</span>`;
    const asked = hidden && !view.hinted; // the numbers are the hint
    const second = known
      ? `<div class="equation"><span class="equals">${alone && !hidden ? result.sign : "="}</span> ${asked || (alone && !hidden) ? "" : `${termsHtml(numbers)} <span class="equals">${hidden ? "=" : result.sign}</span> `}${answer}</div>`
      : "";
    put(this.formula, "data-long", String(numbers.length > LONG || numbers.some(({ math }) => TALL.test(math))));
    this.formula.innerHTML = `<div class="equation">${left} <span class="equals">=</span> ${symbols}</div>${second}`;
  }

  #given(/** @type {View} */ view) {
    const quantity = view.walk.quantity(view.chosen);
    write(this.sentence, "A number that is given.");
    const number = numbered(quantity.name, quantity.text, view.state(view.chosen));
    this.formula.innerHTML = `<div class="equation"><span class="term of"><math>${marked(quantity.name, quantity.symbol)}</math></span>
      <span class="equals">${quantity.sign}</span> <span class="answer ${kindOf(quantity.name)}"><math>${number}</math></span></div>`;
  }

  #group(/** @type {View} */ view) {
    const { walk, detail, k, steps } = view;
    const { sentences, left_out: leftOut } = walk.data.groups[detail];
    write(this.sentence, sentences[k] + (leftOut[k] ? ` ${counted(leftOut[k])} more numbers are left out.` : ""));
    const lines = steps.slice(0, MOST_LINES).map((step) => {
      const result = walk.result(step);
      const numbers = view.hinted ? `<span class="equals">=</span> ${lineHtml(numbersOf(walk, step, view))} <span class="equals">${view.covered ? "=" : result.sign}</span>` : "";
      const answer = view.covered ? (view.hinted ? "?" : "") : `<math class="${kindOf(result.name)}">${numbered(result.name, result.text, "written")}</math>`;
      return `<li><math>${marked(result.name, result.symbol)}</math> ${numbers} ${answer}</li>`;
    });
    const more = steps.length - lines.length;
    const rest = more > 0 ? `<li class="quiet">… and ${counted(more)} more, in the table.</li>` : "";
    this.formula.innerHTML = `<ul class="lines" tabindex="0" aria-label="All lines of this step">${lines.join("")}${rest}</ul>`;
    put(this.formula, "data-long", "false");
  }
}

/** The step at "neuron" that writes a quantity, or null. @param {View} view @param {number} id @returns {Step | null} */
export const stepThatWrites = (view, id) => {
  const k = view.walk.writtenAt("neuron")[id];
  return k >= 0 ? view.walk.steps("neuron")[k] : null;
};
