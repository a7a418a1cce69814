"""Serves the pages on this machine: the address, the browser, and what can go wrong with a port."""

from __future__ import annotations

import errno
import gc
import ipaddress
import logging
import socket
import threading
import webbrowser
from contextlib import suppress

from waitress.server import create_server

from dashboards.security import MOST_REQUEST_BYTES
from nncalc.errors import InputError
from nncalc.wording import shown

THREADS = 2
"""More would be slower: Python works on one answer at a time, and pays for every change between them. The second is
there while the first has a large problem."""

CONNECTIONS = 1000
"""A class keeps its pages open, each with several connections; waitress would refuse the hundred-and-first."""

_ALL_INTERFACES = {socket.AF_INET: "127.0.0.1", socket.AF_INET6: "::1"}


def serve(host: str, port: int, browse: bool) -> None:
    """Serves until Ctrl-C; with `port` 0 on a free one. The address is printed once it answers.

    Raises:
        InputError: there is no such host, or the port cannot be had.
    """
    with _listening(host, port) as listener:  # before what takes longer, so that a port that is taken is told at once
        from dashboards.app import PAGES, create_app
        from dashboards.delivery import compress_files

        app = create_app()
        server = create_server(
            app.server,
            sockets=[listener],
            threads=THREADS,
            connection_limit=CONNECTIONS,
            ident=None,
            max_request_body_size=2 * MOST_REQUEST_BYTES,  # up to here the site itself explains what is too large
        )
        logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # it warns of every page's ten files
        address = address_of(listener, host)
        print(f"nncalc is at {address} (Ctrl-C stops it)", flush=True)
        if not is_private(listener):
            print("Everyone who can reach this machine can open it. With --host 127.0.0.1 only you can.", flush=True)
        paths = [page.path for page in PAGES]
        threading.Thread(target=compress_files, args=(app, paths), daemon=True).start()
        threading.Thread(target=_warm_up).start()
        if browse:
            threading.Thread(target=_open_browser, args=(address,), daemon=True).start()
        server.run()


def _listening(host: str, port: int) -> socket.socket:
    try:
        family, _, _, _, place = socket.getaddrinfo(host or None, port, type=socket.SOCK_STREAM)[0]
    except (OSError, UnicodeError):
        raise InputError(
            f"There is no host {shown(host)}. Use --host 127.0.0.1 for this machine alone, 0.0.0.0 for everyone."
        ) from None
    try:
        return socket.create_server(place[:2], family=family, backlog=128)
    except OSError as error:
        raise InputError(_reason(error, host, port)) from None


def _reason(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"Port {port} is taken, perhaps by another nncalc. Stop that program, or choose another port: "
            "--port 0 takes a free one."
        )
    if error.errno == errno.EACCES:
        return f"Port {port} is not allowed to you. Choose one from 1024 to 65535, or --port 0 for a free one."
    if error.errno == errno.EADDRNOTAVAIL:
        return f"The host {shown(host)} is not this machine. Use --host 127.0.0.1 for yourself, 0.0.0.0 for everyone."
    return f"Port {port} of {shown(host)} cannot be had: {error.strerror}. Try another --port or --host."


def address_of(listener: socket.socket, host: str) -> str:
    """Where a browser on this machine finds it; what listens everywhere is also at the loopback address."""
    number, port = listener.getsockname()[:2]
    name = _ALL_INTERFACES[listener.family] if ipaddress.ip_address(number).is_unspecified else host or number
    return f"http://[{name}]:{port}" if ":" in name else f"http://{name}:{port}"


def is_private(listener: socket.socket) -> bool:
    """Whether only this machine can reach it."""
    return ipaddress.ip_address(listener.getsockname()[0].partition("%")[0]).is_loopback


def _open_browser(address: str) -> None:
    """In a window of its own: a browser for the terminal would take the terminal away."""
    with suppress(webbrowser.Error):
        browser = webbrowser.get()
        if type(browser) is not webbrowser.GenericBrowser:
            browser.open(address)


def _warm_up() -> None:
    """What JAX does once per process is done before somebody waits for it. Not a daemon: it cannot be cut short."""
    from nncalc import examples
    from nncalc.solution import solve

    solve(examples.load("one-weight"))
    gc.collect()
    gc.freeze()  # what is there now stays: looking through it would hold up an answer by a tenth of a second
