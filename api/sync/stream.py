"""Stream: something changed, pull: Server-Sent Events for those who are online."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Response, current_app, request

from api.core.acting import acting, bearer_token
from api.core.db import database
from api.core.head import Head, head_of

from .hub import require_listener
from .listener import Listener

if TYPE_CHECKING:
    from uuid import UUID

    from .hub import Hub

EVENTS = "text/event-stream"
UNKNOWN = -1  # below any revision


def open_stream(network_id: UUID) -> Response:
    """Begin to listen; the answer's body ends when the stream does."""
    with acting(network_id) as (cx, actor):
        require_listener(actor)
        heard = _heard(head_of(cx))
    if request.method == "HEAD":
        return _streaming(Response(mimetype=EVENTS))
    listener = Listener(actor, bearer_token(), heard)
    hub: Hub = current_app.extensions["hub"]
    hub.admit(listener)
    try:
        with database().snapshot(network_id) as cx:  # begun after it was admitted: no gap
            hub.look(cx, [listener])
    except BaseException:
        listener.close()
        raise
    listener.beat()
    return _streaming(Response(listener, mimetype=EVENTS, direct_passthrough=True))


def _heard(head: Head) -> int:
    """The last event the client heard; none when it is from another life of the database."""
    text = request.headers.get("Last-Event-ID", "")
    said = int(text) if text.isascii() and text.isdigit() and len(text) < 20 else UNKNOWN  # noqa: PLR2004
    return said if said <= head.revision else UNKNOWN


def _streaming(response: Response) -> Response:
    """Nobody on the way is to keep it or to hold it back."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Accel-Buffering"] = "no"
    return response
