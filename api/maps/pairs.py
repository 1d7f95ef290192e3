"""Pairs: who took part together, counted from who took part in what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .arrays import Ints


@dataclass(frozen=True, slots=True)
class Parties:
    """A row each time somebody took part, (rows,): the group's id as 16 bytes, the event, when."""

    group: NDArray[np.bytes_]
    event: Ints
    at: Ints


@dataclass(frozen=True, slots=True)
class Pairs:
    """Pairs of groups (pairs,), `a` < `b` by number; how often, and when last."""

    a: Ints
    b: Ints
    times: Ints
    last: Ints


def pair_up(ids: NDArray[np.bytes_], parties: Parties) -> Pairs:
    """Every two different groups of an event are a pair; `ids` (groups,) are in order.

    Whoever is not among `ids` was not there; whoever is named twice was there once.
    """
    group, event, at = _sorted_rows(ids, parties)
    codes: list[Any] = [np.empty(0, np.int64)]
    ats: list[Any] = [np.empty(0, np.int64)]
    for step in range(1, len(event)):
        both = np.flatnonzero(event[step:] == event[:-step])
        if not len(both):
            break
        codes.append(group[both] * len(ids) + group[both + step])
        ats.append(at[both])
    pairs, which, times = np.unique(np.concatenate(codes), return_inverse=True, return_counts=True)
    last = np.full(len(pairs), np.iinfo(np.int64).min)
    np.maximum.at(last, which, np.concatenate(ats))
    n = max(len(ids), 1)
    return Pairs(pairs // n, pairs % n, times, last)


def _sorted_rows(ids: NDArray[np.bytes_], parties: Parties) -> tuple[Ints, Ints, Ints]:
    """Numbers of groups, events and times: by event, and in it by group, each once."""
    place = np.minimum(np.searchsorted(ids, parties.group), max(len(ids) - 1, 0))
    here = np.flatnonzero(ids[place] == parties.group) if len(ids) else np.empty(0, np.int64)
    rows = here[np.lexsort((place[here], parties.event[here]))]
    group, event = place[rows].astype(np.int64), parties.event[rows]
    is_first = np.ones(len(rows), dtype=bool)
    is_first[1:] = (np.diff(event) != 0) | (np.diff(group) != 0)
    return group[is_first], event[is_first], parties.at[rows][is_first]
