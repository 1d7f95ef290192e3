"""Places: what each space does for a boundary: contact across, who mixes there, what it yields."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from .meetings import diversities, iqv, masses, unbiased_blau
from .ties import NOBODY, distinct

if TYPE_CHECKING:
    from .curveball import Mixed
    from .meetings import Attendance
    from .ties import Floats, Ints

LEAST_MEETINGS = 3  # meetings a space needs before their mean diversity says anything

NO_MEETINGS = "Nobody met here in this window."
TOO_FEW_MEETINGS = f"Fewer than {LEAST_MEETINGS} meetings here had two heads of known side."


@dataclass(frozen=True, slots=True)
class Place:
    """One space. Contact is as `contact_mass` has it, `part` of all that crosses anywhere.

    `diversity`: mean U of its meetings, in [0, 1]; `expected`: its mean under the curveball.
    `pooled`, `iqv`: of all who ever came, a head each time it came. `reason` says why there is no
    diversity.
    """

    meetings: int
    heads: int
    total: float
    known: float
    crossing: float
    part: float | None
    diversity: float | None
    expected: float | None
    pooled: float | None
    iqv: float | None
    reason: str | None

    @property
    def excess(self) -> float | None:
        """Diversity less expected: above 0, more mixing here than who comes would give."""
        if self.diversity is None or self.expected is None:
            return None
        return self.diversity - self.expected


def describe_places(
    attendance: Attendance, space: Ints, count: int, mixed: Mixed | None
) -> list[Place]:
    """Each of `count` spaces, by number; `space` (meetings,), `NOBODY` for none of them.

    `mixed`: all the meetings against the curveball, from wherever; None where that was not drawn.
    """
    across, known = masses(attendance)
    diversity, told = diversities(attendance)
    came = np.bincount(attendance.meeting, attendance.heads, attendance.meetings)
    heads, is_told = came.astype(np.float64), told > 1

    def sum_up(values: Floats) -> Floats:
        is_here = space != NOBODY
        return np.asarray(np.bincount(space[is_here], values[is_here], count), dtype=np.float64)

    sides, rated = _sides(attendance, space, count), sum_up(is_told.astype(np.float64))
    sums = [sum_up(each) for each in (heads, np.where(heads > 1, heads / 2, 0.0), known, across)]
    held = sum_up(np.ones(attendance.meetings))
    seen = sum_up(np.where(is_told, diversity, 0.0))
    drawn = sum_up(np.where(is_told, mixed.diversity, 0.0)) if mixed else None
    found = []
    for number in range(count):
        is_enough = rated[number] >= LEAST_MEETINGS
        crossing, all_crossing = float(sums[3][number]), float(across.sum())
        found.append(
            Place(
                meetings=int(held[number]),
                heads=int(sums[0][number]),
                total=float(sums[1][number]),
                known=float(sums[2][number]),
                crossing=crossing,
                part=crossing / all_crossing if all_crossing > 0 else None,
                diversity=float(seen[number] / rated[number]) if is_enough else None,
                expected=_mean(drawn, rated, number) if is_enough else None,
                pooled=unbiased_blau(sides[number]),
                iqv=iqv(sides[number]),
                reason=None if is_enough else TOO_FEW_MEETINGS if held[number] else NO_MEETINGS,
            )
        )
    return found


def _mean(drawn: Floats | None, rated: Floats, number: int) -> float | None:
    return None if drawn is None else float(drawn[number] / rated[number])


def _sides(attendance: Attendance, space: Ints, count: int) -> Floats:
    """Heads of each section that came to each space, over all its meetings: (spaces, sections)."""
    where = space[attendance.meeting]
    is_here = where != NOBODY
    found = np.zeros((count, attendance.shares.shape[1]))
    weight = attendance.shares[attendance.group] * attendance.heads[:, None]
    np.add.at(found, where[is_here], weight[is_here])
    return found


def judge_introductions(introduction: Ints, group: Ints, shares: Floats) -> tuple[Ints, Ints]:
    """Which introductions have every party's side known, and which of those cross, by number.

    `introduction`, `group` (rows,), a row per party. One crosses when two of its parties share no
    section, as `tally_introductions` has it.
    """
    declares, groups = shares > 0, max(len(shares), 1)
    rows = distinct(introduction.astype(np.int64) * groups + group)
    which, who = rows // groups, rows % groups
    crosses: list[Ints] = [np.empty(0, np.int64)]
    for step in range(1, len(rows)):
        both = np.flatnonzero(which[step:] == which[:-step])
        if not len(both):
            break
        is_apart = ~(declares[who[both]] & declares[who[both + step]]).any(axis=1)
        crosses.append(which[both[is_apart]])
    unknown = which[~np.asarray(declares.any(axis=1))[who]]
    known = np.setdiff1d(which, unknown)
    return known, np.intersect1d(known, np.concatenate(crosses))
