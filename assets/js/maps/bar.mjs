// @ts-check
/** Above the drawing: which channel and filter one looks at, what is under the pointer, and numbers or a picture. */

import { html, put, write } from "../svg.mjs";

/** @typedef {{turn: (what: "channel" | "filter", by: number) => void, mode: (mode: string) => void}} Hooks */
/** @typedef {{name: string, at: number, count: number}} Choice */

export class Bar {
  /** @param {Hooks} hooks */
  constructor(hooks) {
    this.choosers = { channel: this.#chooser("channel", hooks), filter: this.#chooser("filter", hooks) };
    this.told = html("p", { class: "maps-told quiet" });
    this.modes = ["numbers", "picture"].map((mode) => {
      const button = html("button", { type: "button", "aria-pressed": "false" }, mode === "numbers" ? "Numbers" : "Picture");
      button.addEventListener("click", () => hooks.mode(mode));
      return button;
    });
    this.root = html("div", { class: "maps-bar" }, this.choosers.channel.root, this.choosers.filter.root, this.told, html("div", { class: "maps-modes", role: "group", "aria-label": "Maps as" }, ...this.modes));
  }

  #chooser(/** @type {"channel" | "filter"} */ what, /** @type {Hooks} */ hooks) {
    const text = html("span", {});
    const [before, after] = [-1, 1].map((by) => {
      const button = html("button", { type: "button" }, by < 0 ? "‹" : "›");
      button.addEventListener("click", () => hooks.turn(what, by));
      return button;
    });
    return { text, before, after, root: html("div", { class: "maps-chooser", role: "group", hidden: "" }, before, text, after) };
  }

  /** @param {Choice} channel @param {Choice} filter @param {boolean} isPicture */
  show(channel, filter, isPicture) {
    this.#choice("channel", channel);
    this.#choice("filter", filter);
    this.modes.forEach((button, k) => put(button, "aria-pressed", String((k === 1) === isPicture)));
  }

  #choice(/** @type {"channel" | "filter"} */ what, /** @type {Choice} */ { name, at, count }) {
    const { root, text, before, after } = this.choosers[what];
    root.hidden = count < 2;
    if (count < 2) return;
    write(text, `${name} ${at + 1} of ${count}`);
    put(root, "aria-label", name);
    put(before, "aria-label", `${name} before`);
    put(after, "aria-label", `next ${name}`);
  }

  /** @param {string} text what is under the pointer, or has the keyboard */
  tell(text) {
    write(this.told, text);
  }
}
