"""The place of the step player on a page: what it is opened with, and the callbacks that answer it.

Every page with a player has these stores; only one page is there at a time.
"""

from __future__ import annotations

from enum import StrEnum
from functools import cache
from typing import Any

import numpy as np
from dash import ClientsideFunction, Input, Output, State, callback, clientside_callback, dcc, html, no_update

from nncalc import examples
from nncalc.editing import edited_and_told
from nncalc.editing.form import form_of
from nncalc.errors import InputError
from nncalc.link import from_link, to_link
from nncalc.problem import Problem
from nncalc.scenes import pages_of, scene_of
from nncalc.scenes.given import given_of
from nncalc.solution import solve

PROVEN = 20  # iterations whose derivatives are compared with jax.grad and central differences


class Ids(StrEnum):
    PLAYER = "player"
    OPENED = "player-opened"
    REQUEST = "player-request"
    ANSWER = "player-answer"
    DRAWN = "player-drawn"
    PROOF = "player-proof"
    SHOWN = "player-shown"
    PROVED = "player-proved"


def place(page: str, first: str, *, example: str = "", step: str = "", detail: str = "") -> html.Div:
    """An empty place for the player; what the query asks for travels with it.

    The fragment, which only the browser knows, may ask for something else: the player looks.

    Args:
        page: the page's name, which says how a problem is drawn there (`nncalc.scenes.scene_of`).
        first: the worked problem that is shown where nothing else is asked for, or can be.
    """
    asked = {
        "page": page,
        "first": first,
        "asked": bool(example),
        "example": example or first,
        "step": step,
        "detail": detail,
        "examples": [{"name": name, "title": title} for name, title in _titles().items()],
    }
    return html.Div(
        [
            html.Div(id=Ids.PLAYER, className="player"),
            dcc.Store(id=Ids.OPENED, data=asked),
            dcc.Store(id=Ids.REQUEST),
            dcc.Store(id=Ids.ANSWER, data=answer_to({"page": page, "example": asked["example"]})),
            dcc.Store(id=Ids.DRAWN),
            dcc.Store(id=Ids.PROOF),
            dcc.Store(id=Ids.SHOWN),
            dcc.Store(id=Ids.PROVED),
        ],
        className="player-page",
    )


@cache
def _titles() -> dict[str, str]:
    """The worked problems; they are files of nncalc and never change while it runs."""
    return {name: examples.load(name).title for name in examples.names()}


clientside_callback(
    ClientsideFunction("nncalc", "open"),
    Output(Ids.SHOWN, "data"),
    Input(Ids.ANSWER, "data"),
    State(Ids.OPENED, "data"),
)
clientside_callback(
    ClientsideFunction("nncalc", "prove"),
    Output(Ids.PROVED, "data"),
    Input(Ids.PROOF, "data"),
    prevent_initial_call=True,
)


@callback(Output(Ids.ANSWER, "data"), Input(Ids.REQUEST, "data"), prevent_initial_call=True)
def answer_to(request: Any) -> Any:
    """The walkthrough that is asked for, or the faults of the request.

    A request has the problem as `document`, `link`, `example` or the `text` of a file, and perhaps an `edit` of it (see
    `nncalc.editing`); `page` says where it is drawn. Its `serial` comes back: the player knows what is answered.
    """
    if not isinstance(request, dict):
        return no_update
    answer: dict[str, Any] = {"serial": request.get("serial", 0)}
    try:
        problem, told = _asked(request)
        return answer | page_data(problem, str(request.get("page", ""))) | {"told": told}
    except InputError as error:
        return answer | {"faults": [{"place": fault.place, "message": fault.message} for fault in error.faults]}


@callback(Output(Ids.PROOF, "data"), Input(Ids.DRAWN, "data"), prevent_initial_call=True)
def prove(drawn: dict[str, Any]) -> Any:
    """The derivatives of what is drawn by `jax.grad` and by central differences; asked for once it is on the screen."""
    try:
        solution = solve(Problem.from_dict(drawn["document"]))
    except (InputError, KeyError, TypeError):
        return no_update
    found: dict[str, list] = {}
    for iteration in range(min(len(solution.iterations), PROVEN)):
        for name, row in solution.proof(iteration).items():
            found[name] = [value if np.isfinite(value) else None for value in row]
    return {"serial": drawn.get("serial", 0), "derivatives": found}


def page_data(problem: Problem, page: str = "") -> dict[str, Any]:
    """All that the player needs to show a problem on a page."""
    walkthrough = solve(problem).walkthrough
    if not walkthrough.count:
        raise InputError("This problem has nothing to work out: it has neither layers nor targets. Add `data.y`.")
    return {
        "walkthrough": walkthrough.data(problem.title),
        "scene": scene_of(problem, page),
        "pages": pages_of(problem),
        "given": given_of(problem),
        "form": form_of(problem),
        "source": problem.source,
        "notes": problem.notes,
        "document": problem.to_dict(),
        "link": _link_of(problem),
    }


def _link_of(problem: Problem) -> str | None:
    try:
        return to_link(problem)
    except InputError:  # too large for one: the page works, its address says less
        return None


def _asked(request: dict[str, Any]) -> tuple[Problem, str]:
    """The problem, and in words what an edit did besides."""
    if "document" in request:
        problem = Problem.from_dict(request["document"])
    elif "link" in request:
        problem = from_link(str(request["link"]))
    elif "text" in request:
        problem = Problem.loads(str(request["text"]))
    else:
        problem = examples.load(str(request.get("example", "")))
    edit = request.get("edit")
    return edited_and_told(problem, edit) if isinstance(edit, dict) else (problem, "")
