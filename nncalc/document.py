"""JSON text to a plain document and back.

A document is what JSON can say: dicts, lists, texts, numbers, booleans, null. Nothing is interpreted here.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping

from nncalc.errors import Fault, InputError

MOST_BYTES = 30_000_000  # enough for a million numbers of 26 characters, as −2.2250738585072014e-308 has
DEEPEST = 40
_LONGEST_WHOLE_NUMBER = 400
_LEAVES = (float, int, str)  # nothing to look into, and a list may hold a million


class _Object(dict):
    """A JSON object that remembers which of its fields were written more than once."""

    repeated: tuple[str, ...] = ()


def parse(text: str | bytes) -> object:
    """The document that a JSON text says.

    Raises:
        InputError: the text is too large, is not UTF-8, is not JSON (with line and column) or nests too deep.

    >>> parse('{"units": 2}')
    {'units': 2}
    >>> parse('{"units" 2}')  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    nncalc.errors.InputError: This is not JSON: line 1, column 10: ...
    """
    if len(text) > MOST_BYTES:
        raise InputError(f"The file is too large: at most {MOST_BYTES:,} bytes can be read.")
    try:
        return json.loads(_decoded(text), object_pairs_hook=_object, parse_int=_whole_number)
    except json.JSONDecodeError as error:
        raise InputError(
            f"This is not JSON: line {error.lineno}, column {error.colno}: {error.msg}. "
            "Look for a comma, a bracket or a quotation mark that is missing or too many near there."
        ) from None
    except RecursionError:
        raise _too_deep() from None


def _decoded(text: str | bytes) -> str:
    if isinstance(text, bytes):
        try:
            text = text.decode("utf-8")
        except UnicodeDecodeError as error:
            raise InputError(
                f"The file is not UTF-8 text: byte {error.start + 1} cannot be read. Save it as UTF-8."
            ) from None
    return text.removeprefix("\ufeff")  # Windows editors put this mark before UTF-8


def _object(pairs: list[tuple[str, object]]) -> _Object:
    found = _Object(pairs)
    if len(found) < len(pairs):
        written = Counter(name for name, _ in pairs)
        found.repeated = tuple(name for name, times in written.items() if times > 1)
    return found


def _whole_number(digits: str) -> int | float:
    """Python refuses to read whole numbers of thousands of digits; as a float they are infinite."""
    return int(digits) if len(digits) <= _LONGEST_WHOLE_NUMBER else float(digits)


def plain(given: object, faults: list[Fault], place: str = "", depth: int = 0) -> object:
    """A copy without anything but JSON's own kinds: arrays and tuples become lists, numpy's numbers Python's.

    What is no such kind (a set, a complex number) stays as it is, to be refused where a value is needed. A
    field that was written twice is added to `faults`.
    """
    if depth > DEEPEST:
        raise _too_deep(place)
    to_list = getattr(given, "tolist", None)
    if callable(to_list):  # numpy's and JAX's arrays and scalars
        given = to_list()
    if isinstance(given, Mapping):
        for name in getattr(given, "repeated", ()):
            faults.append(Fault(place, f"the field `{name}` is given twice. Keep one of them."))
        return {name: plain(value, faults, within(place, name), depth + 1) for name, value in given.items()}
    if isinstance(given, list | tuple):
        return [
            value if type(value) in _LEAVES else plain(value, faults, f"{place}[{index}]", depth + 1)
            for index, value in enumerate(given)
        ]
    return given


def within(place: str, name: object) -> str:
    """The place of a field of the object at `place`.

    >>> within("layers[0]", "units"), within("", "title")
    ('layers[0].units', 'title')
    """
    return f"{place}.{name}" if place else str(name)


def _too_deep(place: str = "") -> InputError:
    return InputError(f"Lists and objects stand in each other more than {DEEPEST} deep. Use fewer brackets.", place)


def text_of(document: Mapping[str, object]) -> str:
    """The document as JSON, one line per field and per layer, every float by its shortest exact digits."""
    lines = [f"  {_json(name)}: {_value(name, value)}" for name, value in document.items()]
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _value(name: str, value: object) -> str:
    if name == "layers" and isinstance(value, list) and value:
        return "[\n" + ",\n".join(f"    {_json(layer)}" for layer in value) + "\n  ]"
    return _json(value)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)
