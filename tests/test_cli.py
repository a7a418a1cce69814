"""The command: what it prints, what it refuses, and how."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import pytest

import nncalc
from nncalc import cli, examples
from nncalc.walkthrough import DETAILS

ROOT = Path(__file__).parents[1]

ONE_WEIGHT: dict[str, Any] = {
    "nncalc": 1,
    "title": "One weight",
    "layers": [{"type": "dense", "name": "output", "units": 1, "weights": [[2]], "bias": False}],
    "data": {"x": [[3]], "y": [[10]]},
}
"""2·3 = 6, error −4, loss 16, slope 2·(−4)·3 = −24, new weight 2 + 0.24 = 2.24, then 6.72, −3.28 and 10.7584."""


@pytest.fixture(autouse=True)
def wide_terminal(monkeypatch):
    monkeypatch.setenv("COLUMNS", "100")


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Path:
    """An empty folder, which is the current one."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def one_weight(folder) -> str:
    return write(folder, "one.json")


def write(folder: Path, name: str, **fields: Any) -> str:
    (folder / name).write_text(json.dumps(ONE_WEIGHT | fields), "utf-8")
    return name


def command(*arguments: str, env: dict[str, str] | None = None, **settings: Any) -> subprocess.CompletedProcess[bytes]:
    """The command as a process of its own."""
    found = {**os.environ, "PYTHONPATH": str(ROOT), **(env or {})}
    return subprocess.run([sys.executable, "-m", "nncalc", *arguments], capture_output=True, env=found, **settings)


def lines_of(text: str) -> list[str]:
    """The lines of an output, without trailing newline; each ends with one."""
    assert not text or text.endswith("\n")
    return text.splitlines()


# Solving


def test_a_file_is_solved(one_weight, capsys):
    assert cli.main(["solve", one_weight]) == 0
    out, err = capsys.readouterr()
    assert lines_of(out)[0] == "One weight"
    assert "w′⁽¹⁾₁₁ = w⁽¹⁾₁₁ − η · ∂L/∂w⁽¹⁾₁₁ = 2 − 0.01 · (−24) = 2.24" in " ".join(out.split())
    assert "Loss: 16 → 10.7584 after the update" in out
    assert err == ""


def test_several_files_stand_apart(folder, capsys):
    first, second = write(folder, "a.json", title="First"), write(folder, "b.json", title="Second")
    assert cli.main(["solve", first, second]) == 0
    lines = lines_of(capsys.readouterr().out)
    place = lines.index("Second")
    assert lines[place - 2 : place] == ["", ""] and lines[place - 3]


def test_without_a_title_the_file_is_named(folder, capsys):
    cli.main(["solve", write(folder, "mine.json", title="")])
    assert lines_of(capsys.readouterr().out)[0] == "mine.json"


def test_standard_input_is_read(monkeypatch, capsys):
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(json.dumps(ONE_WEIGHT).encode())))
    assert cli.main(["solve", "-"]) == 0
    assert lines_of(capsys.readouterr().out)[0] == "One weight"


def test_standard_input_that_is_refused_is_called_so(monkeypatch, capsys):
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"{")))
    assert cli.main(["solve", "-"]) == 2
    assert capsys.readouterr().err.startswith("standard input: This is not JSON: line 1, column 2")


def test_standard_input_may_be_closed(monkeypatch, capsys):
    monkeypatch.setattr("sys.stdin", None)
    assert cli.main(["solve", "-"]) == 2
    assert capsys.readouterr().err == "standard input: There is nothing to read: it is closed.\n"


def test_an_example_is_solved_by_its_name(folder, capsys):
    assert cli.main(["solve", "one-weight"]) == 0
    assert lines_of(capsys.readouterr().out)[0] == "One weight, one update"


def test_a_file_goes_before_an_example_of_its_name(folder, capsys):
    assert cli.main(["solve", write(folder, "mazur", title="Mine")]) == 0
    assert lines_of(capsys.readouterr().out)[0] == "Mine"


