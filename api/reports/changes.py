"""Changes: which figures of a frozen report would differ today, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .counts import tally
from .ids import apart
from .order import METHOD_VERSION
from .traces import parts_of, trace

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from .facts import Facts


def changes_since(report: Mapping[str, Any], then: Facts, now: Facts) -> list[dict[str, Any]]:
    """The figures whose counts differ, with both counts exact and what became of their records.

    `then` are the report's own inputs. A figure of a boundary that is gone has no count now.
    """
    before, after = tally(then).counts, tally(now).counts
    known = _ids(then), _ids(now)
    found = []
    for figure in (figure for made in report["indicators"] for figure in made["figures"]):
        parts = parts_of(figure["key"])
        both = (parts.numerator, parts.denominator or "")
        names = [name for name in both if name in before]
        if any(before[name] != after.get(name) for name in names):
            counts = [{"then": before[name], "now": after.get(name)} for name in names]
            why = _why((then, now), names, known) | _frame(report, figure, (then, now))
            found.append(_said(figure, counts) | {"because": why})
    return found


def _said(figure: Mapping[str, Any], counts: list[dict[str, int | None]]) -> dict[str, Any]:
    denominator = counts[1] if len(counts) > 1 else None
    said = {name: figure[name] for name in ("key", "label", "boundary_id")}
    return said | {"numerator": counts[0], "denominator": denominator}


def _why(
    facts: tuple[Facts, Facts], names: Iterable[str], known: tuple[set[bytes], set[bytes]]
) -> dict[str, int]:
    """How many records behind either count were logged, removed or edited since."""
    then, now = (
        {id_ for name in names for found in trace(each, name) or () for id_ in apart(found.ids)}
        for each in facts
    )
    came, went = now - then, then - now
    edited = len(came & known[0]) + len((went & known[1]) - came)
    return {"logged": len(came - known[0]), "removed": len(went - known[1]), "edited": edited}


def _frame(
    report: Mapping[str, Any], figure: Mapping[str, Any], facts: tuple[Facts, Facts]
) -> dict[str, bool]:
    """What besides records changed: the sections that groups declare, or how it is counted."""
    declared = [
        {str(boundary.id): boundary.declared for boundary in each.boundaries} for each in facts
    ]
    here = figure["boundary_id"]
    return {
        "sections_changed": here is not None and declared[0].get(here) != declared[1].get(here),
        "method_changed": report["method_version"] != METHOD_VERSION,
    }


def _ids(facts: Facts) -> set[bytes]:
    """All records that a report counted anything of."""
    agreed, earlier = facts.agreement, facts.earlier or ()
    packed = (
        *(row.ids for row in (*facts.introductions, *earlier)),
        *(ids for row in facts.flows for ids in (row.ids, row.ids_in_year)),
        *(row.ids for row in facts.follow_ups),
        *(row.ids for row in facts.spaces),
        *(ids or b"" for ids in (facts.basis.ids_meetings, agreed.ids_same, agreed.ids_differing)),
        *(group.bytes for group in facts.groups),
    )
    return {id_ for each in packed for id_ in apart(each)}
