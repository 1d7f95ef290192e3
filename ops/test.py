"""Test: the whole suite, in parallel, on a database cluster of its own; `make test`."""

from __future__ import annotations

import os
import shutil
import signal
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from .children import child, heed_signals, wait_for_one
from .cluster import Cluster
from .install import install
from .say import HOME, VENV, say, var
from .web import build

if TYPE_CHECKING:
    from collections.abc import Iterator

URL = "WEFT_TEST_DATABASE_URL"


def main() -> int:
    """Run pytest with the given arguments; its exit code is ours."""
    heed_signals()
    words = sys.argv[1:]
    parallel = [] if any(word.startswith("-n") for word in words) else ["-n", "2"]
    command: list[str | Path] = [VENV / "bin" / "python", "-m", "pytest", *parallel, *words]
    try:
        install("dev")
        if not build():
            return 1  # or browsers would try the client that was there before
        say("starting a database cluster for this run")
        with own_cluster() as url:
            kept = {k: v for k, v in os.environ.items() if not k.startswith("WEFT_")}
            env = kept | {URL: url}
            with child(*command, order=signal.SIGINT, cwd=HOME, env=env) as pytest:
                wait_for_one(pytest)
            return pytest.returncode
    except KeyboardInterrupt:
        return 130


@contextmanager
def own_cluster() -> Iterator[str]:
    """The address of a cluster for one run, which is gone afterwards."""
    runs = var() / "test"
    _clear(runs)
    cluster = Cluster(runs / str(os.getpid()), careless=True)
    try:
        with cluster.serving("postgres"):
            yield cluster.url("postgres")
    finally:
        shutil.rmtree(cluster.folder, ignore_errors=True)


def _clear(runs: Path) -> None:
    """Remove what a run of ours that was killed left behind; living ones are named by theirs."""
    for folder in runs.glob("*"):
        is_ours = folder.stat().st_uid == os.geteuid()
        if is_ours and not Path(f"/proc/{folder.name}").exists():
            Cluster(folder).stop_if_running()
            shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
