"""Meetings: the town's regular dates, with who came."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from .entry import Entry, is_so, make_id, stream

if TYPE_CHECKING:
    import numpy as np

    from .town import Town
    from .year import Year

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


def draw_meetings(town: Town, year: Year, seed: int) -> list[Entry]:
    """Every series through the year, in the order of time."""
    rng = stream(seed, "meetings")
    found = [
        entry for series in town.told["series"] for entry in _draw_series(town, series, year, rng)
    ]
    return sorted(found, key=lambda entry: entry.at)


def _draw_series(
    town: Town, series: dict[str, Any], year: Year, rng: np.random.Generator
) -> list[Entry]:
    """Its meetings; some are missed, and none is logged in a quiet week of its connector.

    The latest says that the series goes on.
    """
    found = []
    first = int(rng.integers(series["every"]))
    for week in range(first, town.model["weeks"], series["every"]):
        at = _instant(series, year, week)
        was_missed = is_so(rng, town.model["missed_meeting"])
        entry = _draw_meeting(town, series, at, rng)
        if not was_missed and year.is_logging(entry.author - 1, at):
            found.append(entry)
    rule = f"FREQ=WEEKLY;INTERVAL={series['every']};BYDAY={WEEKDAYS[series['day']]}"
    found[-1].values["recurrence"] = rule
    return found


def _instant(series: dict[str, Any], year: Year, week: int) -> datetime:
    hour = time.fromisoformat(series["time"])
    day = (year.begins_at + timedelta(weeks=week, days=series["day"])).date()
    return datetime.combine(day, hour, year.begins_at.tzinfo)


def _draw_meeting(
    town: Town, series: dict[str, Any], at: datetime, rng: np.random.Generator
) -> Entry:
    least, most = series["guests"]
    guests = rng.choice(series["pool"], int(rng.integers(least, most + 1)), replace=False)
    came = [(series["host"], series["host_size"]), *((g, series["guest_size"]) for g in guests)]
    values = {
        "starts_at": at.isoformat(),
        "ends_at": (at + timedelta(minutes=series["minutes"])).isoformat(),
        "space_id": str(town.ids[series["space"]]),
        "title": series["title"],
        "host_group_id": str(town.ids[series["host"]]),
        "attendance": [
            {"group_id": str(town.ids[str(key)]), "headcount": 1 + int(rng.poisson(size - 1))}
            for key, size in came
        ],
    }
    return Entry("meetings", make_id(at, rng), values, series["by"], at)
