"""What every line of working has, whatever it is a line of."""

from __future__ import annotations


class Written:
    """Something that is written as a symbol, a formula in symbols and the formula with numbers."""

    def written(self, what: str, style: str) -> str:
        """Its `symbol`, `symbols` or `numbers` as "text", "latex" or "mathml"."""
        raise TypeError(f"{type(self).__name__} doesn't say how it is written")

    @property
    def symbol(self) -> str:
        return self.written("symbol", "text")

    @property
    def symbols(self) -> str:
        """The formula: `w⁽¹⁾₁₁ · x₁ + b⁽¹⁾₁`."""
        return self.written("symbols", "text")

    @property
    def numbers(self) -> str:
        """The formula with numbers: `0.15 · 0.05 + 0.35`."""
        return self.written("numbers", "text")
