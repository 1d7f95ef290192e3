"""Odd operations: what is wrong with one of a push is refused by itself, by name and for good."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

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


def test_two_that_name_no_record_are_mended_apart(network: Network, town: Town) -> None:
    ops = [op(town.introduction(purpose=purpose), id="?") for purpose in ("One", "Two")]
    network.connector.push(*ops)
    for each in ops:
        mended = {"op_id": str(uuid4()), "data": each["data"]}
        where = f"sync/quarantined/{each['op_id']}/mend"
        assert network.connector.post(where, mended).json["status"] == "applied"
    made = network.connector.get("introductions").json["items"]
    assert {record["purpose"] for record in made} == {"One", "Two"}
