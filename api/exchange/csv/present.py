"""Present: what a network has already, by name, as a spreadsheet speaks of it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid5

import msgspec

from api.core.driver import raw
from api.core.record import KINDS
from api.core.statements import bound, document

if TYPE_CHECKING:
    from sqlalchemy import Connection

KINDS_READ = ("boundaries", "sections", "spaces", "groups")
Document = dict[str, Any]


def fold(name: str) -> str:
    """Names are the same when only case and spaces tell them apart."""
    return " ".join(name.casefold().split())


@dataclass
class Present:
    """Records the network shares, and ids whose records were removed."""

    network_id: UUID
    records: dict[str, list[Document]]
    gone: dict[str, set[UUID]]

    def named(self, kind: str, name: str, **where: str) -> list[Document]:
        """Records of this name, of those that `where` holds for."""
        return [
            each
            for each in self.records[kind]
            if each["name"]
            and fold(each["name"]) == fold(name)
            and all(each[field] == value for field, value in where.items())
        ]

    def by_id(self, kind: str) -> dict[str, Document]:
        """Records by id."""
        return {each["id"]: each for each in self.records[kind]}

    def fresh_id(self, kind: str, *name: str) -> UUID:
        """The id a record of this name gets: the same each time, unless it was removed since."""
        path, turn = "/".join(map(fold, (kind, *name))), 0
        while (found := uuid5(self.network_id, f"{path}/{turn}")) in self.gone[kind]:
            turn += 1
        return found


def read_present(cx: Connection, network_id: UUID) -> Present:
    """All that the network shares of the kinds a spreadsheet can name."""
    records: dict[str, list[Document]] = {}
    gone: dict[str, set[UUID]] = {}
    for kind in KINDS_READ:
        sent, removed = raw(cx).execute(_all(kind), {"network": network_id}).fetchone() or ("", [])
        records[kind] = msgspec.json.decode(sent)
        gone[kind] = set(removed)
    return Present(network_id, records, gone)


@cache
def _all(name: str) -> str:
    kind = KINDS[name]
    order = f"r.{kind.order_by}, r.id"
    return bound(
        f"SELECT coalesce((SELECT json_agg({document(kind, envelope=True)} ORDER BY {order})"
        f" FROM {kind.table} r WHERE r.network_id = :network AND r.deleted_at IS NULL"
        " AND r.audience = 'network'), '[]')::text,"
        f" ARRAY(SELECT id FROM {kind.table} WHERE network_id = :network"
        " AND deleted_at IS NOT NULL)"
    )
