"""Listener: one open change stream, from the side of the thread that answers it."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from api.core.actor import Actor

EVENT = 'id: {0}\nevent: changed\ndata: {{"revision": {0}}}\n\n'
BEAT = b":\n\n"  # a comment: it keeps proxies from hanging up and shows who has hung up


class Listener:
    """The body of an answer that goes on: events as they come, until somebody ends it."""

    def __init__(self, actor: Actor, token: str, heard: int) -> None:
        """`heard` is the revision the client knows of; -1 when it knows of none."""
        self.actor = actor
        self.token = token
        self.opened_at = time.monotonic()
        self.on_close: Callable[[Listener], None] = lambda _: None
        self._heard = heard
        self._waiting = b""
        self._is_over = False
        self._news = threading.Condition()

    def __iter__(self) -> Listener:
        """Itself."""
        return self

    def __next__(self) -> bytes:
        """Wait for something to send."""
        with self._news:
            while not self._waiting and not self._is_over:
                self._news.wait()
            if not self._waiting:
                raise StopIteration
            said, self._waiting = self._waiting, b""
            return said

    def close(self) -> None:
        """The server is done with it: the client hung up, or the stream has ended."""
        self.on_close(self)

    def tell(self, actor: Actor, revision: int) -> None:
        """Tell of a revision that is new; of a new role as well. The newest event is enough."""
        with self._news:
            if revision > self._heard or actor.role != self.actor.role:
                self.actor, self._heard = actor, revision
                self._waiting = EVENT.format(revision).encode()
                self._news.notify()

    def beat(self) -> None:
        """Show that the stream lives, unless something waits to be sent anyway."""
        with self._news:
            self._waiting = self._waiting or BEAT
            self._news.notify()

    def end(self) -> None:
        """End the stream after what waits to be sent."""
        with self._news:
            self._is_over = True
            self._news.notify()
