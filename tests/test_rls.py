"""Networks are kept apart by the database itself, even where a query forgets to say which."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from sqlalchemy import create_engine
from sqlalchemy.exc import DBAPIError

from api.core.db import APP_ROLE, sqlalchemy_url
from api.tables import METADATA

if TYPE_CHECKING:
    from collections.abc import Iterator

    from api.core.db import Database
    from tests.fixtures.networks import Network, Town

TENANTS = sorted(
    table.name
    for table in METADATA.tables.values()
    if next(iter(table.primary_key.columns)).name == "network_id"
)


@pytest.fixture
def owner(database_url: str) -> Iterator[Any]:
    """A connection that sees everything: the owner's."""
    engine = create_engine(sqlalchemy_url(database_url))
    with engine.connect() as cx:
        yield cx
    engine.dispose()


@pytest.mark.parametrize("table", TENANTS)
def test_a_forgotten_filter_shows_one_network(
    table: str, network: Network, town: Town, other_network: Network, database: Database
) -> None:
    with database.snapshot(other_network.id) as cx:
        found = cx.exec_driver_sql(f"SELECT DISTINCT network_id FROM {table}").scalars().all()
    assert set(found) <= {other_network.id}


def test_a_forgotten_filter_would_have_shown_more(network: Network, town: Town, owner: Any) -> None:
    found = owner.exec_driver_sql("SELECT count(DISTINCT network_id) FROM grp").scalar_one()
    with network.database.snapshot(network.id) as cx:
        seen = cx.exec_driver_sql("SELECT count(DISTINCT network_id) FROM grp").scalar_one()
    assert seen == 1 <= found


@pytest.mark.parametrize("table", [*TENANTS, "network"])
def test_without_a_scope_nothing_is_seen(
    table: str, network: Network, town: Town, database: Database
) -> None:
    with database.snapshot() as cx:
        assert cx.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar_one() == 0


def test_a_row_of_another_network_cannot_be_written(
    network: Network, other_network: Network, database: Database
) -> None:
    statement = "INSERT INTO member (network_id, id, user_id, role) VALUES (%s, %s, %s, 'admin')"
    values = (other_network.id, uuid4(), uuid4())
    with pytest.raises(DBAPIError) as refused, database.transaction(network.id) as cx:
        cx.exec_driver_sql(statement, values)
    assert refused.value.orig.sqlstate == "42501"


def test_a_row_of_another_network_cannot_be_changed(
    network: Network, other_network: Network, database: Database
) -> None:
    with database.transaction(network.id) as cx:
        changed = cx.exec_driver_sql(
            "UPDATE network SET name = 'Taken' WHERE id = %s", (other_network.id,)
        )
        assert changed.rowcount == 0


def test_the_scope_ends_with_the_transaction(network: Network, database: Database) -> None:
    for _ in range(10):  # more than the pool has connections
        with database.transaction(network.id) as cx:
            assert cx.exec_driver_sql("SELECT count(*) FROM network").scalar_one() == 1
        with database.transaction() as cx:
            assert cx.exec_driver_sql("SELECT count(*) FROM network").scalar_one() == 0


def test_the_applications_role_can_bypass_nothing(database: Database, owner: Any) -> None:
    rights = owner.exec_driver_sql(
        "SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolcanlogin"
        " FROM pg_roles WHERE rolname = %s",
        (APP_ROLE,),
    ).one()
    assert not any(rights)
    owned = owner.exec_driver_sql(
        "SELECT count(*) FROM pg_class WHERE pg_get_userbyid(relowner) = %s", (APP_ROLE,)
    )
    assert owned.scalar_one() == 0
    with database.snapshot() as cx:
        assert cx.exec_driver_sql("SELECT current_user").scalar_one() == APP_ROLE


@pytest.mark.parametrize("table", ["history", "op_ledger"])
def test_what_was_said_cannot_be_unsaid(table: str, network: Network, database: Database) -> None:
    for statement in (f"DELETE FROM {table}", f"UPDATE {table} SET kind = 'x'"):
        with pytest.raises(DBAPIError) as refused, database.transaction(network.id) as cx:
            cx.exec_driver_sql(statement)
        assert refused.value.orig.sqlstate == "42501"


def test_every_table_of_a_network_is_protected(owner: Any) -> None:
    protected = owner.exec_driver_sql(
        "SELECT c.relname FROM pg_class c JOIN pg_policy p ON p.polrelid = c.oid"
        " WHERE c.relrowsecurity AND p.polcmd = '*'"
    )
    assert set(protected.scalars()) == {*TENANTS, "network"}


def test_every_key_and_index_of_a_network_begins_with_it(owner: Any) -> None:
    first_columns = owner.exec_driver_sql(
        """
        SELECT i.indexrelid::regclass::text, a.attname FROM pg_index i
        JOIN pg_class c ON c.oid = i.indrelid AND c.relname = ANY(%(tables)s)
        LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
        """,
        {"tables": TENANTS},
    )
    assert {name: first for name, first in first_columns if first != "network_id"} == {}


def test_every_reference_stays_in_its_network(owner: Any) -> None:
    keys = owner.exec_driver_sql(
        """
        SELECT k.conname, (SELECT array_agg(a.attname::text ORDER BY n) FROM
          unnest(k.conkey) WITH ORDINALITY u(num, n)
          JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.num)
        FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
        JOIN pg_class t ON t.oid = k.confrelid
        WHERE k.contype = 'f' AND c.relname = ANY(%(tables)s) AND t.relname = ANY(%(tables)s)
        """,
        {"tables": TENANTS},
    )
    assert {name: columns for name, columns in keys if columns[0] != "network_id"} == {}


def test_no_table_of_a_network_has_a_trigger_of_ours(owner: Any) -> None:
    found = owner.exec_driver_sql(
        "SELECT t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
        " WHERE NOT t.tgisinternal AND c.relname = ANY(%(tables)s)",
        {"tables": TENANTS},
    )
    assert found.scalars().all() == []
