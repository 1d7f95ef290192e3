"""Chaos: a real server on a real database, whose processes are killed while phones use them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.error import URLError
from urllib.request import urlopen

import psycopg

from api.settings import HOME
from tests.fixtures.server import PATIENCE, free_port

if TYPE_CHECKING:
    from random import Random

    from ops.cluster import Cluster

SERVER = "tests.sync.crashing:create"


class Chaos:
    """Keeps a server going, and stops it from going on."""

    def __init__(self, cluster: Cluster, database_url: str) -> None:
        self.cluster, self.url = cluster, database_url
        self.port = free_port()
        self.done: dict[str, int] = {}
        self._log = (cluster.folder / "server.log").open("w")
        self._process = self._start()
        self.wait()

    def _start(self) -> subprocess.Popen[bytes]:
        words = ["--interface", "wsgi", "--factory", "--workers", "2", "--blocking-threads", "8"]
        words += ["--respawn-failed-workers", "--log-level", "error", "--port", str(self.port)]
        own = {"WEFT_DATABASE_URL": self.url, "WEFT_VAR": str(self.cluster.folder)}
        return subprocess.Popen(
            [str(Path(sys.executable).with_name("granian")), *words, SERVER],
            cwd=HOME, env=os.environ | own, stdout=self._log, stderr=self._log,
        )  # fmt: skip

    def wait(self) -> None:
        """Wait until somebody answers; start the server again if it has given up."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            self.tend()
            if self.answers():
                return
            time.sleep(0.1)
        message = "The server never came back."
        raise RuntimeError(message)

    def answers(self) -> bool:
        """Whether somebody answers: struck before that, a server on a busy machine never would."""
        try:
            urlopen(f"http://127.0.0.1:{self.port}/readyz", timeout=5).close()
        except (URLError, OSError):
            return False
        return True

    def tend(self) -> None:
        """Start the server again when it has ended: crash upon crash makes it give up."""
        if self._process.poll() is not None:
            self.count("a server started again")
            self._process = self._start()

    def strike(self, random: Random) -> None:
        """Break something, as it breaks in life."""
        act = random.choice((self._worker, self._worker, self._sessions, self._database))
        act(random)

    def _worker(self, random: Random) -> None:
        workers = _children(self._process.pid)
        if workers:
            with suppress(ProcessLookupError):
                os.kill(random.choice(workers), signal.SIGKILL)
            self.count("a worker killed (SIGKILL)")

    def _sessions(self, _: Random) -> None:
        """End every session of the server in whatever it is doing."""
        with psycopg.connect(self.url, autocommit=True) as cx:
            cx.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        self.count("all sessions ended (pg_terminate_backend)")

    def _database(self, _: Random) -> None:
        self.cluster.crash()
        self.cluster.start()
        self.count("PostgreSQL stopped at once and started again")

    def count(self, what: str) -> None:
        self.done[what] = self.done.get(what, 0) + 1

    def close(self) -> None:
        self._process.terminate()
        try:
            self._process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
        self._log.close()


def _children(pid: int) -> list[int]:
    found = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(word) for word in found.read_text().split()] if found.exists() else []
