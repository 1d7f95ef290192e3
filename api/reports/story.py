"""Story: how one figure of a report was made, from its definition to the records behind it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from api.core.problems import Problem
from api.words import words

from .traces import Trace, parts_of, trace

if TYPE_CHECKING:
    from .facts import Facts
    from .shelved import Shelved

DOCS = "/docs/reports#how-each-number-is-made"
# Sections dealt out again among groups of like activity (N2), or among all (N1): chance*.py
MODELS = {"K2": ("N2", "method_chance"), "K4": ("N1", "method_sizes")}
FRAME = ("template", "method_version", "audience", "period", "revision", "seed", "frozen_at")


@dataclass(frozen=True, slots=True)
class Shown:
    """The inputs, for whom they may be shown to; so many ids of each count, after the one given."""

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
        "records": _records(figure_id, shown),
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


def _records(figure_id: str, shown: Shown) -> dict[str, Any] | None:
    """The records behind both counts of the figure; None where they are not for the reader."""
    if shown.inputs is None:
        return None
    parts = parts_of(figure_id)
    return {
        name: _page(trace(shown.inputs, count), shown) if count else None
        for name, count in (("numerator", parts.numerator), ("denominator", parts.denominator))
    }


def _page(found: Trace | None, shown: Shown) -> dict[str, Any] | None:
    """A page of ids; None for what counts no records, such as members and weeks."""
    if found is None:
        return None
    after = shown.after.bytes if shown.after else b""
    rest = [id_ for id_ in found.ids if id_ > after]
    ids = [UUID(bytes=id_) for id_ in rest[: shown.limit]]
    following = ids[-1] if len(rest) > shown.limit else None
    return {"kind": found.kind, "count": len(found.ids), "ids": ids, "next": following}
