"""Released: what readers outside already hold, and what it tells of one more report.

Reports of one network overlap: quarters make up half years, one period is frozen twice. What
holds between their counts is stated as sums, so that the audit looks at all of them at once.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import scipy

from .sums import Sum

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Ends = tuple[int, int | None]

# Counts of what is there, not of what happened: two quarters of them are not a half year.
STANDING = re.compile(r"K0\.(connectors|weeks_\w+)$|~?K(4|5|9|11)\.|K16\.both|.*\.pairs_\w+$")
EXACTLY = 1e-6


@dataclass(frozen=True, slots=True)
class Cells:
    """All counts of one report: exact, as the least and most a reader knows, and their sums.

    `small` are those from 1 to the threshold.
    """

    from_on: date
    to_on: date
    exact: Mapping[str, int]
    known: Mapping[str, Ends]
    small: frozenset[str]
    threshold: int
    sums: tuple[Sum, ...] = ()


@dataclass(slots=True)
class System:
    """What a reader of several reports knows: ends of each count, sums, and what stays hidden."""

    known: dict[str, Ends] = field(default_factory=dict)
    sums: list[Sum] = field(default_factory=list)
    wanted: set[str] = field(default_factory=set)


def together(reports: Sequence[Cells]) -> System:
    """All reports in one system. The counts of the first keep their names, others get a number."""
    system = System()
    for at, cells in enumerate(reports):
        system.known |= {_name(at, key): ends for key, ends in cells.known.items()}
        system.sums += [_renamed(sum_, at) for sum_ in cells.sums]
        system.wanted |= {_name(at, key) for key in cells.small}
    for group in _overlapping(reports):
        _link(system, reports, group)
    return system


def _name(at: int, key: str) -> str:
    return f"{at}|{key}" if at else key


def _renamed(sum_: Sum, at: int) -> Sum:
    return Sum(_name(at, sum_.total), tuple(_name(at, part) for part in sum_.parts))


def _overlapping(reports: Sequence[Cells]) -> Iterator[list[int]]:
    """Sets of reports whose periods overlap, directly or through others; none of one alone."""
    order = sorted(range(len(reports)), key=lambda at: reports[at].from_on)
    group: list[int] = []
    end = date.min
    for at in order:
        if group and reports[at].from_on >= end:
            if len(group) > 1:
                yield group
            group = []
        group.append(at)
        end = max(end, reports[at].to_on) if len(group) > 1 else reports[at].to_on
    if len(group) > 1:
        yield group


def _link(system: System, reports: Sequence[Cells], group: Sequence[int]) -> None:
    """State what holds between reports of overlapping periods, and hide small differences."""
    cuts = sorted({day for at in group for day in (reports[at].from_on, reports[at].to_on)})
    spans = list(pairwise(cuts))
    keys = sorted(set().union(*(reports[at].exact for at in group)))
    linked = {
        key for key in keys if not STANDING.match(key) and _adds_up(reports, group, key, spans)
    }
    for key in linked:
        _tile(system, reports, group, key, spans)
    for span in spans:
        covering = (reports[at].sums for at in group if _holds(reports[at], span))
        sums = dict.fromkeys(sum_ for each in covering for sum_ in each)
        held = (sum_ for sum_ in sums if linked.issuperset((sum_.total, *sum_.parts)))
        system.sums += [_within(sum_, span[0]) for sum_ in held]
    for a in group:
        for b in group:
            if a != b:
                _compare(system, reports, (a, b))


def _adds_up(
    reports: Sequence[Cells], group: Sequence[int], key: str, spans: Sequence[tuple[date, date]]
) -> bool:
    """Whether the exact counts fit together; what was logged late or removed breaks the sums."""
    rows = [at for at in group if key in reports[at].exact]
    inside = np.array([[_holds(reports[at], span) for span in spans] for at in rows], dtype=float)
    _, left = scipy.optimize.nnls(
        inside, np.array([reports[at].exact[key] for at in rows], dtype=float)
    )
    return bool(left < EXACTLY)


def _tile(
    system: System,
    reports: Sequence[Cells],
    group: Sequence[int],
    key: str,
    spans: Sequence[tuple[date, date]],
) -> None:
    """Every report's count is the sum of what happened in each span of its period."""
    for at in group:
        if key in reports[at].exact:
            parts = tuple(f"{span[0]}|{key}" for span in spans if _holds(reports[at], span))
            system.known |= dict.fromkeys(parts, (0, None))
            system.sums.append(Sum(_name(at, key), parts))


def _within(sum_: Sum, day: date) -> Sum:
    return Sum(f"{day}|{sum_.total}", tuple(f"{day}|{part}" for part in sum_.parts))


def _compare(system: System, reports: Sequence[Cells], pair: tuple[int, int]) -> None:
    """Of a period inside another: what stands for the same is equal, small differences hidden."""
    whole, part = (reports[at] for at in pair)
    if not (whole.from_on <= part.from_on and part.to_on <= whole.to_on):
        return
    is_same = (whole.from_on, whole.to_on) == (part.from_on, part.to_on)
    for key in whole.exact.keys() & part.exact.keys():
        more = whole.exact[key] - part.exact[key]
        if STANDING.match(key):
            if is_same and not more:
                system.sums.append(Sum(_name(pair[0], key), (_name(pair[1], key),)))
        elif 0 < more < whole.threshold:
            rest = f"{pair[0]}-{pair[1]}|{key}"
            system.known[rest] = (0, None)
            system.wanted.add(rest)
            system.sums.append(Sum(_name(pair[0], key), (_name(pair[1], key), rest)))


def _holds(cells: Cells, span: tuple[date, date]) -> bool:
    return cells.from_on <= span[0] and span[1] <= cells.to_on
