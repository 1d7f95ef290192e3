"""Children: programs that run beside us, and how all of us end together."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

    Child = subprocess.Popen[bytes]

ORDERS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
PATIENCE = 20  # seconds for a child to finish what is under way


def heed_signals() -> None:
    """INT, TERM and a closed terminal all end in the same tidy stop.

    A shell script has its background jobs ignore INT: not us. A HUP that is ignored was meant so.
    """
    for number in ORDERS:
        if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, _interrupt)


@contextmanager
def undisturbed() -> Iterator[None]:
    """A second Ctrl-C must not stop the stopping."""
    kept = {number: signal.signal(number, signal.SIG_IGN) for number in ORDERS}
    try:
        yield
    finally:
        for number, handler in kept.items():
            signal.signal(number, handler)


def _interrupt(number: int, frame: FrameType | None) -> None:  # noqa: ARG001
    raise KeyboardInterrupt


@contextmanager
def child(
    *command: str | Path, order: signal.Signals = signal.SIGTERM, **more: object
) -> Iterator[Child]:
    """Run a program while the block runs; `order` is the signal that asks it to end.

    It has a session of its own, or Ctrl-C would end it behind our back; and the kernel ends it
    when we are killed.
    """
    leash = ("setpriv", "--pdeathsig", "TERM", "--") if shutil.which("setpriv") else ()
    words = [*leash, *map(str, command)]
    started = subprocess.Popen(words, start_new_session=True, **more)  # type: ignore[call-overload]
    try:
        yield started
    finally:
        with undisturbed():
            _end(started, order)


def _end(ending: Child, order: signal.Signals) -> None:
    if ending.poll() is None:
        ending.send_signal(order)
    with suppress(subprocess.TimeoutExpired):
        ending.wait(PATIENCE)
    with suppress(ProcessLookupError):
        os.killpg(ending.pid, signal.SIGKILL)  # itself, or what it left behind
    ending.wait()


def wait_for_one(*children: Child) -> None:
    """Wait until one of the children has ended by itself; KeyboardInterrupt when we are to."""
    while all(each.poll() is None for each in children):
        if _is_make_interrupted():
            raise KeyboardInterrupt
        time.sleep(0.2)


def _is_make_interrupted() -> bool:
    """Whether the `make` that runs us got an INT meant for both.

    It then waits for us without a word, with INT blocked: only that tells.
    """
    if "MAKELEVEL" not in os.environ:
        return False
    status = Path(f"/proc/{os.getppid()}/status")
    found = re.search(r"^SigBlk:\s*(\w+)", status.read_text(), re.MULTILINE)
    return found is not None and bool(int(found[1], 16) >> (signal.SIGINT - 1) & 1)
