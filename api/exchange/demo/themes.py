"""Themes: what groups ask of one another, in the words of the file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .entry import is_so

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np

    from .town import Town

Theme = dict[str, Any]
Way = tuple[int, int]  # from group, to group


def draw_theme(town: Town, groups: Sequence[int], rng: np.random.Generator) -> Theme:
    """Something that one of the first two groups may be in need of."""
    fitting = [theme for theme in town.told["themes"] if _takers(town, theme, groups)]
    theme: Theme = fitting[int(rng.integers(len(fitting)))]
    return theme


def draw_way(town: Town, theme: Theme, groups: Sequence[int], rng: np.random.Generator) -> Way:
    """To the one whom the theme fits; where it fits both, mostly to the later in the file."""
    first, second = groups[:2]
    takers = _takers(town, theme, groups)
    goes_back = takers == [first] if len(takers) == 1 else is_so(rng, town.model["back"])
    return (second, first) if goes_back else (first, second)


def _takers(town: Town, theme: Theme, groups: Sequence[int]) -> list[int]:
    """Those of the first two whose type the theme is for; a theme without types is for all."""
    types = [town.told["groups"][group]["type"] for group in groups[:2]]
    is_for = theme.get("for", types)
    return [group for group, type_ in zip(groups[:2], types, strict=True) if type_ in is_for]


def draw_amount(theme: Theme, rng: np.random.Generator) -> dict[str, Any]:
    """A quantity with its unit, for themes that are counted."""
    if "amount" not in theme:
        return {}
    least, most = theme["amount"]
    return {"quantity": int(rng.integers(least, most + 1)), "unit": theme["unit"]}
