// @ts-check
/** What the page asks of the server: one question at a time, asked again when the server was away. Knows no screen. */

const PATIENCE = 400; // milliseconds until it is said that something is being worked out
const DOUBT = 2_000; // until the server is asked whether it is there
const LATE = 15_000;

const WORKING = "Working it out …";
const SLOW = "This takes long. The server is still there and working on it; you can go on stepping meanwhile.";
const AWAY = "The server can't be reached. You can go on stepping; what you asked for is kept, and sent as soon as the server is back.";

/**
 * @typedef {object} Question
 * @property {() => any} make the request, made when its turn has come
 * @property {(answer: any) => void} then
 * @property {string} gesture of several questions of one gesture that wait, only the last is asked
 */

export class Conversation {
  /** @param {(request: any) => void} send @param {(text: string) => void} say @param {() => Promise<boolean>} [isThere] whether the server answers at all */
  constructor(send, say, isThere = health) {
    this.send = send;
    this.say = say;
    this.isThere = isThere;
    this.serial = 0;
    /** @type {Question[]} the first is on its way */
    this.questions = [];
    this.timer = 0;
  }

  /** @param {() => any} make @param {(answer: any) => void} then @param {string} [gesture] */
  ask(make, then, gesture = "") {
    const last = this.questions.length - 1;
    if (last > 0 && gesture && this.questions[last].gesture === gesture) this.questions[last] = { make, then, gesture };
    else this.questions.push({ make, then, gesture });
    if (this.questions.length === 1) this.#send();
  }

  get isBusy() {
    return this.questions.length > 0;
  }

  /** A question that makes all others pointless. @param {() => any} make @param {(answer: any) => void} then */
  askAnew(make, then) {
    this.questions = [{ make, then, gesture: "" }];
    this.#send();
  }

  /** @param {any} answer */
  answered(answer) {
    if (answer.serial !== this.serial || !this.questions.length) return;
    clearTimeout(this.timer);
    this.say("");
    const { then } = /** @type {Question} */ (this.questions[0]);
    then(answer);
    if (answer.serial !== this.serial) return; // it asked anew
    this.questions.shift();
    if (this.questions.length) this.#send();
  }

  /** Nobody waits for an answer any more. */
  leave() {
    clearTimeout(this.timer);
    this.questions = [];
  }

  #send() {
    const serial = ++this.serial;
    this.send({ ...this.questions[0].make(), serial });
    this.#wait(PATIENCE, () => {
      this.say(WORKING);
      this.#wait(DOUBT - PATIENCE, () => this.#doubt(serial, 0));
    });
  }

  /** Is the server there? If it was away, what it was asked is asked again. */
  async #doubt(/** @type {number} */ serial, /** @type {number} */ waited, wasAway = false) {
    const there = await this.isThere();
    if (serial !== this.serial || !this.questions.length) return;
    if (there && wasAway) return this.#send();
    if (!there) this.say(AWAY);
    else if (waited + DOUBT >= LATE) this.say(SLOW);
    this.#wait(DOUBT, () => this.#doubt(serial, waited + DOUBT, !there));
  }

  #wait(/** @type {number} */ milliseconds, /** @type {() => void} */ then) {
    clearTimeout(this.timer);
    this.timer = Number(setTimeout(then, milliseconds));
  }
}

const health = () => fetch("/health", { cache: "no-store" }).then(({ ok }) => ok, () => false);
