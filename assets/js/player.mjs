// @ts-check
/** The step player: shows a walkthrough, one step at a time. From the answer on, stepping is the browser's alone. */

import { ACTIONS, LETTERS } from "./actions.mjs";
import { parse, stepOf } from "./address.mjs";
import { Banner, noteOfSize } from "./banner.mjs";
import { Controls } from "./controls.mjs";
import { Desk } from "./desk.mjs";
import { furnish } from "./furniture.mjs";
import { Hands } from "./hands.mjs";
import { LATER, load } from "./later.mjs";
import { Ledger } from "./ledger.mjs";
import { isFirstTime, isProjecting, keepProjecting } from "./memory.mjs";
import { menu } from "./menu.mjs";
import { chapterAfter, chapterBefore, samePlace, unitAfter, unitBefore } from "./moves.mjs";
import { Network } from "./network.mjs";
import { counted, useComma } from "./numerals.mjs";
import { Parts } from "./parts.mjs";
import { project } from "./projector.mjs";
import { Showing } from "./showing.mjs";
import { Strip } from "./strip.mjs";
import { html, put, write } from "./svg.mjs";
import { View } from "./view.mjs";
import { DETAILS, Walkthrough } from "./walkthrough.mjs";

/** A drawing: made once per problem, shown at every step. @typedef {{show: (view: View) => void, measure: () => void, follow: () => void, edit?: (name: string, text: string) => any}} Scene `edit` says how a number is changed, where that is more than one number */

/** @type {Record<string, new (host: HTMLElement, walk: Walkthrough, scene: any, given: Set<string>, desk: Desk) => Scene>} */
const SCENES = { network: Network };
/** Drawings that are fetched when one is wanted. @type {Record<string, () => Promise<any>>} */
const FETCHED = {
  errors: () => import("./errors/errors.mjs").then(({ Errors }) => (SCENES.errors = Errors)),
  maps: () => import("./maps/maps.mjs").then(({ Maps }) => (SCENES.maps = Maps)),
  neuron: () => import("./neuron/neuron.mjs").then(({ Neuron }) => (SCENES.neuron = Neuron)),
  sliding: () => import("./sliding/sliding.mjs").then(({ Sliding }) => (SCENES.sliding = Sliding)),
  table: () => import("./errors/table.mjs").then(({ Table }) => (SCENES.table = Table)),
};
const SHARES = { link: "A link to this step", save: "The problem as a file", pages: "Open on another page" };
const REST = 2000; // milliseconds after a change, until what only confirms it is worked out
const PACE = 1400; // milliseconds a step at speed 1

/** How much of a step is shown where results are covered; → goes from one to the next. */
const ASKED = 0; // in words and in symbols
const HINTED = 1; // with its numbers, which are lit
const SHOWN = 2;

/** @type {Player | null} */
let current = null;

/** Dash has an answer: the first one of a page, or to what the player asked. @param {any} answer @param {any} opened @returns {any} */
export const open = (answer, opened) => {
  const kind = answer?.scene?.kind;
  if (kind in FETCHED && !SCENES[kind]) return FETCHED[kind]().then(() => open(answer, opened));
  const root = document.getElementById("player");
  if (!root || !answer) return null;
  if (current?.root !== root) {
    current?.leave();
    current = new Player(root, opened);
    current.desk.begin(answer);
  } else current.desk.answered(answer);
  return answer.serial;
};

/** Dash has the derivatives by JAX and by differences. @param {any} proof */
export const prove = (proof) => {
  if (proof && proof.serial === current?.answer?.serial) current?.parts.prove(proof.derivatives);
  return null;
};

/** Gives data to a store of the page, whose callback asks the server. @param {string} store @param {any} data */
const tellDash = (store, data) => /** @type {any} */ (window).dash_clientside.set_props(store, { data });

