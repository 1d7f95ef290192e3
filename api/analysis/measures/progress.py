"""Progress: how far a long run has come, for whoever listens; nobody does unless they say so."""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

T = TypeVar("T")
_LISTENER: ContextVar[Callable[[str, float], None] | None] = ContextVar("listener", default=None)
EVERY = 32  # turns between two reports


@contextmanager
def listening(listener: Callable[[str, float], None]) -> Iterator[None]:
    """Call `listener(step, fraction)` from every loop below that tracks itself."""
    token = _LISTENER.set(listener)
    try:
        yield
    finally:
        _LISTENER.reset(token)


def track(turns: Iterable[T], total: int, step: str) -> Iterator[T]:
    """The turns of a loop, telling how many of `total` are over."""
    listener = _LISTENER.get()
    for number, turn in enumerate(turns):
        if listener and number % EVERY == 0:
            listener(step, number / max(total, 1))
        yield turn
