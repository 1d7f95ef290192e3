"""Ids: packed sixteen bytes each, as inputs keep them; those behind one count."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

ID_BYTES = 16
PACKED, MARK = f"S{ID_BYTES}", "S1"  # to numpy; all bytes of an id are compared


@dataclass(frozen=True, slots=True)
class Trace:
    """The records of one kind that a count was made of: packed ids, each once and in order."""

    kind: str
    ids: bytes

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self.ids) // ID_BYTES

    def one(self, at: int) -> bytes:
        """The id at this place."""
        return self.ids[at * ID_BYTES : (at + 1) * ID_BYTES]

    def after(self, id_: bytes | None) -> int:
        """At which place those begin that come after this id; after none, all do."""
        return bisect_right(range(self.count), id_, key=self.one) if id_ else 0

    def between(self, after: bytes | None, end: bytes | None) -> list[UUID]:
        """The ids after one, up to and with another."""
        stop = self.after(end) if end else self.count
        return [UUID(bytes=self.one(at)) for at in range(self.after(after), stop)]


def apart(packed: bytes) -> list[bytes]:
    """Packed ids one by one."""
    return [packed[at : at + ID_BYTES] for at in range(0, len(packed), ID_BYTES)]


def marked(packed: Iterable[bytes], marks: Iterable[str], wanted: Sequence[str]) -> bytes:
    """Those of the packed ids whose mark is wanted; there is one character for each."""
    ids = np.frombuffer(b"".join(packed), PACKED)
    found = np.frombuffer("".join(marks).encode(), MARK)
    return ids[np.isin(found, [mark.encode() for mark in wanted])].tobytes()


def traced(kind: str, packed: Iterable[bytes | None]) -> tuple[Trace, ...] | None:
    """Packed ids of one kind, each once and in order; None where they were not kept."""
    kept = list(packed)
    known = [ids for ids in kept if ids is not None]
    if len(known) < len(kept):
        return None
    ids = np.frombuffer(b"".join(known), PACKED)
    return (Trace(kind, np.unique(ids).tobytes()),)
