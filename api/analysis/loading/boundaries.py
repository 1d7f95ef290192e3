"""Boundaries: sections, and which side of them every group of the network is on."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from api.analysis.measures.ties import settle_shares
from api.core.driver import raw
from api.core.problems import Problem
from api.core.statements import bound

if TYPE_CHECKING:
    from uuid import UUID

    from sqlalchemy import Connection

    from api.analysis.measures.ties import Floats, Ints


@dataclass(frozen=True, slots=True)
class Boundary:
    """A boundary and its sections in their order, each with id and name."""

    id: UUID
    name: str
    sections: tuple[tuple[UUID, str], ...]

    @property
    def named(self) -> dict[str, Any]:
        """As an answer names it."""
        sections = [{"id": section, "name": name} for section, name in self.sections]
        return {"id": self.id, "name": self.name, "sections": sections}


@dataclass(frozen=True, slots=True)
class Window:
    """Half open: at or after `since`, before `until`; None leaves that end open."""

    since: str | None = None
    until: str | None = None

    @classmethod
    def of(cls, asked: dict[str, Any]) -> Window:
        """The window of a question."""
        return cls(asked["from"], asked["to"])

    @property
    def named(self) -> dict[str, str | None]:
        """As an answer names it."""
        return {"from": self.since, "to": self.until}

    def params(self, network_id: UUID) -> dict[str, Any]:
        """What every statement about a window binds."""
        return {"network": network_id, "since": self.since, "until": self.until}


@dataclass(frozen=True, slots=True)
class Groups:
    """Every group of a network, numbered from 0 in the order of ids.

    `shares` (groups, sections): as settled, zeros where a group's side is unknown. `standing`:
    the numbers of those that are here in the window, active and shared with the network.
    """

    ids: tuple[UUID, ...]
    shares: Floats
    standing: Ints


def load_boundary(cx: Connection, network_id: UUID, boundary_id: UUID) -> Boundary:
    """The boundary with its sections; `not_found` naming the field when it is not there."""
    return load_named(cx, network_id, "boundary", boundary_id)


def load_named(cx: Connection, network_id: UUID, field: str, boundary_id: UUID) -> Boundary:
    """The boundary that a parameter called `field` names."""
    params = {"network": network_id, "boundary": boundary_id}
    rows = raw(cx).execute(_BOUNDARY, params).fetchall()
    if not rows:
        sentence = "There is no such boundary in this network."
        raise Problem("not_found", sentence, fields={field: [sentence]})
    sections = tuple((section, name) for _, section, name in rows if section)
    return Boundary(boundary_id, rows[0][0], sections)


def load_groups(cx: Connection, network_id: UUID, boundary: Boundary, window: Window) -> Groups:
    """The network's groups and their sides of the boundary."""
    sections = [section for section, _ in boundary.sections]
    params = window.params(network_id) | {"sections": sections}
    rows = raw(cx).execute(_GROUPS, params).fetchall()
    declared = np.zeros((len(rows), len(sections)))
    for number, (_, _, places, shares) in enumerate(rows):
        declared[number, [place - 1 for place in places]] = shares
    standing = np.flatnonzero(np.array([stands for _, stands, _, _ in rows], dtype=bool))
    return Groups(tuple(row[0] for row in rows), settle_shares(declared), standing)


def load_names(cx: Connection, network_id: UUID) -> tuple[str, ...]:
    """What every group is called, in the order of ids; "" for one removed or not shared."""
    rows = raw(cx).execute(_NAMES, {"network": network_id}).fetchall()
    return tuple(row[0] for row in rows)


def instant(text: str) -> dt.datetime:
    """An instant as a window has it."""
    return dt.datetime.fromisoformat(text)


_BOUNDARY = bound("""
SELECT b.name, s.id, s.name FROM boundary b
LEFT JOIN section s ON s.network_id = :network AND s.boundary_id = b.id
  AND s.deleted_at IS NULL AND s.audience = 'network'
WHERE b.network_id = :network AND b.id = :boundary
  AND b.deleted_at IS NULL AND b.audience = 'network'
ORDER BY s.position, s.id
""")

# every group in the order of its number elsewhere, whether it stands in the window, and its shares
_GROUPS = bound("""
SELECT g.id,
  coalesce(g.status = 'active', false) AND g.deleted_at IS NULL AND g.audience = 'network'
    AND coalesce(g.active_from < CAST(:until AS timestamptz), true)
    AND coalesce(g.active_to >= CAST(CAST(:since AS timestamptz) AS date), true),
  coalesce(d.places, '{}'), coalesce(d.shares, '{}')
FROM grp g LEFT JOIN (
  SELECT s.grp_id, array_agg(p.place) AS places, array_agg(s.share) AS shares FROM grp_section s
  JOIN unnest(CAST(:sections AS uuid[])) WITH ORDINALITY p(id, place) ON p.id = s.section_id
  WHERE s.network_id = :network GROUP BY s.grp_id
) d ON d.grp_id = g.id AND g.deleted_at IS NULL AND g.audience = 'network'
WHERE g.network_id = :network ORDER BY g.id
""")

_NAMES = bound("""
SELECT CASE WHEN deleted_at IS NULL AND audience = 'network' THEN name ELSE '' END
FROM grp WHERE network_id = :network ORDER BY id
""")
