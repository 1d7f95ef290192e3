"""Holding: who brought which groups together, where and when; and who was there to tell of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from api.core.driver import raw
from api.core.statements import bound

from .numbers import read_array

if TYPE_CHECKING:
    from uuid import UUID

    from sqlalchemy import Connection

    from api.analysis.measures.ties import Ints

    from .boundaries import Window


class Held(NamedTuple):
    """Events of a layer, a row per group that took part; everything is numbered from 0.

    `event`, `group` (rows,); `holder`, `space`, `at` (events,): the member who brought it about,
    the space or -1, seconds of Unix time.
    """

    event: Ints
    group: Ints
    holder: Ints
    space: Ints
    at: Ints


class Members(NamedTuple):
    """Everybody who ever belonged, by number: id, whether a connector, weeks of theirs.

    `weeks` (members,): weeks of the window in which they belonged; `logged`: those in which they
    logged something, or said that nothing was. `reach`: rows (member, group) of whom they ever
    logged something with.
    """

    ids: tuple[UUID, ...]
    is_connector: Ints
    weeks: Ints
    logged: Ints
    reach: Ints


def load_held(cx: Connection, network_id: UUID, window: Window, layer: str) -> Held:
    """Introductions made, or meetings, of the window; what only a notebook has is left out."""
    params = window.params(network_id)
    sent = raw(cx).execute(_HELD[layer], params, binary=True).fetchone()
    event, group, holder, space, at = (read_array(each) for each in sent or (None,) * 5)
    _, first, number = np.unique(event, return_index=True, return_inverse=True)
    held = holder[first] - 1, space[first] - 1, at[first]
    return Held(number.reshape(-1), group - 1, *held)


def load_members(cx: Connection, network_id: UUID, window: Window) -> Members:
    """Members, and how steadily they told what happened."""
    params = window.params(network_id)
    rows = raw(cx).execute(_MEMBERS, params).fetchall()
    reach = raw(cx).execute(_REACH, params).fetchall()
    numbers = np.array([row[1:] for row in rows], dtype=np.int64).reshape(-1, 3)
    return Members(
        ids=tuple(row[0] for row in rows),
        is_connector=numbers[:, 0],
        weeks=numbers[:, 1],
        logged=numbers[:, 2],
        reach=np.array(reach, dtype=np.int64).reshape(-1, 2) - 1,
    )


_NUMBERED = """
g AS MATERIALIZED (
  SELECT id, row_number() OVER (ORDER BY id) AS number FROM grp WHERE network_id = :network),
m AS MATERIALIZED (
  SELECT id, row_number() OVER (ORDER BY id) AS number FROM member WHERE network_id = :network),
s AS MATERIALIZED (
  SELECT id, row_number() OVER (ORDER BY id) AS number FROM space WHERE network_id = :network)
"""
_SHARED = "network_id = :network AND deleted_at IS NULL AND audience = 'network'"
_WITHIN = """{at} >= coalesce(CAST(:since AS timestamptz), '-infinity')
    AND {at} < coalesce(CAST(:until AS timestamptz), 'infinity')"""
_EVENTS = {
    "introductions": f"""
      SELECT id, coalesce(connector_id, author_id) AS holder, space_id, made_at AS at
      FROM introduction WHERE {_SHARED} AND status = 'made' AND {_WITHIN.format(at="made_at")}""",
    "meetings": f"""
      SELECT id, author_id AS holder, space_id, starts_at AS at
      FROM meeting WHERE {_SHARED} AND {_WITHIN.format(at="starts_at")}""",
}
_TOOK_PART = {
    "introductions": "introduction_party p ON p.network_id = :network AND p.introduction_id = e.id",
    "meetings": "meeting_attendance p ON p.network_id = :network AND p.meeting_id = e.id",
}


def _held(layer: str) -> str:
    return bound(f"""
WITH {_NUMBERED}
SELECT array_send(array_agg(p.number)), array_send(array_agg(g.number)),
  array_send(array_agg(coalesce(m.number, 0))), array_send(array_agg(coalesce(s.number, 0))),
  array_send(array_agg(extract(epoch FROM p.at)::bigint))
FROM (
  SELECT e.number, e.holder, e.space_id, e.at, p.group_id
  FROM (SELECT *, row_number() OVER () AS number FROM ({_EVENTS[layer]}) each) e
  JOIN {_TOOK_PART[layer]}
  OFFSET 0) p
JOIN g ON g.id = p.group_id LEFT JOIN m ON m.id = p.holder LEFT JOIN s ON s.id = p.space_id
""")


_HELD = {layer: _held(layer) for layer in _EVENTS}

# a connector's time begins when they joined, or with the first they logged if that is earlier
_MEMBERS = bound(f"""
WITH logged AS MATERIALIZED (
  SELECT author_id, made_at AS at FROM introduction WHERE {_SHARED}
  UNION ALL SELECT author_id, starts_at FROM meeting WHERE {_SHARED}
  UNION ALL SELECT author_id, happened_at FROM flow WHERE {_SHARED}
  UNION ALL SELECT author_id, week_on FROM quiet_week WHERE {_SHARED}),
first AS (SELECT author_id, min(at) AS at FROM logged GROUP BY 1),
span AS (
  SELECT coalesce(CAST(:since AS timestamptz), (SELECT min(at) FROM logged)) AS since,
    least(coalesce(CAST(:until AS timestamptz), now()), now()) AS until),
told AS (
  SELECT author_id, count(DISTINCT date_trunc('week', at)) AS weeks FROM logged, span
  WHERE at >= date_trunc('week', span.since) AND at < span.until GROUP BY 1),
time AS (
  SELECT m.id, date_trunc('week', greatest(least(m.created_at, f.at), span.since)) AS since,
    least(coalesce(m.ended_at, span.until), span.until) AS until
  FROM member m CROSS JOIN span LEFT JOIN first f ON f.author_id = m.id
  WHERE m.network_id = :network)
SELECT m.id, (m.role = 'connector')::int,
  greatest(0, ceil(coalesce(extract(epoch FROM t.until - t.since), 0) / 604800))::int,
  coalesce(told.weeks, 0)
FROM member m JOIN time t ON t.id = m.id LEFT JOIN told ON told.author_id = m.id
WHERE m.network_id = :network ORDER BY m.id
""")

_REACH = bound(f"""
WITH {_NUMBERED}
SELECT DISTINCT m.number, g.number
FROM (
  SELECT DISTINCT coalesce(i.connector_id, i.author_id) AS holder, p.group_id FROM introduction i
  JOIN introduction_party p ON p.network_id = :network AND p.introduction_id = i.id
  WHERE i.network_id = :network AND i.deleted_at IS NULL AND i.audience = 'network'
    AND i.made_at < coalesce(CAST(:until AS timestamptz), 'infinity')
  UNION SELECT DISTINCT e.author_id, a.group_id FROM meeting e
  JOIN meeting_attendance a ON a.network_id = :network AND a.meeting_id = e.id
  WHERE e.network_id = :network AND e.deleted_at IS NULL AND e.audience = 'network'
    AND e.starts_at < coalesce(CAST(:until AS timestamptz), 'infinity')) r
JOIN m ON m.id = r.holder JOIN g ON g.id = r.group_id
""")
