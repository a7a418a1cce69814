// @ts-check
/** Undo and redo: the problems one has come through, each as its document. Knows no screen. */

const MOST = 200;
const MOST_LETTERS = 2_000_000; // what a browser keeps for a site is about 5 million

/** @typedef {{document: any, gesture: string, isOpened: boolean}} Entry `isOpened`: it was opened, not made of the one before */

export class Past {
  /** @param {any} [kept] what `toJSON` gave */
  constructor(kept) {
    /** @type {Entry[]} */
    this.entries = Array.isArray(kept?.entries) ? kept.entries.filter((/** @type {any} */ entry) => entry?.document) : [];
    this.at = Math.min(Math.max(Number(kept?.at) || 0, 0), Math.max(this.entries.length - 1, 0));
  }

  /** A problem is shown; with the same gesture as the one before (a slider that is drawn) it takes its place. @param {any} document @param {{gesture?: string, isOpened?: boolean}} [how] */
  push(document, { gesture = "", isOpened = false } = {}) {
    const here = this.entries[this.at];
    if (here && same(here.document, document)) return;
    this.entries.length = here ? this.at + 1 : 0;
    if (this.goesOn(gesture)) this.entries.pop();
    this.entries.push({ document, gesture, isOpened });
    if (this.entries.length > MOST) this.entries.shift();
    this.at = this.entries.length - 1;
  }

  /** Whether a gesture is the one that made the problem that is shown. @param {string} gesture */
  goesOn(gesture) {
    return gesture !== "" && this.entries[this.at]?.gesture === gesture;
  }

  /** A problem that one has come through is shown again; false if it is none of them. @param {any} document */
  goTo(document) {
    const places = this.entries.map((_, k) => k).filter((k) => same(this.entries[k].document, document));
    if (!places.length) return false;
    this.at = places.reduce((best, k) => (Math.abs(k - this.at) < Math.abs(best - this.at) ? k : best));
    return true;
  }

  /** The document as it was opened, before all changes. */
  get origin() {
    const found = this.entries.slice(0, this.at + 1).findLast(({ isOpened }) => isOpened) ?? this.entries[0];
    return found?.document;
  }

  /** The document that a move of −1 (undo) or 1 (redo) leads to. @param {-1 | 1} by */
  beside(by) {
    return this.entries[this.at + by]?.document;
  }

  /** @param {-1 | 1} by */
  move(by) {
    if (this.beside(by)) this.at += by;
  }

  /** For keeping: the nearest ones, as many as there is room for. */
  toJSON() {
    const { at, entries } = this;
    let [first, last, letters] = [at, at, 0];
    const fits = (/** @type {number} */ k) => entries[k] && (letters += JSON.stringify(entries[k]).length) <= MOST_LETTERS;
    if (!fits(at)) return { entries: [], at: 0 };
    while (fits(first - 1)) first--;
    while (fits(last + 1)) last++;
    return { entries: entries.slice(first, last + 1), at: at - first };
  }
}

/** Whether two documents are the same, to the letter. */
export const same = (/** @type {any} */ one, /** @type {any} */ other) => JSON.stringify(one) === JSON.stringify(other);
