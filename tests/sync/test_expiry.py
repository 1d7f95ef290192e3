"""Expiry: after 400 days removals are no longer told, and a phone that slept begins anew."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

from api.jobs.tombstones import expire_tombstones
from tests.sync.phone import Phone

if TYPE_CHECKING:
    from tests.fixtures.networks import Network, Town


def pass_days(network: Network, days: int) -> int:
    """Let the nightly job run so many days from now."""
    return expire_tombstones(network.database, dt.datetime.now(dt.UTC) + dt.timedelta(days))


def put(town: Town, **more: Any) -> dict[str, Any]:
    """An operation that makes an introduction."""
    fresh = {"op_id": str(uuid4()), "id": str(uuid4()), "data": town.introduction()}
    return fresh | {"kind": "introductions", "action": "put"} | more


@pytest.fixture
def removed(network: Network, town: Town) -> tuple[Phone, str]:
    """A phone that holds a record, which was then removed elsewhere."""
    record = network.connector.make("introductions", town.introduction())
    phone = Phone(network.colleague)
    phone.pull()
    network.connector.delete(f"introductions/{record['id']}", If_Match="*")
    return phone, record["id"]


def test_a_removal_is_told_for_400_days(network: Network, removed: tuple[Phone, str]) -> None:
    phone, record_id = removed
    assert pass_days(network, 399) == 0
    page = network.colleague.get(f"sync/changes?cursor={phone.cursor}").json
    assert [(c["op"], c["id"]) for c in page["changes"]] == [("delete", record_id)]


def test_a_phone_from_before_begins_anew_and_lets_go(
    network: Network, removed: tuple[Phone, str]
) -> None:
    phone, record_id = removed
    pass_days(network, 401)
    answer = network.colleague.get(f"sync/changes?cursor={phone.cursor}")
    assert (answer.status_code, answer.json["code"]) == (410, "cursor_expired")
    phone.cursor = None
    phone.pull(limit=1)
    assert ("introductions", record_id) not in phone.shadow


def test_a_phone_from_after_goes_on(network: Network, removed: tuple[Phone, str]) -> None:
    phone, _ = removed
    phone.pull()
    pass_days(network, 401)
    assert network.colleague.get(f"sync/changes?cursor={phone.cursor}").status_code == 200


def test_an_expiry_in_the_middle_of_a_snapshot_starts_it_over_only_where_it_must(
    network: Network, town: Town, removed: tuple[Phone, str]
) -> None:
    pass_days(network, 401)
    first = network.colleague.get("sync/changes?limit=1").json
    assert first["has_more"]
    second = network.colleague.get(f"sync/changes?limit=1&cursor={first['cursor']}")
    assert second.status_code == 200, "nothing that went before it began concerns a snapshot"
    record = network.connector.make("introductions", town.introduction())
    network.connector.delete(f"introductions/{record['id']}", If_Match="*")
    pass_days(network, 401)
    third = network.colleague.get(f"sync/changes?limit=1&cursor={second.json['cursor']}")
    assert third.json["code"] == "cursor_expired"


def test_an_edit_on_top_of_what_never_came_is_known_again_once_its_verdict_is_forgotten(
    network: Network, town: Town
) -> None:
    first = put(town)
    edit = put(town, id=first["id"], base_version=first["op_id"], ancestors=[str(uuid4())])
    edit["data"] = town.introduction(purpose="Tools")
    network.connector.push(first, edit)
    before = network.revision
    pass_days(network, 401)
    (result,) = network.connector.push(edit)
    assert (result["status"], result["version"]) == ("applied", edit["op_id"])
    assert network.revision == before


@pytest.mark.parametrize("is_merged", [True, False], ids=["merged", "away and back"])
def test_what_is_behind_by_now_stays_there_once_its_verdict_is_forgotten(
    network: Network, town: Town, is_merged: bool
) -> None:
    first = put(town)
    network.connector.push(first)
    edits = [put(town, id=first["id"], base_version=first["op_id"])]
    edits[0]["data"] = town.introduction(purpose="Tools")
    if is_merged:
        there = put(town, id=first["id"], base_version=first["op_id"])
        network.coordinator.push(there | {"data": town.introduction(channel="phone")})
    else:
        edits.append(put(town, id=first["id"], base_version=edits[0]["op_id"]))
        edits[1]["data"] = town.introduction(purpose="Bread")
    results = network.connector.push(*edits)
    assert results[-1]["status"] == ("merged" if is_merged else "applied")
    back = put(town, id=first["id"], base_version=results[-1]["version"])
    purpose = "Seeds" if is_merged else "Tools"
    network.coordinator.push(back | {"data": town.introduction(purpose=purpose)})
    before = network.revision
    pass_days(network, 401)
    last = network.connector.push(*edits)[-1]
    assert (last["status"], last["present"]) == ("superseded", "newer")
    assert network.revision == before


def test_who_is_refused_what_had_been_stored_before_that_was_forgotten_is_told_the_record(
    network: Network, town: Town
) -> None:
    first, other = put(town), put(town)
    edit = put(town, id=first["id"], base_version=first["op_id"], group="both")
    edit["data"] = town.introduction(purpose="Tools")
    apart = put(town, id=other["id"], base_version=other["op_id"], group="both")
    apart["data"] = edit["data"]
    assert {r["status"] for r in network.connector.push(first, other, edit, apart)} == {"applied"}
    network.connector.delete(f"introductions/{other['id']}", If_Match="*")
    pass_days(network, 401)
    result, _ = network.connector.push(edit, apart)
    assert (result["status"], result["present"]) == ("rejected", "newer")
    assert result["current"]["version"] == edit["op_id"]


def test_one_networks_expiry_is_nothing_to_another(
    network: Network, other_network: Network, removed: tuple[Phone, str]
) -> None:
    _, cursor = other_network.connector.pull()
    pass_days(network, 401)
    assert other_network.connector.get(f"sync/changes?cursor={cursor}").status_code == 200


def test_a_verdict_is_kept_400_days_and_a_refusal_until_somebody_closed_it(
    network: Network, town: Town
) -> None:
    good, bad = put(town), put(town, data={"parties": []})
    network.connector.push(good, bad)
    pass_days(network, 401)
    assert network.connector.get(f"sync/ops/{good['op_id']}").status_code == 404
    assert network.connector.get(f"sync/ops/{bad['op_id']}").json["status"] == "rejected"
    network.connector.delete(f"sync/quarantined/{bad['op_id']}")
    pass_days(network, 399)
    assert network.connector.get(f"sync/ops/{bad['op_id']}").status_code == 200
    pass_days(network, 401)
    assert network.connector.get(f"sync/ops/{bad['op_id']}").status_code == 404


def test_what_comes_again_after_its_verdict_was_forgotten_still_counts_once(
    network: Network, town: Town
) -> None:
    op = put(town)
    network.connector.push(op)
    pass_days(network, 401)
    (again,) = network.connector.push(op)
    assert (again["status"], again["version"]) == ("applied", op["op_id"])
    assert len(network.connector.get("introductions").json["items"]) == 1


@pytest.mark.parametrize("is_said_again", [True, False])
def test_what_comes_again_and_still_holds_may_be_removed_by_whoever_said_it(
    network: Network, town: Town, is_said_again: bool
) -> None:
    mine = put(town)
    network.connector.push(mine)
    theirs = mine | {"op_id": str(uuid4()), "base_version": mine["op_id"]}
    theirs["data"] = town.introduction(purpose="Tools")
    back = mine | {"op_id": str(uuid4()), "base_version": theirs["op_id"]}
    network.coordinator.push(theirs, back)
    pass_days(network, 401)
    if is_said_again:
        (again,) = network.connector.push(mine)
        assert (again["status"], again["version"]) == ("applied", back["op_id"])
    end = {"action": "delete", "data": None, "op_id": str(uuid4())}
    (result,) = network.connector.push(mine | end | {"base_version": mine["op_id"]})
    assert result["status"] == ("applied" if is_said_again else "conflict")
