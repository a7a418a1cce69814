// @ts-check
/** Opening a problem: a file, a pasted link or text, a worked problem. */

import { parse } from "../address.mjs";
import { sentenceOf } from "../banner.mjs";
import { showDialog } from "../dialog.mjs";
import { counted } from "../numerals.mjs";
import { html, write } from "../svg.mjs";

/** @typedef {import("../desk.mjs").Desk} Desk */

const MOST_BYTES = 30_000_000; // as many as the server reads

/** @typedef {(request: any) => void} Take what is done with the problem that was chosen */

/** @param {Desk} desk */
export const openDialog = (desk) => {
  const fault = html("p", { class: "panel-fault", role: "alert" });
  const wishes = {
    refuse: (/** @type {import("../banner.mjs").Fault[]} */ faults) => write(fault, faults.map(sentenceOf).join(" ")),
    then: () => dialog.close(),
  };
  const take = (/** @type {any} */ request) => desk.open(request, wishes);
  const own = html("div", { class: "open-own" }, fileButton(desk, wishes), pasteField(take));
  const dialog = showDialog("Open a problem", "open-dialog", own, fault, ...worked(desk, take));
};

/** @param {import("../player.mjs").Player} player */
export const compareDialog = (player) => {
  const { desk } = player;
  const { past } = desk;
  const take = (/** @type {any} */ request, label = "the other one") => (dialog.close(), player.compare(request, label));
  const before = past.beside(-1);
  const ways = [
    ...(before ? [button("The problem before the last change", () => take({ document: before }, "before"))] : []),
    ...(desk.isChanged ? [button("The problem as it was opened", () => take({ document: past.origin }, "as opened"))] : []),
  ];
  const none = html("span", { class: "quiet" }, "Once you change something, you can compare with what was before.");
  const dialog = showDialog(
    "Compare with …",
    "open-dialog",
    html("p", { class: "quiet" }, "The other problem stands on the left, at the same step. Numbers that differ are underlined."),
    html("div", { class: "panel-actions" }, ...(ways.length ? ways : [none])),
    pasteField(take),
    ...worked(desk, take),
  );
};

/** The worked problems. @param {Desk} desk @param {Take} take */
const worked = (desk, take) => {
  const examples = /** @type {{name: string, title: string}[]} */ (desk.opened.examples);
  const items = examples.map(({ name, title }) => html("li", {}, button(title, () => take({ example: name }))));
  return [html("h3", {}, "Worked problems"), html("ul", { class: "open-list" }, ...items)];
};

const button = (/** @type {string} */ label, /** @type {() => void} */ act) => {
  const made = html("button", { type: "button" }, label);
  made.addEventListener("click", act);
  return made;
};

const fileButton = (/** @type {Desk} */ desk, /** @type {any} */ wishes) => {
  const input = /** @type {HTMLInputElement} */ (html("input", { type: "file", accept: ".json,application/json", autofocus: "", "aria-label": "Choose a problem file" }));
  input.addEventListener("change", () => input.files?.[0] && openFile(input.files[0], desk, wishes));
  return html("p", {}, html("label", {}, html("b", {}, "A file"), html("span", { class: "quiet" }, " (or drop it anywhere on the page) "), input));
};

/** A link, or the text of a file. */
const pasteField = (/** @type {Take} */ take) => {
  const area = /** @type {HTMLTextAreaElement} */ (html("textarea", { rows: 2, spellcheck: "false", placeholder: "https://…#problem=…   or   { \"nncalc\": 1, … }" }));
  const open = button("Open this text", () => take(requestOf(area.value)));
  return html("div", {}, html("label", {}, html("b", {}, "A link or the text of a file"), area), open);
};

/** What a pasted text asks for. @param {string} text */
export const requestOf = (text) => {
  const trimmed = text.trim();
  if (trimmed.startsWith("{")) return { text: trimmed };
  const hash = trimmed.indexOf("#");
  const { problem } = parse(hash < 0 ? trimmed : trimmed.slice(hash));
  const example = new URLSearchParams(/\?([^#]*)/.exec(trimmed)?.[1] ?? "").get("example");
  if (problem) return { link: problem };
  return example ? { example } : { link: trimmed };
};

/** @param {File} file @param {Desk} desk @param {import("../desk.mjs").Wishes} [wishes] */
export const openFile = async (file, desk, wishes = {}) => {
  const refuse = wishes.refuse ?? ((faults) => desk.hooks.complain(`${file.name} can't be opened:`, faults));
  const fault = (/** @type {string} */ message) => refuse([{ place: "", message }]);
  if (file.size > MOST_BYTES) return fault(`The file has ${counted(file.size)} bytes; at most ${counted(MOST_BYTES)} can be read.`);
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(await file.arrayBuffer());
    desk.open({ text }, { ...wishes, refuse });
  } catch {
    fault("The file is no UTF-8 text. A problem file is JSON text; save it as UTF-8.");
  }
};
