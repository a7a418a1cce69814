"""A transcript as a LaTeX fragment, to be put into a document that loads amsmath."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from nncalc.transcript.elements import Element, Heading, Legend, Line, Lines, Paragraph, Remark, Results, Table

ROOM = 75  # characters of a formula that fit on a printed line
SECTIONS = {1: "section*", 2: "subsection*", 3: "paragraph"}
NAMED = {"\\": "backslash", "~": "asciitilde", "^": "asciicircum", "<": "less", ">": "greater", "|": "bar"}
SIGNS = dict(
    zip(
        "−·∞≈≤≥≠→′∂⊙αβγδεηθλμρστφΔΩΣℓ",
        r"- \cdot \infty \approx \le \ge \ne \to ' \partial \odot".split()
        + r"\alpha \beta \gamma \delta \varepsilon \eta \theta \lambda \mu \rho \sigma \tau \varphi".split()
        + r"\Delta \Omega \Sigma \ell".split(),
        strict=True,
    )
)
LEVEL = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁽⁾₀₁₂₃₄₅₆₇₈₉", "0123456789()0123456789")
ESCAPES = str.maketrans(
    {c: rf"\{c}" for c in "{}$&#_%"}
    | {c: rf"\text{name}{{}}" for c, name in NAMED.items()}
    | {c: f"${sign}$" for c, sign in SIGNS.items()}
    | {"…": r"\dots{}", "½": r"$\frac12$", "²": "$^2$"}
)


def latex(elements: Iterable[Element], _width: int) -> Iterator[str]:
    yield r"% Needs \usepackage{amsmath}; if a title has letters that are neither Latin nor Greek, LuaLaTeX or XeLaTeX."
    yield r"\begingroup\allowdisplaybreaks"
    for element in elements:
        yield from _written(element)
    yield r"\endgroup"


def escaped(text: str) -> str:
    r"""
    >>> escaped("50% of x_1 −1")
    '50\\% of x\\_1 $-$1'
    """
    return text.translate(ESCAPES)


def typeset(formula: str) -> str:
    r"""A formula without the letters and signs that TeX's own fonts don't have, nor underscores in words.

    >>> typeset("ŷ_{1} · ∂a⁽¹⁾₁,₂")
    '\\hat y_{1} \\cdot \\partial a^{(1)}_{1,2}'
    >>> typeset(r"\mathtt{a\_o1}")
    '\\mathtt{a_{o1}}'
    """
    formula = re.sub(r"\\_(\w+)", r"_{\1}", formula)
    if formula.isascii():
        return formula
    formula = re.sub("[⁰¹²³⁴⁵⁶⁷⁸⁹⁽⁾]+", lambda run: f"^{{{run[0].translate(LEVEL)}}}", formula)
    formula = re.sub("[₀-₉](?:,?[₀-₉])*", lambda run: f"_{{{run[0].translate(LEVEL)}}}", formula)
    formula = re.sub("[ŷŶ]", lambda hat: r"\hat y" if hat[0] == "ŷ" else r"\hat Y", formula)
    return re.sub(f"([{''.join(SIGNS)}])([A-Za-z]?)", _sign, formula)


def _sign(found: re.Match) -> str:
    """The command for a sign, kept apart from a letter behind it."""
    return SIGNS[found[1]] + " " * bool(found[2]) + found[2]


def _written(element: Element) -> Iterator[str]:
    match element:
        case Heading(level, title):
            yield rf"\{SECTIONS[level]}{{{escaped(title)}}}"
        case Paragraph(sentence):
            yield rf"\par\noindent {escaped(sentence)}\par"
        case Legend(entries):
            yield r"\begin{description}"
            for symbols, sentence in entries:
                yield rf"\item[{{{_inline(symbols)}}}] {escaped(sentence)}"
            yield r"\end{description}"
        case Lines(lines, matrices):
            yield r"\begin{align*}"
            yield " \\\\\n".join(row for line in lines for row in _rows(line, matrices))
            yield r"\end{align*}"
        case Results(items, remarks):
            sentences = [_inline(items), *map(_remark, remarks)]
            yield rf"{{\raggedright\noindent {' '.join(sentences)}\par}}"
        case Table(head, rows):
            yield rf"\par\medskip\noindent\begin{{tabular}}{{{'l' * len(head)}}}"
            yield " \\\\\n".join(" & ".join(map(escaped, row)) for row in [head, *rows])
            yield r"\end{tabular}\par\medskip"


def _inline(formulas: Sequence[str]) -> str:
    return ", ".join(f"${typeset(formula)}$" for formula in formulas)


def _rows(line: Line, matrix: bool) -> Iterator[str]:
    """The rows of a line in an alignment: one, or as many as its formulas need."""
    symbol = typeset(line.symbol)
    parts = [*(f"= {typeset(side)}" for side in line.sides), f"{line.sign} {line.result}"]
    if matrix or sum(map(_length, parts)) + _length(symbol) > ROOM:
        if len(parts) > 2 and not matrix and _length(parts[-2]) + _length(parts[-1]) <= ROOM:
            parts[-2:] = [f"{parts[-2]} {parts[-1]}"]
    else:
        parts = [" ".join(parts)]
    broken = [row for part in parts for row in _broken(part)]
    yield f"{symbol} &{broken[0]}"
    yield from (f"&{row}" for row in broken[1:])
    yield from (rf"&\parbox{{0.8\linewidth}}{{\small\itshape {_remark(remark)}}}" for remark in line.remarks)


def _remark(remark: Remark) -> str:
    of = f"{_inline(remark.symbols)}: " if remark.symbols else ""
    return of + escaped(remark.text)


def _length(formula: str) -> int:
    """About how many characters a formula is wide."""
    return len(re.sub(r"\\[A-Za-z]+ ?|[{}^_]", "", formula))


def _broken(formula: str) -> Iterator[str]:
    """A long formula, broken before a plus or minus that stands in no bracket."""
    depth, row = 0, ""
    for token in re.findall(r"\\left|\\right|\\begin|\\end|\\[A-Za-z]+| [+-] |.", formula):
        depth += (token in ("{", "\\left", "\\begin")) - (token in ("}", "\\right", "\\end"))
        if depth == 0 and token in (" + ", " - ") and _length(row) > ROOM * 0.6:
            yield row
            row, token = r"\quad{}", token.strip() + " "
        row += token
    yield row
