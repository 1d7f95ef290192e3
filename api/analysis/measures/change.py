"""Change: whether a boundary became more open or more closed between two windows.

The share is what people understand, but a change is called on the log-odds alone: the share, its
excess and r also move when one side merely becomes busier.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import erfc, sqrt
from typing import TYPE_CHECKING

import numpy as np

from .intervals import LEAST_TIES
from .mixing import mixing_matrix
from .nulls import SLACK
from .odds import fit_odds, keep_tied
from .ties import keep_known

if TYPE_CHECKING:
    from .ties import Floats, Known, Ties

TOO_FEW_TIES = f"Fewer than {LEAST_TIES} ties have both sides known in one of the windows."
ONE_SIDED = "In one of the windows fewer than two sections have ties."
NO_SPREAD = "Leaving out any one node changes nothing, so there is nothing to judge a change by."


@dataclass(frozen=True, slots=True)
class Change:
    """Delta before and after, and whether the difference is more than single nodes make.

    `error`: jackknife standard error of the difference; `z` difference over error; `p` two-sided,
    from the normal curve. `reason` says why figures are None.
    """

    before: float | None = None
    after: float | None = None
    error: float | None = None
    z: float | None = None
    p: float | None = None
    reason: str | None = None

    @property
    def difference(self) -> float | None:
        """After less before: above 0 more closed, e to it times as much. Range (-inf, inf)."""
        if self.before is None or self.after is None:
            return None
        return self.after - self.before


def compare_windows(before: Ties, after: Ties, shares: Floats) -> Change:
    """Difference of delta, held against leaving out each node from both windows at once.

    Both windows number their nodes alike and are equally long; `shares` (nodes, sections). SE =
    sqrt((n-2)/(2n) sum (d_(-i) - mean)^2) over the n nodes with a known tie in either window
    (Snijders & Borgatti 1999, Connections 22:161-170). Where a cell is empty in a window, with
    or without any node, 0.5 is added to all its cells throughout. None below 20 known ties in
    either window and where fewer than two sections have ties.
    """
    windows = keep_known(before, shares), keep_known(after, shares)
    if min(len(known.a) for known in windows) < LEAST_TIES:
        return Change(reason=TOO_FEW_TIES)
    found = [_leave_out(known) for known in windows]
    if found[0] is None or found[1] is None:
        return Change(reason=ONE_SIDED)
    active = (windows[0].degrees + windows[1].degrees) > 0
    first, second = float(found[0][-1]), float(found[1][-1])
    error = _jackknife((found[1] - found[0])[:-1][active])
    if error <= SLACK:
        return Change(first, second, 0.0, reason=NO_SPREAD)
    z = (second - first) / error
    return Change(first, second, error, z, erfc(abs(z) / sqrt(2)))


def _jackknife(left: Floats) -> float:
    n = len(left)
    return sqrt((n - 2) / (2 * n) * float(((left - left.mean()) ** 2).sum()))


def _leave_out(known: Known) -> Floats | None:
    """Delta without each node, and last with all of them: (nodes + 1,)."""
    matrix, shares = mixing_matrix(known), known.shares
    if keep_tied(matrix) is None:
        return None
    met = np.zeros_like(shares)
    np.add.at(met, known.a, shares[known.b])
    np.add.at(met, known.b, shares[known.a])
    one_way = shares[:, :, None] * met[:, None, :]
    without = np.maximum(matrix - one_way - one_way.transpose(0, 2, 1), 0.0)
    tied = matrix.sum(axis=1) > 0
    cells = np.concatenate([without, matrix[None]])[:, tied][:, :, tied]
    return fit_odds(cells + (0.5 if (cells < SLACK).any() else 0.0))
