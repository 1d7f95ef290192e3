"""Lineage: what an edit is on top of, by all that its sender names; some refused or unknown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

import pytest

from api.core.write import Change, apply
from tests.sync.phone import BOOKS, Phone

if TYPE_CHECKING:
    from tests.fixtures.networks import Network, Town


Op = dict[str, Any]


def put(town: Town, record_id: str, base: str | None, **values: Any) -> Op:
    """An operation on an introduction, whose purpose is seeds unless told otherwise."""
    named = {"op_id": str(uuid4()), "id": record_id, "kind": "introductions", "action": "put"}
    data = town.introduction(**({"purpose": "Seeds"} | values))
    return named | {"base_version": base, "data": data}


@pytest.fixture
def first(network: Network, town: Town) -> Op:
    """The operation by which a connector made an introduction."""
    op = put(town, str(uuid4()), None)
    network.connector.push(op)
    return op


@pytest.fixture
def theirs(network: Network, town: Town, first: Op) -> Op:
    """An edit of it that somebody else made meanwhile: tools instead of seeds."""
    op = put(town, first["id"], first["op_id"], purpose="Tools")
    network.coordinator.push(op)
    return op


def test_in_the_same_push_nothing_stands_on_what_was_refused(network: Network, town: Town) -> None:
    bad = put(town, str(uuid4()), None, parties=[])
    then = put(town, bad["id"], bad["op_id"])
    results = network.connector.push(bad, then)
    assert [r["error"]["code"] for r in results] == ["validation_failed", "dependency_failed"]


@pytest.mark.usefixtures("theirs")
def test_what_its_author_sent_a_newer_state_before_is_superseded_whatever_it_names(
    network: Network, town: Town, first: Op
) -> None:
    values = put(town, first["id"], None, purpose="Chairs")["data"]
    late = Change("introductions", UUID(first["id"]), values, is_late=True)
    with network.database.transaction(network.id) as cx:
        (outcome,) = apply(cx, network.connector.actor, [late])
    assert (outcome.status, _purpose(network, first)) == ("superseded", "Tools")


def test_later_a_refused_base_stands_for_what_it_built_on(network: Network, town: Town) -> None:
    bad = put(town, str(uuid4()), None, parties=[])
    worse = put(town, bad["id"], bad["op_id"], parties=[])
    good = put(town, bad["id"], worse["op_id"])
    for op in (bad, worse):
        assert network.connector.push(op)[0]["status"] == "rejected"
    assert network.connector.push(good)[0]["status"] == "applied"
    edit = put(town, bad["id"], good["op_id"], purpose="x" * 1000)
    mended = put(town, bad["id"], edit["op_id"], purpose="Shorter")
    assert network.connector.push(edit)[0]["status"] == "rejected"
    assert network.connector.push(mended)[0]["status"] == "applied"


def test_however_many_refusals_are_on_top_of_each_other_the_good_edit_is_on_what_was_there(
    network: Network, town: Town, first: Op
) -> None:
    ops = [first]
    for _ in range(60):
        ops.append(put(town, first["id"], ops[-1]["op_id"], parties=[]))
        network.connector.push(ops[-1])
    good = put(town, first["id"], ops[-1]["op_id"], purpose="Bread")
    assert network.connector.push(good)[0]["status"] == "applied"


def test_an_edit_on_top_of_what_others_said_as_well_is_an_edit_of_theirs(
    network: Network, town: Town, first: Op
) -> None:
    theirs = put(town, first["id"], first["op_id"], purpose="Tools")
    same = put(town, first["id"], first["op_id"], purpose="Tools")
    then = put(town, first["id"], same["op_id"], purpose="Tools", channel="phone")
    then["ancestors"] = [same["op_id"]]
    assert network.coordinator.push(theirs)[0]["status"] == "applied"
    assert [r["status"] for r in network.connector.push(same, then)] == ["applied", "applied"]
    later = put(town, first["id"], then["op_id"], purpose="Seeds", channel="phone")
    assert network.coordinator.push(later)[0]["status"] == "applied"


@pytest.mark.usefixtures("theirs")
def test_an_edit_on_top_of_what_said_nothing_new_merges_with_what_came_between(
    network: Network, town: Town, first: Op
) -> None:
    same = put(town, first["id"], first["op_id"], purpose="Tools")
    between = put(town, first["id"], first["op_id"], channel="phone")
    then = put(town, first["id"], same["op_id"], purpose="Tools", known_before="yes")
    results = network.connector.push(same, between, then)
    assert [r["status"] for r in results] == ["applied", "merged", "merged"]
    data = results[2]["current"]["data"]
    assert (data["purpose"], data["channel"], data["known_before"]) == ("Tools", "phone", "yes")


def test_what_was_taken_back_since_is_not_said_again_by_an_edit_of_something_else(
    network: Network, town: Town, first: Op, theirs: Op
) -> None:
    same = put(town, first["id"], first["op_id"], purpose="Tools")
    network.connector.push(same)
    back = put(town, first["id"], theirs["op_id"], purpose="Seeds")
    network.coordinator.push(back)
    then = put(town, first["id"], same["op_id"], purpose="Tools", channel="phone")
    then["ancestors"] = [first["op_id"], same["op_id"]]
    (result,) = network.connector.push(then)
    assert result["status"] == "merged"
    assert (result["current"]["data"]["purpose"], result["current"]["data"]["channel"]) == (
        "Seeds",
        "phone",
    )


def test_an_edit_that_overtakes_its_base_is_merged_and_the_base_then_says_nothing_new(
    network: Network, town: Town, first: Op
) -> None:
    three = [{"group_id": group} for group in town.groups]
    theirs = put(town, first["id"], first["op_id"], channel="phone")
    network.coordinator.push(theirs)
    base = put(town, first["id"], first["op_id"], channel="phone", parties=three)
    then = put(town, first["id"], base["op_id"], channel="phone", parties=three)
    base["ancestors"], then["ancestors"] = [first["op_id"]], [first["op_id"], base["op_id"]]
    (overtaking,) = network.connector.push(then)
    assert overtaking["status"] == "merged"
    data = overtaking["current"]["data"]
    assert (data["channel"], len(data["parties"])) == ("phone", 3)
    (late,) = network.connector.push(base)
    assert (late["status"], late["version"]) == ("applied", overtaking["version"])
    assert network.revision == overtaking["revision"]


@pytest.mark.parametrize("refusals", [1, 3])
@pytest.mark.parametrize("names_ancestors", [True, False])
@pytest.mark.usefixtures("theirs")
def test_what_is_taken_back_on_top_of_refusals_on_top_of_what_said_nothing_new_is_taken_back(
    network: Network, town: Town, first: Op, refusals: int, names_ancestors: bool
) -> None:
    ops = [put(town, first["id"], first["op_id"], purpose="Seeds", channel="phone")]
    ops.append(put(town, first["id"], ops[0]["op_id"], purpose="Tools", channel="phone"))
    for _ in range(refusals):
        ops.append(put(town, first["id"], ops[-1]["op_id"], parties=[]))
    then = put(town, first["id"], ops[-1]["op_id"], purpose="Seeds", channel="phone")
    for i, op in enumerate((*ops, then)):
        op["ancestors"] = [each["op_id"] for each in ops[:i]] if names_ancestors else []
    verdicts = [network.connector.push(op)[0]["status"] for op in (*ops, then)]
    assert verdicts == ["merged", "applied", *["rejected"] * refusals, "applied"]
    assert _purpose(network, first) == "Seeds"


@pytest.mark.usefixtures("theirs")
def test_a_removal_whose_base_never_came_removes_what_the_one_before_said_as_well(
    network: Network, town: Town, first: Op
) -> None:
    same = put(town, first["id"], first["op_id"], purpose="Tools")
    network.connector.push(same)
    never = str(uuid4())
    removal = put(town, first["id"], never) | {"action": "delete", "data": None}
    (result,) = network.connector.push(removal | {"ancestors": [same["op_id"], never]})
    assert result["status"] == "applied"
    assert network.coordinator.get(f"introductions/{first['id']}").status_code == 410


@pytest.mark.usefixtures("theirs")
def test_an_edit_whose_base_never_came_is_on_top_of_the_one_before_though_that_said_nothing_new(
    network: Network, town: Town, first: Op
) -> None:
    ops = [put(town, first["id"], first["op_id"], purpose="Seeds", channel="phone")]
    ops.append(put(town, first["id"], ops[0]["op_id"], purpose="Tools", channel="phone"))
    network.connector.push(ops[0], ops[1] | {"ancestors": [ops[0]["op_id"]]})
    there = network.coordinator.get(f"introductions/{first['id']}").json["version"]
    told = {"purpose": "Tools", "channel": "phone", "known_before": "yes"}
    network.coordinator.push(put(town, first["id"], there, **told))
    never = str(uuid4())
    then = put(town, first["id"], never, purpose="Seeds", channel="phone")
    then["ancestors"] = [*(op["op_id"] for op in ops), never]
    (result,) = network.connector.push(then)
    assert result["status"] == "merged"
    data = result["current"]["data"]
    assert (data["purpose"], data["known_before"]) == ("Seeds", "yes")


@pytest.fixture(params=BOOKS)
def phone(network: Network, town: Town, request: pytest.FixtureRequest) -> Phone:
    """A phone that keeps books in one of the ways there are, with three edits: there and back."""
    phone = Phone(network.connector, books=request.param)
    record_id = phone.put("introductions", town.introduction(purpose="Seeds"))
    phone.push()
    for purpose in ("Tools", "Bread", "Tools"):
        phone.put("introductions", town.introduction(purpose=purpose), record_id)
    return phone


def test_of_several_unanswered_edits_the_newest_is_what_the_next_one_is_on_top_of(
    network: Network, town: Town, phone: Phone
) -> None:
    ((_, record_id), seen), *_ = phone.shadow.items()
    values = {"purpose": "Seeds", "channel": "phone"}
    network.coordinator.push(put(town, record_id, seen["version"], **values))
    results = phone.push()
    assert [r["status"] for r in results] == ["merged"] * 3
    data = results[2]["current"]["data"]
    assert (data["purpose"], data["channel"]) == ("Tools", "phone")


def test_of_several_unanswered_edits_an_older_one_that_comes_late_changes_nothing(
    network: Network, phone: Phone
) -> None:
    first, late, last = phone.outbox
    verdicts = [network.connector.push(op)[0]["status"] for op in (first, last, late)]
    assert verdicts == ["applied", "applied", "superseded"]
    assert _purpose(network, first) == "Tools"


def test_what_comes_late_and_says_what_came_on_top_of_it_is_not_put_on_top_of_that(
    network: Network, town: Town, first: Op
) -> None:
    ops = [put(town, first["id"], first["op_id"], purpose="Bread")]
    ops += [put(town, first["id"], first["op_id"], purpose="Tools") for _ in range(2)]
    for i, op in enumerate(ops):
        op["ancestors"] = [each["op_id"] for each in ops[:i]]
    _, late, last = ops
    network.connector.push(last)
    before = network.revision
    assert network.connector.push(late)[0]["version"] == last["op_id"]
    assert network.revision == before


# What may be named by somebody who says what is there: the server knows all of it.
KNOWN = ("base refused", "base merged", "merge behind", "merge there")


@pytest.mark.parametrize("named", KNOWN)
def test_what_is_there_is_no_news_on_top_of_what_the_server_knows(
    network: Network, town: Town, first: Op, named: str
) -> None:
    network.coordinator.push(put(town, first["id"], first["op_id"], channel="phone"))
    mine = put(town, first["id"], first["op_id"], purpose="Tools")
    bad = put(town, first["id"], first["op_id"], parties=[])
    results = network.connector.push(mine, bad)
    assert [r["status"] for r in results] == ["merged", "rejected"]
    merge = results[0]["version"]
    values = {"channel": "phone", "purpose": "Tools"}
    if named == "merge behind":
        values["purpose"] = "Bread"
        network.coordinator.push(put(town, first["id"], merge, **values))
    base = {"base refused": bad["op_id"], "base merged": mine["op_id"]}.get(named, merge)
    before = network.revision
    again = put(town, first["id"], base, **values) | {"ancestors": [bad["op_id"]]}
    assert network.connector.push(again)[0]["status"] == "applied"
    assert network.revision == before


@pytest.mark.parametrize("is_named_as", ["base", "ancestor"])
def test_what_was_removed_before_it_came_does_not_come_back(
    network: Network, town: Town, is_named_as: str
) -> None:
    late = put(town, str(uuid4()), None)
    base, ancestors = (late["op_id"], []) if is_named_as == "base" else (None, [late["op_id"]])
    removal = put(town, late["id"], base) | {"action": "delete", "data": None}
    removal["ancestors"] = ancestors
    assert network.connector.push(removal)[0]["status"] == "applied"
    (result,) = network.connector.push(late)
    assert (result["status"], result["present"]) == ("superseded", "absent")
    (again,) = network.connector.push(late)
    assert again == result | {"replayed": True}
    assert network.connector.get(f"introductions/{late['id']}").status_code == 404


def test_what_somebody_else_removed_before_it_came_is_there(network: Network, town: Town) -> None:
    late = put(town, str(uuid4()), None)
    removal = put(town, late["id"], late["op_id"]) | {"action": "delete", "data": None}
    assert network.colleague.push(removal)[0]["status"] == "applied"
    assert network.connector.push(late)[0]["status"] == "applied"
    assert network.connector.get(f"introductions/{late['id']}").status_code == 200


def test_who_may_not_change_a_record_may_say_what_is_there_and_nothing_comes_of_it(
    network: Network, town: Town, first: Op
) -> None:
    before = network.revision
    same = put(town, first["id"], str(uuid4()))
    assert network.colleague.push(same)[0]["status"] == "applied"
    assert network.revision == before


def test_a_request_for_one_version_says_nothing_on_top_of_another(
    network: Network, town: Town, first: Op
) -> None:
    change = Change("introductions", UUID(first["id"]), first["data"], uuid4(), is_strict=True)
    with network.database.transaction(network.id) as cx:
        (outcome,) = apply(cx, network.connector.actor, [change])
    assert str(outcome.version) == first["op_id"]


def test_a_refused_base_of_another_record_stands_for_nothing(network: Network, town: Town) -> None:
    bad = put(town, str(uuid4()), None, parties=[])
    network.connector.push(bad)
    (result,) = network.connector.push(put(town, str(uuid4()), bad["op_id"]))
    assert result["error"]["code"] == "not_found"


def _purpose(network: Network, op: dict[str, Any]) -> str:
    return network.connector.get(f"introductions/{op['id']}").json["purpose"]


def test_a_refused_base_of_somebody_else_stands_for_nothing(network: Network, town: Town) -> None:
    bad = put(town, str(uuid4()), None, parties=[])
    network.colleague.push(bad)
    (result,) = network.connector.push(put(town, bad["id"], bad["op_id"]))
    assert result["error"]["code"] == "not_found"


def test_a_base_that_never_was_is_named(network: Network, town: Town) -> None:
    (result,) = network.connector.push(put(town, str(uuid4()), str(uuid4())))
    assert (result["status"], result["error"]["code"]) == ("rejected", "not_found")


def test_a_client_id_belongs_to_one_member(network: Network, town: Town) -> None:
    client, before = str(uuid4()), network.revision
    op = put(town, str(uuid4()), None)
    assert network.connector.push(op, client_id=client)[0]["status"] == "applied"
    sent = {"client_id": client, "ops": [put(town, str(uuid4()), None)]}
    answer = network.colleague.post("sync/push", sent)
    assert (answer.status_code, answer.json["code"]) == (409, "client_conflict")
    assert network.revision == before + 1, "nothing of the other's push is stored"
    assert network.connector.push(put(town, str(uuid4()), None), client_id=client)


def test_the_same_client_id_in_another_network_is_another_store(
    network: Network, other_network: Network, town: Town
) -> None:
    client = str(uuid4())
    network.connector.push(put(town, str(uuid4()), None), client_id=client)
    quiet = {"op_id": str(uuid4()), "id": str(uuid4()), "kind": "quiet-weeks", "action": "put"}
    quiet["data"] = {"week_on": "2026-04-06"}
    (result,) = other_network.connector.push(quiet, client_id=client)
    assert result["status"] == "applied"


def test_of_more_ancestors_than_are_kept_the_newest_count(network: Network, town: Town) -> None:
    states = [put(town, str(uuid4()), None)]
    for i in range(60):
        states.append(put(town, states[0]["id"], states[-1]["op_id"], purpose=f"Draft {i}"))
    network.connector.push(*states[:56])
    last = put(town, states[0]["id"], states[0]["op_id"], purpose="Done")
    last["ancestors"] = [state["op_id"] for state in states[1:]]
    assert network.connector.push(last)[0]["status"] == "applied"
