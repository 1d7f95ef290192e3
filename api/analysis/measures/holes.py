"""Holes: how closely somebody's contacts are bound together, after Burt 1992 (Structural Holes).

It knows no boundary: whose contacts are all on one side may stand between many of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from .paths import Shortened
    from .ties import Floats, Ties

NOBODY = float("nan")  # inside arrays alone; answers say null


@dataclass(frozen=True, slots=True)
class Holes:
    """Of each node (nodes,); not a number for one without contacts.

    `constraint`: c_i = sum_j (p_ij + sum_q p_iq p_qj)^2 over contacts j (eq. 2.4), p_ij the part of
    i's ties that j has. Above 0, about 1 with one contact, and it can exceed 1 with few who all
    know one another. `effective`: contacts less what they have in common, d - 2t/d for t ties
    among d contacts (eq. 2.2; Borgatti 1997, Connections 20:35-38). Range 1 to d.
    """

    constraint: Floats
    effective: Floats


def find_holes(ties: Ties, closed: Shortened) -> Holes:
    """Constraint and effective size from ties as they are, whatever their weight.

    `closed`: the shortened ways of the same ties, without direction.
    """
    degree = np.bincount(np.concatenate([ties.a, ties.b]), minlength=ties.n).astype(np.float64)
    part = np.divide(1.0, degree, out=np.zeros_like(degree), where=degree > 0)
    i, j = np.concatenate([ties.a, ties.b]), np.concatenate([ties.b, ties.a])
    direct = ties.n * i.astype(np.int64) + j
    order = np.argsort(direct)
    invested = part[i[order]]
    for one, other in ((closed.a, closed.b), (closed.b, closed.a)):
        place = np.searchsorted(direct[order], ties.n * one.astype(np.int64) + other)
        through = part[one] * part[closed.v]
        invested += np.bincount(place, through, minlength=len(invested))
    squares = np.bincount(i[order], invested**2, minlength=ties.n)
    # each pair of contacts who are tied is a shortened way through i
    bound = np.bincount(closed.v, minlength=ties.n)
    is_alone = degree == 0
    return Holes(
        np.where(is_alone, NOBODY, squares),
        np.where(is_alone, NOBODY, degree - 2 * bound * part),
    )
