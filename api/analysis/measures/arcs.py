"""Arcs: who gave whom how much, one arc for each direction."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from .ties import Floats, Ints


@dataclass(frozen=True, slots=True)
class Arcs:
    """Who gave whom how much among `n` groups: one arc per direction, `amount` > 0, no loops."""

    n: int
    giver: Ints
    taker: Ints
    amount: Floats


def gather(n: int, giver: Ints, taker: Ints, amount: Floats) -> Arcs:
    """Add up flows (rows,) of one kind and unit to one arc per direction.

    A flow to oneself and one of no amount are left out.
    """
    is_flow = (giver != taker) & (amount > 0)
    codes, which = np.unique(giver[is_flow] * n + taker[is_flow], return_inverse=True)
    total = np.bincount(which.reshape(-1), amount[is_flow], len(codes)).astype(np.float64)
    return Arcs(n, codes // max(n, 1), codes % max(n, 1), total)
