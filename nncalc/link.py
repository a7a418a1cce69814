"""A problem as text that fits into the fragment of a web address, and back.

The document as compact JSON, deflated with a checksum (RFC 1950), in the letters of base64url (RFC 4648, section 5)
without padding: none of them has to be escaped in an address, a mail or a chat.
"""

from __future__ import annotations

import base64
import json
import re
import zlib

from nncalc.document import MOST_BYTES
from nncalc.errors import InputError
from nncalc.problem import Problem
from nncalc.wording import shown

LONGEST_LINK = 64 * 1024
"""Characters. Browsers take longer addresses, but mail programs and chats cut them."""

_STRANGER = re.compile(r"[^A-Za-z0-9_-]")
_CUT_OFF = "The link is cut off: its end is missing. Copy the whole link."


def to_link(problem: Problem) -> str:
    """The problem as a link that `from_link` reads, equal to the last bit.

    Raises:
        InputError: the link would be longer than `LONGEST_LINK`.

    >>> problem = Problem.from_dict({"nncalc": 1, "layers": [], "data": {"x": [["1/2"]]}})
    >>> from_link(to_link(problem)) == problem
    True
    """
    text = json.dumps(problem.document, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    link = _letters(zlib.compress(text.encode(), level=9))
    if len(link) > LONGEST_LINK:
        raise InputError(
            f"The problem is too large for a link: it would have {len(link):,} characters, at most "
            f"{LONGEST_LINK:,} are possible. Save the file instead."
        )
    return link


def from_link(text: str) -> Problem:
    """The problem of a link.

    Raises:
        InputError: the link is damaged, or its problem has faults.

    >>> from_link("eNqrVsrLS07MSVayMtRRykmsTC0qVrKKjtVRSkksSVSyqlaqAHKjlQz1jZRiY2trAWUvDoE").x.tolist()
    [[0.5]]
    >>> from_link("eNqrVsrLS07MSVay")
    Traceback (most recent call last):
    nncalc.errors.InputError: The link is cut off: its end is missing. Copy the whole link.
    """
    return Problem.loads(_inflated(_bytes(text.strip())))


def _letters(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode("ascii").rstrip("=")


def _bytes(link: str) -> bytes:
    if not link:
        raise InputError("The link is empty. Copy the whole link.")
    if len(link) > LONGEST_LINK:
        raise InputError(f"The link has {len(link):,} characters, at most {LONGEST_LINK:,} are possible.")
    if stranger := _STRANGER.search(link):
        raise _damaged(f"character {stranger.start() + 1}, {shown(stranger[0])}, is none that a link can have")
    if len(link) % 4 == 1:  # letters come in fours; what is left of the last four is 2 or 3
        raise InputError(_CUT_OFF)
    data = base64.urlsafe_b64decode(link + "=" * (-len(link) % 4))
    if _letters(data) != link:
        raise _damaged(f"its last character, {shown(link[-1])}, cannot stand there")
    return data


def _inflated(data: bytes) -> bytes:
    """The bytes that were deflated; no more than a file may have are ever made of them."""
    unpacking = zlib.decompressobj()
    try:
        content = unpacking.decompress(data, MOST_BYTES + 1)
    except zlib.error:
        raise _damaged("what it holds cannot be unpacked") from None
    if len(content) > MOST_BYTES:
        raise InputError(f"The link unpacks to more than {MOST_BYTES:,} bytes, the most that can be read.")
    if not unpacking.eof:
        raise InputError(_CUT_OFF)
    if unpacking.unused_data:
        raise _damaged("there is more behind its end")
    return content


def _damaged(what: str) -> InputError:
    return InputError(f"The link is damaged: {what}. Copy the whole link again.")
