"""What became of an introduction is answered in one call, by those it concerns."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

from api.jobs.follow_ups import make_due_follow_ups

if TYPE_CHECKING:
    from werkzeug.test import TestResponse

    from api.core.db import Database
    from tests.fixtures.networks import Member, Network, Town

MET = {"outcome": "met", "answered_by": "connector"}


@pytest.fixture
def question(database: Database, network: Network, town: Town) -> dict[str, Any]:
    """The question that came due a fortnight after the connector's introduction."""
    network.connector.make("introductions", town.introduction())
    make_due_follow_ups(database, dt.date(2026, 4, 14))
    (made,) = network.connector.get("follow-ups").json["items"]
    found: dict[str, Any] = made
    return found


def answer(member: Member, question: dict[str, Any], values: Any, **headers: str) -> TestResponse:
    """Answer a question."""
    return member.post(f"follow-ups/{question['id']}/answer", values, **headers)


def present(network: Network, question: dict[str, Any]) -> dict[str, Any]:
    """The question as it stands now."""
    found: dict[str, Any] = network.coordinator.get(f"follow-ups/{question['id']}").json
    return found


def test_a_connector_answers_in_one_call(network: Network, question: dict[str, Any]) -> None:
    said = MET | {
        "without_connector": True,
        "would_turn_to_again": "yes",
        "anyway": "unsure",
        "asked_on": "2026-04-15",
    }
    answered = answer(network.connector, question, said)
    assert answered.status_code == 200
    assert answered.json == present(network, question)
    assert {name: answered.json[name] for name in said} == said
    assert answered.json["version"] != question["version"]
    assert answered.headers["ETag"] == f'"{answered.json["version"]}"'


@pytest.mark.parametrize("role", ["coordinator", "admin"])
def test_who_sees_to_the_network_may_answer_too(
    network: Network, question: dict[str, Any], role: str
) -> None:
    answered = answer(getattr(network, role), question, MET | {"answered_by": "party"})
    assert answered.status_code == 200
    assert answered.json["author_id"] == str(network.connector.member_id)


@pytest.mark.parametrize(("role", "code"), [("colleague", "out_of_scope"), ("funder", "not_found")])
def test_nobody_else_answers(
    network: Network, question: dict[str, Any], role: str, code: str
) -> None:
    refused = answer(getattr(network, role), question, MET)
    assert refused.json["code"] == code
    assert present(network, question) == question


def test_a_stranger_does_not_even_learn_that_it_is_there(
    network: Network, other_network: Network, question: dict[str, Any]
) -> None:
    assert answer(other_network.admin, question, MET).json["code"] == "not_found"
    inside = f"/api/v1/networks/{network.id}/follow-ups/{question['id']}/answer"
    assert other_network.admin.post(inside, MET).json["code"] == "unknown_network"
    assert present(network, question) == question


def test_without_a_token_nothing_is_answered(network: Network, question: dict[str, Any]) -> None:
    path = f"/api/v1/networks/{network.id}/follow-ups/{question['id']}/answer"
    refused = network.connector.app.test_client().post(path, json=MET)
    assert (refused.status_code, refused.json["code"]) == (401, "not_signed_in")
    assert present(network, question) == question


def test_answering_again_replaces_the_whole_answer(
    network: Network, question: dict[str, Any]
) -> None:
    answer(network.connector, question, MET | {"anyway": "yes"})
    again = answer(network.connector, question, {"outcome": "ended", "answered_by": "party"})
    assert again.status_code == 200
    assert (again.json["outcome"], again.json["answered_by"]) == ("ended", "party")
    assert again.json["anyway"] is None


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"answered_by": "connector"}, "outcome"),
        ({"outcome": None, "answered_by": "connector"}, "outcome"),
        ({"outcome": "met"}, "answered_by"),
        ({"outcome": "splendid", "answered_by": "connector"}, "outcome"),
        ({"outcome": "met", "answered_by": "neighbour"}, "answered_by"),
        (MET | {"anyway": True}, "anyway"),
        (MET | {"without_connector": "yes"}, "without_connector"),
        (MET | {"asked_on": "yesterday"}, "asked_on"),
        (MET | {"happy": True}, "happy"),
        (MET | {"due_on": "2026-05-01"}, "due_on"),
        (MET | {"introduction_id": str(uuid4())}, "introduction_id"),
        (MET | {"audience": "network"}, "audience"),
    ],
)
def test_what_does_not_fit_is_named(
    network: Network, question: dict[str, Any], values: dict[str, Any], field: str
) -> None:
    refused = answer(network.connector, question, values)
    assert (refused.status_code, refused.json["code"]) == (422, "validation_failed")
    assert list(refused.json["fields"]) == [field]
    assert all(sentence.endswith(".") for sentence in refused.json["fields"][field])
    assert present(network, question) == question


