"""Lasting: what was said of introductions, when they were made and when asked again (K6-K18)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from .facts import STAGES, WHO
from .figures import Figure, ratio
from .making import Part, count_of, share_of

if TYPE_CHECKING:
    from .figures import Ratio
    from .material import Material


def new_ties(material: Material) -> tuple[Figure, ...]:
    """K6: parties who had not met before, of those of whom it was said."""
    share = share_of(material, Part("K6", "new", "K6.new", "K6.asked"))
    return (replace(share, coverage=_coverage(material, "K6.asked", "K1.made")),)


def lasted(material: Material) -> tuple[Figure, ...]:
    """K7: at least and at most how many lasted, of all that came due."""
    return tuple(
        _stage(material, stage, name, count)
        for stage in STAGES
        for name, count in (("lasted", "yes"), ("at_most", "at_most"))
    )


def trust(material: Material) -> tuple[Figure, ...]:
    """K10: those who would turn to them again, of those who were asked and said."""
    share = share_of(material, Part("K10", "again", "K10.yes", "K10.asked"))
    return (replace(share, coverage=_coverage(material, "K10.asked", "K0.follow_ups_answered")),)


def anyway(material: Material) -> tuple[Figure, ...]:
    """K16: whether parties and, apart from them, connectors say: yes, anyway."""
    asked = [Part("K16", who, f"K16.{who}.yes", f"K16.{who}.asked") for who in WHO]
    both = Part("K16", "both", "K16.both.same", "K16.both.both")
    return tuple(share_of(material, part) for part in (*asked, both))


def harm(material: Material) -> tuple[Figure, ...]:
    """K18: unwanted introductions, as logged and as said when asked afterwards."""
    logged = count_of(material, Part("K18", "introductions", "K1.unwanted", "K1.total"))
    asked = Part("K18", "follow_ups", "K18.follow_ups", "K0.follow_ups_answered")
    return (replace(logged, key="K18.introductions"), count_of(material, asked))


def _stage(material: Material, stage: int, name: str, count: str) -> Figure:
    words = f"{'met' if stage == STAGES[0] else 'kept'}_{name}"
    key, more = f"K7.{stage}", {"days": str(stage)}
    return share_of(material, Part("K7", words, f"{key}.{count}", f"{key}.due", more=more))


def _coverage(material: Material, part: str, whole: str) -> Ratio:
    return ratio(material.counts[part], material.counts[whole], material.voice.digits)
