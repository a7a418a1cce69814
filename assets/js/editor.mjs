// @ts-check
/** Changes a number where it stands: Enter or a click elsewhere accepts, Escape restores. The server reads what was typed. */

import { html, write } from "./svg.mjs";

export class Editor {
  /** @param {HTMLElement} room what the field is placed in @param {(name: string, text: string) => void} accept @param {(name: string) => void} done */
  constructor(room, accept, done) {
    this.room = room;
    this.accept = accept;
    this.done = done;
    this.name = "";
    this.before = ""; // what stood there
    this.refused = ""; // what was found impossible
    /** @type {string | null} what is being read by the server */
    this.sent = null;
    this.field = /** @type {HTMLInputElement} */ (html("input", { type: "text", inputmode: "text", autocomplete: "off", spellcheck: "false", maxlength: 200, "aria-describedby": "editor-message" }));
    this.message = html("p", { class: "editor-message", role: "alert", id: "editor-message" });
    this.box = html("div", { class: "editor", hidden: "" }, this.field, this.message);
    room.append(this.box);
    this.field.addEventListener("keydown", (event) => this.#key(event));
    this.field.addEventListener("input", () => write(this.message, ""));
    this.field.addEventListener("blur", () => this.#commit());
  }

  get isOpen() {
    return !this.box.hidden;
  }

  get holdsFocus() {
    return document.activeElement === this.field;
  }

  /** @param {string} name @param {string} text as it stands in the problem @param {DOMRect} over where the number is @param {string} label */
  open(name, text, over, label) {
    if (this.isOpen && this.name === name) return;
    this.name = name;
    this.before = text;
    this.sent = null;
    this.field.value = text;
    this.field.setAttribute("aria-label", label);
    write(this.message, "");
    this.box.hidden = false;
    this.place(over);
    this.field.focus();
    this.field.select();
  }

  /** Where the number is now. @param {DOMRect} over */
  place(over) {
    const room = this.room.getBoundingClientRect();
    const width = Math.max(over.width + 24, 130);
    const left = Math.min(Math.max(over.left + over.width / 2 - width / 2 - room.left, 4), room.width - width - 4);
    this.box.style.width = `${width}px`;
    this.box.style.left = `${left}px`;
    this.box.style.top = `${Math.max(over.top + over.height / 2 - room.top - 20, 2)}px`;
    this.#keepInside();
  }

  /** The message stays within the page. */
  #keepInside() {
    this.message.style.marginLeft = "0";
    const over = this.message.getBoundingClientRect().right - (document.documentElement.clientWidth - 8);
    if (over > 0) this.message.style.marginLeft = `${-over}px`;
  }

  /** Why what was typed is not possible; it stays as typed. @param {string} text */
  refuse(text) {
    this.sent = null;
    write(this.message, text);
    this.#keepInside();
    this.field.focus();
  }

  close() {
    this.box.hidden = true;
    this.field.blur();
    this.name = "";
  }

  #commit() {
    if (!this.isOpen || this.sent !== null) return;
    if (this.field.value.trim() === this.before) return this.#restore();
    if (this.message.textContent && this.field.value === this.refused) return;
    this.sent = this.refused = this.field.value;
    this.accept(this.name, this.field.value);
  }

  #restore() {
    const { name } = this;
    this.close();
    this.done(name);
  }

  #key(/** @type {KeyboardEvent} */ event) {
    event.stopPropagation();
    if (event.key === "Enter") this.#commit();
    else if (event.key === "Escape") this.#restore();
    else return;
    event.preventDefault();
  }
}

/** A number as it stands in a problem file, "1/3" as "1/3"; or null where the file leaves it to be drawn. @param {any} document @param {string} name @returns {string | null} */
export const typedNumber = (document, name) => {
  const match = /^(?:iterations\[\d+\]\.)?([\w.]+?)((?:\[\d+\])*)$/.exec(name);
  if (!match || name.startsWith("iterations")) return null;
  const keys = [...match[2].matchAll(/\d+/g)].map(Number);
  const [layer, parameter] = match[1].split(".");
  let at = parameter
    ? document.layers.find((/** @type {any} */ fields, /** @type {number} */ k) => (fields.name ?? `layer${k + 1}`) === layer)?.[parameter]
    : (document.data[layer] ?? document.optimizer?.[layer]);
  for (const key of keys) at = Array.isArray(at) ? at[key] : undefined;
  return typeof at === "number" || typeof at === "string" ? String(at) : null;
};
