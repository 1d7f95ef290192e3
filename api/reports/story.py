"""Story: how one figure of a report was made, from its definition to the records behind it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from api.core.problems import Problem
from api.words import words

from .facts import merge_small
from .ids import Trace
from .traces import parts_of, trace

if TYPE_CHECKING:
    from .facts import Facts
    from .shelved import Shelved


Behind = Mapping[str, tuple[Trace, ...] | None]  # the records of each kind, by count

DOCS = "/docs/reports#how-each-number-is-made"
# Sections dealt out again among groups of like activity (N2), or among all (N1): chance*.py
MODELS = {"K2": ("N2", "method_chance"), "K4": ("N1", "method_sizes")}
FRAME = ("template", "method_version", "audience", "period", "revision", "seed", "frozen_at")


@dataclass(frozen=True, slots=True)
class Shown:
    """The records behind a figure, for whom they may be shown to: so many a page, after one id."""

    behind: Behind
    limit: int = 500
    after: UUID | None = None


def behind_of(shelved: Shelved, figure_id: str, inputs: Facts) -> Behind:
    """The records behind both counts of a figure, by kind; None for what counts no records."""
    is_merged = shelved.content()["disclosure"]["threshold"] is not None
    facts = merge_small(inputs) if is_merged else inputs
    parts = parts_of(figure_id)
    counts = {"numerator": parts.numerator, "denominator": parts.denominator}
    return {name: trace(facts, count) if count else None for name, count in counts.items()}


def tell(shelved: Shelved, figure_id: str, shown: Shown | None = None) -> dict[str, Any]:
    """The story of one figure; `not_found` for one that the report does not have."""
    report = shelved.content()
    indicator, figure = find_figure(report, figure_id)
    return {
        "report": {"id": report["id"], "digest": shelved.digest}
        | {name: report[name] for name in FRAME},
        "indicator": {
            name: indicator[name] for name in ("id", "title", "sentence", "not_shown", "guards")
        },
        "figure": figure,
        "chance": _chance(report, figure),
        "records": _records(shown) if shown else None,
        "docs": DOCS,
    }


def find_figure(report: dict[str, Any], figure_id: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """The figure of this key, after its indicator; `not_found` where the report has none."""
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


def _records(shown: Shown) -> dict[str, Any]:
    """A page of the records behind both counts, in one walk: every list ends with the same id."""
    traces = [each for found in shown.behind.values() for each in found or ()]
    after = shown.after.bytes if shown.after else None
    lasts = [(each, each.after(after) + shown.limit) for each in traces]
    end = min((each.one(last - 1) for each, last in lasts if last < each.count), default=None)
    said = {
        name: found
        if found is None
        else [
            {"kind": each.kind, "count": each.count, "ids": each.between(after, end)}
            for each in found
        ]
        for name, found in shown.behind.items()
    }
    return said | {"next": UUID(bytes=end) if end else None}
