// @ts-check
/** The skip link moves the focus and leaves the address alone: its fragment is the problem. */
addEventListener("click", (event) => {
  const link = event.target instanceof Element && event.target.closest(".skip-link");
  if (!link) return;
  event.preventDefault();
  document.getElementById("page")?.focus();
});
