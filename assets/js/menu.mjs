// @ts-check
/** A button and the list of choices that it opens. */

import { html } from "./svg.mjs";

/** The button, and its list, whose first choice has the focus when it opens. @param {string} name @param {string} title @param {Record<string, string>} choices @param {(choice: string) => void} act @param {AbortSignal} signal until when it is there */
export const menu = (name, title, choices, act, signal) => {
  const id = `menu-${name}`;
  const button = html("button", { type: "button", class: "opens", popovertarget: id }, title);
  const list = html("div", { id, class: "choices", popover: "auto", role: "group", "aria-label": title });
  for (const [choice, label] of Object.entries(choices)) {
    const item = html("button", { type: "button", class: "quiet" }, label);
    item.addEventListener("click", () => (list.hidePopover(), act(choice)));
    list.append(item);
  }
  list.addEventListener("toggle", (event) => /** @type {ToggleEvent} */ (event).newState === "open" && (place(list, button), /** @type {HTMLElement} */ (list.firstElementChild).focus()));
  window.addEventListener("resize", () => list.matches(":popover-open") && place(list, button), { signal });
  list.addEventListener("keydown", (event) => move(list, event));
  return [button, list];
};

/** Beneath its button, or above where there is no room. @param {HTMLElement} list @param {HTMLElement} button */
const place = (list, button) => {
  const { right, bottom, top } = button.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = list;
  list.style.left = `${Math.max(8, right - width)}px`;
  list.style.top = `${bottom + height + 8 < innerHeight ? bottom + 4 : top - height - 4}px`;
};

/** The keys of an open list are its own. @param {HTMLElement} list @param {KeyboardEvent} event */
const move = (list, event) => {
  event.stopPropagation();
  const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!by) return;
  const items = /** @type {HTMLElement[]} */ ([...list.children]);
  items[(items.indexOf(/** @type {HTMLElement} */ (document.activeElement)) + by + items.length) % items.length].focus();
  event.preventDefault();
};
