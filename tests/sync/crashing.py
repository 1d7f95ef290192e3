"""Crashing: a server that dies where a request says so, for tests alone; the product has no switch.

`tests.sync.crashing:create` is the application as `weft serve` loads it, in a process that kills
itself with SIGKILL at the point that the header `Crash-At` names.
"""

from __future__ import annotations

import os
import signal
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from flask import has_request_context, request

from api.core import write
from api.sync import routes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from flask import Flask

HEADER = "Crash-At"
# Before the transaction; with the network's lock held; with the first rows written; with
# everything written and nothing committed; committed and not answered.
POINTS = ("arrived", "locked", "written", "settled", "committed")


@contextmanager
def crash_points(die: Callable[[], None]) -> Iterator[None]:
    """Have `die` called where the request at work says so, for as long as the block runs."""
    before = {
        "arrived": (routes, "read_envelope"),
        "committed": (routes, "_said"),
    }
    after = {
        "locked": (write, "survey"),
        "written": (write, "ask"),
        "settled": (routes, "apply_prepared"),
    }
    with ExitStack() as stack:
        for points, then in ((before, _before), (after, _after)):
            for point, (where, name) in points.items():
                act = getattr(where, name)
                stack.enter_context(patch.object(where, name, then(act, point, die)))
        yield


def is_here(point: str) -> bool:
    """Whether the request at work is to end at this point."""
    return has_request_context() and request.headers.get(HEADER) == point


def _before(act: Callable[..., Any], point: str, die: Callable[[], None]) -> Callable[..., Any]:
    def acted(*args: Any) -> Any:
        if is_here(point):
            die()
        return act(*args)

    return acted


def _after(act: Callable[..., Any], point: str, die: Callable[[], None]) -> Callable[..., Any]:
    def acted(*args: Any, **named: Any) -> Any:
        found = act(*args, **named)
        if is_here(point):
            die()
        return found

    return acted


def create() -> Callable[[Any, Any], Iterable[bytes]]:
    """The application for a server process, with its crash points armed for good."""
    from api.wsgi import create as build

    app: Flask = build()
    armed = crash_points(lambda: os.kill(os.getpid(), signal.SIGKILL))
    armed.__enter__()
    app.extensions["armed"] = armed  # or the collector would disarm it
    return app
