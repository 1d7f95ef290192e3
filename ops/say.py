"""Say: progress on one line each, and how commands are run."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import IO

HOME = Path(__file__).resolve().parent.parent
VENV = HOME / ".venv"
SIGN_OF_LIFE = 5  # seconds between two lines about a step that takes long
TAIL = 4096  # bytes


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
    """Run a command; tell where it is when it takes long, and all it said when it fails."""
    status, told = attempt(*command, **more)
    if status:
        sys.stderr.write(told)
        give_up(f"This failed ({status}): {shlex.join(map(str, command))}")


def attempt(*command: str | Path, **more: object) -> tuple[int, str]:
    """Run a command to its end: its exit status and what it said."""
    with tempfile.TemporaryFile() as output:
        child = subprocess.Popen(
            [str(word) for word in command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            **more,  # type: ignore[call-overload]
        )
        try:
            _accompany(child, output)
        except BaseException:
            child.send_signal(signal.SIGINT)  # pg_ctl takes back what it began on INT alone
            child.wait()
            raise
        output.seek(0)
        return child.returncode, output.read().decode(errors="replace")


def _accompany(child: subprocess.Popen[bytes], output: IO[bytes]) -> None:
    began = time.monotonic()
    while True:
        try:
            child.wait(SIGN_OF_LIFE)
        except subprocess.TimeoutExpired:
            print(f"  {time.monotonic() - began:.0f} s  {_last_line(output)}", file=sys.stderr)
        else:
            return


def _last_line(output: IO[bytes]) -> str:
    """Read at a place: the position in the file is shared with the one who writes."""
    number = output.fileno()
    tail = os.pread(number, TAIL, max(0, os.fstat(number).st_size - TAIL))
    lines = tail.decode(errors="replace").replace("\r", "\n").split("\n")
    return next((line.strip()[:90] for line in reversed(lines) if line.strip()), "")