@pytest.mark.parametrize("body", [[], "met", 5])
def test_an_answer_is_an_object(network: Network, question: dict[str, Any], body: Any) -> None:
    refused = answer(network.connector, question, body)
    assert refused.status_code in (400, 422)
    assert present(network, question) == question


def test_a_question_goes_along_into_a_notebook_and_back(
    network: Network, question: dict[str, Any]
) -> None:
    path, where = f"introductions/{question['introduction_id']}", f"follow-ups/{question['id']}"
    answer(network.connector, question, MET)
    for audience, seen in ((network.connector.notebook, 404), ("network", 200)):
        moved = network.connector.patch(path, {"audience": audience}, If_Match="*")
        assert moved.status_code == 200
        assert network.colleague.get(where).status_code == seen
        assert network.connector.get(where).json["outcome"] == "met"


def test_a_question_ends_with_what_it_is_about(network: Network, question: dict[str, Any]) -> None:
    path = f"introductions/{question['introduction_id']}"
    assert network.connector.delete(path, If_Match="*").status_code == 204
    assert network.connector.get(f"follow-ups/{question['id']}").json["code"] == "gone"


def test_the_same_key_is_carried_out_once(network: Network, question: dict[str, Any]) -> None:
    first = answer(network.connector, question, MET, Idempotency_Key="tap")
    revision = network.revision
    again = answer(network.connector, question, MET, Idempotency_Key="tap")
    assert (first.status_code, again.status_code) == (200, 200)
    assert again.json == first.json
    assert network.revision == revision


def test_the_same_key_with_another_answer_is_refused(
    network: Network, question: dict[str, Any]
) -> None:
    first = answer(network.connector, question, MET, Idempotency_Key="tap")
    other = answer(network.connector, question, MET | {"anyway": "no"}, Idempotency_Key="tap")
    assert (other.status_code, other.json["code"]) == (409, "op_id_reused")
    assert present(network, question) == first.json


def test_a_patch_of_whatever_stands_there_can_be_sent_again(
    network: Network, question: dict[str, Any]
) -> None:
    path, headers = f"follow-ups/{question['id']}", {"If_Match": "*", "Idempotency_Key": "tap"}
    first = network.connector.patch(path, MET, **headers)
    again = network.connector.patch(path, MET, **headers)
    assert (first.status_code, again.status_code) == (200, 200)
    assert again.json == first.json


@pytest.mark.parametrize("field", ["due_on", "introduction_id"])
def test_the_question_itself_never_changes(
    network: Network, town: Town, question: dict[str, Any], field: str
) -> None:
    other = network.connector.make("introductions", town.introduction())
    values = {"due_on": "2026-05-01", "introduction_id": other["id"]}
    for member in (network.connector, network.coordinator):
        path = f"follow-ups/{question['id']}"
        refused = member.patch(path, {field: values[field]}, If_Match="*")
        assert (refused.status_code, refused.json["code"]) == (422, "validation_failed")
        assert list(refused.json["fields"]) == [field]
    assert present(network, question) == question


def test_a_question_can_be_answered_by_patch_as_well(
    network: Network, question: dict[str, Any]
) -> None:
    path = f"follow-ups/{question['id']}"
    answered = network.connector.patch(path, MET, If_Match=question["version"])
    assert answered.status_code == 200
    assert answered.json["outcome"] == "met"


def test_nobody_makes_or_removes_a_question(
    network: Network, town: Town, question: dict[str, Any]
) -> None:
    values = {"introduction_id": question["introduction_id"], "due_on": "2026-07-01"}
    for member in (network.connector, network.coordinator, network.admin):
        assert member.post("follow-ups", values).json["code"] == "out_of_scope"
        removal = member.delete(f"follow-ups/{question['id']}", If_Match="*")
        assert removal.json["code"] == "out_of_scope"
    assert present(network, question) == question


def test_open_and_answered_questions_are_told_apart(
    database: Database, network: Network, question: dict[str, Any]
) -> None:
    make_due_follow_ups(database, dt.date(2026, 6, 29))
    answer(network.connector, question, MET)

    def due(state: str) -> list[str]:
        items = network.connector.get(f"follow-ups?state={state}").json["items"]
        return [each["due_on"] for each in items]

    assert due("answered") == ["2026-04-14"]
    assert due("open") == ["2026-06-29"]
    refused = network.connector.get("follow-ups?state=both")
    assert (refused.status_code, list(refused.json["fields"])) == (422, ["state"])


def test_an_unknown_question_is_not_found(network: Network) -> None:
    refused = answer(network.connector, {"id": str(uuid4())}, MET)
    assert (refused.status_code, refused.json["code"]) == (404, "not_found")
