"""Two phones and the server: a week offline, lost answers, edits of the same record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

from tests.sync.phone import Phone

if TYPE_CHECKING:
    from tests.fixtures.networks import Network, Town


@pytest.fixture
def phones(network: Network, town: Town) -> tuple[Phone, Phone]:
    """A connector's and a coordinator's phone, both up to date."""
    found = Phone(network.connector), Phone(network.coordinator)
    for phone in found:
        phone.pull()
    return found


def state(network: Network) -> dict[Any, Any]:
    """What the server holds of the network's audience, as a fresh phone would see it."""
    fresh = Phone(network.admin)
    fresh.pull()
    return fresh.shadow


def test_a_week_offline_ends_in_one_state(
    network: Network, town: Town, phones: tuple[Phone, Phone]
) -> None:
    walking, desk = phones
    for day in range(1, 8):
        walking.put("introductions", town.introduction(made_at=f"2026-03-0{day}T10:00:00Z"))
        desk.put("introductions", town.introduction(purpose=f"Day {day}"))
        desk.sync()
    walking.put("quiet-weeks", {"week_on": "2026-03-09"})
    walking.sync()
    desk.sync()
    assert walking.shadow == desk.shadow == state(network)
    assert sum(kind == "introductions" for kind, _ in walking.shadow) == 14


def test_what_is_sent_twice_counts_once(
    network: Network, town: Town, phones: tuple[Phone, Phone]
) -> None:
    walking, _ = phones
    walking.put("introductions", town.introduction())
    walking.push(answer_is_lost=True)
    (result,) = walking.sync()
    assert (result["status"], result["replayed"]) == ("applied", True)
    assert len(network.admin.get("introductions").json["items"]) == 1


def test_edits_of_different_fields_are_both_kept(
    network: Network, town: Town, phones: tuple[Phone, Phone]
) -> None:
    walking, desk = phones
    record = walking.put("introductions", town.introduction())
    walking.sync()
    desk.pull()
    walking.put("introductions", town.introduction(purpose="A hall"), record)
    desk.put("introductions", town.introduction(channel="phone"), record)
    desk.sync()
    (result,) = walking.sync()
    desk.sync()
    assert result["status"] == "merged"
    assert walking.shadow == desk.shadow == state(network)
    merged = walking.shadow["introductions", record]["data"]
    assert (merged["purpose"], merged["channel"]) == ("A hall", "phone")


def test_edits_of_one_field_are_a_conflict_and_neither_is_lost(
    network: Network, town: Town, phones: tuple[Phone, Phone]
) -> None:
    walking, desk = phones
    record = walking.put("introductions", town.introduction())
    walking.sync()
    desk.pull()
    walking.put("introductions", town.introduction(purpose="Mine"), record)
    desk.put("introductions", town.introduction(purpose="Theirs"), record)
    desk.sync()
    (result,) = walking.sync()
    assert (result["status"], result["error"]["fields"]) == ("conflict", ["purpose"])
    assert result["current"]["data"]["purpose"] == "Theirs"
    kept = network.connector.get(f"sync/ops/{result['op_id']}").json
    assert '"Mine"' in kept["payload"]
    assert walking.shadow == state(network)
    assert len(walking.attention) == 1


def test_a_lost_answer_and_somebody_elses_edit_leave_no_phone_behind(
    network: Network, town: Town, phones: tuple[Phone, Phone]
) -> None:
    walking, desk = phones
    record = walking.put("introductions", town.introduction())
    walking.push(answer_is_lost=True)
    desk.pull()
    desk.put("introductions", town.introduction(purpose="Seen at the desk"), record)
    desk.sync()
    (result,) = walking.push()
    assert (result["status"], result["present"]) == ("applied", "newer")
    assert walking.shadow["introductions", record]["data"]["purpose"] == "Seen at the desk"


def test_an_own_edit_on_top_of_an_unanswered_one_is_no_conflict(
    network: Network, town: Town, phones: tuple[Phone, Phone]
) -> None:
    walking, _ = phones
    record = walking.put("introductions", town.introduction())
    walking.push(answer_is_lost=True)
    first = walking.outbox.pop()
    walking.outbox.append(
        first
        | {
            "op_id": "00000000-0000-4000-8000-0000000000aa",
            "ancestors": [first["op_id"]],
            "data": town.introduction(purpose="Second thoughts"),
        }
    )
    (result,) = walking.sync()
    assert result["status"] == "applied"
    late = network.connector.push(
        first | {"op_id": "00000000-0000-4000-8000-0000000000ab", "base_version": None}
    )
    assert late[0]["status"] == "conflict"
    assert state(network)["introductions", record]["data"]["purpose"] == "Second thoughts"


