// @ts-check
/**
 * How everything is shown: the colours, which follow the system until some are chosen, and the form of numbers.
 * Loaded in the head, so that nothing is painted in the wrong colours first.
 */
(() => {
  const FIRST = { theme: "system", numbers: "point" };
  const root = document.documentElement;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  /** @type {Record<string, string>} */
  const chosen = { ...FIRST };

  const recall = () => {
    for (const name in FIRST) {
      try {
        chosen[name] = localStorage.getItem(`nncalc:${name}`) ?? chosen[name];
      } catch {
        // a browser that keeps nothing: a choice holds until the page goes
      }
    }
  };

  /** @param {string} name @param {string} value */
  const keep = (name, value) => {
    chosen[name] = value;
    try {
      localStorage.setItem(`nncalc:${name}`, value);
    } catch {
      // as above
    }
  };

  const apply = () => {
    root.dataset.theme = ["light", "dark"].includes(chosen.theme) ? chosen.theme : dark.matches ? "dark" : "light";
    const form = chosen.numbers === "comma" ? "comma" : "point";
    const changes = root.dataset.numbers !== undefined && root.dataset.numbers !== form;
    root.dataset.numbers = form;
    mark();
    if (changes) document.dispatchEvent(new Event("nncalc:numbers"));
  };

  /** The menu says what is chosen. React draws it whenever it likes, so this is done whenever it opens, too. */
  const mark = () => {
    for (const button of document.querySelectorAll("[data-display]")) {
      const { display = "", choice = "" } = /** @type {HTMLElement} */ (button).dataset;
      button.setAttribute("aria-pressed", String(chosen[display] === choice));
    }
  };

  /** A menu of the header that is open. */
  const menu = () => /** @type {HTMLDetailsElement | null} */ (document.querySelector(".closes[open]"));

  recall();
  apply();
  dark.addEventListener("change", apply);
  addEventListener("storage", () => (recall(), apply()));
  document.addEventListener("toggle", mark, true);
  document.addEventListener("click", ({ target }) => {
    if (!(target instanceof Element)) return;
    const button = /** @type {HTMLElement | null} */ (target.closest("[data-display]"));
    if (button) keep(button.dataset.display ?? "", button.dataset.choice ?? ""), apply();
    const open = menu();
    if (open && (!open.contains(target) || target.closest("a"))) open.open = false;
  });
  document.addEventListener("keydown", (event) => {
    const open = event.key === "Escape" && menu();
    if (!open) return;
    event.preventDefault(); // Escape has something to do on a page, too
    open.open = false;
    open.querySelector("summary")?.focus();
  }, true);
})();
