"""Answering: worked out once however many ask, shared between processes, or handed to a worker."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest
from sqlalchemy import text

from api.analysis import answering, shelf
from api.analysis.analysis import Question
from api.analysis.crossing import CROSSING
from api.core.problems import Problem
from api.core.read import revision_of
from api.jobs.analyses import forget_answers, work_out_analysis

if TYPE_CHECKING:
    from api.core.db import Database
    from tests.fixtures.networks import Network

    from .conftest import Canal

LATER = {"Prefer": "respond-async"}


@pytest.fixture
def question(canal: Canal) -> Question:
    asked = CROSSING.query().load({"boundary": canal.boundary})
    return Question.ask(CROSSING, UUID(str(canal.network.id)), asked)


@pytest.fixture
def revision(database: Database, question: Question) -> int:
    with database.snapshot(question.network_id) as cx:
        return revision_of(cx, question.network_id)


def claim(database: Database, question: Question, revision: int) -> bool:
    with database.transaction(question.network_id) as cx:
        return shelf.claim(cx, question, revision)


def finish(database: Database, question: Question, revision: int, body: bytes | None) -> None:
    network_id = question.network_id
    with database.transaction(network_id) as cx:
        shelf.finish(cx, network_id, shelf.id_of(question, revision), body)


def test_a_question_that_many_ask_at_once_is_worked_out_once(
    database: Database, question: Question, revision: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    times, go_on, work_out = [], Event(), answering.work_out

    def slowly(*given: Any, **how: Any) -> answering.Answer:
        times.append(given)
        assert go_on.wait(10)
        return work_out(*given, **how)

    monkeypatch.setattr(answering, "work_out", slowly)
    with ThreadPoolExecutor(6) as pool:
        asking = [pool.submit(answering.answer_to, database, question, revision) for _ in range(6)]
        go_on.set()
        found = {future.result(10).body for future in asking}
    assert (len(found), len(times)) == (1, 1)


def test_what_fails_fails_for_all_who_wait_and_is_tried_again_by_the_next(
    database: Database, question: Question, revision: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any, **__: Any) -> answering.Answer:
        raise Problem("not_found")

    with monkeypatch.context() as broken:
        broken.setattr(answering, "work_out", fail)
        with pytest.raises(Problem):
            answering.answer_to(database, question, revision)
    assert answering.answer_to(database, question, revision).body


def test_of_a_big_network_another_process_is_waited_for(
    database: Database, question: Question, revision: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answering, "BIG", 0)
    monkeypatch.setattr(answering, "work_out", None)  # this process never does it
    assert claim(database, question, revision)
    with ThreadPoolExecutor(1) as pool:
        asking = pool.submit(answering.answer_to, database, question, revision)
        finish(database, question, revision, b'{"from": "elsewhere"}')
        assert asking.result(10).body == b'{"from": "elsewhere"}'


def test_who_died_over_an_answer_is_taken_over(
    database: Database, question: Question, revision: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answering, "BIG", 0)
    assert claim(database, question, revision)
    assert not claim(database, question, revision)
    with database.transaction(question.network_id) as cx:
        cx.execute(text("UPDATE analysis_answer SET touched_at = now() - interval '31 s'"))
    assert b'"share":0.25' in answering.answer_to(database, question, revision).body


def test_who_cannot_wait_is_promised_the_answer(canal: Canal, database: Database) -> None:
    asking = canal.network.coordinator
    path = f"analysis/crossing?boundary={canal.boundary}&seed=5"
    promised = asking.get(path, **LATER)
    assert (promised.status_code, promised.json["status"]) == (202, "waiting")
    assert promised.headers["Preference-Applied"] == "respond-async"
    where = promised.headers["Location"]
    assert asking.get(path, **LATER).headers["Location"] == where
    assert asking.get(where).json["answer"] is None
    network_id, answer_id = UUID(str(canal.network.id)), UUID(where.rsplit("/", 1)[1])
    assert work_out_analysis(database, network_id, answer_id)
    assert not work_out_analysis(database, network_id, answer_id), "and only once"
    done = asking.get(where).json
    assert (done["status"], done["progress"]) == ("done", 1.0)
    assert done["answer"] == asking.get(path).json


def test_what_failed_says_so_and_may_be_asked_again(
    canal: Canal, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    asking, path = canal.network.coordinator, f"analysis/crossing?boundary={canal.boundary}&seed=6"
    where = asking.get(path, **LATER).headers["Location"]
    network_id, answer_id = UUID(str(canal.network.id)), UUID(where.rsplit("/", 1)[1])
    with monkeypatch.context() as broken:
        broken.setattr(answering, "work_out", None)
        with pytest.raises(TypeError):
            work_out_analysis(database, network_id, answer_id)
    assert asking.get(where).json["status"] == "failed"
    assert asking.get(path, **LATER).json["status"] == "waiting"


def test_what_cannot_be_answered_later_says_what_to_mend(canal: Canal, database: Database) -> None:
    asking = canal.network.coordinator
    where = asking.get(f"analysis/crossing?boundary={canal.north}", **LATER).headers["Location"]
    network_id, answer_id = UUID(str(canal.network.id)), UUID(where.rsplit("/", 1)[1])
    assert work_out_analysis(database, network_id, answer_id)
    told = asking.get(where).json
    assert (told["status"], told["answer"]) == ("failed", None)
    assert told["step"] == "There is no such boundary in this network."


def test_a_promised_answer_is_for_the_people_of_its_network(
    canal: Canal, other_network: Network
) -> None:
    path = f"analysis/crossing?boundary={canal.boundary}"
    where = canal.network.coordinator.get(path, **LATER).headers["Location"]
    assert canal.network.connector.get(where).status_code == 200
    assert canal.network.funder.get(where).json["code"] == "out_of_scope"
    assert other_network.admin.get(where).json["code"] == "unknown_network"
    elsewhere = f"analysis/answers/{where.rsplit('/', 1)[1]}"
    assert other_network.admin.get(elsewhere).json["code"] == "not_found"
    assert canal.network.funder.get(path, **LATER).json["code"] == "out_of_scope"


def test_an_answer_nobody_touched_for_a_day_is_forgotten(
    canal: Canal, database: Database, question: Question
) -> None:
    path = f"analysis/crossing?boundary={canal.boundary}"
    where = canal.network.coordinator.get(path, **LATER).headers["Location"]
    forget_answers(database)
    assert canal.network.coordinator.get(where).status_code == 200
    with database.transaction(question.network_id) as cx:
        cx.execute(text("UPDATE analysis_answer SET touched_at = now() - interval '25 hours'"))
    assert forget_answers(database) == 1
    assert canal.network.coordinator.get(where).json["code"] == "not_found"
