"""Counts: every number of a report as a whole number with a name, and which ones add up to which.

Nothing here is a percentage and nothing is hidden yet. `disclosure.py` decides what a reader may
see of each count; `indicators.py` makes shares, intervals and sentences of what is left.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from . import answers, structure
from .facts import FLOW_STATUSES, RESOURCES, SEVERAL, STATUSES, UNRECORDED
from .sums import Sum, Tally, add_up, joined, side

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from .facts import Boundary, Facts, Flows

SIDES = ("across", "within", "unknown")


def tally(facts: Facts) -> Tally:
    """Count everything that all indicators need."""
    parts = [_basis(facts), _introductions(facts), _flows(facts)]
    for boundary in facts.boundaries:
        parts += [_introduced(facts, boundary), _flowed(facts, boundary), _pairs(facts, boundary)]
    parts.append(Tally({f"{name}.recorded": _heard(facts, name) for name in UNRECORDED}))
    first = joined(parts)
    return joined((first, answers.tally(facts, first), structure.tally(facts, first)))


def directions(boundary: Boundary) -> tuple[str, ...]:
    """What a flow can come from or go to: each section, the merged ones, or several at once."""
    several = any(len(declared) > 1 for declared in boundary.declared.values())
    return (*boundary.ends(), *((SEVERAL,) if several else ()))


def _basis(facts: Facts) -> Tally:
    basis = facts.basis
    counts = {
        "K0.connectors": basis.connectors,
        "K0.weeks_active": basis.weeks_active,
        "K0.weeks_logged": basis.weeks_logged,
        "K0.follow_ups_due": basis.follow_ups_due,
        "K0.follow_ups_answered": basis.follow_ups_answered,
        "K0.logs": basis.logs,
    }
    return Tally(counts, ())


def _heard(facts: Facts, indicator: str) -> int:
    return sum(row.count for row in facts.heard if row.indicator == indicator)


def _introductions(facts: Facts) -> Tally:
    found: Counter[str] = Counter()
    for row in facts.introductions:
        found[row.status] += row.count
    return add_up("K1", "total", {status: found[status] for status in STATUSES})


def _introduced(facts: Facts, boundary: Boundary) -> Tally:
    """K2: introductions made, by whether they crossed; they add up to K1's."""
    found: Counter[str] = Counter()
    for row in facts.introductions:
        if row.status == "made":
            found[side(row.groups, boundary.declared)] += row.count
    key = f"K2.{boundary.id}"
    counts = {f"{key}.{name}": found[name] for name in SIDES}
    counts[f"{key}.known"] = found["across"] + found["within"]
    return Tally(counts, _known_sums(key, "K1.made"))


def _flows(facts: Facts) -> Tally:
    by_status: Counter[str] = Counter()
    by_resource: Counter[str] = Counter()
    for row in facts.flows:
        by_status[row.status] += row.in_period
        by_resource[row.resource] += row.in_period if row.status == "delivered" else 0
    statuses = add_up("K8", "total", {status: by_status[status] for status in FLOW_STATUSES})
    kinds = add_up("K8", "delivered", {resource: by_resource[resource] for resource in RESOURCES})
    return Tally({**statuses.counts, **kinds.counts}, statuses.sums + kinds.sums)


def _flowed(facts: Facts, boundary: Boundary) -> Tally:
    """K8: delivered flows by kind and side, and by the sections they went between."""
    key, declared = f"K8.{boundary.id}", boundary.declared
    end: dict[UUID | None, str] = {group: boundary.end(group) for group in declared}
    sides: Counter[str] = Counter()
    ways: Counter[str] = Counter()
    for row in delivered(facts):
        way = side((row.from_group, row.to_group), declared)
        sides[f"{row.resource}.{way}"] += row.in_period
        sides[way] += row.in_period
        if way != "unknown":
            ways[f"{end[row.from_group]}>{end[row.to_group]}"] += row.in_period
    names = [*SIDES, *(f"{resource}.{way}" for resource in RESOURCES for way in SIDES)]
    counts = {f"{key}.{name}": sides[name] for name in names}
    counts[f"{key}.known"] = sides["across"] + sides["within"]
    ends = directions(boundary)
    cells = {f"{key}.{a}>{b}": ways[f"{a}>{b}"] for a in ends for b in ends}
    sums = (
        *_known_sums(key, "K8.delivered"),
        *(Sum(f"{key}.{way}", tuple(f"{key}.{r}.{way}" for r in RESOURCES)) for way in SIDES),
        *(Sum(f"K8.{r}", tuple(f"{key}.{r}.{way}" for way in SIDES)) for r in RESOURCES),
        Sum(f"{key}.known", tuple(cells)),
    )
    return Tally(counts | cells, sums)


def _pairs(facts: Facts, boundary: Boundary) -> Tally:
    """K8: pairs of groups across the boundary with flow in the year: one way, both ways."""
    arcs = {
        (row.from_group, row.to_group)
        for row in facts.flows
        if row.status == "delivered"
        and row.in_year
        and side((row.from_group, row.to_group), boundary.declared) == "across"
    }
    pairs = {frozenset(arc) for arc in arcs}
    both = sum((b, a) in arcs for a, b in arcs) // 2
    counts = {"pairs_both": both, "pairs_one_way": len(pairs) - both}
    return add_up(f"K8.{boundary.id}", "pairs_any", counts)


def delivered(facts: Facts) -> Iterable[Flows]:
    """The flows that arrived in the period."""
    return (row for row in facts.flows if row.status == "delivered" and row.in_period)


def _known_sums(key: str, whole: str) -> tuple[Sum, ...]:
    return (
        Sum(f"{key}.known", (f"{key}.across", f"{key}.within")),
        Sum(whole, (f"{key}.known", f"{key}.unknown")),
    )
