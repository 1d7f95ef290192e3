"""Plan: every entry of the demonstration, in the order in which it can be put down. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .flows import draw_flows, draw_listings
from .follow_ups import draw_follow_ups
from .introductions import draw_introductions
from .meetings import draw_meetings
from .ties import draw_ties
from .town import frame, read_town
from .year import draw_year, quiet_weeks

if TYPE_CHECKING:
    from datetime import date

    from .entry import Entry


def plan(today: date, seed: int = 1) -> list[Entry]:
    """The town and the 52 whole weeks before the week of `today`; the same for the same input.

    Another day moves every instant by whole weeks and changes nothing else but ids, which begin
    with their instant; boundaries, sections, spaces and groups keep theirs.
    """
    town = read_town(seed)
    year = draw_year(town, today, seed)
    ties = draw_ties(town, seed)
    made = draw_introductions(town, ties, year, seed)
    listed = draw_listings(town, ties, year, seed)
    return [
        *frame(town),
        *(each.entry for each in made),
        *draw_follow_ups(town, made, year, seed),
        *draw_meetings(town, year, seed),
        *(each.entry for each in listed),
        *draw_flows(town, (ties, made, listed), year, seed),
        *quiet_weeks(town, year, seed),
    ]
