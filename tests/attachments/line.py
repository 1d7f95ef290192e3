"""Line: a connection that breaks: some requests are cut short, some answers never arrive."""

from __future__ import annotations

import socket
import threading
from contextlib import contextmanager, suppress
from itertools import count
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

STEP, BEARS = 4096, 70_000  # bytes a connection carries before it breaks


class Line:
    """Carries bytes to a server over connections that all break, each at its place."""

    def __init__(self, port: int) -> None:
        """`port` is the server's, on this machine."""
        self._server = port
        self._numbers = count()
        self.broken = 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        """Carry no more."""
        self._listener.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                thread = threading.Thread(target=self._carry, args=(client,), daemon=True)
                thread.start()

    def _carry(self, client: socket.socket) -> None:
        """One connection, until it breaks: in the middle of a request, or before an answer."""
        loses_answers, sent = next(self._numbers) % 2, 0
        lost = threading.Event()
        with client, suppress(OSError), socket.create_connection(("127.0.0.1", self._server)) as to:
            back = threading.Thread(target=self._pass, args=(to, client, lost), daemon=True)
            back.start()
            while carried := client.recv(STEP):
                sent += len(carried)
                if sent > BEARS and not loses_answers:
                    self.broken += 1
                    break
                if sent > BEARS:
                    lost.set()
                to.sendall(carried)
            client.shutdown(socket.SHUT_RDWR)
            to.shutdown(socket.SHUT_RDWR)

    def _pass(self, server: socket.socket, client: socket.socket, lost: threading.Event) -> None:
        with suppress(OSError):
            while carried := server.recv(STEP):
                if lost.is_set():
                    self.broken += 1
                    client.shutdown(socket.SHUT_RDWR)
                    return
                client.sendall(carried)


@contextmanager
def breaking_line(port: int) -> Iterator[Line]:
    """A line before the server at a port."""
    line = Line(port)
    try:
        yield line
    finally:
        line.close()
