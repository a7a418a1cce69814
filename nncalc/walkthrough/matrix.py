"""The working of a layer in matrix form: Z = X · W + b, beside the line of every unit.

Nothing here knows a layer. The lines of a variable are laid out as a rectangle, and what fills a slot of their formula
is a matrix if it depends on row and position only, or on position and column only: then the sum of products is a
matrix product.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from nncalc.activations import SOFTMAX
from nncalc.formula.expand import At, Elementwise
from nncalc.formula.expression import Call, Cases, Expression, Number, Over, Product, Slot, rebuild
from nncalc.formula.render import STYLES, Hole, fill, pieces
from nncalc.formula.symbol import Symbol
from nncalc.ledger.chain import Lines
from nncalc.numerals import show
from nncalc.walkthrough.steps import Step
from nncalc.walkthrough.working import Working
from nncalc.walkthrough.written import Written

LARGEST = 6  # rows or columns that are printed before a gap


class NoMatrix(Exception):
    """The lines have no matrix form."""


@dataclass(frozen=True, eq=False)
class Matrix:
    """A rectangle of quantities, with its symbol."""

    ids: np.ndarray
    symbol: Symbol
    transposed: bool = False


@dataclass(frozen=True, eq=False)
class MatrixLine(Written):
    """A line of working over whole matrices; it reads like a step."""

    working: Working
    result: Matrix
    node: Expression
    operands: tuple[Matrix, ...]

    def written(self, what: str, style: str) -> str:
        """Its `symbol`, `symbols`, `numbers` or `result` as "text", "latex" or "mathml"."""
        if what == "symbol":
            return self.symbol_of(self.result, style)
        if what == "result":
            return _table(self.working, self.result, style, guarded=False)

        def write(hole: Hole) -> str:
            matrix = self.operands[hole.index]
            return (
                self.symbol_of(matrix, style, hole.guarded)
                if what == "symbols"
                else _table(self.working, matrix, style)
            )

        return fill(pieces(self.node, STYLES[style]), write)

    def symbol_of(self, matrix: Matrix, style: str, guarded: int = 0) -> str:
        """The symbol of one of its matrices; of a constant, its number."""
        first = int(matrix.ids.flat[0])
        if matrix.ids.size == 1 and self.working.script.names.is_constant(first):
            return self.working.symbol(first, style, guarded)
        return _symbol(matrix, style, guarded)

    def __repr__(self) -> str:
        return f"{self.symbol} = {self.symbols} = {self.numbers} = {self.written('result', 'text')}"


Form = tuple[Matrix, Expression, tuple[Matrix, ...]]


def matrix_lines(steps: Sequence[Step]) -> list[MatrixLine]:
    """The matrix form of steps that belong together, one line per variable; without those that have none."""
    kinds: dict[int, list[Step]] = {}
    for step in steps:
        kinds.setdefault(id(step.entry.lines), []).append(step)
    found = []
    for same in kinds.values():
        working = same[0].working
        key = (id(same[0].entry.lines), *(step.entry.element for step in same))  # lines live as long as their script
        if key not in working.script.matrix_forms:
            working.script.matrix_forms[key] = _form_or_none(same)
        form = working.script.matrix_forms[key]
        if form is not None:
            found.append(MatrixLine(working, *form))
    return found


def _form_or_none(steps: list[Step]) -> Form | None:
    try:
        return _form(steps)
    except NoMatrix:
        return None


def _form(steps: list[Step]) -> Form:
    """What the numbers of a working have nothing to do with: the result, the formula, its operands."""
    lines, working = steps[0].entry.lines, steps[0].working
    if lines.variable.ids.ndim == 0:
        raise NoMatrix
    rows = np.sort([step.entry.element for step in steps])
    places = np.array(np.unravel_index(lines.elements[rows], lines.variable.ids.shape)).reshape(-1, len(rows))
    shape = _rectangle(places, len(rows))
    layout = _Layout(working, lines, rows, shape)
    rowwise = lines.known is not None and lines.known.rowwise
    node = layout.convert(SOFTMAX(Slot(0)) if rowwise else lines.node)
    if len(steps) == 1 and all(m.ids.size == 1 for m in layout.matrices):
        raise NoMatrix
    return layout.matrix(lines.writes[rows].reshape(shape)), node, tuple(layout.matrices)


def _rectangle(places: np.ndarray, count: int) -> tuple[int, int]:
    """The rows and columns that lines fill, in the order of their places."""
    sizes = [len(np.unique(axis)) for axis in places]
    if len(sizes) not in (1, 2) or int(np.prod(sizes)) != count:
        raise NoMatrix
    return (1, sizes[0]) if len(sizes) == 1 else (sizes[0], sizes[1])


class _Layout:
    def __init__(self, working: Working, lines: Lines, rows: np.ndarray, shape: tuple[int, int]) -> None:
        self.working, self.plan = working, working.plan
        self.shape = shape
        self.slots = [ids[rows].reshape(*shape, *ids.shape[1:]) for ids in lines.slots]
        self.matrices: list[Matrix] = []

    def convert(self, node: Expression) -> Expression:
        """The formula over matrices."""
        match node:
            case Slot(index):
                return self._place(self._flat(self.slots[index]))
            case Over(Product((Slot(a), Slot(b))), _, "sum"):
                return self._product(self.slots[a], self.slots[b])
            case Over(Slot(index), _, "sum"):
                return self._column_sums(self.slots[index])
            case Product((Slot(a), Slot(b))) if self._is_outer(a, b):
                return self._product(self.slots[a][..., None], self.slots[b][..., None])
            case Product(factors):
                return self._elementwise(factors)
            case Over() | Cases():
                raise NoMatrix
            case Call(function, arguments):
                return Call(function, tuple(map(self.convert, arguments)))
        return rebuild(node, self.convert)

    def _flat(self, ids: np.ndarray) -> np.ndarray:
        """A slot as a matrix; one that is the same in every row as a row, one number everywhere as one number."""
        if ids.ndim != 2:
            raise NoMatrix
        if (ids == ids.flat[0]).all():
            return ids[:1, :1]
        return ids[:1] if (ids == ids[:1]).all() else ids

    def _is_outer(self, a: int, b: int) -> bool:
        def along(ids: np.ndarray, axis: int) -> bool:
            return bool((ids == ids.take([0], axis)).all())

        first, second = self.slots[a], self.slots[b]
        if min(self.shape) == 1 or first.ndim != 2 or second.ndim != 2:
            return False
        return (along(first, 0) and along(second, 1)) or (along(first, 1) and along(second, 0))

    def _product(self, a: np.ndarray, b: np.ndarray) -> Expression:
        """The matrix product: the factor that depends on the rows first, and as few transposes as possible."""
        found = [
            (self.matrix(left[:, 0]), self.matrix(right[0].T))
            for left, right in ((a, b), (b, a))
            if (left == left[:, :1]).all() and (right == right[:1]).all()
        ]
        if not found:
            raise NoMatrix
        return Product(tuple(map(self._put, min(found, key=lambda pair: sum(m.transposed for m in pair)))))

    def _column_sums(self, ids: np.ndarray) -> Expression:
        if self.shape[0] != 1:
            raise NoMatrix
        ones = Matrix(np.zeros((1, ids.shape[2]), int) - 1, Symbol("1"), True)
        return Product((self._put(ones), self._place(ids[0].T)))

    def _elementwise(self, factors: tuple[Expression, ...]) -> Expression:
        converted = [self.convert(f) for f in factors]
        single = [c for c in converted if self._is_single(c)]
        others = [c for c in converted if not self._is_single(c)]
        both = [*single, Elementwise(tuple(others)) if len(others) > 1 else others[0]] if others else single
        return Product(tuple(both)) if len(both) > 1 else both[0]

    def _is_single(self, node: Expression) -> bool:
        return isinstance(node, Number) or (isinstance(node, At) and self.matrices[node.index].ids.size == 1)

    def _place(self, ids: np.ndarray) -> At:
        return self._put(self.matrix(ids))

    def _put(self, matrix: Matrix) -> At:
        self.matrices.append(matrix)
        return At(len(self.matrices) - 1)

    def matrix(self, ids: np.ndarray) -> Matrix:
        """A rectangle of ids as a variable, its transpose, or one row of it."""
        first = int(ids.flat[0])
        symbol = self.working.script.names.symbol(first)
        if ids.size == 1:
            return Matrix(ids, symbol)
        whole = self.working.script.names.block(first)
        bare = replace(symbol, below=())
        if whole.ndim == 2 and len(whole) > 1:
            capital = replace(bare, letter=_capital(bare.letter))
            for transposed, candidate in enumerate((whole, whole.T)):
                if np.array_equal(candidate, ids):
                    return Matrix(ids, capital, bool(transposed))
            row = int(np.argwhere(whole == first)[0, 0])
            whole, bare = whole[row], replace(bare, below=(str(row + 1),))
        elif bare.letter == "w":
            bare = replace(bare, letter="W")
        if not np.array_equal(whole.ravel(), ids.ravel()) or 1 not in ids.shape:
            raise NoMatrix
        return Matrix(ids, bare, ids.shape[1] == 1)


def _capital(letter: str) -> str:
    # E is the loss in flat notation; what has no capital in common use stays as it is
    return {"δ": "Δ", "e": "e", "ℓ": "ℓ", "ŷ": "ŷ"}.get(letter, letter.upper())


def _symbol(matrix: Matrix, style: str, guarded: int) -> str:
    written = STYLES[style].symbol(matrix.symbol, guarded)
    if not matrix.transposed:
        return written
    return {
        "text": f"{written}ᵀ",
        "latex": rf"{{{written}}}^{{\top}}",
        "mathml": f"<msup><mrow>{written}</mrow><mi>⊤</mi></msup>",
    }[style]


def _table(working: Working, matrix: Matrix, style: str, guarded: bool = True) -> str:
    """The numbers of a matrix, those in the middle of a large one left out; a single one in brackets if need be."""
    write = STYLES[style]

    def cell(number: int) -> str:
        value = 1.0 if number < 0 else float(working.values[number])
        return write.number(show(value, 0, working.decimals), False)

    if matrix.ids.size == 1:
        return write.number(show(float(working.values[matrix.ids.flat[0]]), 0, working.decimals), guarded)
    rows = [[cell(int(n)) for n in _ends(row)] for row in _ends(matrix.ids)]
    rows = [_gapped(row, matrix.ids.shape[1], write.gap) for row in rows]
    rows = _gapped(rows, matrix.ids.shape[0], [write.gap] * len(rows[0]))
    match style:
        case "text":
            return "[" + "; ".join("  ".join(row) for row in rows) + "]"
        case "latex":
            return r"\begin{pmatrix}" + r" \\ ".join(" & ".join(row) for row in rows) + r"\end{pmatrix}"
    body = "".join("<mtr>" + "".join(f"<mtd>{c}</mtd>" for c in row) + "</mtr>" for row in rows)
    return f"<mrow><mo>(</mo><mtable>{body}</mtable><mo>)</mo></mrow>"


def _ends(items: np.ndarray) -> list:
    return list(items) if len(items) <= LARGEST else [*items[: LARGEST - 2], items[-1]]


def _gapped(items: list, count: int, gap) -> list:
    return items if count <= LARGEST else [*items[:-1], gap, items[-1]]