def test_an_edit_on_an_unanswered_one_merges_with_somebody_elses(
    network: Network, town: Town, phones: tuple[Phone, Phone]
) -> None:
    walking, desk = phones
    record = walking.put("introductions", town.introduction())
    walking.push(answer_is_lost=True)
    first = walking.outbox.pop()
    desk.pull()
    desk.put("introductions", town.introduction(channel="phone"), record)
    desk.sync()
    again = first | {"op_id": str(uuid4()), "ancestors": [first["op_id"]]}
    walking.outbox.append(again | {"data": town.introduction(purpose="Second thoughts")})
    (result,) = walking.sync()
    assert result["status"] == "merged"
    merged = walking.shadow["introductions", record]["data"]
    assert (merged["purpose"], merged["channel"]) == ("Second thoughts", "phone")


def test_an_own_older_state_that_arrives_late_is_superseded(
    network: Network, town: Town, phones: tuple[Phone, Phone]
) -> None:
    walking, _ = phones
    record = walking.put("introductions", town.introduction())
    walking.put("introductions", town.introduction(purpose="Second thoughts"), record)
    older, newer = walking.outbox
    done = network.connector.push(newer | {"base_version": None})
    assert done[0]["status"] == "applied"
    late = network.connector.push(older)
    assert late[0]["status"] == "superseded"
    assert late[0]["current"]["data"]["purpose"] == "Second thoughts"


def test_what_one_phone_removes_leaves_the_other(
    network: Network, town: Town, phones: tuple[Phone, Phone]
) -> None:
    walking, desk = phones
    record = walking.put("introductions", town.introduction())
    walking.sync()
    desk.pull()
    assert ("introductions", record) in desk.shadow
    walking.remove("introductions", record)
    walking.sync()
    desk.sync()
    assert ("introductions", record) not in desk.shadow
    assert walking.shadow == desk.shadow == state(network)


def test_what_goes_to_a_notebook_leaves_the_others(
    network: Network, town: Town, phones: tuple[Phone, Phone]
) -> None:
    walking, desk = phones
    record = walking.put("introductions", town.introduction())
    walking.sync()
    desk.pull()
    version = walking.shadow["introductions", record]["version"]
    moved = {"audience": network.connector.notebook, "base_version": version}
    walking.put("introductions", town.introduction(), record)
    network.connector.push(walking.outbox.pop() | moved)
    changes, _ = network.coordinator.pull(desk.cursor)
    assert [(c["op"], c["id"]) for c in changes] == [("leave", record)]
    mine, _ = network.connector.pull(walking.cursor)
    assert [(c["op"], c["audience"]) for c in mine] == [("upsert", network.connector.notebook)]


def test_pages_of_any_size_bring_the_same(
    network: Network, town: Town, phones: tuple[Phone, Phone]
) -> None:
    walking, desk = phones
    for day in range(1, 10):
        walking.put("introductions", town.introduction(made_at=f"2026-03-0{day}T10:00:00Z"))
    walking.sync()
    desk.pull(limit=2)
    assert desk.shadow == walking.shadow


def test_a_record_removed_while_a_snapshot_is_read_is_not_kept(
    network: Network, town: Town, phones: tuple[Phone, Phone]
) -> None:
    member = network.admin
    first = member.get("sync/changes?limit=1").json
    seen = first["changes"][0]
    assert seen["kind"] == "boundaries"
    removed = network.coordinator.delete(f"boundaries/{seen['id']}", If_Match="*")
    assert removed.status_code == 204
    changes, _ = member.pull(first["cursor"], limit=1)
    assert ("delete", seen["id"]) in [(c["op"], c["id"]) for c in changes]


def test_a_notebook_is_its_owners_alone(
    network: Network, town: Town, phones: tuple[Phone, Phone]
) -> None:
    walking, desk = phones
    person = {"alias": "Blue door", "notice": "not_given", "basis": "consent", "age_band": "adult"}
    record = walking.put("people", person)
    walking.sync()
    desk.sync()
    assert ("people", record) in walking.shadow
    assert ("people", record) not in desk.shadow
    assert record not in network.coordinator.get("sync/manifest?limit=500").text
    assert network.coordinator.get(f"sync/records/people/{record}").status_code == 404
