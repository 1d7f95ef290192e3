"""Entry: one record of the demonstration, before it is anybody's change."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID
from zlib import crc32

import numpy as np

AUTHORS = ("coordinator", "connector1", "connector2", "connector3", "connector4", "connector5")


class Entry(NamedTuple):
    """What `author` (a place in AUTHORS) puts down at an instant; `values` as REST takes them."""

    kind: str
    id: UUID
    values: dict[str, Any]
    author: int
    at: datetime


def stream(seed: int, part: str) -> np.random.Generator:
    """The random numbers of one part of the model; what another part draws leaves them alone."""
    return np.random.default_rng([seed, crc32(part.encode())])


def make_id(at: datetime, rng: np.random.Generator) -> UUID:
    """A UUID of version 7 (RFC 9562): 48 bits of milliseconds, then drawn bits."""
    drawn = int.from_bytes(rng.bytes(10))
    number = int(at.timestamp() * 1000) << 80 | drawn
    number = number & ~(0xF << 76) | 7 << 76
    return UUID(int=number & ~(0b11 << 62) | 0b10 << 62)


def either(rng: np.random.Generator, odds: dict[str, float]) -> str:
    """One of the names, by its probability; the probabilities sum to 1."""
    return str(rng.choice(list(odds), p=list(odds.values())))


def is_so(rng: np.random.Generator, probability: float) -> bool:
    """Whether something of this probability is the case."""
    return bool(rng.random() < probability)
