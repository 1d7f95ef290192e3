"""Database: the declarative base, the two pools, transactions and the scope of one network."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar
from uuid import UUID

from flask import current_app
from psycopg.sql import SQL
from sqlalchemy import Connection, DateTime, MetaData, Text, create_engine
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.pool import NullPool

from .announce import Announcer
from .driver import FAULTS, begin, commit, raw, tell, undo

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine

APP_ROLE = "weft_app"  # owns nothing and cannot bypass row-level security

# A write re-plans every foreign-key check under custom plans; a bbox or list read wants one.
WRITING = "-c plan_cache_mode=force_generic_plan"
READING = (
    "-c plan_cache_mode=force_custom_plan -c default_transaction_read_only=on"
    " -c default_transaction_isolation=repeatable\\ read"
)
# To plan who reads takes twice as long as to look it up: that goes first, by one plan for all.
# Both are hints to one server; the other nodes of a cluster would hear of the first alone.
ADMITTING = "SET LOCAL plan_cache_mode = force_generic_plan"
ADMITTED = "set_config('plan_cache_mode', 'force_custom_plan', true)"
EVERY_SESSION = "-c timezone=UTC -c jit=off -c lock_timeout=2s -c statement_timeout=60s"


class Base(DeclarativeBase):
    """Every table, with constraint names that `problems.CONSTRAINTS` can rely on."""

    type_annotation_map: ClassVar[dict[Any, Any]] = {
        str: Text(),
        datetime: DateTime(timezone=True),
    }
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        },
    )


class Database:
    """Two pools to one PostgreSQL: one for changes, one for reading."""

    def __init__(self, url: str, pool_size: int = 4) -> None:
        """`url` is any libpq or SQLAlchemy PostgreSQL URL; nothing connects yet."""
        self.url = sqlalchemy_url(url)
        pool = {
            "pool_size": pool_size,
            "max_overflow": 0,
            "pool_timeout": 10,
            "pool_use_lifo": True,
            "pool_reset_on_return": None,  # `begun` ends whatever it began
        }
        self._writing = self._engine(WRITING, **pool)
        self._reading = self._engine(READING, **pool)
        self._announcer = Announcer()

    def _engine(self, plans: str, **more: Any) -> Engine:
        options = f"-c role={APP_ROLE} {plans} {EVERY_SESSION}"
        return create_engine(
            self.url,
            isolation_level="AUTOCOMMIT",  # the driver begins nothing by itself: `begun` does
            pool_pre_ping=False,
            hide_parameters=True,  # what people wrote never reaches a log
            # `ask` prepares; the driver would, when something is undone, drop all there is
            connect_args={"options": options, "connect_timeout": 5, "prepare_threshold": None},
            **more,
        )

    @contextmanager
    def transaction(self, network_id: UUID | None = None) -> Iterator[Connection]:
        """One transaction that commits at the end, or leaves no trace when anything is raised."""
        with self._writing.connect() as cx:
            with begun(cx, network_id):
                yield cx
            self._announcer.announce(cx)

    @contextmanager
    def snapshot(
        self, network_id: UUID | None = None, *, admitting: bool = False
    ) -> Iterator[Connection]:
        """Everything read inside is of one moment; nothing can be written.

        `admitting`, for `acting` alone: the first statement must select `ADMITTED`, or all that
        follow keep one plan for whatever they are asked.
        """
        first = ADMITTING if admitting else ""
        with self._reading.connect() as cx, begun(cx, network_id, first):
            yield cx

    @contextmanager
    def apart(self, name: str) -> Iterator[Connection]:
        """A connection for reading besides the pools, for whoever keeps it; it says whose it is."""
        plans = f"{READING} -c application_name={name}"
        alone = self._engine(plans, poolclass=NullPool)
        with alone.connect() as cx:
            yield cx

    @contextmanager
    def beside(self, cx: Connection, network_id: UUID) -> Iterator[Connection]:
        """A second reader of the very moment that a snapshot sees, and of the same network."""
        row = raw(cx).execute("SELECT pg_export_snapshot()").fetchone()
        with self.apart("weft-beside") as other, begun(other, network_id):
            raw(other).execute(SQL("SET TRANSACTION SNAPSHOT {}").format(*row or ()))
            yield other

    @property
    def engines(self) -> dict[str, Engine]:
        """Each pool's engine by name, for whoever watches them."""
        return {"writing": self._writing, "reading": self._reading}

    def close(self) -> None:
        """Give every connection back."""
        self._writing.dispose()
        self._reading.dispose()


@contextmanager
def begun(cx: Connection, network_id: UUID | None = None, first: str = "") -> Iterator[None]:
    """A transaction on a connection of ours; its scope goes in the message that begins it."""
    scope = _scope(network_id) if network_id else ""
    try:
        begin(cx, "; ".join(filter(None, ("BEGIN", scope, first))))
        yield
        commit(cx)
    except BaseException:
        _undo(cx)
        raise


def _undo(cx: Connection) -> None:
    """Roll back; where the line is lost nothing is left to undo, and the pool begins afresh."""
    try:
        undo(cx)
    except FAULTS:
        cx.engine.dispose()


def set_scope(cx: Connection, network_id: UUID) -> None:
    """Let row-level security show this one network until the transaction ends."""
    tell(cx, _scope(network_id))


def _scope(network_id: UUID) -> str:
    """A literal in SET LOCAL, never set_config(): only this reaches every node of a cluster."""
    if not isinstance(network_id, UUID):  # a text could say more than it should
        raise TypeError
    return f"SET LOCAL app.network_id = '{network_id}'"


def database() -> Database:
    """The database of the running application."""
    found: Database = current_app.extensions["database"]
    return found


def sqlalchemy_url(url: str) -> str:
    """Name the driver in a plain PostgreSQL URL."""
    head, _, rest = url.partition("://")
    return f"postgresql+psycopg://{rest}" if head in ("postgres", "postgresql") else url