export class Player {
  /** @param {HTMLElement} root @param {any} opened what the query asks for */
  constructor(root, opened) {
    this.root = root;
    this.drawn = -1; // the serial of the problem whose proof was asked for
    this.proving = 0;
    this.detail = "neuron";
    this.k = 0;
    this.chosen = "";
    /** @type {Set<number>} */
    this.lit = new Set();
    this.instance = -1; // a sample that a person looks at, until the next step
    this.covers = false;
    this.stage = SHOWN;
    this.pace = 1;
    this.timer = 0;
    this.sampleCount = 1;
    /** @type {any} the answer that is shown */
    this.answer = null;
    /** @type {Walkthrough} none until the first answer */
    this.walk = /** @type {any} */ (null);
    /** @type {View} */
    this.view = /** @type {any} */ (null);
    /** @type {Scene | null} */
    this.scene = null;
    /** @type {import("./room/twin.mjs").Twin | undefined} while the drawing is shown as a table */
    this.twin = undefined;
    /** @type {import("./room/tour.mjs").Tour | undefined} */
    this.tour = undefined;
    this.isGuest = Boolean(opened?.step || parse(location.hash).step); // came for a step
    /** @type {import("./panel/panel.mjs").Panel | undefined} from when it is first wanted */
    this.panel = undefined;
    /** @type {import("./compare/beside.mjs").Beside | undefined} another problem to compare with */
    this.beside = undefined;
    this.stop = new AbortController();
    this.at = furnish(root);
    const choose = (/** @type {string} */ name) => this.choose(name);
    const goTo = (/** @type {number} */ k) => this.go(k);
    this.banner = new Banner(this.at.banner);
    this.say = (/** @type {string} */ text) => this.banner.say(text);
    this.desk = new Desk(opened, (request) => tellDash("player-request", request), {
      show: (answer, place) => this.show(answer, place),
      place: () => ({ step: String(this.k), detail: this.detail }),
      compare: (request) => this.compare(request, "the other one"),
      complain: (title, faults) => this.banner.complain(title, faults),
      note: (text, action) => this.banner.note(text, action),
      say: this.say,
    });
    this.strip = new Strip(this.at.strip);
    this.ledger = new Ledger(this.at.ledger, { choose, goTo });
    this.parts = new Parts(this.at.parts, { choose, goTo, light: (ids) => this.light(ids) });
    this.controls = new Controls(this.at.controls, {
      go: (key) => this.press(key, false),
      seek: goTo,
      detail: (name) => this.setDetail(name),
      play: () => this.play(),
      pace: (pace) => this.setPace(pace),
      say: this.say,
    });
    this.hands = new Hands(this, this.stop.signal);
    this.at.share.replaceWith(...menu("share", "Share", SHARES, (of) => ACTIONS[of](this), this.stop.signal));
    this.showing = new Showing(root, this.at.scene, this.at.strip, {
      now: () => ({ view: this.view, answer: this.answer, scene: /** @type {Scene} */ (this.scene) }),
      say: this.say,
      choose,
    });
    this.resized = new ResizeObserver(() => this.#measured());
    this.#rewrite();
    this.#listen();
    if (isProjecting()) this.project();
  }

  #listen() {
    const { signal } = this.stop;
    document.addEventListener("nncalc:numbers", () => this.#rewrite(), { signal });
    window.addEventListener("hashchange", () => this.desk.addressChanged(), { signal });
    this.resized.observe(this.at.scene);
  }

  #measured() {
    if (!this.root.isConnected) return this.leave();
    if (!this.walk) return;
    this.scene?.measure();
    this.beside?.measure();
    this.ledger.measure();
    this.draw();
    this.hands.measure();
  }

  /** The page is gone. */
  leave() {
    if (current === this) current = null;
    this.stop.abort();
    this.resized.disconnect();
    clearInterval(this.timer);
    clearTimeout(this.proving);
    this.desk.leave();
    this.showing.leave();
    this.tour?.leave();
    if (document.documentElement.dataset.mode === "projector") this.project();
  }

