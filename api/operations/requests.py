"""Requests: each gets an id; once answered, a line in the log and its place in the figures."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING, NamedTuple

import structlog
from flask import g, request
from uuid_utils.compat import uuid7

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask, Response

SANE_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")


class Answered(NamedTuple):
    """What is told of a request. The route is a pattern: ids and queries stay out of it."""

    method: str
    route: str
    status: int
    seconds: float


def watch(app: Flask, *tell: Callable[[Answered], None]) -> None:
    """Name every request from now on, and have each told of once it is answered."""

    def note(response: Response) -> Response:
        # `request` and `g` look up whose they are each time
        asked, kept = request._get_current_object(), g._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001
        response.headers["X-Request-ID"] = kept.request_id
        route = asked.url_rule.rule if asked.url_rule else "(none)"
        seconds = time.perf_counter() - kept.began
        answered = Answered(asked.method, route, response.status_code, seconds)
        for each in tell:
            each(answered)
        return response

    app.before_request(begin)
    app.after_request(note)


def begin() -> None:
    """Name the request: by the caller's id where it is a sane one, else by a new one."""
    given = request.headers.get("X-Request-ID", "")
    request_id = given if SANE_ID.fullmatch(given) else str(uuid7())
    g.request_id, g.began = request_id, time.perf_counter()
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=request_id)
