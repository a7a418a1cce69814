// @ts-check
/** What buttons and keys do besides moving: each by its name. What is seldom wanted is loaded when it is. */

import { openKeys } from "./keys.mjs";
import { LATER, load } from "./later.mjs";

/** @typedef {import("./player.mjs").Player} Player */

/** @type {Record<string, (player: Player) => any>} */
export const ACTIONS = {
  undo: ({ desk, banner }) => desk.move(-1) || banner.say("There is nothing to undo."),
  redo: ({ desk, banner }) => desk.move(1) || banner.say("There is nothing to redo."),
  open: async ({ desk, say }) => (await load(LATER.open, say))?.openDialog(desk),
  link: async ({ desk, say }) => (await load(LATER.share, say))?.copyLink(desk),
  save: async ({ desk, say }) => (await load(LATER.share, say))?.saveFile(desk),
  pages: async ({ desk, say }) => (await load(LATER.share, say))?.showPages(desk),
  compare: async (player) => (player.beside ? player.compare(null) : (await load(LATER.open, player.say))?.compareDialog(player)),
  panel: (player) => player.showPanel(true),
  working: (player) => player.showPanel(false),
  edit: (player) => player.showPanel(),
  "sample-before": (player) => player.turn(-1),
  "sample-after": (player) => player.turn(1),
  project: (player) => player.project(),
  cover: (player) => player.cover(),
  matrix: ({ showing }) => showing.matrix(),
  table: (player) => player.asTable(),
  keys: (player) => openKeys(() => player.guide()),
};

/** Keys of one letter. @type {Record<string, string>} */
export const LETTERS = { p: "project", c: "cover", m: "matrix", t: "table", e: "edit", o: "open", b: "compare", "?": "keys" };

/** Keys with Ctrl, or ⌘. @type {Record<string, string>} */
export const WITH_CONTROL = { z: "undo", Z: "redo", y: "redo", s: "save" };
