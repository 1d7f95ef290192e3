"""Disclosure: what a reader outside the network may see of each count, and no more.

Small counts are hidden and the others rounded; then `audit.py` tries to work the hidden ones out
again from everything shown, and what would give one away is withheld as well. Fails closed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .audit import islands, pinned

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from .counts import Sum

EXACT, ROUNDED, HIDDEN, WITHHELD = "exact", "rounded", "hidden", "withheld"
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
    shown = {key: _first_look(value, rule) for key, value in counts.items()}
    small = [key for key, count in shown.items() if count.state == HIDDEN]
    while betrayed := _betrayed(shown, small, sums, rule):
        withheld = _betraying(betrayed, shown, sums)
        shown |= dict.fromkeys(withheld, Count(None, WITHHELD))
    return shown


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


def _first_look(value: int, rule: Rule) -> Count:
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
