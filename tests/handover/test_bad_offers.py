"""What cannot be offered is said in words, whatever is sent; a big pack is read in bounds."""

from __future__ import annotations

import tracemalloc
from itertools import combinations
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

from api.analysis.continuity.pack import load_pack
from api.analysis.loading.boundaries import Window

if TYPE_CHECKING:
    from tests.fixtures.networks import Network

HERE = "0197b0c4-6a10-7cc3-8f00-3d1f5a2b9c11"
MIB = 1_048_576


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({}, "receiver_id"),
        ({"receiver_id": None}, "receiver_id"),
        ({"receiver_id": [HERE]}, "receiver_id"),
        ({"receiver_id": HERE, "notebook": "perhaps"}, "notebook"),
        ({"receiver_id": HERE, "receiver": "one@town.example"}, "receiver_id"),
        ({"receiver": "nobody"}, "receiver"),
        ({"receiver": "nobody@town.example"}, "receiver"),
        ({"receiver_id": HERE, "id": 7}, "id"),
        ({"receiver_id": HERE, "giver_id": "\u0000"}, "giver_id"),
        ({"receiver_id": HERE, "everything": True}, "everything"),
    ],
)
def test_a_field_that_does_not_fit_is_named(
    shared_network: Network, sent: dict[str, Any], field: str
) -> None:
    refused = shared_network.connector.post("handovers", sent)
    assert (refused.status_code, list(refused.json["fields"])) == (422, [field])


@pytest.mark.parametrize("body", ["", "[]", "null", '"all"', "{"])
def test_what_is_no_offer_at_all_is_refused(shared_network: Network, body: str) -> None:
    more = {"data": body, "content_type": "application/json"}
    refused = shared_network.connector.ask("POST", "handovers", **more)
    assert refused.status_code in (400, 422), refused.text
    assert refused.json["title"]


@pytest.mark.parametrize("how", ["", "/accept"])
def test_a_handover_that_is_not_there_is_said_so(shared_network: Network, how: str) -> None:
    who, path = shared_network.connector, f"handovers/{uuid4()}"
    answer = who.post(path + how, {}) if how else who.get(path)
    assert (answer.status_code, answer.json["code"]) == (404, "not_found")


def test_a_pack_of_thousands_of_pairs_is_read_within_bounds(network: Network) -> None:
    """72 groups, each brought together with every other: 2,556 pairs, of which 2,000 are told."""
    six = [[_group(network, f"{row}.{n}") for n in range(6)] for row in range(12)]
    for one, other in combinations(six, 2):
        parties = [{"group_id": each} for each in (*one, *other)]
        values = {"parties": parties, "made_at": "2026-03-31T18:30:00+01:00"}
        network.connector.make("introductions", values)
    with network.database.snapshot(network.id) as cx:
        tracemalloc.start()
        pack = load_pack(cx, network.id, network.connector.member_id, Window())
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert (len(pack.groups), len(pack.held_alone)) == (72, 2000)
    assert most < 8 * MIB


def _group(network: Network, name: str) -> str:
    made: str = network.coordinator.make("groups", {"name": name, "type": "other"})["id"]
    return made
