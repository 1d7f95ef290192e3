"""Flows: what went from group to group in a window, added up by the database per direction."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from api.core.driver import raw
from api.core.statements import bound

if TYPE_CHECKING:
    from uuid import UUID

    from sqlalchemy import Connection

    from api.analysis.measures.ties import Floats, Ints

    from .boundaries import Window


@dataclass(frozen=True, slots=True)
class Flows:
    """Of one resource in one unit, (rows,) a row per direction: who gave, who took.

    Groups are numbered from 0 in the order of ids. `unit` is None where no amount was noted, then
    `amount` is 0. `times`: how many flows a row is.
    """

    resource: str
    unit: str | None
    giver: Ints
    taker: Ints
    amount: Floats
    times: Ints


def load_flows(
    cx: Connection, network_id: UUID, window: Window, resource: str | None = None
) -> list[Flows]:
    """What was delivered in the window, by resource and unit; of one `resource` where it is named.

    Only what the whole network shares; what a group gave itself is no flow. An amount without a
    unit has the unit "".
    """
    params = window.params(network_id) | {"resource": resource}
    rows = raw(cx).execute(_FLOWS, params).fetchall()
    return [
        Flows(
            kind,
            unit,
            np.array(giver, dtype=np.int64) - 1,
            np.array(taker, dtype=np.int64) - 1,
            np.array(amount, dtype=np.float64),
            np.array(times, dtype=np.int64),
        )
        for kind, unit, giver, taker, amount, times in rows
    ]


_FLOWS = bound("""
WITH g AS MATERIALIZED (
  SELECT id, row_number() OVER (ORDER BY id) AS number FROM grp WHERE network_id = :network),
f AS (
  SELECT resource, CASE WHEN quantity > 0 THEN coalesce(lower(trim(unit)), '') END AS unit,
    from_group_id, to_group_id, sum(coalesce(quantity, 0)) AS amount, count(*) AS times
  FROM flow
  WHERE network_id = :network AND deleted_at IS NULL AND audience = 'network'
    AND status = 'delivered' AND from_group_id <> to_group_id
    AND (CAST(:resource AS text) IS NULL OR resource = :resource)
    AND happened_at >= coalesce(CAST(:since AS timestamptz), '-infinity')
    AND happened_at < coalesce(CAST(:until AS timestamptz), 'infinity')
  GROUP BY 1, 2, 3, 4)
SELECT f.resource, f.unit, array_agg(a.number ORDER BY a.number, b.number),
  array_agg(b.number ORDER BY a.number, b.number),
  array_agg(f.amount::double precision ORDER BY a.number, b.number),
  array_agg(f.times ORDER BY a.number, b.number)
FROM f JOIN g a ON a.id = f.from_group_id JOIN g b ON b.id = f.to_group_id
GROUP BY 1, 2 ORDER BY 1, 2 NULLS FIRST
""")
