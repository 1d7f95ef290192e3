"""A web app on RxDB that is open in several tabs, or closed as soon as it was opened."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

from tests.clients.conftest import held, introductions

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.clients.conftest import Phone
    from tests.fixtures.networks import Network

Values = dict[str, Any]
pytestmark = pytest.mark.parametrize("stage", ["rxdb"], indirect=True)


def test_all_tabs_hold_the_same_and_the_first_speaks_for_them(
    network: Network, phone_of: Callable[..., Phone], values: Values
) -> None:
    tablet = f"tablet{uuid4().hex}"
    first = phone_of(network.connector, device=tablet)
    first.sync()
    second = phone_of(network.connector, device=tablet)
    second.sync()
    record = second.put(values)
    first.sync()
    assert [each["id"] for each in introductions(network)] == [record]
    assert first.records == second.records == held(network.connector)


def test_the_next_tab_speaks_when_the_first_is_closed(
    network: Network, phone_of: Callable[..., Phone], values: Values
) -> None:
    tablet = f"tablet{uuid4().hex}"
    first = phone_of(network.connector, device=tablet)
    second = phone_of(network.connector, device=tablet)
    first.sync()
    first.do("close")
    second.put(values)
    second.do("lead")
    second.sync()
    assert len(introductions(network)) == 1
    assert second.records == held(network.connector)


def test_a_store_that_is_closed_as_soon_as_it_was_opened_complains_of_nothing(
    network: Network, walking: Phone, values: Values
) -> None:
    walking.put(values)
    for _ in range(3):
        walking.do("glance")
    walking.sync()
    assert walking.records == held(network.connector)
