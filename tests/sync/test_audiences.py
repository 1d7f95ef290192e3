"""Audiences: who sees a record is said by who means it, never by an edit that came late."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

from api.core import write
from api.core.change import prepare
from api.core.problems import Problem
from api.core.record import KINDS

if TYPE_CHECKING:
    from tests.fixtures.networks import Network, Town


def edit(record: dict[str, Any], base: str, data: dict[str, Any], **more: Any) -> dict[str, Any]:
    """An edit of a record, on top of one of its states."""
    named = {"op_id": str(uuid4()), "kind": "introductions", "id": record["id"], "action": "put"}
    return named | {"base_version": base, "data": data} | more


@pytest.fixture
def record(network: Network, town: Town) -> dict[str, Any]:
    """An introduction that the network sees."""
    return network.connector.make("introductions", town.introduction())


@pytest.fixture
def taken(network: Network, town: Town, record: dict[str, Any]) -> dict[str, Any]:
    """The same, taken into its author's notebook on one phone."""
    move = edit(record, record["version"], town.introduction(), audience=network.connector.notebook)
    (result,) = network.connector.push(move)
    assert result["status"] == "applied"
    return record


@pytest.mark.parametrize("changed", [{"channel": "phone"}, {}])
def test_what_was_taken_into_a_notebook_stays_there_though_another_phone_did_not_know(
    network: Network, town: Town, taken: dict[str, Any], changed: dict[str, Any]
) -> None:
    late = edit(taken, taken["version"], town.introduction(**changed), audience="network")
    (result,) = network.connector.push(late)
    assert result["status"] == "merged"
    assert result["current"]["audience"] == network.connector.notebook
    assert network.coordinator.get(f"introductions/{taken['id']}").status_code == 404
    mine = network.connector.get(f"introductions/{taken['id']}").json
    assert mine["channel"] == changed.get("channel", mine["channel"])


def test_what_was_given_to_the_network_is_not_hidden_again_by_an_edit_from_before(
    network: Network, town: Town
) -> None:
    own = network.connector.notebook
    record = network.connector.make("introductions", town.introduction(audience=own))
    given = edit(record, record["version"], town.introduction(), audience="network")
    late = edit(record, record["version"], town.introduction(channel="phone"), audience=own)
    network.connector.push(given)
    (result,) = network.connector.push(late)
    assert result["status"] == "merged"
    assert network.coordinator.get(f"introductions/{record['id']}").json["channel"] == "phone"


def test_a_move_is_kept_though_somebody_edited_meanwhile(
    network: Network, town: Town, record: dict[str, Any]
) -> None:
    theirs = edit(record, record["version"], town.introduction(channel="phone"), audience="network")
    move = edit(record, record["version"], town.introduction(), audience=network.connector.notebook)
    network.coordinator.push(theirs)
    (result,) = network.connector.push(move)
    assert result["status"] == "merged"
    assert network.coordinator.get(f"introductions/{record['id']}").status_code == 404
    assert network.connector.get(f"introductions/{record['id']}").json["channel"] == "phone"


def test_a_refused_edit_of_what_is_in_a_notebook_is_its_authors_alone(
    network: Network, town: Town, taken: dict[str, Any]
) -> None:
    clash = edit(taken, str(uuid4()), town.introduction(purpose="Mine"), audience="network")
    (refused,) = network.connector.push(clash)
    assert refused["status"] == "conflict"
    assert network.coordinator.get("sync/quarantined").json["items"] == []
    assert len(network.connector.get("sync/quarantined").json["items"]) == 1


def test_a_mended_refusal_moves_nothing(
    network: Network, town: Town, record: dict[str, Any]
) -> None:
    theirs = edit(record, record["version"], town.introduction(purpose="Theirs"))
    clash = edit(record, record["version"], town.introduction(purpose="Mine"), audience="network")
    network.coordinator.push(theirs)
    own = {"audience": network.connector.notebook}
    move = edit(record, theirs["op_id"], theirs["data"], **own)
    refused, moved = network.connector.push(clash, move)
    assert (refused["status"], moved["status"]) == ("conflict", "applied")
    mended = {"op_id": str(uuid4()), "base_version": move["op_id"], "data": clash["data"]}
    answer = network.connector.post(f"sync/quarantined/{clash['op_id']}/mend", mended).json
    assert answer["status"] == "applied"
    assert network.coordinator.get(f"introductions/{record['id']}").status_code == 404


