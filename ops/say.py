"""Say: progress on one line each, and how commands are run."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from pathlib import Path

HOME = Path(__file__).resolve().parent.parent
VENV = HOME / ".venv"


def var() -> Path:
    """Where cluster, outbox and uploads live."""
    return Path(os.environ.get("WEFT_VAR") or HOME / "var").resolve()


def say(line: str) -> None:
    """Tell the person at the terminal what happens."""
    print(f"· {line}", file=sys.stderr, flush=True)


def give_up(line: str) -> None:
    """Stop, saying what to do."""
    print(f"\n{line}\n", file=sys.stderr, flush=True)
    raise SystemExit(2)


def call(*command: str | Path, **more: object) -> None:
    """Run a command; when it fails, show its output and stop."""
    words = [str(word) for word in command]
    done = subprocess.run(
        words,
        check=False,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        **more,  # type: ignore[call-overload]
    )
    if done.returncode:
        sys.stderr.write(done.stdout)
        give_up(f"This failed ({done.returncode}): {shlex.join(words)}")
