"""Health: whether the process lives, and whether it can do its work."""

from __future__ import annotations

from flask import Blueprint, Response

from api.core.db import database
from api.core.driver import FAULTS
from api.core.problems import Problem
from api.core.web import answer
from api.migrate import is_current

blueprint = Blueprint("health", __name__)


@blueprint.route("/healthz")
def is_alive() -> Response:
    """The process answers; nothing else is asked."""
    return answer(b'{"status":"alive"}')


@blueprint.route("/readyz")
def is_ready() -> Response:
    """The database answers and is at the newest migration; 503 says which of them failed."""
    try:
        with database().snapshot() as cx:
            if not is_current(cx):
                raise Problem("unavailable", "The database waits for: weft migrate")
    except FAULTS as error:
        raise Problem("unavailable", "The database does not answer.") from error
    return answer(b'{"status":"ready"}')
