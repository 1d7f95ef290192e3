"""Connectedness: whether people across a boundary are in the same places, and connect there.

It is exposure times (1 - friending bias): who is in the same places, and whom they take up with
there. The two call for different work (Chetty et al. 2022, Nature
608:108-121 and 122-134, for any two sections).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from .ties import NOBODY, distinct

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .ties import Floats, Ints

    Flags = NDArray[np.bool_]
    TieEnds = tuple[Ints, Ints, Ints, Floats]

LEAST_MEMBERS = 5  # known members a setting needs before their mix says anything
LEAST_NODES = 10  # on either side: fewer would make it a score of single nodes

NOBODY_THERE = "No known tie of this section was made in a setting with enough known members."
TOO_FEW_NODES = f"Fewer than {LEAST_NODES} known groups or persons are on one of the two sides."
NEVER_EXPOSED = "Nobody of the target was in any setting where a tie was made."


@dataclass(frozen=True, slots=True)
class Made:
    """Ties and where they were made, and who belongs there.

    `a`, `b`, `setting` (rows,): a row per tie and setting, `NOBODY` where none was recorded; a
    row counts once. `member`, `member_of` (memberships,): nodes and their settings. `shares`
    (nodes, sections): zeros where unknown.
    """

    a: Ints
    b: Ints
    setting: Ints
    member: Ints
    member_of: Ints
    shares: Floats


@dataclass(frozen=True, slots=True)
class Connected:
    """Connectedness C, exposure X and bias B, with C = X (1 - B); a reason where one is missing.

    `placed`: tie-ends of the origin the three rest on. `unplaced`: known tie-ends besides, made
    where no setting or too few members are known; `unplaced_share`: how many of them reach the
    target, to be read apart.
    """

    connectedness: float | None
    exposure: float | None
    bias: float | None
    placed: float
    unplaced: float = 0.0
    unplaced_share: float | None = None
    reason: str | None = None


def decompose(
    opportunity: Floats, reaching: Floats, ties: Floats, target_share: float
) -> Connected:
    """C = share of ties that reach the target / w; X = tie-weighted opportunity / w; B = 1 - C/X.

    Rows are settings, or the ties made in them: `opportunity` the target's share among the other
    members, `reaching` the ties that reach the target, `ties` all of them; `target_share` w, the
    target's share of the population. C and X in [0, 1/w], 1 is parity; B in (-inf, 1], below 0
    connects beyond opportunity. Without ties or w all None; B is None where X is 0.
    """
    placed = float(ties.sum())
    if placed <= 0 or target_share <= 0:
        return Connected(None, None, None, 0.0, reason=NOBODY_THERE)
    connected = float(reaching.sum()) / placed / target_share
    exposed = float(opportunity @ ties) / placed / target_share
    if exposed <= 0:
        return Connected(connected, 0.0, None, placed, reason=NEVER_EXPOSED)
    return Connected(connected, exposed, 1 - connected / exposed, placed)


def connect(made: Made, origin: int, target: int | None = None) -> Connected:
    """C, X and B of the nodes of section `origin` with those of `target`, or of all others.

    A tie made in two settings is split equally; a node is left out of the mix it is exposed to;
    a setting with fewer than 5 known members, or none recorded, makes a tie `unplaced`. Nodes of
    several sections count by their shares. None with fewer than 10 known nodes on either side.
    """
    return _connect(made, _tie_ends(made), origin, target)


def connect_all(made: Made) -> list[Connected]:
    """As `connect`, of each section with all others."""
    ends = _tie_ends(made)
    return [_connect(made, ends, origin, None) for origin in range(made.shares.shape[1])]


def _connect(made: Made, ends: TieEnds, origin: int, target: int | None) -> Connected:
    is_known = np.asarray(made.shares.any(axis=1))
    own = made.shares[:, origin]
    aim = np.where(is_known, 1 - own, 0.0) if target is None else made.shares[:, target]
    if min(own.sum(), aim.sum()) < LEAST_NODES:
        return Connected(None, None, None, 0.0, reason=TOO_FEW_NODES)
    i, j, setting, weight = ends
    mix, is_placed = _mix_of_others(made, aim, i, setting)
    ties = weight * own[i]
    here, there = ties * is_placed, ties * ~is_placed
    found = decompose(mix, here * aim[j], here, float(aim.sum() / is_known.sum()))
    left = float(there.sum())
    return Connected(
        connectedness=found.connectedness,
        exposure=found.exposure,
        bias=found.bias,
        placed=found.placed,
        unplaced=left,
        unplaced_share=float(there @ aim[j]) / left if left else None,
        reason=found.reason,
    )


def _tie_ends(made: Made) -> TieEnds:
    """Both ends of each known tie in each of its settings: from, to, setting, and its part."""
    is_known = np.asarray(made.shares.any(axis=1))
    n, settings = len(is_known), int(made.setting.max(initial=0)) + 2
    low, high = np.minimum(made.a, made.b), np.maximum(made.a, made.b)
    keep = is_known[low] & is_known[high] & (low != high)
    codes = distinct((low[keep] * n + high[keep]) * settings + made.setting[keep] + 1)
    pairs, which, times = np.unique(codes // settings, return_inverse=True, return_counts=True)
    ends = np.stack([pairs // n, pairs % n])[:, which]
    i, j = np.concatenate([ends, ends[::-1]], axis=1)
    return i, j, np.tile(codes % settings - 1, 2), np.tile(1 / times[which], 2)


def _mix_of_others(made: Made, aim: Floats, i: Ints, setting: Ints) -> tuple[Floats, Flags]:
    """Per tie-end the target's share among the other known members, and whether it is told."""
    n = len(aim)
    is_known = np.asarray(made.shares.any(axis=1))
    codes = distinct(made.member_of * n + made.member)
    codes = codes[is_known[codes % n]]
    settings = int(max(made.setting.max(initial=0), made.member_of.max(initial=0))) + 1
    members = np.bincount(codes // n, minlength=settings)
    wanted = np.bincount(codes // n, aim[codes % n], settings)
    is_placed = (setting != NOBODY) & (members[setting] >= LEAST_MEMBERS)
    is_in = np.isin(setting * n + i, codes)
    mix = (wanted[setting] - aim[i] * is_in) / np.maximum(members[setting] - is_in, 1)
    return np.where(is_placed, mix, 0.0), is_placed
