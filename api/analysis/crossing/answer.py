"""Answer: what was measured, as the wire says it: rounded, and null where there is no figure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from api.analysis.measures.mixing import Bounds

if TYPE_CHECKING:
    from api.analysis.measures.crossing import Crossing
    from api.analysis.measures.nulls import Ask

DECIMALS = 6


def present(found: Crossing, ask: Ask) -> dict[str, Any]:
    """The figures of `found` by name; sections stand in the order in which they were loaded."""
    return {
        **_chance(found, ask),
        "interval": _interval(found),
        "coverage": {"known": found.counts.known, "total": found.counts.ties},
        "bounds": _bounds(found.bounds),
        "ei": _ei(found),
        **_indices(found),
        "sections": _sections(found),
        "mixing": [[_figure(cell) for cell in row] for row in found.matrix.tolist()],
        **_counts(found),
        "reason": found.reasons.get("share"),
        "reasons": found.reasons,
    }


def _chance(found: Crossing, ask: Ask) -> dict[str, Any]:
    chance = found.chance
    return {
        "null": ask.null,
        "seed": ask.seed,
        "draws": chance.draws if chance else 0,
        "is_exact": bool(chance and chance.is_exact),
        "share": _read(chance, "observed"),
        **{name: _read(chance, name) for name in ("expected", "excess", "z", "p")},
    }


def _ei(found: Crossing) -> dict[str, Any]:
    """E-I is twice the share less one, and so are its expected value and its bounds."""
    chance, bounds, indices = found.chance, found.bounds, found.indices
    return {
        "value": _figure(2 * chance.observed - 1 if chance else None),
        "expected": _figure(2 * chance.expected - 1 if chance else None),
        "excess": _figure(2 * chance.excess if chance else None),
        "bounds": _bounds(Bounds(2 * bounds.low - 1, 2 * bounds.high - 1) if bounds else None),
        "attainable": _bounds(indices.attainable if indices else None),
    }


def _indices(found: Crossing) -> dict[str, Any]:
    names = ("expected_at_random", "r", "freeman", "delta")
    return {name: _read(found.indices, name) for name in names}


def _interval(found: Crossing) -> dict[str, Any] | None:
    each = found.interval
    if each is None:
        return None
    return {**{name: _read(each, name) for name in ("low", "high", "error")}, "method": each.method}


def _sections(found: Crossing) -> list[dict[str, Any]]:
    sizes, ends = found.sizes.tolist(), found.ends.tolist()
    homophily = found.indices.homophily if found.indices else (None,) * len(sizes)
    return [
        {"nodes": _figure(size), "tie_ends": _figure(end), "homophily": _figure(value)}
        for size, end, value in zip(sizes, ends, homophily, strict=True)
    ]


def _counts(found: Crossing) -> dict[str, Any]:
    counts, introductions = found.counts, found.introductions
    return {
        "ties": {
            "total": counts.ties,
            "known": counts.known,
            "crossing": _figure(counts.crossing),
            "sharing_no_section": counts.strictly_crossing,
        },
        "introductions": {
            "total": introductions.total,
            "known": introductions.known,
            "crossing": introductions.crossing,
        },
        "nodes": {
            "groups": counts.groups,
            "persons": counts.persons,
            "known": counts.known_nodes,
        },
    }


def _bounds(bounds: Bounds | None) -> dict[str, Any] | None:
    return {"low": _figure(bounds.low), "high": _figure(bounds.high)} if bounds else None


def _read(found: object | None, name: str) -> float | None:
    return None if found is None else _figure(getattr(found, name))


def _figure(value: float | None) -> float | None:
    """Six decimals are more than any of these figures can bear; -0.0 is 0.0."""
    return None if value is None else round(value, DECIMALS) + 0.0
