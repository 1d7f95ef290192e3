"""Bench: the benchmarks, on a durable database cluster of their own; `make bench`."""

from __future__ import annotations

import os
import subprocess
import sys

from .cluster import Cluster
from .install import install
from .say import HOME, VENV, call, say, var


def main() -> int:
    """Run `python -m bench` with the given arguments on a fresh database."""
    install("dev")
    cluster = Cluster(var() / "bench")
    try:
        say("starting the benchmarks' database cluster")
        cluster.start()
        call(cluster.bin / "dropdb", "-h", cluster.socket, "-U", "weft", "--if-exists", "weft")
        cluster.make_database("weft")
        own = {"WEFT_DATABASE_URL": cluster.url("weft"), "WEFT_VAR": str(cluster.folder)}
        env = os.environ | own
        call(VENV / "bin" / "weft", "migrate", env=env)
        command = [VENV / "bin" / "python", "-m", "bench", *sys.argv[1:]]
        return subprocess.run(command, cwd=HOME, env=env, check=False).returncode
    finally:
        cluster.stop()


if __name__ == "__main__":
    sys.exit(main())
