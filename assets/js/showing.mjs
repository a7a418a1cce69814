// @ts-check
/** What one takes along from a step: its matrix form beside it, a copy of its formula, its drawing as a file, its working on paper. */

import { LATER, load, loadLater } from "./later.mjs";
import { menu } from "./menu.mjs";
import { html, put } from "./svg.mjs";

/** @typedef {import("./view.mjs").View} View */
/** @typedef {{view: View, answer: any, scene: {show: (view: View) => void}}} Now what is on the screen */
/** @typedef {{now: () => Now, say: (text: string) => void, choose: (name: string) => void}} Hooks */

export class Showing {
  /** @param {HTMLElement} root @param {HTMLElement} scene the place of the drawing @param {HTMLElement} strip what the tools belong to @param {Hooks} hooks */
  constructor(root, scene, strip, hooks) {
    this.root = root;
    this.scene = scene;
    this.hooks = hooks;
    this.withMatrix = false;
    /** @type {import("./matrix/panel.mjs").MatrixPanel | null} */
    this.panel = null;
    /** @type {typeof import("./paper/transcript.mjs") | null} */
    this.paper = null;
    this.stop = new AbortController();
    const { signal } = this.stop;
    this.toggle = html("button", { type: "button", "aria-pressed": "false", title: "Matrix form (M)" }, "Matrix ", html("kbd", {}, "M"));
    this.toggle.addEventListener("click", () => this.matrix());
    this.room = html("section", { class: "matrix", "aria-label": "Matrix form", tabindex: 0, hidden: "" });
    strip.before(html("div", { class: "tools" }, this.toggle, ...menu("copy", "Copy", COPIES, (of) => this.copy(of), signal), ...menu("save", "Save", SAVES, (of) => this.save(of), signal)));
    strip.after(this.room);
    loadLater(signal, async () => (this.paper = await LATER.paper()));
    window.addEventListener("beforeprint", () => this.#print(), { signal });
    window.addEventListener("afterprint", () => this.#printed(), { signal });
  }

  /** The page is gone. */
  leave() {
    this.stop.abort();
    this.#printed();
  }

  /** @param {View} view */
  show(view) {
    if (this.withMatrix) this.panel?.show(view);
  }

  /** The matrix form comes, or goes. */
  async matrix() {
    this.withMatrix = !this.withMatrix;
    const loaded = this.withMatrix ? await load(LATER.matrix, this.hooks.say) : null;
    if (this.withMatrix && !loaded) this.withMatrix = false;
    if (loaded) this.panel ??= new loaded.MatrixPanel(this.room, this.hooks.choose);
    this.room.hidden = !this.withMatrix;
    put(this.toggle, "aria-pressed", String(this.withMatrix));
    put(this.root, "data-matrix", String(this.withMatrix));
    if (!this.withMatrix) return;
    this.panel?.show(this.hooks.now().view);
    this.room.scrollIntoView({ block: "nearest" });
  }

  /** @param {string} target */
  async copy(target) {
    const step = await load(LATER.copy, this.hooks.say);
    const share = await load(LATER.share, this.hooks.say);
    if (!step || !share) return;
    const text = step.TARGETS[target](this.hooks.now().view, this.withMatrix);
    const kind = COPIES[target].replace("Text", "text");
    if (await share.copied(text)) this.hooks.say(`The step is copied as ${kind}.`);
    else share.showText(`The step as ${kind}`, text);
  }

  /** @param {string} kind */
  async save(kind) {
    if (kind === "paper") return this.print();
    const loaded = await load(LATER.save, this.hooks.say);
    if (!loaded) return;
    const { view, answer } = this.hooks.now();
    const name = await loaded.saveDrawing(this.scene, view, answer.walkthrough.title, kind);
    this.hooks.say(name ? `The drawing is saved as ${name}.` : "This drawing is too large for a picture. SVG has no such bound.");
  }

  async print() {
    this.paper ??= await load(LATER.paper, this.hooks.say);
    if (this.paper) window.print();
  }

  #print() {
    if (this.paper) document.body.append(this.paper.transcript(this.hooks.now(), this.scene, this.withMatrix));
  }

  #printed() {
    document.querySelector("body > .paper")?.remove();
  }
}

/** @type {Record<string, string>} */
const COPIES = { latex: "LaTeX", mathml: "MathML", text: "Text" };
const SAVES = { svg: "Drawing as SVG", png: "Drawing as PNG", paper: "Working on paper or as PDF …" };