def test_what_could_not_be_read_and_was_meant_for_a_notebook_is_shown_to_no_coordinator(
    network: Network, town: Town
) -> None:
    for audience in (network.connector.notebook, 7, ["network"]):
        words = town.introduction(purpose="Between us")
        op = edit({"id": str(uuid4())}, "", words, audience=audience)
        (result,) = network.connector.push(op)
        assert result["error"]["code"] == "validation_failed"
    assert network.coordinator.get("sync/quarantined").json["items"] == []
    assert len(network.connector.get("sync/quarantined").json["items"]) == 3


def test_what_could_not_be_read_is_mended_into_the_notebook_it_was_meant_for(
    network: Network, town: Town
) -> None:
    own = network.connector.notebook
    op = edit({"id": str(uuid4())}, "", town.introduction(purpose="Between us"), audience=own)
    network.connector.push(op)
    mended = {"op_id": str(uuid4()), "data": town.introduction(purpose="Between us")}
    network.connector.post(f"sync/quarantined/{op['op_id']}/mend", mended)
    assert network.connector.get(f"introductions/{op['id']}").json["audience"] == own
    assert network.coordinator.get(f"introductions/{op['id']}").status_code == 404


@pytest.mark.parametrize("together", [True, False], ids=["in one push", "in two"])
def test_who_keeps_a_draft_of_the_frame_in_their_notebook_may_go_on_with_it(
    network: Network, together: bool
) -> None:
    made = {"op_id": str(uuid4()), "kind": "boundaries", "id": str(uuid4()), "action": "put"}
    made |= {"audience": network.coordinator.notebook, "data": {"name": "River"}}
    named = made | {"op_id": str(uuid4()), "base_version": made["op_id"], "audience": "network"}
    ops = [made, named | {"data": {"name": "Canal"}}]
    batches = [ops] if together else [[each] for each in ops]
    results = [result for batch in batches for result in network.coordinator.push(*batch)]
    assert [result["status"] for result in results] == ["applied", "applied"]
    assert network.admin.get(f"boundaries/{made['id']}").json["name"] == "Canal"


def test_what_follows_a_record_that_moves_in_the_same_push_is_told_as_it_is_then(
    network: Network, town: Town, record: dict[str, Any]
) -> None:
    values = {"introduction_id": record["id"], "sha256": "0" * 64, "size": 9, "mime": "image/png"}
    photo = network.connector.make("attachments", values)
    caption = edit(photo, photo["version"], values | {"caption": "After"}, kind="attachments")
    own = network.connector.notebook
    move = edit(record, record["version"], town.introduction(), audience=own)
    told, _ = network.connector.push(caption, move)
    assert (told["status"], told["present"]) == ("applied", "newer")
    assert (told["current"]["audience"], told["current"]["data"]["caption"]) == (own, "After")


@pytest.mark.parametrize("together", [True, False], ids=["in one push", "in two"])
def test_a_correction_of_a_refused_entry_is_for_whom_that_was_meant(
    network: Network, town: Town, together: bool
) -> None:
    named = {"op_id": str(uuid4()), "kind": "introductions", "id": str(uuid4()), "action": "put"}
    bad = named | {"audience": network.connector.notebook, "data": town.introduction(parties=[])}
    mended = named | {"op_id": str(uuid4()), "base_version": bad["op_id"]}
    mended["data"] = town.introduction(purpose="Between us")
    batches = [[bad, mended]] if together else [[bad], [mended]]
    last = [network.connector.push(*batch) for batch in batches][-1][-1]
    assert last["status"] == ("rejected" if together else "applied")
    assert network.coordinator.get("sync/quarantined").json["items"] == []
    assert network.coordinator.get(f"introductions/{named['id']}").status_code == 404
    if not together:
        mine = network.connector.get(f"introductions/{named['id']}").json
        assert mine["audience"] == network.connector.notebook


def photo_of(record: dict[str, Any], **more: Any) -> dict[str, Any]:
    """An operation that attaches a photo to an introduction."""
    data = {"introduction_id": record["id"], "sha256": "0" * 64, "size": 9, "mime": "image/png"}
    return edit({"id": str(uuid4())}, "", data, kind="attachments", base_version=None) | more


