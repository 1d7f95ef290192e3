"""WSGI: the application as a server process loads it."""

from __future__ import annotations

import gc
import os
import signal
import sys
import threading
from typing import TYPE_CHECKING

from granian.utils.proxies import wrap_wsgi_with_proxy_headers

from api import create_app
from api.core.gate import Gate

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask


PROXIES = ["127.0.0.1", "::1"]  # only a proxy on this machine is believed


def create() -> Flask:
    """Build the application, then spare the collector what lives as long as the process."""
    app = create_app()
    gate = Gate(app.wsgi_app, app.extensions["settings"].threads)
    app.wsgi_app = gate  # type: ignore[method-assign]
    name_clients(app)
    before_stopping(app.extensions["hub"].close)
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)  # a batch of 200 makes thousands of short-lived objects
    # A thread that holds a network's lock and hears from the database is not kept waiting for one
    # that reads its next batch.
    sys.setswitchinterval(0.0005)
    return app


def name_clients(app: Flask) -> Flask:
    """Behind a reverse proxy, tell clients apart by the address that the proxy saw."""
    app.wsgi_app = wrap_wsgi_with_proxy_headers(app.wsgi_app, PROXIES)  # type: ignore[method-assign]
    return app


def before_stopping(act: Callable[[], None]) -> None:
    """Have `act` called as soon as INT or TERM arrives, whatever the server then does about it.

    A server that stops waits for answers under way, and listeners wait for ever. It sets its own
    handlers after us, so we listen where the interpreter notes every signal.
    """
    if threading.current_thread() is not threading.main_thread():
        return
    heard, noted = os.pipe()
    os.set_blocking(noted, False)
    before = signal.set_wakeup_fd(noted, warn_on_full_buffer=False)
    args = (heard, before, act)
    threading.Thread(target=_await_stop, args=args, name="stop", daemon=True).start()


def _await_stop(heard: int, before: int, act: Callable[[], None]) -> None:
    """Wait for the signals that end a process; whoever was told of signals before still is."""
    while number := os.read(heard, 1):
        if before >= 0:
            os.write(before, number)
        if number[0] in (signal.SIGINT, signal.SIGTERM):
            act()
