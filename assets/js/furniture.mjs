// @ts-check
/** What the player's place is furnished with. */

/** Fills the place, and says where everything is. @param {HTMLElement} root */
export const furnish = (root) => {
  root.innerHTML = SKELETON;
  const at = (/** @type {string} */ selector) => /** @type {HTMLElement} */ (root.querySelector(selector));
  return {
    stage: at(".stage"),
    title: at(".problem-title"),
    about: at(".about"),
    notes: at(".problem-about"),
    samples: at(".samples"),
    sample: at(".samples output"),
    banner: at(".banner"),
    scene: at(".scene"),
    strip: at(".strip"),
    ledger: at(".ledger"),
    parts: at(".parts"),
    controls: at(".controls"),
    live: at(".live"),
  };
};

const SKELETON = `
  <section class="stage" aria-label="Drawing">
    <div class="stage-head">
      <h1 class="problem-title"></h1>
      <details class="about"><summary>About this problem</summary><div class="problem-about"></div></details>
      <div class="samples" hidden><button type="button" class="quiet" data-act="sample-before" aria-label="Sample before">‹</button><output></output><button type="button" class="quiet" data-act="sample-after" aria-label="Next sample">›</button></div>
      <span class="stage-actions"><button type="button" data-act="table" aria-pressed="false" title="The drawing as a table (T)">Table <kbd>T</kbd></button><button type="button" data-act="project" title="Projector mode (P)">Project <kbd>P</kbd></button><button type="button" data-act="keys" title="All keys (?)">Keys <kbd>?</kbd></button></span>
    </div>
    <div class="banner" role="status" hidden></div>
    <div class="scene" tabindex="-1"></div>
  </section>
  <section class="strip" aria-label="Formula" tabindex="0"></section>
  <section class="side">
    <section class="working" aria-label="Working"><h2>Working</h2><div class="ledger" tabindex="-1"></div></section>
    <section class="parts" aria-label="Parts" tabindex="0"></section>
  </section>
  <section class="controls" aria-label="Steps"></section>
  <p class="live unseen" aria-live="polite"></p>`;
