"""Other people's clients on a bad line: nothing lost, nothing twice, whatever it does."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

from api.jobs.tombstones import expire_tombstones
from tests.clients.conftest import held, introductions

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.clients.conftest import Phone
    from tests.fixtures.networks import Network
    from tests.fixtures.proxy import Proxy

Values = dict[str, Any]


@pytest.mark.parametrize("fault", ["drop_request", "drop_response", "dup", "html"])
def test_what_a_bad_line_does_to_a_push_counts_once(
    network: Network, walking: Phone, values: Values, line: Proxy, fault: str
) -> None:
    line.plan(walking.name, fault)
    record = walking.put(values)
    walking.sync()
    assert (walking.name, fault) in line.met
    assert [each["id"] for each in introductions(network)] == [record]
    assert walking.records == held(network.connector)
    assert walking.attention == []


def test_a_lost_answer_an_edit_and_a_restart_count_once(
    network: Network, walking: Phone, values: Values
) -> None:
    record = walking.put(values)
    walking.sync()
    walking.lose_an_answer({"purpose": "First"}, record)
    assert [each["purpose"] for each in introductions(network)] == ["First"]
    walking.put({"purpose": "Second"}, record)
    walking.restart()
    walking.go_online()
    assert [each["purpose"] for each in introductions(network)] == ["Second"]
    assert walking.records == held(network.connector)
    assert walking.attention == []


def test_a_lost_answer_and_somebody_elses_edit_leave_no_phone_behind(
    network: Network, walking: Phone, desk: Phone, values: Values, line: Proxy
) -> None:
    record = walking.lose_an_answer(values)
    desk.sync()
    desk.put({"purpose": "Seen at the desk"}, record)
    desk.sync()
    line.plan(walking.name, *["drop_request"] * 3)  # so that it pulls before it hears
    walking.restart()
    walking.go_online()
    assert walking.data(record)["purpose"] == "Seen at the desk"
    assert walking.records == held(network.connector)
    assert walking.attention == []


def test_an_own_edit_after_a_lost_answer_and_somebody_elses_is_not_lost(
    network: Network, walking: Phone, desk: Phone, values: Values
) -> None:
    record = walking.lose_an_answer(values)
    desk.sync()
    desk.put({"channel": "in_person"}, record)
    desk.sync()
    walking.put({"purpose": "Second thoughts"}, record)
    walking.restart()
    walking.go_online()
    assert walking.records == held(network.connector)
    found = [walking.data(record), *(kept["op"]["data"] for kept in walking.attention)]
    assert "Second thoughts" in [data["purpose"] for data in found]


def test_what_is_removed_while_it_is_sent_is_removed_without_a_conflict(
    network: Network, walking: Phone, values: Values
) -> None:
    record = str(uuid4())
    walking.remove_while_pushing(record)
    walking.put(values, record)
    walking.sync()
    walking.sync()
    assert introductions(network) == []
    assert walking.records == held(network.connector)
    assert walking.attention == []


def test_what_is_removed_while_an_edit_of_it_is_refused_is_removed(
    network: Network, walking: Phone, values: Values
) -> None:
    record = walking.put(values)
    walking.sync()
    walking.remove_while_pushing(record)
    walking.put({"channel": "by owl"}, record)
    walking.sync()
    walking.sync()
    assert introductions(network) == []
    assert walking.records == held(network.connector)
    (kept,) = walking.attention
    assert kept["op"]["data"]["channel"] == "by owl"


def test_what_is_taken_back_while_the_server_says_that_it_was_there_already_is_taken_back(
    network: Network, walking: Phone, values: Values, line: Proxy
) -> None:
    record = walking.put(values | {"purpose": "Seeds"})
    walking.sync()
    line.elsewhere[walking.name] = lambda: network.coordinator.patch(
        f"introductions/{record}", {"purpose": "Tools"}, If_Match="*"
    )
    walking.put_while_pushing({"purpose": "Seeds", "channel": "letter"}, record)
    walking.put({"purpose": "Tools"}, record)
    walking.sync()
    walking.sync()
    (found,) = introductions(network)
    assert (found["purpose"], found["channel"]) == ("Seeds", "letter")
    assert walking.records == held(network.connector)
    assert walking.attention == []


def test_unpushed_edits_survive_a_pull(
    network: Network, walking: Phone, desk: Phone, values: Values, line: Proxy
) -> None:
    record = walking.put(values)
    walking.sync()
    desk.sync()
    desk.put({"purpose": "Theirs"}, record)
    desk.sync()
    line.plan(walking.name, *["drop_request"] * 3)
    walking.put({"channel": "in_person"}, record)
    walking.sync()
    assert walking.data(record) == values | {"purpose": "Theirs", "channel": "in_person"}
    assert walking.records == held(network.connector)


def test_an_unpushed_edit_of_what_somebody_removed_is_kept(
    network: Network, walking: Phone, desk: Phone, values: Values
) -> None:
    record = walking.put(values)
    walking.sync()
    desk.sync()
    walking.go_offline()
    walking.put({"purpose": "Not yet sent"}, record)
    desk.remove(record)
    desk.sync()
    walking.go_online()
    assert walking.records == held(network.connector)
    (kept,) = walking.attention
    assert (kept["error"]["code"], kept["op"]["data"]["purpose"]) == ("gone", "Not yet sent")


@pytest.mark.parametrize("is_same", [False, True])
def test_what_is_written_while_removals_are_taken_in_is_kept(
    network: Network, walking: Phone, desk: Phone, values: Values, is_same: bool
) -> None:
    edited, other = walking.put(values), walking.put(values)
    walking.sync()
    desk.sync()
    walking.go_offline()
    walking.put({"purpose": "Not yet sent"}, edited)
    desk.remove(edited)
    desk.remove(other)
    desk.sync()
    walking.put_while_pushing({"purpose": "Meanwhile"}, edited if is_same else other)
    walking.go_online()
    walking.sync()
    assert walking.records == held(network.connector)
    kept = {kept["op"]["data"]["purpose"] for kept in walking.attention}
    assert kept == {"Not yet sent", "Meanwhile"}


def test_a_captive_portal_is_no_answer(
    network: Network, walking: Phone, desk: Phone, values: Values, line: Proxy
) -> None:
    desk.put(values)
    desk.sync()
    line.portals.add(walking.name)
    waiting = walking.put(values)
    walking.meet("no_answer")
    assert f"introductions/{waiting}" in walking.records
    line.portals.clear()
    walking.sync()
    assert walking.records == held(network.connector)
    assert len(introductions(network)) == 2


def test_a_proxy_that_is_busy_says_when_to_come_again(
    walking: Phone, values: Values, line: Proxy
) -> None:
    line.plan(walking.name, "busy")
    walking.put(values)
    trouble = walking.meet("no_answer")
    assert (trouble["status"], trouble["retryAfter"]) == (503, 7)


def test_what_is_too_much_for_a_proxy_goes_in_smaller_pieces(
    network: Network, walking: Phone, values: Values, line: Proxy
) -> None:
    walking.go_offline()
    for number in range(9):
        walking.put(values | {"purpose": f"Walk {number}"})
    line.takes[walking.name] = 4_000
    walking.go_online()
    assert (walking.name, "too_large") in line.met
    assert len(introductions(network)) == 9
    assert walking.records == held(network.connector)
    assert walking.attention == []


def test_what_no_proxy_lets_through_is_kept_and_holds_nothing_up(
    network: Network, walking: Phone, values: Values, line: Proxy
) -> None:
    edited = walking.put(values)
    walking.sync()
    line.takes[walking.name] = 1_500
    walking.put({"purpose": "Edited" * 200}, edited)
    new = walking.put(values | {"purpose": "New" * 400})
    small = walking.put(values)
    walking.sync()
    walking.sync()
    assert {each["id"] for each in introductions(network)} == {edited, small}
    assert walking.records == held(network.connector)
    refused = {kept["op"]["id"]: kept["error"]["code"] for kept in walking.attention}
    assert refused == dict.fromkeys((edited, new), "record_too_large")


def test_no_push_is_more_than_proxies_take_in_whatever_script(
    walking: Phone, values: Values, line: Proxy
) -> None:
    line.takes[walking.name] = 1 << 20
    walking.go_offline()
    for _ in range(200):
        walking.put(values | {"purpose": "قاعة" * 700})
    walking.go_online()
    assert (walking.name, "too_large") not in line.met
    assert {kept["error"]["code"] for kept in walking.attention} == {"validation_failed"}


def test_a_long_time_offline_with_many_edits(
    network: Network, phone_of: Callable[..., Phone], desk: Phone, values: Values
) -> None:
    walking = phone_of(network.connector, batch=7)
    walking.sync()
    walking.go_offline()
    for number in range(25):
        record = walking.put(values | {"purpose": f"Walk {number}"})
        desk.put(values | {"purpose": f"Desk {number}"})
        for again in range(number % 3):
            walking.put({"purpose": f"Walk {number}, edit {again}"}, record)
        if number % 10 == 9:
            walking.remove(record)
            desk.sync()
    walking.restart()
    walking.go_online()
    desk.sync()
    walking.sync()
    assert len(introductions(network)) == 48
    assert walking.records == desk.records == held(network.connector)
    assert walking.attention == desk.attention == []


def test_a_phone_that_slept_past_the_tombstones_forgets_what_was_removed(
    network: Network, walking: Phone, desk: Phone, values: Values
) -> None:
    record = walking.put(values)
    walking.sync()
    desk.sync()
    walking.go_offline()
    unsent = walking.put(values)
    desk.remove(record)
    desk.sync()
    expire_tombstones(network.database, dt.datetime.now(dt.UTC) + dt.timedelta(401))
    walking.go_online()
    assert f"introductions/{record}" not in walking.records
    assert [each["id"] for each in introductions(network)] == [unsent]
    assert walking.records == held(network.connector)
