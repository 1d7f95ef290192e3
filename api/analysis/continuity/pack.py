"""Pack: what a connector would hand over, of all that the whole network shares."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from api.core.driver import raw
from api.core.statements import bound

if TYPE_CHECKING:
    from uuid import UUID

    from sqlalchemy import Connection

    from api.analysis.loading.boundaries import Window


class Pack(NamedTuple):
    """Groups and spaces (id, name) by name, open follow-ups, pairs that nobody else holds."""

    groups: list[dict[str, Any]]
    spaces: list[dict[str, Any]]
    follow_ups: list[dict[str, Any]]
    held_alone: list[list[UUID]]


def load_pack(cx: Connection, network_id: UUID, connector_id: UUID, window: Window) -> Pack:
    """The pack of a connector's introductions in a window; follow-ups are of any time."""
    params = window.params(network_id) | {"connector": connector_id}
    parts = [raw(cx).execute(part, params).fetchall() for part in _PARTS]
    groups, spaces, follow_ups, alone = parts
    return Pack(
        [{"id": each, "name": name} for each, name in groups],
        [{"id": each, "name": name} for each, name in spaces],
        [
            {"id": each, "introduction_id": introduction, "due_on": due_on.isoformat()}
            for each, introduction, due_on in follow_ups
        ],
        [[one, other] for one, other in alone],
    )


_MADE = """
i AS MATERIALIZED (
  SELECT id, space_id, coalesce(connector_id, author_id) AS holder FROM introduction
  WHERE network_id = :network AND deleted_at IS NULL AND audience = 'network' AND status = 'made'
    AND made_at >= coalesce(CAST(:since AS timestamptz), '-infinity')
    AND made_at < coalesce(CAST(:until AS timestamptz), 'infinity'))
"""
_PARTS = tuple(
    bound(part.replace("_MADE", _MADE))
    for part in (
        """
WITH _MADE
SELECT g.id, g.name FROM grp g WHERE g.network_id = :network AND g.deleted_at IS NULL
  AND g.audience = 'network' AND g.id IN (
    SELECT p.group_id FROM i JOIN introduction_party p ON p.network_id = :network
      AND p.introduction_id = i.id WHERE i.holder = :connector)
ORDER BY lower(g.name), g.id
""",
        """
WITH _MADE
SELECT s.id, s.name FROM space s WHERE s.network_id = :network AND s.deleted_at IS NULL
  AND s.audience = 'network' AND s.never_map IS NOT true
  AND s.id IN (SELECT space_id FROM i WHERE holder = :connector)
ORDER BY lower(s.name), s.id
""",
        """
SELECT id, introduction_id, due_on FROM follow_up WHERE network_id = :network
  AND author_id = :connector AND audience = 'network' AND deleted_at IS NULL AND outcome IS NULL
ORDER BY due_on, id
""",
        """
WITH _MADE,
p AS MATERIALIZED (
  SELECT DISTINCT i.id, i.holder, p.group_id FROM i
  JOIN introduction_party p ON p.network_id = :network AND p.introduction_id = i.id)
SELECT x.group_id, y.group_id FROM p x JOIN p y ON y.id = x.id AND y.group_id > x.group_id
GROUP BY 1, 2 HAVING bool_and(x.holder = :connector) ORDER BY 1, 2 LIMIT 2000
""",
    )
)
