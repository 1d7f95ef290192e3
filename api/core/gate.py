"""Gate: how many requests one process works on at once, however many threads the server has.

The server gets a thread for every listener of a change stream besides those for requests. Without
the gate, requests would use them all as soon as nobody listens, and wait for one another's
database connections.
"""

from __future__ import annotations

import threading
from collections import deque
from typing import TYPE_CHECKING, Any

from werkzeug.wsgi import ClosingIterator

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

LISTENS = "weft.listens"  # in the environ of a request whose answer outlasts its work


class Gate:
    """Lets `width` requests through at a time, first come, first served."""

    def __init__(self, app: Callable[..., Iterable[bytes]], width: int) -> None:
        """Stand before the WSGI application `app`."""
        self._app = app
        self._free = width
        self._lock = threading.Lock()
        self._queue: deque[threading.Lock] = deque()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Work on one request; its place is free again when its answer is sent, or listens."""
        self._enter()
        try:
            body = self._app(environ, start_response)
        except BaseException:
            self._leave()
            raise
        if LISTENS in environ:
            self._leave()
            return body
        return ClosingIterator(body, self._leave)

    def _enter(self) -> None:
        with self._lock:
            if self._free:
                self._free -= 1
                return
            turn = threading.Lock()
            turn.acquire()  # released by who leaves
            self._queue.append(turn)
        turn.acquire()

    def _leave(self) -> None:
        """Hand the place to who has waited longest."""
        with self._lock:
            if self._queue:
                self._queue.popleft().release()
            else:
                self._free += 1
