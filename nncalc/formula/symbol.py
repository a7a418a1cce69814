"""The symbol of a quantity: a letter with a layer above and indices below, as a textbook prints it.

>>> Symbol("w", above="1", below=("1", "2")).text(), Symbol("w", above="1", below=("1", "2")).latex()
('w⁽¹⁾₁₂', 'w^{(1)}_{12}')
>>> Symbol("a", below=("o1",), derivative_of="E").text()
'∂E/∂a_o1'
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

LOW = str.maketrans("0123456789,", "₀₁₂₃₄₅₆₇₈₉,")
HIGH = str.maketrans("0123456789()", "⁰¹²³⁴⁵⁶⁷⁸⁹⁽⁾")
GREEK = dict(
    zip("αβδεηλμρστΩ", r"\alpha \beta \delta \varepsilon \eta \lambda \mu \rho \sigma \tau \Omega".split(), strict=True)
)


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
        return ("" if all(len(i) == 1 for i in self.below) and not self.apart else ",").join(self.below)

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
        if self.plain:
            escaped = self.letter.replace("_", r"\_")
            core = rf"\mathtt{{{escaped}}}"
        else:
            core = _latex_letter(self.letter)
            high = r"\prime" * self.prime + (f"({self.above})" if self.above else "")
            core += f"^{{{high}}}" * bool(high) + f"_{{{_latex_indices(self)}}}" * bool(self.below)
        return rf"\frac{{\partial {self.derivative_of}}}{{\partial {core}}}" if self.derivative_of else core

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


def _latex_letter(letter: str) -> str:
    if letter in GREEK:
        return GREEK[letter]
    return letter if len(letter) == 1 else rf"\mathrm{{{letter}}}".replace("_", r"\_")


def _latex_indices(symbol: Symbol) -> str:
    return symbol.indices if symbol.indices.replace(",", "").isdigit() else rf"\mathrm{{{symbol.indices}}}"
