"""Quarantine: nobody's words vanish: what was refused is listed, mended, or let go by a person."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

from api.core.write import Change, apply

if TYPE_CHECKING:
    from tests.fixtures.networks import Member, Network, Town


def put(data: object, **more: object) -> dict[str, Any]:
    """An operation that makes an introduction."""
    fresh = {"op_id": str(uuid4()), "id": str(uuid4())}
    return fresh | {"kind": "introductions", "action": "put", "data": data} | more


def waiting(member: Member, query: str = "") -> list[str]:
    """The operations that wait to be seen to."""
    return [item["op_id"] for item in member.get(f"sync/quarantined{query}").json["items"]]


@pytest.fixture
def refused(network: Network, town: Town) -> dict[str, Any]:
    """An introduction without its parties."""
    op = put(town.introduction(parties=[], purpose="Shared garden"))
    (result,) = network.connector.push(op)
    assert result["status"] == "rejected"
    return op


def correction(town: Town, **more: Any) -> dict[str, Any]:
    """What a person sends to mend it."""
    return {"op_id": str(uuid4()), "data": town.introduction(purpose="Shared garden")} | more


def test_a_refusal_is_listed_with_what_was_sent_and_why(
    network: Network, refused: dict[str, Any]
) -> None:
    (item,) = network.connector.get("sync/quarantined").json["items"]
    assert (item["op_id"], item["id"]) == (refused["op_id"], refused["id"])
    assert (item["status"], item["error"]["code"]) == ("rejected", "validation_failed")
    assert json.loads(item["payload"])["purpose"] == "Shared garden"


def test_its_author_and_coordinators_see_it_and_nobody_else(
    network: Network, other_network: Network, refused: dict[str, Any]
) -> None:
    for member in (network.connector, network.coordinator, network.admin):
        assert waiting(member) == [refused["op_id"]]
    for member in (network.colleague, network.funder, other_network.coordinator):
        assert waiting(member) == []
        mended = member.post(
            f"sync/quarantined/{refused['op_id']}/mend", {"op_id": str(uuid4()), "data": {}}
        )
        assert mended.json["code"] == "not_found"
        assert member.delete(f"sync/quarantined/{refused['op_id']}").status_code == 404


def test_what_was_meant_for_a_notebook_stays_with_its_author(network: Network, town: Town) -> None:
    person = put({"alias": ""}, kind="people")
    private = put({"parties": []}, audience=network.connector.notebook)
    unknown = put({}, kind="dreams")
    foreign = put(town.introduction(), audience=network.colleague.notebook)
    network.connector.push(person, private, unknown, foreign)
    assert len(waiting(network.connector)) == 4
    assert waiting(network.coordinator) == waiting(network.colleague) == []


@pytest.mark.parametrize("is_whole", [True, False], ids=["read", "not even read"])
def test_what_was_to_follow_a_record_in_a_notebook_stays_with_its_author(
    network: Network, town: Town, is_whole: bool
) -> None:
    secret = town.introduction(audience=network.connector.notebook)
    owner = network.connector.make("introductions", secret)["id"]
    said = {"introduction_id": owner, "sha256": "0" * 64, "size": 9, "mime": "image/png"}
    wrong = {"base_version": str(uuid4())} if is_whole else {}
    op = put(said if is_whole else said | {"size": 0}, kind="attachments", **wrong)
    assert network.connector.push(op)[0]["status"] == "rejected"
    assert (waiting(network.connector), waiting(network.coordinator)) == ([op["op_id"]], [])


def test_what_was_to_follow_a_record_of_the_networks_is_shown(network: Network, town: Town) -> None:
    owner = network.connector.make("introductions", town.introduction())["id"]
    said = {"introduction_id": owner, "sha256": "0" * 64, "size": 9, "mime": "image/png"}
    op = put(said, kind="attachments", base_version=str(uuid4()))
    network.connector.push(op)
    assert waiting(network.coordinator) == [op["op_id"]]


def test_what_could_not_be_read_is_mended_to_where_the_record_it_follows_is(
    network: Network, town: Town
) -> None:
    owner = network.connector.make("introductions", town.introduction())["id"]
    said = {"introduction_id": owner, "sha256": "0" * 64, "size": 9, "mime": "image/png"}
    op = put(said | {"size": 0}, kind="attachments")
    network.connector.push(op)
    where = f"sync/quarantined/{op['op_id']}/mend"
    mended = network.connector.post(where, {"op_id": str(uuid4()), "data": said}).json
    assert mended["status"] == "applied"
    assert network.connector.get(f"attachments/{op['id']}").json["audience"] == "network"


def test_a_coordinator_mends_it_and_it_is_its_authors_record(
    network: Network, town: Town, refused: dict[str, Any]
) -> None:
    where = f"sync/quarantined/{refused['op_id']}/mend"
    mended = network.coordinator.post(where, correction(town)).json
    assert (mended["status"], mended["present"]) == ("applied", "same")
    record = network.connector.get(f"introductions/{refused['id']}").json
    assert record["author_id"] == str(network.connector.member_id)
    assert waiting(network.connector) == waiting(network.coordinator) == []
    told = network.connector.get(f"sync/ops/{refused['op_id']}").json
    assert (told["mended_as"], told["status"]) == (mended["op_id"], "rejected")
    changed = network.connector.patch(
        f"introductions/{refused['id']}", {"purpose": None}, If_Match=f'"{record["version"]}"'
    )
    assert changed.status_code == 200
    (writer,) = network.rows(
        "SELECT author_id FROM history WHERE version = %(v)s", v=mended["version"]
    )
    assert writer == (network.coordinator.member_id,)


def test_mending_sent_twice_counts_once(
    network: Network, town: Town, refused: dict[str, Any]
) -> None:
    where, sent = f"sync/quarantined/{refused['op_id']}/mend", correction(town)
    first = network.connector.post(where, sent).json
    again = network.connector.post(where, sent).json
    assert (again["status"], again["version"], again["replayed"]) == (
        "applied",
        first["version"],
        True,
    )
    other = network.coordinator.post(where, correction(town, base_version=first["version"]))
    assert (other.status_code, other.json["code"]) == (409, "already_exists")
    assert (
        network.connector.get(f"introductions/{refused['id']}").json["version"] == first["version"]
    )


def test_a_correction_that_is_refused_leaves_it_waiting(
    network: Network, refused: dict[str, Any]
) -> None:
    where = f"sync/quarantined/{refused['op_id']}/mend"
    answer = network.connector.post(where, {"op_id": str(uuid4()), "data": {"parties": []}}).json
    assert (answer["status"], answer["error"]["code"]) == ("rejected", "validation_failed")
    assert waiting(network.connector) == [refused["op_id"]]


def test_a_kept_conflict_is_mended_on_the_new_base(network: Network, town: Town) -> None:
    first = put(town.introduction())
    network.connector.push(first)
    edit = {"id": first["id"], "base_version": first["op_id"]}
    theirs = put(town.introduction(purpose="Theirs"), **edit)
    mine = put(town.introduction(purpose="Mine"), **edit)
    network.coordinator.push(theirs)
    (result,) = network.connector.push(mine)
    assert result["status"] == "conflict"
    where = f"sync/quarantined/{mine['op_id']}/mend"
    both = {"op_id": str(uuid4()), "data": town.introduction(purpose="Theirs and mine")}
    mended = network.connector.post(where, both | {"base_version": theirs["op_id"]}).json
    assert mended["status"] == "applied"
    assert waiting(network.connector) == []


def test_it_may_be_let_go_and_stays_readable(network: Network, refused: dict[str, Any]) -> None:
    for _ in range(2):
        assert network.coordinator.delete(f"sync/quarantined/{refused['op_id']}").status_code == 204
    assert waiting(network.connector) == []
    told = network.connector.get(f"sync/ops/{refused['op_id']}").json
    assert (told["closed_at"] is None, told["mended_as"], bool(told["payload"])) == (
        False,
        None,
        True,
    )


def test_the_list_comes_in_pages(network: Network) -> None:
    for _ in range(3):
        network.connector.push(put({"parties": []}), put({"parties": []}))
    first = network.connector.get("sync/quarantined?limit=4").json
    rest = network.connector.get(f"sync/quarantined?cursor={first['cursor']}").json
    assert len({item["op_id"] for item in first["items"] + rest["items"]}) == 6
    assert rest["cursor"] is None
    stolen = network.coordinator.get(f"sync/quarantined?cursor={first['cursor']}")
    assert stolen.json["code"] == "bad_cursor"


def test_a_page_is_cut_where_it_would_grow_too_large(network: Network, town: Town) -> None:
    large = town.introduction(parties=[], purpose="x" * 400_000)
    ops = [put(large) for _ in range(7)]
    for op in ops:
        network.connector.push(op)
    seen, sizes, cursor = [], [], ""
    while cursor is not None:
        page = network.connector.get(f"sync/quarantined?{cursor and f'cursor={cursor}'}")
        seen += [(item["op_id"], len(item["payload"])) for item in page.json["items"]]
        sizes.append(len(page.data))
        cursor = page.json["cursor"]
    assert [op_id for op_id, _ in seen] == [op["op_id"] for op in reversed(ops)]
    assert min(length for _, length in seen) > 400_000
    assert max(sizes) < 2_000_000


def test_refusals_are_listed_in_the_order_of_their_turns_whoever_began_first(
    network: Network, town: Town
) -> None:
    nobody = town.introduction(parties=[])
    late, quick = Change("introductions", uuid4(), nobody), put(nobody)
    with network.database.transaction(network.id) as cx:
        network.connector.push(quick)
        apply(cx, network.connector.actor, [late])
    assert waiting(network.connector) == [str(late.change_id), quick["op_id"]]


@pytest.fixture
def refused_outside(network: Network, town: Town) -> list[dict[str, Any]]:
    """What a colleague logged before they ceased to be a connector: for all, and for themselves."""
    own = network.colleague.notebook
    ops = [put(town.introduction()), put(town.introduction(), audience=own)]
    network.admin.patch(f"members/{network.colleague.member_id}", {"role": "funder"})
    results = network.colleague.push(*ops)
    assert [r["error"]["code"] for r in results] == ["out_of_scope"] * 2
    return ops


def test_what_somebody_meant_for_the_network_is_shown_though_they_are_out_of_it(
    network: Network, refused_outside: list[dict[str, Any]]
) -> None:
    assert waiting(network.coordinator) == [refused_outside[0]["op_id"]]
    assert len(waiting(network.colleague)) == 2


def test_what_was_meant_for_a_notebook_is_mended_into_it(
    network: Network, town: Town, refused_outside: list[dict[str, Any]]
) -> None:
    network.admin.patch(f"members/{network.colleague.member_id}", {"role": "connector"})
    op = refused_outside[1]
    network.colleague.post(f"sync/quarantined/{op['op_id']}/mend", correction(town))
    record = network.colleague.get(f"introductions/{op['id']}").json
    assert record["audience"] == network.colleague.notebook
