"""Migrations: they lead to the models, one way, and back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, inspect

from api.core.db import sqlalchemy_url
from api.migrate import configured, is_current, migrate
from api.tables import METADATA
from tests.database import clone

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine


@pytest.fixture
def engine(worker_id: str) -> Iterator[Engine]:
    """The owner's access to a database of this test's own, at the newest migration."""
    made = create_engine(sqlalchemy_url(clone(f"weft_migrations_{worker_id}")))
    yield made
    made.dispose()


def is_ours(table: str) -> bool:
    return table in METADATA.tables


def test_upgrading_from_nothing_gives_the_models(engine: Engine) -> None:
    with engine.connect() as cx:
        context = MigrationContext.configure(cx, opts={"compare_type": True})
        found = compare_metadata(context, METADATA)
    ours = [d for d in found if not (d[0] == "remove_table" and not is_ours(d[1].name))]
    foreign_indexes = [d for d in ours if d[0] == "remove_index" and not is_ours(d[1].table.name)]
    assert [d for d in ours if d not in foreign_indexes] == []


def test_there_is_one_newest_migration() -> None:
    assert len(ScriptDirectory.from_config(configured()).get_heads()) == 1


def test_up_down_and_up_again(engine: Engine) -> None:
    config = configured()
    with engine.connect() as cx:
        config.attributes["connection"] = cx
        command.downgrade(config, "base")
        cx.commit()
        left = [name for name in inspect(cx).get_table_names() if is_ours(name)]
        assert left == []
        cx.commit()
        command.upgrade(config, "head")
        cx.commit()
        assert is_current(cx)


def test_migrating_twice_is_harmless(engine: Engine) -> None:
    migrate(engine.url.render_as_string(hide_password=False))
    with engine.connect() as cx:
        assert is_current(cx)


def test_a_network_that_is_new_is_planned_for_like_any_other(engine: Engine) -> None:
    with engine.connect() as cx:
        counted = cx.exec_driver_sql(
            "SELECT attrelid::regclass::text FROM pg_attribute JOIN pg_class c ON c.oid = attrelid"
            " WHERE attname = 'network_id' AND attstattarget <> 0 AND c.relkind = 'r'"
        ).scalars()
        assert list(counted) == []
