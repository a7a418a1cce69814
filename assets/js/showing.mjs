// @ts-check
/** What one takes along from a step: its matrix form beside it, a copy of its formula, its drawing as a file, its working on paper. */

import { html, put } from "./svg.mjs";

/** @typedef {import("./view.mjs").View} View */
/** @typedef {{view: View, answer: any, scene: {show: (view: View) => void}}} Now what is on the screen */
/** @typedef {{now: () => Now, say: (text: string) => void, choose: (name: string) => void}} Hooks */

const LOST = "This needs the server once, and it can't be reached.";
const WARMING = 1500; // milliseconds after the first sign of a person
const SIGNS = ["pointermove", "pointerdown", "keydown"];

/** What each of them needs. It is loaded once a person moves: printing can't wait for it, and a server may be gone by then. */
const parts = {
  matrix: () => import("./matrix/panel.mjs"),
  copy: () => Promise.all([import("./copy/step.mjs"), import("./open/share.mjs")]),
  save: () => import("./save/drawing.mjs"),
  paper: () => import("./paper/transcript.mjs"),
};

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
    this.timer = 0;
    this.stop = new AbortController();
    const { signal } = this.stop;
    this.toggle = html("button", { type: "button", "aria-pressed": "false", title: "Matrix form (M)" }, "Matrix ", html("kbd", {}, "M"));
    this.toggle.addEventListener("click", () => this.matrix());
    this.room = html("section", { class: "matrix", "aria-label": "Matrix form", tabindex: 0, hidden: "" });
    strip.before(html("div", { class: "tools" }, this.toggle, ...menu("copy", "Copy", COPIES, (of) => this.copy(of), signal), ...menu("save", "Save", SAVES, (of) => this.save(of), signal)));
    strip.after(this.room);
    for (const sign of SIGNS) window.addEventListener(sign, (event) => this.#expect(event), { signal, passive: true });
    window.addEventListener("beforeprint", () => this.#print(), { signal });
    window.addEventListener("afterprint", () => this.#printed(), { signal });
  }

  /** The page is gone. */
  leave() {
    this.stop.abort();
    clearTimeout(this.timer);
    this.#printed();
  }

  /** @param {View} view */
  show(view) {
    if (this.withMatrix) this.panel?.show(view);
  }

  /** A person is there; with Ctrl or ⌘ perhaps one who prints. */
  #expect(/** @type {Event} */ event) {
    if (this.paper) return;
    if (event instanceof KeyboardEvent && (event.ctrlKey || event.metaKey)) this.#warm();
    else if (!this.timer) this.timer = window.setTimeout(() => this.#warm(), WARMING);
  }

  async #warm() {
    const [paper] = await Promise.all([parts.paper(), parts.copy(), parts.save(), parts.matrix()]).catch(() => [null]);
    this.paper = paper;
  }

  /** The matrix form comes, or goes. */
  async matrix() {
    this.withMatrix = !this.withMatrix;
    const loaded = this.withMatrix ? await this.#load(parts.matrix) : null;
    if (this.withMatrix && !loaded) this.withMatrix = false;
    if (loaded) this.panel ??= new loaded.MatrixPanel(this.room, this.hooks.choose);
    this.room.hidden = !this.withMatrix;
    put(this.toggle, "aria-pressed", String(this.withMatrix));
    put(this.root, "data-matrix", String(this.withMatrix));
    if (!this.withMatrix) return;
    this.panel?.show(this.hooks.now().view);
    this.room.scrollIntoView({ block: "nearest" });
  }

  /** What a person has asked for now; null if it can't be had. @template T @param {() => Promise<T>} part @returns {Promise<T | null>} */
  async #load(part) {
    try {
      return await part();
    } catch {
      this.hooks.say(LOST);
      return null;
    }
  }

  /** @param {string} target */
  async copy(target) {
    const loaded = await this.#load(parts.copy);
    if (!loaded) return;
    const [{ TARGETS }, { copied, showText }] = loaded;
    const text = TARGETS[target](this.hooks.now().view, this.withMatrix);
    const kind = COPIES[target].replace("Text", "text");
    if (await copied(text)) this.hooks.say(`The step is copied as ${kind}.`);
    else showText(`The step as ${kind}`, text);
  }

  /** @param {string} kind */
  async save(kind) {
    if (kind === "paper") return this.print();
    const loaded = await this.#load(parts.save);
    if (!loaded) return;
    const { view, answer } = this.hooks.now();
    const name = await loaded.saveDrawing(this.scene, view, answer.walkthrough.title, kind);
    this.hooks.say(name ? `The drawing is saved as ${name}.` : "This drawing is too large for a picture. SVG has no such bound.");
  }

  async print() {
    this.paper ??= await this.#load(parts.paper);
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

/** A button and the list that it opens, whose first choice has the focus then. @param {string} name @param {string} title @param {Record<string, string>} choices @param {(choice: string) => void} act @param {AbortSignal} signal until when it is there */
const menu = (name, title, choices, act, signal) => {
  const id = `menu-${name}`;
  const button = html("button", { type: "button", class: "opens", popovertarget: id }, title);
  const list = html("div", { id, class: "choices", popover: "auto", role: "group", "aria-label": title });
  for (const [choice, label] of Object.entries(choices)) {
    const item = html("button", { type: "button", class: "quiet" }, label);
    item.addEventListener("click", () => (list.hidePopover(), act(choice)));
    list.append(item);
  }
  list.addEventListener("toggle", (event) => /** @type {ToggleEvent} */ (event).newState === "open" && (place(list, button), /** @type {HTMLElement} */ (list.firstElementChild).focus()));
  window.addEventListener("resize", () => list.matches(":popover-open") && place(list, button), { signal });
  list.addEventListener("keydown", (event) => move(list, event));
  return [button, list];
};

/** Beneath its button, or above where there is no room. @param {HTMLElement} list @param {HTMLElement} button */
const place = (list, button) => {
  const { right, bottom, top } = button.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = list;
  list.style.left = `${Math.max(8, right - width)}px`;
  list.style.top = `${bottom + height + 8 < innerHeight ? bottom + 4 : top - height - 4}px`;
};

/** The keys of an open list are its own. @param {HTMLElement} list @param {KeyboardEvent} event */
const move = (list, event) => {
  event.stopPropagation();
  const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!by) return;
  const items = /** @type {HTMLElement[]} */ ([...list.children]);
  items[(items.indexOf(/** @type {HTMLElement} */ (document.activeElement)) + by + items.length) % items.length].focus();
  event.preventDefault();
};
