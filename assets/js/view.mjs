// @ts-check
/** What is seen at a step: the state of every quantity is a function of the step alone. */

/** @typedef {import("./walkthrough.mjs").Walkthrough} Walkthrough */
/** @typedef {import("./walkthrough.mjs").Step} Step */
/** @typedef {"empty" | "known" | "read" | "written"} State */

const PHASE = /(Forward|Loss|Backward|Update|After)$/;

export class View {
  /**
   * @param {Walkthrough} walk @param {string} detail @param {number} k
   * @param {{chosen?: number, lit?: Set<number>, instance?: number, covered?: boolean, hinted?: boolean}} [more] what a
   *   person has chosen, the path that is lit, a sample to look at, −1 for that of the step; whether the result is covered,
   *   and with it, until there is a hint, what it is worked out from
   */
  constructor(walk, detail, k, { chosen = -1, lit = new Set(), instance = -1, covered = false, hinted = true } = {}) {
    this.walk = walk;
    this.detail = detail;
    this.k = k;
    this.chosen = chosen;
    this.lit = lit;
    this.covered = covered;
    this.hinted = hinted || !covered;
    this.at = walk.writtenAt(detail);
    this.steps = walk.within(detail, k);
    const last = this.steps[this.steps.length - 1];
    this.chapter = walk.chapterOf(last);
    this.phase = PHASE.exec(this.chapter)?.[1] ?? "Forward";
    this.target = walk.target(last);
    this.iteration = walk.iterationOf(this.target);
    this.writes = new Set(this.steps.filter((s) => this.at[walk.target(s)] === k && s.kind !== "slope").map((s) => walk.target(s)));
    this.reads = new Set(this.steps.flatMap((s) => walk.reads(s)));
    /** What is being worked out, and not done yet. */
    this.aim = this.writes.has(this.target) ? -1 : this.target;
    this.instance = instance >= 0 ? instance : this.#sample();
    this.showsGradients = this.phase === "Backward" || this.phase === "Update";
  }

  /** The sample that the step is about, or of what is over all samples the first that it reads. */
  #sample() {
    const own = this.walk.instanceOf(this.target);
    if (own >= 0) return own;
    for (const id of this.reads) {
      const sample = this.walk.instanceOf(id);
      if (sample >= 0) return sample;
    }
    return 0;
  }

  /** @param {number} id @returns {State} */
  state(id) {
    if (this.writes.has(id)) return "written";
    if (this.at[id] > this.k) return "empty";
    return this.reads.has(id) && this.hinted ? "read" : "known";
  }

  /** How a number stands that may be a product or a running sum. @param {string} name @returns {State} */
  stateOf(name) {
    const id = this.walk.index.get(name);
    if (id !== undefined) return this.state(id);
    return this.walk.result(this.steps[0]).name === name ? "written" : "read";
  }

  /** How an operation inside of a step stands: with the number that the step works out, or at single operations before it. @param {number} id @param {number} line @param {number} row @param {number} part @returns {State} */
  stateOfPart(id, line, row, part) {
    if (this.detail !== "operation") return this.state(id);
    const at = this.walk.steps("operation").findIndex((s) => s.kind === "part" && s.line === line && s.row === row && s.part === part);
    if (this.k < at) return "empty";
    return this.k === at ? "written" : this.state(id) === "written" ? "read" : "known";
  }

  /** @param {number} id */
  isMarked(id) {
    return id >= 0 && ((this.reads.has(id) && this.hinted) || this.writes.has(id) || id === this.aim);
  }

  /** The text of a quantity in a drawing. @param {number} id */
  text(id) {
    const state = this.state(id);
    if (state === "empty") return "";
    if (this.covered && state === "written") return "?";
    return this.walk.drawn(id);
  }

  /** A quantity as it is read aloud. @param {number} id */
  spoken(id) {
    const text = this.text(id);
    return `${this.walk.words(id)} ${text || "not computed yet"}`;
  }
}
