// @ts-check
/** The samples that are images: which one, its cells, what can be drawn into it, its targets. */

import { sentenceOf } from "../banner.mjs";
import { html, put, write } from "../svg.mjs";
import { Grid } from "./grid.mjs";
import { Upload } from "./upload.mjs";

/** @typedef {{shape: number[], channels: string[], outputs: string[], worked: number[][], patterns: [string, string][], most_bytes: number, most_side: number}} ImagesData */

const MODES = [
  ["choose", "Choose", "Choose a cell, and type its number"],
  ["paint", "Paint", "Draw with the pointer; Space paints the chosen cell"],
  ["erase", "Erase", "Write 0 with the pointer; Delete does so in the chosen cell"],
];

export class Images {
  /** @param {import("../desk.mjs").Desk} desk */
  constructor(desk) {
    this.desk = desk;
    this.sample = 0;
    this.channel = 0;
    /** @type {ImagesData | null} */
    this.images = null;
    /** @type {any} */
    this.data = null;
    /** @type {string | null} what was typed into a cell and is not taken yet, or was refused */
    this.typed = null;
    this.grid = new Grid({
      write: (cells, text) => this.#write(cells, text),
      paste: ([row, column], text) => this.#change({ kind: "paste_image", sample: this.sample, channel: this.channel, row, column, text }),
      chosen: (_, text) => this.#chosen(text),
      brush: () => this.brush.value.trim() || "1",
    });
    this.upload = new Upload(desk, () => this.sample);
    this.which = html("span", { "aria-live": "polite" });
    this.back = this.#button("‹", "image back", () => this.#go(this.sample - 1), "Image before");
    this.next = this.#button("›", "image next", () => this.#go(this.sample + 1), "Next image");
    this.remove = this.#button("Remove", "remove image", () => this.#change({ kind: "remove_sample", at: this.sample }), "Remove this image");
    this.add = this.#button("Add", "add image", () => this.#add(), "Add an image, a copy of this one");
    this.channels = /** @type {HTMLSelectElement} */ (html("select", { "data-place": "image channel" }));
    this.channelRow = html("label", { class: "panel-row", "data-kind": "choice" }, html("span", {}, "channel"), this.channels);
    this.channels.addEventListener("change", () => ((this.channel = Number(this.channels.value)), this.#draw()));
    this.brush = /** @type {HTMLInputElement} */ (html("input", { type: "text", value: "1", maxlength: 200, autocomplete: "off", "data-place": "brush", "aria-label": "Number that is painted" }));
    this.entry = /** @type {HTMLInputElement} */ (html("input", { type: "text", maxlength: 200, autocomplete: "off", "data-place": "image entry" }));
    this.entryName = html("span", {});
    this.pattern = /** @type {HTMLSelectElement} */ (html("select", { "data-place": "pattern", "aria-label": "Pattern" }));
    this.targets = html("div", { class: "image-targets", role: "group", "aria-label": "Targets of this image" });
    this.fault = html("p", { class: "panel-fault", role: "alert" });
    this.room = html(
      "div",
      { class: "images" },
      html("div", { class: "images-head" }, this.back, this.which, this.next, this.add, this.remove),
      this.channelRow,
      html("div", { class: "images-tools" }, this.#modes(), html("label", { class: "images-brush" }, html("span", {}, "with"), this.brush)),
      this.grid.room,
      html("label", { class: "panel-row", "data-kind": "number" }, this.entryName, this.entry),
      this.fault,
      html("div", { class: "images-tools" }, this.pattern, this.#button("Draw it", "draw pattern", () => this.#pattern(this.pattern.value)), this.#button("Clear", "clear image", () => this.#pattern("clear"))),
      html("p", { class: "quiet" }, "Cells of a spreadsheet can be pasted on the image."),
      this.targets,
      this.upload.room,
    );
    this.entry.addEventListener("change", () => this.#type());
    this.entry.addEventListener("keydown", (event) => this.#keyOfEntry(event));
    this.targets.addEventListener("change", (event) => this.#target(/** @type {HTMLInputElement} */ (event.target)));
    for (const kind of ["dragenter", "dragover"]) this.room.addEventListener(kind, (event) => this.#drag(/** @type {DragEvent} */ (event), true));
    this.room.addEventListener("dragleave", (event) => this.#drag(/** @type {DragEvent} */ (event), false));
    this.room.addEventListener("drop", (event) => this.#drop(/** @type {DragEvent} */ (event)));
    this.grid.use("choose");
  }

  #modes() {
    const buttons = MODES.map(([mode, words, title]) => {
      const button = html("button", { type: "button", title, "data-place": `mode ${mode}`, "aria-pressed": mode === "choose" }, words);
      button.addEventListener("click", () => {
        this.grid.use(/** @type {import("./grid.mjs").Mode} */ (mode));
        for (const other of buttons) put(other, "aria-pressed", String(other === button));
      });
      return button;
    });
    return html("span", { class: "images-modes", role: "group", "aria-label": "What the pointer does" }, ...buttons);
  }

  #button(/** @type {string} */ words, /** @type {string} */ place, /** @type {() => void} */ act, title = "") {
    const button = html("button", { type: "button", "data-place": place, ...(title ? { title, "aria-label": title } : {}) }, words);
    button.addEventListener("click", act);
    return button;
  }

  /** @param {ImagesData} images @param {any} data as the problem file has it */
  show(images, data) {
    if (!this.images) this.pattern.replaceChildren(...images.patterns.filter(([name]) => name !== "clear").map(([name, words]) => html("option", { value: name }, words)));
    this.images = images;
    this.data = data;
    const [samples, , , channels] = images.shape;
    this.sample = Math.min(this.sample, samples - 1);
    this.channel = Math.min(this.channel, channels - 1);
    this.channelRow.hidden = channels === 1;
    this.channels.replaceChildren(...images.channels.map((name, k) => html("option", { value: k }, `${k + 1}: ${name}`)));
    this.channels.value = String(this.channel);
    this.upload.show(images);
    this.#draw();
  }

  #go(/** @type {number} */ sample) {
    this.sample = sample;
    this.#draw();
  }

  #add() {
    const at = this.sample + 1;
    this.#change({ kind: "add_sample", at }, () => this.#go(at));
  }

  #draw() {
    if (!this.images) return;
    const [samples, rows, columns, channels] = this.images.shape;
    write(this.which, `${this.sample + 1} of ${samples}`);
    this.back.toggleAttribute("disabled", this.sample === 0);
    this.next.toggleAttribute("disabled", this.sample === samples - 1);
    this.remove.toggleAttribute("disabled", samples === 1);
    const worked = new Map(this.images.worked.filter(([n, , , k]) => n === this.sample && k === this.channel).map(([, r, c, , value]) => [r * columns + c, value]));
    const image = this.data.x[this.sample];
    const numbers = [...Array(rows).keys()].map((r) => [...Array(columns).keys()].map((c) => ({ text: String(image[r][c][this.channel]), value: Number(worked.get(r * columns + c) ?? image[r][c][this.channel]) })));
    this.grid.show(numbers, `Image ${this.sample + 1}, ${rows} rows and ${columns} columns`, channels > 1 ? this.images.channels[this.channel] : "");
    this.#showEntry();
    this.#showTargets();
  }

  // One cell

  #showEntry() {
    const [r, c] = this.grid.at;
    write(this.entryName, `row ${r + 1}, column ${c + 1}`);
    const text = String(this.data?.x[this.sample][r]?.[c]?.[this.channel] ?? "");
    const isTouched = document.activeElement === this.entry && this.entry.value !== this.entry.dataset.value;
    if (this.typed === null && !isTouched && this.entry.value !== text) {
      this.entry.value = text;
      if (document.activeElement === this.entry) this.entry.select(); // what one types next replaces it, as before
    }
    this.entry.dataset.value = text;
  }

  /** A cell is chosen: with a letter it is typed in, with null what it has is changed. */
  #chosen(/** @type {string | null} */ text) {
    this.typed = null; // nothing half typed is left of another cell
    this.entry.dataset.value = this.entry.value;
    this.entry.removeAttribute("aria-invalid");
    this.#showEntry();
    if (text === "") return;
    this.entry.focus();
    if (text === null) this.entry.select();
    else this.entry.value = text;
  }

  #type() {
    if (this.entry.value.trim() !== this.entry.dataset.value && this.entry.value !== this.typed) this.#write([this.grid.at], this.entry.value, this.entry);
  }

  /** Enter accepts and goes to the cell below, Escape restores. */
  #keyOfEntry(/** @type {KeyboardEvent} */ event) {
    if (event.key === "Escape") {
      this.entry.value = this.entry.dataset.value ?? "";
      write(this.fault, "");
      this.grid.choose(this.grid.at);
    } else if (event.key === "Enter") {
      const [r, c] = this.grid.at;
      const isNew = this.entry.value.trim() !== this.entry.dataset.value;
      const goOn = () => this.grid.choose([Math.min(r + 1, this.grid.rows - 1), c]);
      if (isNew) this.#write([[r, c]], this.entry.value, this.entry, goOn);
      else goOn();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** @param {import("./grid.mjs").Cell[]} cells @param {string} text @param {HTMLInputElement | undefined} [input] where it was typed @param {() => void} [then] */
  #write(cells, text, input, then) {
    const painted = !input;
    if (input) this.typed = text; // the change event that follows is about the same
    const { sample, channel } = this;
    const edit = { kind: "cells", array: "x", sample, cells: cells.map(([r, c]) => [r, c, channel]), text };
    this.desk.change(edit, {
      refuse: (faults) => {
        if (painted) this.grid.answered();
        this.#tell(faults, input ?? this.brush);
        input?.focus();
      },
      then: () => {
        if (painted) this.grid.answered();
        else if (this.typed === text) {
          this.typed = null;
          this.#showEntry();
        }
        this.#tell([]);
        then?.();
      },
    });
  }

  #tell(/** @type {import("../banner.mjs").Fault[]} */ faults, /** @type {HTMLElement | null} */ input = null) {
    write(this.fault, faults.map((fault) => sentenceOf(fault.place.startsWith("data.") ? { ...fault, place: "" } : fault)).join(" "));
    if (faults.length) return input?.setAttribute("aria-invalid", "true");
    for (const each of [this.brush, this.entry]) each.removeAttribute("aria-invalid");
  }

  /** @param {any} edit @param {() => void} [then] */
  #change(edit, then) {
    this.desk.change(edit, { refuse: (faults) => this.#tell(faults), then: () => (this.#tell([]), then?.()) });
  }

  #pattern(/** @type {string} */ name) {
    this.#change({ kind: "pattern", sample: this.sample, channel: this.channel, name });
  }

  // Targets

  #showTargets() {
    const outputs = this.images?.outputs ?? [];
    this.targets.hidden = !outputs.length;
    if (this.targets.querySelectorAll("input").length !== outputs.length) {
      const fields = outputs.map((_, k) => html("label", {}, html("span", {}), html("input", { type: "text", maxlength: 200, autocomplete: "off", "data-place": `image target ${k}`, "data-output": k })));
      this.targets.replaceChildren(html("span", { class: "quiet" }, "Targets"), ...fields);
    }
    this.targets.querySelectorAll("label").forEach((label, k) => {
      const [name, input] = [label.children[0], /** @type {HTMLInputElement} */ (label.children[1])];
      write(name, outputs[k]);
      const text = String(this.data.y[this.sample][k]);
      if (document.activeElement !== input || input.value === input.dataset.value) input.value = text;
      if (input.dataset.value !== text) input.removeAttribute("aria-invalid");
      input.dataset.value = text;
    });
  }

  #target(/** @type {HTMLInputElement} */ input) {
    if (input.value === input.dataset.value) return;
    const edit = { kind: "cells", array: "y", sample: this.sample, cells: [[Number(input.dataset.output)]], text: input.value };
    this.desk.change(edit, { refuse: (faults) => this.#tell(faults, input), then: () => (this.#tell([]), input.removeAttribute("aria-invalid")) });
  }

  // Files that are dropped

  #drag(/** @type {DragEvent} */ event, /** @type {boolean} */ isOver) {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    this.room.toggleAttribute("data-drop", isOver);
  }

  #drop(/** @type {DragEvent} */ event) {
    const file = event.dataTransfer?.files[0];
    if (!file) return;
    event.preventDefault();
    event.stopPropagation(); // elsewhere a file is a problem
    this.room.removeAttribute("data-drop");
    this.upload.take(file);
  }
}
