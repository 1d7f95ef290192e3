"""Disclosure: what a reader outside the network may see of each count, and no more.

Small counts are hidden and the others rounded; then `audit.py` tries to work the hidden ones out
again from everything shown, and what would give one away is withheld as well. Fails closed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from .audit import islands, pinned
from .released import Cells, together
from .sums import UNSEEN

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .released import System
    from .sums import Tally

Span = tuple[date, date]
ANY_TIME = date.min, date.max

EXACT, ROUNDED, HIDDEN, WITHHELD = "exact", "rounded", "hidden", "withheld"
LEAST_CONTRIBUTORS = 10
LEAST_FEASIBLE = 4  # values that a hidden count could still have, for all a reader can tell


@dataclass(frozen=True, slots=True)
class Rule:
    """Counts from 1 to `threshold` - 1 are hidden, the others rounded to the nearest `base`.

    The base is never above the threshold: what is rounded would else show as 0.
    """

    threshold: int
    base: int

    def at_least(self, other: Rule | None) -> Rule:
        """The stricter of both, number by number."""
        if other is None:
            return self
        return Rule(max(self.threshold, other.threshold), max(self.base, other.base))

    def rounded(self, value: int) -> int:
        """The nearest multiple of the base, halves upwards."""
        return (2 * value + self.base) // (2 * self.base) * self.base


@dataclass(frozen=True, slots=True)
class Count:
    """A count as a reader may see it: `value` is None when it is hidden or withheld."""

    value: int | None
    state: str = EXACT


# A network can only make them stricter: `rules.py`.
OUTSIDE: Mapping[str, Rule] = {
    "funder": Rule(threshold=8, base=5),
    "public": Rule(threshold=10, base=10),
}
RULES: Mapping[str, Rule | None] = {"coordinators": None, **OUTSIDE}


def protect(
    found: Tally, rule: Rule | None, span: Span = ANY_TIME, earlier: Sequence[Cells] = ()
) -> dict[str, Count]:
    """Make counts fit to be read under `rule`; None, inside the network, leaves them exact.

    The sums are all that hold between the counts, whether or not a page prints them; `earlier`
    are the reports that readers hold already. ValueError when those leave no way to be safe.
    """
    if rule is None:
        return {key: Count(value) for key, value in found.counts.items()}
    shown = {key: _first_look(key, value, rule) for key, value in found.counts.items()}
    shown |= dict.fromkeys(_telling(found) | found.private, Count(None, WITHHELD))
    system = together((cells_of(found, shown, rule, span), *earlier))
    betrayed = _within_reach(shown, system)
    # What is safe stays safe while more is withheld: only the others are looked at again.
    while betrayed := pinned(betrayed, system.known, system.sums, LEAST_FEASIBLE):
        withheld = _betraying(betrayed, shown, system)
        shown |= dict.fromkeys(withheld, Count(None, WITHHELD))
        system.known |= dict.fromkeys(withheld, (0, None))
    return shown


def cells_of(found: Tally, shown: Mapping[str, Count], rule: Rule, span: Span) -> Cells:
    """A report as the audit sees it. Its small counts are to stay hidden, shown as such or not."""
    small = frozenset(
        key
        for key, value in found.counts.items()
        if 0 < value < rule.threshold and not key.startswith(UNSEEN)
    )
    known = {key: bounds(count, rule) for key, count in shown.items()}
    return Cells(*span, found.counts, known, small, rule.threshold, found.sums)


def not_safe(reports: Sequence[Cells]) -> set[str]:
    """The small counts, and small differences, that these reports together give away."""
    system = together(reports)
    return pinned(system.wanted, system.known, system.sums, LEAST_FEASIBLE)


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


def _within_reach(shown: Mapping[str, Count], system: System) -> set[str]:
    """The small counts that this report could tell of: its own, and those that hang on it."""
    near = (keys for keys in islands(system.known, system.sums) if not keys.isdisjoint(shown))
    return system.wanted & set().union(*near)


def _telling(found: Tally) -> set[str]:
    """Rows of answers of which one holds over 90 %: they tell what each of those asked said.

    What adds up parts of such a row tells it as well, but for the row's own total.
    """
    counts = found.counts
    rows = [
        sum_
        for sum_ in found.sums
        if sum_.is_of_answers
        and any(10 * counts[part] > 9 * counts[sum_.total] for part in sum_.parts)
    ]
    more = {
        sum_.total
        for sum_ in found.sums
        for row in rows
        if sum_.total != row.total and set(row.parts).issuperset(sum_.parts)
    }
    return more.union(*(row.parts for row in rows))


def _first_look(key: str, value: int, rule: Rule) -> Count:
    if key.startswith(UNSEEN):
        return Count(None, WITHHELD)
    if value == 0:
        return Count(0, ROUNDED)
    return Count(None, HIDDEN) if value < rule.threshold else Count(rule.rounded(value), ROUNDED)


def _betraying(betrayed: set[str], shown: Mapping[str, Count], system: System) -> set[str]:
    """What to withhold next: totals, then all they are summed with, then all that hangs together.

    The last always helps, for where nothing is shown nothing can be worked out: unless reports
    that readers hold already tell it.
    """
    near = [sum_ for sum_ in system.sums if betrayed & {sum_.total, *sum_.parts}]
    rings = (
        {sum_.total for sum_ in near},
        {key for sum_ in near for key in sum_.parts},
        set().union(*(keys for keys in islands(system.known, system.sums) if betrayed & keys)),
    )
    for at, ring in enumerate(rings):
        kept = {WITHHELD} if at != 1 else {WITHHELD, HIDDEN}
        if still_open := {key for key in ring & shown.keys() if shown[key].state not in kept}:
            return still_open
    message = "Together with reports released before, this one would give small counts away."
    raise ValueError(message)
