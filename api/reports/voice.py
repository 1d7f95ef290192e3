"""Voice: numbers and days as the words of one language, for one kind of reader."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from api.words import words

from .disclosure import EXACT, HIDDEN, WITHHELD

if TYPE_CHECKING:
    from datetime import date

    from .disclosure import Count, Rule

HOURS_UNTIL_DAYS = 48


@dataclass(frozen=True)
class Voice:
    """How to say a figure. `rule` is None inside the network, where counts are exact."""

    language: str
    rule: Rule | None = None
    words: dict[str, Any] = field(init=False)

    def __post_init__(self) -> None:
        """Open the catalogue; KeyError would mean a language that has none."""
        object.__setattr__(self, "words", words(self.language))

    @property
    def digits(self) -> int:
        """Decimals that a share may have: whole percent for readers outside."""
        return 2 if self.rule else 4

    def count(self, count: Count) -> str:
        """A count: exact, about so many, fewer than so many, or not shown."""
        patterns = self.words["count"]
        if count.state == HIDDEN and self.rule:
            return str(patterns["hidden"].format(threshold=self.rule.threshold))
        if count.state == WITHHELD or count.value is None:
            return str(patterns["withheld"])
        said = f"{count.value:,}"
        if count.state == EXACT or not count.value:
            return said
        return str(patterns["rounded"].format(value=said))

    def short(self, count: Count) -> str:
        """A count as a table says it: a number, less than so many, or a dash."""
        patterns = self.words["count"]
        if count.state == HIDDEN and self.rule:
            return str(patterns["short_hidden"].format(threshold=self.rule.threshold))
        return str(patterns["short_withheld"]) if count.value is None else f"{count.value:,}"

    def signed(self, value: float) -> str:
        """A number between -1 and 1 with its sign, which stands before it in every script."""
        return str(self.words["number"]["signed"].format(value=f"{value:+.2f}"))

    def percent(self, share: float) -> str:
        """A share as a whole percentage."""
        return str(self.words["number"]["percent"].format(value=_whole(share)))

    def points(self, difference: float) -> str:
        """A difference of two shares as percentage points, without its sign."""
        return self._of("points", _whole(abs(difference)))

    def interval(self, ends: tuple[float, float]) -> str:
        """Two shares as a range of percentages."""
        low, high = map(_whole, ends)
        return str(self.words["number"]["interval"].format(low=low, high=high))

    def duration(self, hours: float) -> str:
        """A length of time, in hours and from two days on in days."""
        unit = "hours" if hours < HOURS_UNTIL_DAYS else "days"
        return self._of(unit, _round(hours if unit == "hours" else hours / 24))

    def _of(self, unit: str, value: int) -> str:
        """So many of a unit, in the form that the number asks for."""
        return str(self.words["number"][unit][plural(self.words, value)].format(value=value))

    def day(self, day: date) -> str:
        """A day in words."""
        parts = self.words["language"]
        month = parts["months"][day.month - 1]
        return str(parts["date"].format(day=day.day, month=month, year=day.year))

    def reading(self, indicator: str, name: str, **values: str) -> str:
        """One sentence of an indicator, filled in."""
        return str(self.words[indicator]["reading"][name].format(**values))

    def label(self, indicator: str, name: str, **values: str) -> str:
        """The name of one figure or table of an indicator."""
        return str(self.words[indicator]["label"][name].format(**values))


def plural(words: dict[str, Any], value: int) -> str:
    """CLDR's plural category of a whole number, by the rules that its catalogue states."""
    for name, (low, high, *modulo) in words["language"]["plural"].items():
        if low <= (value % modulo[0] if modulo else value) <= high:
            return str(name)
    return "other"


def _whole(share: float) -> int:
    return _round(share * 100)


def _round(value: float) -> int:
    """Halves go up, as people expect; the slack absorbs binary fractions."""
    return int(value + 0.5 + 1e-9)
