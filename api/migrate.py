"""Migrate: bring a database to the newest schema, as its owner."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, text

from api.core.db import sqlalchemy_url
from api.settings import HOME

if TYPE_CHECKING:
    from sqlalchemy import Connection

LOCK = 7_308_117  # any number, the same for everyone who migrates


def configured() -> Config:
    """Alembic's configuration, without a file: the place of the scripts is all there is to say."""
    config = Config()
    config.set_main_option("script_location", str(HOME / "migrations").replace("%", "%%"))
    return config


def migrate(url: str, revision: str = "head") -> None:
    """Upgrade to `revision`; two that start at once do it one after the other."""
    engine = create_engine(sqlalchemy_url(url), hide_parameters=True)
    config = configured()
    alone = engine.execution_options(isolation_level="AUTOCOMMIT")
    with alone.connect() as guard, engine.connect() as cx:
        guard.execute(text("SELECT pg_advisory_lock(:lock)"), {"lock": LOCK})
        config.attributes["connection"] = cx
        command.upgrade(config, revision)
        cx.commit()
        _prefer_primary_keys(guard)
        _plan_alike(guard)
    engine.dispose()


def _prefer_primary_keys(cx: Connection) -> None:
    """Make each table's primary key its youngest index.

    Between indexes that look equally cheap PostgreSQL takes the youngest. All begin with the
    network, so on a table that was small or never analysed they do look so, and a look-up of
    one id, planned once for the life of a connection, would read the network's every row.
    """
    for name in cx.scalars(text(_ELDER_KEYS)):
        cx.execute(text(f"REINDEX INDEX CONCURRENTLY {name}"))


def _plan_alike(cx: Connection) -> None:
    """Keep no statistics of which network rows are in: each is planned for as an average one.

    With them PostgreSQL believes that a network which came after the last ANALYZE has no rows, and
    joins its tables row by row: fifty thousand introductions logged in a minute took hours to read.
    """
    for name in cx.scalars(text(_COUNTED)):
        cx.execute(text(f"ALTER TABLE {name} ALTER COLUMN network_id SET STATISTICS 0"))


_COUNTED = """
SELECT a.attrelid::regclass::text FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
WHERE a.attname = 'network_id' AND a.attstattarget <> 0
  AND c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
ORDER BY 1
"""

_ELDER_KEYS = """
SELECT k.indexrelid::regclass::text FROM pg_index k JOIN pg_class c ON c.oid = k.indrelid
WHERE k.indisprimary AND c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
  AND EXISTS (SELECT FROM pg_attribute a
    WHERE a.attrelid = c.oid AND a.attname = 'network_id' AND a.attnum = ANY(k.indkey))
  AND EXISTS (SELECT FROM pg_index o WHERE o.indrelid = k.indrelid AND o.indexrelid > k.indexrelid)
ORDER BY 1
"""


def is_current(cx: Connection) -> bool:
    """Whether the database is at the newest migration."""
    heads = set(ScriptDirectory.from_config(configured()).get_heads())
    return set(MigrationContext.configure(cx).get_current_heads()) == heads


def schemas() -> set[str]:
    """Every schema there was up to the newest, by its migration."""
    return {each.revision for each in ScriptDirectory.from_config(configured()).walk_revisions()}


def schema_of(cx: Connection) -> str | None:
    """The migration a database is at; None where there was none yet."""
    return MigrationContext.configure(cx).get_current_revision()
