"""What RxDB leaves to its adapter: pulls that overlap pushes, operations as they were sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.clients.conftest import held
from tests.clients.test_leaving import become

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.clients.conftest import Phone
    from tests.fixtures.networks import Network
    from tests.fixtures.proxy import Proxy

Values = dict[str, Any]
pytestmark = pytest.mark.parametrize("stage", ["rxdb"], indirect=True)


def edit(network: Network, record: str) -> None:
    """Somebody else fills in another field."""
    network.admin.patch(f"introductions/{record}", {"channel": "in_person"}, If_Match="*")


def remove(network: Network, record: str) -> None:
    """Its author takes it back."""
    network.connector.delete(f"introductions/{record}", If_Match="*")


def take(network: Network, record: str) -> None:
    """Its author takes it into the notebook."""
    network.connector.patch(
        f"introductions/{record}", {"audience": network.connector.notebook}, If_Match="*"
    )


@pytest.mark.parametrize("is_closed", [False, True])
@pytest.mark.parametrize("act", [edit, remove, take])
def test_what_others_did_while_an_answer_was_late_is_not_passed_over(
    network: Network,
    desk: Phone,
    values: Values,
    line: Proxy,
    act: Callable[..., None],
    is_closed: bool,
) -> None:
    record = network.connector.make("introductions", values)["id"]
    desk.sync()
    network.connector.make("introductions", values)
    page = line.hold(desk.name, "changes")
    answer = line.hold(desk.name, "push", answered=True)
    desk.do("nudge")
    page.wait()
    desk.put({"purpose": "Mine"}, record)
    answer.wait()
    act(network, record)
    page.open()
    desk.do("breathe")
    if is_closed:
        desk.restart()
    answer.open()
    desk.sync()
    assert desk.records == held(network.coordinator)
    assert desk.attention == []


def test_what_comes_back_while_its_refusal_is_late_stays(
    network: Network, phone_of: Callable[..., Phone], values: Values, line: Proxy
) -> None:
    record = network.connector.make("introductions", values)["id"]
    phone = phone_of(network.colleague)
    phone.sync()
    network.connector.make("introductions", values)
    page = line.hold(phone.name, "changes")
    answer = line.hold(phone.name, "push", answered=True)
    phone.do("nudge")
    page.wait()
    become(network, "funder")
    phone.put({"purpose": "Mine"}, record)
    answer.wait()
    become(network, "connector")
    page.open()
    phone.do("breathe")
    answer.open()
    phone.sync()
    assert phone.records == held(network.colleague)
    (kept,) = phone.attention
    assert kept["op"]["data"]["purpose"] == "Mine"


def test_a_page_from_before_an_edit_was_stored_does_not_undo_it(
    network: Network, desk: Phone, values: Values, line: Proxy
) -> None:
    record = desk.put(values)
    desk.sync()
    edit(network, record)
    page = line.hold(desk.name, "changes", answered=True)
    desk.do("nudge")
    page.wait()
    desk.put({"purpose": "Mine"}, record)
    desk.do("pushed")
    page.open()
    desk.do("settle")
    assert desk.records == held(network.coordinator)
    assert desk.data(record)["purpose"] == "Mine"


def test_what_is_written_while_the_first_page_is_on_its_way_stays(
    network: Network, phone_of: Callable[..., Phone], values: Values, line: Proxy
) -> None:
    network.connector.make("introductions", values)
    phone = phone_of(network.connector)
    phone.sync()
    line.forgetful.add(phone.name)
    begun = line.hold(phone.name, "changes")
    phone.do("nudge")
    begun.wait()
    page = line.hold(phone.name, "changes", answered=True)
    begun.open()
    page.wait()
    record = phone.put(values)
    phone.do("pushed")
    page.open()
    phone.do("settle")
    assert f"introductions/{record}" in phone.records
    assert phone.records == held(network.connector)


def test_what_may_be_stored_already_is_sent_again_as_it_was(
    network: Network, walking: Phone, desk: Phone, values: Values, line: Proxy
) -> None:
    record = walking.put(values)
    walking.sync()
    desk.sync()
    desk.put({"channel": "in_person"}, record)
    desk.sync()
    walking.put_while_pushing({"purpose": "Second"}, record)
    line.plan(walking.name, "none", "cut")
    walking.put({"purpose": "First"}, record)
    walking.meet("no_answer")
    walking.restart()
    walking.go_online()
    assert walking.attention == []
    assert walking.data(record)["purpose"] == "Second"
    assert walking.records == held(network.connector)
    assert {said["state"] for said in walking.do("said")} == {"done"}


def test_an_app_that_ends_while_it_takes_in_an_answer_says_nothing_of_its_own(
    network: Network, desk: Phone, values: Values
) -> None:
    record = network.connector.make("introductions", values)["id"]
    desk.sync()
    edit(network, record)
    network.connector.patch(f"introductions/{record}", {"purpose": "Theirs"}, If_Match="*")
    desk.do("endTakingIn", kind="introductions", id=record, data={"purpose": "Mine"})
    desk.sync()
    assert desk.records == held(network.coordinator)
    (kept,) = desk.attention
    assert kept["state"] == "conflict"


def test_what_was_sent_and_overtaken_here_is_not_kept_waiting(
    network: Network, walking: Phone, values: Values
) -> None:
    record = walking.lose_an_answer(values)
    walking.put({"purpose": "Second"}, record)
    walking.restart()
    walking.go_online()
    assert walking.records == held(network.connector)
    assert {said["state"] for said in walking.do("said")} == {"done"}
