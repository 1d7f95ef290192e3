"""Traces: which records each count of a report was made of, from the inputs frozen with it.

Written apart from `counts.py`, so that the one can be held against the other.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .counts import SEVERAL, side
from .facts import FLOW_STATUSES, RESOURCES, STATUSES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from uuid import UUID

    from .facts import Boundary, Facts, Flows

ID_BYTES = 16


@dataclass(frozen=True, slots=True)
class Trace:
    """The records of one kind that a count was made of, each as the sixteen bytes of its id."""

    kind: str
    ids: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Parts:
    """The names of the counts that a figure is the first of, out of the second."""

    numerator: str
    denominator: str | None


def parts_of(figure: str) -> Parts:
    """Which counts the figure of this key shows."""
    indicator, _, rest = figure.partition(".")
    name = rest.rpartition(".")[2]
    if indicator == "K0":
        return Parts(figure, {"follow_ups_answered": "K0.follow_ups_due"}.get(name))
    if indicator == "K2":
        return Parts(f"{figure}.across", f"{figure}.known")
    if "." not in rest:
        return Parts(figure, f"{indicator}.total")
    whole = {"across": "known", "pairs_both": "pairs_any"}.get(name)
    return Parts(figure, whole and f"{figure.removesuffix(name)}{whole}")


def trace(facts: Facts, count: str) -> Trace | None:
    """The records behind the count of this key; None for what counts no records."""
    for find in (_follow_ups, _introductions, _flows, _pairs):
        found = find(facts, count)
        if found is not None:
            return found
    return None


def _follow_ups(facts: Facts, count: str) -> Trace | None:
    ids = {
        "K0.follow_ups_due": facts.basis.ids_due,
        "K0.follow_ups_answered": facts.basis.ids_answered,
    }
    return _trace("follow-ups", [ids[count]]) if count in ids else None


def _introductions(facts: Facts, count: str) -> Trace | None:
    """K1 by status, K2 by side of one boundary."""
    indicator, _, name = count.partition(".")
    if indicator == "K1" and name in (*STATUSES, "total"):
        rows = [row for row in facts.introductions if name in (row.status, "total")]
    elif indicator == "K2" and (found := _of_boundary(facts, name)):
        boundary, way = found
        wanted = ("across", "within") if way == "known" else (way,)
        rows = [
            row
            for row in facts.introductions
            if row.status == "made" and side(row.groups, boundary.declared) in wanted
        ]
    else:
        return None
    return _trace("introductions", [row.ids for row in rows])


def _flows(facts: Facts, count: str) -> Trace | None:
    """K8 by status and resource, and by side or direction at one boundary."""
    indicator, _, name = count.partition(".")
    is_counted = _counted_flows(facts, name) if indicator == "K8" else None
    if is_counted is None:
        return None
    return _trace("flows", [row.ids for row in facts.flows if is_counted(row)])


def _counted_flows(facts: Facts, name: str) -> Callable[[Flows], bool] | None:
    if name == "total":
        return lambda _: True
    if name in FLOW_STATUSES:
        return lambda row: row.status == name
    if name in RESOURCES:
        return lambda row: row.status == "delivered" and row.resource == name
    found = _of_boundary(facts, name)
    if found is None or found[1].startswith("pairs_"):
        return None
    boundary, place = found
    places = {"across", "within"} if place == "known" else {place}
    return lambda row: row.status == "delivered" and not places.isdisjoint(_where(boundary, row))


def _where(boundary: Boundary, row: Flows) -> Iterator[str]:
    """All places at which a flow is counted at a boundary."""
    way = side((row.from_group, row.to_group), boundary.declared)
    yield way
    yield f"{row.resource}.{way}"
    if way != "unknown":
        yield ">".join(_end(boundary, group) for group in (row.from_group, row.to_group) if group)


def _end(boundary: Boundary, group: UUID) -> str:
    declared = boundary.declared[group]
    return str(next(iter(declared))) if len(declared) == 1 else SEVERAL


def _pairs(facts: Facts, count: str) -> Trace | None:
    """K8: the flows of the year that made a pair of groups one that gave, or gave both ways."""
    indicator, _, name = count.partition(".")
    found = _of_boundary(facts, name) if indicator == "K8" else None
    if found is None or found[1] not in ("pairs_any", "pairs_both", "pairs_one_way"):
        return None
    boundary, which = found
    rows = [
        row
        for row in facts.flows
        if row.status == "delivered"
        and row.in_year
        and side((row.from_group, row.to_group), boundary.declared) == "across"
    ]
    arcs = {(row.from_group, row.to_group) for row in rows}
    wanted = {"pairs_any": (True, False), "pairs_both": (True,), "pairs_one_way": (False,)}[which]
    kept = [row for row in rows if ((row.to_group, row.from_group) in arcs) in wanted]
    return _trace("flows", [row.ids_in_year for row in kept])


def _of_boundary(facts: Facts, name: str) -> tuple[Boundary, str] | None:
    """The boundary that a name begins with, and the rest of the name."""
    id_, _, rest = name.partition(".")
    found = [boundary for boundary in facts.boundaries if str(boundary.id) == id_]
    return (found[0], rest) if found and rest else None


def _trace(kind: str, packed: list[bytes]) -> Trace:
    ids = b"".join(packed)
    return Trace(
        kind, tuple(sorted(ids[at : at + ID_BYTES] for at in range(0, len(ids), ID_BYTES)))
    )
