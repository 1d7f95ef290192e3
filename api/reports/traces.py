"""Traces: which records each count of a report was made of, from the inputs frozen with it.

Written apart from `counts.py`, so that the one can be held against the other.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from . import traces_ties
from .answers import LASTED, lasted
from .facts import ANSWERS, FLOW_STATUSES, MARKS, RESOURCES, STATUSES, UNRECORDED, WHO
from .ids import marked, traced
from .sums import side

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from uuid import UUID

    from .facts import Boundary, Facts, Flows, FollowUps, Introductions, Spaces
    from .ids import Trace

    Found = tuple[Trace, ...] | None  # a trace a kind of record; None for what counts no records


@dataclass(frozen=True, slots=True)
class Parts:
    """The names of the counts that a figure is the first of, out of the second."""

    numerator: str
    denominator: str | None


def parts_of(figure: str) -> Parts:
    """Which counts the figure of this key shows."""
    if figure in NAMED:
        return NAMED[figure]
    indicator, _, rest = figure.partition(".")
    if indicator == "K2":
        return Parts(f"{figure}.across", f"{figure}.known")
    before, _, name = figure.rpartition(".")
    if indicator in WHOLES and "." not in rest:
        return Parts(figure, WHOLES[indicator] and f"{indicator}.{WHOLES[indicator]}")
    whole = {"K7": "due"}.get(indicator) or PARTS_OF.get(name)
    return Parts(figure, whole and f"{before}.{whole}")


WHOLES = {"K0": None, "K1": "total", "K3": "known", "K8": "total", "K9": "spaces", "K11": "live"}
PARTS_OF = {
    "across": "known",
    "pairs_both": "pairs_any",
    "external": "ties",
    "tied": "pairs",
    "new": "asked",
    "yes": "asked",
    "same": "both",
}
NAMED = {
    "K0.follow_ups_answered": Parts("K0.follow_ups_answered", "K0.follow_ups_due"),
    "K0.weeks_logged": Parts("K0.weeks_logged", None),
    "K18.introductions": Parts("K1.unwanted", "K1.total"),
    "K18.follow_ups": Parts("K18.follow_ups", "K0.follow_ups_answered"),
    "K0.lag": Parts("K0.logs", None),
    "K19.lag": Parts("K0.logs", None),
}


def trace(facts: Facts, count: str) -> Found:
    """The records behind the count of this key, by kind; None for what counts no records."""
    indicator, _, name = count.partition(".")
    if indicator in UNRECORDED:
        return () if name == "recorded" else None
    for find in (_logs, _follow_ups, _asked, _agreement, _introductions, _flows, _ties, _spaces):
        found = find(facts, count)
        if found is not None:
            return found
    return None


def _logs(facts: Facts, count: str) -> Found:
    """K0 and K19: everything logged of the period."""
    if count != "K0.logs":
        return None
    kinds = (
        traced("introductions", [row.ids for row in facts.introductions]),
        traced("meetings", [facts.basis.ids_meetings]),
        traced("flows", [row.ids for row in facts.flows]),
    )
    known = [kind for kind in kinds if kind is not None]
    return tuple(each for kind in known for each in kind) if len(known) == len(kinds) else None


def _follow_ups(facts: Facts, count: str) -> Found:
    ids = {
        "K0.follow_ups_due": facts.basis.ids_due,
        "K0.follow_ups_answered": facts.basis.ids_answered,
    }
    return traced("follow-ups", [ids[count]]) if count in ids else None


def _agreement(facts: Facts, count: str) -> Found:
    """K16: introductions of which both sides said whether they would have come together."""
    both = facts.agreement
    ids = {"same": [both.ids_same], "differing": [both.ids_differing]}
    ids["both"] = ids["same"] + ids["differing"]
    indicator, _, name = count.partition(".both.")
    is_here = indicator == "K16" and name in ids
    return traced("introductions", ids[name]) if is_here else None


def _asked(facts: Facts, count: str) -> Found:
    """K7, K10, K16 and K18: the follow-ups with this answer."""
    indicator, _, name = count.partition(".")
    is_counted = _answered(indicator, *name.rpartition(".")[::2])
    if is_counted is None:
        return None
    return traced("follow-ups", [row.ids for row in facts.follow_ups if is_counted(row)])


def _answered(indicator: str, part: str, name: str) -> Callable[[FollowUps], bool] | None:
    names = {"asked": ANSWERS}.get(name, (name,))
    if indicator == "K7" and part.isdigit():
        kept = {"due": LASTED, "at_most": ("yes", "unsaid", "unanswered")}.get(name, (name,))
        return lambda row: row.stage == int(part) and lasted(row) in kept
    if indicator == "K10":
        return lambda row: row.outcome is not None and row.again in names
    if indicator == "K16" and part in WHO:
        return lambda row: (
            row.outcome is not None and row.answered_by == part and row.anyway in names
        )
    if indicator == "K18":
        return lambda row: row.outcome == "unwanted"
    return None


def _spaces(facts: Facts, count: str) -> Found:
    """K9: the spaces in use and not, valued or avoided, and by side of a boundary."""
    indicator, _, name = count.partition(".")
    plain: dict[str, Callable[[Spaces], bool]] = {
        "spaces": lambda _: True,
        "in_use": lambda row: bool(row.groups),
        "idle": lambda row: not row.groups,
        "valued": lambda row: row.is_valued,
        "avoided": lambda row: row.is_avoided,
    }
    found = _of_boundary(facts, name)
    if indicator != "K9" or not (found or name in plain):
        return None
    if found:
        boundary, way = found
        ways = {"known": ("across", "within")}.get(way, (way,))
        plain[name] = lambda row: bool(row.groups) and side(row.groups, boundary.declared) in ways
    return traced("spaces", [row.ids for row in facts.spaces if plain[name](row)])


def _introductions(facts: Facts, count: str) -> Found:
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
    elif indicator == "K3":
        rows = _mixed(facts, name)
    elif indicator == "K6":
        return _known_before(facts, name)
    else:
        return None
    return traced("introductions", [row.ids for row in rows])


def _known_before(facts: Facts, name: str) -> Found:
    """K6: introductions made of parties who had not met before, or had, or it is not known."""
    new, met = MARKS["new"], MARKS["met"]
    wanted = {"new": new, "met": met, "asked": new + met, "unknown": MARKS["unsaid"]}.get(name)
    if wanted is None or facts.earlier is None:
        return None
    made = [row for row in facts.introductions if row.status == "made"]
    ids = marked((row.ids for row in made), (row.marks for row in made), wanted)
    return traced("introductions", [ids])


def _mixed(facts: Facts, name: str) -> list[Introductions]:
    """K3: introductions made within one group or between several, or of somebody without one."""
    kept = {"known": ("same", "different")}.get(name, (name,))
    made = [row for row in facts.introductions if row.status == "made"]
    return [row for row in made if _mix(row.groups) in kept]


def _mix(groups: tuple[UUID | None, ...]) -> str:
    return "unknown" if None in groups else "different" if len(groups) > 1 else "same"


def _flows(facts: Facts, count: str) -> Found:
    """K8 by status and resource, and by side or direction at one boundary."""
    indicator, _, name = count.partition(".")
    is_counted = _counted_flows(facts, name) if indicator == "K8" else None
    if is_counted is None:
        return None
    return traced("flows", [row.ids for row in facts.flows if is_counted(row)])


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
        yield ">".join(boundary.end(group) for group in (row.from_group, row.to_group))


def _ties(facts: Facts, count: str) -> Found:
    """K4, K5, K8 and K11: what made pairs of groups a pair."""
    indicator, _, name = count.partition(".")
    if indicator == "K11":
        return traces_ties.held(facts, name)
    found = _of_boundary(facts, name)
    if indicator == "K4":
        return traces_ties.ties(facts, *(found or (None, name)))
    if indicator == "K5" and found:
        return traces_ties.gaps(facts, *found)
    if indicator == "K8" and found and found[1].startswith("pairs_"):
        return traces_ties.gave(facts, *found)
    return None


def _of_boundary(facts: Facts, name: str) -> tuple[Boundary, str] | None:
    """The boundary that a name begins with, and the rest of the name."""
    id_, _, rest = name.partition(".")
    found = [boundary for boundary in facts.boundaries if str(boundary.id) == id_]
    return (found[0], rest) if found and rest else None
