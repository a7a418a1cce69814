// @ts-check
/** The address holds what is seen: `#problem=…&step=…&detail=…`. Only the player writes it. */

/** @typedef {{step: string, detail: string}} Place */

/** Stands for a problem that is too large for a link: only this browser has it. */
export const HERE = "here";
const PAUSE = 300; // milliseconds: browsers limit how often the address may change

/** `beside`: a problem to compare with. @typedef {{problem: string, beside: string} & Place} Asked */

/** @param {string} hash @returns {Asked} */
export const parse = (hash) => {
  const found = new URLSearchParams(hash.replace(/^#/, ""));
  return { problem: found.get("problem") ?? "", beside: found.get("beside") ?? "", step: found.get("step") ?? "", detail: found.get("detail") ?? "" };
};

/** A step as somebody wrote it, within what there is. @param {string} text @param {number} steps */
export const stepOf = (text, steps) => {
  const step = Number(text);
  return Number.isInteger(step) ? Math.min(Math.max(step, 0), steps - 1) : 0;
};

export class Address {
  constructor() {
    this.timer = 0;
  }

  /** @param {string | null} problem a link, or null where it is too large for one @param {Place} place @param {string} [beside] */
  static fragment(problem, { step, detail }, beside = "") {
    return `#problem=${problem ?? HERE}&step=${step}&detail=${detail}${beside && `&beside=${beside}`}`;
  }

  /** What was to be written is not to be any more: somebody else has. */
  forget() {
    clearTimeout(this.timer);
  }

  /** A new problem is a new place in the history. @param {string} fragment @param {boolean} isFirst */
  place(fragment, isFirst) {
    this.forget();
    if (location.hash === fragment) return;
    history[isFirst ? "replaceState" : "pushState"](history.state, "", fragment);
  }

  /** Steps replace each other, once a hand rests. @param {string} fragment */
  follow(fragment) {
    this.forget();
    const before = location.hash;
    this.timer = window.setTimeout(() => {
      const isOpening = location.hash !== before; // somebody has typed another address, and the page is about to be told
      if (!isOpening && before !== fragment) history.replaceState(history.state, "", fragment);
    }, PAUSE);
  }
}
