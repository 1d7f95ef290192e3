"""Other people's clients: two phones converge, and both sides of a clash are kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.clients.conftest import held, introductions

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.clients.conftest import Phone
    from tests.fixtures.networks import Network, Town
    from tests.fixtures.proxy import Proxy

Values = dict[str, Any]


def test_two_phones_converge_on_edits_of_different_fields(
    network: Network, walking: Phone, desk: Phone, values: Values
) -> None:
    record = walking.put(values)
    walking.sync()
    desk.sync()
    walking.go_offline()
    desk.go_offline()
    walking.put({"purpose": "A kitchen"}, record)
    desk.put({"channel": "in_person"}, record)
    desk.go_online()
    walking.go_online()
    desk.sync()
    assert walking.records == held(network.connector)
    assert desk.records == held(network.coordinator)
    assert walking.data(record) == values | {"purpose": "A kitchen", "channel": "in_person"}
    assert walking.attention == desk.attention == []


def test_a_conflict_is_shown_and_both_sides_are_kept(
    network: Network, walking: Phone, desk: Phone, values: Values
) -> None:
    record = walking.put(values)
    walking.sync()
    desk.sync()
    walking.go_offline()
    walking.put({"purpose": "Mine"}, record)
    desk.put({"purpose": "Theirs"}, record)
    desk.sync()
    walking.go_online()
    assert walking.data(record)["purpose"] == "Theirs"
    (kept,) = walking.attention
    assert (kept["state"], kept["error"]["fields"]) == ("conflict", ["purpose"])
    assert kept["op"]["data"]["purpose"] == "Mine"
    walking.put({"purpose": "Mine after all"}, record)
    walking.sync()
    desk.sync()
    assert desk.data(record)["purpose"] == "Mine after all"


def test_a_removal_reaches_the_other_phone(
    network: Network, walking: Phone, desk: Phone, values: Values
) -> None:
    record = walking.put(values)
    walking.sync()
    desk.sync()
    assert f"introductions/{record}" in desk.records
    walking.remove(record)
    walking.sync()
    desk.sync()
    assert f"introductions/{record}" not in desk.records
    assert walking.records == desk.records == held(network.connector)


def test_a_phone_that_pushed_before_it_ever_pulled_hears_of_removals(
    network: Network, phone_of: Callable[..., Phone], desk: Phone, values: Values
) -> None:
    fresh = phone_of(network.connector)
    record = fresh.put(values)
    fresh.sync()
    desk.sync()
    desk.remove(record)
    desk.sync()
    fresh.restart()
    fresh.sync()
    assert f"introductions/{record}" not in fresh.records
    assert fresh.records == held(network.connector)


def test_a_refusal_holds_nothing_up_and_is_kept(
    network: Network, walking: Phone, values: Values
) -> None:
    walking.go_offline()
    wrong = walking.put(values | {"channel": "by owl"})
    right = walking.put(values)
    walking.go_online()
    assert [each["id"] for each in introductions(network)] == [right]
    assert walking.records == held(network.connector)
    (kept,) = walking.attention
    assert (kept["op"]["id"], list(kept["error"]["fields"])) == (wrong, ["channel"])
    walking.put(values, wrong)
    walking.sync()
    assert walking.records == held(network.connector)
    assert len(introductions(network)) == 2


def test_a_record_and_what_it_refers_to_can_be_made_offline(
    network: Network, desk: Phone, town: Town, values: Values
) -> None:
    desk.go_offline()
    sections: Values = {"type": "residents", "name": "Lock Keepers", "sections": []}
    group = desk.put(sections, kind="groups")
    desk.put(values | {"parties": [{"group_id": town.groups[0]}, {"group_id": group}]})
    desk.put({"name": "The Lock Keepers"}, group, kind="groups")
    desk.restart()
    desk.go_online()
    assert desk.attention == []
    assert len(introductions(network)) == 1


def test_pages_of_any_length_bring_everything(
    network: Network, walking: Phone, values: Values, line: Proxy
) -> None:
    for _ in range(9):
        network.connector.make("introductions", values)
    line.short.add(walking.name)
    walking.sync()
    assert walking.records == held(network.connector)


def test_what_was_said_once_can_be_said_again(
    network: Network, walking: Phone, desk: Phone, values: Values
) -> None:
    record = walking.put(values | {"purpose": "A hall"})
    walking.sync()
    desk.sync()
    desk.put({"purpose": "A kitchen"}, record)
    desk.sync()
    walking.sync()
    walking.put({"purpose": "A hall"}, record)
    walking.sync()
    desk.sync()
    assert desk.data(record)["purpose"] == "A hall"
    assert desk.records == walking.records == held(network.connector)
