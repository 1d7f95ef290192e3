"""Server: the product, or its plain twin, as a process of its own under granian."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.error import URLError
from urllib.request import urlopen

if TYPE_CHECKING:
    from collections.abc import Iterator

WORKERS, THREADS = "2", "2"


@contextmanager
def serving(target: str) -> Iterator[tuple[int, int]]:
    """Serve `module:factory` on a free port; yields (port, process id)."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [
        *(str(Path(sys.executable).with_name("granian")), "--interface", "wsgi", "--factory"),
        *("--host", "127.0.0.1", "--port", str(port), "--workers", WORKERS),
        *("--blocking-threads", THREADS, "--log-level", "error", target),
    ]
    process = subprocess.Popen(command, env=os.environ | {"WEFT_THREADS": THREADS})  # noqa: S603
    try:
        _wait(port)
        yield port, process.pid
    finally:
        process.terminate()
        process.wait(20)


def _wait(port: int) -> None:
    """Until every process of the server listens, and one answers."""
    for _ in range(600):
        with suppress(URLError, OSError):
            urlopen(f"http://127.0.0.1:{port}/openapi.json", timeout=2).close()
            if _listening(port) == int(WORKERS):
                return
        time.sleep(0.05)
    message = "the server did not start"
    raise RuntimeError(message)


def _listening(port: int) -> int:
    lines = Path("/proc/net/tcp").read_text().splitlines()[1:]
    places = [(line.split()[1], line.split()[3]) for line in lines]
    return places.count((f"0100007F:{port:04X}", "0A"))


def resident(pid: int) -> list[float]:
    """Resident megabytes of the process's workers, largest first."""
    sizes = []
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            lines = dict(
                line.split(":", 1) for line in status.read_text().splitlines() if ":" in line
            )
        except OSError:
            continue
        if lines.get("PPid", "").strip() == str(pid):
            sizes.append(int(lines["VmRSS"].split()[0]) / 1024)
    return sorted(sizes, reverse=True)
