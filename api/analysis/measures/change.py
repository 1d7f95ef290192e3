"""Change: whether a boundary became more open or more closed from window to window.

The share is what people understand, but a change is called on the log-odds alone: the share, its
excess and r also move when one side merely becomes busier.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import erfc, sqrt
from typing import TYPE_CHECKING

import numpy as np

from .intervals import LEAST_TIES, spread_of
from .meetings import contact_mass, contact_of_each
from .mixing import count_arcs, mixing_matrix
from .nulls import SLACK
from .odds import fit_odds, keep_tied
from .ties import keep_known

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from .meetings import Attendance
    from .ties import Floats, Ints, Ties

    Flags = NDArray[np.bool_]

LEAST_WINDOWS = 4

TOO_FEW_TIES = f"Fewer than {LEAST_TIES} ties have both sides known in one of the windows."
ONE_SIDED = "In one of the windows fewer than two sections have ties."
TOO_FEW_WINDOWS = f"Fewer than {LEAST_WINDOWS} windows have {LEAST_TIES} known ties on two sides."
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


@dataclass(frozen=True, slots=True)
class Slope:
    """How much delta moves from one window to the next, over all windows that tell it.

    Above 0 it closes. `error` by leaving each node out of all windows at once; `windows` counts
    those that tell delta; `reason` says why there is none.
    """

    windows: int
    value: float | None = None
    error: float | None = None
    z: float | None = None
    p: float | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Period:
    """A window: its known ties, who had any, (nodes,), and what delta is without each node.

    `deltas` (nodes + 1,): last with all of them; None where fewer than two sections have ties.
    """

    ties: int
    is_active: Flags
    deltas: Floats | None

    @property
    def reason(self) -> str | None:
        """Why delta is not told, if it is not."""
        if self.ties < LEAST_TIES:
            return TOO_FEW_TIES
        return ONE_SIDED if self.deltas is None else None


def compare_windows(before: Ties, after: Ties, shares: Floats) -> Change:
    """Difference of delta, held against leaving out each node from both windows at once.

    Both windows number their nodes alike and are equally long; `shares` (nodes, sections). SE =
    sqrt((n-2)/(2n) sum (d_(-i) - mean)^2) over the n nodes with a known tie in either window
    (Snijders & Borgatti 1999, Connections 22:161-170). Where a cell is empty in a window, with
    or without any node, 0.5 is added to all its cells throughout. None below 20 known ties in
    either window and where fewer than two sections have ties.
    """
    return compare_periods(*(period_of_ties(ties, shares) for ties in (before, after)))


def compare_periods(before: Period, after: Period) -> Change:
    """As `compare_windows`, of windows of any layer."""
    reasons = [each.reason for each in (before, after)]
    if TOO_FEW_TIES in reasons or before.deltas is None or after.deltas is None:
        return Change(reason=TOO_FEW_TIES if TOO_FEW_TIES in reasons else ONE_SIDED)
    first, second = float(before.deltas[-1]), float(after.deltas[-1])
    left = (after.deltas - before.deltas)[:-1]
    error = spread_of(left[before.is_active | after.is_active])
    if error <= SLACK:
        return Change(first, second, 0.0, reason=NO_SPREAD)
    z = (second - first) / error
    return Change(first, second, error, z, erfc(abs(z) / sqrt(2)))


def find_slope(periods: Sequence[Period]) -> Slope:
    """The least-squares slope of delta over equal windows, in delta a window.

    Windows that do not tell delta are left out and the others keep their places in time. None
    with fewer than four that do.
    """
    told = [(place, each) for place, each in enumerate(periods) if each.reason is None]
    if len(told) < LEAST_WINDOWS:
        return Slope(len(told), reason=TOO_FEW_WINDOWS)
    at = np.array([place for place, _ in told], dtype=np.float64)
    weight = (at - at.mean()) / ((at - at.mean()) ** 2).sum()
    slopes = weight @ np.array([each.deltas for _, each in told])
    active = np.logical_or.reduce([each.is_active for _, each in told])
    value, error = float(slopes[-1]), spread_of(slopes[:-1][active])
    if error <= SLACK:
        return Slope(len(told), value, 0.0, reason=NO_SPREAD)
    z = value / error
    return Slope(len(told), value, error, z, erfc(abs(z) / sqrt(2)))


def adjust(p: Sequence[float | None]) -> list[float | None]:
    """Benjamini and Hochberg 1995 (JRSS B 57:289-300): p for as many as were looked at.

    None stays None. As many in the end are wrong, of those called, as `p` promises for one.
    """
    told = sorted((value, place) for place, value in enumerate(p) if value is not None)
    found, least = list(p), 1.0
    for rank in range(len(told), 0, -1):
        value, place = told[rank - 1]
        least = min(least, value * len(told) / rank)
        found[place] = least
    return found


def period_of_ties(ties: Ties, shares: Floats) -> Period:
    """A window of introductions; `shares` (nodes, sections), zeros where unknown."""
    known = keep_known(ties, shares)
    is_active = np.zeros(len(shares), dtype=bool)
    is_active[shares.any(axis=1)] = known.degrees > 0
    ends = np.concatenate([known.a, known.b]), np.concatenate([known.b, known.a])
    one_way = _arcs_of_each(*ends, known.shares)
    lost = np.zeros((len(shares), *one_way.shape[1:]))
    lost[shares.any(axis=1)] = one_way + one_way.transpose(0, 2, 1)
    return _period(len(known.a), is_active, mixing_matrix(known), lost)


def period_of_arcs(giver: Ints, taker: Ints, shares: Floats) -> Period:
    """A window of flows of one kind, each direction by itself."""
    is_known = np.asarray(shares.any(axis=1))
    both = is_known[giver] & is_known[taker]
    giver, taker = giver[both], taker[both]
    is_active = np.zeros(len(shares), dtype=bool)
    is_active[np.concatenate([giver, taker])] = True
    out, into = _arcs_of_each(giver, taker, shares), _arcs_of_each(taker, giver, shares)
    lost = out + into.transpose(0, 2, 1)
    return _period(len(giver), is_active, count_arcs(giver, taker, shares), lost)


def period_of_meetings(attendance: Attendance) -> Period:
    """A window of meetings; nodes are groups, and ties the times those of known side came."""
    is_known = np.asarray(attendance.shares.any(axis=1))[attendance.group]
    is_active = np.zeros(len(attendance.shares), dtype=bool)
    is_active[attendance.group[is_known]] = True
    matrix = contact_mass(attendance).matrix
    return _period(int(is_known.sum()), is_active, matrix, contact_of_each(attendance))


def _arcs_of_each(a: Ints, b: Ints, shares: Floats) -> Floats:
    """Per node (nodes, sections, sections) its arcs to others, from its sections to theirs."""
    met = np.zeros_like(shares)
    np.add.at(met, a, shares[b])
    return np.asarray(shares[:, :, None] * met[:, None, :])


def _period(ties: int, is_active: Flags, matrix: Floats, lost: Floats) -> Period:
    """Delta of a matrix, and without what each node adds to it, `lost` (nodes, K, K)."""
    if keep_tied(matrix) is None:
        return Period(ties, is_active, None)
    tied = (matrix.sum(axis=0) > 0) & (matrix.sum(axis=1) > 0)
    cells = np.concatenate([np.maximum(matrix - lost, 0.0), matrix[None]])
    cells = cells[:, tied][:, :, tied]
    return Period(ties, is_active, fit_odds(cells + (0.5 if (cells < SLACK).any() else 0.0)))
