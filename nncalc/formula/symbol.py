"""The symbol of a quantity: a letter with a layer above and indices below, as a textbook prints it.

>>> Symbol("w", above="1", below=("1", "2")).text(), Symbol("w", above="1", below=("1", "2")).latex()
('w⁽¹⁾₁₂', 'w^{(1)}_{12}')
>>> Symbol("a", below=("o1",), derivative_of="E").text()
'∂E/∂a_o1'
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

HOLE, END, JOINT = "\ue000", "\ue001", "\ue002"  # for private use, so that they are in nobody's names

DIGITS = "₀₁₂₃₄₅₆₇₈₉"
LOW = str.maketrans("0123456789,", f"{DIGITS},")
HIGH = str.maketrans("0123456789()", "⁰¹²³⁴⁵⁶⁷⁸⁹⁽⁾")
LATEX = {
    **dict(
        zip(
            "αβδεηλμρστΩ",
            r"\alpha \beta \delta \varepsilon \eta \lambda \mu \rho \sigma \tau \Omega".split(),
            strict=True,
        )
    ),
    "Δ": r"\Delta",
    "ℓ": r"\ell",
    "ŷ": r"\hat{y}",
    "∂": r"\partial ",
    "′": "'",
    **{sign: rf"\{sign}" for sign in "&%#$_{}"},
    "\\": r"\backslash ",
    "^": r"\hat{}",
    "~": r"\sim ",
}  # fmt: skip


@dataclass(frozen=True)
class Index:
    """An index of all numbers of an array at once: offset + Σ stride · position, one stride per axis.

    A symbol that is written with it is a pattern. Its text is a hole; where no number tells whether a comma is needed
    between two holes, there is a joint.

    >>> i, j = Index.of_axes(2)
    >>> str(3 * j + i + 1) == f"{HOLE}1;1,3{END}"
    True
    """

    strides: tuple[int, ...]
    offset: int = 0

    @staticmethod
    def of_axes(count: int) -> tuple[Index, ...]:
        """The position along every axis."""
        return tuple(Index(tuple(int(axis == other) for other in range(count))) for axis in range(count))

    def __add__(self, other: Index | int) -> Index:
        if isinstance(other, int):
            return Index(self.strides, self.offset + other)
        strides = tuple(a + b for a, b in zip(self.strides, other.strides, strict=True))
        return Index(strides, self.offset + other.offset)

    __radd__ = __add__

    def __mul__(self, factor: int) -> Index:
        return Index(tuple(factor * stride for stride in self.strides), factor * self.offset)

    __rmul__ = __mul__

    def __str__(self) -> str:
        return f"{HOLE}{self.offset};{','.join(map(str, self.strides))}{END}"


@dataclass(frozen=True)
class Symbol:
    """A quantity as it is written.

    Attributes:
        letter: what it is (w, z, a, δ, …), or a word.
        above: the layer, counted from 1.
        below: the indices, counted from 1, or the name of a unit.
        apart: whether a comma stands between the indices anyway, as between a sample and a unit.
        prime: whether it is a value after the update.
        derivative_of: the letter of the loss, where the symbol is the derivative of the loss with respect to it.
        plain: a name to be printed as it stands, of a user's own function.
    """

    letter: str
    above: str = ""
    below: tuple[str, ...] = ()
    apart: bool = False
    prime: bool = False
    derivative_of: str = ""
    plain: bool = False

    @property
    def indices(self) -> str:
        """w₁₂, and with a comma where a number has two digits."""
        if self.apart or any(len(i) > 1 and not i.startswith(HOLE) for i in self.below):
            return ",".join(self.below)
        return (JOINT if any(i.startswith(HOLE) for i in self.below) else "").join(self.below)

    def text(self) -> str:
        if self.plain:
            core = self.letter
        else:
            low = self.indices
            low = low.translate(LOW) if low.replace(",", "").isdigit() or not low else f"_{low}"
            high = f"({self.above})".translate(HIGH) if self.above else ""
            core = f"{self.letter}{'′' * self.prime}{high}{low}"
        return f"∂{self.derivative_of}/∂{core}" if self.derivative_of else core

    def latex(self) -> str:
        core = _latex_word(self.letter, r"\mathtt" if self.plain else r"\mathrm")
        if not self.plain:
            high = r"\prime" * self.prime + (f"({self.above})" if self.above else "")
            core += f"^{{{high}}}" * bool(high) + f"_{{{_latex_indices(self)}}}" * bool(self.below)
        if not self.derivative_of:
            return core
        loss = _latex_word(self.derivative_of, r"\mathrm")
        return rf"\frac{{\partial {loss}}}{{\partial {core}}}"

    def mathml(self) -> str:
        letter = f"<mi>{escape(self.letter)}</mi>"
        high = "<mo>′</mo>" * self.prime + f"<mo>(</mo><mn>{self.above}</mn><mo>)</mo>" * bool(self.above)
        low = f"<mn>{escape(self.indices)}</mn>"
        if high and self.below:
            core = f"<msubsup>{letter}{low}<mrow>{high}</mrow></msubsup>"
        elif high:
            core = f"<msup>{letter}<mrow>{high}</mrow></msup>"
        else:
            core = f"<msub>{letter}{low}</msub>" if self.below else letter
        if not self.derivative_of:
            return core
        loss = f"<mrow><mo>∂</mo><mi>{self.derivative_of}</mi></mrow>"
        return f"<mfrac>{loss}<mrow><mo>∂</mo>{core}</mrow></mfrac>"


@dataclass(frozen=True)
class SlopeSymbol:
    """A local slope, ∂a/∂z: the derivative of one quantity with respect to another."""

    top: Symbol
    bottom: Symbol
    derivative_of: str = "slope"
    plain: bool = True

    def text(self) -> str:
        return f"∂{self.top.text()}/∂{self.bottom.text()}"

    def latex(self) -> str:
        return rf"\frac{{\partial {self.top.latex()}}}{{\partial {self.bottom.latex()}}}"

    def mathml(self) -> str:
        top, bottom = (f"<mrow><mo>∂</mo>{symbol.mathml()}</mrow>" for symbol in (self.top, self.bottom))
        return f"<mfrac>{top}{bottom}</mfrac>"


def _latex_word(word: str, upright: str) -> str:
    """A letter as it is, a word upright; low digits at the end are an index (β₁, t₁₂)."""
    stem = word.rstrip(DIGITS)
    index = "".join(str(DIGITS.index(digit)) for digit in word[len(stem) :])
    rest = ""
    if not index and "[" in word:  # t₁[0]: the digits stand before the brackets
        stem, bracket, rest = word.partition("[")
        plain = stem.rstrip(DIGITS)
        index, stem = "".join(str(DIGITS.index(d)) for d in stem[len(plain) :]), plain
        rest = bracket + rest
    written = "".join(LATEX.get(letter, letter) for letter in stem)
    written = written if len(stem) == 1 and upright != r"\mathtt" else rf"{upright}{{{written}}}"
    return f"{{{written}_{{{index}}}}}{rest}" if index else written + rest


def _latex_indices(symbol: Symbol) -> str:
    return symbol.indices if symbol.indices.replace(",", "").isdigit() else _latex_word(symbol.indices, r"\mathrm")
