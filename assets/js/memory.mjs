// @ts-check
/** What one works on is kept in the browser: for this tab across a reload, for all of them across a closed tab. */

const PREFIX = "nncalc:";

/** @param {Storage} storage @param {string} key @returns {any} null where nothing is kept, or nothing that can be read */
const load = (storage, key) => {
  try {
    return JSON.parse(storage.getItem(PREFIX + key) ?? "null");
  } catch {
    return null;
  }
};

/** Whether there was room for it. @param {Storage} storage @param {string} key @param {any} value */
const store = (storage, key, value) => {
  try {
    storage.setItem(PREFIX + key, JSON.stringify(value));
    return true;
  } catch {
    return false; // a browser may allow nothing, or be full: the address still holds the problem
  }
};

/** @typedef {{document: any, step: string, detail: string}} Work */

/** Whether something happens for the first time in this browser; where nothing can be kept it never does. @param {string} what */
export const isFirstTime = (what) => load(localStorage, what) === null && store(localStorage, what, true);

/** Whether this tab projects: F5, a key of presenters' remotes, must not end it. */
export const isProjecting = () => load(sessionStorage, "projects") === true;

/** @param {boolean} on */
export const keepProjecting = (on) => store(sessionStorage, "projects", on);

export class Memory {
  /** @param {string} page what is worked on differs by page */
  constructor(page) {
    this.page = page;
    this.timer = 0;
  }

  /** What was worked on last, in this tab or in another one. @returns {Work | null} */
  get work() {
    return load(sessionStorage, `work:${this.page}`) ?? load(localStorage, `work:${this.page}`);
  }

  /** @returns {any} */
  get past() {
    return load(sessionStorage, `past:${this.page}`);
  }

  /** Kept once a hand rests, or now if the page goes. @param {() => {work: Work, past: any}} take */
  keep(take) {
    clearTimeout(this.timer);
    this.take = take;
    this.timer = window.setTimeout(() => this.keepNow(), 300);
  }

  keepNow() {
    clearTimeout(this.timer);
    if (!this.take) return;
    const { work, past } = this.take();
    store(sessionStorage, `work:${this.page}`, work);
    store(localStorage, `work:${this.page}`, work);
    store(sessionStorage, `past:${this.page}`, past);
    this.take = undefined;
  }
}
