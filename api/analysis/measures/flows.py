"""Flows: what goes from group to group, whether something comes back, and who gives more.

One kind and one unit at a time: hours are never added to pounds. Giving has a direction; figures
here count arcs, both ways, not pairs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from .rewiring import TOO_MANY, is_feasible, rewire

if TYPE_CHECKING:
    from .arcs import Arcs
    from .nulls import Ask, Chance
    from .ties import Floats

LEAST_ARCS = 8

NO_FLOWS = "There are no flows of this kind in this window."
TOO_FEW_ARCS = f"Fewer than {LEAST_ARCS} directions of giving: chance has too little to deal with."
ALL_GIVE = "Everybody gives to everybody: nothing could be more mutual."
FIXED = "Every rewiring returns as much as there could be."


@dataclass(frozen=True, slots=True)
class Reciprocity:
    """`r`, `rho` of directions and `r_w`, `rho_w` of amounts; `reasons` by name for what is None.

    `density` is L/(n(n-1)). `chance` and `chance_w`: `r` and `r_w` under the directed rewiring.
    """

    arcs: int
    r: float | None
    density: float | None
    rho: float | None
    r_w: float | None
    rho_w: float | None
    chance: Chance | None
    chance_w: Chance | None
    reasons: dict[str, str]


@dataclass(frozen=True, slots=True)
class Balance:
    """Of one group: given, taken, (given - taken)/(given + taken), and its own reciprocity."""

    given: float
    taken: float
    balance: float | None
    reciprocity: float | None

    @property
    def net(self) -> float:
        """Given less taken, in the unit of the amounts."""
        return self.given - self.taken


def returned(arcs: Arcs) -> Floats:
    """Per arc what flows the other way, (arcs,), in the arcs' order: 0 where nothing does."""
    if not len(arcs.giver):
        return arcs.amount
    codes, back = arcs.giver * arcs.n + arcs.taker, arcs.taker * arcs.n + arcs.giver
    order = np.argsort(codes)
    place = np.minimum(np.searchsorted(codes, back, sorter=order), len(codes) - 1)
    found = order[place]
    return np.where(codes[found] == back, arcs.amount[found], 0.0)


def reciprocate(arcs: Arcs, ask: Ask) -> Reciprocity:
    """Of directions r = L<->/L, rho = (r - a)/(1 - a) with a = L/(n(n-1)).

    Garlaschelli & Loffredo 2004 (PRL 93:268701): r in [0, 1]; rho in [-a/(1-a), 1] is the
    correlation of giving with being given. Of amounts r_w = sum min(w_ij, w_ji)/sum w in [0, 1],
    rho_w = (r_w - <r_w>)/(1 - <r_w>) with <r_w> the mean over directed rewirings (Squartini,
    Picciolo, Ruzzenenti & Garlaschelli 2013, Sci Rep 3:2729). None without flows; below 8 arcs
    rho_w and both chances are. It is not fairness: who is there to give has little returned.
    """
    count, pairs = len(arcs.giver), arcs.n * (arcs.n - 1)
    if not count:
        return Reciprocity(0, *(None,) * 7, {"r": NO_FLOWS})
    back = returned(arcs)
    r = float((back > 0).mean())
    r_w = float(np.minimum(arcs.amount, back).sum() / arcs.amount.sum())
    density = count / pairs
    is_drawn = count >= LEAST_ARCS and is_feasible(arcs, ask.draws)
    drawn = rewire(arcs, ask, (r, r_w)) if is_drawn else None
    chance, chance_w = drawn or (None, None)
    rho = _beyond(r, density)
    rho_w = _beyond(r_w, chance_w.expected) if chance_w else None
    missing = {"rho": ALL_GIVE} if rho is None else {}
    if rho_w is None:
        undrawn = TOO_FEW_ARCS if count < LEAST_ARCS else TOO_MANY
        missing["rho_w"] = FIXED if chance_w else undrawn
    return Reciprocity(count, r, density, rho, r_w, rho_w, chance, chance_w, missing)


def _beyond(found: float, expected: float) -> float | None:
    """By how much of the way from `expected` to 1; None where there is no way."""
    return (found - expected) / (1 - expected) if expected < 1 - 1e-12 else None


def balances(arcs: Arcs) -> list[Balance]:
    """Per group: balance (out - in)/(out + in) in [-1, 1], 1 only gives; own r_i in [0, 1].

    r_i = sum_j min(w_ij, w_ji)/sum_j w_ij: how much of what it gives comes back. None for a
    group that neither gives nor takes, r_i for one that gives nothing.
    """
    given = np.bincount(arcs.giver, arcs.amount, arcs.n)
    taken = np.bincount(arcs.taker, arcs.amount, arcs.n)
    mutual = np.minimum(arcs.amount, returned(arcs))
    both = np.bincount(arcs.giver, mutual, arcs.n)
    return [
        Balance(
            given=float(out),
            taken=float(into),
            balance=float((out - into) / (out + into)) if out + into > 0 else None,
            reciprocity=float(part / out) if out > 0 else None,
        )
        for out, into, part in zip(given, taken, both, strict=True)
    ]