@pytest.mark.parametrize("detail", cli.DETAILS)
def test_every_detail_can_be_asked_for(folder, capsys, detail: str):
    assert cli.main(["solve", "two-weights", "--detail", detail]) == 0
    out = " ".join(capsys.readouterr().out.split())
    expected = {  # 1·3 + 2·4 = 11
        "operation": "p₂ = w⁽¹⁾₂₁ · x₂ = 2 · 4 = 8",
        "neuron": "z⁽¹⁾₁ = w⁽¹⁾₁₁ · x₁ + w⁽¹⁾₂₁ · x₂ = 1 · 3 + 2 · 4 = 11",
        "layer": "z⁽¹⁾₁ = x · W⁽¹⁾ = [3 4] · [1; 2] = 11",
        "chapter": "Forward ------- z⁽¹⁾₁ = 11",
    }
    assert expected[detail] in out


def test_the_details_of_the_help_are_those_of_a_walkthrough():
    assert cli.DETAILS == DETAILS


def test_latex_and_markdown_are_written(one_weight, capsys):
    assert cli.main(["solve", one_weight, "--latex"]) == 0
    assert r"\section*{One weight}" in capsys.readouterr().out
    assert cli.main(["solve", one_weight, "--markdown"]) == 0
    assert capsys.readouterr().out.startswith("# One weight\n")


def test_a_narrow_terminal_gets_narrow_lines(folder, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "70")
    cli.main(["solve", "mazur"])
    assert max(map(len, lines_of(capsys.readouterr().out))) <= 70


# JSON


def strictly(text: str) -> Any:
    def refuse(constant: str):
        raise AssertionError(f"{constant} is no JSON")

    return json.loads(text, parse_constant=refuse)


def test_json_is_an_object_per_file_and_line(folder, capsys):
    first, second = write(folder, "a.json", title="First"), write(folder, "b.json", title="Zweite, π")
    assert cli.main(["solve", "--json", first, second]) == 0
    found = [strictly(line) for line in lines_of(capsys.readouterr().out)]
    assert [one["title"] for one in found] == ["First", "Zweite, π"]
    assert found[0]["prediction"] == [[6]] and found[0]["loss"] == 16
    assert found[0]["gradients"]["output.weights"] == [[-24]]
    assert found[0]["updated"]["output.weights"] == [[pytest.approx(2.24, rel=1e-15)]]
    assert "derivatives" not in found[0]


def test_json_has_the_derivatives_that_are_asked_for(one_weight, capsys):
    """dL/de = 2·(−4) = −8, which is handed on to z."""
    assert cli.main(["solve", "--json", "--derivatives", one_weight]) == 0
    derivatives = strictly(capsys.readouterr().out)["derivatives"]
    assert derivatives["output.z"] == [[-8]] and derivatives["error"] == [[-8]]


def test_infinities_are_text_in_json(folder, capsys):
    layer = {"type": "dense", "units": 1, "weights": [[1e200]], "bias": False}
    cli.main(["solve", "--json", write(folder, "big.json", layers=[layer], data={"x": [[1e200]]})])
    assert strictly(capsys.readouterr().out)["prediction"] == [["Infinity"]]


def test_a_refused_file_has_no_line_in_json(folder, capsys):
    assert cli.main(["solve", "--json", "gone.json", write(folder, "a.json")]) == 2
    out, err = capsys.readouterr()
    assert len(lines_of(out)) == len(lines_of(err)) == 1


# Files that are refused


def test_every_fault_has_a_line_and_the_other_files_are_solved(folder, capsys):
    layers = [{"type": "dense", "units": 1, "weights": [[1, 2]]}]
    bad = write(folder, "bad.json", layers=layers, iterations=0)
    assert cli.main(["solve", "gone.json", bad, write(folder, "good.json", title="Good")]) == 2
    out, err = capsys.readouterr()
    assert lines_of(out)[0] == "Good"
    first, *faults = lines_of(err)
    assert first == "gone.json: There is no file `gone.json`. Check its name and the folder you are in."
    assert sorted(fault.split(": ")[:2] for fault in faults) == [
        ["bad.json", "iterations"],
        ["bad.json", "layers[0].weights[0]"],
    ]


def test_a_name_that_is_nearly_an_example_is_answered_with_it(folder, capsys):
    assert cli.main(["solve", "mazurr.json"]) == 2
    assert capsys.readouterr().err.endswith("Did you mean the example `mazur`?\n")


