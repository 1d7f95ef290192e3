"""Test: the whole suite, in parallel, on a database cluster of its own; `make test`."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

from .cluster import Cluster
from .install import install
from .run import as_interrupt
from .say import HOME, VENV, say, var


def main() -> int:
    """Run pytest with the given arguments; its exit code is ours."""
    for number in (signal.SIGINT, signal.SIGTERM):  # a shell starts background jobs deaf to INT
        signal.signal(number, as_interrupt)
    install("dev")
    runs = var() / "test"
    _clear(runs)
    cluster = Cluster(runs / str(os.getpid()), careless=True)
    try:
        say("starting a database cluster for this run")
        cluster.start()
        return _pytest(cluster, sys.argv[1:])
    except KeyboardInterrupt:
        return 130
    finally:
        cluster.stop()
        shutil.rmtree(cluster.folder, ignore_errors=True)


def _clear(runs: Path) -> None:
    """Remove what a run that was killed left behind; runs named by a living process stay."""
    for folder in runs.glob("*"):
        if not Path(f"/proc/{folder.name}").exists():
            left = Cluster(folder)
            left.stop_if_running()
            shutil.rmtree(folder, ignore_errors=True)


def _pytest(cluster: Cluster, words: list[str]) -> int:
    kept = {k: v for k, v in os.environ.items() if not k.startswith("WEFT_")}
    env = kept | {"WEFT_TEST_DATABASE_URL": cluster.url("postgres")}
    parallel = [] if any(word.startswith("-n") for word in words) else ["-n", "2"]
    command = [VENV / "bin" / "python", "-m", "pytest", *parallel, *words]
    return subprocess.run(command, cwd=HOME, env=env, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
