"""Crashing: the product as served, but for a header that names where the process dies."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from flask import has_request_context, request

from api import wsgi
from api.core import write
from api.core.db import Database

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

POINTS = ("before the lock", "under the lock", "when all is written", "after the commit")
HEADER = "X-Crash"


def create() -> Flask:
    """The application of `api.wsgi`, with its deaths."""
    write._read_world = _dying(write._read_world, *POINTS[:2])
    write._write_world = _dying(write._write_world, None, POINTS[2])
    Database.transaction = _after(Database.transaction)  # type: ignore[method-assign]
    return wsgi.create()


def _die_at(point: str | None) -> None:
    if point and has_request_context() and request.headers.get(HEADER) == point:
        os._exit(137)


def _dying(act: Callable[..., Any], before: str | None, after: str) -> Callable[..., Any]:
    def acted(*args: Any) -> Any:
        _die_at(before)
        found = act(*args)
        _die_at(after)
        return found

    return acted


def _after(transaction: Callable[..., Any]) -> Callable[..., Any]:
    from contextlib import contextmanager

    @contextmanager
    def transacted(*args: Any) -> Any:
        with transaction(*args) as cx:
            yield cx
        _die_at(POINTS[3])

    return transacted