def test_a_folder_is_no_problem_file(folder, capsys):
    assert cli.main(["solve", "."]) == 2
    assert capsys.readouterr().err == ".: `.` is a folder. Give the path of a problem file.\n"


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe", b"[]", b'{"nncalc": 1, "a\\n\\u001bb": 2}'])
def test_whatever_a_file_holds_is_answered_with_lines_of_its_name(folder, capsys, content: bytes):
    (folder / "odd.json").write_bytes(content)
    assert cli.main(["solve", "odd.json"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    lines = err.split("\n")
    assert lines.pop() == ""
    assert all(line.startswith("odd.json: ") and line.isprintable() for line in lines)


def test_a_layer_of_a_later_version_is_refused_by_name(folder, capsys):
    layer = {"type": "lstm", "units": 1}
    assert cli.main(["solve", write(folder, "image.json", layers=[layer])]) == 2
    assert "`lstm` is not built yet" in capsys.readouterr().err


# Faults of nncalc itself


def test_a_fault_of_nncalc_is_one_line_without_a_traceback(one_weight, capsys, monkeypatch):
    def fail(problem):
        raise ZeroDivisionError("made\nup")

    monkeypatch.setattr("nncalc.solution.solve", fail)
    assert cli.main(["solve", one_weight]) == 1
    expected = "one.json: nncalc itself failed (ZeroDivisionError: made up). Please report it, with the problem.\n"
    assert capsys.readouterr().err == expected


def test_a_disagreement_is_reported_after_the_working(folder, one_weight, capsys, monkeypatch):
    def disagree(self):
        raise nncalc.DisagreementError("output.weights: the chain rule and jax.grad differ")

    monkeypatch.setattr(nncalc.Solution, "check", disagree)
    assert cli.main(["solve", one_weight, write(folder, "two.json", title="Next")]) == 1
    out, err = capsys.readouterr()
    assert "Loss: 16 → 10.7584" in out and "\nNext\n" in out
    assert lines_of(err) == [
        f"{name}: output.weights: the chain rule and jax.grad differ" for name in ("one.json", "two.json")
    ]


# Very large problems


def test_what_is_too_long_to_read_is_shortened_and_said_so(folder, capsys, monkeypatch):
    monkeypatch.setattr("nncalc.transcript.MOST_STEPS", 10)
    assert cli.main(["solve", "multiply-then-add-relu"]) == 0
    out, err = capsys.readouterr()
    assert "[2  3] · [1  −1; 1  1]" in out
    assert "steps are too many to read: told by layer. --detail neuron prints every one.\n" in err
    assert err.startswith("multiply-then-add-relu: ") and len(lines_of(err)) == 1


def test_a_detail_that_is_asked_for_is_kept(folder, capsys, monkeypatch):
    monkeypatch.setattr("nncalc.transcript.MOST_STEPS", 10)
    assert cli.main(["solve", "multiply-then-add-relu", "--detail", "neuron"]) == 0
    out, err = capsys.readouterr()
    assert "[2  3]" not in out and err == ""


# Arguments


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["solve"], r"nncalc solve: the following arguments are required: FILE \(see nncalc solve --help\)"),
        (["solve", "mazur", "--detail", "fine"], "nncalc solve: argument --detail: invalid choice: 'fine'"),
        (["solve", "mazur", "--json", "--latex"], "nncalc solve: argument --latex: not allowed with argument --json"),
        (["solve", "mazur", "--derivatives"], r"nncalc solve: --derivatives needs --json \(see nncalc solve --help\)"),
        (["solve", "mazur", "--markdwon"], "nncalc: unrecognized arguments: --markdwon"),
        (["mine.json"], r"nncalc: there is no command `mine.json`. To solve a file .*: nncalc solve mine.json \(see"),
        (["--fast"], "nncalc: .*--fast"),
    ],
)
def test_wrong_arguments_are_one_line(capsys, arguments: list[str], message: str):
    assert cli.main(arguments) == 2
    out, err = capsys.readouterr()
    assert out == ""
    (line,) = lines_of(err)
    assert re.match(message, line)


@pytest.mark.parametrize("arguments", [["--help"], ["serve", "--help"], ["solve", "--help"], ["examples", "--help"]])
def test_the_help_ends_with_an_example_and_fits_a_terminal(capsys, monkeypatch, arguments: list[str]):
    monkeypatch.setenv("COLUMNS", "80")
    assert cli.main(arguments) == 0
    out, err = capsys.readouterr()
    assert out.startswith("usage: nncalc") and err == ""
    assert "\nexample:\n  nncalc " in out
    assert max(map(len, lines_of(out))) <= 80


