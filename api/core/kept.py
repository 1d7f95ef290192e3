"""Kept: what this process worked out last, so that what is asked again need not be worked out."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Hashable

Answer = TypeVar("Answer")


class Kept(Generic[Answer]):
    """At most `most` answers, the one not asked for longest going first. Threads share it."""

    def __init__(self, most: int = 256) -> None:
        """Begin empty."""
        self._most, self._lock = most, Lock()
        self._answers: OrderedDict[Hashable, Answer] = OrderedDict()

    def find(self, key: Hashable) -> Answer | None:
        """The answer kept under `key`, if it is still there."""
        with self._lock:
            if key in self._answers:
                self._answers.move_to_end(key)
            return self._answers.get(key)

    def keep(self, key: Hashable, answer: Answer) -> Answer:
        """Keep the answer and hand it back."""
        with self._lock:
            self._answers[key] = answer
            self._answers.move_to_end(key)
            if len(self._answers) > self._most:
                self._answers.popitem(last=False)
        return answer
