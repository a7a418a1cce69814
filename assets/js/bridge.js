// The one classic script: hands what Dash has to the player, which is a module.
(() => {
  const player = () => import("./player.mjs");
  window.dash_clientside = Object.assign({}, window.dash_clientside, {
    nncalc: {
      open: (answer, opened) => player().then((m) => m.open(answer, opened)),
      prove: (proof) => player().then((m) => m.prove(proof)),
      look: (clicks, store) => import("./neuron/look.mjs").then((m) => m.look(clicks, store)),
      turn: () => import("./neuron/look.mjs").then((m) => m.turn()),
      reveal: () => import("./neuron/look.mjs").then((m) => m.reveal()),
    },
  });
})();
