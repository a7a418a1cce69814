"""The name and the symbol of every quantity of an iteration.

Names are those of the problem format and count from 0: `hidden.weights[0][1].grad`. Symbols count from 1, as textbooks
do: w⁽¹⁾₁₂ goes from input 1 to unit 2 of layer 1.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from nncalc.errors import InputError
from nncalc.formula.render import STYLES
from nncalc.formula.symbol import Index, Symbol
from nncalc.layers.window import SETTINGS_OF_SIZE
from nncalc.ledger.named import Ledger, Variable
from nncalc.plan import Plan

SETTINGS = {
    "learning_rate": "η",
    "momentum": "μ",
    "rho": "ρ",
    "epsilon": "ε",
    "beta_1": "β₁",
    "beta_2": "β₂",
    "weight_decay": "λ",
    "iteration": "t",
    "step_size": "α",
}
LETTERS = {
    "weights": "w",
    "bias": "b",
    "error": "e",
    "margin": "m",
    "term": "ℓ",
    "penalty": "Ω",
    "l1": "λ₁",
    "l2": "λ₂",
    "size": "o",
    **SETTINGS_OF_SIZE,
}
SIZES = ("size", *SETTINGS_OF_SIZE)
ALONE = ("channel", "filter", "output")  # axes of an image that need no index where there is only one
OF_A_SAMPLE = ("x", "y", "error", "log", "margin", "term")
SUFFIXES = ("new", "grad", "m", "v", "old")
OF_THE_UPDATE = ("new", "m", "v", "m.old", "v.old")  # `.m.old` is the moment that the iteration before left


@dataclass(frozen=True)
class Place:
    """Where a number stands: the part of the calculation, its variable, its indices; or where all of a variable do."""

    part: str
    variable: Variable
    indices: tuple[int | Index, ...]


class Names:
    """Names and symbols in the numbering of a plan."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self._symbols: dict[int, Symbol] = {}
        self._where: dict[int, Place] = {}
        self._written: dict[tuple[int, str, int], str] = {}
        self._places = {"forward": _positions(plan.forward)}
        if plan.update is not None:
            self._places["update"] = _positions(plan.update)

    def place(self, number: int) -> Place:
        if number not in self._where:
            self._where[number] = self._place(number)
        return self._where[number]

    def _place(self, number: int) -> Place:
        n = self.plan.size
        part = "value" if number < n else "derivative" if number < 2 * n else "update"
        ledger, local = self.plan.forward, number % n if number < 2 * n else number - 2 * n
        if part == "update":
            assert self.plan.update is not None
            ledger = self.plan.update
            if local >= ledger.tape.size:
                part, ledger, local = "after", self.plan.forward, local - ledger.tape.size
        owner = ledger.owner[local]
        if owner < 0:
            return Place(part, _NAMELESS, ())
        variable = ledger.variables[owner]
        position = self._places["update" if part == "update" else "forward"][local]
        return Place(part, variable, tuple(int(i) for i in np.unravel_index(position, variable.ids.shape)))

    def is_constant(self, number: int) -> bool:
        """Whether a number belongs to no variable: it is printed as what it is."""
        return self.place(number).variable is _NAMELESS

    def block(self, number: int) -> np.ndarray:
        """The numbers of the whole array that a number belongs to."""
        place = self.place(number)
        if place.variable is _NAMELESS:
            return np.array(number)
        match place.part:
            case "derivative":
                return place.variable.ids + self.plan.size
            case "update":
                return self.plan.of_update[place.variable.ids]
            case "after":
                return self.plan.of_after[place.variable.ids]
        return place.variable.ids

    def parts(self, number: int) -> tuple[str, str]:
        """What stands before and behind the indices in the name of a quantity."""
        place = self.place(number)
        base, suffix = _split(place.variable.name)
        if place.part == "after" and base == "loss":
            return "loss_after", ""
        return base, suffix + {"derivative": ".grad", "after": ".after"}.get(place.part, "")

    def name(self, number: int) -> str:
        """The name of the problem format."""
        base, suffix = self.parts(number)
        return base + "".join(f"[{i}]" for i in self.place(number).indices) + suffix

    def write(self, number: int, style: str, guarded: int = 0) -> str:
        """The symbol of a quantity as "text", "latex" or "mathml"."""
        key = (number, style, guarded)
        if key not in self._written:
            self._written[key] = STYLES[style].symbol(self.symbol(number), guarded)
        return self._written[key]

    def symbol(self, number: int) -> Symbol:
        if number not in self._symbols:
            self._symbols[number] = self._symbol(self.place(number))
        return self._symbols[number]

    def pattern(self, number: int) -> str:
        """The symbol, in MathML, of every number of the array that a number belongs to (see `Index`)."""
        place = self.place(number)
        return self._symbol(replace(place, indices=Index.of_axes(len(place.indices)))).mathml()

    def _symbol(self, place: Place) -> Symbol:
        if self.plan.problem is None:
            name = place.variable.name + "".join(f"[{i}]" for i in place.indices)
            return Symbol(name, plain=True, derivative_of=self.plan.letter if place.part == "derivative" else "")
        base, suffix = _split(place.variable.name)
        symbol = self._plain(base, place)
        match suffix:
            case ".new":
                return replace(symbol, prime=True)
            case ".m" | ".v" | ".m.old" | ".v.old":
                index = f"{symbol.letter}{symbol.indices}"
                return replace(symbol, letter=suffix[1], below=(index,), prime=not suffix.endswith("old"))
        if place.part == "after":
            return replace(symbol, prime=True)
        if place.part == "derivative":
            if base.endswith(".z") and not self.plan.flat:
                return replace(symbol, letter="δ")
            return replace(symbol, derivative_of=self.plan.letter)
        return symbol

    def _plain(self, base: str, place: Place) -> Symbol:
        if base in SETTINGS:
            return Symbol(SETTINGS[base])
        layer, _, kind = base.rpartition(".")
        if {"row", "filter"} & set(place.variable.axes):
            return self._of_image(layer, kind, place)
        below = tuple(str(i + 1) for i in place.indices)
        if layer in self.plan.layers:
            return self._of_layer(layer, kind, place.indices)
        if base in OF_A_SAMPLE and self.plan.samples == 1:
            below = below[1:]
        letter = LETTERS.get(base, base)
        if base == "x" and not self.plan.layers:
            letter = "ŷ"
        if base in ("loss", "output_loss"):
            return Symbol(self.plan.letter, below=below)
        return Symbol(letter, below=below, apart=True)

    def _of_image(self, layer: str, kind: str, place: Place) -> Symbol:
        """A cell: its row and column, then which of several channels or filters; first of all which of several samples.

        x₂₃, w⁽¹⁾₂₁, but z⁽¹⁾₂,₃,₁ where there are several filters. An image with one row needs no index for it.
        """
        above = str(self.plan.layers.index(layer) + 1) if layer else ""
        axes, shape = place.variable.axes, place.variable.ids.shape
        if self.plan.flat and kind == "weights":  # filter by filter, each in reading order
            rows, columns, channels, _ = shape
            row, column, channel, unit = place.indices
            number = ((unit * channels + channel) * rows + row) * columns + column
            return Symbol("w", below=(str(self._weights_before[layer] + number + 1),))
        unneeded = {axis for axis, count in zip(axes, shape, strict=True) if count == 1 and axis in ALONE}
        unneeded |= {"row"} if self.plan.forward.by_name["x"].ids.shape[1] == 1 else set()
        unneeded |= {"sample"} if self.plan.samples == 1 else set()
        below = tuple(str(i + 1) for axis, i in zip(axes, place.indices, strict=True) if axis not in unneeded)
        return Symbol(LETTERS.get(kind, kind), above, below, apart=len(below) > 2)

    def _of_layer(self, layer: str, kind: str, indices: tuple[int | Index, ...]) -> Symbol:
        letter = LETTERS.get(kind, kind)
        if self.plan.flat and kind not in SIZES:
            return self._flat(layer, kind, letter, indices)
        if kind in ("z", "a") and self.plan.samples == 1:
            indices = indices[1:]
        above, below = str(self.plan.layers.index(layer) + 1), tuple(str(i + 1) for i in indices)
        return Symbol(letter, above, below, apart=kind in ("z", "a"))

    def _flat(self, layer: str, kind: str, letter: str, indices: tuple[int | Index, ...]) -> Symbol:
        if kind == "weights":
            i, j = indices
            inputs = self.plan.forward.by_name[f"{layer}.weights"].ids.shape[0]
            return Symbol(letter, below=(str(self._weights_before[layer] + j * inputs + i + 1),))
        if kind in ("l1", "l2"):
            return Symbol(letter, below=(layer,))
        if not indices:  # one bias for a whole layer
            return Symbol(letter, below=(str(self.plan.layers.index(layer) + 1),))
        *outer, unit = indices
        below = (self.unit(layer, unit),)
        if kind in ("z", "a") and self.plan.samples > 1:
            below = (*(str(i + 1) for i in outer), *below)
        return Symbol(letter, below=below, apart=True)

    def unit(self, layer: str, unit: int | Index) -> str:
        """The short name of a unit in flat notation: h1, h2, … over all hidden layers, o1, o2, … in the last."""
        if layer == self.plan.layers[-1]:
            return f"o{unit + 1}"
        sums = (self.plan.forward.by_name.get(f"{n}.z") for n in self.plan.layers[: self.plan.layers.index(layer)])
        before = sum(z.ids.shape[-1] for z in sums if z is not None and "row" not in z.axes)
        return f"h{before + unit + 1}"

    @cached_property
    def _weights_before(self) -> dict[str, int]:
        before, count = {}, 0
        for name in self.plan.layers:
            before[name] = count
            weights = self.plan.forward.by_name.get(f"{name}.weights")
            count += 0 if weights is None else weights.ids.size
        return before

    def number(self, name: str) -> int:
        """The number of the quantity with this name.

        Raises:
            InputError: there is none.
        """
        if self.plan.problem is None:
            return self._number_in_function(name)
        part, base, indices = _parse(name)
        ledger, start = self.plan.forward, 0
        if part == "grad":
            start = self.plan.size
        elif part in OF_THE_UPDATE or base in SETTINGS:
            base = f"{base}.{part}" if part else base
            ledger = self.plan.update
        if ledger is None or base not in ledger.by_name:
            raise InputError(f"There is no quantity `{name}`. Names look like `hidden.z[0][1]` or `loss`.")
        variable = ledger.by_name[base]
        if not _inside(indices, variable.ids.shape):
            shape = "".join(f"[0…{n - 1}]" for n in variable.ids.shape)
            raise InputError(f"`{name}` doesn't exist: the indices of `{base}` are {shape or 'none'}.")
        local = int(variable.ids[indices])
        if ledger is self.plan.update:
            return int(self.plan.of_update[local])
        return int(self.plan.of_after[local]) if part == "after" and self.plan.update else start + local

    def _number_in_function(self, name: str) -> int:
        """As `number`; the names of a function's arguments may have brackets of their own."""
        plain = name.removesuffix(".grad")
        for variable in self.plan.forward.by_name.values():
            rest = plain.removeprefix(variable.name) if plain.startswith(variable.name) else None
            indices = None if rest is None else _indices(rest)
            if indices is not None and _inside(indices, variable.ids.shape):
                return int(variable.ids[indices]) + self.plan.size * (plain != name)
        raise InputError(f"There is no quantity `{name}`. There are: {', '.join(self.plan.forward.by_name)}.")


