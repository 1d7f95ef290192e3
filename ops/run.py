"""Run: everything from nothing to a served demonstration network; `make run`."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from contextlib import nullcontext
from typing import TYPE_CHECKING
from urllib.error import URLError
from urllib.request import ProxyHandler, build_opener

from .children import child, heed_signals, wait_for_one
from .cluster import Cluster, locked
from .install import install
from .say import VENV, give_up, say, var
from .web import build

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from .children import Child

PATIENCE = 60  # seconds until the server must have answered
WEFT = VENV / "bin" / "weft"
LAST_PORT = 65535


def main() -> int:
    """Set up, serve, and stop cleanly on INT or TERM."""
    heed_signals()
    try:
        return _run()
    except KeyboardInterrupt:
        return 0


def _run() -> int:
    host, port = os.environ.get("WEFT_HOST") or "127.0.0.1", _port()
    _require_free(host, port)
    install("run")
    build()
    var().mkdir(parents=True, exist_ok=True)
    busy = f"Weft runs in {var()} already. For a second copy, set WEFT_VAR and WEFT_PORT."
    with locked(var() / ".run-lock", busy), _database():
        say("bringing the database up to date")
        told = prepare()
        say("starting server and worker")
        with child(WEFT, "serve") as server, child(WEFT, "worker") as worker:
            try:
                wait_until_ready(host, port, server, worker)
                print(f"\nWeft is ready at http://{host}:{port}\n\n{told}", flush=True)
                print("Ctrl-C stops server and database.", flush=True)
                wait_for_one(server, worker)
            except KeyboardInterrupt:
                say("stopping")
                return 0
    say("the server or the worker has stopped by itself; its last lines are above")
    return 1


def _port() -> int:
    text = os.environ.get("WEFT_PORT") or "8000"
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= LAST_PORT:
        give_up(f"WEFT_PORT must be a whole number from 1 to {LAST_PORT}, not {text!r}.")
    return int(text)


def free_port(host: str) -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind((host, 0))
        return int(probe.getsockname()[1])


def _require_free(host: str, port: int) -> None:
    """The server shares its port with whoever asks for it, so two would split the traffic."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            give_up(
                f"Cannot listen on {host} port {port}: {error.strerror}."
                " Set WEFT_PORT to another (and WEFT_VAR for a second copy)."
            )


def _database() -> AbstractContextManager[object]:
    """The operator's own server, or the private cluster while we run."""
    if os.environ.get("WEFT_DATABASE_URL"):
        return nullcontext()
    return Cluster(var()).serving("weft", note=var() / "database-url")


def prepare() -> str:
    """Migrate; where there is no network yet, load the demonstration. What there is to tell."""
    done = subprocess.run(
        [WEFT, "migrate", "--demo"], check=False, stdout=subprocess.PIPE, text=True
    )
    if done.returncode:
        give_up("The database could not be brought up to date; the reason is above.")
    return done.stdout


def wait_until_ready(host: str, port: int, *children: Child) -> None:
    """Return once the server answers; give up when it ends or never does."""
    near = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104
    near = f"[{near}]" if ":" in near else near
    opener = build_opener(ProxyHandler({}))  # nobody's proxy leads to this machine
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if any(each.poll() is not None for each in children):
            give_up("The server or the worker stopped at once; its last lines are above.")
        try:
            opener.open(f"http://{near}:{port}/readyz", timeout=5).close()
        except (URLError, OSError):
            time.sleep(0.1)
        else:
            return
    give_up(f"The server did not answer within {PATIENCE} seconds.")


if __name__ == "__main__":
    sys.exit(main())
