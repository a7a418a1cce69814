"""A solution as text, LaTeX and Markdown.

Numbers beside the checks were worked out by pencil; what a table or an alignment has to look like follows from the
target alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

import nncalc
from nncalc import examples
from nncalc.solution import Solution
from nncalc.transcript import TARGETS, readable_detail, transcript
from nncalc.transcript.latex import typeset
from nncalc.transcript.markdown import math
from nncalc.walkthrough import DETAILS

EVERY_DETAIL = pytest.mark.parametrize("detail", DETAILS)
EVERY_EXAMPLE = pytest.mark.parametrize("name", examples.names())

ONE_WEIGHT: dict[str, Any] = {
    "nncalc": 1,
    "layers": [{"type": "dense", "name": "output", "units": 1, "weights": [[2]], "bias": False}],
    "data": {"x": [[3]], "y": [[10]]},
}
"""2·3 = 6, error −4, loss 16, slope 2·(−4)·3 = −24, new weight 2 + 0.24 = 2.24, then 6.72, −3.28 and 10.7584."""


def solved(document: dict[str, Any] | str, **fields: Any) -> Solution:
    """Solves an example by its name, or a document with some fields changed."""
    if isinstance(document, str):
        return nncalc.solve(examples.load(document))
    return nncalc.solve(nncalc.Problem.from_dict(document | fields))


def told(solution: Solution, target: str = "text", detail: str = "neuron", **options: Any) -> list[str]:
    return list(transcript(solution, target, detail, **options))


def chapter(lines: list[str], title: str) -> list[str]:
    """The lines of a chapter of a text, without its heading."""
    start = lines.index(title) + 2
    ends = [k - 1 for k in range(start, len(lines)) if lines[k] and not lines[k].strip("-")]
    return lines[start : ends[0] if ends else len(lines)]


def squeezed(lines: list[str]) -> list[str]:
    return [" ".join(line.split()) for line in lines]


# Text: lines of working


def test_every_line_of_one_weight_is_there_in_its_chapter():
    lines = told(solved(ONE_WEIGHT))
    assert "z⁽¹⁾₁ = w⁽¹⁾₁₁ · x₁ = 2 · 3 = 6" in squeezed(chapter(lines, "Forward"))
    assert "e₁ = a⁽¹⁾₁ − y₁ = 6 − 10 = −4" in squeezed(chapter(lines, "Loss"))
    assert "∂L/∂w⁽¹⁾₁₁ = δ⁽¹⁾₁ · x₁ = −8 · 3 = −24" in squeezed(chapter(lines, "Backward"))
    assert "w′⁽¹⁾₁₁ = w⁽¹⁾₁₁ − η · ∂L/∂w⁽¹⁾₁₁ = 2 − 0.01 · (−24) = 2.24" in squeezed(chapter(lines, "Update"))
    assert "e′₁ = a′⁽¹⁾₁ − y₁ = 6.72 − 10 = −3.28" in squeezed(chapter(lines, "After the update"))


def test_the_results_of_a_layer_stand_in_one_column():
    lines = told(solved("multiply-then-add-relu"))
    start = lines.index("Layer hidden")
    rows = [line for line in lines[start : lines.index("", lines.index("", start) + 1)] if " = " in line]
    assert [row.split()[-1] for row in rows] == ["5", "5", "1", "1"]
    assert len({row.rindex("=") for row in rows}) == 1
    assert len({row.index("=") for row in rows}) == 1


def test_a_number_that_is_only_passed_on_is_not_printed_twice():
    """a = z = 6 and not a = z = 6 = 6."""
    assert "a⁽¹⁾₁ = z⁽¹⁾₁ = 6" in squeezed(told(solved(ONE_WEIGHT)))


def test_a_sentence_is_said_once_per_kind_and_chapter():
    lines = told(solved("dead-relu"))
    for title, letter in (("Forward", "a"), ("After the update", "a′")):
        found = [line.split()[0] for line in chapter(lines, title) if "ReLU keeps a positive number" in line]
        assert found == [letter]


def test_a_later_iteration_does_not_repeat_the_sentences():
    lines = told(solved(ONE_WEIGHT, iterations=2))
    assert any("The error: prediction minus" in line for line in chapter(lines, "Iteration 1: Loss"))
    assert not any("The error: prediction minus" in line for line in chapter(lines, "Iteration 2: Loss"))


def test_a_remark_stands_under_the_line_it_concerns():
    """The second unit gets 2·1 − 10 = −8."""
    lines = squeezed(told(solved("dead-relu")))
    place = lines.index("a⁽¹⁾₁,₂ = ReLU(z⁽¹⁾₁,₂) = max(0, −8) = 0")
    assert "ReLU is off" in lines[place + 1]
    assert "ReLU is off" not in lines[lines.index("a⁽¹⁾₁,₁ = ReLU(z⁽¹⁾₁,₁) = max(0, 2) = 2") + 1]


def test_the_corner_of_a_relu_is_remarked_on():
    layer = {"type": "dense", "units": 1, "weights": [[0]], "bias": [0], "activation": "relu"}
    lines = told(solved(ONE_WEIGHT, layers=[layer]))
    assert sum("corner: its slope there is taken as 0" in line for line in lines) >= 2  # forward and backward


def test_an_overflow_is_remarked_on_where_it_begins():
    layer = {"type": "dense", "units": 1, "weights": [[1e200]], "bias": False}
    lines = squeezed(told(solved(ONE_WEIGHT, layers=[layer], data={"x": [[1e200]], "y": [[0]]})))
    place = lines.index("z⁽¹⁾₁ = w⁽¹⁾₁₁ · x₁ = 1e200 · 1e200 = ∞")
    assert "begins here" in lines[place + 1]
    assert "layer1.weights 1 not finite not finite" in lines


@EVERY_DETAIL
@EVERY_EXAMPLE
def test_no_line_is_longer_than_asked(name: str, detail: str):
    assert max(map(len, told(solved(name), detail=detail, width=100))) <= 100


def test_a_line_that_is_too_long_has_its_equals_signs_below_each_other():
    lines = told(solved("softmax"), width=100)
    place = next(k for k, line in enumerate(lines) if line.startswith("  δ⁽¹⁾₁ ="))
    signs = [re.search("[=≈]", line) for line in lines[place : place + 3]]
    assert [sign and sign.start() for sign in signs] == [8, 8, 8]


def test_a_wide_terminal_keeps_it_on_one_line():
    lines = told(solved("softmax"), width=300)
    assert any(line.startswith("  δ⁽¹⁾₁ ") and line.endswith("≈ 0.6652") for line in lines)


# Text: granularity


def test_operations_show_every_product_and_sum():
    """3·1 + 4·2 = 11."""
    forward = squeezed(chapter(told(solved("two-weights"), detail="operation"), "Forward"))
    assert "p₁ = w⁽¹⁾₁₁ · x₁ = 1 · 3 = 3" in forward
    assert "p₂ = w⁽¹⁾₂₁ · x₂ = 2 · 4 = 8" in forward
    assert "z⁽¹⁾₁ = p₁ + p₂ = 3 + 8 = 11" in forward


def test_a_layer_is_shown_in_matrix_form():
    """[2 3]·[[1, −1], [1, 1]] = [5 1] and [5 1]·[[2], [−1]] = 9."""
    forward = squeezed(chapter(told(solved("multiply-then-add"), detail="layer"), "Forward"))
    assert "z⁽¹⁾ = x · W⁽¹⁾ = [2 3] · [1 −1; 1 1] = [5 1]" in forward
    assert "z⁽²⁾₁ = a⁽¹⁾ · W⁽²⁾ = [5 1] · [2; −1] = 9" in forward


def test_a_matrix_of_rounded_numbers_is_marked_as_rounded():
    """1/3 · 1 is no number of four decimals, 2 · 1 is."""
    layer = {"type": "dense", "units": 2, "weights": [["1/3", 2]], "bias": False}
    lines = squeezed(told(solved(ONE_WEIGHT, layers=[layer], data={"x": [[1]]}), detail="layer"))
    assert any(line.startswith("z⁽¹⁾ =") and line.endswith("≈ [0.3333 2]") for line in lines)


def test_remarks_name_the_units_of_a_matrix():
    lines = squeezed(told(solved("dead-relu"), detail="layer"))
    assert "↳ a⁽¹⁾₁,₂: A negative number goes in: ReLU is off, and its slope is 0." in lines


def test_a_chapter_shows_its_results_alone():
    lines = told(solved("multiply-then-add"), detail="chapter")
    assert chapter(lines, "Forward")[:4] == [
        "  z⁽¹⁾₁ = 5, z⁽¹⁾₂ = 1",
        "  a⁽¹⁾₁ = 5, a⁽¹⁾₂ = 1",
        "  z⁽²⁾₁ = 9",
        "  a⁽²⁾₁ = 9",
    ]


def test_many_results_are_cut_in_the_middle():
    layer = {"type": "dense", "units": 20, "weights": [list(range(20))], "bias": False}
    lines = told(solved(ONE_WEIGHT, layers=[layer], data={"x": [[1]]}), detail="chapter")
    row = next(line for line in lines if line.startswith("  z"))
    assert row.endswith("z⁽¹⁾₆ = 5, …, z⁽¹⁾₂₀ = 19") and "z⁽¹⁾₇ " not in row


@pytest.mark.parametrize(("steps", "groups", "detail"), [(1000, 1000, "neuron"), (5, 1000, "layer"), (5, 2, "chapter")])
def test_what_nobody_could_read_is_told_more_coarsely(monkeypatch, steps: int, groups: int, detail: str):
    monkeypatch.setattr("nncalc.transcript.MOST_STEPS", steps)
    monkeypatch.setattr("nncalc.transcript.MOST_GROUPS", groups)
    assert readable_detail(solved(ONE_WEIGHT).walkthrough) == detail


# Text: around the working


def test_title_source_and_notes_come_first():
    lines = told(solved(ONE_WEIGHT, title="A title", source="A book, p. 7", notes="Look\nclosely."))
    assert lines[:6] == ["A title", "=======", "Source: A book, p. 7", "", "Look closely.", ""]


def test_without_a_title_the_name_of_the_file_is_the_heading():
    assert told(solved(ONE_WEIGHT), name="mine.json")[:2] == ["mine.json", "========="]
    assert told(solved(ONE_WEIGHT))[0] == "Untitled"


def test_a_title_stays_on_its_line_and_in_its_direction():
    assert told(solved(ONE_WEIGHT, title="two\n \u202elines"))[:2] == ["two lines", "========="]


def test_the_summary_has_prediction_target_and_loss_before_and_after():
    """Hidden 5 and 1, prediction 9, target 10; after a step of 0.005 the loss is 0.0783² = 0.00613089."""
    summary = squeezed(chapter(told(solved("multiply-then-add-relu")), "Summary"))
    assert summary[:2] == ["Prediction Target", "9 10"]
    assert "Loss: 1 → 0.006131 after the update" in summary


def test_the_derivatives_are_checked_in_three_ways():
    """A loss that is a square of what is linear in the weight has no error but rounding in a central difference."""
    summary = squeezed(chapter(told(solved(ONE_WEIGHT)), "Summary"))
    row = next(line for line in summary if line.startswith("output.weights"))
    match = re.fullmatch(r"output\.weights 1 (\d+) digits (\d+) digits", row)
    assert match and int(match[1]) >= 15 and int(match[2]) >= 9


def test_derivatives_that_are_zero_have_no_digits():
    """At 2·5 − 10 = 0 the loss is at its minimum."""
    lines = squeezed(told(solved(ONE_WEIGHT, data={"x": [[5]], "y": [[10]]})))
    row = next(line for line in lines if line.startswith("output.weights"))
    assert row.startswith("output.weights 1 all are 0 ")
    assert "digits" not in row
    assert not any("looks to both sides" in line for line in lines)


def test_a_central_difference_that_fails_at_a_corner_is_explained():
    """ReLU at 0, target 1: L = (max(0, 3w) − 1)² has the slope −6 to the right of 0 and 0 to the left."""
    layer = {"type": "dense", "name": "output", "units": 1, "weights": [[0]], "bias": False, "activation": "relu"}
    lines = squeezed(told(solved(ONE_WEIGHT, layers=[layer], data={"x": [[3]], "y": [[1]]})))
    row = next(line for line in lines if line.startswith("output.weights"))
    assert re.fullmatch(r"output\.weights 1 all are 0 (3|2\.9\d+|3\.0\d+) instead of 0", row)
    assert any("it can't agree at a corner" in line for line in lines)


def test_without_targets_there_is_neither_loss_nor_check():
    text = "\n".join(told(solved("multiply-then-add")))
    assert re.findall(r"\n(.*)\n-+\n", text) == ["Forward", "Summary"]
    assert "Loss" not in text and "Target" not in text and "jax.grad" not in text


def test_an_error_table_has_a_loss_and_no_derivatives():
    lines = told(solved("error-table-one-row"))
    assert "Loss: 121" in lines  # 67 − 56 = 11
    assert not any("→" in line or "jax.grad" in line or line == "Backward" for line in lines)


def test_without_layers_and_targets_there_is_the_prediction_alone():
    lines = told(solved(ONE_WEIGHT, layers=[], data={"x": [[1, 2]]}, title="Bare"))
    assert lines == ["Bare", "====", "", "Summary", "-------", "  Prediction", "  1, 2"]


def test_frozen_parameters_have_derivatives_and_no_update():
    frozen = ONE_WEIGHT["layers"][0] | {"frozen": ["weights"]}
    lines = told(solved(ONE_WEIGHT, layers=[frozen]))
    assert "Loss: 16" in lines and "Update" not in lines
    assert any(line.startswith("  output.weights") for line in lines)


def test_a_layer_without_parameters_is_not_checked():
    lines = told(solved(ONE_WEIGHT, layers=[{"type": "activation", "activation": "relu"}]))
    assert "Loss: 49" in lines  # 3 − 10 = −7
    assert not any("jax.grad" in line for line in lines)


def test_iterations_are_listed_with_their_losses():
    """Second step: slope 2·(−3.28)·3 = −19.68, weight 2.4368, prediction 7.3104, loss 2.6896² = 7.23394816."""
    summary = squeezed(chapter(told(solved(ONE_WEIGHT, iterations=2)), "Summary"))
    assert summary[:2] == ["Prediction in iteration 1 Target", "6 10"]
    table = summary.index("Iteration Loss before the update Loss after it")
    assert summary[table + 1 : table + 3] == ["1 16 10.7584", "2 10.7584 7.2339"]
    assert any(line.startswith("Check of the derivatives of iteration 1:") for line in summary)


def test_of_many_samples_the_first_and_the_last_are_listed():
    data = {"x": [[k] for k in range(20)], "y": [[0]] * 20}
    summary = squeezed(chapter(told(solved(ONE_WEIGHT, data=data), detail="chapter"), "Summary"))
    assert summary[:9] == ["Sample Prediction Target", *(f"{k + 1} {2 * k} 0" for k in range(6)), "… … …", "20 38 0"]


@pytest.mark.parametrize("target", TARGETS)
def test_a_disagreement_is_raised_after_everything_else(monkeypatch, target: str):
    def disagree(self):
        raise nncalc.DisagreementError("made up")

    monkeypatch.setattr(Solution, "check", disagree)
    lines = transcript(solved(ONE_WEIGHT), target)
    found = []
    with pytest.raises(nncalc.DisagreementError, match="made up"):
        found.extend(lines)
    with pytest.raises(StopIteration):
        next(lines)


# LaTeX


@EVERY_DETAIL
@EVERY_EXAMPLE
def test_a_latex_fragment_is_nested_properly(name: str, detail: str):
    text = "\n".join(told(solved(name), "latex", detail))
    text = re.sub(r"\\[{}\\]", " ", text)
    assert text.count("{") == text.count("}")
    opened: list[str] = []
    for command, environment in re.findall(r"\\(begin|end)\{([a-z*]+)\}", text):
        if command == "begin":
            opened.append(environment)
        else:
            assert opened.pop() == environment
    assert not opened
    assert len(re.findall(r"\\left\b", text)) == len(re.findall(r"\\right\b", text))


@EVERY_DETAIL
@EVERY_EXAMPLE
def test_formulas_in_latex_are_of_letters_that_tex_has(name: str, detail: str):
    text = "\n".join(told(solved(name), "latex", detail))
    for formula in [*re.findall(r"(?<!\\)\$(.+?)\$", text), *re.findall(r"align\*\}\n(.*?)\n\\end\{align", text, re.S)]:
        assert re.sub(r"\\parbox\{.*", "", formula).isascii(), formula


def test_latex_has_sections_and_aligned_equations():
    lines = told(solved(ONE_WEIGHT, title="One weight"), "latex")
    assert r"\section*{One weight}" in lines
    assert r"\subsection*{Forward}" in lines
    assert r"\paragraph{Layer output}" in lines
    assert r"z^{(1)}_{1} &= w^{(1)}_{11} \cdot x_{1} = 2 \cdot 3 = 6 \\" in "\n".join(lines).split("\n")


def test_a_title_is_escaped_for_latex():
    lines = told(solved(ONE_WEIGHT, title=r"50% of x_1 & {α} #$~^\ −1"), "latex")
    expected = r"50\% of x\_1 \& \{$\alpha$\} \#\$\textasciitilde{}\textasciicircum{}\textbackslash{} $-$1"
    assert rf"\section*{{{expected}}}" in lines


def test_a_remark_in_latex_stands_in_the_alignment():
    text = "\n".join(told(solved("dead-relu"), "latex"))
    assert r"\max\left(0, -8\right) = 0 \\" + "\n" + r"&\parbox{0.8\linewidth}{\small\itshape A negative number" in text


def test_layers_in_latex_are_matrices():
    text = "\n".join(told(solved("multiply-then-add"), "latex", "layer"))
    assert r"\begin{pmatrix}2 & 3\end{pmatrix} \cdot \begin{pmatrix}1 & -1 \\ 1 & 1\end{pmatrix}" in text


def test_exponents_and_indices_of_a_word_are_typeset():
    assert typeset("∂a⁽¹⁾₁,₂") == r"\partial a^{(1)}_{1,2}"


# Markdown


def tables(lines: list[str]) -> Iterator[list[str]]:
    for block in "\n".join(lines).split("\n\n"):
        if block.startswith("|"):
            yield block.split("\n")


@EVERY_DETAIL
@EVERY_EXAMPLE
def test_the_rows_of_a_table_have_as_many_cells_as_its_head(name: str, detail: str):
    for table in tables(told(solved(name), "markdown", detail)):
        assert len({len(re.findall(r"(?<!\\)\|", row)) for row in table}) == 1
        assert not table[1].strip("|- ")


@EVERY_DETAIL
@EVERY_EXAMPLE
def test_nothing_in_a_formula_is_read_as_markdown(name: str, detail: str):
    """CommonMark eats a backslash before punctuation, and an underscore begins an emphasis unless a space follows."""
    text = "\n".join(told(solved(name), "markdown", detail))
    text = re.sub(r"```math.*?```", "", text, flags=re.S)
    for formula in re.findall(r"(?<!\\)\$(.+?)(?<!\\)\$", text):
        assert not re.search(r"\\[^A-Za-z]|_\S|[*`|<]", formula), formula


def test_markdown_has_headings_sentences_and_tables():
    lines = told(solved(ONE_WEIGHT, title="One weight"), "markdown")
    assert lines[0] == "# One weight"
    assert "## Forward" in lines
    assert "### Layer output" in lines
    assert "- $z$: The input times its weight." in lines
    row = r"| $z^{(1)}_ {1}$ | $= w^{(1)}_ {11} \cdot x_ {1}$ | $= 2 \cdot 3$ | $= 6$ |"
    assert row in lines


def test_remarks_in_markdown_have_a_column():
    table = next(table for table in tables(told(solved("dead-relu"), "markdown")) if "remark" in table[0])
    off = [row for row in table if "ReLU is off" in row]
    assert len(off) == 1 and off[0].startswith("| $a^{(1)}_ {1,2}$ |")


def test_a_title_is_escaped_for_markdown():
    lines = told(solved(ONE_WEIGHT, title="*a* <b> x_1 | $5 [c](d) `e`"), "markdown")
    assert lines[0] == r"# \*a\* \<b\> x\_1 \| \$5 \[c\]\(d\) \`e\`"


def test_layers_in_markdown_are_blocks_of_math():
    text = "\n".join(told(solved("multiply-then-add"), "markdown", "layer"))
    block = "\n".join(
        [
            "```math",
            r"\begin{aligned}",
            r"z^{(1)} &= x \cdot W^{(1)} \\",
            r"&= \begin{pmatrix}2 & 3\end{pmatrix} \cdot \begin{pmatrix}1 & -1 \\ 1 & 1\end{pmatrix} \\",
            r"&= \begin{pmatrix}5 & 1\end{pmatrix}",
            r"\end{aligned}",
            "```",
        ]
    )
    assert block in text


def test_a_formula_keeps_its_meaning_between_dollars():
    assert math("|x|") == r"$\vert x\vert $"
    assert math(r"a \\ b") == r"$a \cr b$"
