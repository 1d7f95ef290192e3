"""Line: between a phone and the server; everything that can happen to a request happens here."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.sync import crashing

if TYPE_CHECKING:
    from collections.abc import Callable

CROWD = 3
BAD_LUCK = ("lost", "unanswered", "twice", "at_once", "late", "late_and_lost")
FAULTS = (*BAD_LUCK, *crashing.POINTS)


class Lost(Exception):  # noqa: N818  (it is no mistake of anybody's)
    """No answer came; whether the request did, nobody knows."""


class Killed(BaseException):
    """The server ends here: nothing of it goes on, as if its process were gone."""


def kill() -> None:
    raise Killed


@dataclass
class Line:
    """Speaks for a member, as phones want it, and lets things go wrong."""

    member: Any
    hear: Callable[[Any, str, Any, Any], None]  # every answer: member, path, what was sent, answer
    fault: str = ""  # of the next push
    late: list[tuple[str, Any]] = field(default_factory=list)  # copies still under way
    sent: list[list[str]] = field(default_factory=list)  # the operations of each push, in order

    def get(self, path: str) -> Any:
        answer = self.member.get(path)
        self.hear(self.member, path, None, answer)
        return answer

    def post(self, path: str, values: Any) -> Any:
        fault, self.fault = self.fault, ""
        self.sent.append([op["op_id"] for op in values["ops"]])
        if fault.startswith("late"):
            self.late.append((path, values))
        if fault in ("lost", "late_and_lost"):
            raise Lost
        if fault in crashing.POINTS:
            self._kill(path, values, fault)
        if fault == "at_once":
            with ThreadPoolExecutor(CROWD) as pool:
                answers = list(pool.map(lambda _: self.member.post(path, values), range(CROWD)))
        else:
            answers = [self.member.post(path, values) for _ in range(1 + (fault == "twice"))]
        for answer in answers:
            self.hear(self.member, path, values, answer)
        if fault == "unanswered":
            raise Lost
        return answers[-1]

    def _kill(self, path: str, values: Any, point: str) -> None:
        try:
            answer = self.member.post(path, values, **{crashing.HEADER: point})
        except Killed as killed:
            raise Lost from killed
        self.hear(self.member, path, values, answer)  # it was refused before it came that far
        raise Lost

    def deliver(self, which: int) -> None:
        """Let a copy arrive that everybody had given up."""
        path, values = self.late.pop(which)
        self.hear(self.member, path, values, self.member.post(path, values))
