// @ts-check
/** The projector mode beyond its looks: a way out for a hand on the mouse, a blank screen for a presenter's remote. */

import { html } from "./svg.mjs";

const REST = 2500; // milliseconds until a hand that rests has left the mouse
const BLANK = ["b", "B", "."]; // what the remotes of presenters send

/** @type {AbortController | undefined} */
let running;

/** Begins and ends. @param {HTMLElement} root @param {boolean} on @param {() => void} leave what the way out leads to */
export const project = (root, on, leave) => {
  running?.abort();
  running = on ? new AbortController() : undefined;
  if (!running) return;
  offerWayOut(root, leave, running.signal);
  obeyRemote(root, running.signal);
};

/** A button that is there while the pointer moves, or has the focus. */
const offerWayOut = (/** @type {HTMLElement} */ root, /** @type {() => void} */ leave, /** @type {AbortSignal} */ signal) => {
  const way = html("button", { type: "button", class: "projector-leave", "data-seen": "false" }, "Leave projector mode ", html("kbd", {}, "Esc"));
  let timer = 0;
  const see = () => {
    way.dataset.seen = "true";
    clearTimeout(timer);
    timer = window.setTimeout(() => (way.dataset.seen = "false"), REST);
  };
  way.addEventListener("click", leave);
  for (const kind of ["pointermove", "pointerdown"]) document.addEventListener(kind, see, { signal, passive: true });
  signal.addEventListener("abort", () => (clearTimeout(timer), way.remove()));
  root.append(way);
};

/** B or a point blanks the screen; whatever comes next brings it back, and does nothing else. */
const obeyRemote = (/** @type {HTMLElement} */ root, /** @type {AbortSignal} */ signal) => {
  const blank = html("div", { class: "projector-blank", role: "status", hidden: "" });
  const turn = (/** @type {boolean} */ on, /** @type {Event} */ event) => {
    blank.hidden = !on;
    blank.replaceChildren(...(on ? [html("span", { class: "unseen" }, "The screen is blank. Any key brings it back.")] : []));
    event.preventDefault();
    event.stopPropagation();
  };
  const key = (/** @type {KeyboardEvent} */ event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.key === "Shift") return;
    if (!blank.hidden) return turn(false, event);
    const isTyping = /** @type {Element} */ (event.target).matches?.("input:not([type=range]), textarea, select");
    if (BLANK.includes(event.key) && !isTyping && !document.querySelector("dialog[open]")) turn(true, event);
  };
  document.addEventListener("keydown", key, { signal, capture: true });
  blank.addEventListener("click", (event) => turn(false, event));
  signal.addEventListener("abort", () => blank.remove());
  root.append(blank);
};
