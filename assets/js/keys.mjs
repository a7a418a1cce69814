// @ts-check
/** The list of all keys. */

import { showDialog } from "./dialog.mjs";
import { html } from "./svg.mjs";

const KEYS = [
  ["→ ←", "next step, step back; Page Down and Page Up, too"],
  ["Shift → ←", "next unit, unit before"],
  ["↓ ↑", "next chapter, chapter before"],
  ["Home End", "first step, last step"],
  ["Space", "play, pause"],
  ["1 2 3 4", "operation, neuron, layer, chapter"],
  ["E", "change the problem: layers, samples, loss, update"],
  ["O", "open a problem"],
  ["B", "put another problem beside, or take it away"],
  ["Ctrl+Z Ctrl+Shift+Z", "undo, redo"],
  ["Ctrl+S", "save the problem file"],
  ["P", "projector mode; a presenter's remote works, B or . blanks the screen"],
  ["C", "cover results; → gives a hint, → again shows the result"],
  ["T", "the drawing as a table"],
  ["M", "matrix form of the step"],
  ["Tab", "from number to number in the drawing"],
  ["Enter", "open the step's number into its parts; on a number in the drawing: choose it, once more: change it"],
  ["Esc", "leave a field, a choice, the projector mode"],
  ["?", "this list"],
];

/** @param {() => void} guide begins the tour */
export const openKeys = (guide) => {
  const rows = KEYS.map(([keys, what]) => html("tr", {}, html("th", { scope: "row" }, ...keys.split(" ").map((key) => html("kbd", {}, key))), html("td", {}, what)));
  const tour = html("button", { type: "button" }, "Tour of the page");
  const dialog = showDialog("Keys", "", html("table", {}, ...rows), tour);
  tour.addEventListener("click", () => {
    dialog.close();
    guide();
  });
};
