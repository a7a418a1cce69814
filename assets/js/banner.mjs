// @ts-check
/** Messages above the drawing. */

import { counted } from "./numerals.mjs";
import { html } from "./svg.mjs";

/** @typedef {{place: string, message: string}} Fault */

export class Banner {
  /** @param {HTMLElement} host */
  constructor(host) {
    this.host = host;
    host.addEventListener("click", (event) => /** @type {Element} */ (event.target).closest("button") && this.clear());
  }

  /** One line, until the next move; an empty one takes it away. @param {string} text */
  say(text) {
    if (text || this.host.dataset.kind === "message") this.#tell("message", text ? [html("p", {}, text)] : []);
  }

  /** One line that stays, perhaps with something that can be done. @param {string} text @param {{label: string, act: () => void}} [action] */
  note(text, action) {
    if (!text) return;
    const lines = [html("p", {}, text)];
    if (action) {
      const button = html("button", { type: "button" }, action.label);
      button.addEventListener("click", action.act);
      lines.push(button);
    }
    this.#tell("note", lines);
  }

  /** Everything that is wrong. @param {string} title @param {Fault[]} faults */
  complain(title, faults) {
    this.#tell("fault", [html("p", {}, html("b", {}, title)), ...faults.map((fault) => html("p", {}, sentenceOf(fault)))]);
  }

  clear() {
    this.#tell("message", []);
  }

  #tell(/** @type {string} */ kind, /** @type {HTMLElement[]} */ lines) {
    this.host.dataset.kind = kind;
    this.host.hidden = !lines.length;
    const close = html("button", { type: "button", class: "quiet", "aria-label": "Close this message" }, "×");
    this.host.replaceChildren(html("div", {}, ...lines), close);
  }
}

/** @param {Fault} fault */
export const sentenceOf = ({ place, message }) => {
  const text = `${place ? `${place}: ` : ""}${message}`;
  return /[.!?]$/.test(text) ? text : `${text}.`;
};

/** What is said of a walkthrough that is too long to be shown step by step; empty where it isn't. @param {any} data */
export const noteOfSize = ({ whole, count, kept, maps, iterations: [shown, all] }) => {
  const steps = counted(count);
  if (!whole && maps) return `${steps} steps are too many: ${counted(kept)} of them are shown, of every image those of the first ${maps === 1 ? "map" : `${maps} maps`}.`;
  if (!whole) return `${steps} steps are too many to go through one by one: they are gathered by layer, and ${counted(kept)} of them are shown.`;
  return shown < all ? `${steps} steps are too many: the first ${shown} of ${all} iterations are shown.` : "";
};
