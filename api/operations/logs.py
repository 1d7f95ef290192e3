"""Logs: one JSON line a request on standard error, with its id and nothing personal."""

from __future__ import annotations

import json
import logging
import re
import sys
import time
from typing import TYPE_CHECKING, Any

import msgspec
import structlog
from flask import current_app, g, request
from uuid_utils.compat import uuid7

from api.core.web import failure

if TYPE_CHECKING:
    from flask import Response

    from api.settings import Settings

SANE_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
QUIET = ("/healthz", "/readyz", "/metrics")  # asked every few seconds by machines


def configure(settings: Settings) -> Any:
    """Write JSON lines from the chosen level on; the log that requests are noted in."""
    level = logging.getLevelNamesMapping().get(settings.log_level.upper(), logging.INFO)
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
            structlog.contextvars.merge_contextvars,
            structlog.processors.JSONRenderer(serializer=_as_json),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=lambda *_: Lines(),
        cache_logger_on_first_use=False,
    )
    if not any(isinstance(handler, Libraries) for handler in logging.root.handlers):
        logging.root.addHandler(Libraries(logging.WARNING))
    return structlog.get_logger().bind()


class Lines:
    """Standard error, a line in one piece: those of several threads do not mix."""

    def msg(self, line: str) -> None:
        """Write a line."""
        sys.stderr.write(f"{line}\n")

    debug = info = warning = error = critical = msg


def _as_json(event: dict[str, Any], **_: Any) -> str:
    try:
        return msgspec.json.encode(event, enc_hook=str).decode()
    except UnicodeEncodeError:  # a path that is not UTF-8, in what a library says
        return json.dumps(event, default=str)


class Libraries(logging.Handler):
    """What libraries warn of becomes a line like ours, and errors tell their place alone."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write the line."""
        error = record.exc_info[1] if record.exc_info else None
        told = failure(error) if error else {"message": record.getMessage()}
        level = "error" if record.levelno >= logging.ERROR else "warning"
        getattr(structlog.get_logger(), level)("library", library=record.name, **told)


def begin() -> None:
    """Name the request: by the caller's id where it is a sane one, else by a new one."""
    given = request.headers.get("X-Request-ID", "")
    request_id = given if SANE_ID.fullmatch(given) else str(uuid7())
    g.request_id, g.began = request_id, time.perf_counter()
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=request_id)


def route() -> str:
    """The address as a pattern: ids, queries and whatever people put into them stay out."""
    return request.url_rule.rule if request.url_rule else "(none)"


def note(response: Response) -> Response:
    """Write the request's line and hand its id back."""
    response.headers["X-Request-ID"] = g.request_id
    if request.path not in QUIET:
        current_app.extensions["log"].info(
            "request",
            method=request.method,
            route=route(),
            status=response.status_code,
            ms=round(1000 * (time.perf_counter() - g.began), 1),
        )
    return response
