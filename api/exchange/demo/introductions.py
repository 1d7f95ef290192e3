"""Introductions: every tie's year, introduction by introduction."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .entry import Entry, either, is_so, make_id, stream
from .themes import draw_theme

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    import numpy as np

    from .themes import Theme
    from .ties import Tie
    from .town import Town
    from .year import Year

LEAST = 2  # introductions a tie: two connectors hold it from the start
UNSAID = 0.08  # introductions of which nobody says what they were for
UNSURE = 0.1  # introductions of which nobody knows whether the parties had met


@dataclass(frozen=True, slots=True)
class Made:
    """An introduction and what the follow-ups and flows that come of it want to know."""

    entry: Entry
    groups: tuple[int, ...]
    theme: Theme
    is_across: bool

    @property
    def id(self) -> UUID:
        """The introduction's id."""
        return self.entry.id

    @property
    def is_made(self) -> bool:
        """Whether the parties came together."""
        return bool(self.entry.values["status"] == "made")


@dataclass(frozen=True, slots=True)
class _Scene:
    """What every introduction is drawn from. `friends`: per group those it has open ties with."""

    town: Town
    friends: dict[int, set[int]]
    year: Year
    rng: np.random.Generator


def draw_introductions(town: Town, ties: list[Tie], year: Year, seed: int) -> list[Made]:
    """The introductions of the year in the order in which they were made."""
    scene = _Scene(town, _friends(ties), year, stream(seed, "introductions"))
    found = [made for tie in ties for made in _draw_of(scene, tie)]
    return sorted(found, key=lambda made: made.entry.at)


def _friends(ties: list[Tie]) -> dict[int, set[int]]:
    """Per group the groups it has a tie with that is not held alone."""
    found: dict[int, set[int]] = defaultdict(set)
    for a, b in (tie.groups for tie in ties if not tie.is_alone):
        found[a].add(b)
        found[b].add(a)
    return found


def _draw_of(scene: _Scene, tie: Tie) -> list[Made]:
    """One tie's introductions. Every holder made one; of the further ones not all came about."""
    town, rng = scene.town, scene.rng
    count = _draw_count(town, tie, rng)
    sure = max(LEAST, len(tie.holders))
    more = max(0, count - len(tie.holders))
    holders = [*tie.holders, *(int(holder) for holder in rng.choice(tie.holders, more))]
    statuses = ["made"] * sure + [either(rng, town.model["status"]) for _ in holders[sure:]]
    when = [(scene.year.draw_instant(holder, rng), holder) for holder in holders]
    drawn = sorted(zip(when, statuses, strict=True))
    return [
        _draw_made(scene, tie, when, {"status": status, "known_before": _draw_known(town, i, rng)})
        for i, (when, status) in enumerate(drawn)
    ]


def _draw_made(scene: _Scene, tie: Tie, when: tuple[datetime, int], told: dict[str, str]) -> Made:
    town, rng = scene.town, scene.rng
    groups = _draw_company(scene, tie)
    theme = draw_theme(town, groups, rng)
    is_across = town.is_apart(town.model["closed"], list(groups))
    told |= {} if is_so(rng, UNSAID) else {"purpose": theme["need"]}
    told |= _draw_where(town, list(groups), is_across=is_across, rng=rng)
    at, holder = when
    parties = [{"group_id": town.group_ids[group]} for group in groups]
    values = {"made_at": at.isoformat(), "parties": parties, **told}
    entry = Entry("introductions", make_id(at, rng), values, holder + 1, at)
    return Made(entry, groups, theme, is_across)


def _draw_count(town: Town, tie: Tie, rng: np.random.Generator) -> int:
    if tie.is_alone:
        return int(town.told["held_alone"]["introductions"])
    more = town.model["introductions_per_tie"] - LEAST
    return LEAST + int(rng.poisson(tie.strength * more))


def _draw_company(scene: _Scene, tie: Tie) -> tuple[int, ...]:
    """The two groups, now and then with a third that both have a tie with."""
    both = sorted(scene.friends[tie.groups[0]] & scene.friends[tie.groups[1]])
    if tie.is_alone or not both or not is_so(scene.rng, scene.town.model["third_party"]):
        return tie.groups
    return (*tie.groups, int(scene.rng.choice(both)))


def _draw_known(town: Town, before: int, rng: np.random.Generator) -> str:
    """Whether the parties had met; `before` counts the tie's earlier introductions."""
    if is_so(rng, UNSURE):
        return "unknown"
    return "yes" if is_so(rng, town.model["met_later" if before else "met_first"]) else "no"


def _draw_where(
    town: Town, groups: list[int], *, is_across: bool, rng: np.random.Generator
) -> dict[str, str]:
    """The channel; in person also the space: the bridging one, a group's own, or one near by."""
    channel = either(rng, town.model["channel"])
    if channel != "in_person":
        return {"channel": channel}
    bridging = town.told["bridging_space"]
    if is_so(rng, town.model["bridging" if is_across else "otherwise_bridging"]):
        space = bridging
    elif is_so(rng, town.model["at_home"]):
        space = town.home(int(rng.choice(groups[:2])))
    else:
        space = town.draw_near(groups, rng)
    space = bridging if town.avoids(groups, space) else space
    return {"channel": channel, "space_id": str(town.ids[space])}
