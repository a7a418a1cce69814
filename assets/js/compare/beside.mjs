// @ts-check
/** A second problem beside the first one, at the step that is most like its step; numbers that differ are underlined. */

import { samePlace } from "../moves.mjs";
import { Strip } from "../strip.mjs";
import { html, put, write } from "../svg.mjs";
import { View } from "../view.mjs";
import { Walkthrough } from "../walkthrough.mjs";

/** @typedef {import("../player.mjs").Player} Player */

export class Beside {
  /** @param {Player} player @param {any} answer @param {string} label what it is: "before the change", … */
  constructor(player, answer, label) {
    this.player = player;
    this.answer = answer;
    /** @type {Walkthrough} */
    this.walk = /** @type {any} */ (null);
    /** @type {ReturnType<Player["makeScene"]>} */
    this.scene = /** @type {any} */ (null);
    this.room = html("div", { class: "scene" });
    this.summary = html("p", { class: "beside-summary", role: "status" });
    const close = html("button", { type: "button", title: "Stop comparing (B)" }, "Stop comparing");
    close.addEventListener("click", () => player.compare(null));
    const head = html("div", { class: "stage-head" }, html("h2", { class: "problem-title" }, answer.walkthrough.title || "A problem of your own"), html("span", { class: "problem-changed" }, label), html("span", { class: "stage-actions" }, close));
    this.stage = html("section", { class: "stage beside", "aria-label": `Drawing of the other problem, ${label}` }, head, this.room, this.summary);
    this.formula = html("section", { class: "strip beside", "aria-label": "Formula of the other problem", tabindex: 0 });
    this.strip = new Strip(this.formula);
    player.at.stage.before(this.stage);
    player.at.strip.before(this.formula);
    player.root.dataset.compares = "true";
    this.rewrite();
    /** @type {Element[]} */
    this.marked = [];
  }

  /** Numbers are written in the form that is chosen now. */
  rewrite() {
    this.walk = new Walkthrough(this.answer.walkthrough);
    this.scene = this.player.makeScene(this.room, this.walk, { ...this.answer, given: [] });
  }

  /** @param {View} view what is seen of the first problem */
  show(view) {
    const offered = this.walk.offered.find(({ name, why }) => name === view.detail && !why);
    const detail = offered ? view.detail : "layer";
    const from = offered ? view.k : view.walk.stepAt(detail, view.steps.at(-1)?.neuron ?? 0);
    const k = samePlace(view.walk, detail, from, this.walk);
    this.view = new View(this.walk, detail, k, { covered: view.covered, hinted: view.hinted });
    this.scene.show(this.view);
    this.scene.follow();
    this.strip.show(this.view);
    put(this.stage, "data-step", String(k));
    this.#mark(view);
  }

  /** Underlines what differs, in both. */
  #mark(/** @type {View} */ view) {
    for (const element of this.marked) element.removeAttribute("data-differs");
    const here = numbersIn(this.player.at.scene, view);
    const there = numbersIn(this.room, /** @type {View} */ (this.view));
    this.marked = [...differing(here, there), ...differing(there, here)];
    for (const element of this.marked) element.setAttribute("data-differs", "true");
    const names = new Set(this.marked.map((element) => element.getAttribute("data-quantity")));
    write(this.summary, names.size ? `${names.size} numbers differ, and are underlined` : "No number differs here");
  }

  measure() {
    this.scene.measure();
  }

  leave() {
    for (const element of this.marked) element.removeAttribute("data-differs");
    this.stage.remove();
    this.formula.remove();
    delete this.player.root.dataset.compares;
  }
}

/** The elements with a number that is known, by its name, and its text. @param {HTMLElement} room @param {View} view @returns {Map<string, {element: Element, text: string}>} */
const numbersIn = (room, view) => {
  const found = new Map();
  for (const element of room.querySelectorAll("[data-quantity]")) {
    const name = element.getAttribute("data-quantity") ?? "";
    const id = view.walk.index.get(name);
    if (id !== undefined && element.textContent && view.state(id) !== "empty") found.set(name, { element, text: view.walk.text(id) });
  }
  return found;
};

/** @param {ReturnType<typeof numbersIn>} these @param {ReturnType<typeof numbersIn>} those */
const differing = (these, those) => [...these].filter(([name, { text }]) => those.get(name)?.text !== text).map(([, { element }]) => element);
