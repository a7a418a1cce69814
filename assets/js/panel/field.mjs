// @ts-check
/** One field of the form. What was typed stays until the server has taken it, with the reason if it can't. */

import { sentenceOf } from "../banner.mjs";
import { html, write } from "../svg.mjs";

/** @typedef {{place: string, label: string, kind: string, value: any, choices?: [string, string][], least?: number, most?: number, step?: number, half?: number, empty?: string}} FieldData */
/** @typedef {HTMLInputElement & HTMLSelectElement & HTMLTextAreaElement} Control */

let serial = 0;

export class Field {
  /** @param {import("../desk.mjs").Desk} desk @param {FieldData} data */
  constructor(desk, data) {
    this.desk = desk;
    this.place = data.place;
    this.kind = data.kind;
    /** @type {any} as the problem has it */
    this.value = data.value;
    /** @type {any} what was put here and is not taken yet, or was refused; null for nothing */
    this.typed = null;
    const id = `field-${++serial}`;
    this.control = control(data, id);
    this.fault = html("p", { class: "panel-fault", role: "alert", id: `${id}-fault` });
    const label = html("label", { for: id }, data.label);
    this.bounds = boundsOf(data);
    const half = data.half === undefined ? {} : { "data-half": data.half };
    this.row = html("div", { class: "panel-row", "data-kind": data.kind, ...half }, label, data.kind === "count" ? this.#counter(data) : this.control, this.fault);
    this.#restore();
    this.control.addEventListener("change", () => this.#commit());
    this.control.addEventListener("keydown", (event) => this.#key(event));
  }

  /** @param {FieldData} data @param {boolean} isFresh whether it is of another problem */
  show(data, isFresh) {
    if (data.choices) fillChoices(this.control, data.choices);
    this.bounds = boundsOf(data);
    const isTouched = this.typed !== null || this.#shown !== this.value;
    this.value = data.value;
    if (isFresh || !isTouched) this.#restore();
  }

  get #shown() {
    return this.kind === "flag" ? this.control.checked : this.control.value;
  }

  /** One less and one more beside a whole number. */
  #counter(/** @type {FieldData} */ { label }) {
    const step = (/** @type {number} */ sign) => {
      const { least, most, step } = this.bounds;
      const by = sign * step;
      const from = Number(this.control.value.trim() || (by > 0 ? least - 1 : least));
      if (!Number.isInteger(from)) return this.control.focus();
      this.control.value = String(Math.min(Math.max(from + by, least), most));
      this.#commit();
    };
    const button = (/** @type {string} */ sign, /** @type {number} */ by, /** @type {string} */ title) => {
      const made = html("button", { type: "button", title, "aria-label": `${title}: ${label}`, "data-place": `${this.place} ${by}` }, sign);
      made.addEventListener("click", () => step(by));
      return made;
    };
    return html("span", { class: "counter" }, button("−", -1, "One less"), this.control, button("+", 1, "One more"));
  }

  #commit() {
    const value = this.#shown;
    if (value === this.value && this.typed === null) return this.#tell("");
    this.typed = value;
    const isLast = () => this.typed === value;
    this.desk.change(
      { kind: "field", place: this.place, value },
      { refuse: (faults) => isLast() && this.#refuse(faults), then: () => isLast() && this.#restore() },
    );
  }

  #refuse(/** @type {import("../banner.mjs").Fault[]} */ faults) {
    if (this.kind === "flag" || this.kind === "choice") this.#restore();
    this.#tell(faults.map((fault) => sentenceOf(this.place.startsWith(fault.place) ? { ...fault, place: "" } : fault)).join(" "));
  }

  #tell(/** @type {string} */ text) {
    write(this.fault, text);
    this.control.setAttribute("aria-invalid", String(Boolean(text)));
    if (text) this.control.setAttribute("aria-describedby", this.fault.id);
    else this.control.removeAttribute("aria-describedby");
  }

  /** What the problem has. */
  #restore() {
    this.typed = null;
    if (this.kind === "flag") this.control.checked = this.value;
    else this.control.value = this.value;
    this.#tell("");
  }

  #key(/** @type {KeyboardEvent} */ event) {
    if (event.key !== "Escape" || this.#shown === this.value) return;
    this.#restore();
    event.stopPropagation();
  }
}

/** What a count may be; that can change with the problem. @param {FieldData} data */
const boundsOf = ({ least = 0, most = Infinity, step = 1 }) => ({ least, most, step });

/** @param {FieldData} data @param {string} id @returns {Control} */
const control = ({ place, kind, choices, empty }, id) => {
  const common = { id, "data-place": place };
  if (kind === "choice") return /** @type {Control} */ (fillChoices(html("select", common), choices ?? []));
  if (kind === "lines") return /** @type {Control} */ (html("textarea", { ...common, rows: 3, maxlength: 10_000 }));
  if (kind === "flag") return /** @type {Control} */ (html("input", { ...common, type: "checkbox" }));
  const isText = kind === "text";
  const attributes = { type: "text", autocomplete: "off", spellcheck: "false", maxlength: isText ? 10_000 : 200, inputmode: kind === "count" ? "numeric" : "text", placeholder: empty ?? "" };
  return /** @type {Control} */ (html("input", { ...common, ...attributes }));
};

/** @param {HTMLElement} select @param {[string, string][]} choices */
const fillChoices = (select, choices) => {
  const same = select.children.length === choices.length && choices.every(([value], k) => /** @type {HTMLOptionElement} */ (select.children[k]).value === value);
  if (!same) select.replaceChildren(...choices.map(([value, words]) => html("option", { value }, words)));
  return select;
};