def test_a_photo_goes_along_into_a_notebook_that_its_phone_did_not_know_of(
    network: Network, taken: dict[str, Any]
) -> None:
    photo = photo_of(taken, audience="network")
    (result,) = network.connector.push(photo)
    assert result["status"] == "applied"
    mine = network.connector.get(f"attachments/{photo['id']}").json
    assert mine["audience"] == network.connector.notebook


def test_a_photo_that_was_to_stay_in_a_notebook_is_not_shown_to_the_network(
    network: Network, record: dict[str, Any]
) -> None:
    photo = photo_of(record, audience=network.connector.notebook)
    (result,) = network.connector.push(photo)
    assert result["error"]["code"] == "out_of_scope"


def test_a_refused_photo_of_a_record_in_a_notebook_is_shown_to_no_coordinator(
    network: Network, taken: dict[str, Any]
) -> None:
    photo = photo_of(taken, audience="network", base_version=str(uuid4()))
    (result,) = network.connector.push(photo)
    assert result["status"] == "rejected"
    assert network.coordinator.get("sync/quarantined").json["items"] == []
    assert len(network.connector.get("sync/quarantined").json["items"]) == 1


def test_a_photo_in_ones_notebook_may_be_removed_whoever_took_it(
    network: Network, town: Town, record: dict[str, Any]
) -> None:
    photo = photo_of(record)
    network.colleague.push(photo)
    move = edit(record, record["version"], town.introduction(), audience=network.connector.notebook)
    network.connector.push(move)
    path = f"attachments/{photo['id']}"
    assert network.colleague.delete(path, If_Match="*").status_code == 404
    assert network.connector.delete(path, If_Match="*").status_code == 204


def test_a_person_stays_in_a_notebook(network: Network) -> None:
    person = {"alias": "A", "notice": "not_given", "basis": "consent", "age_band": "adult"}
    refused = network.connector.post("people", person | {"audience": "network"})
    assert (refused.status_code, refused.json["code"]) == (403, "out_of_scope")
    made = network.connector.make("people", person)
    moved = network.connector.patch(f"people/{made['id']}", {"audience": "network"}, If_Match="*")
    assert (moved.status_code, moved.json["code"]) == (403, "out_of_scope")


def test_a_removal_moves_nothing_whatever_audience_it_names(network: Network, town: Town) -> None:
    own = network.connector.notebook
    record = network.connector.make("introductions", town.introduction(audience=own))
    _, cursor = network.colleague.pull()
    removal = edit(record, record["version"], {}, audience="network") | {"action": "delete"}
    assert network.connector.push(removal)[0]["status"] == "applied"
    assert network.colleague.pull(cursor)[0] == []
    assert network.connector.get(f"introductions/{record['id']}").status_code == 410


@pytest.fixture
def pictured(network: Network, record: dict[str, Any]) -> dict[str, Any]:
    """An attachment of the introduction, which follows it wherever that goes."""
    named = {"sha256": "0" * 64, "size": 9, "mime": "image/png", "caption": "A long caption"}
    return network.connector.make("attachments", named | {"introduction_id": record["id"]})


def test_what_follows_a_record_goes_with_it_though_rules_became_stricter(
    network: Network, record: Any, pictured: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    stricter = {"caption": "Shorter, please."}
    monkeypatch.setattr(KINDS["attachments"].codec, "check", lambda _: stricter)
    own = {"audience": network.connector.notebook}
    moved = network.connector.patch(f"introductions/{record['id']}", own, If_Match="*")
    assert moved.status_code == 200
    assert network.colleague.get(f"attachments/{pictured['id']}").status_code == 404


def test_where_something_cannot_follow_a_record_nothing_moves(
    network: Network, record: Any, pictured: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stubborn(change: Any, *, is_stored: bool = False) -> Any:
        prepared = prepare(change, is_stored=is_stored)
        prepared.problem = Problem("validation_failed") if is_stored else prepared.problem
        return prepared

    monkeypatch.setattr(write, "prepare", stubborn)
    own = {"audience": network.connector.notebook}
    moved = network.connector.patch(f"introductions/{record['id']}", own, If_Match="*")
    assert (moved.status_code, moved.json["code"]) == (422, "validation_failed")
    for path in (f"introductions/{record['id']}", f"attachments/{pictured['id']}"):
        assert network.colleague.get(path).json["audience"] == "network"