  /** Shows a problem, or without one the one that is shown, at a place; without a place at the same kind of step. @param {any} answer @param {import("./address.mjs").Place | null} place */
  show(answer, place) {
    const before = this.walk;
    if (answer) this.#take(answer, Boolean(place));
    this.#askForProof(place ? 0 : REST);
    if (!place) this.setPlace(this.detail, before ? this.#sameStep(before) : "");
    else this.setPlace(!answer && !DETAILS.includes(place.detail) ? this.detail : place.detail, place.step);
  }

  /** The step that is most like the one of the problem before. */
  #sameStep(/** @type {Walkthrough} */ before) {
    const detail = this.#offered(this.detail);
    const k = detail === this.detail ? this.k : before.stepAt(detail, before.within(this.detail, this.k).at(-1)?.neuron ?? 0);
    return String(samePlace(before, detail, k, this.walk));
  }

  /** Takes a problem in; nothing is drawn yet. @param {any} answer @param {boolean} isFresh whether it is another one, and not a change */
  #take(answer, isFresh) {
    this.answer = answer;
    this.walk = new Walkthrough(answer.walkthrough);
    this.chosen = "";
    this.lit = new Set();
    this.scene = null;
    this.parts.derivatives = null;
    this.at.changed.hidden = !this.desk.isChanged;
    this.at.undo.toggleAttribute("disabled", !this.desk.past.beside(-1));
    this.at.redo.toggleAttribute("disabled", !this.desk.past.beside(1));
    this.panel?.show(answer, isFresh);
    write(this.at.title, answer.walkthrough.title || "A problem of your own");
    put(this.at.title, "title", answer.walkthrough.title);
    this.at.notes.replaceChildren(...[answer.notes, answer.source && `Source: ${answer.source}`].filter(Boolean).map((text) => html("p", {}, text)));
    this.at.about.hidden = !this.at.notes.childElementCount;
    this.banner.clear();
    this.banner.note(noteOfSize(answer.walkthrough));
  }

  /** A detail that this problem can be walked through at: the one that is wished for, if possible. */
  #offered(/** @type {string} */ wish) {
    const offered = this.walk.offered.filter(({ why }) => !why).map(({ name }) => name);
    return offered.includes(wish) ? wish : offered.includes("neuron") ? "neuron" : offered[0];
  }

  /** The part of an address that says where. @param {string} detail @param {string} step */
  setPlace(detail, step) {
    this.detail = this.#offered(detail);
    this.k = stepOf(step, this.walk.count(this.detail));
    this.instance = -1;
    this.#coverAgain();
    this.draw();
    this.#welcome();
  }

  /** The derivatives in two other ways, once per problem; while it is being changed, not before a hand rests. */
  #askForProof(/** @type {number} */ rest) {
    const { document, serial } = this.answer;
    clearTimeout(this.proving);
    if (serial !== this.drawn) this.proving = window.setTimeout(() => ((this.drawn = serial), tellDash("player-drawn", { document, serial })), rest);
  }

  // What is seen

  draw() {
    const chosen = this.chosen ? (this.walk.index.get(this.chosen) ?? -1) : -1;
    const covered = this.stage < SHOWN;
    const view = new View(this.walk, this.detail, this.k, { chosen, lit: this.lit, instance: this.instance, covered, hinted: this.stage > ASKED });
    this.view = view;
    this.scene ??= this.makeScene(this.at.scene, this.walk, this.answer);
    this.ledger.show(view);
    this.scene.show(view);
    this.scene.follow();
    this.strip.show(view);
    this.parts.show(view);
    this.showing.show(view);
    this.controls.show(view);
    this.beside?.show(view);
    this.#samples(view);
    put(this.root, "data-step", String(this.k));
    put(this.root, "data-steps", String(this.walk.count(this.detail)));
    put(this.root, "data-detail", this.detail);
    put(this.root, "data-covered", String(covered));
    this.twin?.show(view);
    put(this.root, "data-serial", String(this.answer.serial));
    put(this.root, "data-ready", "true");
    write(this.at.live, this.#spoken(view));
    this.ledger.settle();
  }

  /** The step as a sentence, with its result where that is shown. */
  #spoken(/** @type {View} */ view) {
    const sentence = this.strip.sentence.textContent ?? "";
    if (view.chosen >= 0) return `${sentence} ${view.spoken(view.chosen)}`;
    return view.covered || view.steps.length > 1 ? sentence : `${sentence} Result: ${view.walk.result(view.steps[0]).text}`;
  }

  /** @param {HTMLElement} host @param {Walkthrough} walk @param {any} answer */
  makeScene(host, walk, { scene, given }) {
    return new SCENES[scene.kind](host, walk, scene, new Set(given), this.desk);
  }

  /** Which sample is drawn, where there are several. */
  #samples(/** @type {View} */ view) {
    const block = this.walk.block("x", "", view.iteration);
    const { kind } = this.answer.scene;
    const count = block && kind === "maps" ? block.shape[0] : block && ["network", "neuron"].includes(kind) ? block.shape.slice(0, -1).reduce((/** @type {number} */ a, /** @type {number} */ b) => a * b, 1) : 1;
    this.at.samples.hidden = count < 2;
    if (count > 1) write(this.at.sample, `sample ${Math.min(view.instance, count - 1) + 1} of ${counted(count)}`);
    this.sampleCount = count;
  }

  // Moving

  /** @param {number} k */
  go(k) {
    const steps = this.walk.count(this.detail);
    const to = Math.min(Math.max(k, 0), steps - 1);
    this.chosen = "";
    this.lit = new Set();
    this.instance = -1;
    if (to !== this.k) this.#coverAgain();
    this.k = to;
    this.banner.say("");
    this.draw();
    this.desk.stepped();
    if (this.timer && to === steps - 1) this.play(false);
  }

  /** The same number, at another granularity. @param {string} name */
  setDetail(name) {
    const neuron = this.walk.within(this.detail, this.k).at(-1)?.neuron ?? 0;
    this.detail = name;
    this.instance = -1;
    this.k = this.walk.stepAt(name, neuron);
    this.draw();
    this.desk.stepped();
  }

  /** @param {boolean} [on] */
  play(on = !this.timer) {
    clearInterval(this.timer);
    this.timer = 0;
    if (on) {
      if (this.k === this.walk.count(this.detail) - 1) this.go(0);
      this.timer = window.setInterval(() => this.press("ArrowRight", false), PACE / this.pace);
    }
    this.controls.playing(on);
  }

  /** @param {number} pace */
  setPace(pace) {
    this.pace = pace;
    if (this.timer) this.play(true);
  }

  /** A key of the player. @param {string} key @param {boolean} shift @returns {boolean} whether there is such a key */
  press(key, shift) {
    if (!this.walk) return false;
    const digit = Number(key);
    if (digit >= 1 && digit <= DETAILS.length) return this.#digit(digit - 1), true;
    switch (key) {
      case "ArrowRight":
      case "PageDown":
        if (this.stage < SHOWN) this.#tellMore();
        else this.go(shift ? unitAfter(this.walk, this.detail, this.k) : this.k + 1);
        return true;
      case "ArrowLeft":
      case "PageUp":
        this.go(shift ? unitBefore(this.walk, this.detail, this.k) : this.k - 1);
        return true;
      case "ArrowDown":
        this.go(chapterAfter(this.walk, this.detail, this.k));
        return true;
      case "ArrowUp":
        this.go(chapterBefore(this.walk, this.detail, this.k));
        return true;
      case "Home":
        this.go(0);
        return true;
      case "End":
        this.go(Infinity);
        return true;
      case " ":
        this.play();
        return true;
      case "Enter":
        if (this.stage < SHOWN) this.#tellMore();
        else this.choose(this.walk.names[this.view.target]);
        return true;
      case "Escape":
        this.escape();
        return true;
    }
    const action = LETTERS[key.toLowerCase()];
    if (action) ACTIONS[action](this);
    return Boolean(action);
  }

  #digit(/** @type {number} */ k) {
    const { name, why } = this.walk.offered[k];
    if (why) this.banner.say(why);
    else this.setDetail(name);
  }

  #tellMore() {
    this.stage++;
    this.draw();
  }

  #coverAgain() {
    this.stage = this.covers ? ASKED : SHOWN;
  }

  /** Leaves a choice, or else the projector mode. */
  escape() {
    if (this.chosen || this.lit.size) {
      this.chosen = "";
      this.lit = new Set();
      this.draw();
    } else if (document.documentElement.dataset.mode === "projector") this.project();
  }

  project() {
    const { dataset } = document.documentElement;
    const on = dataset.mode !== "projector";
    if (on) dataset.mode = "projector";
    else delete dataset.mode;
    keepProjecting(on);
    project(this.root, on, () => this.project());
    this.tour?.leave();
    this.#measured();
  }

  /** The drawing as a table, or as a drawing again. */
  async asTable() {
    if (this.twin) return void (this.twin = this.twin.leave());
    const loaded = await load(LATER.twin, this.say);
    if (loaded) this.twin ??= new loaded.Twin(this.at.stage, this.view);
  }

  /** A first visit begins with the tour; one that leads to a step does not: that step is what one came for. */
  #welcome() {
    const isFirst = !this.isGuest && document.documentElement.dataset.mode !== "projector" && isFirstTime("tour");
    this.isGuest = true;
    if (isFirst) this.guide();
  }

  async guide() {
    const loaded = await load(LATER.tour, this.say);
    this.tour?.leave();
    if (loaded && this.root.isConnected) this.tour = new loaded.Tour(this.root);
  }

  /** Numbers are written in another form: what is shown is shown anew. */
  #rewrite() {
    useComma(document.documentElement.dataset.numbers === "comma");
    if (!this.answer) return;
    this.walk = new Walkthrough(this.answer.walkthrough);
    this.scene = null;
    this.beside?.rewrite();
    this.draw();
  }

  cover() {
    this.covers = !this.covers;
    this.#coverAgain();
    this.banner.say(this.covers ? "Results are covered: → gives a hint, → again shows the result, then it goes on. C uncovers them." : "");
    this.draw();
  }

  // Choosing and changing

  /** @param {string} name */
  choose(name) {
    const plain = name.replace(/\.(terms|sums)\[\d+\]$|\.slope$/, "");
    if (!this.walk.index.has(plain)) return;
    this.chosen = plain;
    this.lit = new Set();
    this.draw();
  }

  /** @param {number[] | null} ids */
  light(ids) {
    this.lit = new Set(ids ?? []);
    const { chosen, covered, hinted } = this.view;
    this.view = new View(this.walk, this.detail, this.k, { chosen, lit: this.lit, instance: this.instance, covered, hinted });
    this.scene?.show(this.view);
  }

  /** Another sample is drawn, until the next step. @param {number} by */
  turn(by) {
    this.instance = (this.view.instance + by + this.sampleCount) % this.sampleCount;
    this.draw();
  }

  /** The form of the problem at the side, or the working. @param {boolean} [shown] */
  async showPanel(shown = this.at.side.dataset.tab !== "panel") {
    const loaded = shown ? await load(LATER.panel, this.say) : null;
    this.at.side.dataset.tab = loaded ? "panel" : "working";
    for (const tab of this.at.tabs) put(tab, "aria-pressed", String(tab.dataset.act === this.at.side.dataset.tab));
    if (!loaded) return this.#measured();
    this.panel ??= new loaded.Panel(this.at.panel, this.desk);
    this.panel.show(this.answer);
    if (!this.at.panel.contains(document.activeElement)) this.at.panel.focus({ preventScroll: true });
  }

  /** Another problem beside this one; without one, this one alone again. @param {any} request @param {string} [label] */
  compare(request, label = "") {
    const take = async (/** @type {any} */ answer) => {
      const loaded = answer ? await load(LATER.compare, this.say) : null;
      this.beside?.leave();
      this.beside = loaded ? new loaded.Beside(this, answer, label) : undefined;
      this.desk.beside = answer?.link ?? "";
      this.#measured();
      this.desk.stepped();
    };
    if (!request) return take(undefined);
    this.desk.read(request, take);
  }
}
