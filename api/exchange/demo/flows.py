"""Flows and listings: what groups asked for and offered, and what went from whom to whom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

from .entry import Entry, is_so, make_id, stream
from .themes import draw_amount, draw_theme, draw_way

if TYPE_CHECKING:
    from datetime import datetime

    from .introductions import Made
    from .themes import Theme, Way
    from .ties import Tie
    from .town import Town
    from .year import Year

NEED = 0.6  # of listings, the rest are offers
MET = {True: 0.7, False: 0.3}  # whether the time of the listing is over
OPEN_DAYS, MET_DAYS, FLOW_DAYS = (35, 120), (3, 30), (2, 45)
OF_LATE = timedelta(days=45)


@dataclass(frozen=True, slots=True)
class Listed:
    """A listing; `way` and `met_at` say between whom and when something goes if it is met."""

    entry: Entry
    theme: Theme
    way: Way
    met_at: datetime | None


@dataclass(frozen=True, slots=True)
class Gift:
    """A flow about to be entered; `way` is from group, to group."""

    at: datetime
    holder: int
    way: Way
    theme: Theme
    told: dict[str, Any]


def draw_listings(town: Town, ties: list[Tie], year: Year, seed: int) -> list[Listed]:
    """Needs and offers of groups in the words of the themes, in the order of time."""
    rng = stream(seed, "listings")
    found = [_draw_listing(town, ties, year, rng) for _ in range(town.model["listings"])]
    return sorted(found, key=lambda listed: listed.entry.at)


def _draw_listing(town: Town, ties: list[Tie], year: Year, rng: np.random.Generator) -> Listed:
    tie, holder = _draw_tie(ties, rng)
    theme = draw_theme(town, tie.groups, rng)
    is_need, at = is_so(rng, NEED), year.draw_instant(holder, rng)
    giver, taker = draw_way(town, theme, tie.groups, rng)
    until = at.date() + timedelta(int(rng.integers(*OPEN_DAYS)))
    is_over = until < year.ends_at.date()
    met_at = year.next_logging(holder, at + timedelta(int(rng.integers(*MET_DAYS))))
    is_met = is_so(rng, MET[is_over]) and met_at is not None
    values = {
        "side": "need" if is_need else "offer",
        "resource": theme["resource"],
        "group_id": town.group_ids[taker if is_need else giver],
        "description": theme["need" if is_need else "gives"],
        "open_until": until.isoformat(),
        "status": "met" if is_met else "closed" if is_over else "open",
        **draw_amount(theme, rng),
    }
    entry = Entry("listings", make_id(at, rng), values, holder + 1, at)
    return Listed(entry, theme, (giver, taker), met_at if is_met else None)


def draw_flows(
    town: Town, lists: tuple[list[Tie], list[Made], list[Listed]], year: Year, seed: int
) -> list[Entry]:
    """Flows that met listings, flows that came of introductions, and others along the ties."""
    ties, made, listed = lists
    rng, count = stream(seed, "flows"), town.model["flows"]
    gifts = [_meet(each) for each in listed if each.met_at]
    gifts += _draw_after(town, made, year, rng)[: round(count * town.model["from_introduction"])]
    gifts += [_draw_other(town, ties, year, rng) for _ in range(count - len(gifts))]
    entries = [_enter(town, gift, year, rng) for gift in gifts]
    return sorted(entries, key=lambda entry: entry.at)


def _meet(listed: Listed) -> Gift:
    assert listed.met_at is not None
    told = {"listing_id": str(listed.entry.id), "status": "delivered"}
    return Gift(listed.met_at, listed.entry.author - 1, listed.way, listed.theme, told)


def _draw_after(town: Town, made: list[Made], year: Year, rng: np.random.Generator) -> list[Gift]:
    """Flows that introductions led to, in drawn order, where their connector logs that week."""
    found = []
    for number in rng.permutation(len(made)):
        each = made[int(number)]
        at = each.entry.at + timedelta(int(rng.integers(*FLOW_DAYS)))
        way = draw_way(town, each.theme, each.groups, rng)
        if each.is_made and year.is_logging(each.entry.author - 1, at):
            told = {"introduction_id": str(each.id)}
            if "space_id" in each.entry.values:
                told["space_id"] = each.entry.values["space_id"]
            found.append(Gift(at, each.entry.author - 1, way, each.theme, told))
    return found


def _draw_other(town: Town, ties: list[Tie], year: Year, rng: np.random.Generator) -> Gift:
    tie, holder = _draw_tie(ties, rng)
    theme = draw_theme(town, tie.groups, rng)
    way = draw_way(town, theme, tie.groups, rng)
    return Gift(year.draw_instant(holder, rng), holder, way, theme, {})


def _draw_tie(ties: list[Tie], rng: np.random.Generator) -> tuple[Tie, int]:
    """A tie by its strength, and one of its holders."""
    strengths = np.array([tie.strength for tie in ties])
    tie = ties[int(rng.choice(len(ties), p=strengths / strengths.sum()))]
    return tie, int(rng.choice(tie.holders))


def _enter(town: Town, gift: Gift, year: Year, rng: np.random.Generator) -> Entry:
    giver, taker = gift.way
    values = {
        "happened_at": gift.at.isoformat(),
        "resource": gift.theme["resource"],
        "description": gift.theme["gives"],
        "from_group_id": town.group_ids[giver],
        "to_group_id": town.group_ids[taker],
        "status": _draw_status(town, gift.at, year, rng),
        **draw_amount(gift.theme, rng),
        **gift.told,
    }
    return Entry("flows", make_id(gift.at, rng), values, gift.holder + 1, gift.at)


def _draw_status(town: Town, at: datetime, year: Year, rng: np.random.Generator) -> str:
    """Of late some are only promised; of all, some fall through."""
    if is_so(rng, town.model["promised_of_late"]) and year.ends_at - at < OF_LATE:
        return "promised"
    return "fell_through" if is_so(rng, town.model["fell_through"]) else "delivered"
