// @ts-check
/** What is loaded when it is wanted, or once a person moves: printing can't wait for it, and a server may be gone by then. */

export const LATER = {
  compare: () => import("./compare/beside.mjs"),
  copy: () => import("./copy/step.mjs"),
  matrix: () => import("./matrix/panel.mjs"),
  open: () => import("./open/open.mjs"),
  panel: () => import("./panel/panel.mjs"),
  paper: () => import("./paper/transcript.mjs"),
  save: () => import("./save/drawing.mjs"),
  share: () => import("./open/share.mjs"),
  tour: () => import("./room/tour.mjs"),
  twin: () => import("./room/twin.mjs"),
};

const LOST = "This needs the server once, and it can't be reached.";
const WARMING = 1500; // milliseconds after the first sign of a person
const SIGNS = ["pointermove", "pointerdown", "keydown"];

/** What a person has asked for now; null, and it is said why, if it can't be had. @template T @param {() => Promise<T>} part @param {(text: string) => void} say @returns {Promise<T | null>} */
export const load = async (part, say) => {
  try {
    return await part();
  } catch {
    say(LOST);
    return null;
  }
};

/** Loads everything once a person is there; at once after Ctrl or ⌘, which may be about to print. @param {AbortSignal} signal @param {() => void} then */
export const loadLater = (signal, then) => {
  let timer = 0;
  let began = false;
  const all = () => {
    if (began || signal.aborted) return;
    began = true;
    Promise.all(Object.values(LATER).map((part) => part())).then(then, () => (began = false));
  };
  const expect = (/** @type {Event} */ event) => {
    if (event instanceof KeyboardEvent && (event.ctrlKey || event.metaKey)) all();
    else timer ||= window.setTimeout(() => ((timer = 0), all()), WARMING);
  };
  for (const sign of SIGNS) window.addEventListener(sign, expect, { signal, passive: true });
};