def test_the_command_without_arguments_takes_those_of_the_process(capsys, monkeypatch):
    monkeypatch.setattr("sys.argv", ["nncalc", "--help"])
    assert cli.main() == 0
    assert capsys.readouterr().out.startswith("usage: nncalc")


def test_the_help_lists_every_command(capsys):
    cli.main(["--help"])
    out = capsys.readouterr().out
    assert all(re.search(rf"^ +{name} ", out, re.MULTILINE) for name in ("serve", "solve", "examples"))


@pytest.mark.parametrize("arguments", [[], ["--no-browser"], ["serve"]])
def test_without_a_command_the_pages_are_served(monkeypatch, arguments: list[str]):
    monkeypatch.setitem(cli._COMMANDS, "serve", lambda args: 70 + args.no_browser)
    assert cli.main(arguments) == 70 + ("--no-browser" in arguments)


def test_the_version_is_that_of_the_package(capsys):
    try:
        expected = f"nncalc {version('nncalc')}\n"
    except PackageNotFoundError:
        expected = "nncalc, run from its source without being installed\n"
    assert cli.main(["--version"]) == 0
    assert capsys.readouterr().out == expected


# Examples


def test_the_examples_are_listed_with_their_titles(capsys):
    assert cli.main(["examples"]) == 0
    lines = lines_of(capsys.readouterr().out)
    assert [line.split()[0] for line in lines] == examples.names()
    assert ["one-weight", "One weight, one update"] in [line.split(maxsplit=1) for line in lines]


def test_the_file_of_an_example_is_printed_as_it_is(capsys):
    assert cli.main(["examples", "mazur"]) == 0
    assert capsys.readouterr().out.encode() == examples.path("mazur").read_bytes()


def test_an_unknown_example_is_answered_with_the_nearest(capsys):
    assert cli.main(["examples", "masur"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith('nncalc examples: There is no example "masur". Did you mean `mazur`? Possible: ')
    assert len(lines_of(err)) == 1


# The process


def test_ctrl_c_is_quiet(one_weight, capsys, monkeypatch):
    def interrupt(problem):
        raise KeyboardInterrupt

    monkeypatch.setattr("nncalc.solution.solve", interrupt)
    assert cli.main(["solve", one_weight]) == 130
    assert capsys.readouterr() == ("", "")


def test_a_disk_that_is_full_is_reported_without_a_traceback(one_weight):
    if not Path("/dev/full").exists():
        pytest.skip("there is no /dev/full on this system")
    with open("/dev/full", "wb") as full:
        found = subprocess.run(
            [sys.executable, "-m", "nncalc", "solve", one_weight],
            stdout=full,
            stderr=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
    assert found.returncode == 1
    assert found.stderr.decode().startswith("nncalc: the output cannot be written: ")
    assert len(lines_of(found.stderr.decode())) == 1


def test_a_reader_who_has_enough_ends_it_quietly(folder):
    """Far more is printed than fits into a pipe (64 KiB)."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    name = write(folder, "long.json", iterations=100)
    arguments = [sys.executable, "-m", "nncalc", "solve", name, "--detail", "neuron"]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment) as process:
        assert process.stdout is not None and process.stderr is not None
        assert process.stdout.readline() == b"One weight\n"
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 0


def test_the_output_is_utf_8_whatever_the_locale(one_weight):
    """Python turns UTF-8 on by itself in the C locale; with both switches off it would write ASCII."""
    locale = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONIOENCODING": "ascii"}
    found = command("solve", one_weight, "gone−1.json", env=locale)
    assert found.returncode == 2
    assert "z⁽¹⁾₁ = w⁽¹⁾₁₁ · x₁ = 2 · 3 = 6" in found.stdout.decode("utf-8")
    assert len(found.stderr.splitlines()) == 1


def test_help_and_refused_arguments_do_not_wait_for_jax():
    """An empty package stands in for `nncalc`, whose table of contents imports everything."""
    program = f"""
import sys, types
package = types.ModuleType("nncalc")
package.__path__ = [{str(ROOT / "nncalc")!r}]
sys.modules["nncalc"] = package
from nncalc.cli import main
for arguments in (["--help"], ["solve"], ["mine.json"], ["--version"]):
    main(arguments)
sys.exit("jax" in sys.modules or "numpy" in sys.modules)
"""
    assert subprocess.run([sys.executable, "-c", program], capture_output=True).returncode == 0
