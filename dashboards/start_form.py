"""The form that starts a problem of one's own: a shape is asked for, the numbers are drawn."""

from __future__ import annotations

import re
from enum import StrEnum

from dash import Input, Output, State, callback, dcc, html, no_update

from nncalc.activations import ACTIVATIONS
from nncalc.errors import InputError
from nncalc.link import to_link
from nncalc.starting import MOST_HIDDEN_LAYERS, MOST_UNITS, network_problem
from nncalc.wording import shown

SEED = 1
"""The same shape has the same numbers for everyone, so that a class can compare its results."""

POSSIBLE = f"a whole number from 1 to {MOST_UNITS}"


class Ids(StrEnum):
    LOCATION = "home-location"
    INPUTS = "home-inputs"
    HIDDEN = "home-hidden"
    OUTPUTS = "home-outputs"
    ACTIVATION = "home-activation"
    ACTIVATIONS = "home-activations"
    START = "home-start"
    INPUTS_FAULT = "home-inputs-fault"
    HIDDEN_FAULT = "home-hidden-fault"
    OUTPUTS_FAULT = "home-outputs-fault"
    ACTIVATION_FAULT = "home-activation-fault"


def form() -> html.Div:
    return html.Div(
        [
            dcc.Location(id=Ids.LOCATION, refresh="callback-nav"),
            field("Inputs", entry_for(Ids.INPUTS, "2"), f"1 to {MOST_UNITS}", Ids.INPUTS_FAULT),
            field("Hidden units", entry_for(Ids.HIDDEN, "2"), "3, 2 for two layers", Ids.HIDDEN_FAULT),
            field("Outputs", entry_for(Ids.OUTPUTS, "1"), f"1 to {MOST_UNITS}", Ids.OUTPUTS_FAULT),
            field("Activation", _activation(), "of the hidden units: relu, tanh, …", Ids.ACTIVATION_FAULT),
            html.Datalist([html.Option(value=name) for name in ACTIVATIONS], id=Ids.ACTIVATIONS),
            html.Button("Start calculating", id=Ids.START, type="button", className="button button-main"),
        ],
        className="start-form",
    )


def field(label: str, entry: dcc.Input, hint: str, fault: str) -> html.Label:
    """Label, hint and fault stand in one label, so that a screen reader says them with the entry."""
    return html.Label(
        [
            html.Span(label, className="field-name"),
            entry,
            html.Span(hint, className="hint"),
            html.Span(id=fault, className="fault", role="alert"),
        ],
        className="field",
    )


def entry_for(name: str, value: str) -> dcc.Input:
    return dcc.Input(
        id=name,
        value=value,
        type="text",
        inputMode="numeric",
        autoComplete="off",
        maxLength=40,
        persistence=True,
        persistence_type="session",
    )


def _activation() -> dcc.Input:
    """A text with suggestions, because Dash's own lists fail the accessibility checks."""
    entry = entry_for(Ids.ACTIVATION, "sigmoid")
    entry.inputMode, entry.list = "verbatim", Ids.ACTIVATIONS  # pyright: ignore[reportAttributeAccessIssue]
    return entry


@callback(
    Output(Ids.LOCATION, "href"),
    Output(Ids.INPUTS_FAULT, "children"),
    Output(Ids.HIDDEN_FAULT, "children"),
    Output(Ids.OUTPUTS_FAULT, "children"),
    Output(Ids.ACTIVATION_FAULT, "children"),
    Input(Ids.START, "n_clicks"),
    Input(Ids.INPUTS, "n_submit"),
    Input(Ids.HIDDEN, "n_submit"),
    Input(Ids.OUTPUTS, "n_submit"),
    State(Ids.INPUTS, "value"),
    State(Ids.HIDDEN, "value"),
    State(Ids.OUTPUTS, "value"),
    State(Ids.ACTIVATION, "value"),
    prevent_initial_call=True,
)
def start(clicks, in_inputs, in_hidden, in_outputs, inputs, hidden, outputs, activation):
    """The address of the problem, or what is wrong with each entry."""
    if not any((clicks, in_inputs, in_hidden, in_outputs)):
        return no_update, "", "", "", ""
    read, faults = {}, []
    for name, reader, given in (
        ("inputs", read_count, inputs),
        ("hidden", read_counts, hidden),
        ("outputs", read_count, outputs),
        ("activation", read_activation, activation),
    ):
        try:
            read[name] = reader(given)
            faults.append("")
        except InputError as error:
            faults.append(str(error))
    if any(faults):
        return no_update, *faults
    return f"/backpropagation#problem={to_link(network_problem(**read, seed=SEED))}", *faults


def read_count(given: object, least: int = 1, most: int = MOST_UNITS) -> int:
    """
    >>> read_count(" 3 "), read_count("12", 3, 28)
    (3, 12)
    >>> read_count("2.5")
    Traceback (most recent call last):
    nncalc.errors.InputError: "2.5" given. Possible is a whole number from 1 to 8.
    """
    text = _text(given)
    if not re.fullmatch("[0-9]{1,9}", text) or not least <= int(text) <= most:
        raise InputError(f"{_quoted(text)} given. Possible is a whole number from {least} to {most}.")
    return int(text)


def read_counts(given: object) -> list[int]:
    """The units of the hidden layers, first to last.

    >>> read_counts("3, 2"), read_counts("0")
    ([3, 2], [])
    >>> read_counts("3, 9")
    Traceback (most recent call last):
    nncalc.errors.InputError: Hidden layer 2: "9" given. Possible is a whole number from 1 to 8.
    """
    text = _text(given)
    parts = [part for part in re.split(r"[\s,;]+", text) if part]
    if parts == ["0"]:
        return []
    if not parts:
        raise InputError(f"{_quoted(text)} given. Possible is {POSSIBLE} for each layer, or 0 for none.")
    if len(parts) > MOST_HIDDEN_LAYERS:
        raise InputError(f"{len(parts)} layers given. Possible are at most {MOST_HIDDEN_LAYERS}.")
    counts = []
    for number, part in enumerate(parts, start=1):
        try:
            counts.append(read_count(part))
        except InputError as error:
            raise InputError(f"Hidden layer {number}: {error}" if len(parts) > 1 else str(error)) from None
    return counts


def read_activation(given: object) -> str:
    if not isinstance(given, str) or given not in ACTIVATIONS:
        raise InputError(f"{shown(given)} given. Possible: {', '.join(ACTIVATIONS)}.")
    return given


def _text(given: object) -> str:
    return "" if given is None else str(given).strip()


def _quoted(text: str) -> str:
    return shown(text) if text else "Nothing"
