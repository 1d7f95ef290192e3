"""Follow-ups: what became of the introductions made, as far as it was due and answered."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from .entry import Entry, either, is_so, make_id, stream

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    import numpy as np

    from .introductions import Made
    from .town import Town
    from .year import Year

DUE_AFTER_DAYS = (14, 90, 180)
MOST_DAYS = 6  # from due to asked
DUE_HOUR = time(6)
CAME_TO_NOTHING = {"none": 0.8, "unknown": 0.14, "unwanted": 0.06}
AT_FIRST = {"met": 0.6, "ongoing": 0.4}
TURNS = {
    True: {"yes": 0.76, "unsure": 0.17, "no": 0.07},
    False: {"yes": 0.3, "unsure": 0.42, "no": 0.28},
}
UNSURE = 0.2  # answers to "would it have happened anyway?"


def draw_follow_ups(town: Town, made: list[Made], year: Year, seed: int) -> list[Entry]:
    """One for each day due within the year, for every introduction that was made."""
    rng = stream(seed, "follow-ups")
    return [entry for each in made if each.is_made for entry in _draw_of(town, each, year, rng)]


def _draw_of(town: Town, made: Made, year: Year, rng: np.random.Generator) -> Iterator[Entry]:
    """The two stay in touch or do not; each answer tells of that, whoever gives it."""
    side = "across" if made.is_across else "within"
    is_on = took = is_so(rng, town.model["took"][side])
    independence = rng.random()
    for days in DUE_AFTER_DAYS:
        age = str(days)
        is_on = is_on and is_so(rng, town.model["lasts"].get(age, 1.0))
        alone = is_on and bool(independence < town.model["stands_alone"][age])
        answer = _draw_answer(rng, (took, is_on, alone), days, town.model["anyway"][side])
        answer["answered_by"] = "party" if is_so(rng, town.model["asked_party"]) else "connector"
        due_on = made.entry.at.date() + timedelta(days)
        asked_on = due_on + timedelta(int(rng.integers(MOST_DAYS + 1)))
        is_answered = is_so(rng, town.model["answered"][age]) and asked_on < year.ends_at.date()
        at = datetime.combine(due_on, DUE_HOUR, UTC)
        if at < year.ends_at:
            told = answer | {"asked_on": asked_on.isoformat()} if is_answered else {}
            yield _enter(made, due_on, told, make_id(at, rng))


def _draw_answer(
    rng: np.random.Generator, state: tuple[bool, bool, bool], days: int, anyway: float
) -> dict[str, Any]:
    """What one who knew the state would say: took to each other, in touch, on their own."""
    took, is_on, alone = state
    if not took:
        outcome = either(rng, CAME_TO_NOTHING)
    elif not is_on:
        outcome = "ended"
    else:
        outcome = either(rng, AT_FIRST) if days == DUE_AFTER_DAYS[0] else "ongoing"
    odds = {"yes": anyway, "unsure": UNSURE, "no": 1 - anyway - UNSURE}
    return {
        "outcome": outcome,
        "without_connector": None if outcome == "unknown" else alone,
        "would_turn_to_again": either(rng, TURNS[took]),
        "anyway": either(rng, odds),
    }


def _enter(made: Made, due_on: date, told: dict[str, Any], id_: Any) -> Entry:
    values = {"introduction_id": str(made.id), "due_on": due_on.isoformat(), **told}
    at = datetime.combine(due_on, DUE_HOUR, UTC)
    return Entry("follow-ups", id_, values, made.entry.author, at)