def _inside(indices: tuple[int, ...], shape: tuple[int, ...]) -> bool:
    return len(indices) == len(shape) and all(i < n for i, n in zip(indices, shape, strict=True))


def _indices(text: str) -> tuple[int, ...] | None:
    return tuple(int(i) for i in re.findall(r"\d+", text)) if re.fullmatch(r"(\[\d+\])*", text) else None


_NAMELESS = Variable("", (), np.zeros((), int))
_NAME = re.compile(r"^([A-Za-z_][\w]*(?:\.[A-Za-z_]\w*?)?)((?:\[\d+\])*)(?:\.(grad|new|m\.old|v\.old|m|v|after))?$")


def _parse(name: str) -> tuple[str, str, tuple[int, ...]]:
    """The part, the variable and the indices that a name speaks of."""
    if name == "loss_after":
        return "after", "loss", ()
    match = _NAME.match(name)
    if match is None:
        raise InputError(f"`{name}` is no name of a quantity. Names look like `hidden.z[0][1]` or `loss`.")
    base, indices, suffix = match.groups()
    stem, _, last = base.rpartition(".")
    if not suffix and stem and last in ("grad", "new", "m", "v", "after"):
        base, suffix = stem, last
    return suffix or "", base, _indices(indices) or ()


def _split(name: str) -> tuple[str, str]:
    """`hidden.weights.new` is `hidden.weights` and `.new`: the indices stand between the two."""
    parts = name.split(".")
    keep = len(parts)
    while keep > 1 and parts[keep - 1] in SUFFIXES:
        keep -= 1
    return ".".join(parts[:keep]), "".join(f".{p}" for p in parts[keep:])


def _positions(ledger: Ledger) -> np.ndarray:
    """For every scalar its position in its variable."""
    positions = np.zeros(ledger.tape.size, int)
    for variable in ledger.variables:
        positions[variable.ids] = np.arange(variable.ids.size).reshape(variable.ids.shape)
    return positions
