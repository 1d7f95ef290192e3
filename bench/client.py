"""Client: as many phones as asked for, each its own connection, measured one request at a time."""

from __future__ import annotations

import http.client
import statistics
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass

SECONDS = 4.0


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
    """Run all phones side by side, each in a process of its own."""
    with ProcessPoolExecutor(len(loads)) as pool:
        parts = list(pool.map(_phone, loads, [seconds] * len(loads)))
    times = [t for part in parts for t in part[0]]
    longest = statistics.fmean(part[2] for part in parts)
    return Measured(len(times), sum(part[1] for part in parts), longest, times)


def _phone(load: Load, seconds: float) -> tuple[list[float], int, float]:
    connection = http.client.HTTPConnection("127.0.0.1", load.port)
    times: list[float] = []
    failed = 0
    began = time.perf_counter()
    for path, headers, body in load.requests:
        sent = time.perf_counter()
        if sent - began > seconds:
            break
        connection.request(load.method, path, body or None, headers)
        response = connection.getresponse()
        response.read()
        times.append(time.perf_counter() - sent)
        failed += response.status >= 300  # noqa: PLR2004
    spent = time.perf_counter() - began
    connection.close()
    return times, failed, spent
