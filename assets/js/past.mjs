// @ts-check
/** Undo and redo: the problems one has come through, each as its document. Knows no screen. */

const MOST = 200;
const MOST_LETTERS = 2_000_000; // what a browser keeps for a site is about 5 million

export class Past {
  /** @param {any} [kept] what `toJSON` gave */
  constructor(kept) {
    /** @type {{document: any, gesture: string}[]} */
    this.entries = Array.isArray(kept?.entries) ? kept.entries : [];
    this.at = Math.min(Math.max(Number(kept?.at) || 0, 0), Math.max(this.entries.length - 1, 0));
  }

  /** A problem is shown; with the same gesture as the one before (a slider that is drawn) it takes its place. @param {any} document @param {string} [gesture] */
  push(document, gesture = "") {
    const here = this.entries[this.at];
    if (here && JSON.stringify(here.document) === JSON.stringify(document)) return;
    this.entries.length = here ? this.at + 1 : 0;
    if (gesture && here?.gesture === gesture) this.entries.pop();
    this.entries.push({ document, gesture });
    if (this.entries.length > MOST) this.entries.shift();
    this.at = this.entries.length - 1;
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
