"""Meetings: who came to what in a window, as arrays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from api.analysis.measures.meetings import Attendance
from api.analysis.measures.ties import distinct
from api.core.driver import raw
from api.core.statements import bound

from .numbers import MANY, find_place, load_numbers, match, read_arrays

if TYPE_CHECKING:
    from uuid import UUID

    from sqlalchemy import Connection

    from api.analysis.measures.ties import Floats, Ints

    from .boundaries import Window


@dataclass(frozen=True, slots=True)
class Meetings:
    """Attendance, and per meeting the number of its space (meetings,), -1 where none is known."""

    attendance: Attendance
    space: Ints


def load_meetings(cx: Connection, network_id: UUID, shares: Floats, window: Window) -> Meetings:
    """Meetings that began in the window; `shares` (groups, sections) as `load_groups` has them.

    Only what the whole network shares. A space that is not, or was removed, is not known.
    """
    space, place, came, heads = _load_attendance(cx, network_id, window, has_heads=True)
    again = np.argsort(place * len(shares) + came)  # in no order of the database's: draws repeat
    rows = place[again], came[again], heads[again]
    return Meetings(Attendance(len(space), *rows, shares), space)


def load_belonging(
    cx: Connection, network_id: UUID, shares: Floats, window: Window
) -> tuple[Ints, Ints]:
    """Groups and the spaces they are found in, (rows,) each, numbered as everywhere here.

    A group is found where it came to a meeting in the window, and where it is at home.
    """
    of_meeting, meeting, came, _ = _load_attendance(cx, network_id, window, has_heads=False)
    (home,) = read_arrays(
        raw(cx).execute(_HOMES, {"network": network_id}, binary=True).fetchone(), 1
    )
    at_home = find_place(load_numbers(cx, network_id, "space"), home)
    space = np.concatenate([of_meeting[meeting], at_home])
    group = np.concatenate([came, np.arange(len(at_home))])
    groups, is_known = max(len(shares), 1), space >= 0
    code = distinct(space[is_known] * groups + group[is_known])
    return code % groups, code // groups


def _load_attendance(
    cx: Connection, network_id: UUID, window: Window, *, has_heads: bool
) -> tuple[Ints, Ints, Ints, Ints]:
    """The space of each meeting (meetings,); meeting, group and headcount of each row (rows,)."""
    params = window.params(network_id) | {"heads": has_heads}
    sent = raw(cx).execute(_MEETINGS, params, binary=True).fetchone()
    held, at = read_arrays(sent, 2)
    order = np.argsort(held)
    statement = _ALL_ATTENDANCE if len(held) > MANY else _ATTENDANCE
    sent = raw(cx).execute(statement, params, binary=True).fetchone()
    meeting, group, heads = read_arrays(sent, 3)
    row, place = match(held[order], meeting)
    came = find_place(load_numbers(cx, network_id, "grp"), group)[row]
    space = find_place(load_numbers(cx, network_id, "space"), at[order])
    return space, place, came, heads[row] if has_heads else heads


def load_spaces(cx: Connection, network_id: UUID) -> list[tuple[UUID, str | None, bool]]:
    """Every space by number: its id, its name, and whether it may be named."""
    return raw(cx).execute(_SPACES, {"network": network_id}).fetchall()


# one that was removed, is not in use or must not be mapped is not named
_SPACES = bound("""
SELECT id, name, deleted_at IS NULL AND audience = 'network' AND coalesce(status = 'active', false)
  AND NOT coalesce(never_map, false)
FROM space WHERE network_id = :network ORDER BY id
""")
_HOMES = bound("""
SELECT array_send(array_agg(CASE WHEN deleted_at IS NULL
  THEN coalesce(uuid_hash_extended(home_space_id, 0), 0) ELSE 0 END ORDER BY id))
FROM grp WHERE network_id = :network
""")
_HELD = """meeting m WHERE m.network_id = :network AND m.deleted_at IS NULL
  AND m.audience = 'network'
  AND m.starts_at >= coalesce(CAST(:since AS timestamptz), '-infinity')
  AND m.starts_at < coalesce(CAST(:until AS timestamptz), 'infinity')"""
_MEETINGS = bound(f"""
SELECT array_send(array_agg(uuid_hash_extended(m.id, 0))),
  array_send(array_agg(coalesce(uuid_hash_extended(m.space_id, 0), 0))) FROM {_HELD}
""")
_ROWS = """
SELECT array_send(array_agg(uuid_hash_extended(a.meeting_id, 0))),
  array_send(array_agg(uuid_hash_extended(a.group_id, 0))),
  array_send(array_agg(a.headcount::bigint) FILTER (WHERE :heads))
FROM {rows}
"""
_ALL_ATTENDANCE = bound(_ROWS.format(rows="meeting_attendance a WHERE a.network_id = :network"))
# OFFSET 0 keeps the planner from walking all attendance by group first
_ATTENDANCE = bound(
    _ROWS.format(
        rows=f"(SELECT m.id FROM {_HELD} OFFSET 0) m"
        " JOIN meeting_attendance a ON a.network_id = :network AND a.meeting_id = m.id"
    )
)
