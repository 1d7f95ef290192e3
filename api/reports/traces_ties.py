"""Traces of ties: the introductions and flows that made pairs of groups a pair (K4-K11).

A count of pairs is of no record; behind it are the introductions, or flows, that made the pairs.
"""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

from .facts import MARKS
from .ids import marked, traced
from .sums import side

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from uuid import UUID

    from .facts import Boundary, Facts, Introductions
    from .ids import Trace

    Pair = tuple[UUID, UUID]


def ties(facts: Facts, boundary: Boundary | None, name: str) -> tuple[Trace, ...] | None:
    """K4: introductions of the period between these two ends, or outward from one."""
    rows = [row for row in facts.introductions if row.status == "made"]
    if boundary is None:
        return _made(rows, lambda _: True) if name == "ties" else None
    ends, wanted = boundary.ends(), _ends_wanted(boundary, name)
    if wanted is None:
        return None

    def is_counted(pair: Pair) -> bool:
        a, b = (boundary.end(group) if group in boundary.declared else "" for group in pair)
        return wanted(a, b, a in ends and b in ends)

    return _made(rows, is_counted)


def _ends_wanted(boundary: Boundary, name: str) -> Callable[[str, str, bool], bool] | None:
    """Whether a pair at ends a and b, both of them known or not, is counted as `name`."""
    ends = boundary.ends()
    end, _, way = name.rpartition(".")
    cells = {f"{a}-{b}": {a, b} for a in ends for b in ends}
    if name in cells:
        return lambda a, b, _: {a, b} == cells[name]
    if name in ("known", "other"):
        return lambda _a, _b, is_known: is_known == (name == "known")
    if end not in ends or way not in ("external", "ties"):
        return None
    return lambda a, b, is_known: is_known and end in (a, b) and (way == "ties" or a != b)


def gaps(facts: Facts, boundary: Boundary, name: str) -> tuple[Trace, ...] | None:
    """K5: introductions of the year across; of all pairs, the groups that they are pairs of."""
    here = set(facts.groups)
    if name in ("pairs", "empty"):
        return traced("groups", [group.bytes for group in here if group in boundary.declared])
    if name != "tied":
        return None

    def is_counted(pair: Pair) -> bool:
        return here.issuperset(pair) and side(pair, boundary.declared) == "across"

    return _made_in_year(facts, is_counted)


def held(facts: Facts, name: str) -> tuple[Trace, ...] | None:
    """K11: introductions of the year of those pairs that one connector alone introduced, or not."""
    wanted = {"live": (True, False), "one": (True,), "more": (False,)}.get(name)
    if wanted is None:
        return None
    pairs = {pair.groups for pair in facts.pairs if pair.in_year and pair.is_by_one in wanted}
    return _made_in_year(facts, pairs.__contains__)


def gave(facts: Facts, boundary: Boundary, name: str) -> tuple[Trace, ...] | None:
    """K8: the flows of the year that made a pair of groups one that gave, or gave both ways."""
    wanted = {"pairs_any": (True, False), "pairs_both": (True,), "pairs_one_way": (False,)}
    rows = [
        row
        for row in facts.flows
        if row.status == "delivered"
        and row.in_year
        and side((row.from_group, row.to_group), boundary.declared) == "across"
    ]
    arcs = {(row.from_group, row.to_group) for row in rows}
    kept = [row for row in rows if ((row.to_group, row.from_group) in arcs) in wanted[name]]
    return traced("flows", [row.ids_in_year for row in kept])


def _made(
    rows: list[Introductions], is_counted: Callable[[Pair], bool]
) -> tuple[Trace, ...] | None:
    return traced("introductions", [row.ids for row in _of_pairs(rows, is_counted)])


def _made_in_year(facts: Facts, is_counted: Callable[[Pair], bool]) -> tuple[Trace, ...] | None:
    if facts.earlier is None:
        return None
    made = [row for row in facts.introductions if row.status == "made"]
    rows = list(_of_pairs(made, is_counted))
    inside = marked((row.ids for row in rows), (row.marks for row in rows), MARKS["in_year"])
    before = [row.ids for row in _of_pairs(facts.earlier, is_counted)]
    return traced("introductions", [inside, *before])


def _of_pairs(
    rows: list[Introductions] | tuple[Introductions, ...], is_counted: Callable[[Pair], bool]
) -> Iterator[Introductions]:
    for row in rows:
        groups = [group for group in row.groups if group]
        if any(is_counted(pair) for pair in combinations(groups, 2)):
            yield row
