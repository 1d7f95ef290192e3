"""Run: everything from nothing to a served demonstration network; `make run`."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from types import FrameType
from urllib.error import URLError
from urllib.request import urlopen

from .cluster import Cluster
from .install import install
from .say import HOME, VENV, call, give_up, say, var

PATIENCE = 60  # seconds until the server must have answered
ACCOUNTS = ("admin", "coordinator", *(f"connector{i}" for i in range(1, 6)), "funder")


def main() -> None:
    """Set up, serve, and stop cleanly on INT or TERM."""
    for number in (signal.SIGINT, signal.SIGTERM):  # a shell starts background jobs deaf to INT
        signal.signal(number, as_interrupt)
    port = int(os.environ.get("WEFT_PORT") or 8000)
    install("run")
    _require_free(port)
    cluster = None
    children: list[subprocess.Popen[bytes]] = []
    try:
        if not os.environ.get("WEFT_DATABASE_URL"):
            cluster = Cluster(var())
            say("starting the private database cluster")
            cluster.start()
            cluster.make_database("weft")
            (var() / "database-url").write_text(cluster.url("weft") + "\n")
        weft = VENV / "bin" / "weft"
        say("bringing the database up to date")
        call(weft, "migrate")
        subprocess.run([weft, "demo"], check=True)
        say("starting server and worker")
        children = [subprocess.Popen([weft, part]) for part in ("serve", "worker")]
        _wait_until_ready(port, children)
        _welcome(port)
        _watch(children)
    except KeyboardInterrupt:
        say("stopping")
    finally:
        _stop(children)
        if cluster:
            cluster.stop()


def as_interrupt(number: int, frame: FrameType | None) -> None:  # noqa: ARG001
    """Take TERM for Ctrl-C: both end in the same tidy stop."""
    raise KeyboardInterrupt


def _require_free(port: int) -> None:
    """The server shares its port with whoever asks for it, so two would split the traffic."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            give_up(
                f"Port {port} is taken. Set WEFT_PORT to another (and WEFT_VAR for a second copy)."
            )


def _wait_until_ready(port: int, children: list[subprocess.Popen[bytes]]) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if any(child.poll() is not None for child in children):
            give_up("The server or the worker stopped at once; its last lines are above.")
        try:
            urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5).close()
        except (URLError, OSError):
            time.sleep(0.1)
        else:
            return
    give_up(f"The server did not answer within {PATIENCE} seconds.")


def _welcome(port: int) -> None:
    outbox = var() / "outbox"
    outbox = outbox.relative_to(HOME) if outbox.is_relative_to(HOME) else outbox
    print(f"\nWeft is ready at http://127.0.0.1:{port}\n")
    print("Demonstration accounts:")
    for name in ACCOUNTS:
        print(f"  {name}@demo.example")
    print(f"Sign in with one of them: its code arrives as a file in {outbox}/.")
    print("For scripts: .venv/bin/weft token connector1@demo.example")
    print("Ctrl-C stops server and database.", flush=True)


def _watch(children: list[subprocess.Popen[bytes]]) -> None:
    """Wait until somebody stops us, or one of the two has stopped by itself."""
    while all(child.poll() is None for child in children):
        time.sleep(0.5)
    say("the server or the worker has stopped")


def _stop(children: list[subprocess.Popen[bytes]]) -> None:
    """End the children, patiently; a second Ctrl-C must not leave the database running."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    for child in children:
        if child.poll() is None:
            child.terminate()
    for child in children:
        try:
            child.wait(20)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


if __name__ == "__main__":
    sys.exit(main())
