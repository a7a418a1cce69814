"""Looking into what Dash would send."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from dash.development.base_component import Component


def components(root: Any) -> Iterator[Any]:
    """Every component of a layout, the root included."""
    if isinstance(root, Component):
        yield root
        yield from root._traverse()


def text_of(root: Any) -> str:
    """What a layout says, in order."""
    if isinstance(root, str):
        return root
    children = getattr(root, "children", None) if isinstance(root, Component) else root
    return " ".join(text_of(child) for child in children) if isinstance(children, list | tuple) else _text(children)


def _text(child: Any) -> str:
    return "" if child is None else text_of(child) if isinstance(child, Component) else str(child)
