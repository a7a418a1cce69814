// @ts-check
/** A dialog over the page: closes by its button, by Escape, and by a click beside it; then it is gone. */

import { html } from "./svg.mjs";

/** @param {string} title @param {string} kind a class of its own @param {Element[]} content @returns {HTMLDialogElement} */
export const showDialog = (title, kind, ...content) => {
  const close = html("button", { type: "button" }, "Close");
  const head = html("div", { class: "dialog-head" }, html("h2", { id: "dialog-title" }, title), close);
  const dialog = /** @type {HTMLDialogElement} */ (html("dialog", { class: `keys ${kind}`, "aria-labelledby": "dialog-title" }, head, ...content));
  close.addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
};
