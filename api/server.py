"""Server: what a server process does for change streams: threads besides those for requests."""

from __future__ import annotations

import os
import signal
import threading
from typing import TYPE_CHECKING, Any

from granian.server import mp

from api.sync.listener import Listener

if TYPE_CHECKING:
    from collections.abc import Callable


def hand_streams_over() -> None:
    """Have Granian send a change stream from a thread of its own.

    It sends an answer from the thread that made it, one of the few for requests, and cannot be
    told otherwise. So whatever it runs in a worker is given a protocol that knows streams.
    """
    wrap = mp._wsgi_call_wrap  # type: ignore[attr-defined]  # noqa: SLF001

    def wrap_knowing_streams(app: Any, *options: Any) -> Callable[..., Any]:
        run = wrap(app, *options)
        return lambda protocol, scope: run(Protocol(protocol), scope)

    mp._wsgi_call_wrap = wrap_knowing_streams  # type: ignore[attr-defined]  # noqa: SLF001


class Protocol:
    """Granian's way to answer one request, but streams leave its thread."""

    __slots__ = ("_inner", "response_bytes")

    def __init__(self, inner: Any) -> None:
        """Whole answers go the usual way."""
        self._inner = inner
        self.response_bytes = inner.response_bytes

    def response_iter(self, status: int, headers: list[tuple[str, str]], body: Any) -> None:
        """Send an answer piece by piece; `body.inner` is what the application returned."""
        said = (status, headers, body)
        if isinstance(body.inner, Listener):
            send = self._inner.response_iter
            try:
                threading.Thread(target=send, args=said, name="listener", daemon=True).start()
            except BaseException:  # nobody else will give its place back
                body.close()
                raise
        else:
            self._inner.response_iter(*said)


def before_stopping(act: Callable[[], None]) -> None:
    """Have `act` called as soon as INT or TERM arrives, whatever the server then does about it.

    A server that stops waits for answers under way, and listeners wait for ever. It sets its own
    handlers after us, so we listen where the interpreter notes every signal.
    """
    if threading.current_thread() is not threading.main_thread():
        return
    heard, noted = os.pipe()
    os.set_blocking(noted, False)
    before = signal.set_wakeup_fd(noted, warn_on_full_buffer=False)
    args = (heard, before, act)
    threading.Thread(target=_await_stop, args=args, name="stop", daemon=True).start()


def _await_stop(heard: int, before: int, act: Callable[[], None]) -> None:
    """Wait for the signals that end a process; whoever was told of signals before still is."""
    while number := os.read(heard, 1):
        if before >= 0:
            os.write(before, number)
        if number[0] in (signal.SIGINT, signal.SIGTERM):
            act()
