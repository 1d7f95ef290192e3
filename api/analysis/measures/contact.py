"""Contact: what crosses a boundary at meetings, against how often groups come and how many."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from . import mixing
from .crossing import (
    LEAST_KNOWN,
    LEAST_NODES,
    LEAST_SECTIONS,
    TOO_FEW_NODES,
    TOO_FEW_SECTIONS,
    Crossing,
    explain,
    in_common,
    index,
)
from .curveball import compare_meetings
from .intervals import LEAST_NODES as LEAST_GROUPS
from .intervals import LEAST_TIES, around, spread_of
from .meetings import contact_mass, masses_without

if TYPE_CHECKING:
    from .crossing import Indices
    from .curveball import Mixed
    from .intervals import Interval
    from .meetings import Attendance
    from .nulls import Ask
    from .ties import Floats

MOST_DEALT = 40_000_000  # attendances times draws: what is dealt in well under a minute

NO_MEETINGS = "Nobody met anybody at a meeting in this window."
TOO_FEW_CAME = f"Groups of known side came to meetings fewer than {LEAST_KNOWN} times."
TOO_FEW_FOR_INTERVAL = (
    f"Fewer than {LEAST_GROUPS} groups of known side came, or they came fewer than"
    f" {LEAST_TIES} times."
)
TOO_MANY = (
    "So many attendances are not dealt out so often: ask for a shorter window, or fewer draws."
)


def measure_meetings(attendance: Attendance, ask: Ask) -> tuple[Crossing, Mixed | None]:
    """All figures of contact, and what the curveball says of diversity.

    `known` and `total` are contact mass: a meeting of n heads has n/2. `sizes` are heads, each
    time they came. Chance is N4; None above 40 million attendances times draws.
    """
    contact = contact_mass(attendance)
    came = np.bincount(attendance.group, attendance.heads, len(attendance.shares))
    heads = came.astype(np.float64)
    known = float(contact.matrix.sum()) / 2
    bare = Crossing(known, contact.total, contact.matrix, heads @ attendance.shares)
    reason = _find_too_little(attendance, contact.total)
    if reason:
        return replace(bare, reasons={"share": reason}), None
    is_too_much = len(attendance.group) * ask.draws > MOST_DEALT
    mixed = None if is_too_much else compare_meetings(attendance, ask)
    found = Crossing(
        **in_common(bare),
        share=mixing.cross_share(contact.matrix),
        chance=mixed.share if mixed else None,
        bounds=mixing.worst_case_share(contact.matrix, contact.total),
        interval=_interval(attendance, contact.matrix),
        indices=_indices(attendance.shares, heads, contact.matrix),
    )
    reasons = explain(found) | ({"expected": TOO_MANY} if is_too_much else {})
    if found.interval is None:
        reasons["interval"] = TOO_FEW_FOR_INTERVAL
    return replace(found, reasons=reasons), mixed


def _indices(shares: Floats, heads: Floats, matrix: Floats) -> Indices:
    is_known = np.asarray(shares.any(axis=1))
    shares, heads = shares[is_known], heads[is_known]
    baseline = mixing.finite_baseline(shares, heads)
    return index(matrix, mixing.expected_share(shares, heads), baseline)


def _find_too_little(attendance: Attendance, total: float) -> str | None:
    """Why no figure can be given, or None."""
    if attendance.shares.shape[1] < LEAST_SECTIONS:
        return TOO_FEW_SECTIONS
    if not total:
        return NO_MEETINGS
    sides = attendance.shares[attendance.group]
    if sides.any(axis=1).sum() < LEAST_KNOWN:
        return TOO_FEW_CAME
    came = attendance.shares[np.unique(attendance.group)]
    if (came.sum(axis=0) >= LEAST_NODES).sum() < LEAST_SECTIONS:
        return TOO_FEW_NODES
    return None


def _interval(attendance: Attendance, matrix: Floats) -> Interval | None:
    """How far the share hangs on single groups: each left out of all its meetings in turn."""
    is_known = np.asarray(attendance.shares.any(axis=1))[attendance.group]
    groups = np.unique(attendance.group[is_known])
    share = mixing.cross_share(matrix)
    if share is None or len(groups) < LEAST_GROUPS or is_known.sum() < LEAST_TIES:
        return None
    across, known = masses_without(attendance)
    is_some = known[groups] > 0
    without = across[groups][is_some] / known[groups][is_some]
    return around(share, spread_of(without), "node jackknife")
