"""Load: the spaces that may be named, who met there, and who was introduced there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from api.analysis.loading.boundaries import Window, load_boundary, load_groups
from api.analysis.loading.introductions import load_parties
from api.analysis.loading.meetings import load_meetings, load_spaces
from api.analysis.measures.places import judge_introductions

if TYPE_CHECKING:
    from uuid import UUID

    from sqlalchemy import Connection

    from api.analysis.loading.boundaries import Boundary
    from api.analysis.measures.meetings import Attendance
    from api.analysis.measures.ties import Ints


@dataclass(frozen=True, slots=True)
class Material:
    """`spaces`: id and name of each, by number; `space` (meetings,): -1 for none of them.

    `introductions` (3, spaces): made there in all, with every side known, and crossing.
    """

    boundary: Boundary
    spaces: list[tuple[UUID, str]]
    attendance: Attendance
    space: Ints
    introductions: Ints


def load(cx: Connection, network_id: UUID, asked: dict[str, Any]) -> Material:
    """What spaces rest on; `not_found` for a boundary that is not here."""
    boundary, window = load_boundary(cx, network_id, asked["boundary"]), Window.of(asked)
    groups = load_groups(cx, network_id, boundary, window)
    met = load_meetings(cx, network_id, groups.shares, window)
    rows = load_parties(cx, network_id, window)
    all_spaces = load_spaces(cx, network_id)
    is_named = np.array([is_shown for _, _, is_shown in all_spaces], dtype=bool)
    number = np.append(np.where(is_named, np.cumsum(is_named) - 1, -1), [-1])
    group = (rows.code & 0xFFFFFFFF) - 1
    judged = judge_introductions(rows.introduction, group, groups.shares)
    made = np.unique(rows.introduction), *judged
    at = number[rows.space]
    named = [(space, name or "") for space, name, is_shown in all_spaces if is_shown]
    tallies = [np.bincount(at[which][at[which] >= 0], minlength=len(named)) for which in made]
    return Material(boundary, named, met.attendance, number[met.space], np.array(tallies))
