// @ts-check
/** A named kernel for a filter to start from: which filter, which channel, which kernel. */

import { sentenceOf } from "../banner.mjs";
import { html, write } from "../svg.mjs";

/** @typedef {{filters: number, channels: number, refused: string, names: [string, string, (number | string)[][], string][], has: string[]}} KernelsData */

const ALL = -1;
const OWN = "";

export class Kernels {
  /** @param {import("../desk.mjs").Desk} desk @param {number} layer */
  constructor(desk, layer) {
    this.desk = desk;
    this.layer = layer;
    this.signature = "";
    /** @type {KernelsData | null} */
    this.data = null;
    this.filter = this.#select("Filter", "filter");
    this.channel = this.#select("Channel", "channel");
    this.kernel = this.#select("Kernel", "kernel");
    this.table = html("table", { class: "kernel-numbers", "aria-label": "Numbers of the kernel" });
    this.source = html("p", { class: "quiet" });
    this.fault = html("p", { class: "panel-fault", role: "alert" });
    this.use = html("button", { type: "button", "data-place": `use kernel ${layer}` }, "Use this kernel");
    this.refused = html("p", { class: "quiet" });
    this.form = html(
      "div",
      { class: "kernels-form" },
      html("div", { class: "kernels-where" }, this.filter.label, this.channel.label),
      this.kernel.label,
      html("div", { class: "kernels-look" }, this.table, this.source),
      html("div", { class: "panel-actions" }, this.use),
      this.fault,
    );
    this.room = html("fieldset", { class: "kernels" }, html("legend", {}, "Start a filter from a known kernel"), this.refused, this.form);
    this.filter.select.addEventListener("change", () => this.#showOwn());
    this.channel.select.addEventListener("change", () => this.#showOwn());
    this.kernel.select.addEventListener("change", () => this.#look());
    this.use.addEventListener("click", () => this.#write());
  }

  #select(/** @type {string} */ words, /** @type {string} */ name) {
    const select = /** @type {HTMLSelectElement} */ (html("select", { "data-place": `kernel ${this.layer} ${name}` }));
    return { select, label: html("label", { class: "kernels-choice" }, html("span", {}, words), select) };
  }

  /** @param {KernelsData} data */
  show(data) {
    const signature = `${data.filters} ${data.channels}`;
    const isOther = signature !== this.signature;
    const isChanged = isOther || data.has.join() !== this.data?.has.join();
    this.data = data;
    this.signature = signature;
    write(this.refused, data.refused ? `${data.refused[0].toUpperCase()}${data.refused.slice(1)}.` : "");
    this.refused.hidden = !data.refused;
    this.form.hidden = Boolean(data.refused);
    if (isOther) {
      fill(this.filter.select, data.filters, "filter");
      fill(this.channel.select, data.channels, "channel");
      this.kernel.select.replaceChildren(html("option", { value: OWN }, "own numbers"), ...data.names.map(([name, words]) => html("option", { value: name }, words)));
    }
    this.filter.label.hidden = data.filters === 1;
    this.channel.label.hidden = data.channels === 1;
    if (isChanged) this.#showOwn();
  }

  /** Which kernel the chosen filter has. */
  #showOwn() {
    if (!this.data) return;
    const { has, filters, channels } = this.data;
    const of = (/** @type {HTMLSelectElement} */ select, /** @type {number} */ count) => (Number(select.value) === ALL ? [...Array(count).keys()] : [Number(select.value)]);
    const names = of(this.channel.select, channels).flatMap((k) => of(this.filter.select, filters).map((f) => has[k * filters + f] ?? OWN));
    this.kernel.select.value = names.every((name) => name === names[0]) ? names[0] : OWN;
    this.#look();
  }

  /** The numbers of the chosen kernel and where they are from. */
  #look() {
    const found = this.data?.names.find(([name]) => name === this.kernel.select.value);
    const rows = found?.[2] ?? [];
    this.table.replaceChildren(...rows.map((row) => html("tr", {}, ...row.map((number) => html("td", {}, String(number).replace("-", "−"))))));
    write(this.source, found?.[3] ?? "The numbers in the drawing, each to be typed over there.");
    this.use.toggleAttribute("disabled", !found);
    write(this.fault, "");
  }

  #write() {
    const edit = { kind: "kernel", layer: this.layer, channel: Number(this.channel.select.value), filter: Number(this.filter.select.value), name: this.kernel.select.value };
    this.desk.change(edit, { refuse: (faults) => write(this.fault, faults.map(sentenceOf).join(" ")), then: () => write(this.fault, "") });
  }
}

/** @param {HTMLSelectElement} select @param {number} count @param {string} noun */
const fill = (select, count, noun) => {
  const before = select.value;
  const each = [...Array(count).keys()].map((k) => html("option", { value: k }, `${noun} ${k + 1}`));
  select.replaceChildren(...each, ...(count > 1 ? [html("option", { value: ALL }, `all ${count}`)] : []));
  select.value = [...select.options].some(({ value }) => value === before) ? before : noun === "channel" && count > 1 ? String(ALL) : "0";
};
