// @ts-check
/** The problem that is worked on: opened, changed, undone, kept, and written into the address. */

import { Address, HERE, parse } from "./address.mjs";
import { Conversation } from "./conversation.mjs";
import { Memory } from "./memory.mjs";
import { Past, same } from "./past.mjs";

/** @typedef {import("./address.mjs").Place} Place */
/** @typedef {import("./banner.mjs").Fault} Fault */

/**
 * @typedef {object} Hooks
 * @property {(answer: any, place: Place | null) => void} show shows a problem, without a place at the same kind of step as before
 * @property {() => Place} place where one is
 * @property {(request: any) => void} compare shows another problem beside, or with nothing none
 * @property {(title: string, faults: Fault[]) => void} complain
 * @property {(text: string, action?: {label: string, act: () => void}) => void} note
 * @property {(text: string) => void} say
 */

/** @typedef {{gesture?: string, refuse?: (faults: Fault[]) => void, then?: () => void, tell?: (text: string) => void}} Wishes */

const START = { step: "", detail: "" };
const LOST = "The problem of this link is too large for a link, and kept only in the browser that it was made in. Ask for its file, and open that.";

export class Desk {
  /** @param {any} opened what the page was opened with @param {(request: any) => void} send @param {Hooks} hooks */
  constructor(opened, send, hooks) {
    this.opened = opened;
    this.hooks = hooks;
    this.conversation = new Conversation((request) => send({ ...request, page: opened.page }), hooks.say);
    this.address = new Address();
    this.memory = new Memory(opened.page);
    this.past = new Past(this.memory.past);
    /** @type {any} the answer that is shown */
    this.answer = null;
    this.beside = ""; // the link of a problem to compare with
    this.leaving = () => this.memory.keepNow();
    addEventListener("pagehide", this.leaving);
  }

  leave() {
    removeEventListener("pagehide", this.leaving);
    this.memory.keepNow();
    this.conversation.leave();
    this.address.forget();
  }

  /** The page has opened: the fragment is asked for first, then the query, then what one worked on last. @param {any} answer */
  begin(answer) {
    const asked = parse(location.hash);
    const query = { step: this.opened.step, detail: this.opened.detail };
    if (asked.problem === HERE) return this.#recall(answer, asked, this.memory.work, LOST);
    if (asked.problem && asked.problem !== answer.link) return this.#follow(asked, () => this.#accept(answer, query, { isFirst: true, placed: false }));
    const work = asked.problem || this.opened.asked ? null : this.memory.work;
    if (work && !same(work.document, answer.document)) return this.#recall(answer, work, work, "");
    this.#accept(answer, asked.problem || asked.step ? asked : query, { isFirst: true });
  }

