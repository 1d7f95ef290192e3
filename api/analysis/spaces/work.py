"""Work: what each space does for the boundary."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from api.analysis.crossing.answer import present_chance
from api.analysis.loading.boundaries import Window
from api.analysis.measures.contact import measure_meetings
from api.analysis.measures.nulls import Ask
from api.analysis.measures.places import describe_places
from api.analysis.rounding import figure, read

if TYPE_CHECKING:
    from api.analysis.measures.places import Place
    from api.analysis.measures.ties import Ints

    from .load import Material


def work_out(asked: dict[str, Any], material: Material) -> dict[str, Any]:
    """All figures of the question."""
    ask, count = Ask("N4", asked["draws"], asked["seed"]), len(material.spaces)
    whole, mixed = measure_meetings(material.attendance, ask)
    places = describe_places(material.attendance, material.space, count, mixed)
    contact = {name: read(whole.chance, name) for name in ("expected", "excess", "z", "p")}
    return {
        "window": Window.of(asked).named,
        "boundary": material.boundary.named,
        "null": ask.null,
        "seed": ask.seed,
        "draws": whole.chance.draws if whole.chance else 0,
        "share": {"value": figure(whole.share), **contact},
        "diversity": present_chance(mixed.mean_diversity if mixed else None),
        "coverage": {"known": figure(whole.known), "total": figure(whole.total)},
        "spaces": [
            {"space_id": space, "name": name, **_present(place, made)}
            for (space, name), place, made in zip(
                material.spaces, places, material.introductions.T, strict=True
            )
        ],
        "reason": whole.reasons.get("share"),
        "reasons": {
            name: why for name, why in whole.reasons.items() if name in ("share", "expected", "z")
        },
    }


def _present(place: Place, made: Ints) -> dict[str, Any]:
    total, known, crossing = (int(each) for each in made)
    return {
        "meetings": place.meetings,
        "heads": place.heads,
        "contact": {name: read(place, name) for name in ("total", "known", "crossing", "part")},
        "diversity": {
            "value": read(place, "diversity"),
            **{name: read(place, name) for name in ("expected", "excess", "pooled", "iqv")},
        },
        "introductions": {
            "total": total,
            "known": known,
            "crossing": crossing,
            "per_meeting": figure(crossing / place.meetings) if place.meetings else None,
        },
        "reason": place.reason,
    }
