"""Later: what is asked for with `Prefer: respond-async` is promised, and a worker makes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import current_app, request

from .web import answer

if TYPE_CHECKING:
    from flask import Response

LATER = "respond-async"
PREFER = {
    "in": "header",
    "name": "Prefer",
    "schema": {"type": "string"},
    "description": f"`{LATER}`: do not wait; 202 says where the answer will be.",
}


def is_for_later() -> bool:
    """Whether who asks would rather not wait."""
    return LATER in request.headers.get("Prefer", "")


def defer(job: str, **named: object) -> None:
    """Tell the workers; call it once what the job is to read is committed."""
    current_app.extensions["defer"](job, **{name: str(value) for name, value in named.items()})


def promise(status: bytes, where: str) -> Response:
    """202: how far it has come, and the address that will say more."""
    applied = {"Preference_Applied": LATER} if is_for_later() else {}
    return answer(status, 202, Location=where, Retry_After="1", **applied)
