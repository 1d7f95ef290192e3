"""Client: as many phones as asked for, each its own connection, measured one request at a time."""

from __future__ import annotations

import multiprocessing
import re
import socket
import statistics
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from multiprocessing.synchronize import Barrier

SECONDS = 4.0
A_LINE = 20  # requests; phones come and go, and so one process of the server never has them all
_shared: dict[str, Barrier] = {}
LENGTH = re.compile(rb"(?i)\r\ncontent-length: *(\d+)")


@dataclass(frozen=True)
class Load:
    """What one phone sends, one request after the other, each once."""

    port: int
    method: str
    requests: list[tuple[str, dict[str, str], bytes]]  # path, headers, body


@dataclass(frozen=True)
class Measured:
    """What came of a run. Times in seconds."""

    requests: int
    failed: int
    seconds: float
    times: list[float]

    @property
    def rate(self) -> float:
        """Requests a second."""
        return self.requests / self.seconds

    def percentile(self, share: float) -> float:
        """The time that `share` of the requests stayed under, in milliseconds."""
        ranked = sorted(self.times)
        return 1000 * ranked[min(len(ranked) - 1, int(share * len(ranked)))]


def run(loads: list[Load], seconds: float = SECONDS) -> Measured:
    """Run all phones side by side, each in a process of its own; they start together."""
    start = multiprocessing.Barrier(len(loads), timeout=60)
    with ProcessPoolExecutor(len(loads), initializer=_know, initargs=(start,)) as pool:
        parts = list(pool.map(_phone, loads, [seconds] * len(loads)))
    times = [t for part in parts for t in part[0]]
    longest = statistics.fmean(part[2] for part in parts)
    return Measured(len(times), sum(part[1] for part in parts), longest, times)


def _know(start: Barrier) -> None:
    """What all phones wait for, kept in each one's process."""
    _shared["start"] = start


def _phone(load: Load, seconds: float) -> tuple[list[float], int, float]:
    """What is sent is put together beforehand: the server shares its processors with this."""
    ready = [_written(load.method, *request) for request in load.requests]
    times: list[float] = []
    failed = 0
    _shared["start"].wait()
    began = time.perf_counter()
    for first in range(0, len(ready), A_LINE):
        with socket.create_connection(("127.0.0.1", load.port)) as line:
            line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for each in ready[first : first + A_LINE]:
                sent = time.perf_counter()
                if sent - began > seconds:
                    return times, failed, sent - began
                line.sendall(each)
                failed += _status(line) >= 300  # noqa: PLR2004
                times.append(time.perf_counter() - sent)
    return times, failed, time.perf_counter() - began


def _written(method: str, path: str, headers: dict[str, str], body: bytes) -> bytes:
    told = {"Host": "127.0.0.1", **headers, "Content-Length": str(len(body))}
    lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in told.items())]
    return "\r\n".join([*lines, "", ""]).encode() + body


def _status(line: socket.socket) -> int:
    """Read one answer to its end; its status."""
    heard = line.recv(65_536)
    while b"\r\n\r\n" not in heard:
        heard += line.recv(65_536) or _hung_up()
    head, _, body = heard.partition(b"\r\n\r\n")
    length = LENGTH.search(head)
    left = int(length[1]) - len(body) if length else 0
    while left > 0:
        left -= len(line.recv(min(left, 1_048_576)) or _hung_up())
    return int(head[9:12])


def _hung_up() -> bytes:
    message = "the server hung up"
    raise ConnectionError(message)
