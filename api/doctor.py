"""Doctor: looks at what Weft needs and says what to do where something is missing."""

from __future__ import annotations

import os
import shutil
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import create_engine
from sqlalchemy.exc import SQLAlchemyError

from api.core.db import sqlalchemy_url
from api.migrate import is_current
from api.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

PYTHON = (3, 11)
POSTGRES = 150_000
POSTGIS = (3, 3)
ROOM_MB = 500


@dataclass(frozen=True)
class Finding:
    """One thing looked at: how it is, and what to do when it is not well."""

    what: str
    is_well: bool
    says: str


def examine() -> Iterator[Finding]:
    """Look at Python, settings, database, PostGIS, migrations, disk and mail, in that order."""
    version = sys.version.split()[0]
    is_new = sys.version_info >= PYTHON
    yield Finding("Python", is_new, version if is_new else f"{version} is too old; 3.11 is needed")
    try:
        settings = Settings.from_env()
    except ValueError as error:
        yield Finding("settings", False, str(error))  # noqa: FBT003
        return
    yield from _database(settings)
    yield _disk(settings)
    yield _mail(settings)


def _database(settings: Settings) -> Iterator[Finding]:
    if not settings.database_url:
        says = "none yet; run `make run` once, or set WEFT_DATABASE_URL"
        yield Finding("database", False, says)  # noqa: FBT003
        return
    try:
        engine = create_engine(sqlalchemy_url(settings.database_url), hide_parameters=True)
    except (SQLAlchemyError, ValueError):
        says = "WEFT_DATABASE_URL is no address such as postgresql://weft@db.example/weft"
        yield Finding("database", False, says)  # noqa: FBT003
        return
    try:
        with engine.connect() as cx:
            yield from _inside(cx)
    except SQLAlchemyError:
        says = "does not answer; is `make run` going, and is WEFT_DATABASE_URL right?"
        yield Finding("database", False, says)  # noqa: FBT003
    finally:
        engine.dispose()


def _inside(cx: Connection) -> Iterator[Finding]:
    number = int(cx.exec_driver_sql("SHOW server_version_num").scalar_one())
    name = f"PostgreSQL {number // 10_000}.{number % 10_000}"
    is_new = number >= POSTGRES
    yield Finding("database", is_new, name if is_new else f"{name} is too old; 15 is needed")
    found = cx.exec_driver_sql(
        "SELECT default_version FROM pg_available_extensions WHERE name = 'postgis'"
    ).scalar()
    is_new = bool(found) and tuple(map(int, str(found).split(".")[:2])) >= POSTGIS
    says = str(found) if is_new else "3.3 or newer is needed: apt-get install postgresql-postgis"
    yield Finding("PostGIS", is_new, says)
    current = is_current(cx)
    yield Finding("migrations", current, "at the newest" if current else "run: weft migrate")


def _disk(settings: Settings) -> Finding:
    folder = settings.var if settings.var.exists() else settings.var.parent
    free = shutil.disk_usage(folder).free // 2**20
    is_well = free >= ROOM_MB
    says = f"{free:,} MB free in {folder}"
    return Finding(
        "disk", is_well, says if is_well else f"{says}; make room, {ROOM_MB} MB at least"
    )


def _mail(settings: Settings) -> Finding:
    if settings.mail_url:
        return Finding("mail", True, "goes out by SMTP as WEFT_MAIL_URL says")  # noqa: FBT003
    folder = settings.outbox if settings.outbox.exists() else settings.var
    is_well = os.access(folder, os.W_OK)
    says = f"no WEFT_MAIL_URL: codes are laid down as files in {settings.outbox}"
    return Finding("mail", is_well, says if is_well else f"{says}, which cannot be written to")
