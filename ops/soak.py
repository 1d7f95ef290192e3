"""Soak: sync under every fault there is, for as long as it takes; `make soak`."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from .children import child, heed_signals, wait_for_one
from .install import install
from .say import HOME, VENV


def main() -> int:
    """Run `python -m tests.sync.soak` with the given arguments; its exit code is ours."""
    heed_signals()
    try:
        install("dev")
        kept = {k: v for k, v in os.environ.items() if k == "WEFT_VAR" or not k.startswith("WEFT_")}
        command: tuple[str | Path, ...] = (
            VENV / "bin" / "python",
            "-m",
            "tests.sync.soak",
            *sys.argv[1:],
        )
        with child(*command, order=signal.SIGINT, cwd=HOME, env=kept) as soak:
            wait_for_one(soak)
    except KeyboardInterrupt:
        return 130
    return soak.returncode


if __name__ == "__main__":
    sys.exit(main())
