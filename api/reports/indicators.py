"""Indicators: K0, K1, K2 and K8, made of counts as the reader may see them.

Each says what it counts and what it does not show. Nothing here sees a count that `disclosure.py`
hid, so no share, interval or sentence can give one away.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from . import tables
from .facts import FLOW_STATUSES, STATUSES
from .figures import Figure, Indicator, against, ratio

if TYPE_CHECKING:
    from .facts import Boundary
    from .figures import Ratio
    from .material import Material

LEAST_LOGS = 10  # a median of fewer says nothing


@dataclass(frozen=True, slots=True)
class Part:
    """A figure to make: so many of so many, for one boundary or for none."""

    indicator: str
    name: str
    numerator: str
    denominator: str
    boundary: Boundary | None = None


def indicators(material: Material) -> tuple[Indicator, ...]:
    """All indicators of template `impact-1`, in order."""
    figures = {
        "K0": basis(material),
        "K1": introductions(material),
        "K2": tuple(crossing(material, boundary) for boundary in material.facts.boundaries),
        "K8": flows(material),
    }
    return tuple(_indicator(material, name, made) for name, made in figures.items())


def basis(material: Material) -> tuple[Figure, ...]:
    """K0: connectors, logging coverage, follow-up response, lag from event to log."""
    connectors = material.counts["K0.connectors"]
    said = material.voice.count(connectors)
    return (
        Figure(
            "K0.connectors",
            material.voice.label("K0", "connectors"),
            material.voice.reading("K0", "connectors", numerator=said),
            connectors,
        ),
        _share(material, Part("K0", "coverage", "K0.weeks_logged", "K0.weeks_active")),
        _share(material, Part("K0", "response", "K0.follow_ups_answered", "K0.follow_ups_due")),
        _lag(material),
    )


def introductions(material: Material) -> tuple[Figure, ...]:
    """K1: introductions as events, by what became of them."""
    said = material.said("K1", STATUSES)
    return tuple(
        _count(material, Part("K1", name, f"K1.{name}", "K1.total"), said)
        for name in ("made", "declined")
    )


def crossing(material: Material, boundary: Boundary) -> Figure:
    """K2: the share of introductions made that went across, beside what chance would give."""
    key, counts, voice = f"K2.{boundary.id}", material.counts, material.voice
    share = ratio(counts[f"{key}.across"], counts[f"{key}.known"], voice.digits)
    beside = against(share, material.chances[str(boundary.id)], voice.digits)
    values = {
        "boundary": boundary.name,
        "share": _percent(material, share),
        "numerator": voice.count(share.numerator),
        "denominator": voice.count(share.denominator),
        "expected": "" if beside.expected is None else voice.percent(beside.expected),
        "excess": "" if beside.excess is None else voice.points(beside.excess),
    }
    name = "null" if share.value is None else beside.beyond or "alone"
    return Figure(
        key,
        boundary.name,
        voice.reading("K2", name, **values),
        share.numerator,
        share.denominator,
        share,
        coverage=ratio(counts[f"{key}.known"], counts["K1.made"], voice.digits),
        against=beside,
        boundary_id=str(boundary.id),
        reason=share.reason or beside.reason,
    )


def flows(material: Material) -> tuple[Figure, ...]:
    """K8: flows delivered; for each boundary those across it, and pairs that gave both ways."""
    said = material.said("K8", FLOW_STATUSES)
    found = [
        _count(material, Part("K8", name, f"K8.{name}", "K8.total"), said)
        for name in ("delivered", "fell_through")
    ]
    for boundary in material.facts.boundaries:
        key = f"K8.{boundary.id}"
        across = Part("K8", "across", f"{key}.across", f"{key}.known", boundary)
        both = Part("K8", "both", f"{key}.pairs_both", f"{key}.pairs_any", boundary)
        whole = ratio(
            material.counts[f"{key}.known"], material.counts["K8.delivered"], material.voice.digits
        )
        found += [replace(_share(material, across), coverage=whole), _share(material, both)]
    return tuple(found)


def _indicator(material: Material, name: str, figures: tuple[Figure, ...]) -> Indicator:
    words = material.voice.words[name]
    return Indicator(
        name,
        words["title"],
        words["sentence"],
        words["not_shown"],
        tuple(words["guards"]),
        figures,
        tables.tables(material, name),
    )


def _count(material: Material, part: Part, said: dict[str, str]) -> Figure:
    """A count of a whole, without a percentage."""
    numerator, denominator = material.counts[part.numerator], material.counts[part.denominator]
    values = said | {
        "numerator": material.voice.count(numerator),
        "denominator": material.voice.count(denominator),
    }
    return Figure(
        part.numerator,
        material.voice.label(part.indicator, part.name),
        material.voice.reading(part.indicator, part.name, **values),
        numerator,
        denominator,
    )


def _share(material: Material, part: Part) -> Figure:
    """A share with its interval, or the two counts with the reason why there is none."""
    voice = material.voice
    share = ratio(material.counts[part.numerator], material.counts[part.denominator], voice.digits)
    values = {
        "numerator": voice.count(share.numerator),
        "denominator": voice.count(share.denominator),
        "share": _percent(material, share),
        "boundary": part.boundary.name if part.boundary else "",
    }
    name = part.name if share.value is not None else f"{part.name}_null"
    return Figure(
        part.numerator,
        voice.label(part.indicator, part.name),
        voice.reading(part.indicator, name, **values),
        share.numerator,
        share.denominator,
        share,
        boundary_id=str(part.boundary.id) if part.boundary else None,
        reason=share.reason,
    )


def _lag(material: Material) -> Figure:
    """The median time from event to log; none below ten logs."""
    logs, voice = material.counts["K0.logs"], material.voice
    hours = material.facts.basis.lag_hours
    is_enough = logs.value is not None and logs.value >= LEAST_LOGS and hours is not None
    said = voice.duration(hours) if is_enough and hours is not None else ""
    reading = "lag" if is_enough else "lag_null"
    return Figure(
        "K0.lag",
        voice.label("K0", "lag"),
        voice.reading("K0", reading, lag=said, denominator=voice.count(logs)),
        logs,
        median_hours=round(hours) if is_enough and hours is not None else None,
        reason=None if is_enough else "too_few_lags",
    )


def _percent(material: Material, share: Ratio) -> str:
    return "" if share.value is None else material.voice.percent(share.value)