  /** Shows what is kept in this browser. @param {any} answer what is shown without it @param {Place} place @param {import("./memory.mjs").Work | null} work @param {string} lost */
  #recall(answer, place, work, lost) {
    const instead = () => {
      this.#accept(answer, START, { isFirst: true, placed: false });
      if (lost) this.hooks.complain("This link can't be opened:", [{ place: "", message: lost }]);
    };
    if (!work) return instead();
    this.conversation.askAnew(() => ({ document: work.document }), (kept) => {
      if (kept.faults) return instead();
      this.#accept(kept, place, { isFirst: true });
      if (!lost) this.hooks.note("This is what you worked on last.", { label: "Start anew", act: () => this.open({ example: this.opened.first }) });
    });
  }

  /** The problem of a link. @param {import("./address.mjs").Asked} asked @param {() => void} [instead] what is shown if it can't be opened */
  #follow(asked, instead = () => {}) {
    this.conversation.askAnew(() => ({ link: asked.problem }), (answer) => {
      if (!answer.faults) return this.#accept(answer, asked, { isFirst: true });
      instead();
      this.hooks.complain("This link can't be opened:", answer.faults);
    });
  }

  /** @param {any} answer */
  answered(answer) {
    this.conversation.answered(answer);
  }

  /** @param {any} answer @param {(Place & {beside?: string}) | null} place @param {{isFirst?: boolean, placed?: boolean, past?: {gesture?: string, isOpened?: boolean}}} [how] `isFirst`: the address has it already; `past`: a new entry there, or where none is given perhaps a known one */
  #accept(answer, place, { isFirst = false, placed = true, past } = {}) {
    if (answer.faults) {
      const explain = () => this.hooks.complain("This problem can't be shown:", answer.faults);
      if (this.answer) return explain();
      return this.conversation.askAnew(() => ({ example: this.opened.first }), (first) => (this.#accept(first, START, { isFirst: true, placed: false }), explain()));
    }
    const goesOn = this.past.goesOn(past?.gesture ?? "");
    if (past || !this.past.goTo(answer.document)) this.past.push(answer.document, past ?? { isOpened: true });
    this.answer = answer;
    this.hooks.show(answer, place);
    if (place?.beside !== undefined) this.#compare(place.beside);
    if (placed) this.address.place(this.fragment, isFirst || goesOn);
    this.#keep();
  }

  /** What the address says of a problem to compare with. */
  #compare(/** @type {string} */ link) {
    if (link === this.beside) return;
    this.beside = link;
    this.hooks.compare(link ? { link } : null);
  }

  #keep() {
    const { document } = this.answer;
    this.memory.keep(() => ({ work: { document, ...this.hooks.place() }, past: this.past }));
  }

  /** Whether it is another problem than the one that was opened. */
  get isChanged() {
    return !same(this.past.origin, this.answer.document);
  }

  /** Whether there is more to come than the answer that is being shown. */
  get asksOn() {
    return this.conversation.questions.length > 1;
  }

  get fragment() {
    return Address.fragment(this.answer.link, this.hooks.place(), this.beside);
  }

  /** Another step is shown. */
  stepped() {
    this.address.follow(this.fragment);
    this.#keep();
  }

  /** The problem with a change, which can be undone. @param {any} edit see `nncalc.editing` @param {Wishes} [wishes] */
  change(edit, { gesture = "", refuse, then, tell = this.hooks.say } = {}) {
    this.conversation.ask(
      () => ({ document: this.answer.document, edit }),
      (answer) => {
        if (answer.faults) return (refuse ?? ((faults) => this.hooks.complain("This change is not possible:", faults)))(answer.faults);
        this.#accept(answer, null, { past: { gesture } });
        if (answer.told) tell(answer.told);
        then?.();
      },
      gesture,
    );
  }

  /** Another problem, which can be undone. @param {any} request its `document`, `link`, `text` or `example` @param {Wishes} [wishes] */
  open(request, { refuse, then } = {}) {
    this.conversation.ask(() => request, (answer) => {
      if (answer.faults) return (refuse ?? ((faults) => this.hooks.complain("This problem can't be opened:", faults)))(answer.faults);
      this.#accept(answer, START, { past: { isOpened: true } });
      then?.();
    });
  }

  /** A problem that is only looked at. @param {any} request @param {(answer: any) => void} then */
  read(request, then) {
    this.conversation.ask(() => request, (answer) => {
      if (answer.faults) this.hooks.complain("This problem can't be opened:", answer.faults);
      else then(answer);
    });
  }

  /** Undo or redo; says whether there is something. @param {-1 | 1} by */
  move(by) {
    if (!this.past.beside(by) && !this.conversation.isBusy) return false; // a change on its way can be undone, too
    this.conversation.ask(() => ({ document: this.past.beside(by) ?? this.answer.document }), (answer) => {
      if (answer.faults) return this.hooks.complain("This problem can't be shown:", answer.faults);
      this.past.move(by);
      this.#accept(answer, null);
    });
    return true;
  }

  /** Somebody else has written the address: Back, Forward, a pasted link. */
  addressChanged() {
    this.address.forget();
    const asked = parse(location.hash);
    if (!this.answer || (!asked.problem && !asked.step)) return;
    const link = this.answer.link ?? HERE;
    if (asked.problem && asked.problem !== link && asked.problem !== HERE) return this.#follow(asked);
    this.hooks.show(null, asked);
    this.#compare(asked.beside);
    this.#keep();
  }
}
