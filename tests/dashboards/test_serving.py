"""The command serves: as a process of its own, at a free port, always ended."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
import webbrowser
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from dashboards import delivery, serving
from nncalc import cli

ROOT = Path(__file__).parents[2]
PATIENCE = 60
"""Seconds until a process that hangs is given up."""

Starter = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def start() -> Iterator[Starter]:
    """Starts the command; whatever still runs in the end is killed."""
    started: list[subprocess.Popen[str]] = []

    def run(*arguments: str) -> subprocess.Popen[str]:
        path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
        process = subprocess.Popen(
            [sys.executable, "-m", "nncalc", *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": path},
        )
        started.append(process)
        return process

    yield run
    for process in started:
        process.kill()
        process.communicate()


def first_line(process: subprocess.Popen[str]) -> str:
    """What the process says first; one that says nothing is killed, which ends the waiting."""
    assert process.stdout is not None
    timer = threading.Timer(PATIENCE, process.kill)
    timer.start()
    try:
        return process.stdout.readline()
    finally:
        timer.cancel()


def get(url: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(url, timeout=PATIENCE) as response:
            return response.status, response.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


@pytest.mark.parametrize("arguments", [["serve"], []], ids=["serve", "without a command"])
def test_the_pages_are_served_at_the_address_that_is_printed(start: Starter, arguments: list[str]):
    process = start(*arguments, "--port", "0", "--no-browser")
    found = re.fullmatch(r"nncalc is at (http://127\.0\.0\.1:(\d+)) \(Ctrl-C stops it\)\n", first_line(process))
    assert found and int(found[2]) > 0
    assert get(f"{found[1]}/health") == (200, "ok")
    status, document = get(f"{found[1]}/")
    assert status == 200 and "<title>nncalc</title>" in document
    assert get(f"{found[1]}/nowhere")[0] == 404


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such signal")
@pytest.mark.parametrize("after", [0.0, 0.15, 0.4])
def test_ctrl_c_ends_it_quietly(start: Starter, after: float):
    """Also while it warms up, which it does in the first second."""
    process = start("serve", "--port", "0", "--no-browser")
    assert first_line(process).startswith("nncalc is at ")
    time.sleep(after)
    process.send_signal(signal.SIGINT)
    assert process.communicate(timeout=PATIENCE) == ("", "")
    assert process.returncode == cli.INTERRUPTED


# What can be wrong with an address. No page is loaded for it, so that these need no process of their own.


def refused(capsys, *arguments: str) -> str:
    assert cli.main(["serve", "--no-browser", *arguments]) == 2
    out, err = capsys.readouterr()
    assert out == "" and err.count("\n") == 1
    return err


def test_a_port_that_is_taken_is_told(capsys):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        assert refused(capsys, "--port", str(port)) == (
            f"nncalc serve: Port {port} is taken, perhaps by another nncalc. Stop that program, or choose another "
            "port: --port 0 takes a free one.\n"
        )


@pytest.mark.parametrize("port", ["65536", "-1", "x", "", "80.5", "9" * 5000])
def test_a_port_out_of_range_is_told(capsys, port: str):
    message = refused(capsys, f"--port={port}")
    assert message.startswith("nncalc serve: argument --port: ")
    assert "0 to 65535 are possible, 0 takes a free one" in message


@pytest.mark.parametrize("host", ["nowhere.invalid", "x" * 70, "a b", "1.2.3.4.5"])
def test_a_host_that_does_not_exist_is_told(capsys, host: str):
    message = refused(capsys, "--host", host, "--port", "0")
    assert re.match(r'nncalc serve: There is no host ".+"\. Use --host 127\.0\.0\.1 for this machine', message)


def test_a_host_elsewhere_is_told(capsys):
    """192.0.2.1 is an address for documentation (RFC 5737): no machine has it."""
    message = refused(capsys, "--host", "192.0.2.1", "--port", "0")
    assert message.startswith('nncalc serve: The host "192.0.2.1" is not this machine. Use --host 127.0.0.1')


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (PermissionError(13, "Permission denied"), "Port 80 is not allowed to you. Choose one from 1024 to 65535"),
        (OSError(24, "Too many open files"), 'Port 80 of "localhost" cannot be had: Too many open files.'),
    ],
)
def test_other_reasons_are_told(capsys, monkeypatch, error: OSError, message: str):
    def fail(*args, **kwargs):
        raise error

    monkeypatch.setattr(socket, "create_server", fail)
    assert refused(capsys, "--host", "localhost", "--port", "80").startswith(f"nncalc serve: {message}")


# Where it is, and for whom


@pytest.mark.parametrize(
    ("host", "address", "private"),
    [
        ("127.0.0.1", "http://127.0.0.1:{}", True),
        ("localhost", "http://localhost:{}", True),
        ("0.0.0.0", "http://127.0.0.1:{}", False),
    ],
)
def test_the_address_is_one_that_a_browser_here_can_open(host: str, address: str, private: bool):
    with serving._listening(host, 0) as listener:
        port = listener.getsockname()[1]
        assert serving.address_of(listener, host) == address.format(port)
        assert serving.is_private(listener) is private


@pytest.fixture
def served(monkeypatch) -> list[str]:
    """Serving ends at once, as after Ctrl-C; what the browser would open is noted."""
    opened: list[str] = []

    class Server:
        def __init__(self, *args, **settings) -> None: ...
        def run(self) -> None: ...

    class Browser(webbrowser.BaseBrowser):
        def open(self, url: str, new: int = 0, autoraise: bool = True) -> bool:
            opened.append(url)
            return True

    class Thread:
        def __init__(self, target, args=(), daemon=False) -> None:
            self.run = lambda: target(*args)

        def start(self) -> None:
            self.run()

    monkeypatch.setattr(serving, "create_server", Server)
    monkeypatch.setattr(serving.threading, "Thread", Thread)
    monkeypatch.setattr(serving, "_warm_up", lambda: None)
    monkeypatch.setattr(delivery, "compress_files", lambda app, paths: None)
    monkeypatch.setattr(webbrowser, "get", Browser)
    return opened


def test_the_browser_opens_the_address_unless_it_shall_not(capsys, served: list[str]):
    assert cli.main(["--port", "0"]) == cli.INTERRUPTED
    (line,) = capsys.readouterr().out.splitlines()
    assert served == [line.split()[3]]
    cli.main(["serve", "--port", "0", "--no-browser"])
    assert len(served) == 1


def test_a_browser_for_the_terminal_is_not_started(monkeypatch, served: list[str]):
    class Terminal(webbrowser.GenericBrowser):
        def open(self, url: str, new: int = 0, autoraise: bool = True) -> bool:
            raise AssertionError

    monkeypatch.setattr(webbrowser, "get", lambda: webbrowser.GenericBrowser("lynx"))
    monkeypatch.setattr(webbrowser.GenericBrowser, "open", Terminal.open)
    assert cli.main(["--port", "0"]) == cli.INTERRUPTED


def test_what_everyone_can_reach_is_said_so(capsys, served: list[str]):
    cli.main(["serve", "--host", "0.0.0.0", "--port", "0", "--no-browser"])
    first, second = capsys.readouterr().out.splitlines()
    assert first.startswith("nncalc is at http://127.0.0.1:")
    assert second == "Everyone who can reach this machine can open it. With --host 127.0.0.1 only you can."
