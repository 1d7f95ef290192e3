"""Meetings: who came to what in a window, as arrays; the database puts them together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from api.analysis.measures.meetings import Attendance
from api.core.db import raw
from api.core.statements import bound

from .boundaries import read_array

if TYPE_CHECKING:
    from uuid import UUID

    from sqlalchemy import Connection

    from api.analysis.measures.ties import Floats, Ints

    from .boundaries import Window


@dataclass(frozen=True, slots=True)
class Meetings:
    """Attendance, and per meeting the number of its space (meetings,), -1 where none is known.

    `spaces`: id and name of each, by number.
    """

    attendance: Attendance
    space: Ints
    spaces: tuple[tuple[UUID, str], ...]


def load_meetings(cx: Connection, network_id: UUID, shares: Floats, window: Window) -> Meetings:
    """Meetings that began in the window; `shares` (groups, sections) as `load_groups` has them.

    Only what the whole network shares. A space that is not, or was removed, is not known.
    """
    params = window.params(network_id)
    spaces = raw(cx).execute(_SPACES, {"network": network_id}).fetchall()
    sent = raw(cx).execute(_MEETINGS, params, binary=True).fetchone()
    space, meeting, code = (read_array(each) for each in sent or (None, None, None))
    attendance = Attendance(
        meetings=len(space),
        meeting=meeting - 1,
        group=(code & 0xFFFFFFFF) - 1,
        heads=code >> 32,
        shares=shares,
    )
    return Meetings(attendance, space - 1, tuple((row[0], row[1]) for row in spaces))


def spaces_of_groups(cx: Connection, network_id: UUID) -> Ints:
    """The number of the space each group is at home in, (groups,), -1 for none."""
    sent = raw(cx).execute(_HOMES, {"network": network_id}, binary=True).fetchone()
    return np.asarray(read_array(sent[0] if sent else None) - 1)


_NUMBERED = """
p AS MATERIALIZED (
  SELECT id, name, row_number() OVER (ORDER BY id) AS number FROM space
  WHERE network_id = :network AND deleted_at IS NULL AND audience = 'network')
"""
_SPACES = bound(f"WITH {_NUMBERED} SELECT id, name FROM p ORDER BY number")

_HOMES = bound(f"""
WITH {_NUMBERED}
SELECT array_send(array_agg(coalesce(p.number, 0) ORDER BY g.id))
FROM grp g LEFT JOIN p ON p.id = g.home_space_id AND g.deleted_at IS NULL
WHERE g.network_id = :network
""")

# OFFSET 0 keeps the planner from walking all attendance by group first
_MEETINGS = bound(f"""
WITH {_NUMBERED},
g AS MATERIALIZED (
  SELECT id, row_number() OVER (ORDER BY id) AS number FROM grp WHERE network_id = :network),
m AS MATERIALIZED (
  SELECT id, space_id, row_number() OVER (ORDER BY starts_at, id) AS number FROM meeting
  WHERE network_id = :network AND deleted_at IS NULL AND audience = 'network'
    AND starts_at >= coalesce(CAST(:since AS timestamptz), '-infinity')
    AND starts_at < coalesce(CAST(:until AS timestamptz), 'infinity'))
SELECT
  (SELECT array_send(array_agg(coalesce(p.number, 0) ORDER BY m.number))
   FROM m LEFT JOIN p ON p.id = m.space_id),
  array_send(array_agg(a.number)), array_send(array_agg(a.headcount::bigint << 32 | g.number))
FROM (
  SELECT m.number, a.group_id, a.headcount FROM m
  JOIN meeting_attendance a ON a.network_id = :network AND a.meeting_id = m.id
  OFFSET 0) a
JOIN g ON g.id = a.group_id
""")
