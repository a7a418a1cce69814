// @ts-check
/** A picture from a file, chosen or dropped: it travels to the server, which reduces it. */

import { sentenceOf } from "../banner.mjs";
import { counted } from "../numerals.mjs";
import { html, write } from "../svg.mjs";

const SIDES = [8, 14, 28, 64];

export class Upload {
  /** @param {import("../desk.mjs").Desk} desk @param {() => number} sample which one a picture is put into */
  constructor(desk, sample) {
    this.desk = desk;
    this.sample = sample;
    this.most = 0;
    this.signature = "";
    this.file = /** @type {HTMLInputElement} */ (html("input", { type: "file", accept: "image/png,image/jpeg", "data-place": "picture" }));
    this.side = /** @type {HTMLSelectElement} */ (html("select", { "data-place": "picture side" }));
    this.color = /** @type {HTMLSelectElement} */ (html("select", { "data-place": "picture color" }));
    this.invert = /** @type {HTMLInputElement} */ (html("input", { type: "checkbox", "data-place": "picture invert" }));
    this.status = html("p", { class: "quiet", role: "status" });
    this.fault = html("p", { class: "panel-fault", role: "alert" });
    const row = (/** @type {string} */ words, /** @type {HTMLElement} */ control, kind = "choice") => html("label", { class: "panel-row", "data-kind": kind }, html("span", {}, words), control);
    this.room = html(
      "details",
      { class: "upload" },
      html("summary", {}, "A picture from a file"),
      row("size", this.side),
      row("channels", this.color),
      row("dark is 1, as for ink on paper", this.invert, "flag"),
      html("label", { class: "upload-file" }, html("span", {}, "PNG or JPEG; a picture can also be dropped on the image."), this.file),
      this.status,
      this.fault,
    );
    this.file.addEventListener("change", () => this.file.files?.[0] && this.take(this.file.files[0]));
  }

  /** @param {{shape: number[], most_bytes: number, most_side: number}} images */
  show({ shape, most_bytes, most_side }) {
    this.most = most_bytes;
    const signature = shape.slice(1).join();
    if (signature === this.signature) return;
    this.signature = signature;
    const [, rows, columns, channels] = shape;
    const sides = SIDES.filter((side) => side <= most_side).map((side) => option(String(side), `the picture's own form, at most ${side} × ${side}`));
    fill(this.side, [option("0", `fits into this image, ${rows} × ${columns}`), ...sides]);
    const kept = channels === 1 || channels === 3 ? [option("kept", channels === 1 ? "grey, as this image" : "colours, as this image")] : [];
    fill(this.color, [...kept, ...(channels === 1 ? [] : [option("grey", "grey: 1 channel")]), ...(channels === 3 ? [] : [option("rgb", "red, green, blue: 3 channels")])]);
  }

  /** @param {File} file */
  async take(file) {
    this.room.setAttribute("open", "");
    this.#tell("", "");
    if (file.size > this.most) return this.#tell("", `A file of ${counted(file.size)} bytes given, at most ${counted(this.most)} are possible. Reduce the picture first.`);
    this.#tell("The picture is on its way …", "");
    this.room.setAttribute("aria-busy", "true");
    const url = await read(file).catch(() => "");
    if (!url) return this.#tell("", "This file can't be read. Choose a PNG or JPEG picture.");
    this.desk.change(
      { kind: "picture", sample: this.sample(), file: url.slice(url.indexOf(",") + 1), side: Number(this.side.value), color: this.color.value, invert: this.invert.checked },
      { refuse: (faults) => this.#tell("", faults.map(sentenceOf).join(" ")), tell: (text) => this.#tell(text, "") },
    );
  }

  #tell(/** @type {string} */ status, /** @type {string} */ fault) {
    this.room.removeAttribute("aria-busy");
    write(this.status, status);
    write(this.fault, fault);
    this.file.value = ""; // the same file can be chosen again
  }
}

/** @param {File} file @returns {Promise<string>} */
const read = (file) =>
  new Promise((done, failed) => {
    const reader = new FileReader();
    reader.addEventListener("load", () => done(String(reader.result)));
    reader.addEventListener("error", failed);
    reader.readAsDataURL(file);
  });

const option = (/** @type {string} */ value, /** @type {string} */ words) => html("option", { value }, words);

/** @param {HTMLSelectElement} select @param {HTMLElement[]} options */
const fill = (select, options) => {
  const before = select.value;
  select.replaceChildren(...options);
  select.value = [...select.options].some(({ value }) => value === before) ? before : (select.options[0]?.value ?? "");
};
