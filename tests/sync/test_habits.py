"""Habits: clients that say no more than they must, or show what they pull under what waits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

if TYPE_CHECKING:
    from tests.fixtures.networks import Network, Town

# What names an edit on top of an unanswered one: that one, or what the server had before it.
BOOKS = pytest.mark.parametrize("is_on_top", [True, False], ids=["before", "since"])


def put(town: Town, on: dict[str, Any] | None, base: str | None, **values: Any) -> dict[str, Any]:
    """An operation on an introduction; `audience` is not said again, as it stays what it was."""
    named = {"op_id": str(uuid4()), "id": on["id"] if on else str(uuid4()), "action": "put"}
    more = {name: values.pop(name) for name in ("audience", "ancestors") if name in values}
    op = named | {"kind": "introductions", "base_version": base} | more
    return op | {"data": town.introduction(**values)}


@BOOKS
@pytest.mark.parametrize("is_there", [True, False])
@pytest.mark.parametrize("is_at_once", [True, False])
@pytest.mark.parametrize("parties", [{}, {"parties": []}], ids=["sound", "unsound"])
def test_what_is_on_top_of_something_refused_for_a_notebook_is_for_the_notebook(
    network: Network, town: Town, *, is_on_top: bool, is_there: bool, is_at_once: bool, parties: Any
) -> None:
    first = put(town, None, None)
    if is_there:
        network.connector.push(first)
    base = first["op_id"] if is_there else None
    bad = put(town, first, base, parties=[], audience=network.connector.notebook)
    base = bad["op_id"] if is_on_top else base
    then = put(town, first, base, purpose="Secret", ancestors=[bad["op_id"]], **parties)
    for ops in ([bad, then],) if is_at_once else ([bad], [then]):
        network.connector.push(*ops)
    seen = network.colleague.get(f"introductions/{first['id']}")
    assert "Secret" not in seen.text
    assert network.coordinator.get("sync/quarantined").json["items"] == []


def test_what_is_on_top_of_something_refused_for_the_network_leaves_a_record_in_its_notebook(
    network: Network, town: Town
) -> None:
    own = network.connector.notebook
    first = put(town, None, None, audience=own)
    bad = put(town, first, first["op_id"], parties=[], audience="network")
    then = put(town, first, bad["op_id"], purpose="Secret")
    verdicts = [network.connector.push(op)[0]["status"] for op in (first, bad, then)]
    assert verdicts == ["applied", "rejected", "applied"]
    assert network.connector.get(f"introductions/{first['id']}").json["audience"] == own


def test_what_was_refused_for_the_network_brings_nothing_out_of_the_notebook_it_is_in_by_now(
    network: Network, town: Town
) -> None:
    own = network.connector.notebook
    first = put(town, None, None)
    bad = put(town, first, first["op_id"], parties=[])
    moved = put(town, first, bad["op_id"], audience=own)
    then = put(town, first, moved["op_id"], purpose="Secret", ancestors=[bad["op_id"]])
    verdicts = [network.connector.push(op)[0]["status"] for op in (first, bad, moved, then)]
    assert verdicts == ["applied", "rejected", "applied", "applied"]
    assert network.connector.get(f"introductions/{first['id']}").json["audience"] == own
    assert "Secret" not in network.colleague.get(f"introductions/{first['id']}").text


def test_who_says_nothing_new_and_not_for_whom_is_told_who_sees_it(
    network: Network, town: Town
) -> None:
    first = put(town, None, None, audience="network")
    moved = put(town, first, first["op_id"], audience=network.connector.notebook)
    network.connector.push(first, moved)
    (result,) = network.connector.push(put(town, first, first["op_id"]))
    assert (result["status"], result["version"]) == ("applied", moved["op_id"])
    assert result["present"] == "newer"
    assert result["current"]["audience"] == network.connector.notebook


def _change_often(network: Network, town: Town, on: dict[str, Any], base: str) -> None:
    """More states than a client may name."""
    ops: list[dict[str, Any]] = []
    for i in range(60):
        base = ops[-1]["op_id"] if ops else base
        channel = ("message", "phone")[i % 2]
        ops.append(put(town, on, base, purpose="Seeds", channel=channel))
    assert {r["status"] for r in network.coordinator.push(*ops)} == {"applied"}


def test_an_edit_that_comes_late_is_superseded_however_much_came_since(
    network: Network, town: Town
) -> None:
    first = put(town, None, None, purpose="Seeds")
    late = put(town, first, first["op_id"], purpose="Tools")
    back = put(town, first, first["op_id"], purpose="Seeds", channel="phone")
    network.connector.push(first, back | {"ancestors": [late["op_id"]]})
    _change_often(network, town, first, back["op_id"])
    (result,) = network.connector.push(late)
    assert result["status"] == "superseded"
    assert result["current"]["data"]["purpose"] == "Seeds"


@pytest.mark.parametrize("channel", [None, "message"])
def test_who_shows_what_was_pulled_under_what_waits_takes_back_nothing_of_it(
    network: Network, town: Town, channel: str | None
) -> None:
    first = put(town, None, None, purpose="Seeds")
    theirs = put(town, first, first["op_id"], purpose="Seeds", channel="phone")
    network.connector.push(first)
    network.coordinator.push(theirs)
    waits = put(town, first, first["op_id"], purpose="Tools")
    (late,) = network.connector.push(waits)  # the answer is lost; `theirs` was pulled meanwhile
    assert late["status"] == "merged"
    network.coordinator.push(put(town, first, late["version"], purpose="Tools", channel=channel))
    told = {"purpose": "Tools", "channel": "phone", "known_before": "yes"}
    then = put(town, first, theirs["op_id"], ancestors=[waits["op_id"]], **told)
    (result,) = network.connector.push(then)
    data = result["current"]["data"]
    assert (result["status"], data["channel"], data["known_before"]) == ("merged", channel, "yes")


def test_what_cannot_be_read_stands_for_what_it_built_on(network: Network, town: Town) -> None:
    first = put(town, None, None)
    bad = put(town, first, first["op_id"], audience=3)
    then = put(town, first, bad["op_id"], purpose="Tools")
    verdicts = [network.connector.push(op)[0]["status"] for op in (first, bad, then)]
    assert verdicts == ["applied", "rejected", "applied"]


@BOOKS
def test_a_removal_on_top_of_a_refused_move_moves_nothing(
    network: Network, town: Town, *, is_on_top: bool
) -> None:
    first = put(town, None, None)
    network.connector.push(first)
    bad = put(town, first, first["op_id"], audience=network.coordinator.notebook)
    base = bad["op_id"] if is_on_top else first["op_id"]
    removal = put(town, first, base, ancestors=[bad["op_id"]]) | {"action": "delete", "data": None}
    verdicts = [network.coordinator.push(op)[0]["status"] for op in (bad, removal)]
    assert verdicts == ["rejected", "applied"]
