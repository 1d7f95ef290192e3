"""Other people's clients, and the server: what is written on a phone is never lost or doubled."""

from __future__ import annotations

import datetime as dt
import random
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import psycopg
import pytest

from api.jobs.tombstones import expire_tombstones
from tests.clients.conftest import held

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.clients.conftest import Phone
    from tests.fixtures.networks import Network, Town
    from tests.fixtures.proxy import Proxy

Values = dict[str, Any]
Said = dict[tuple[str, str], str]


def introductions(network: Network) -> list[Values]:
    """What everybody sees in the list."""
    found: list[Values] = network.admin.get("introductions").json["items"]
    return found


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


def test_a_lost_answer_and_an_edit_after_a_restart_count_once(
    network: Network, walking: Phone, values: Values
) -> None:
    record = walking.put(values)
    walking.sync()
    walking.lose_an_answer({"purpose": "First"}, record)
    assert [each["purpose"] for each in introductions(network)] == ["First"]
    walking.restart()
    walking.put({"purpose": "Second"}, record)
    walking.go_online()
    assert [each["purpose"] for each in introductions(network)] == ["Second"]
    assert walking.records == held(network.connector)
    assert walking.attention == []


def test_a_lost_answer_and_somebody_elses_edit_leave_no_phone_behind(
    network: Network, walking: Phone, desk: Phone, values: Values
) -> None:
    record = walking.lose_an_answer(values)
    desk.sync()
    desk.put({"purpose": "Seen at the desk"}, record)
    desk.sync()
    walking.go_online()
    assert walking.data(record)["purpose"] == "Seen at the desk"
    assert walking.records == held(network.connector)
    assert walking.attention == []


def test_own_edits_around_a_lost_answer_clash_with_nobody(
    network: Network, walking: Phone, desk: Phone, values: Values
) -> None:
    record = walking.lose_an_answer(values)
    desk.sync()
    desk.put({"channel": "in_person"}, record)
    desk.sync()
    walking.restart()
    walking.put({"purpose": "Second thoughts"}, record)
    walking.go_online()
    assert walking.records == held(network.connector)
    (kept,) = walking.attention or [{"op": {"data": walking.data(record)}}]
    assert kept["op"]["data"]["purpose"] == "Second thoughts"


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
    desk.go_online()
    assert desk.attention == []
    assert len(introductions(network)) == 1


def test_who_becomes_a_funder_loses_everything_and_gets_it_back_with_the_role(
    network: Network, phone_of: Callable[..., Phone], values: Values
) -> None:
    network.connector.make("introductions", values)
    phone = phone_of(network.colleague, batch=2)
    phone.sync()
    before = phone.records
    assert before == held(network.colleague) != {}
    become(network, "funder")
    phone.sync()
    assert phone.records == {}
    become(network, "connector")
    phone.sync()
    assert phone.records == before


def become(network: Network, role: str) -> None:
    """Give the colleague another role."""
    answer = network.admin.patch(f"members/{network.colleague.member_id}", {"role": role})
    assert answer.status_code == 200, answer.text


def test_who_leaves_the_network_keeps_only_what_nobody_took(
    network: Network, phone_of: Callable[..., Phone], values: Values
) -> None:
    phone = phone_of(network.colleague)
    phone.put(values)
    phone.sync()
    phone.go_offline()
    unsent = phone.put(values)
    removed = network.admin.delete(f"members/{network.colleague.member_id}")
    assert removed.status_code == 204, removed.text
    phone.go_online()
    phone.meet("account_disabled")
    assert phone.records == {}
    (kept,) = phone.attention
    assert (kept["op"]["id"], kept["error"]["code"]) == (unsent, "account_disabled")


def test_a_record_goes_to_a_notebook_and_comes_back(
    network: Network, walking: Phone, desk: Phone, values: Values
) -> None:
    record = walking.put(values)
    walking.sync()
    desk.sync()
    walking.put({}, record, audience=network.connector.notebook)
    walking.sync()
    desk.sync()
    assert f"introductions/{record}" not in desk.records
    assert walking.records == held(network.connector)
    walking.put({"purpose": "For all"}, record)
    walking.sync()
    desk.sync()
    assert desk.data(record)["purpose"] == "For all"
    assert desk.records == held(network.coordinator)


