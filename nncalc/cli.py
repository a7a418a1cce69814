"""The command `nncalc`: serves the pages, solves problem files and hands out worked examples.

What a command needs is imported when it runs, so that help and refused arguments don't wait for JAX.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import re
import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from nncalc.errors import InputError
    from nncalc.problem import Problem
    from nncalc.solution import Solution

DONE, FAILED, REFUSED, INTERRUPTED = 0, 1, 2, 130
DETAILS = ("operation", "neuron", "layer", "chapter")
FORMATS = ("text", "json", "latex", "markdown")
WIDTH, LEAST_WIDTH = 100, 60
HOST, PORT, LARGEST_PORT = "127.0.0.1", 8050, 65535

DESCRIPTION = """\
A step-by-step calculator for neural networks: every product, sum, activation,
error, slope and weight update as a line of arithmetic. Without a command it
opens in the browser."""
START = """\
example:
  nncalc                                  the pages, in the browser
  nncalc solve mazur                      every step of a worked example
  nncalc examples one-weight > mine.json  the file of a small one: change its
  nncalc solve mine.json                  numbers, and see your own steps"""
SOLVING = """\
Works problems out and prints every step: forward from the inputs to the
prediction, the loss, backward by the chain rule, the update of the weights,
and the loss after it."""
AFTER_SOLVING = """\
A file with mistakes is refused: they are listed with their places, the other
files are still solved, and the exit status is 2.

example:
  nncalc solve mine.json                       a line per unit
  nncalc solve mine.json --detail operation    every single product and sum
  nncalc solve xor --detail layer --latex      in matrix form, for a document
  nncalc solve one.json two.json --json        the numbers, for a program"""
SERVING = """\
Serves the pages of nncalc and opens them in the browser. They run on this
machine, and nothing is sent elsewhere. `nncalc` alone does the same."""
AFTER_SERVING = """\
example:
  nncalc serve --port 9000      where another program has the usual port
  nncalc serve --host 0.0.0.0   for everyone who can reach this machine"""
GIVING = """\
Lists the worked problems, or prints the file of one: a good start for a problem
of your own."""
AFTER_GIVING = """\
example:
  nncalc examples                    names and titles
  nncalc examples mazur > mine.json  a copy to change
  nncalc solve mazur                 its steps"""


def main(argv: Sequence[str] | None = None) -> int:
    """Runs the command.

    Returns:
        the exit status: 0, or 2 when something was refused, 1 when nncalc itself failed, 130 after Ctrl-C.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        status = _run(sys.argv[1:] if argv is None else argv)
        print(end="", flush=True)
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:  # whoever reads, as `head`, has enough
        _let_go_of_output()
        return DONE
    except OSError as error:
        _let_go_of_output()
        _complain(f"nncalc: the output cannot be written: {error.strerror}.")
        return FAILED
    return status


def _let_go_of_output() -> None:
    """Python writes what is left at its end: let that succeed."""
    with suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _run(argv: Sequence[str]) -> int:
    parser = _parser()
    if not argv or (argv[0].startswith("-") and argv[0] not in ("-h", "--help", "--version")):
        argv = ["serve", *argv]
    try:
        if not argv[0].startswith("-") and argv[0] not in _COMMANDS:
            parser.error(f"there is no command `{argv[0]}`. To solve a file or an example: nncalc solve {argv[0]}")
        args = parser.parse_args(argv)
    except SystemExit as end:
        return int(end.code or DONE)
    if args.version:
        return _version()
    return _COMMANDS[args.command](args)


# What can be asked


class _Parser(argparse.ArgumentParser):
    """Says on one line what is wrong."""

    def error(self, message: str) -> NoReturn:
        self.exit(REFUSED, f"{self.prog}: {message} (see {self.prog} --help)\n")


def _parser() -> argparse.ArgumentParser:
    parser = _new(_Parser, description=DESCRIPTION, epilog=START, prog="nncalc")
    parser.add_argument("--version", action="store_true", help="print the version")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", dest="command")
    _add_serve(commands)
    _add_solve(commands)
    _add_examples(commands)
    return parser


def _new(make, *name: str, **settings):
    return make(*name, **settings, allow_abbrev=False, formatter_class=argparse.RawDescriptionHelpFormatter)


def _add_serve(commands) -> None:
    serve = _new(
        commands.add_parser,
        "serve",
        help="open the pages in the browser",
        description=SERVING,
        epilog=AFTER_SERVING,
    )
    serve.add_argument("--host", default=HOST, help=f"the address to listen at (default: {HOST}, this machine alone)")
    serve.add_argument("--port", type=_port, default=PORT, help=f"its port (default: {PORT}; 0 takes a free one)")
    serve.add_argument("--no-browser", action="store_true", help="print the address only")


def _port(text: str) -> int:
    from nncalc.wording import shown

    if not re.fullmatch("[0-9]{1,5}", text) or int(text) > LARGEST_PORT:
        raise argparse.ArgumentTypeError(f"{shown(text)} given, 0 to {LARGEST_PORT} are possible, 0 takes a free one")
    return int(text)


