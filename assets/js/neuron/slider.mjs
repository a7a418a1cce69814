// @ts-check
/** A slider for a number that is given. It asks for clean decimals, and is left alone while a hand is on it. */

import { html, put } from "../svg.mjs";

const REACHES = [5, 10, 20, 50];
const STEPS_OF_A_REACH = 50; // at least
const FINE = 10; // a step with Shift is this much smaller
const STRIDE = 10; // steps of a page key
const SAME_GESTURE = 1000; // milliseconds between two keys
/** @type {Record<string, number>} */
const MOVES = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: STRIDE, PageDown: -STRIDE, Home: -Infinity, End: Infinity };

let gestures = 0;

export class Slider {
  /** @param {(text: string, gesture: string) => void} change @param {[number, number]} [bounds] without them, as wide as the number needs */
  constructor(change, bounds) {
    this.change = change;
    this.fits = !bounds;
    /** @type {[number, number]} */
    const [low, high] = bounds ?? [-REACHES[0], REACHES[0]];
    this.low = low;
    this.high = high;
    this.value = NaN;
    this.isHeld = false;
    this.isFine = false;
    this.gesture = "";
    this.changed = -Infinity; // when
    this.input = /** @type {HTMLInputElement} */ (html("input", { type: "range", class: "slider", step: "any", min: this.low, max: this.high }));
    this.input.addEventListener("pointerdown", (event) => this.#hold(event));
    this.input.addEventListener("pointermove", (event) => (this.isFine = event.shiftKey));
    for (const end of ["pointerup", "pointercancel", "change", "blur"]) this.input.addEventListener(end, () => this.#release());
    this.input.addEventListener("input", () => this.#ask(snapped(Number(this.input.value), this.step)));
    this.input.addEventListener("keydown", (event) => this.#key(event));
  }

  get step() {
    const step = 10 ** Math.floor(Math.log10((this.high - this.low) / 2 / STEPS_OF_A_REACH) + 1e-9);
    return this.isFine ? step / FINE : step;
  }

  /** The number as it is now; not while the hand is ahead of it. @param {number} value @param {string} name @param {string} text */
  show(value, name, text) {
    put(this.input, "aria-label", name);
    put(this.input, "aria-valuetext", text);
    if (this.isHeld || value === this.value || !Number.isFinite(value)) return;
    this.value = value;
    if (this.fits) this.#widen(Math.abs(value));
    this.input.value = String(value);
  }

  /** Room for a large number; it stays, so that the thumb doesn't jump when the number is small again. */
  #widen(/** @type {number} */ size) {
    if (size <= this.high) return;
    const power = 10 ** Math.floor(Math.log10(size));
    this.high = REACHES.find((reach) => reach >= size) ?? [1, 2, 5, 10].map((factor) => factor * power).find((reach) => reach >= size) ?? size;
    this.low = -this.high;
    put(this.input, "min", String(this.low));
    put(this.input, "max", String(this.high));
  }

  #hold(/** @type {PointerEvent} */ event) {
    this.isHeld = true;
    this.isFine = event.shiftKey;
    this.gesture = `slider ${++gestures}`;
  }

  #release() {
    this.isHeld = false;
    this.input.value = String(this.value);
  }

  /** The arrows are the slider's own here, and no steps of the player. */
  #key(/** @type {KeyboardEvent} */ event) {
    const move = MOVES[event.key];
    if (!move || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    this.isFine = event.shiftKey;
    const { step } = this;
    const next = Math.abs(move) === Infinity ? move : beside(this.value, step, move);
    this.#ask(snapped(Math.min(Math.max(next, this.low), this.high), step));
  }

  #ask(/** @type {string} */ text) {
    const now = performance.now();
    if (!this.isHeld && now - this.changed > SAME_GESTURE) this.gesture = `slider ${++gestures}`;
    this.changed = now;
    if (Number(text) === this.value) return;
    this.value = Number(text);
    if (!this.isHeld) this.input.value = text;
    this.change(text, this.gesture);
  }
}

/** The multiple of a step that is nearest, as a person would write it. @param {number} value @param {number} step */
export const snapped = (value, step) => {
  const digits = Math.max(0, Math.round(-Math.log10(step)));
  return (Math.round(value / step) * step).toFixed(digits).replace(/(\.\d*?)0+$/, "$1").replace(/\.$/, "").replace(/^-0$/, "0");
};

/** The multiple of a step that is `moves` of them further, from wherever one is between two. @param {number} value @param {number} step @param {number} moves */
export const beside = (value, step, moves) => {
  const at = value / step;
  const from = moves > 0 ? Math.floor(at + 1e-9) : Math.ceil(at - 1e-9);
  return (from + moves) * step;
};
