// @ts-check
/** What the player's place is furnished with. */

/** Fills the place, and says where everything is. @param {HTMLElement} root */
export const furnish = (root) => {
  root.innerHTML = SKELETON;
  const at = (/** @type {string} */ selector) => /** @type {HTMLElement} */ (root.querySelector(selector));
  return {
    stage: at(".stage"),
    title: at(".problem-title"),
    changed: at(".problem-changed"),
    share: at(".share"),
    undo: at('[data-act="undo"]'),
    redo: at('[data-act="redo"]'),
    about: at(".about"),
    notes: at(".problem-about"),
    samples: at(".samples"),
    sample: at(".samples output"),
    banner: at(".banner"),
    scene: at(".scene"),
    strip: at(".strip"),
    side: at(".side"),
    panel: at(".panel"),
    tabs: /** @type {HTMLElement[]} */ ([...root.querySelectorAll(".side-tabs button")]),
    ledger: at(".ledger"),
    parts: at(".parts"),
    controls: at(".controls"),
    live: at(".live"),
  };
};

const SKELETON = `
  <section class="stage" aria-label="Drawing">
    <div class="stage-head">
      <h1 class="problem-title"></h1><span class="problem-changed" hidden>changed</span>
      <details class="about"><summary>About<span class="word"> this problem</span></summary><div class="problem-about"></div></details>
      <div class="samples" hidden><button type="button" class="quiet" data-act="sample-before" aria-label="Sample before">‹</button><output></output><button type="button" class="quiet" data-act="sample-after" aria-label="Next sample">›</button></div>
      <span class="stage-actions">
        <button type="button" class="glyph" data-act="undo" title="Undo (Ctrl+Z)" aria-label="Undo" disabled>↶</button><button type="button" class="glyph" data-act="redo" title="Redo (Ctrl+Shift+Z)" aria-label="Redo" disabled>↷</button>
        <button type="button" data-act="open" title="Open a problem (O)">Open</button><button type="button" class="compare-button" data-act="compare" title="Put another problem beside (B)">Compare</button>
        <span class="share"></span>
        <button type="button" data-act="table" aria-pressed="false" title="The drawing as a table (T)" aria-label="Table (T)"><span class="word">Table </span><kbd>T</kbd></button><button type="button" data-act="project" title="Projector mode (P)" aria-label="Project (P)"><span class="word">Project </span><kbd>P</kbd></button><button type="button" data-act="keys" title="All keys (?)" aria-label="Keys (?)"><span class="word">Keys </span><kbd>?</kbd></button></span>
    </div>
    <div class="banner" role="status" hidden></div>
    <div class="scene" tabindex="-1"></div>
  </section>
  <section class="strip" aria-label="Formula" tabindex="0"></section>
  <section class="side" data-tab="working">
    <div class="side-tabs" role="group" aria-label="What is shown here"><button type="button" data-act="working" aria-pressed="true">Working</button><button type="button" data-act="panel" aria-pressed="false" title="Change the problem (E)">Problem</button></div>
    <section class="panel" aria-label="Problem" tabindex="-1"></section>
    <section class="working" aria-label="Working"><h2 class="unseen">Working</h2><div class="ledger" tabindex="-1"></div></section>
    <section class="parts" aria-label="Parts" tabindex="0"></section>
  </section>
  <section class="controls" aria-label="Steps"></section>
  <p class="live unseen" aria-live="polite"></p>`;