def test_an_edit_of_what_went_to_a_notebook_meanwhile_is_kept_and_let_go(
    network: Network, walking: Phone, desk: Phone, values: Values
) -> None:
    record = walking.put(values)
    walking.sync()
    desk.sync()
    desk.go_offline()
    desk.put({"purpose": "Too late"}, record)
    walking.put({}, record, audience=network.connector.notebook)
    walking.sync()
    desk.go_online()
    assert desk.records == held(network.coordinator)
    (kept,) = desk.attention
    assert (kept["error"]["code"], kept["op"]["data"]["purpose"]) == ("out_of_scope", "Too late")


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


def test_a_server_restored_from_a_backup_is_told_again(
    network: Network, walking: Phone, desk: Phone, values: Values, database_url: str
) -> None:
    record = walking.put(values)
    walking.sync()
    desk.sync()
    restore_to_before(database_url, network, record)
    walking.sync()
    desk.sync()
    assert [each["id"] for each in introductions(network)] == [record]
    assert walking.records == desk.records == held(network.connector)


def restore_to_before(database_url: str, network: Network, record: str) -> None:
    """As after `pg_restore` of a dump from before this record, and a new epoch."""
    lost = [("introduction_party", "introduction_id"), ("introduction", "id")]
    lost += [(table, "record_id") for table in ("op_ledger", "sync_index", "history")]
    with psycopg.connect(database_url) as cx:
        cx.execute("SET session_replication_role = replica")
        for table, column in lost:
            found = cx.execute(f"DELETE FROM {table} WHERE {column} = %s", [record])
            assert found.rowcount, table
        statement = "UPDATE network SET revision = revision - 1, epoch = %s WHERE id = %s"
        cx.execute(statement, [uuid4(), network.id])


@pytest.mark.parametrize("seed", range(3))
def test_whatever_happens_all_phones_end_as_the_server(
    network: Network,
    phone_of: Callable[..., Phone],
    desk: Phone,
    walking: Phone,
    values: Values,
    line: Proxy,
    seed: int,
) -> None:
    dice = random.Random(seed)
    phones = [walking, desk, phone_of(network.connector, batch=3)]
    said: Said = {}
    for number in range(60):
        phone = dice.choice(phones)
        live(phone, dice, number, values, said)
        mishap(phone, dice, line)
    line.planned.clear()
    line.offline.clear()
    for phone in phones * 2:
        phone.sync()
    for phone in phones:
        assert phone.records == held(phone.member)
    stored = network.rows("SELECT data ->> 'purpose' FROM history WHERE network_id = %(network)s")
    refused = [entry["op"].get("data", {}) for phone in phones for entry in phone.attention]
    kept = {word for (word,) in stored} | {data.get("purpose") for data in refused}
    assert set(said.values()) <= kept


def live(phone: Phone, dice: random.Random, number: int, values: Values, said: Said) -> None:
    """Somebody writes, edits, removes, or moves a record; `said` is their last word on each."""
    known = [key.partition("/")[2] for key in phone.records if key.startswith("introductions/")]
    deed = dice.choice(("write", "edit", "edit", "edit", "remove", "move"))
    word = f"Word {number}"
    record = dice.choice(known) if known and deed != "write" else phone.put(values)
    if deed == "remove":
        phone.remove(record)
        said.pop((phone.name, record), None)
    elif deed == "move":
        phone.put({}, record, audience=dice.choice(("network", phone.member.notebook)))
    elif deed == "edit" and dice.random() < 0.4:
        phone.put({"channel": dice.choice(("letter", "video"))}, record)
    else:
        phone.put({"purpose": word}, record)
        said[phone.name, record] = word


def mishap(phone: Phone, dice: random.Random, line: Proxy) -> None:
    """The line is good, or bad, or gone; the app ends."""
    what = dice.choice(("sync", "sync", "sync", "fault", "offline", "online", "restart", "nothing"))
    if what == "fault":
        line.plan(phone.name, dice.choice(("drop_request", "drop_response", "dup", "html")))
    elif what == "offline":
        phone.go_offline()
    elif what == "restart":
        phone.restart()
    elif what == "online" or (what == "sync" and phone.name not in line.offline):
        phone.go_online()
