// @ts-check
/** What hands do: keys, clicks, numbers changed where they stand, files that are dropped. */

import { ACTIONS, WITH_CONTROL } from "./actions.mjs";
import { sentenceOf } from "./banner.mjs";
import { Editor, typedNumber } from "./editor.mjs";
import { LATER, load } from "./later.mjs";

/** @typedef {import("./player.mjs").Player} Player */

export class Hands {
  /** @param {Player} player @param {AbortSignal} signal until when it is there */
  constructor(player, signal) {
    this.player = player;
    this.editor = new Editor(player.at.stage, (name, text) => this.#edit(name, text), (name) => this.#focusOn(name));
    player.root.addEventListener("click", (event) => this.#click(event), { signal });
    document.addEventListener("keydown", (event) => this.#key(event), { signal });
    document.addEventListener("pointerdown", (event) => this.#closeAbout(/** @type {Node} */ (event.target)), { signal });
    document.addEventListener("dragover", (event) => this.#drag(event), { signal });
    document.addEventListener("drop", (event) => this.#drop(event), { signal });
  }

  /** The field stays over its number. */
  measure() {
    const edited = this.editor.isOpen && this.player.at.scene.querySelector(`[data-given="${CSS.escape(this.editor.name)}"]`);
    if (edited) this.editor.place(edited.getBoundingClientRect());
  }

  #click(/** @type {MouseEvent} */ event) {
    const target = /** @type {Element} */ (event.target);
    const action = /** @type {HTMLElement | null} */ (target.closest("[data-act]"))?.dataset.act;
    if (action) return ACTIONS[action](this.player);
    const inScene = this.player.at.scene.contains(target);
    const group = target.closest(inScene ? "[data-for]" : ".strip [data-of], .strip [data-quantity], .parts [data-of], .parts [data-quantity]");
    const name = group?.getAttribute("data-for") || group?.getAttribute("data-of") || group?.getAttribute("data-quantity");
    if (!name) {
      if (inScene && this.player.chosen) this.player.escape();
      return;
    }
    if (inScene && (event.detail > 1 || this.player.chosen === name)) this.#openEditor(/** @type {Element} */ (group));
    else this.player.choose(name);
  }

  /** What tells about the problem closes by a click elsewhere. */
  #closeAbout(/** @type {Node} */ target) {
    if (!this.player.at.about.contains(target)) this.player.at.about.removeAttribute("open");
  }

  #drag(/** @type {DragEvent} */ event) {
    if (event.dataTransfer?.types.includes("Files")) event.preventDefault();
  }

  #drop(/** @type {DragEvent} */ event) {
    const file = event.dataTransfer?.files[0];
    if (!file) return;
    event.preventDefault();
    load(LATER.open, this.player.say).then((loaded) => loaded?.openFile(file, this.player.desk));
  }

  #openEditor(/** @type {Element} */ group) {
    const name = group.getAttribute("data-given");
    if (!name) return this.player.banner.say("This number is computed. To change it, change an input, a target, a weight or a setting.");
    const id = /** @type {number} */ (this.player.walk.index.get(name));
    const number = group.matches("[data-quantity]") ? group : group.querySelector(`[data-quantity="${CSS.escape(name)}"]`);
    const text = typedNumber(this.player.answer.document, name) ?? String(this.player.walk.values[id]);
    this.player.play(false);
    this.editor.open(name, text, (number?.closest(".chip, .quantity, td") ?? number ?? group).getBoundingClientRect(), `New value of ${this.player.walk.words(id)}`);
  }

  /** @param {string} name @param {string} text */
  #edit(name, text) {
    this.player.desk.change(
      this.player.scene?.edit?.(name, text) ?? { name, text },
      {
        refuse: (faults) => this.editor.refuse(faults.map(sentenceOf).join(" ")),
        then: () => {
          const stays = this.editor.holdsFocus; // accepted by Enter, and not by a click on something else
          if (this.editor.name === name) this.editor.close();
          if (stays) this.#focusOn(name);
        },
      },
    );
  }

  /** Back to where a number was changed, so that the next one is a Tab away. @param {string} name */
  #focusOn(name) {
    /** @type {HTMLElement | null} */ (this.player.at.scene.querySelector(`[data-given="${CSS.escape(name)}"]`))?.focus({ preventScroll: true });
  }

  #key(/** @type {KeyboardEvent} */ event) {
    const target = /** @type {HTMLElement} */ (event.target);
    if (event.altKey || event.defaultPrevented) return;
    if (target.matches("input:not([type=range], [type=checkbox]), textarea, select, [contenteditable]") || document.querySelector("dialog[open]")) return;
    if (target.closest("[data-own-keys]")) return;
    if (event.ctrlKey || event.metaKey) return this.#withControl(event);
    const isButton = target.matches("button, a, summary, [type=checkbox]");
    if (isButton && (event.key === " " || event.key === "Enter")) return;
    const group = this.player.at.scene.contains(target) ? target.closest("[data-for]") : null;
    if (group && event.key === "Enter") {
      const name = /** @type {string} */ (group.getAttribute("data-for"));
      if (this.player.chosen === name || group.getAttribute("data-given") === this.player.chosen) this.#openEditor(group);
      else this.player.choose(name);
      event.preventDefault();
      return;
    }
    if (this.player.press(event.key, event.shiftKey)) event.preventDefault();
  }

  #withControl(/** @type {KeyboardEvent} */ event) {
    const action = WITH_CONTROL[event.key];
    if (!action) return;
    ACTIONS[action](this.player);
    event.preventDefault();
  }
}
