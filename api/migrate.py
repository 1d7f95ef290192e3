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
    with engine.connect() as guard, engine.connect() as cx:
        guard.execute(text("SELECT pg_advisory_lock(:lock)"), {"lock": LOCK})
        config.attributes["connection"] = cx
        command.upgrade(config, revision)
        cx.commit()
    engine.dispose()


def is_current(cx: Connection) -> bool:
    """Whether the database is at the newest migration."""
    heads = set(ScriptDirectory.from_config(configured()).get_heads())
    return set(MigrationContext.configure(cx).get_current_heads()) == heads
