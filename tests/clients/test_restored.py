"""Other people's clients and a server restored from a backup: what it lost they tell it again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

import psycopg
import pytest

from tests.clients.conftest import held, introductions

if TYPE_CHECKING:
    from tests.clients.conftest import Phone
    from tests.fixtures.networks import Network
    from tests.fixtures.proxy import Proxy

Values = dict[str, Any]


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


@pytest.mark.parametrize("is_closed", [False, True])
def test_an_edit_made_offline_of_what_a_restored_server_lost_is_taken(
    network: Network, walking: Phone, values: Values, database_url: str, is_closed: bool
) -> None:
    record = walking.put(values)
    walking.sync()
    walking.go_offline()
    walking.put({"purpose": "Second thoughts"}, record)
    restore_to_before(database_url, network, record)
    if is_closed:
        walking.restart()
    walking.go_online()
    assert [each["purpose"] for each in introductions(network)] == ["Second thoughts"]
    assert walking.records == held(network.connector)
    assert walking.attention == []


def test_what_is_told_again_comes_in_the_order_in_which_it_was_said(
    network: Network, desk: Phone, values: Values, database_url: str
) -> None:
    desk.go_offline()
    groups, made = [], []
    for number in range(4):
        sections: Values = {"type": "residents", "name": f"Keepers {number}", "sections": []}
        groups.append(desk.put(sections, kind="groups"))
        parties = [{"group_id": groups[0]}, {"group_id": groups[-1]}]
        made += [desk.put(values | {"parties": parties})] if number else []
    desk.go_online()
    restore_to_before(database_url, network, *groups, *made)
    desk.sync()
    assert desk.attention == []
    assert {each["id"] for each in introductions(network)} == set(made)
    assert desk.records.keys() == held(network.coordinator).keys()


def test_what_is_told_again_stays_as_old_as_it_is(
    network: Network, walking: Phone, values: Values, database_url: str
) -> None:
    record = walking.put(values)
    walking.sync()
    said = walking.do("said")
    restore_to_before(database_url, network, record)
    walking.sync()
    assert [each["id"] for each in introductions(network)] == [record]
    assert walking.do("said") == said


def test_what_a_restored_server_refuses_needs_attention_once(
    network: Network, walking: Phone, desk: Phone, values: Values, database_url: str
) -> None:
    group = desk.put({"type": "residents", "name": "Keepers", "sections": []}, kind="groups")
    desk.sync()
    parties = [values["parties"][0], {"group_id": group}]
    record = walking.put(values | {"parties": parties})
    walking.sync()
    restore_to_before(database_url, network, group, record)
    walking.sync()
    walking.restart()
    walking.sync()
    assert [each["state"] for each in walking.do("said")] == ["rejected"]
    assert walking.records == held(network.connector)


def test_what_others_do_on_a_restored_server_arrives_though_it_counts_from_earlier(
    network: Network, walking: Phone, values: Values, database_url: str
) -> None:
    lost = [network.coordinator.make("introductions", values)["id"] for _ in range(3)]
    record = walking.put(values)
    walking.sync()
    for records in ((*lost, record), (), (), ()):
        restore_to_before(database_url, network, *records)
    walking.sync()
    theirs = {"purpose": "Theirs"}
    network.coordinator.patch(f"introductions/{record}", theirs, If_Match="*")
    walking.sync()
    assert walking.data(record)["purpose"] == "Theirs"
    assert walking.records == held(network.connector)


def test_a_restored_server_that_knows_no_cursor_is_told_again(
    network: Network, walking: Phone, values: Values, database_url: str, line: Proxy
) -> None:
    record = walking.put(values)
    walking.sync()
    restore_to_before(database_url, network, record)
    line.forgetful.add(walking.name)
    walking.sync()
    assert not line.forgetful
    assert [each["id"] for each in introductions(network)] == [record]
    assert walking.records == held(network.connector)


def restore_to_before(database_url: str, network: Network, *records: str) -> None:
    """As after `pg_restore` of a dump from before these records, and a new epoch."""
    lost = [("introduction_party", "introduction_id"), ("introduction", "id")]
    lost += [("grp_section", "grp_id"), ("grp", "id")]
    lost += [(table, "record_id") for table in ("op_ledger", "sync_index", "history")]
    with psycopg.connect(database_url) as cx:
        cx.execute("SET session_replication_role = replica")
        for table, column in lost:
            gone = cx.execute(f"DELETE FROM {table} WHERE {column} = ANY(%s)", [list(records)])
        assert gone.rowcount >= len(records)
        statement = "UPDATE network SET revision = revision - 1, epoch = %s WHERE id = %s"
        cx.execute(statement, [uuid4(), network.id])
