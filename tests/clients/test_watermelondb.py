"""What WatermelonDB alone leaves to its adapter: apps that end in between, rows without data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

import psycopg
import pytest

from tests.clients.conftest import held, introductions

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.clients.conftest import Phone
    from tests.fixtures.networks import Network
    from tests.fixtures.proxy import Proxy

Values = dict[str, Any]
pytestmark = pytest.mark.parametrize("stage", ["watermelondb"], indirect=True)

SENT = {"note": "weft_unanswered", "times": 1}
ANSWERED = {"note": "weft_unanswered", "times": 2}
TAKEN_IN = {"note": "weft_place", "times": 1}
SETTLED = {"note": "weft_unanswered", "times": 3}


@pytest.mark.parametrize("moment", [SENT, ANSWERED, TAKEN_IN])
def test_an_app_that_ends_around_a_refusal_shows_it_once(
    network: Network, walking: Phone, values: Values, moment: dict[str, Any]
) -> None:
    walking.put(values | {"channel": "by owl"})
    walking.do("endAt", **moment)
    walking.sync()
    assert walking.records == held(network.connector)
    (kept,) = walking.attention
    assert list(kept["error"]["fields"]) == ["channel"]


@pytest.mark.parametrize("moment", [SENT, ANSWERED, TAKEN_IN])
def test_an_app_that_ends_around_a_yes_goes_on_from_there(
    network: Network, walking: Phone, values: Values, moment: dict[str, Any]
) -> None:
    record = walking.put(values)
    walking.do("endAt", **moment)
    walking.put({"purpose": "Second"}, record)
    walking.sync()
    assert [each["purpose"] for each in introductions(network)] == ["Second"]
    assert walking.records == held(network.connector)
    assert walking.attention == []


@pytest.mark.parametrize("moment", [SENT, ANSWERED, TAKEN_IN])
def test_an_app_that_ended_takes_in_what_others_did_meanwhile(
    network: Network, walking: Phone, desk: Phone, values: Values, moment: dict[str, Any]
) -> None:
    record = walking.put(values)
    walking.sync()
    desk.sync()
    walking.put({"channel": "letter"}, record)
    walking.do("endAt", **moment)
    desk.put({"purpose": "Seen at the desk"}, record)
    desk.sync()
    walking.sync()
    assert walking.records == held(network.connector)
    assert walking.attention == []


def test_an_app_that_ends_once_a_verdict_is_taken_in_does_not_take_it_in_again(
    network: Network, walking: Phone, desk: Phone, values: Values
) -> None:
    record = walking.put(values)
    walking.sync()
    desk.sync()
    desk.put({"channel": "in_person"}, record)
    desk.sync()
    walking.put({"purpose": "Mine"}, record)
    walking.do("endBefore", **SETTLED)
    assert walking.data(record)["channel"] == "in_person"
    desk.sync()
    desk.put({"channel": "video"}, record)
    desk.sync()
    walking.put({"purpose": "Mine, longer"}, record)
    walking.sync()
    assert walking.attention == []
    assert walking.data(record) == values | {"purpose": "Mine, longer", "channel": "video"}
    assert walking.records == held(network.connector)


def test_what_is_written_while_a_store_is_emptied_is_kept(
    network: Network, phone_of: Callable[..., Phone], values: Values
) -> None:
    phone = phone_of(network.colleague)
    record = phone.put(values)
    phone.sync()
    network.admin.delete(f"members/{network.colleague.member_id}")
    act = {"do": "put", "kind": "introductions", "id": record, "data": {"purpose": "Last words"}}
    phone.do("whileNoting", note="weft_unanswered", act=act)
    phone.meet("account_disabled")
    phone.meet("account_disabled")
    assert phone.records == {}
    assert [kept["op"]["data"]["purpose"] for kept in phone.attention] == ["Last words"]


def test_who_signs_in_before_a_push_and_is_sent_away_has_nothing_said_in_their_name(
    network: Network, walking: Phone, values: Values
) -> None:
    record = walking.put(values)
    act = {"do": "meetAs", "token": network.coordinator.token, "isNew": False}
    walking.do("whileNoting", note="weft_unanswered", act=act)
    walking.sync()
    authors = "SELECT author_id FROM op_ledger WHERE record_id = %(record)s"
    assert network.rows(authors, record=record) == [(network.connector.member_id,)]


def test_who_comes_back_to_an_app_that_ended_as_it_was_emptied_is_sent_everything(
    network: Network, phone_of: Callable[..., Phone], values: Values, database_url: str
) -> None:
    phone = phone_of(network.colleague)
    phone.put(values)
    phone.sync()
    network.admin.delete(f"members/{network.colleague.member_id}")
    phone.do("endBefore", note="weft_unanswered", times=1)
    assert phone.records == {}
    with psycopg.connect(database_url) as cx:
        back = "UPDATE member SET ended_at = NULL WHERE id = %s"
        cx.execute(back, [network.colleague.member_id])
    phone.sync()
    assert phone.records == held(network.colleague) != {}


def test_an_app_that_ends_before_it_asks_anew_for_what_no_proxy_lets_through_asks_later(
    network: Network, walking: Phone, values: Values, line: Proxy
) -> None:
    record = walking.put(values)
    walking.sync()
    line.takes[walking.name] = 1_500
    walking.put({"purpose": "Edited" * 200}, record)
    walking.do("endBefore", note="weft_place", times=2)
    walking.sync()
    walking.sync()
    assert walking.data(record) == values
    assert walking.records == held(network.connector)


def test_a_row_without_data_is_refused_and_holds_nothing_up(
    network: Network, walking: Phone, values: Values
) -> None:
    empty = str(uuid4())
    walking.do("putNothing", kind="introductions", id=empty)
    right = walking.put(values)
    walking.sync()
    assert [each["id"] for each in introductions(network)] == [right]
    assert walking.records == held(network.connector)
    assert [kept["op"]["id"] for kept in walking.attention] == [empty]


def test_a_row_without_an_audience_gets_that_of_its_kind(
    network: Network, walking: Phone, values: Values
) -> None:
    walking.put(values, audience="")
    walking.sync()
    walking.sync()
    assert len(introductions(network)) == 1
    assert walking.records == held(network.connector)
