"""Story: how one figure of a report was made, from its definition to the records behind it."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from api.core.problems import Problem
from api.words import words

from .facts import merge_small
from .traces import parts_of, trace

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .facts import Facts
    from .ids import Trace
    from .shelved import Shelved

    Behind = tuple[Trace, ...] | None

DOCS = "/docs/reports#how-each-number-is-made"
# Sections dealt out again among groups of like activity (N2), or among all (N1): chance*.py
MODELS = {"K2": ("N2", "method_chance"), "K4": ("N1", "method_sizes")}
FRAME = ("template", "method_version", "audience", "period", "revision", "seed", "frozen_at")


@dataclass(frozen=True, slots=True)
class Shown:
    """The inputs, for whom they may be shown to; so many ids a page, after the one given."""

    inputs: Facts | None = None
    limit: int = 500
    after: UUID | None = None


def tell(shelved: Shelved, figure_id: str, shown: Shown) -> dict[str, Any]:
    """The story of one figure; `not_found` for one that the report does not have."""
    report = shelved.content()
    indicator, figure = _find(report, figure_id)
    return {
        "report": {"id": report["id"], "digest": shelved.digest}
        | {name: report[name] for name in FRAME},
        "indicator": {
            name: indicator[name] for name in ("id", "title", "sentence", "not_shown", "guards")
        },
        "figure": figure,
        "chance": _chance(report, figure),
        "records": _records(report, figure_id, shown),
        "docs": DOCS,
    }


def _find(report: dict[str, Any], figure_id: str) -> tuple[dict[str, Any], dict[str, Any]]:
    for indicator in report["indicators"]:
        for figure in indicator["figures"]:
            if figure["key"] == figure_id:
                return indicator, figure
    raise Problem("not_found", "The report has no figure of this id.")


def _chance(report: dict[str, Any], figure: dict[str, Any]) -> dict[str, Any] | None:
    """Which null model the figure stands beside."""
    if not figure["against"]:
        return None
    model, name = MODELS[figure["key"].partition(".")[0]]
    sentence = words(report["language"])["page"][name]
    said = {"model": model, "sentence": sentence, "seed": report["seed"]}
    return said | {"draws": figure["against"]["draws"]}


def _records(report: dict[str, Any], figure_id: str, shown: Shown) -> dict[str, Any] | None:
    """A page of the records behind both counts of the figure; None where they are not for you.

    One walk over all ids: a page ends, for every list, with the same id.
    """
    if shown.inputs is None:
        return None
    is_merged = report["disclosure"]["threshold"] is not None
    facts = merge_small(shown.inputs) if is_merged else shown.inputs
    parts = parts_of(figure_id)
    behind = {
        "numerator": trace(facts, parts.numerator),
        "denominator": trace(facts, parts.denominator) if parts.denominator else None,
    }
    end = _end_of_page([each for found in behind.values() for each in found or ()], shown)
    said = {name: _page(found, shown, end) for name, found in behind.items()}
    return said | {"next": UUID(bytes=end) if end else None}


def _end_of_page(traces: Sequence[Trace], shown: Shown) -> bytes | None:
    """The last id of the page; None when there are no more after it."""
    rests = [each.ids[_begin(each, shown) :] for each in traces]
    return min((ids[shown.limit - 1] for ids in rests if len(ids) > shown.limit), default=None)


def _begin(found: Trace, shown: Shown) -> int:
    return bisect_right(found.ids, shown.after.bytes) if shown.after else 0


def _page(found: Behind, shown: Shown, end: bytes | None) -> list[dict[str, Any]] | None:
    """A page of ids by kind; None for what counts no records, such as members and weeks."""
    if found is None:
        return None
    return [
        {
            "kind": each.kind,
            "count": len(each.ids),
            "ids": [
                UUID(bytes=id_)
                for id_ in each.ids[
                    _begin(each, shown) : bisect_right(each.ids, end) if end else None
                ]
            ],
        }
        for each in found
    ]
