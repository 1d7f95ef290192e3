"""Formed: which groups are tied and which are not, what one person holds (K3-K11)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from .figures import Figure, against, index, ratio
from .making import Part, count_of, share_of
from .structure import LEAST_CONNECTORS

if TYPE_CHECKING:
    from .facts import Boundary
    from .material import Material


def mix(material: Material) -> tuple[Figure, ...]:
    """K3: introductions between different groups, and those within one."""
    bridging = share_of(material, Part("K3", "different", "K3.different", "K3.known"))
    coverage = ratio(material.counts["K3.known"], material.counts["K1.made"], material.voice.digits)
    bonding = count_of(material, Part("K3", "same", "K3.same", "K3.known"))
    return replace(bridging, coverage=coverage), bonding


def outward(material: Material) -> tuple[Figure, ...]:
    """K4: each section's ties outward and inward, beside what its size alone would give."""
    return tuple(
        _outward(material, boundary, end)
        for boundary in material.facts.boundaries
        for end in boundary.ends()
    )


def gaps(material: Material) -> tuple[Figure, ...]:
    """K5: pairs of groups across each boundary with a live tie."""
    return tuple(
        share_of(material, Part("K5", "tied", f"{key}.tied", f"{key}.pairs", boundary))
        for boundary in material.facts.boundaries
        for key in [f"K5.{boundary.id}"]
    )


def spaces(material: Material) -> tuple[Figure, ...]:
    """K9: spaces in use, valued and kept away from; those where different sections were seen."""
    named = (("in_use", "in_use"), ("valued", "valued"), ("avoided", "avoided"))
    counts = [count_of(material, Part("K9", name, f"K9.{key}", "K9.spaces")) for name, key in named]
    seen = (
        share_of(material, Part("K9", "across", f"{key}.across", f"{key}.known", boundary))
        for boundary in material.facts.boundaries
        for key in [f"K9.{boundary.id}"]
    )
    return (*counts, *seen)


def held(material: Material) -> tuple[Figure, ...]:
    """K11: live pairs of groups that only one connector introduced."""
    figure = share_of(material, Part("K11", "one", "K11.one", "K11.live"))
    is_telling = material.voice.rule and material.facts.basis.connectors < LEAST_CONNECTORS
    return (replace(figure, reason="too_few_connectors") if is_telling else figure,)


def _outward(material: Material, boundary: Boundary, end: str) -> Figure:
    key, digits = f"K4.{boundary.id}", material.voice.digits
    more = {"section": section_name(material, boundary, end)}
    counts = f"{key}.{end}.external", f"{key}.{end}.ties"
    figure = share_of(material, Part("K4", "outward", *counts, boundary, more))
    share = ratio(material.counts[counts[0]], material.counts[counts[1]], digits)
    beside = against(share, material.chances[f"{key}.{end}"], digits)
    coverage = ratio(material.counts[f"{key}.known"], material.counts["K4.ties"], digits)
    reason = figure.reason or beside.reason
    figure = replace(figure, coverage=coverage, against=beside, reason=reason)
    found = index(share, beside)
    if found is None or found.expected is None:
        return replace(figure, index=found)
    values = more | {
        "boundary": boundary.name,
        "denominator": material.voice.count(share.denominator),
        "index": material.voice.signed(found.value),
        "expected": material.voice.signed(found.expected),
    }
    reading = material.voice.reading("K4", "beside", **values)
    return replace(figure, index=found, reading=reading)


def section_name(material: Material, boundary: Boundary, end: str) -> str:
    """What an end of a boundary is called: its section's name, or the word for several of them."""
    names = {str(section.id): section.name for section in boundary.sections}
    return names.get(end) or str(material.voice.words["ends"][end])
