"""Answers: counts of what parties and connectors said, with every one who was asked (K6-K18)."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from .facts import ANSWERS, STAGES, WHO
from .sums import UNSEEN, Sum, Tally, add_up, joined, within

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .facts import Facts, FollowUps

LASTED = ("yes", "no", "unsaid", "unanswered")  # what a follow-up says of one question
FIRST_STAGE = STAGES[0]
MET, STILL, OVER = ("met", "ongoing", "ended"), ("met", "ongoing"), ("ended", "none", "unwanted")


def tally(facts: Facts, first: Tally) -> Tally:
    """All counts of answers; `first` holds the wholes that they are parts of."""
    lasted = _lasted(facts, first)
    again = add_up("K10", "asked", _said(facts, "again"), is_of_answers=True)
    anyway = [_anyway(facts, who) for who in WHO]
    unwanted = Tally({"K18.follow_ups": _unwanted(facts)})
    both = {"same": facts.agreement.same, "differing": facts.agreement.differing}
    found = joined(
        (
            _known_before(facts, first),
            lasted,
            again,
            *anyway,
            unwanted,
            add_up("K16.both", "both", both),
        )
    )
    every = {**first.counts, **found.counts}
    answered = "K0.follow_ups_answered"
    parts = ("K10.asked", *(f"K16.{who}.asked" for who in WHO), "K18.follow_ups")
    return joined((found, *(within(part, answered, every) for part in parts)))


def lasted(row: FollowUps) -> str:
    """Whether they met (at the first stage), or are in touch without the connector (later)."""
    if row.outcome is None:
        return "unanswered"
    if row.stage == FIRST_STAGE:
        return "yes" if row.outcome in MET else "unsaid" if row.outcome == "unknown" else "no"
    if row.outcome in OVER or row.without_connector is False:
        return "no"
    return "yes" if row.outcome in STILL and row.without_connector else "unsaid"


def _known_before(facts: Facts, first: Tally) -> Tally:
    """K6: of the introductions made, those of parties who had not met before."""
    made = [row for row in facts.introductions if row.status == "made"]
    new, met = sum(row.new for row in made), sum(row.met for row in made)
    asked = add_up("K6", "asked", {"new": new, "met": met})
    unknown = {"K6.unknown": first.counts["K1.made"] - new - met}
    whole = Sum("K1.made", ("K6.asked", "K6.unknown"))
    return joined((asked, Tally(unknown, (whole,))))


def _lasted(facts: Facts, first: Tally) -> Tally:
    """K7: per stage all that came due by what became of it, and the most that could have lasted."""
    found: Counter[tuple[int, str]] = Counter()
    for row in facts.follow_ups:
        found[row.stage, lasted(row)] += row.count
    parts = [
        add_up(
            f"K7.{stage}", "due", {name: found[stage, name] for name in LASTED}, is_of_answers=True
        )
        for stage in STAGES
    ]
    stages = joined(
        (*parts, *(_at_most(part, stage) for part, stage in zip(parts, STAGES, strict=True)))
    )
    return joined((stages, *_rests(stages, first)))


def _at_most(part: Tally, stage: int) -> Tally:
    """All but those said not to have lasted, as if every one unheard of had."""
    names = tuple(f"K7.{stage}.{name}" for name in LASTED if name != "no")
    key = f"K7.{stage}.at_most"
    return Tally({key: sum(part.counts[name] for name in names)}, (Sum(key, names),))


def _rests(stages: Tally, first: Tally) -> Iterator[Tally]:
    """That the stages are parts of all that came due, and those unanswered of all unanswered."""
    counts = {**stages.counts, **first.counts}
    due = tuple(f"K7.{stage}.due" for stage in STAGES)
    rest = f"{UNSEEN}K7.due"
    left = counts["K0.follow_ups_due"] - sum(counts[name] for name in due)
    yield Tally({rest: left}, (Sum("K0.follow_ups_due", (*due, rest)),))
    unanswered = f"{UNSEEN}K7.unanswered"
    parts = tuple(f"K7.{stage}.unanswered" for stage in STAGES)
    answered = counts["K0.follow_ups_answered"]
    other = counts["K0.follow_ups_due"] - answered - sum(counts[name] for name in parts)
    names = ("K0.follow_ups_answered", *parts, unanswered)
    yield Tally({unanswered: other}, (Sum("K0.follow_ups_due", names),))


def _anyway(facts: Facts, who: str) -> Tally:
    """K16: of one side's answers, whether they would have come together anyway."""
    counts = _said(facts, "anyway", who)
    return add_up(f"K16.{who}", "asked", counts, is_of_answers=True)


def _said(facts: Facts, question: str, who: str | None = None) -> dict[str, int]:
    found: Counter[str] = Counter()
    for row in facts.follow_ups:
        if row.outcome is not None and who in (None, row.answered_by):
            found[getattr(row, question) or ""] += row.count
    return {answer: found[answer] for answer in ANSWERS}


def _unwanted(facts: Facts) -> int:
    return sum(row.count for row in facts.follow_ups if row.outcome == "unwanted")
