"""A class at work: a hundred visitors who each change a weight every two seconds, and one server process.

Every visitor sends what a page sends: the change, and once that is answered the question for the derivatives by JAX and
by differences. Times are of the change, from the request to the whole answer.
"""

from __future__ import annotations

import gzip
import http.client
import json
import threading
import time
from typing import Any
from urllib.parse import urlsplit

import numpy as np

from nncalc import examples
from tests.benchmarks.test_page import measure_once, of_times
from tests.browser.serving import served

VISITORS, EVERY, SECONDS = 100, 2.0, 30.0


class Visitor(threading.Thread):
    """Changes a weight at its own moments, on a connection of its own."""

    def __init__(self, address: str, number: int, until: float) -> None:
        super().__init__()
        self.connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=60)
        self.draw = np.random.default_rng(number)
        self.until = until
        self.document: dict[str, Any] = examples.load("mazur").to_dict()
        self.times: list[float] = []
        self.errors: list[str] = []

    def run(self) -> None:
        next_at = time.perf_counter() + self.draw.uniform(0, EVERY)
        while next_at < self.until:
            time.sleep(max(0, next_at - time.perf_counter()))
            try:
                self.change()
            except Exception as error:  # the figure is that there is none
                self.errors.append(repr(error))
            next_at += EVERY
        self.connection.close()

    def change(self) -> None:
        edit = {"name": "hidden.weights[0][0]", "text": f"{self.draw.uniform(-1, 1):.4f}"}
        request = {"document": self.document, "edit": edit, "serial": 1, "page": "backpropagation"}
        began = time.perf_counter()
        answer = self.ask("player-answer", "player-request", request)
        self.times.append((time.perf_counter() - began) * 1e3)
        self.document = answer["document"]
        self.ask("player-proof", "player-drawn", {"document": self.document, "serial": 1})

    def ask(self, output: str, name: str, value: Any) -> dict[str, Any]:
        body = {
            "output": f"{output}.data",
            "outputs": {"id": output, "property": "data"},
            "inputs": [{"id": name, "property": "data", "value": value}],
            "changedPropIds": [f"{name}.data"],
        }
        headers = {"Content-Type": "application/json", "Accept-Encoding": "gzip"}
        self.connection.request("POST", "/_dash-update-component", json.dumps(body), headers)
        response = self.connection.getresponse()
        content = response.read()
        if response.status != 200:
            raise RuntimeError(f"status {response.status}")
        if response.headers.get("Content-Encoding") == "gzip":
            content = gzip.decompress(content)
        return json.loads(content)["response"][output]["data"]


def test_a_hundred_visitors(benchmark):
    def measured() -> dict:
        with served() as address:
            first = Visitor(address, 0, 0)
            first.change()  # the shape is compiled
            first.run()
            until = time.perf_counter() + SECONDS
            visitors = [Visitor(address, number, until) for number in range(VISITORS)]
            for visitor in visitors:
                visitor.start()
            for visitor in visitors:
                visitor.join()
        return of_times([t for v in visitors for t in v.times]) | {"errors": sum(len(v.errors) for v in visitors)}

    measure_once(benchmark, measured)
    assert benchmark.extra_info["errors"] == 0
