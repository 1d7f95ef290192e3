"""Making: figures out of counts as the reader may see them, one way for all indicators."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from .figures import Figure, ratio

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .facts import Boundary
    from .figures import Ratio
    from .material import Material


@dataclass(frozen=True, slots=True)
class Part:
    """A figure to make: so many of so many, for one boundary or for none."""

    indicator: str
    name: str
    numerator: str
    denominator: str
    boundary: Boundary | None = None
    more: Mapping[str, str] = field(default_factory=dict)  # what else its words name


def count_of(material: Material, part: Part) -> Figure:
    """A count of a whole, without a percentage."""
    numerator, denominator = material.counts[part.numerator], material.counts[part.denominator]
    values = {
        **part.more,
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


def share_of(material: Material, part: Part) -> Figure:
    """A share with its interval, or the two counts with the reason why there is none."""
    voice = material.voice
    share = ratio(material.counts[part.numerator], material.counts[part.denominator], voice.digits)
    values = {
        **part.more,
        "numerator": voice.count(share.numerator),
        "denominator": voice.count(share.denominator),
        "share": percent(material, share),
        "boundary": part.boundary.name if part.boundary else "",
    }
    name = part.name if share.value is not None else f"{part.name}_null"
    return Figure(
        part.numerator,
        voice.label(part.indicator, part.name, **part.more),
        voice.reading(part.indicator, name, **values),
        share.numerator,
        share.denominator,
        share,
        boundary_id=str(part.boundary.id) if part.boundary else None,
        reason=share.reason,
    )


def percent(material: Material, share: Ratio) -> str:
    """A share in words; nothing where there is none."""
    return "" if share.value is None else material.voice.percent(share.value)
