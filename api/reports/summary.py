"""Summary: the page that a busy person reads in a minute, out of the figures' own sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .disclosure import HIDDEN, WITHHELD
from .sums import UNSEEN

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from .disclosure import Count
    from .figures import Indicator
    from .material import Material


def summary(material: Material, indicators: Sequence[Indicator]) -> dict[str, list[str]]:
    """What crossed, what did not work, what is not known: whole sentences."""
    read = {figure.key: figure.reading for made in indicators for figure in made.figures}
    boundaries = [str(boundary.id) for boundary in material.facts.boundaries]
    return {
        "across": [read[f"K2.{boundary}"] for boundary in boundaries],
        "failed": [read["K1.declined"], read["K8.fell_through"]],
        "unknown": [
            read["K0.weeks_logged"],
            read["K0.follow_ups_answered"],
            *(
                _unknown(material, boundary.name, str(boundary.id))
                for boundary in material.facts.boundaries
                if material.counts[f"K2.{boundary.id}.unknown"].value != 0
            ),
            *_hidden(material),
        ],
    }


def not_shown(counts: Mapping[str, Count]) -> int:
    """How many counts the reader does not get to see."""
    return sum(
        count.state in (HIDDEN, WITHHELD) and not key.startswith(UNSEEN)
        for key, count in counts.items()
    )


def _unknown(material: Material, name: str, boundary: str) -> str:
    said = material.voice.count
    return material.voice.reading(
        "K2",
        "coverage",
        boundary=name,
        unknown=said(material.counts[f"K2.{boundary}.unknown"]),
        whole=said(material.counts["K1.made"]),
    )


def _hidden(material: Material) -> list[str]:
    if not material.voice.rule:
        return []
    pattern = material.voice.words["page"]["hidden_cells"]
    return [pattern.format(hidden=not_shown(material.counts))]
