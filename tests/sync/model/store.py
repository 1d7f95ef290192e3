"""Store: the database seen from outside the product, for what the claims are checked against."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg.rows import namedtuple_row

from api.core.record import KINDS
from api.core.statements import bound, document

if TYPE_CHECKING:
    from uuid import UUID

    from .world import Place


@dataclass
class Store:
    """A connection as the owner of the database, whom row-level security does not bind."""

    url: str

    @cached_property
    def cx(self) -> psycopg.Connection[Any]:
        return psycopg.connect(self.url, autocommit=True, row_factory=namedtuple_row)

    def close(self) -> None:
        self.cx.close()

    def rows(self, statement: str, place: Place, **more: Any) -> list[Any]:
        return self.cx.execute(statement, {"network": place.network.id} | more).fetchall()

    def ledger(self, place: Place) -> dict[str, Any]:
        """Every verdict there is, by operation."""
        found = self.rows("SELECT * FROM op_ledger WHERE network_id = %(network)s", place)
        return {str(row.op_id): row for row in found}

    def history(self, place: Place) -> dict[str, Any]:
        """Every state there ever was, by version."""
        found = self.rows("SELECT * FROM history WHERE network_id = %(network)s", place)
        return {str(row.version): row for row in found}

    def revision(self, place: Place) -> int:
        statement = "SELECT revision FROM network WHERE id = %(network)s"
        return int(self.rows(statement, place)[0].revision)

    def truth(self, place: Place) -> dict[tuple[str, str], dict[str, Any]]:
        """Every record as its own table has it now; `data` is None of what was removed."""
        told: dict[tuple[str, str], dict[str, Any]] = {}
        for kind in KINDS.values():
            statement = bound(
                "SELECT r.id, r.version, r.audience, CASE WHEN r.deleted_at IS NULL THEN"
                f" {document(kind, envelope=False)} END AS data FROM {kind.table} r"
                " WHERE r.network_id = :network"
            )
            for row in self.rows(statement, place):
                data = row.data and json.loads(kind.codec.dump(kind.codec.of_database(row.data)))
                told[kind.name, str(row.id)] = {
                    "version": str(row.version), "audience": row.audience, "data": data
                }  # fmt: skip
        return told

    def begun_by(self, place: Place) -> dict[str, UUID]:
        """Who began each record or, once it was handed over, whose it is now."""
        statement = " UNION ALL ".join(
            f"SELECT id, author_id FROM {kind.table} WHERE network_id = %(network)s"
            for kind in KINDS.values()
        )
        return {str(row.id): row.author_id for row in self.rows(statement, place)}

    # --- backups ---------------------------------------------------------------------------------

    @cached_property
    def tables(self) -> list[str]:
        """Tables that belong to networks, and the network's own."""
        found = self.cx.execute(
            "SELECT table_name FROM information_schema.columns JOIN information_schema.tables"
            " USING (table_schema, table_name) WHERE table_schema = 'public'"
            " AND table_type = 'BASE TABLE' AND column_name = 'network_id'"
        )
        return ["network", *sorted(row.table_name for row in found)]

    def save(self, place: Place) -> dict[str, bytes]:
        """A network's rows, table by table."""
        return {table: self._copied(table, place) for table in self.tables}

    def _copied(self, table: str, place: Place) -> bytes:
        where = f"{_key(table)} = '{place.network.id}'"
        with self.cx.cursor().copy(f"COPY (SELECT * FROM {table} WHERE {where}) TO STDOUT") as copy:
            return b"".join(bytes(part) for part in copy)

    def restore(self, place: Place, saved: dict[str, bytes]) -> None:
        """Put a network back as it was, under a new epoch."""
        network = {"network": place.network.id}
        with self.cx.transaction():
            self.cx.execute("SET LOCAL session_replication_role = replica")
            for table in saved:
                self.cx.execute(f"DELETE FROM {table} WHERE {_key(table)} = %(network)s", network)
            for table, rows in saved.items():
                with self.cx.cursor().copy(f"COPY {table} FROM STDIN") as copy:
                    copy.write(rows)
            self.cx.execute(
                "UPDATE network SET epoch = gen_random_uuid() WHERE id = %(network)s", network
            )


def _key(table: str) -> str:
    return "id" if table == "network" else "network_id"
