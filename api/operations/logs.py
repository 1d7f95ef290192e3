"""Logs: one JSON line a request on standard error, with its id and nothing personal."""

from __future__ import annotations

import json
import logging
import sys
from typing import TYPE_CHECKING, Any

import msgspec
import structlog

from api.core.web import failure

if TYPE_CHECKING:
    from api.settings import Settings

    from .requests import Answered

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


def write(log: Any, answered: Answered) -> None:
    """Write an answered request's line."""
    if answered.route not in QUIET:
        log.info(
            "request",
            method=answered.method,
            route=answered.route,
            status=answered.status,
            ms=round(1000 * answered.seconds, 1),
        )
