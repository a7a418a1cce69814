// @ts-check
/** The bar at the bottom: transport, the scrubber with its chapters, granularity. */

import { escape } from "./formulas.mjs";
import { counted, formed } from "./numerals.mjs";
import { put, write } from "./svg.mjs";
import { chaptersOf, DETAILS } from "./walkthrough.mjs";

/** @typedef {import("./view.mjs").View} View */

const PACES = [0.5, 1, 2, 4];

export class Controls {
  /** @param {HTMLElement} host @param {{go: (key: string) => void, seek: (k: number) => void, detail: (name: string) => void, play: () => void, pace: (pace: number) => void, say: (text: string) => void}} hooks */
  constructor(host, hooks) {
    this.hooks = hooks;
    /** @type {import("./walkthrough.mjs").Walkthrough | null} */
    this.walk = null;
    this.detail = "";
    /** @type {{name: string, why: string}[]} */
    this.offered = [];
    host.innerHTML = SKELETON;
    this.mark = /** @type {HTMLElement} */ (host.querySelector(".rail-mark"));
    this.chapters = /** @type {HTMLElement} */ (host.querySelector(".rail-chapters"));
    this.range = /** @type {HTMLInputElement} */ (host.querySelector("input[type=range]"));
    this.count = /** @type {HTMLElement} */ (host.querySelector(".count"));
    this.play = /** @type {HTMLElement} */ (host.querySelector("[data-do=play]"));
    this.details = /** @type {HTMLElement[]} */ ([...host.querySelectorAll("[data-detail-name]")]);
    this.range.addEventListener("input", () => hooks.seek(Number(this.range.value)));
    this.pace = /** @type {HTMLSelectElement} */ (host.querySelector("select"));
    this.pace.addEventListener("change", () => hooks.pace(Number(this.pace.value)));
    host.addEventListener("click", (event) => this.#click(event));
  }

  /** @param {View} view */
  show(view) {
    if (view.walk !== this.walk || view.detail !== this.detail) this.#prepare(view);
    const steps = view.walk.count(view.detail);
    this.range.value = String(view.k);
    put(this.range, "aria-valuetext", `step ${view.k + 1} of ${steps}, ${view.chapter}`);
    const done = `${(100 * (view.k + 1)) / steps}%`;
    this.mark.style.left = done;
    this.chapters.style.backgroundSize = `${done} 100%`;
    write(this.count, `${counted(view.k + 1)} / ${counted(steps)}`);
  }

  /** @param {boolean} playing */
  playing(playing) {
    write(this.play, playing ? "Pause" : "Play");
    put(this.play, "aria-pressed", String(playing));
  }

  #prepare(/** @type {View} */ view) {
    const { walk, detail } = view;
    this.walk = walk;
    this.detail = detail;
    const steps = walk.count(detail);
    this.range.max = String(steps - 1);
    this.chapters.innerHTML = segments(chaptersOf(walk, detail))
      .map(({ title, count }) => `<span style="flex-grow:${count}"><i>${escape(title)}</i></span>`)
      .join("");
    for (const option of this.pace.options) write(option, `${formed(option.value)}×`);
    this.offered = walk.offered;
    this.details.forEach((button, k) => {
      const { why } = this.offered[k];
      put(button, "aria-pressed", String(DETAILS[k] === detail));
      put(button, "aria-disabled", String(Boolean(why)));
      put(button, "title", why || HINTS[k]);
    });
  }

  #click(/** @type {Event} */ event) {
    const button = /** @type {HTMLElement | null} */ (/** @type {Element} */ (event.target).closest("button"));
    if (!button) return;
    const { do: action, detailName } = button.dataset;
    if (action === "play") this.hooks.play();
    else if (action) this.hooks.go(action);
    if (!detailName) return;
    const why = this.offered.find(({ name }) => name === detailName)?.why;
    if (why) this.hooks.say(why);
    else this.hooks.detail(detailName);
  }
}

/** What the rail is cut into: chapters, or where there are several of them the iterations. @param {{title: string, count: number}[]} chapters */
const segments = (chapters) => {
  /** @type {{title: string, count: number}[]} */
  const found = [];
  for (const { title, count } of chapters) {
    const name = /^Iteration \d+/.exec(title)?.[0] ?? title;
    if (found[found.length - 1]?.title === name) found[found.length - 1].count += count;
    else found.push({ title: name, count });
  }
  return found;
};

const HINTS = ["Every product and sum (1)", "A step per unit (2)", "A step per layer (3)", "A step per chapter (4)"];
const SKELETON = `
  <div class="transport">
    <button type="button" data-do="Home" aria-label="First step" title="First step (Home)">⇤</button>
    <button type="button" data-do="ArrowLeft" aria-label="Back" title="Back (←)">←</button>
    <button type="button" class="forward" data-do="ArrowRight" aria-label="Next" title="Next (→)">→</button>
    <button type="button" data-do="play" title="Play (space)" aria-pressed="false">Play</button>
    <label class="pace"><span class="unseen">Speed</span><select title="Speed">${PACES.map((p) => `<option value="${p}"${p === 1 ? " selected" : ""}>${p}×</option>`).join("")}</select></label>
  </div>
  <div class="rail"><div class="rail-chapters" aria-hidden="true"></div><span class="rail-mark"></span>
    <input type="range" min="0" max="0" value="0" step="1" aria-label="Step"></div>
  <span class="count" aria-hidden="true"></span>
  <div class="details" role="group" aria-label="Granularity">${DETAILS.map((name) => `<button type="button" data-detail-name="${name}" aria-pressed="false">${name}</button>`).join("")}</div>`;
