"""Every screen of the phone: axe finds nothing, at 320 px, in both directions, with large text."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from api.jobs.follow_ups import make_due_follow_ups
from tests.web.access import require_access
from tests.web.test_log import log

if TYPE_CHECKING:
    from collections.abc import Callable

    from api.core.db import Database
    from tests.fixtures.networks import Network, Town
    from tests.web.conftest import Phone

SCREENS = (
    "log ours ours/nearby ours/nearby/add ours/notebook ours/propose/groups ours/propose/spaces"
    " queue more sign-in"
)


@pytest.fixture
def lived_in(network: Network, town: Town, database: Database) -> None:
    """A network in which every screen has something to show."""
    make = network.connector.make
    make("introductions", town.introduction(purpose="about the boiler"))
    make_due_follow_ups(database, dt.date(2026, 4, 15))
    entry = {"alias": "R.", "notice": "given", "notice_on": "2026-03-31", "basis": "consent"}
    make("people", entry | {"age_band": "adult"})
    listing = {"side": "need", "resource": "goods", "group_id": town.groups[0]}
    make("listings", listing | {"description": "Ladders", "space_id": town.space})


@pytest.mark.parametrize(("language", "width"), [("en", 360), ("cy", 320), ("ar", 320)])
def test_every_screen_is_within_reach_of_everybody(
    phone: Callable[..., Phone], network: Network, lived_in: None, language: str, width: int
) -> None:
    mine = phone(viewport={"width": width, "height": 640})
    mine.open()
    require_access(mine.page)
    page = mine.sign_in(network.connector)
    expect(page.get_by_text("Up to date")).to_be_visible()
    page.evaluate(f"localStorage.setItem('weft.language', '{language}')")
    page.reload()
    page.locator(f"html[lang={language}] nav.parts").wait_for()
    for name in SCREENS.split():
        mine.show(name)
        page.wait_for_load_state("networkidle")
        for more in page.locator("summary").all():
            more.click()
        page.wait_for_load_state("networkidle")
        require_access(page)
    mine.show("log/introduction")
    for before in range(3):
        expect(page.locator(".taps bdi")).to_have_count(before + 1)
        require_access(page)
        page.locator(".picker .row").first.click()
    page.locator(".saved").wait_for()
    require_access(page)


def test_text_at_twice_its_size_stays_on_the_screen(
    phone: Callable[..., Phone], network: Network, lived_in: None
) -> None:
    mine = phone()
    page = mine.sign_in(network.connector)
    for name in SCREENS.split():
        mine.show(name)
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name


def test_four_taps_by_keyboard_alone(
    phone: Callable[..., Phone], network: Network, town: Town
) -> None:
    page = phone().sign_in(network.connector)
    page.get_by_role("button", name="Introduction", exact=True).focus()
    page.keyboard.press("Enter")
    for before, name in enumerate(("Weir Street", "Choir", "Library")):
        expect(page.locator(".taps bdi")).to_have_count(before + 1)
        expect(page.locator("#main")).to_be_focused()  # a new screen is read from its beginning
        for _ in range(40):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.textContent") == name:
                break
        page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Saved")).to_be_visible()


def test_language_and_direction_change_in_one_tap_and_stay(
    phone: Callable[..., Phone], network: Network, town: Town
) -> None:
    page = phone().sign_in(network.connector, "/start#more")
    page.get_by_text("العربية").click()
    expect(page.locator("html[lang=ar][dir=rtl]")).to_have_count(1)
    expect(page.get_by_role("heading", name="المزيد", exact=True)).to_be_visible()
    page.reload()
    expect(page.get_by_role("heading", name="المزيد", exact=True)).to_be_visible()
    page.get_by_text("Cymraeg").click()
    expect(page.locator("html[lang=cy][dir=ltr]")).to_have_count(1)


def test_both_sides_of_a_clash_can_be_reached(
    phone: Callable[..., Phone], network: Network, town: Town
) -> None:
    mine = phone()
    page = mine.sign_in(network.connector)
    log(page, "Introduction", "Weir Street", "Choir", "Library")
    expect(page.get_by_text("Sent.", exact=True)).to_be_visible()
    mine.context.set_offline(offline=True)
    page.get_by_label("When").fill("2026-03-02")
    expect(page.get_by_text("On this phone;")).to_be_visible()
    (made,) = network.coordinator.get("introductions").json["items"]
    tag = f'"{made["version"]}"'
    change = {"made_at": "2026-03-05T10:00:00Z"}
    answer = network.coordinator.patch(f"introductions/{made['id']}", change, If_Match=tag)
    assert answer.status_code == 200
    mine.context.set_offline(offline=False)
    page.get_by_role("link", name="Queue").click()
    expect(page.get_by_label("Your version")).to_contain_text("2 Mar 2026")
    require_access(page)
    page.get_by_role("button", name="Keep what stands").click()
    expect(page.get_by_text("Nothing waits.")).to_be_visible()
