"""Disclosure: what a reader outside the network may see of each count, and no more.

Small counts are hidden and the others rounded; then `audit.py` tries to work the hidden ones out
again from everything shown, and what would give one away is withheld as well. Fails closed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .audit import islands, pinned
from .sums import UNSEEN

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from .sums import Sum

EXACT, ROUNDED, HIDDEN, WITHHELD = "exact", "rounded", "hidden", "withheld"
LEAST_CONTRIBUTORS = 10
LEAST_FEASIBLE = 4  # values that a hidden count could still have, for all a reader can tell


@dataclass(frozen=True, slots=True)
class Rule:
    """Counts from 1 to `threshold` - 1 are hidden, the others rounded to the nearest `base`."""

    threshold: int
    base: int

    def tightened(self, threshold: int, base: int) -> Rule:
        """A network's own stricter rule; ValueError when it would be looser than this one."""
        if threshold < self.threshold or base < self.base:
            message = f"only upwards from threshold {self.threshold} and rounding {self.base}"
            raise ValueError(message)
        return Rule(threshold, base)

    def rounded(self, value: int) -> int:
        """The nearest multiple of the base, halves upwards."""
        return (2 * value + self.base) // (2 * self.base) * self.base


@dataclass(frozen=True, slots=True)
class Count:
    """A count as a reader may see it: `value` is None when it is hidden or withheld."""

    value: int | None
    state: str = EXACT


RULES: Mapping[str, Rule | None] = {
    "coordinators": None,
    "funder": Rule(threshold=8, base=5),
    "public": Rule(threshold=10, base=10),
}


def protect(counts: Mapping[str, int], sums: Sequence[Sum], rule: Rule | None) -> dict[str, Count]:
    """Make counts fit to be read under `rule`; None, inside the network, leaves them exact.

    `sums` are all the sums that hold between the counts, whether or not a page prints them.
    """
    if rule is None:
        return {key: Count(value) for key, value in counts.items()}
    shown = {key: _first_look(key, value, rule) for key, value in counts.items()}
    shown |= dict.fromkeys(_telling(counts, sums), Count(None, WITHHELD))
    small = [key for key, count in shown.items() if count.state == HIDDEN]
    while betrayed := _betrayed(shown, small, sums, rule):
        withheld = _betraying(betrayed, shown, sums)
        shown |= dict.fromkeys(withheld, Count(None, WITHHELD))
    return shown


def is_dominated(contributions: Sequence[float]) -> bool:
    """Whether a magnitude tells of few: under 10 gave to it, one over 50 % or two over 67 %."""
    ordered = sorted(contributions, reverse=True)
    whole = sum(ordered)
    is_of_few = 100 * sum(ordered[:1]) > 50 * whole or 100 * sum(ordered[:2]) > 67 * whole
    return len(ordered) < LEAST_CONTRIBUTORS or is_of_few


def bounds(count: Count, rule: Rule) -> tuple[int, int | None]:
    """The least and most that a reader knows a count to be from looking at it alone."""
    if count.state == HIDDEN:
        return 1, rule.threshold - 1
    if count.value is None:
        return 0, None
    if count.value == 0:
        return 0, 0
    low = count.value - rule.base // 2
    return max(rule.threshold, low), low + rule.base - 1


def _telling(counts: Mapping[str, int], sums: Sequence[Sum]) -> set[str]:
    """Rows of answers of which one holds over 90 %: they tell what each of those asked said."""
    rows = [sum_ for sum_ in sums if sum_.is_of_answers]
    return {
        key
        for sum_ in rows
        if any(10 * counts[part] > 9 * counts[sum_.total] for part in sum_.parts)
        for key in sum_.parts
    }


def _first_look(key: str, value: int, rule: Rule) -> Count:
    if key.startswith(UNSEEN):
        return Count(None, WITHHELD)
    if value == 0:
        return Count(0, ROUNDED)
    return Count(None, HIDDEN) if value < rule.threshold else Count(rule.rounded(value), ROUNDED)


def _betrayed(
    shown: Mapping[str, Count], small: Iterable[str], sums: Sequence[Sum], rule: Rule
) -> set[str]:
    """The small counts that everything shown leaves too few values."""
    known = {key: bounds(count, rule) for key, count in shown.items()}
    return pinned(small, known, sums, LEAST_FEASIBLE)


def _betraying(betrayed: set[str], shown: Mapping[str, Count], sums: Sequence[Sum]) -> set[str]:
    """What to withhold next: totals, then all they are summed with, then all that hangs together.

    The last always helps: where nothing is shown nothing can be worked out.
    """
    near = [sum_ for sum_ in sums if betrayed & {sum_.total, *sum_.parts}]
    rings = (
        {sum_.total for sum_ in near},
        {key for sum_ in near for key in sum_.parts if shown[key].state != HIDDEN},
        set().union(*(keys for keys in islands(shown, sums) if betrayed & keys)),
    )
    open_rings = ({key for key in ring if shown[key].state != WITHHELD} for ring in rings)
    return next(ring for ring in open_rings if ring)