def _add_solve(commands) -> None:
    solve = _new(
        commands.add_parser,
        "solve",
        help="work problems out and print every step",
        description=SOLVING,
        epilog=AFTER_SOLVING,
    )
    solve.add_argument(
        "files",
        nargs="+",
        metavar="FILE",
        help="a problem file, - for standard input, or the name of an example where there is no such file",
    )
    solve.add_argument(
        "--detail",
        choices=DETAILS,
        help="how fine the steps are: every product and sum; a line per unit (this is the default, except for very "
        "large problems); by layer, in matrix form; or only the results, by chapter",
    )
    form = solve.add_mutually_exclusive_group()
    form.set_defaults(format="text")
    for name, what in (
        ("json", "all numbers as JSON, one line per file (--detail changes nothing there)"),
        ("latex", "the steps as LaTeX, to be put into a document with amsmath"),
        ("markdown", "the steps as Markdown with math"),
    ):
        form.add_argument(f"--{name}", dest="format", action="store_const", const=name, help=what)
    solve.add_argument(
        "--derivatives",
        action="store_true",
        help="with --json: also the derivative of the loss with respect to every quantity",
    )
    solve.set_defaults(refuse=solve.error)


def _add_examples(commands) -> None:
    examples = _new(
        commands.add_parser,
        "examples",
        help="list the worked problems, or print the file of one",
        description=GIVING,
        epilog=AFTER_GIVING,
    )
    examples.add_argument("name", nargs="?", metavar="NAME", help="print the file of this one")


# What is done


def _version() -> int:
    from importlib.metadata import PackageNotFoundError, version

    try:
        print(f"nncalc {version('nncalc')}")
    except PackageNotFoundError:
        print("nncalc, run from its source without being installed")
    return DONE


def _serve(args: argparse.Namespace) -> int:
    from nncalc.errors import InputError

    try:
        from dashboards.serving import serve

        serve(args.host, args.port, browse=not args.no_browser)
    except InputError as error:
        return _refuse("nncalc serve", error)
    return INTERRUPTED


def _examples(args: argparse.Namespace) -> int:
    from nncalc import examples
    from nncalc.errors import InputError

    if args.name is None:
        names = examples.names()
        room = max(map(len, names))
        for name in names:
            print(f"{name:<{room}}  {examples.load(name).title}")
        return DONE
    try:
        print(examples.path(args.name).read_text("utf-8"), end="")
    except InputError as error:
        return _refuse("nncalc examples", error)
    return DONE


def _solve(args: argparse.Namespace) -> int:
    if args.derivatives and args.format != "json":
        with suppress(SystemExit):
            args.refuse("--derivatives needs --json")
        return REFUSED
    status, printed = DONE, False
    for name in args.files:
        result = _solve_file(name, args, printed and args.format != "json")
        status, printed = max(status, result), printed or result != REFUSED
    return status


def _solve_file(name: str, args: argparse.Namespace, apart: bool) -> int:
    from nncalc.errors import InputError
    from nncalc.ledger.check import DisagreementError
    from nncalc.solution import solve

    title = "standard input" if name == "-" else name
    try:
        solution = solve(_problem(name))
        if apart:
            print("\n")
        for line in _written(solution, title, args):
            print(line)
    except InputError as error:
        return _refuse(title, error)
    except DisagreementError as error:
        _complain(f"{title}: {error}")
        return FAILED
    except OSError:
        raise
    except Exception as error:
        _complain(
            f"{title}: nncalc itself failed ({type(error).__name__}: {error}). Please report it, with the problem."
        )
        return FAILED
    return DONE


def _problem(name: str) -> Problem:
    """The problem of a file, of standard input, or of an example."""
    from nncalc import examples
    from nncalc.errors import InputError
    from nncalc.problem import Problem, load_problem

    if name == "-":
        return Problem.loads(_standard_input())
    if os.path.exists(name):
        return load_problem(name)
    if name in examples.names():
        return examples.load(name)
    try:
        return load_problem(name)
    except InputError as error:
        near = get_close_matches(Path(name).stem, examples.names(), n=1)
        if not near:
            raise
        raise InputError(f"{error} Did you mean the example `{near[0]}`?") from None


def _standard_input() -> bytes:
    from nncalc.document import MOST_BYTES
    from nncalc.errors import InputError

    if sys.stdin is None:
        raise InputError("There is nothing to read: it is closed.")
    try:
        return sys.stdin.buffer.read(MOST_BYTES + 1)
    except OSError as error:
        raise InputError(f"It cannot be read: {error.strerror}.") from None


def _written(solution: Solution, name: str, args: argparse.Namespace) -> Iterator[str]:
    from nncalc.transcript import readable_detail, transcript

    if args.format == "json":
        yield json.dumps(solution.to_dict(derivatives=args.derivatives), allow_nan=False)
        return
    detail = args.detail or readable_detail(solution.walkthrough)
    if detail not in (args.detail, "neuron"):
        count = solution.walkthrough.count
        _complain(f"{name}: {count:,} steps are too many to read: told by {detail}. --detail neuron prints every one.")
    width = max(shutil.get_terminal_size((WIDTH, 24)).columns, LEAST_WIDTH)
    yield from transcript(solution, args.format, detail, name, width)


def _refuse(name: str, error: InputError) -> int:
    for fault in error.faults:
        _complain(f"{name}: {fault}")
    return REFUSED


def _complain(text: str) -> None:
    """One line on standard error, whatever a file has put into the text."""
    print(" ".join("".join(c if c.isprintable() else " " for c in text).split()), file=sys.stderr)


_COMMANDS = {"serve": _serve, "solve": _solve, "examples": _examples}
