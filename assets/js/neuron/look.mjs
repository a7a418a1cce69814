// @ts-check
/** How the surfaces are to be drawn: in the colours of the page, and flat where there is no WebGL. */

let watched = false;

/** The section is opened or closed: brings it into sight, and says how it is drawn. @param {number} _clicks @param {string} store */
export const look = (_clicks, store) => {
  if (!watched) watch(store);
  requestAnimationFrame(() => document.querySelector(".interaction[open]")?.scrollIntoView({ behavior: "smooth" }));
  return asIs();
};

const asIs = () => ({ theme: document.documentElement.dataset.theme, flat: !hasWebGl() });

/** The page's colours may change at any time. @param {string} store */
const watch = (store) => {
  watched = true;
  const told = () => document.getElementById("neuron-surfaces") && /** @type {any} */ (window).dash_clientside.set_props(store, { data: asIs() });
  new MutationObserver(told).observe(document.documentElement, { attributeFilter: ["data-theme"] });
};

/** @type {boolean | undefined} */
let webGl;

const hasWebGl = () => (webGl ??= Boolean(document.createElement("canvas").getContext("webgl")));
