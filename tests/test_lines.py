"""Lines to the database: what a request finds of earlier ones, when one was undone or cut."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from threading import Barrier
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from psycopg.errors import InFailedSqlTransaction, UndefinedTable
from psycopg.pq import ExecStatus

from api.accounts.authentication import authenticate
from api.core import announce, driver, lock
from api.core.driver import MOST, ask, raw, roll_back, save
from api.core.head import head_of
from api.core.lock import in_turn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from api.core.db import Database
    from tests.fixtures.networks import Network, Town

ON_SERVER = "SELECT name FROM pg_prepared_statements ORDER BY prepare_time"
PLANS = (
    "SELECT statement LIKE '%WHERE d.token_hash%', sum(generic_plans), sum(custom_plans)"
    " FROM pg_prepared_statements WHERE statement LIKE '%FROM device d%network n%'"
    " OR statement LIKE '%FROM introduction r%LIMIT%' GROUP BY 1"
)
HEAD = (
    "SELECT n.revision, n.epoch, n.gc_revision, m.scope_since"
    " FROM network n JOIN member m ON m.network_id = n.id WHERE m.id = %s"
)
CUT = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
)


@pytest.fixture
def cut(database: Database, database_url: str) -> Iterator[Callable[..., None]]:
    """End all other sessions, as a restart of the database does; other tests find new ones."""

    def end_sessions(also: str = "SELECT") -> None:
        with psycopg.connect(database_url) as owner:
            owner.execute(also)
            owner.execute(CUT)

    yield end_sessions
    database.close()


def test_a_server_that_lost_its_database_fails_once_and_then_starts_afresh(
    network: Network, town: Town, cut: Callable[..., None]
) -> None:
    with ExitStack() as stack:  # lines at work, then idle
        for opened in (network.database.transaction, network.database.snapshot) * 3:
            stack.enter_context(opened(network.id))
    cut()
    refused = network.connector.post("introductions", town.introduction())
    assert (refused.status_code, refused.json["code"]) == (503, "unavailable")
    assert network.connector.get("introductions").status_code == 503
    with network.database.transaction(), network.database.snapshot():  # the next line is asked
        assert network.connector.post("introductions", town.introduction()).status_code == 201
        assert network.connector.get("introductions").status_code == 200


def test_what_fails_without_a_word_of_the_server_is_the_lines_fault(network: Network) -> None:
    with network.database.snapshot(network.id) as cx:
        pgconn = raw(cx).pgconn
        silent = pgconn.make_empty_result(ExecStatus.FATAL_ERROR)
        with pytest.raises(psycopg.OperationalError, match="lost"):
            driver._require_done(pgconn, silent)


def test_an_answer_is_not_spoiled_by_a_line_that_is_lost_behind_it(
    network: Network, cut: Callable[..., None]
) -> None:
    with network.database.transaction(), network.database.snapshot():
        pass
    cut("UPDATE device SET last_used_on = current_date - 1")
    assert network.connector.get("introductions").status_code == 503  # of the lines for reading
    assert network.connector.get("introductions").status_code == 200  # notes the day, or not


def test_a_line_that_is_lost_after_the_commit_is_lost_on_nobody_else(
    network: Network, town: Town, cut: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    def ask_in_vain(*words: Any) -> Any:
        cut()
        return ask(*words)

    with monkeypatch.context() as here:
        here.setattr(announce, "PAUSE", -1)
        here.setattr(announce, "ask", ask_in_vain)
        first = network.connector.post("introductions", town.introduction())
    assert first.status_code == 201
    assert network.connector.post("introductions", town.introduction()).status_code == 201


def test_two_announcements_that_fail_at_once_spoil_neither_answer(
    network: Network, town: Town, cut: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    together = Barrier(2, cut, timeout=30)

    def ask_in_vain(*words: Any) -> Any:
        together.wait()
        return ask(*words)

    def log(_: int) -> int:
        return network.connector.post("introductions", town.introduction()).status_code

    with monkeypatch.context() as here, ThreadPoolExecutor(2) as two:
        here.setattr(announce, "PAUSE", -1)
        here.setattr(announce, "ask", ask_in_vain)
        assert list(two.map(log, range(2))) == [201, 201]


def test_what_was_prepared_outlives_what_was_undone(network: Network) -> None:
    statement = "SELECT %(number)s::int + 1"
    with network.database.transaction(network.id) as cx:
        assert ask(cx, statement, {"number": 1}) == [(2,)]
        save(cx, "here")
        with suppress(psycopg.DataError):
            ask(cx, "SELECT 1 / %(number)s::int", {"number": 0})
        roll_back(cx, "here")
        before = raw(cx).execute(ON_SERVER).fetchall()
        assert ask(cx, statement, {"number": 2}) == [(3,)]
        assert raw(cx).execute(ON_SERVER).fetchall() == before


def test_a_line_keeps_no_more_ready_than_it_should(network: Network) -> None:
    with network.database.transaction(network.id) as cx:
        for number in range(MOST + 20):
            assert ask(cx, f"SELECT %(one)s::int + {number}", {"one": 1}) == [(1 + number,)]
        assert len(raw(cx).execute(ON_SERVER).fetchall()) <= MOST
        assert ask(cx, "SELECT %(one)s::int + 0", {"one": 1}) == [(1,)]


def test_nothing_of_a_transaction_that_failed_is_kept(network: Network) -> None:
    name = "UPDATE network SET name = 'Undone' WHERE id = %(network)s"
    with (
        suppress(ZeroDivisionError),
        network.database.transaction(network.id) as cx,
    ):
        ask(cx, name, {"network": network.id})
        raise ZeroDivisionError
    (kept,) = network.rows("SELECT name FROM network")
    assert kept != ("Undone",)


def test_who_waits_for_a_turn_too_long_goes_on_all_the_same(network: Network, town: Town) -> None:
    with in_turn(network.id):
        assert network.connector.post("introductions", town.introduction()).status_code == 201


def test_a_turn_is_over_when_it_ends_in_a_mistake(
    network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lock, "PATIENCE", 60)
    with pytest.raises(ZeroDivisionError), in_turn(network.id):
        raise ZeroDivisionError
    order = []

    def second() -> None:
        with in_turn(network.id):
            order.append("second")

    with ThreadPoolExecutor(1) as pool:
        with in_turn(network.id):
            begun = pool.submit(second)
            order.append("first")
        begun.result(timeout=20)
    assert order == ["first", "second"]


def test_who_reads_is_looked_up_by_one_plan_for_all_and_what_they_ask_by_a_plan_for_it(
    network: Network,
) -> None:
    for _ in range(2):
        assert network.connector.get("introductions").status_code == 200
    with network.database.snapshot(network.id) as cx:  # the line that was given back last
        told = raw(cx).execute(PLANS).fetchall()
    plans = {who: (generic > 0, custom > 0) for who, generic, custom in told}
    assert plans == {True: (True, False), False: (False, True)}
    with network.database.transaction(network.id) as cx:
        authenticate(cx, network.id, network.connector.token)
        assert raw(cx).execute("SHOW plan_cache_mode").fetchone() == ("force_generic_plan",)


def test_who_reads_is_told_where_the_network_stands(network: Network) -> None:
    member = network.connector
    with network.database.snapshot(network.id, admitting=True) as cx:
        authenticate(cx, network.id, member.token, admitting=True)
        told = raw(cx).execute(HEAD, (member.member_id,)).fetchone()
        assert told == head_of(cx)


def test_a_transaction_in_which_a_statement_failed_is_never_taken_for_done(
    network: Network,
) -> None:
    with (
        pytest.raises(InFailedSqlTransaction),
        network.database.transaction(network.id) as cx,
        suppress(UndefinedTable),
    ):
        raw(cx).execute("SELECT 1 FROM nowhere")
