"""Year: the weeks before a day, and in which of them each connector logs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

import numpy as np

from .entry import Entry, is_so, make_id, stream

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .town import Town

DAYS = (0.15, 0.15, 0.16, 0.15, 0.15, 0.13, 0.11)  # of introductions, Monday to Sunday
FIRST_HOUR, LAST_HOUR = 9, 20


@dataclass(frozen=True)
class Year:
    """Whole weeks up to the Monday before `today`, so that every Friday stays a Friday.

    `weights` (connectors, weeks): how much of a connector's year falls into a week; rows sum to
    1, and a week without logs is 0.
    """

    begins_at: datetime
    weights: NDArray[np.float64]

    @property
    def ends_at(self) -> datetime:
        """The first instant after the year."""
        return self.begins_at + timedelta(weeks=self.weights.shape[1])

    def is_logging(self, connector: int, at: datetime) -> bool:
        """Whether the connector logs anything in the week of an instant."""
        week = (at - self.begins_at) // timedelta(weeks=1)
        return 0 <= week < self.weights.shape[1] and bool(self.weights[connector, week])

    def next_logging(self, connector: int, at: datetime) -> datetime | None:
        """The instant, or so many weeks later that the connector logs again; None past the end."""
        while at < self.ends_at and not self.is_logging(connector, at):
            at += timedelta(weeks=1)
        return at if at < self.ends_at else None

    def draw_instant(self, connector: int, rng: np.random.Generator) -> datetime:
        """A minute of the day in one of the connector's weeks."""
        week = int(rng.choice(self.weights.shape[1], p=self.weights[connector]))
        day = int(rng.choice(7, p=DAYS))
        minutes = int(rng.integers(FIRST_HOUR * 60, LAST_HOUR * 60))
        return self.begins_at + timedelta(weeks=week, days=day, minutes=minutes)


def draw_year(town: Town, today: date, seed: int) -> Year:
    """The year of the town that ends before the week of `today`."""
    rng, weeks = stream(seed, "weeks"), town.model["weeks"]
    weights = rng.lognormal(0, 0.25, (len(town.told["connectors"]), weeks))
    for row, connector in zip(weights, town.told["connectors"], strict=True):
        row[: connector["from_week"]] = 0
        row[_draw_quiet(connector, weeks, rng)] = 0
    monday = datetime.combine(today - timedelta(today.weekday()), time(), UTC)
    return Year(monday - timedelta(weeks=weeks), weights / weights.sum(axis=1, keepdims=True))


def _draw_quiet(
    connector: dict[str, int], weeks: int, rng: np.random.Generator
) -> NDArray[np.int64]:
    possible = np.arange(connector["from_week"] + 1, weeks)
    return rng.choice(possible, connector["quiet"], replace=False)


def quiet_weeks(town: Town, year: Year, seed: int) -> list[Entry]:
    """Most weeks without logs were said to be quiet, on their Sunday; the others are silence."""
    rng, found = stream(seed, "quiet-weeks"), []
    for number, connector in enumerate(town.told["connectors"]):
        for week in np.flatnonzero(year.weights[number] == 0):
            monday = year.begins_at + timedelta(weeks=int(week))
            at = monday + timedelta(days=6, hours=20)
            if week >= connector["from_week"] and is_so(rng, town.model["said_quiet"]):
                values = {"week_on": monday.date().isoformat()}
                found.append(Entry("quiet-weeks", make_id(at, rng), values, number + 1, at))
    return found
