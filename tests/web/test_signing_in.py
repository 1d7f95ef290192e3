"""Signing in and out on a phone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect

from api.accounts.commands import add_member, create_network
from tests.web.test_log import log

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.fixtures.networks import Network, Town
    from tests.web.conftest import Phone


def test_signing_in_by_code_lasts_and_signing_out_ends_it(
    phone: Callable[..., Phone], network: Network, town: Town
) -> None:
    mine = phone()
    page = mine.sign_in(network.connector)
    page.reload()
    expect(page.locator("nav.parts")).to_be_visible()
    page.goto(f"{mine.address}/start#more")
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_label("Your e-mail address")).to_be_visible()
    assert network.connector.get("/api/v1/me").status_code == 200  # another device of theirs
    assert page.evaluate("localStorage.getItem('weft.session')") is None


def test_who_belongs_to_two_networks_chooses_and_nothing_is_mixed(
    phone: Callable[..., Phone], network: Network, town: Town
) -> None:
    email = network.connector.get("/api/v1/me").json["user"]["email"]
    with network.database.transaction() as cx:
        other = create_network(cx, "Upland", f"admin-of-{email}")
        add_member(cx, other, email, "connector")
    mine = phone()
    mine.enter(network.connector)
    mine.page.get_by_role("button", name="Town connector").click()
    log(mine.page, "Introduction", "Weir Street", "Choir", "Library")
    mine.show("more")
    mine.page.get_by_role("button", name="Open another network").click()
    mine.page.get_by_role("button", name="Upland connector").click()
    expect(mine.page.locator(".network")).to_have_text("Upland")
    mine.show("queue")
    expect(mine.page.get_by_text("Nothing waits.")).to_be_visible()
    expect(mine.page.get_by_role("heading", name="Sent")).to_have_count(0)
    mine.show("log/introduction")
    expect(mine.page.get_by_text("There are none on this phone yet.")).to_be_visible()


def test_a_lost_phone_is_signed_out_from_another(
    phone: Callable[..., Phone], network: Network, town: Town
) -> None:
    lost, mine = phone(), phone()
    lost.sign_in(network.connector)
    page = mine.sign_in(network.connector, "/start#more")
    page.get_by_text("Signed in as you").click()
    listed = page.get_by_role("listitem").filter(has_text="Browser (Linux)")
    expect(listed).to_have_count(2)
    listed.get_by_role("button", name="Sign out: Browser (Linux)").click()
    expect(listed).to_have_count(1)
    lost.page.reload()
    expect(lost.page.get_by_text("This phone was signed out.")).to_be_visible()


def test_a_wrong_code_is_said_in_words(phone: Callable[..., Phone], network: Network) -> None:
    page = phone().open()
    page.get_by_label("Your e-mail address").fill("nobody@town.example")
    page.get_by_role("button", name="Send me a code").click()
    page.get_by_label("The six digits").fill("000000")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("status")).to_contain_text("ask for a new one")
