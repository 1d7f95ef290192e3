"""Odd operations: what is wrong with one of a push is refused by itself, by name and for good."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

from api.core.record import KINDS

if TYPE_CHECKING:
    from tests.fixtures.networks import Network, Town


def op(data: Any, **more: Any) -> dict[str, Any]:
    """An operation that makes an introduction."""
    fresh = {"op_id": str(uuid4()), "id": str(uuid4())}
    return fresh | {"kind": "introductions", "action": "put", "data": data} | more


@pytest.mark.parametrize(
    "odd",
    [
        {"kind": 5},
        {"kind": None},
        {"kind": "introductions\0"},
        {"id": 5},
        {"id": "nowhere"},
        {"action": "put\0"},
        {"audience": 5},
        {"group": 5},
        {"ancestors": "none"},
        {"data": {"a\0b": 1}},
        {"data": {"parties": [{"a\0b": 1}]}},
        {"data": {"purpose": "a\0b"}},
    ],
    ids=str,
)
def test_what_is_wrong_with_one_spoils_no_other(
    network: Network, town: Town, odd: dict[str, Any]
) -> None:
    bad, good = op(town.introduction()) | odd, op(town.introduction())
    refused, done = network.connector.push(bad, good)
    assert (refused["op_id"], refused["status"]) == (bad["op_id"], "rejected")
    assert refused["error"]["code"] in ("validation_failed", "unknown_kind")
    assert done["status"] == "applied"
    again, _ = network.connector.push(bad, good)
    assert again == refused | {"replayed": True}
    (kept,) = network.connector.get("sync/quarantined").json["items"]
    assert (kept["op_id"], kept["error"]["code"]) == (bad["op_id"], refused["error"]["code"])


@pytest.mark.parametrize(
    "cut",
    [rb"caf\ud83d", b"caf\xff", b"caf\xc3"],
    ids=["half a symbol", "no UTF-8", "half a letter"],
)
@pytest.mark.parametrize("where", ["purpose", "audience", "kind"])
def test_half_a_character_in_one_spoils_no_other(
    network: Network, town: Town, cut: bytes, where: str
) -> None:
    bad, good = op(town.introduction(purpose="?")), op(town.introduction())
    if where == "purpose":
        bad["data"]["purpose"] = "CUT"
    else:
        bad[where] = "CUT"
    body = json.dumps({"client_id": str(uuid4()), "ops": [bad, good]}).encode()
    sent = {"data": body.replace(b"CUT", cut), "content_type": "application/json"}
    answer = network.connector.ask("POST", "sync/push", **sent)
    assert answer.status_code == 200, answer.json
    refused, done = answer.json["results"]
    assert (refused["op_id"], refused["status"]) == (bad["op_id"], "rejected")
    assert done["status"] == "applied"
    (kept,) = network.connector.get("sync/quarantined").json["items"]
    assert "caf" in kept["payload"]


def test_of_a_group_none_is_done_though_one_cannot_even_be_read(
    network: Network, town: Town
) -> None:
    good = op(town.introduction(), group="both")
    bad = op(town.introduction(), group="both", action="oops")
    results = network.connector.push(good, bad)
    assert [r["error"]["code"] for r in results] == ["dependency_failed", "validation_failed"]
    assert network.connector.get(f"introductions/{good['id']}").status_code == 404


@pytest.mark.parametrize("named", [{"audiance": "own"}, {"audience": ""}], ids=str)
def test_who_misspells_for_whom_something_is_has_shown_it_to_nobody(
    network: Network, town: Town, named: dict[str, str]
) -> None:
    odd = op(town.introduction(purpose="Secret"), **named)
    (refused,) = network.connector.push(odd)
    assert (refused["status"], refused["error"]["code"]) == ("rejected", "validation_failed")
    assert network.connector.get(f"introductions/{odd['id']}").status_code == 404
    (kept,) = network.connector.get("sync/quarantined").json["items"]
    assert "Secret" in kept["payload"]
    assert network.coordinator.get("sync/quarantined").json["items"] == []


def test_a_member_of_an_operation_that_nobody_declared_is_named(
    network: Network, town: Town
) -> None:
    (refused,) = network.connector.push(op(town.introduction(), base_verson=None))
    assert refused["error"]["fields"] == {"base_verson": "Unknown field."}


@pytest.mark.parametrize(
    "wrong", [{"schema_verson": 1}, {"ops": {}}, {"ops": None}, {"ops": "[]"}], ids=str
)
def test_an_envelope_out_of_shape_is_refused_whole(
    network: Network, town: Town, wrong: dict[str, Any]
) -> None:
    good = op(town.introduction())
    answer = network.connector.post("sync/push", {"client_id": str(uuid4()), "ops": [good]} | wrong)
    assert (answer.status_code, answer.json["code"]) == (400, "bad_request")
    assert network.connector.get(f"introductions/{good['id']}").status_code == 404


def test_ancestors_that_are_none_are_none(network: Network, town: Town) -> None:
    (result,) = network.connector.push(op(town.introduction(), ancestors=None))
    assert result["status"] == "applied"


def test_what_was_refused_says_why_also_later(network: Network, town: Town) -> None:
    first = op(town.introduction())
    network.connector.push(first)
    theirs = first | {"op_id": str(uuid4()), "base_version": first["op_id"]}
    theirs["data"] = town.introduction(purpose="Not mine")
    (refused,) = network.colleague.push(theirs)
    (kept,) = network.colleague.get("sync/quarantined").json["items"]
    assert kept["error"]["detail"] == refused["error"]["detail"] == "It is not yours to change."


def test_two_that_name_no_record_are_mended_apart(network: Network, town: Town) -> None:
    ops = [op(town.introduction(purpose=purpose), id="?") for purpose in ("One", "Two")]
    network.connector.push(*ops)
    for each in ops:
        mended = {"op_id": str(uuid4()), "data": each["data"]}
        where = f"sync/quarantined/{each['op_id']}/mend"
        assert network.connector.post(where, mended).json["status"] == "applied"
    made = network.connector.get("introductions").json["items"]
    assert {record["purpose"] for record in made} == {"One", "Two"}


def test_who_may_only_propose_may_say_what_was_accepted(network: Network, town: Town) -> None:
    group = network.coordinator.get(f"groups/{town.groups[0]}").json
    values = {name: group[name] for name in KINDS["groups"].codec.names}
    named = {"op_id": str(uuid4()), "kind": "groups", "id": group["id"], "action": "put"}
    same = named | {"base_version": group["version"], "data": values}
    (result,) = network.connector.push(same)
    assert (result["status"], result["version"]) == ("applied", group["version"])
