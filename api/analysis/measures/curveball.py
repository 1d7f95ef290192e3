"""Curveball: null N4, who came to what dealt out anew, groups as often there, meetings as full.

Two groups trade the meetings only one of them came to. Many copies of the table are dealt side
by side, and in each all groups trade in pairs at once.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from .meetings import diversities, masses
from .nulls import chance_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .meetings import Attendance
    from .nulls import Ask, Chance
    from .ties import Floats, Ints

TRADES = 5  # per row: fewer stay near what was seen
CELLS = 200_000  # attendances dealt in one go: bounds the memory and fits the cache


@dataclass(frozen=True, slots=True)
class Mixed:
    """Meetings against chance: the share of contact that crosses, and the mean diversity U.

    `diversity` (meetings,): the mean of U over the draws, to be taken off a meeting's or a
    space's own; 0 where fewer than two known heads came.
    """

    share: Chance
    mean_diversity: Chance
    diversity: Floats


def compare_meetings(attendance: Attendance, ask: Ask, stratum: Ints | None = None) -> Mixed | None:
    """Whether meetings mix more than how often groups come, and how many come, would give.

    Kept exactly: meetings per group, groups per meeting; a group's headcounts are shuffled over
    its meetings, so heads per meeting are kept on average only. Groups of unknown side stay where
    they were. `stratum` (meetings,): a month or an area, numbered from 0, where not everybody
    could have come to everything: groups trade meetings of the same one only. Strona et al. 2014
    (Nat Commun 5:4114), Carstens, Berger & Strona 2018. None where no two known heads met.
    """
    seen = _figures(attendance, 1)
    if not seen.known.sum():
        return None
    drawn = [_figures(dealt, copies) for dealt, copies in _deals(attendance, ask, stratum)]
    share, mean = (
        np.concatenate([getattr(one, name) for one in drawn]) for name in ("share", "mean")
    )
    total = np.sum([one.diversity for one in drawn], axis=0)
    return Mixed(
        share=chance_of(float(seen.share[0]), share),
        mean_diversity=chance_of(float(seen.mean[0]), mean),
        diversity=total / ask.draws,
    )


@dataclass(frozen=True, slots=True)
class _Figures:
    """Of each copy its known mass, cross share and mean U; U (meetings,) summed over copies."""

    known: Floats
    share: Floats
    mean: Floats
    diversity: Floats


def _figures(attendance: Attendance, copies: int) -> _Figures:
    across, known = (part.reshape(copies, -1).sum(axis=1) for part in masses(attendance))
    found, heads = (part.reshape(copies, -1) for part in diversities(attendance))
    is_told = heads > 1
    found = np.where(is_told, found, 0.0)
    return _Figures(
        known=known,
        share=across / np.where(known > 0, known, 1.0),
        mean=found.sum(axis=1) / np.maximum(is_told.sum(axis=1), 1),
        diversity=found.sum(axis=0),
    )


def _deals(
    attendance: Attendance, ask: Ask, stratum: Ints | None
) -> Iterator[tuple[Attendance, int]]:
    """Blocks of copies as one attendance: the meetings of the first copy, then of the second."""
    rng, groups = np.random.default_rng(ask.seed), len(attendance.shares)
    layer = np.zeros_like(attendance.meeting) if stratum is None else stratum[attendance.meeting]
    code = layer * groups + attendance.group
    moving = np.flatnonzero(np.asarray(attendance.shares.any(axis=1))[attendance.group])
    moving = moving[np.argsort(code[moving], kind="stable")]
    rows, row = np.unique(code[moving], return_inverse=True)
    most, left = max(1, CELLS // len(row)), ask.draws
    while left > 0:
        copies = min(left, most)
        meeting = np.tile(attendance.meeting, (copies, 1))
        heads = np.tile(attendance.heads, (copies, 1))
        meeting[:, moving] = deal(row, attendance.meeting[moving], rows // groups, copies, rng)
        shuffled = np.argsort(row + rng.random((copies, len(row))), axis=1)
        heads[:, moving] = attendance.heads[moving][shuffled]
        yield _side_by_side(attendance, meeting, heads), copies
        left -= copies


def _side_by_side(attendance: Attendance, meeting: Ints, heads: Ints) -> Attendance:
    copies, meetings = len(meeting), attendance.meetings
    apart = meeting + np.arange(copies)[:, None] * meetings
    return replace(
        attendance,
        meetings=copies * meetings,
        meeting=apart.ravel(),
        group=np.tile(attendance.group, copies),
        heads=heads.ravel(),
    )


def deal(row: Ints, column: Ints, part: Ints, copies: int, rng: np.random.Generator) -> Ints:
    """Columns (copies, cells) that `row` (cells,), which must be in order, comes to by trading.

    `part` (rows,), in order: rows trade within their part. Every table of these margins is as
    likely as any other, for a trade and its reverse are (Carstens 2015, PRE 91:042812).
    """
    rows, width = len(part), int(column.max(initial=0)) + 1
    copy = np.arange(copies)[:, None]
    block = (copy * (int(part.max(initial=0)) + 1) + part).ravel()
    of: Ints = (copy * rows + row).ravel()
    at: Ints = np.tile(column, copies)
    for _ in range(_rounds(part)):
        of, at = _trade(of, at, block, width, rng)
    return at[np.argsort(of, kind="stable")].reshape(copies, -1)


def _rounds(part: Ints) -> int:
    """Rounds until each part of R rows, R // 2 trades a round, has seen 5R trades."""
    sizes = np.bincount(part)
    sizes = sizes[sizes > 1]
    return int(np.ceil(TRADES * sizes / (sizes // 2)).max(initial=0))


def _trade(
    of: Ints, at: Ints, block: Ints, width: int, rng: np.random.Generator
) -> tuple[Ints, Ints]:
    """One round: rows of a block are paired, and what only one of a pair has is dealt anew."""
    dealt = np.argsort(block + rng.random(len(block)))
    rank = np.arange(len(block)) - np.searchsorted(block, block)
    side, pair = np.empty_like(dealt), np.empty_like(dealt)
    side[dealt], pair[dealt] = rank % 2, np.arange(len(block)) - rank % 2
    code = pair[of] * width + at
    order = np.argsort(code)
    of, at, again = of[order], at[order], np.diff(code[order]) == 0
    is_next = np.append(again, [False])
    is_sole = ~(is_next | np.roll(is_next, 1))
    sole = of[is_sole]
    lot = np.argsort(pair[sole] + rng.random(len(sole)))
    of[is_sole] = dealt[pair[sole] + side[sole][lot]]
    return of, at
