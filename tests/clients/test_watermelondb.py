"""What WatermelonDB alone leaves to its adapter: apps that end in between, rows without data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

from tests.clients.conftest import held, introductions

if TYPE_CHECKING:
    from tests.clients.conftest import Phone
    from tests.fixtures.networks import Network

Values = dict[str, Any]
pytestmark = pytest.mark.parametrize("stage", ["watermelondb"], indirect=True)

SENT = {"note": "weft_unanswered", "times": 1}
ANSWERED = {"note": "weft_unanswered", "times": 2}
TAKEN_IN = {"note": "weft_place", "times": 1}


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


def test_who_signs_in_before_a_push_and_is_sent_away_has_nothing_said_in_their_name(
    network: Network, walking: Phone, values: Values
) -> None:
    record = walking.put(values)
    act = {"do": "meetAs", "token": network.coordinator.token, "isNew": False}
    walking.do("whileNoting", note="weft_unanswered", act=act)
    walking.sync()
    authors = "SELECT author_id FROM op_ledger WHERE record_id = %(record)s"
    assert network.rows(authors, record=record) == [(network.connector.member_id,)]


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
