// @ts-check
/** The tour: what is where, at most five stops. Keys go on doing what they do; Escape leaves. Loaded when it is shown. */

import { html, put, write } from "../svg.mjs";

const STOPS = [
  {
    at: ".scene",
    title: "The drawing fills in",
    text: "Every number appears at the step that computes it. Until then its box is empty. What a step reads and writes is yellow.",
  },
  {
    at: ".strip",
    title: "The step, as on paper",
    text: "What is done: in words, in symbols, and with numbers that a pocket calculator confirms.",
  },
  {
    at: ".controls .forward",
    title: "One step at a time",
    text: "→ goes on, ← goes back. Try it now. The keys 1 to 4 choose how much one step is.",
  },
  {
    at: ".side",
    title: "All steps, and what a number is made of",
    text: "Choose a number anywhere: here it opens into products, factors of the chain rule, paths to the loss, and a check.",
  },
  {
    at: ".scene [data-given]",
    title: "Change any number that is given",
    text: "Click it twice, or press Enter twice on it, and type: all steps follow. P is for the projector, ? lists all keys.",
  },
];
const APART = 14; // pixels between the card and what it is about
const EDGE = 10;

export class Tour {
  /** @param {HTMLElement} root the player */
  constructor(root) {
    this.root = root;
    this.stop = 0;
    this.before = document.activeElement;
    this.end = new AbortController();
    this.ring = html("div", { class: "tour-ring", "aria-hidden": "true" });
    this.card = html("section", { class: "tour", role: "dialog", "aria-labelledby": "tour-title" });
    this.card.innerHTML = CARD;
    this.moved = new MutationObserver(() => this.#place());
    this.moved.observe(root, { attributes: true, attributeFilter: ["data-step", "data-detail"] });
    root.append(this.ring, this.card);
    this.#listen();
    this.#show(0);
    this.#at('[data-tour="next"]').focus({ preventScroll: true });
  }

  #listen() {
    const { signal } = this.end;
    this.card.addEventListener("click", (event) => this.#click(event));
    document.addEventListener("keydown", (event) => this.#key(event), { signal, capture: true });
    addEventListener("resize", () => this.#place(), { signal });
    addEventListener("scroll", () => this.#place(), { signal, capture: true, passive: true });
  }

  /** The focus goes back to where it was, unless it has gone elsewhere. @returns {undefined} */
  leave() {
    if (this.end.signal.aborted) return;
    const had = this.card.contains(document.activeElement);
    this.end.abort();
    this.moved.disconnect();
    this.ring.remove();
    this.card.remove();
    if (had && this.before instanceof HTMLElement && this.before.isConnected) this.before.focus({ preventScroll: true });
  }

  #at(/** @type {string} */ selector) {
    return /** @type {HTMLElement} */ (this.card.querySelector(selector));
  }

  #click(/** @type {Event} */ event) {
    const button = /** @type {HTMLElement | null} */ (/** @type {Element} */ (event.target).closest("[data-tour]"));
    event.stopPropagation(); // the player has clicks of its own
    if (button?.dataset.tour === "skip") this.leave();
    else if (button) this.#show(this.stop + (button.dataset.tour === "next" ? 1 : -1));
  }

  #key(/** @type {KeyboardEvent} */ event) {
    const isElsewhere = /** @type {Element} */ (event.target).matches?.("input:not([type=range]), select") || document.querySelector("dialog[open]");
    if (event.key !== "Escape" || isElsewhere || event.defaultPrevented) return;
    event.preventDefault();
    this.leave();
  }

  #show(/** @type {number} */ stop) {
    if (stop >= STOPS.length) return this.leave();
    this.stop = Math.max(0, stop);
    const { title, text } = STOPS[this.stop];
    write(this.#at(".tour-count"), `${this.stop + 1} of ${STOPS.length}`);
    write(this.#at("h2"), title);
    write(this.#at(".tour-text"), text);
    write(this.#at('[data-tour="next"]'), this.stop === STOPS.length - 1 ? "Done" : "Next");
    const back = /** @type {HTMLButtonElement} */ (this.#at('[data-tour="back"]'));
    if (back === document.activeElement && !this.stop) this.#at('[data-tour="next"]').focus();
    back.hidden = !this.stop;
    const target = this.#target();
    const { top, bottom } = target.getBoundingClientRect();
    if (top < 0 || bottom > innerHeight) target.scrollIntoView({ block: "center" });
    this.#place();
  }

  #target() {
    const wanted = [...this.root.querySelectorAll(STOPS[this.stop].at)].find((element) => element.getBoundingClientRect().width);
    return wanted ?? /** @type {Element} */ (this.root.querySelector(".scene"));
  }

  /** The card stands beside what it is about, on the first side with room; else within it. */
  #place() {
    const over = this.#target().getBoundingClientRect();
    const [left, top, right, bottom] = [Math.max(over.left, 2), Math.max(over.top, 2), Math.min(over.right, innerWidth - 2), Math.min(over.bottom, innerHeight - 2)];
    const { offsetWidth: width, offsetHeight: height } = this.card;
    const middle = { x: (left + right - width) / 2, y: (top + bottom - height) / 2 };
    const sides = [
      { x: right + APART, y: middle.y },
      { x: middle.x, y: top - APART - height },
      { x: middle.x, y: bottom + APART },
      { x: left - APART - width, y: middle.y },
    ];
    const within = (/** @type {{x: number, y: number}} */ { x, y }) => ({ x: clamp(x, innerWidth - width), y: clamp(y, innerHeight - height) });
    const isBeside = ({ x = 0, y = 0 }) => y + height <= top || y >= bottom || x >= right || x + width <= left;
    const at = sides.map(within).find(isBeside) ?? within({ x: right - width - EDGE, y: bottom - height - EDGE });
    this.card.style.transform = `translate(${Math.round(at.x)}px, ${Math.round(at.y)}px)`;
    Object.assign(this.ring.style, { left: `${left}px`, top: `${top}px`, width: `${right - left}px`, height: `${bottom - top}px` });
    put(this.card, "data-stop", String(this.stop));
  }
}

const clamp = (/** @type {number} */ at, /** @type {number} */ most) => Math.max(EDGE, Math.min(at, most - EDGE));

const CARD = `
  <div aria-live="polite"><p class="tour-count quiet"></p><h2 id="tour-title"></h2><p class="tour-text"></p></div>
  <div class="tour-ways"><button type="button" class="quiet" data-tour="skip">Skip</button>
    <button type="button" data-tour="back">Back</button><button type="button" class="forward" data-tour="next">Next</button></div>`;
