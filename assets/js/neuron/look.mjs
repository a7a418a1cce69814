// @ts-check
/** How two models are drawn: in the colours of the page, as surfaces, or flat where 3D would be slow or is not there. */

let watched = false;
/** @type {boolean | undefined} until somebody turns them */
let flat;

/** The section is opened or closed. @param {number} _clicks @param {string} store */
export const look = (_clicks, store) => {
  if (!watched) watch(store);
  return asIs();
};

/** The other way of drawing is wanted. */
export const turn = () => {
  flat = !asIs().flat;
  return asIs();
};

/** The section is filled: brings it into sight, which begins beneath the player. */
export const reveal = () => document.querySelector(".interaction")?.scrollIntoView({ behavior: "smooth" });

const asIs = () => ({ theme: document.documentElement.dataset.theme, flat: !hasWebGl(false) || (flat ?? !hasWebGl(true)) });

/** The page's colours may change at any time. @param {string} store */
const watch = (store) => {
  watched = true;
  const told = () => document.querySelector(".interaction-figure") && /** @type {any} */ (window).dash_clientside.set_props(store, { data: asIs() });
  new MutationObserver(told).observe(document.documentElement, { attributeFilter: ["data-theme"] });
};

/** @param {boolean} quick drawn by a graphics card, and not by the processor in its place */
const hasWebGl = (quick) => Boolean(document.createElement("canvas").getContext("webgl", { failIfMajorPerformanceCaveat: quick }));
