"""Bench: the benchmarks, on a durable database cluster of their own; `make bench`."""

from __future__ import annotations

import os
import signal
import sys

from .children import child, heed_signals, wait_for_one
from .cluster import Cluster
from .install import install
from .say import HOME, VENV, call, say, var
from .web import build


def main() -> int:
    """Run `python -m bench` with the given arguments on a fresh database."""
    heed_signals()
    cluster = Cluster(var() / "bench")
    try:
        install("dev")
        build()
        say("starting the benchmarks' database cluster")
        with cluster.serving("weft", afresh=True):
            own = {"WEFT_DATABASE_URL": cluster.url("weft"), "WEFT_VAR": str(cluster.folder)}
            env = os.environ | own
            call(VENV / "bin" / "weft", "migrate", env=env)
            python, words = VENV / "bin" / "python", sys.argv[1:]
            with child(
                python, "-m", "bench", *words, order=signal.SIGINT, cwd=HOME, env=env
            ) as bench:
                wait_for_one(bench)
            return bench.returncode
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
