"""Indicators: K0 to K19, made of counts as the reader may see them.

Each says what it counts and what it does not show. Nothing here sees a count that `disclosure.py`
hid, so no share, interval or sentence can give one away.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from . import formed, lasting, tables
from .disclosure import is_dominated
from .facts import FLOW_STATUSES, STATUSES, UNRECORDED
from .figures import Figure, Indicator, against, ratio
from .making import Part, count_of, percent, share_of

if TYPE_CHECKING:
    from .facts import Boundary
    from .material import Material

LEAST_LOGS = 10  # a median of fewer says nothing
IN_BULK = 10  # so many late logs an hour nobody enters who logs as things happen


def indicators(material: Material) -> tuple[Indicator, ...]:
    """All indicators of template `impact-1`, in order."""
    figures = {
        "K0": basis(material),
        "K1": introductions(material),
        "K2": tuple(crossing(material, boundary) for boundary in material.facts.boundaries),
        "K3": formed.mix(material),
        "K4": formed.outward(material),
        "K5": formed.gaps(material),
        "K6": lasting.new_ties(material),
        "K7": lasting.lasted(material),
        "K8": flows(material),
        "K9": formed.spaces(material),
        "K10": lasting.trust(material),
        "K11": formed.held(material),
        **{name: heard(material, name) for name in UNRECORDED[:-1]},
        "K16": lasting.anyway(material),
        "K17": heard(material, "K17"),
        "K18": lasting.harm(material),
        "K19": (replace(lag(material), key="K19.lag"),),
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
        share_of(material, Part("K0", "coverage", "K0.weeks_logged", "K0.weeks_active")),
        share_of(material, Part("K0", "response", "K0.follow_ups_answered", "K0.follow_ups_due")),
        lag(material),
    )


def introductions(material: Material) -> tuple[Figure, ...]:
    """K1: introductions as events, by what became of them."""
    said = material.said("K1", STATUSES)
    return tuple(
        count_of(material, Part("K1", name, f"K1.{name}", "K1.total", more=said))
        for name in ("made", "declined")
    )


def crossing(material: Material, boundary: Boundary) -> Figure:
    """K2: the share of introductions made that went across, beside what chance would give."""
    key, counts, voice = f"K2.{boundary.id}", material.counts, material.voice
    share = ratio(counts[f"{key}.across"], counts[f"{key}.known"], voice.digits)
    beside = against(share, material.chances[str(boundary.id)], voice.digits)
    values = {
        "boundary": boundary.name,
        "share": percent(material, share),
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
        count_of(material, Part("K8", name, f"K8.{name}", "K8.total", more=said))
        for name in ("delivered", "fell_through")
    ]
    for boundary in material.facts.boundaries:
        key = f"K8.{boundary.id}"
        across = Part("K8", "across", f"{key}.across", f"{key}.known", boundary)
        both = Part("K8", "both", f"{key}.pairs_both", f"{key}.pairs_any", boundary)
        whole = ratio(
            material.counts[f"{key}.known"], material.counts["K8.delivered"], material.voice.digits
        )
        found += [replace(share_of(material, across), coverage=whole), share_of(material, both)]
    return tuple(found)


def lag(material: Material) -> Figure:
    """The median time from event to log, or the reason why there is none."""
    logs, voice = material.counts["K0.logs"], material.voice
    hours, reason = material.facts.basis.lag_hours, _no_lag(material)
    is_said = reason is None and hours is not None
    said = voice.duration(hours) if is_said and hours is not None else ""
    reading = "lag" if is_said else "lag_null"
    return Figure(
        "K0.lag",
        voice.label("K0", "lag"),
        voice.reading("K0", reading, lag=said, denominator=voice.count(logs)),
        logs,
        median_hours=round(hours) if is_said and hours is not None else None,
        reason=reason,
    )


def _no_lag(material: Material) -> str | None:
    """Too few logs; most of them entered long after, many in an hour; or too few who logged."""
    basis, logs = material.facts.basis, material.counts["K0.logs"]
    if logs.value is None or logs.value < LEAST_LOGS or basis.lag_hours is None:
        return "too_few_lags"
    if 2 * basis.late > basis.logs and basis.late >= IN_BULK * basis.late_hours:
        return "entered_in_bulk"
    is_outside = material.voice.rule is not None
    return "few_hold_it" if is_outside and is_dominated(basis.logs_each) else None


def heard(material: Material, name: str) -> tuple[Figure, ...]:
    """What no network records yet: nothing was counted, and nothing can be said of it."""
    count, words = material.counts[f"{name}.recorded"], material.voice.words
    return (
        Figure(
            f"{name}.recorded",
            words[name]["title"],
            words["reason"]["not_recorded"],
            count,
            reason=None if count.value else "not_recorded",
        ),
    )


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
