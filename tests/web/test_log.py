"""Logging: four taps, with and without a network, and what becomes of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from tests.fixtures.networks import Network, Town
    from tests.web.conftest import Phone


def log(page: Page, *taps: str) -> None:
    """Log from the first screen by tapping what is called so."""
    page.get_by_role("link", name="Log", exact=True).click()
    for before, tap in enumerate(taps):
        expect(page.locator(".taps bdi")).to_have_count(before)  # not the list tapped just now
        page.get_by_role("button", name=tap, exact=True).click()
    expect(page.get_by_role("heading", name="Saved")).to_be_visible()


def go_to_places(page: Page) -> None:
    """All taps of an introduction but the last."""
    for before, tap in enumerate(("Introduction", "Weir Street", "Choir")):
        expect(page.locator(".taps bdi")).to_have_count(before)
        page.get_by_role("button", name=tap, exact=True).click()
    expect(page.locator(".taps bdi")).to_have_count(3)


def known(page: Page, answer: str) -> None:
    """Answer whether they had met before."""
    page.get_by_role("group", name="Had they met before?").get_by_text(answer, exact=True).click()


def introductions(network: Network) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = network.coordinator.get("introductions").json["items"]
    return found


def test_four_taps_save_and_send_an_introduction(
    phone: Callable[..., Phone], network: Network, town: Town
) -> None:
    page = phone().sign_in(network.connector)
    log(page, "Introduction", "Weir Street", "Choir", "Library")
    expect(page.get_by_text("Sent.", exact=True)).to_be_visible()
    with page.expect_response("**/sync/push"):
        known(page, "No")
    (made,) = introductions(network)
    assert [party["group_id"] for party in made["parties"]] == [town.groups[0], town.groups[2]]
    assert made["space_id"] == town.space
    assert made["known_before"] == "no"
    assert made["connector_id"] == str(network.connector.member_id)


def test_a_meeting_a_flow_and_a_quiet_week_are_logged_alike(
    phone: Callable[..., Phone], network: Network, town: Town
) -> None:
    page = phone().sign_in(network.connector)
    log(page, "Meeting", "Weir Street", "Choir", "Library")
    page.get_by_role("button", name="One more from Choir").click()
    log(page, "Goods", "Choir", "Mill Lane", "No place, or another")
    expect(page.get_by_text("Goods: from Choir to Mill Lane")).to_be_visible()
    log(page, "Nothing this week")
    expect(page.get_by_text("Sent.", exact=True)).to_be_visible()
    (meeting,) = network.coordinator.get("meetings").json["items"]
    assert [part["headcount"] for part in meeting["attendance"]] == [1, 2]
    (flow,) = network.coordinator.get("flows").json["items"]
    assert (flow["resource"], flow["to_group_id"]) == ("goods", town.groups[1])
    (week,) = network.coordinator.get("quiet-weeks").json["items"]
    assert week["author_id"] == str(network.connector.member_id)


def test_favourites_come_first_and_how_long_saving_took_is_told_to_nobody(
    phone: Callable[..., Phone], network: Network, town: Town
) -> None:
    mine = phone()
    sent: list[str] = []
    mine.context.on("request", lambda asked: sent.append(asked.url + (asked.post_data or "")))
    page = mine.sign_in(network.connector)
    page.get_by_role("button", name="Introduction", exact=True).click()
    expect(page.locator(".row").first).to_have_text("Choir")
    page.get_by_role("button", name="Weir Street: a favourite").click()
    expect(page.locator(".row").first).to_have_text("Weir Street")
    mine.show("log/introduction")
    expect(page.locator(".row").first).to_have_text("Weir Street")
    log(page, "Introduction", "Weir Street", "Choir", "Library")
    page.get_by_role("link", name="More", exact=True).click()  # it is noted beside what was saved
    expect(page.get_by_text("from the first tap.")).to_be_visible()
    assert "seconds" not in "".join(sent)
    assert "favourite" not in "".join(sent)


def test_a_third_group_is_added_afterwards(
    phone: Callable[..., Phone], network: Network, town: Town
) -> None:
    page = phone().sign_in(network.connector)
    log(page, "Meeting", "Weir Street", "Choir", "Library")
    expect(page.get_by_text("Sent.", exact=True)).to_be_visible()
    page.get_by_text("Another group was part of it").click()
    with page.expect_response("**/sync/push"):
        page.get_by_role("button", name="Mill Lane", exact=True).click()
    expect(page.get_by_text("Meeting: Weir Street, Choir and Mill Lane")).to_be_visible()
    (meeting,) = network.coordinator.get("meetings").json["items"]
    assert [part["group_id"] for part in meeting["attendance"]] == [
        town.groups[0], town.groups[2], town.groups[1],
    ]  # fmt: skip


def test_undo_takes_it_back(phone: Callable[..., Phone], network: Network, town: Town) -> None:
    page = phone().sign_in(network.connector)
    log(page, "Introduction", "Weir Street", "Choir", "Library")
    expect(page.get_by_text("Sent.", exact=True)).to_be_visible()
    with page.expect_response("**/sync/push"):
        page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("heading", name="What happened?")).to_be_visible()
    expect(page.locator(".count")).to_have_count(0)
    assert introductions(network) == []


def test_a_week_without_a_network_is_sent_when_there_is_one_again(
    phone: Callable[..., Phone], network: Network, town: Town
) -> None:
    mine = phone()
    page = mine.sign_in(network.connector)
    expect(page.get_by_text("Up to date")).to_be_visible()
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    mine.context.set_offline(offline=True)
    page.reload()  # from what the phone keeps
    for pair in (("Weir Street", "Choir"), ("Choir", "Mill Lane"), ("Mill Lane", "Weir Street")):
        log(page, "Introduction", *pair, "Library")
        expect(page.get_by_text("On this phone;")).to_be_visible()
    page.close()
    page = mine.page = mine.context.new_page()  # the phone was switched off and on
    mine.open("/start#queue")
    expect(page.get_by_text("3 entries wait")).to_have_count(1)
    expect(page.get_by_text("Offline")).to_be_visible()
    assert introductions(network) == []
    mine.context.set_offline(offline=False)  # from now on it sends by itself
    expect(page.get_by_text("Nothing waits.")).to_be_visible()
    assert len(introductions(network)) == 3


def test_position_sorts_the_places_and_is_never_sent(
    phone: Callable[..., Phone], network: Network, town: Town
) -> None:
    far = {"type": "Point", "coordinates": [-4.3, 52.2]}
    network.coordinator.make("spaces", {"name": "A far hall", "type": "cafe", "geometry": far})
    mine = phone(geolocation={"longitude": -4.2101, "latitude": 52.1101})
    sent: list[str] = []
    mine.context.on("request", lambda asked: sent.append(asked.url + (asked.post_data or "")))
    page = mine.sign_in(network.connector)
    go_to_places(page)
    expect(page.locator(".row").first).to_have_text("A far hall")
    mine.context.grant_permissions(["geolocation"])
    page.get_by_role("button", name="Nearest first").click()
    expect(page.locator(".row").first).to_contain_text("Library")
    page.locator(".row").first.click()
    expect(page.get_by_text("Sent.", exact=True)).to_be_visible()
    mine.show("log")
    go_to_places(page)  # it was allowed before: no tap more for it
    expect(page.get_by_text("Nearest first. Where you are stays on this phone.")).to_be_visible()
    expect(page.locator(".row").last).to_contain_text("A far hall")
    expect(page.locator(".row").last).to_contain_text("km")
    assert any("/sync/push" in line for line in sent)
    assert not [line for line in sent if "4.21" in line or "52.11" in line]
