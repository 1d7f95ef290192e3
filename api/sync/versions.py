"""Versions of the data: what a phone built for an earlier one sees, and what it leaves alone.

Kinds and fields name the version they came with (`since`). A phone is sent what its version
knows, and its puts leave the fields it does not know as they are.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import msgspec

from api.core.problems import Problem
from api.core.record import KINDS

OLDEST = 1  # never raised within the 18 months a phone may stay away


@cache
def newest() -> int:
    """The version of the data this server writes."""
    return max(max(_moments(name)) for name in KINDS)


def supported() -> dict[str, int]:
    """The versions this server reads and speaks."""
    return {"min": OLDEST, "max": newest()}


def require_version(version: int | None) -> None:
    """Refuse data of a version this server does not read; the phone keeps its outbox."""
    if version is not None and not OLDEST <= version <= newest():
        raise Problem("schema_unsupported", schema=supported())


def known_to(version: int) -> list[str]:
    """The kinds there are in a version of the data."""
    return [name for name, kind in KINDS.items() if kind.since <= version]


def changed_between(one: int, other: int) -> set[str]:
    """The kinds that look different in two versions."""
    low, high = sorted((one, other))
    return {name for name in KINDS if _moments(name) & set(range(low + 1, high + 1))}


def _moments(name: str) -> set[int]:
    return {KINDS[name].since, *KINDS[name].later_fields.values()}


def unsaid_in(name: str, version: int) -> frozenset[str]:
    """The fields of a kind that a version does not know."""
    return KINDS[name].unknown_to(version) if name in KINDS else frozenset()


def as_of(name: str, data: bytes, version: int) -> bytes:
    """A record's data as a version knows it; a state older than a field gets its default."""
    kind = KINDS.get(name)
    if not kind or not kind.later_fields:
        return data
    said: dict[str, Any] = msgspec.json.decode(data)
    whole = msgspec.to_builtins(kind.codec.of_database(said))
    unsaid = kind.unknown_to(version)
    return msgspec.json.encode({k: v for k, v in whole.items() if k not in unsaid})
