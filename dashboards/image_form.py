"""The form that starts a network for images: its sizes are asked for, the numbers are drawn."""

from __future__ import annotations

from enum import StrEnum

from dash import Input, Output, State, callback, dcc, html, no_update

from dashboards.start_form import SEED, entry_for, field, read_count
from nncalc.errors import InputError
from nncalc.link import to_link
from nncalc.scenes import page_of
from nncalc.starting import CLASSES, IMAGE_SIZES, MOST_FILTERS, MOST_KERNEL, MOST_POOLING, image_problem


class Ids(StrEnum):
    LOCATION = "images-location"
    SIZE = "images-size"
    FILTERS = "images-filters"
    KERNEL = "images-kernel"
    POOLING = "images-pooling"
    CLASSES = "images-classes"
    START = "images-start"


FIELDS = {
    "size": (Ids.SIZE, "Image", "6", *IMAGE_SIZES, "cells a side"),
    "filters": (Ids.FILTERS, "Filters", "2", 1, MOST_FILTERS, "of the convolution"),
    "kernel": (Ids.KERNEL, "Kernel", "3", 1, MOST_KERNEL, "cells a side"),
    "pooling": (Ids.POOLING, "Max pooling", "2", 0, MOST_POOLING, "cells, 0 for none"),
    "classes": (Ids.CLASSES, "Classes", "2", *CLASSES, "of the softmax"),
}
"""By the argument of `image_problem`: id, name, what stands there at first, bounds, and what it counts."""


def form() -> html.Div:
    return html.Div(
        [
            dcc.Location(id=Ids.LOCATION, refresh="callback-nav"),
            *(
                field(label, entry_for(name, value), f"{least} to {most} {what}", fault_of(name))
                for name, label, value, least, most, what in FIELDS.values()
            ),
            html.Button("Start calculating", id=Ids.START, type="button", className="button button-main"),
        ],
        className="start-form start-images",
    )


def fault_of(name: Ids) -> str:
    return f"{name}-fault"


@callback(
    Output(Ids.LOCATION, "href"),
    *(Output(fault_of(row[0]), "children") for row in FIELDS.values()),
    Input(Ids.START, "n_clicks"),
    *(Input(row[0], "n_submit") for row in FIELDS.values()),
    *(State(row[0], "value") for row in FIELDS.values()),
    prevent_initial_call=True,
)
def start(clicks, *entries):
    """The address of the problem, or what is wrong with each entry."""
    submitted, values = entries[: len(FIELDS)], entries[len(FIELDS) :]
    if not any((clicks, *submitted)):
        return no_update, *[""] * len(FIELDS)
    read, faults = {}, dict.fromkeys(FIELDS, "")
    for (name, (_, _, _, least, most, _)), given in zip(FIELDS.items(), values, strict=True):
        try:
            read[name] = read_count(given, least, most)
        except InputError as error:
            faults[name] = str(error)
    if not any(faults.values()):
        try:
            problem = image_problem(**read, seed=SEED)
            return f"/{page_of(problem)}#problem={to_link(problem)}", *faults.values()
        except InputError as error:  # each is possible, and not all together
            faults |= {fault.place: f"{fault.message[0].upper()}{fault.message[1:]}." for fault in error.faults}
    return no_update, *faults.values()
