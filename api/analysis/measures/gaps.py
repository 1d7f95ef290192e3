"""Gaps: whether two sections have fewer ties, or more, than chance would give."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import combinations
from typing import TYPE_CHECKING

from .change import adjust
from .crossing import find_too_little
from .mixing import count_arcs
from .nulls import deal, hold

if TYPE_CHECKING:
    from .nulls import Ask, Chance
    from .ties import Floats, Ints, Known

LEAST_NODES, LEAST_EXPECTED = 5, 5

TOO_FEW = f"Fewer than {LEAST_NODES} known groups are in one of the two sections."
TOO_SELDOM = f"Chance would give fewer than {LEAST_EXPECTED} ties: too few to say."


@dataclass(frozen=True, slots=True)
class Beside:
    """Ties between two sections beside chance, `p_adjusted` for all pairs; or `reason`."""

    chance: Chance | None = None
    p_adjusted: float | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Gaps:
    """Each two sections, by number, the lower first; or why there is none of them."""

    pairs: dict[tuple[int, int], Beside] = field(default_factory=dict)
    draws: int = 0
    is_exact: bool = False
    reason: str | None = None


def find_gaps(known: Known, ask: Ask) -> Gaps:
    """Ties between each two sections against sections dealt out anew (N1, N2).

    Ties of nodes with several sections count by their shares. p is two-sided, and adjusted after
    Benjamini & Hochberg 1995 for as many pairs as are told. None where either section has fewer
    than 5 known nodes, or fewer than 5 ties are to be expected.
    """
    reason = find_too_little(known)
    if reason:
        return Gaps(reason=reason)
    dealt = deal(known, ask)

    def count(labels: Ints) -> Floats:
        one_way = count_arcs(known.a, known.b, dealt.rows[labels])
        return one_way + one_way.T

    chances, sizes = hold(count, dealt), known.sizes
    found = {}
    for both in combinations(range(len(sizes)), 2):
        chance = chances.at(both)
        if sizes[list(both)].min() < LEAST_NODES:
            found[both] = Beside(reason=TOO_FEW)
        elif chance.expected < LEAST_EXPECTED:
            found[both] = Beside(reason=TOO_SELDOM)
        else:
            found[both] = Beside(chance)
    adjusted = adjust([each.chance.p if each.chance else None for each in found.values()])
    told = zip(found.items(), adjusted, strict=True)
    pairs = {both: replace(each, p_adjusted=p) for (both, each), p in told}
    return Gaps(pairs, chances.draws, chances.is_exact)
