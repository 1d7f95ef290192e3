"""One migrated database per test process, cloned from a template that is made once."""

from __future__ import annotations

import os
from uuid import uuid4

import psycopg
from psycopg import sql
from sqlalchemy.engine import make_url

from api.migrate import migrate
from ops.test import URL

TEMPLATE = "weft_template"
LOCK = 7_308_118
# Finds something while a statement waits for another's lock in the database it is asked of.
WAITING = (
    "SELECT FROM pg_locks l JOIN pg_stat_activity a USING (pid)"
    " WHERE NOT l.granted AND a.datname = current_database()"
)
# A template belongs to one run and all its processes, or it would go stale.
RUN = os.environ.get("PYTEST_XDIST_TESTRUNUID") or uuid4().hex


def server() -> str:
    """The cluster of this run: the one `make test` started, or tests/fixtures/cluster.py."""
    return os.environ[URL]


def clone(name: str) -> str:
    """The address of a fresh database called `name`."""
    with psycopg.connect(server(), autocommit=True) as cx:
        cx.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        if _made_for(cx) != RUN:
            _make_template(cx)
        _drop(cx, name)
        statement = "CREATE DATABASE {} TEMPLATE {}"
        cx.execute(sql.SQL(statement).format(sql.Identifier(name), sql.Identifier(TEMPLATE)))
    return _named(name)


def _made_for(cx: psycopg.Connection) -> str | None:
    """Which run the template was made for."""
    row = cx.execute(
        "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s",
        [TEMPLATE],
    ).fetchone()
    return row[0] if row else None


def _make_template(cx: psycopg.Connection) -> None:
    _drop(cx, TEMPLATE)
    cx.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(TEMPLATE)))
    migrate(_named(TEMPLATE))
    statement = "COMMENT ON DATABASE {} IS {}"
    cx.execute(sql.SQL(statement).format(sql.Identifier(TEMPLATE), sql.Literal(RUN)))


def _drop(cx: psycopg.Connection, name: str) -> None:
    cx.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _named(name: str) -> str:
    url = make_url(server()).set(database=name)
    return url.render_as_string(hide_password=False)
