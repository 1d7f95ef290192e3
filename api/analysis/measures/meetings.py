"""Meetings: who could talk to whom across a boundary, from attendance and without pairs.

A head is a person who came; a group of 12 beside a group of 3 is twelve heads and three, each on
the side of their group. The pairs are never built: a hall of a thousand costs what its rows cost.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import scipy

if TYPE_CHECKING:
    from .ties import Floats, Ints

ROWS = 100_000  # attendances looked at in one go: bounds the memory


@dataclass(frozen=True, slots=True)
class Attendance:
    """Who came to what: per row a meeting, a group (both numbered from 0) and its heads.

    `meeting`, `group`, `heads` (rows,); rows of the same group at the same meeting add up.
    `shares` (groups, sections): zeros where a group's side is unknown. `meetings`: how many.
    """

    meetings: int
    meeting: Ints
    group: Ints
    heads: Ints
    shares: Floats


@dataclass(frozen=True, slots=True)
class Contact:
    """Contact mass: how much meeting there was, and from section to section how much is known.

    `matrix` (sections, sections): as a mixing matrix, contact inside a section counts at both
    ends, so it sums to twice the known mass. `total`: all mass, unknown sides included.
    `meetings`: those of two heads or more, the only ones where anybody met.
    """

    matrix: Floats
    total: float
    meetings: int

    @property
    def coverage(self) -> float | None:
        """The part of the mass whose two sides are known, in [0, 1]; None where nobody met."""
        return float(self.matrix.sum() / 2 / self.total) if self.total else None


def contact_mass(attendance: Attendance) -> Contact:
    """M_gh = sum_k n_kg n_kh/(n_k - 1), less what each head would give to itself.

    Newman 2001 (PRE 64, 016132, eq. 2): two heads meet by 1/(n_k - 1) at a meeting of n_k, so a
    meeting weighs n_k/2 whatever its size, and an assembly does not swamp a kitchen table. n_k
    counts heads of unknown side too: they were in the room. A head of group i with shares s_i
    gives itself s_i s_i'/(n_k - 1). Cells >= 0; zeros where nobody met. O(attendance).

    Feed `matrix` to `mixing.cross_share`, `ei_index` or `newman_r`, and with `total` to
    `mixing.worst_case_share`. It is not evidence that anybody spoke.
    """
    came, shares = _who_came(attendance), attendance.shares
    heads, part = _parts(came)
    sides = came @ shares
    own = came.T @ part
    mass = sides.T @ (part[:, None] * sides) - shares.T @ (own[:, None] * shares)
    met = heads[heads > 1]
    return Contact(np.maximum(mass, 0.0), float(met.sum() / 2), len(met))


def masses(attendance: Attendance) -> tuple[Floats, Floats]:
    """Of each meeting, (meetings,) each: the contact that crosses, and all whose sides are known.

    ((sum_g n_g)^2 - sum_g n_g^2)/2/(n - 1), with shares less what each head crosses by itself,
    1 - s_i . s_i; and n(n - 1)/2/(n - 1) of the known heads. Both in [0, n_k/2], 0 where nobody
    met. They sum to what `contact_mass` has; added up by space they say which space bridges.
    """
    known, alike, own = _sides(attendance)
    _, part = _parts(_who_came(attendance))
    across = np.maximum(known**2 - alike - (known - own), 0.0)
    return np.asarray(across * part / 2), np.asarray(known * (known - 1) * part / 2)


def masses_without(attendance: Attendance) -> tuple[Floats, Floats]:
    """Contact that crosses, and all whose sides are known, were a group not there: (groups,) each.

    Leaving a group out changes the meetings it came to and no others, so each attendance is looked
    at once.
    """
    once = add_up(attendance)
    rows, shares = once.meeting, once.shares[once.group]
    before = masses(once)
    came = _who_came(once)
    heads, _ = _parts(came)
    known, _, own = _sides(once)
    is_known = shares.any(axis=1)
    left = heads[rows] - once.heads
    part = np.divide(1.0, left - 1, out=np.zeros_like(left), where=left > 1)
    sides = np.asarray(came @ once.shares)[rows] - once.heads[:, None] * shares
    rest = known[rows] - once.heads * is_known
    alone = own[rows] - once.heads * (shares**2).sum(axis=1)
    across = np.maximum(rest**2 - (sides**2).sum(axis=1) - (rest - alone), 0.0) * part / 2
    met = np.maximum(rest * (rest - 1), 0.0) * part / 2
    lost = (before[0][rows] - across, before[1][rows] - met)
    groups = len(once.shares)
    first, second = (np.bincount(once.group, each, groups) for each in lost)
    return before[0].sum() - first, before[1].sum() - second


def contact_of_each(attendance: Attendance) -> Floats:
    """What the matrix of `contact_mass` loses without each group, (groups, sections, sections)."""
    once = add_up(attendance)
    groups, sections = once.shares.shape
    came, outer = _who_came(once), (once.shares[:, :, None] * once.shares[:, None, :])
    heads, part = _parts(came)
    sides = np.asarray(came @ once.shares)
    own = np.asarray(came @ outer.reshape(groups, sections**2)).reshape(
        len(heads), sections, sections
    )
    found = np.zeros((groups, sections**2))
    for rows in np.array_split(np.arange(len(once.group)), len(once.group) // ROWS + 1):
        meeting, group, gone = once.meeting[rows], once.group[rows], once.heads[rows]
        left = heads[meeting] - gone
        rest = np.divide(1.0, left - 1, out=np.zeros_like(left), where=left > 1)
        were, are = sides[meeting], sides[meeting] - gone[:, None] * once.shares[group]
        before = were[:, :, None] * were[:, None, :] - own[meeting]
        after = (
            are[:, :, None] * are[:, None, :] - own[meeting] + gone[:, None, None] * outer[group]
        )
        lost = part[meeting][:, None, None] * before - rest[:, None, None] * after
        for cell, values in enumerate(lost.reshape(len(rows), sections**2).T):
            found[:, cell] += np.bincount(group, values, groups)
    return found.reshape(groups, sections, sections)


def add_up(attendance: Attendance) -> Attendance:
    """The same with one row for a group at a meeting."""
    came = _who_came(attendance).tocoo()
    return replace(
        attendance,
        meeting=np.asarray(came.coords[0]),
        group=np.asarray(came.coords[1]),
        heads=np.asarray(came.data),
    )


def diversities(attendance: Attendance) -> tuple[Floats, Floats]:
    """Of each meeting U, the chance that two different heads of known side are on two sides.

    U = 1 - (sum_g n_g^2 - sum_i s_i . s_i)/(n(n - 1)), (meetings,), and the known heads it rests
    on; U is 0 where they are fewer than two, and means nothing there.
    """
    known, alike, own = _sides(attendance)
    pairs = known * (known - 1)
    same = np.divide(alike - own, pairs, out=np.ones_like(pairs), where=pairs > 0)
    return np.clip(1 - same, 0.0, 1.0), known


def mean_diversity(attendance: Attendance) -> float | None:
    """The mean of U over meetings of two known heads or more; None when there are none."""
    found, known = diversities(attendance)
    return float(found[known > 1].mean()) if (known > 1).any() else None


def blau(counts: Floats) -> float | None:
    """1 - sum p_g^2 (Blau 1977), `counts` (sections,): two drawn, the same one twice allowed.

    Range [0, 1 - 1/K]. Low by (n - 1)/n for n heads. None without heads.
    """
    total = counts.sum()
    return float(1 - ((counts / total) ** 2).sum()) if total > 0 else None


def unbiased_blau(counts: Floats) -> float | None:
    """1 - sum n_g(n_g - 1)/(n(n - 1)) (Simpson 1949): the chance that two different heads differ.

    Range [0, 1]; 1 where all are of sections of their own. None with fewer than two heads.
    """
    total = counts.sum()
    if total < 2:  # noqa: PLR2004
        return None
    return float(1 - (counts * (counts - 1)).sum() / (total * (total - 1)))


def iqv(counts: Floats) -> float | None:
    """Blau's index over the most it can be, 1 - 1/K (Agresti & Agresti 1978). Range [0, 1].

    K counts every section of the boundary, also those nobody came from. None without heads and
    with fewer than two sections.
    """
    index = blau(counts)
    return None if index is None or len(counts) < 2 else index / (1 - 1 / len(counts))  # noqa: PLR2004


def _who_came(attendance: Attendance) -> Any:
    """Heads (meetings, groups), sparse."""
    rows = attendance.heads.astype(np.float64), (attendance.meeting, attendance.group)
    size = (attendance.meetings, len(attendance.shares))
    return scipy.sparse.csr_array(rows, shape=size)


def _parts(came: Any) -> tuple[Floats, Floats]:
    """Per meeting its heads, and 1/(n - 1) of them; 0 where nobody met."""
    heads = np.asarray(came.sum(axis=1), dtype=np.float64).ravel()
    return heads, np.divide(1.0, heads - 1, out=np.zeros_like(heads), where=heads > 1)


def _sides(attendance: Attendance) -> tuple[Floats, Floats, Floats]:
    """Per meeting: heads of known side, sum_g n_g^2, and sum_i s_i . s_i over the heads."""
    came, shares = _who_came(attendance), attendance.shares
    sides = np.asarray(came @ shares, dtype=np.float64)
    alike = np.asarray((sides**2).sum(axis=1), dtype=np.float64)
    own = np.asarray(came @ (shares**2).sum(axis=1), dtype=np.float64)
    return np.asarray(sides.sum(axis=1), dtype=np.float64), alike, own
