"""Overlaps: a phone pulls while the answer to its push is still on its way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.sync.phone import Phone, Refused

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.fixtures.networks import Network, Town

INTRODUCTIONS = "introductions"


@pytest.fixture
def record(network: Network, town: Town) -> str:
    """A record that the connector began."""
    values = town.introduction(purpose="Seeds")
    return str(network.connector.make(INTRODUCTIONS, values)["id"])


@pytest.fixture
def phone(network: Network, record: str) -> Phone:
    """The coordinator's phone, up to date."""
    found = Phone(network.coordinator)
    found.pull()
    return found


def push_while(phone: Phone, network: Network, act: Callable[[], Any], **more: Any) -> None:
    """Push; once the server has decided, somebody does something, and the phone pulls."""
    acted = []

    def meanwhile() -> None:
        acted.append(act())
        phone.pull(**more)

    phone.push(meanwhile=meanwhile)
    assert acted
    assert acted[0] is None or acted[0].status_code < 300, acted[0].text
    assert phone.outbox == []


def fresh(network: Network) -> Any:
    """What a phone of the coordinator's holds that was never anywhere."""
    found = Phone(network.coordinator)
    found.pull()
    return found.shadow


def test_what_somebody_edits_meanwhile_is_not_written_over_by_the_answer(
    network: Network, town: Town, phone: Phone, record: str
) -> None:
    phone.put(INTRODUCTIONS, town.introduction(purpose="Tools"), record)
    edited = {"channel": "phone"}
    path = f"{INTRODUCTIONS}/{record}"
    push_while(phone, network, lambda: network.connector.patch(path, edited, If_Match="*"))
    assert phone.shadow[INTRODUCTIONS, record]["data"]["channel"] == "phone"
    assert phone.shadow == fresh(network)


def test_what_somebody_removes_meanwhile_does_not_come_back_with_the_answer(
    network: Network, town: Town, phone: Phone, record: str
) -> None:
    phone.put(INTRODUCTIONS, town.introduction(purpose="Tools"), record)
    path = f"{INTRODUCTIONS}/{record}"
    push_while(phone, network, lambda: network.connector.delete(path, If_Match="*"))
    assert (INTRODUCTIONS, record) not in phone.shadow


def test_what_leaves_meanwhile_does_not_come_back_with_the_answer(
    network: Network, town: Town, phone: Phone, record: str
) -> None:
    phone.put(INTRODUCTIONS, town.introduction(purpose="Tools"), record)
    path, moved = f"{INTRODUCTIONS}/{record}", {"audience": network.connector.notebook}
    push_while(phone, network, lambda: network.connector.patch(path, moved, If_Match="*"))
    assert (INTRODUCTIONS, record) not in phone.shadow


def test_what_a_page_has_in_the_servers_own_form_stays_so(
    network: Network, town: Town, phone: Phone
) -> None:
    record = phone.put(INTRODUCTIONS, town.introduction(made_at="2026-03-31T18:30:00+01:00"))
    push_while(phone, network, lambda: None)
    held = phone.shadow[INTRODUCTIONS, record]["data"]
    assert held["made_at"] == "2026-03-31T17:30:00+00:00"
    phone.put(INTRODUCTIONS, town.introduction(made_at="2026-03-31T18:30:00+01:00"), record)
    phone.push()  # it says nothing new
    assert phone.shadow[INTRODUCTIONS, record]["data"] == held


def test_an_answer_is_adopted_where_the_pages_have_not_come_so_far(
    network: Network, town: Town, phone: Phone, record: str
) -> None:
    for day in (1, 2, 3):
        network.connector.make(
            INTRODUCTIONS, town.introduction(made_at=f"2026-03-0{day}T10:00:00Z")
        )
    phone.put(INTRODUCTIONS, town.introduction(purpose="Tools"), record)
    push_while(phone, network, lambda: None, limit=1, pages=1)
    assert phone.shadow[INTRODUCTIONS, record]["data"]["purpose"] == "Tools"


def test_an_answer_of_before_a_new_beginning_is_asked_for_again(
    network: Network, town: Town, phone: Phone, record: str
) -> None:
    phone.put(INTRODUCTIONS, town.introduction(purpose="Tools"), record)
    path = f"{INTRODUCTIONS}/{record}"

    def begin_anew() -> None:
        assert network.connector.delete(path, If_Match="*").status_code == 204
        phone.cursor = None
        phone.pull()

    phone.push(meanwhile=begin_anew)
    assert [op["data"]["purpose"] for op in phone.outbox] == ["Tools"]
    assert [result["present"] for result in phone.sync()] == ["deleted"]
    assert phone.shadow == fresh(network)


def test_an_answer_of_before_another_epoch_is_no_verdict(
    network: Network, town: Town, phone: Phone
) -> None:
    phone.put(INTRODUCTIONS, town.introduction())

    def put_back() -> None:
        with network.database.transaction(network.id) as cx:
            cx.exec_driver_sql(
                "UPDATE network SET epoch = gen_random_uuid() WHERE id = %(network)s",
                {"network": network.id},
            )
        with pytest.raises(Refused) as refused:
            phone.pull()
        phone.heed(refused.value)

    phone.push(meanwhile=put_back)
    assert len(phone.outbox) == 1
