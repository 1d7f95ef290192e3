"""Counts: every number of a report as a whole number with a name, and which ones add up to which.

Nothing here is a percentage and nothing is hidden yet. `disclosure.py` decides what a reader may
see of each count; `indicators.py` makes shares, intervals and sentences of what is left.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .facts import FLOW_STATUSES, RESOURCES, STATUSES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from uuid import UUID

    from .facts import Boundary, Facts, Flows

SIDES = ("across", "within", "unknown")
SEVERAL = "several"  # stands for a group that declares several sections of one boundary


@dataclass(frozen=True, slots=True)
class Sum:
    """The counts `parts` add up to the count `total`: anybody can take them apart again."""

    total: str
    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Tally:
    """Exact counts by key (`K1.made`), and the sums that hold between them."""

    counts: Mapping[str, int]
    sums: tuple[Sum, ...]


def tally(facts: Facts) -> Tally:
    """Count everything that K0, K1, K2 and K8 need."""
    parts = [_basis(facts), _introductions(facts), _flows(facts)]
    for boundary in facts.boundaries:
        parts += [_introduced(facts, boundary), _flowed(facts, boundary), _pairs(facts, boundary)]
    return Tally(
        {key: value for part in parts for key, value in part.counts.items()},
        tuple(sum_ for part in parts for sum_ in part.sums),
    )


def side(groups: Iterable[UUID | None], declared: Mapping[UUID, frozenset[UUID]]) -> str:
    """Across when two of the groups share no section, unknown when one declares none."""
    sections = [declared.get(group) if group else None for group in groups]
    known = [section for section in sections if section]
    if len(known) < len(sections):
        return "unknown"
    apart = any(a.isdisjoint(b) for i, a in enumerate(known) for b in known[:i])
    return "across" if apart else "within"


def directions(boundary: Boundary) -> tuple[str, ...]:
    """What a flow can come from or go to: each section, or a group that declares several."""
    several = any(len(declared) > 1 for declared in boundary.declared.values())
    return (*(str(section.id) for section in boundary.sections), *((SEVERAL,) if several else ()))


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


def _introductions(facts: Facts) -> Tally:
    found: Counter[str] = Counter()
    for row in facts.introductions:
        found[row.status] += row.count
    return _row("K1", "total", {status: found[status] for status in STATUSES})


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
    statuses = _row("K8", "total", {status: by_status[status] for status in FLOW_STATUSES})
    kinds = _row("K8", "delivered", {resource: by_resource[resource] for resource in RESOURCES})
    return Tally({**statuses.counts, **kinds.counts}, statuses.sums + kinds.sums)


def _flowed(facts: Facts, boundary: Boundary) -> Tally:
    """K8: delivered flows by kind and side, and by the sections they went between."""
    key, declared = f"K8.{boundary.id}", boundary.declared
    sides: Counter[str] = Counter()
    ways: Counter[str] = Counter()
    for row in delivered(facts):
        way = side((row.from_group, row.to_group), declared)
        sides[f"{row.resource}.{way}"] += row.in_period
        sides[way] += row.in_period
        if way != "unknown":
            ways[f"{_end(row.from_group, declared)}>{_end(row.to_group, declared)}"] += (
                row.in_period
            )
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
    return _row(f"K8.{boundary.id}", "pairs_any", counts)


def delivered(facts: Facts) -> Iterable[Flows]:
    """The flows that arrived in the period."""
    return (row for row in facts.flows if row.status == "delivered" and row.in_period)


def _row(key: str, total: str, counts: Mapping[str, int]) -> Tally:
    """A row of counts with its total."""
    named = {f"{key}.{name}": value for name, value in counts.items()}
    total = f"{key}.{total}"
    return Tally({**named, total: sum(named.values())}, (Sum(total, tuple(named)),))


def _known_sums(key: str, whole: str) -> tuple[Sum, ...]:
    return (
        Sum(f"{key}.known", (f"{key}.across", f"{key}.within")),
        Sum(whole, (f"{key}.known", f"{key}.unknown")),
    )


def _end(group: UUID | None, declared: Mapping[UUID, frozenset[UUID]]) -> str:
    """The section of a known group, or SEVERAL."""
    sections = declared[group] if group else frozenset()
    return str(next(iter(sections))) if len(sections) == 1 else SEVERAL
