"""Other people's clients hold what their owner may see, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest

from tests.clients.conftest import held, introductions

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.clients.conftest import Phone
    from tests.fixtures.networks import Network
    from tests.fixtures.proxy import Proxy

Values = dict[str, Any]


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


@pytest.mark.parametrize("is_closed", [False, True])
def test_who_leaves_the_network_keeps_only_what_nobody_took(
    network: Network, phone_of: Callable[..., Phone], values: Values, is_closed: bool
) -> None:
    phone = phone_of(network.colleague)
    phone.put(values)
    phone.sync()
    phone.go_offline()
    unsent = phone.put(values)
    removed = network.admin.delete(f"members/{network.colleague.member_id}")
    assert removed.status_code == 204, removed.text
    if is_closed:
        phone.restart()
    phone.go_online()
    phone.meet("account_disabled")
    assert phone.records == {}
    (kept,) = phone.attention
    assert (kept["op"]["id"], kept["error"]["code"]) == (unsent, "account_disabled")


def test_what_may_be_stored_already_is_kept_under_the_name_it_was_sent_by(
    network: Network, phone_of: Callable[..., Phone], values: Values, line: Proxy
) -> None:
    phone = phone_of(network.colleague)
    phone.sync()
    record = phone.lose_an_answer(values)
    assert network.admin.delete(f"members/{network.colleague.member_id}").status_code == 204
    line.offline.discard(phone.name)
    phone.meet("account_disabled")
    (kept,) = phone.attention
    stored = network.rows("SELECT op_id FROM op_ledger WHERE record_id = %(record)s", record=record)
    assert [(UUID(kept["op"]["op_id"]),)] == stored


@pytest.mark.parametrize("is_new", [False, True])
def test_a_push_is_in_one_name_from_its_beginning_to_its_end(
    network: Network, walking: Phone, values: Values, line: Proxy, is_new: bool
) -> None:
    walking.go_offline()
    made = [UUID(walking.put(values)) for _ in range(4)]
    line.takes[walking.name] = 1_500
    act = {"do": "meetAs", "token": network.coordinator.token, "isNew": is_new}
    walking.do("whilePushing", act=act)
    walking.go_online()
    authors = "SELECT DISTINCT author_id FROM op_ledger WHERE record_id = ANY(%(made)s)"
    assert network.rows(authors, made=made) == [(network.connector.member_id,)]
    assert len(introductions(network)) == 4
    assert walking.records == held(network.connector)


@pytest.mark.parametrize("is_closed", [False, True])
def test_a_store_says_nothing_in_somebody_elses_name(
    network: Network, walking: Phone, values: Values, line: Proxy, is_closed: bool
) -> None:
    walking.go_offline()
    record = walking.put(values)
    walking.meet("no_answer")
    walking.sign_in(network.coordinator)
    if is_closed:
        walking.restart()
    line.offline.discard(walking.name)
    walking.meet("another_subject")
    assert introductions(network) == []
    walking.sign_in(network.connector)
    walking.sync()
    authors = "SELECT author_id FROM op_ledger WHERE record_id = %(record)s"
    assert network.rows(authors, record=record) == [(network.connector.member_id,)]
    assert walking.records == held(network.connector)


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


def test_what_no_page_says_to_let_go_of_goes_by_the_scope(
    walking: Phone, values: Values, line: Proxy
) -> None:
    walking.put(values)
    own = walking.put(values, audience=walking.member.notebook)
    walking.sync()
    line.scopes[walking.name] = [walking.member.notebook]
    walking.restart()
    walking.sync()
    assert list(walking.records) == [f"introductions/{own}"]
