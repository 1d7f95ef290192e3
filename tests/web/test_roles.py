"""Roles on the screen: nobody is offered what is not theirs, whatever address they type."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.web.test_reports import released

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.fixtures.networks import Network, Town
    from tests.web.conftest import Phone

ELSEWHERE = {"connector": "What happened?", "funder": "Reports"}


@pytest.mark.parametrize(
    ("role", "screen"),
    [
        ("connector", "proposals"),
        ("connector", "set-up/invitations"),
        ("funder", "log"),
        ("funder", "network"),
        ("funder", "set-up"),
    ],
)
def test_the_address_of_what_is_not_theirs_leads_elsewhere(
    phone: Callable[..., Phone], network: Network, role: str, screen: str
) -> None:
    page = phone().sign_in(getattr(network, role), f"/start#{screen}")
    expect(page.get_by_role("heading", level=1)).to_have_text(ELSEWHERE[role])


@pytest.mark.parametrize("role", ["connector", "funder"])
def test_who_reads_a_report_is_not_offered_to_make_share_or_withdraw_one(
    phone: Callable[..., Phone], network: Network, town: Town, role: str
) -> None:
    released(network)
    page = phone().sign_in(getattr(network, role), "/start#report")
    expect(page.locator(".card")).to_have_count(1)
    for offered in ("Make a report", "People outside", "Take the report back"):
        expect(page.get_by_text(offered)).to_have_count(0)


def test_who_reads_a_report_that_is_not_released_is_not_offered_to_release_it(
    phone: Callable[..., Phone], network: Network, town: Town
) -> None:
    report = released(network, "share")
    page = phone().sign_in(network.connector, "/start#report")
    expect(page.locator(".card")).to_have_count(1)
    expect(page.get_by_role("button", name="Release")).to_have_count(0)
    assert network.connector.ask("POST", f"reports/{report}/release").status_code == 403


def test_a_connector_asks_what_if_they_themselves_stopped_and_nobody_else(
    phone: Callable[..., Phone], network: Network, town: Town
) -> None:
    page = phone().sign_in(network.connector, "/start#continuity")
    who = page.get_by_label("If this one stops").locator("option")
    expect(who).to_have_text(["Choose somebody, or a place", "I myself", "Library"])
    page.get_by_text("Offer something to hand over").click()
    expect(page.get_by_label("Whose")).to_have_count(0)


def test_admins_end_memberships_but_their_own_and_coordinators_none(
    phone: Callable[..., Phone], network: Network
) -> None:
    for member, ended in ((network.coordinator, 0), (network.admin, 4)):
        page = phone().sign_in(member, "/start#set-up/invitations")
        people = page.get_by_role("region", name="Who is here").locator("tbody").get_by_role("row")
        expect(people).to_have_count(5)
        expect(people.get_by_role("combobox")).to_have_count(ended)
        expect(people.get_by_role("button", name="End membership")).to_have_count(ended)
