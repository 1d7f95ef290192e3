"""Driver: how a statement reaches PostgreSQL when nothing is to stand between.

`raw` is the driver itself. `ask` and `tell` are for what runs with every request: each is one call
of libpq, several times cheaper than the driver's own way (docs/decisions/few-messages.md).
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import count
from typing import TYPE_CHECKING, Any

from psycopg import Error, OperationalError
from psycopg.adapt import PyFormat, Transformer
from psycopg.errors import InFailedSqlTransaction, error_from_result
from psycopg.pq import ConnStatus, ExecStatus, TransactionStatus
from sqlalchemy.exc import SQLAlchemyError

if TYPE_CHECKING:
    import psycopg
    from psycopg.pq.abc import PGconn, PGresult
    from sqlalchemy import Connection

FAULTS = (SQLAlchemyError, Error)  # what the database may raise, or the way to it
MOST = 200  # statements that a connection keeps ready
_PREPARED, _NOTED, _BEGIN = "prepared", "noted", "begin"
_DONE = (ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK)
_numbers = count()
_NAMED = re.compile(r"%\((\w+)\)s")

_Statement = tuple[bytes, list[str], list[PyFormat]]  # for libpq, its parameters in order
_Known = dict[tuple[str, tuple[int, ...]], bytes]  # text and types of its parameters: its name


def raw(cx: Connection) -> psycopg.Connection[Any]:
    """The psycopg connection underneath, for statements that want nothing between."""
    return cx.connection.driver_connection  # type: ignore[return-value]


def ask(cx: Connection, statement: str, params: dict[str, Any]) -> list[tuple[Any, ...]]:
    """The rows of a statement with `%(name)s` in it, prepared the first time on each connection.

    Ask with few different texts: those not used for longest are prepared anew.
    """
    driver = raw(cx)
    words, names, formats = _read(statement)
    adapter = Transformer(driver)
    values: Any = adapter.dump_sequence([params[name] for name in names], formats)
    types = adapter.types or ()
    known: _Known = cx.info.setdefault(_PREPARED, {})
    name = known.pop((statement, types), None) or _prepare(driver.pgconn, words, types, known)
    known[statement, types] = name  # the last in order, as it was used last
    answer = driver.pgconn.exec_prepared(name, values, adapter.formats)
    _require_done(driver.pgconn, answer)
    adapter.set_pgresult(answer)
    return adapter.load_rows(0, answer.ntuples, tuple)


def tell(cx: Connection, words: str) -> None:
    """Carry out a command that takes no parameters and has no answer."""
    pgconn = raw(cx).pgconn
    _require_done(pgconn, pgconn.exec_(words.encode()))


def commit(cx: Connection) -> None:
    """End the transaction; of one that failed, PostgreSQL undoes all and calls that done too."""
    pgconn = raw(cx).pgconn
    answer = pgconn.exec_(b"COMMIT")
    _require_done(pgconn, answer)
    if answer.command_status != b"COMMIT":
        raise InFailedSqlTransaction("a statement had failed, so nothing is stored")


def begin(cx: Connection, words: str) -> None:
    """Begin a transaction with these words; nothing is noted of it yet."""
    cx.info[_NOTED] = {_BEGIN: words}
    tell(cx, words)


def begin_again(cx: Connection) -> None:
    """Undo all that the transaction did and start it afresh, with the words that began it."""
    words = noted(cx)[_BEGIN]
    cx.info[_NOTED] = {_BEGIN: words}
    tell(cx, f"ROLLBACK; {words}")


def save(cx: Connection, savepoint: str) -> None:
    """Set a mark that `roll_back` can go back to."""
    tell(cx, f"SAVEPOINT {savepoint}")
    noted(cx)[savepoint] = dict(noted(cx))


def roll_back(cx: Connection, savepoint: str) -> None:
    """Undo everything since a savepoint, and what was noted since."""
    tell(cx, f"ROLLBACK TO SAVEPOINT {savepoint}")
    before = noted(cx)[savepoint]
    cx.info[_NOTED] = before | {savepoint: before}


def undo(cx: Connection) -> None:
    """Undo the whole transaction, where there is one."""
    if raw(cx).pgconn.transaction_status != TransactionStatus.IDLE:
        tell(cx, "ROLLBACK")


def noted(cx: Connection) -> dict[str, Any]:
    """What is noted of the transaction under way, by whoever wants to know it again."""
    found: dict[str, Any] = cx.info[_NOTED]
    return found


@lru_cache(1_000)
def _read(statement: str) -> _Statement:
    """A statement with its parameters numbered, as PostgreSQL wants them."""
    names = list(dict.fromkeys(_NAMED.findall(statement)))
    words = _NAMED.sub(lambda found: f"${names.index(found[1]) + 1}", statement)
    return words.encode(), names, [PyFormat.AUTO] * len(names)


def _prepare(pgconn: PGconn, words: bytes, types: tuple[int, ...], known: _Known) -> bytes:
    """Have a statement ready under a name; the one not used for longest makes room for it."""
    if len(known) == MOST:
        idle = next(iter(known))
        _require_done(pgconn, pgconn.exec_(b"DEALLOCATE " + known[idle]))
        del known[idle]
    name = b"weft_%d" % next(_numbers)
    _require_done(pgconn, pgconn.prepare(name, words, types))
    return name


def _require_done(pgconn: PGconn, answer: PGresult) -> None:
    if answer.status in _DONE:
        return
    error = error_from_result(answer)
    if pgconn.status != ConnStatus.OK or not error.diag.sqlstate:  # the server said nothing
        raise OperationalError("the connection to the database is lost")
    raise error
