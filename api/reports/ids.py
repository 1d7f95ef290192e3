"""Ids: packed sixteen bytes each, as inputs keep them; those behind one count."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Container, Iterable

ID_BYTES = 16


@dataclass(frozen=True, slots=True)
class Trace:
    """The records of one kind that a count was made of, each as the sixteen bytes of its id."""

    kind: str
    ids: tuple[bytes, ...]


def apart(packed: bytes) -> list[bytes]:
    """Packed ids one by one."""
    return [packed[at : at + ID_BYTES] for at in range(0, len(packed), ID_BYTES)]


def marked(packed: bytes, marks: str, wanted: Container[str]) -> bytes:
    """Those of the packed ids whose mark is wanted; `marks` has one character for each."""
    pairs = zip(apart(packed), marks, strict=True)
    return b"".join(id_ for id_, mark in pairs if mark in wanted)


def traced(kind: str, packed: Iterable[bytes | None]) -> tuple[Trace, ...] | None:
    """Packed ids of one kind, each once and in order; None where they were not kept."""
    kept = list(packed)
    known = [ids for ids in kept if ids is not None]
    if len(known) < len(kept):
        return None
    return (Trace(kind, tuple(sorted(set(apart(b"".join(known)))))),)
