"""Betweenness takes its time: it is there for who asks, and no request is held for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest

from api.analysis import answering, commands, shelf
from api.analysis.analysis import Question
from api.analysis.brokerage import BROKERAGE, standing, waiting
from api.core.kept import Kept
from api.core.read import revision_of
from api.jobs.analyses import work_out_analysis

from .asking import WINDOW, ask, connectors, group
from .conftest import id_of

if TYPE_CHECKING:
    from api.core.db import Database

    from .conftest import Canal


def between(answer: Any) -> dict[str, Any]:
    return {each["name"]: each["betweenness"] for each in answer["groups"]}


def let_a_worker(database: Database, canal: Canal, promised: Any) -> Any:
    """What the promise says once a worker has been there."""
    where = promised.headers["Location"]
    assert work_out_analysis(database, canal.network.id, where.rsplit("/", 1)[1])
    return canal.network.coordinator.get(where).json


@pytest.fixture
def slow(shared: Canal, monkeypatch: pytest.MonkeyPatch) -> Canal:
    """A town so big that walking through it takes for ever."""
    monkeypatch.setattr(waiting, "WALK", 1e9)
    return shared


def test_above_twenty_thousand_nodes_betweenness_is_there_for_who_asks_for_it(
    shared: Canal, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waiting, "MOST_NODES", 11)
    assert between(ask(shared, seed=3).json)["d"] > 0, "eleven of known side have ties"
    monkeypatch.setattr(waiting, "MOST_NODES", 10)
    found = ask(shared, seed=4).json
    assert found["reasons"]["betweenness"] == waiting.TOO_BIG
    assert set(between(found).values()) == {None}
    promised = ask(shared, seed=4, betweenness="exact")
    assert promised.status_code == 202
    assert between(let_a_worker(database, shared, promised)["answer"])["d"] > 0
    assert between(ask(shared, seed=4, betweenness="exact").json)["d"] > 0


def test_what_would_hold_a_request_too_long_is_promised_and_then_there(
    slow: Canal, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    promised = ask(slow)
    assert (promised.status_code, promised.json["status"]) == (202, "waiting")
    assert "Preference-Applied" not in promised.headers
    told = let_a_worker(database, slow, promised)
    assert (told["status"], between(told["answer"])["d"] > 0) == ("done", True)
    monkeypatch.setattr(answering, "KEPT", Kept())
    found = ask(slow)
    assert (found.status_code, found.json) == (200, told["answer"])
    assert found.headers["ETag"]


def test_what_is_promised_is_not_begun_again_by_who_asks_again(
    slow: Canal, monkeypatch: pytest.MonkeyPatch
) -> None:
    where = ask(slow).headers["Location"]
    monkeypatch.setattr(answering, "work_out", None)
    again = ask(slow)
    assert (again.status_code, again.headers["Location"]) == (202, where)


def test_of_a_big_network_as_well_what_takes_long_waits_for_a_worker(
    slow: Canal, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answering, "BIG", 0)
    network_id = UUID(str(slow.network.id))
    asked = BROKERAGE.query().load({"boundary": slow.boundary} | WINDOW)
    question = Question.ask(BROKERAGE, network_id, asked)
    with database.snapshot(network_id) as cx:
        revision = revision_of(cx, network_id)
    with pytest.raises(answering.TakesLongError):
        answering.answer_to(database, question, revision)
    with database.snapshot(network_id) as cx:
        entry = shelf.find(cx, network_id, shelf.id_of(question, revision))
    assert entry
    assert entry.status == "waiting", "it did not fail"
    assert let_a_worker(database, slow, ask(slow))["status"] == "done"
    assert ask(slow).status_code == 200


def test_who_does_not_want_to_wait_has_the_rest_at_once(slow: Canal) -> None:
    found = ask(slow, betweenness="none")
    assert (found.status_code, found.json["reasons"]["betweenness"]) == (200, waiting.UNWANTED)
    assert set(between(found.json).values()) == {None}
    assert found.json["together"]["roles"]["liaison"]["value"] is not None


def test_sections_that_take_long_to_deal_are_left_to_a_worker_too(
    shared: Canal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waiting, "DEAL", 1e9)
    assert ask(shared, betweenness="none").status_code == 202
    monkeypatch.setattr(waiting, "MOST_DEALT", 0)
    assert ask(shared, betweenness="none", seed=9).status_code == 200, "they are not dealt at all"


def test_ways_that_are_long_take_long_however_few_ties_there_are(
    shared: Canal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waiting, "STEP", 1e9)
    assert ask(shared).status_code == 202


def test_nobody_waits_for_what_no_group_would_be_told(
    slow: Canal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(standing, "MOST_GROUPS", 5)
    assert ask(slow).status_code == 200
    assert ask(slow, group=id_of("d")).status_code == 202


def test_a_connector_is_promised_their_own_answer_and_nobody_elses(
    slow: Canal, database: Database
) -> None:
    mine, other = slow.network.connector, slow.network.colleague
    promised = ask(slow, mine)
    assert promised.status_code == 202
    where = promised.headers["Location"]
    assert other.get(where).json["code"] == "not_found"
    let_a_worker(database, slow, promised)
    assert other.get(where).json["code"] == "not_found"
    assert list(connectors(ask(slow, mine))) == [str(mine.member_id)]
    assert between(ask(slow, mine).json)["d"] > 0


def test_the_command_line_waits_for_all_of_it(slow: Canal, database: Database) -> None:
    found = commands.answer(
        database, str(slow.network.id), BROKERAGE, {"boundary": str(slow.boundary)}
    )
    assert between(found)["d"] > 0


def test_of_one_group_after_another_the_same_graph_is_walked_once(
    shared: Canal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(standing, "WALKED", Kept())
    first = group(shared, "d")
    monkeypatch.setattr(standing, "betweenness", None)
    whole = {each["name"]: each for each in ask(shared).json["groups"]}
    assert whole["d"] == first
