// @ts-check
/** The colours follow the system. Loaded in the head, so that nothing is painted in the wrong ones first. */
(() => {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const follow = () => {
    document.documentElement.dataset.theme = dark.matches ? "dark" : "light";
  };
  follow();
  dark.addEventListener("change", follow);
})();
