"""The small client in a real browser, on a phone's screen, under the policy it is served with."""

from __future__ import annotations

import re
import threading
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect, sync_playwright
from werkzeug.serving import make_server

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flask import Flask
    from playwright.sync_api import Browser, ConsoleMessage, Page, Route

    from tests.fixtures.networks import Member, Network, Town

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = (
    "--no-sandbox --disable-quic --no-first-run --disable-background-networking"
    " --disable-component-update --disable-sync --disable-dev-shm-usage"
)
PHONE = {"width": 360, "height": 740}
SMALLEST = {"width": 320, "height": 640}
TABS = ("log", "map", "crossing", "report")

pytestmark = pytest.mark.skipif(not CHROMIUM.exists(), reason="no Chromium on this machine")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS.split())
        yield opened
        opened.close()


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def rowers(network: Network, town: Town) -> str:
    """A group whose name would be markup if it were read as such."""
    section = {"section_id": town.sections[1]}
    values = {"name": "<b>Rowers</b>", "type": "sports", "sections": [section]}
    made: str = network.coordinator.make("groups", values)["id"]
    return made


def introductions(network: Network) -> list[dict[str, Any]]:
    """All there are."""
    found: list[dict[str, Any]] = network.coordinator.get("introductions").json["items"]
    return found


def email_of(member: Member) -> str:
    """The address a member signs in with."""
    return str(member.get("/api/v1/me").json["user"]["email"])


@pytest.fixture
def open_page(browser: Browser, address: str) -> Iterator[Callable[..., Page]]:
    """Open an address as a member, on a phone: `open_page("/small#log", network.connector)`."""
    contexts, complaints = [], []

    def open_one(path: str, member: Member | None = None, size: Any = PHONE) -> Page:
        context = browser.new_context(viewport=size)
        contexts.append(context)
        context.set_default_timeout(20_000)
        context.on("weberror", lambda error: complaints.append(str(error.error)))
        context.on("console", note)
        page = context.new_page()
        if member:
            page.goto(f"{address}/docs")  # any page of ours, so that the token can be laid down
            page.evaluate("token => sessionStorage.setItem('weft.token', token)", member.token)
        page.goto(address + path)
        return page

    def note(message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:
            complaints.append(message.text)

    yield open_one
    for context in contexts:
        context.close()
    assert complaints == []


def choose(page: Page, first: str, second: str) -> None:
    """Fill in the two groups of an introduction."""
    page.get_by_label("One group").select_option(label=first)
    page.get_by_label("Another group").select_option(label=second)


def test_signing_in_by_code_and_logging_an_introduction(
    open_page: Callable[..., Page], app: Flask, network: Network, rowers: str
) -> None:
    page = open_page("/small")
    page.get_by_label("Your e-mail address").fill(email_of(network.connector))
    page.get_by_role("button", name="Send me a code").click()
    expect(page.get_by_label("The six digits")).to_be_focused()
    outbox = app.extensions["settings"].outbox
    mail = max(outbox.glob("*"), key=lambda file: file.stat().st_mtime_ns).read_text()
    page.get_by_label("The six digits").fill(re.findall(r"\b\d{6}\b", mail)[-1])
    page.get_by_role("button", name="Sign in").click()
    choose(page, "Choir", "<b>Rowers</b>")
    page.get_by_label("Where").select_option(label="Library")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#log-says")).to_have_text("Saved.")
    expect(page.locator("#latest li").first).to_contain_text("Choir · <b>Rowers</b>")
    (introduction,) = introductions(network)
    assert introduction["space_id"] is not None
    assert len(introduction["parties"]) == 2


def test_a_wrong_code_is_said_in_words(
    open_page: Callable[..., Page], network: Network, town: Town
) -> None:
    page = open_page("/small")
    page.get_by_label("Your e-mail address").fill(email_of(network.connector))
    page.get_by_role("button", name="Send me a code").click()
    page.get_by_label("The six digits").fill("000000")
    page.get_by_role("button", name="Sign in").click()
    expect(page.locator("#sign-in-says")).to_contain_text("ask for a new one")
    expect(page.locator("#inside")).to_be_hidden()


def test_an_answer_that_is_lost_makes_no_second_introduction(
    open_page: Callable[..., Page], network: Network, town: Town
) -> None:
    page = open_page("/small#log", network.connector)
    choose(page, "Choir", "Mill Lane")

    losing = [True]

    def lose_answer(route: Route) -> None:
        if not losing or route.request.method != "POST":
            return route.fallback()
        route.fetch()
        return route.abort()

    page.route("**/introductions*", lose_answer)
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#log-says")).to_contain_text("Nothing is lost")
    expect(page.locator("#waiting li")).to_have_count(1)
    losing.clear()
    assert len(introductions(network)) == 1
    page.get_by_role("button", name="Send now").click()
    expect(page.locator("#waiting")).to_be_hidden()
    assert len(introductions(network)) == 1


def test_an_entry_kept_on_the_device_survives_a_reload(
    open_page: Callable[..., Page], network: Network, town: Town
) -> None:
    page = open_page("/small#log", network.connector)
    choose(page, "Choir", "Mill Lane")
    away = [True]
    page.route("**/introductions", lambda route: route.abort() if away else route.fallback())
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#log-says")).to_contain_text("Nothing is lost")
    assert introductions(network) == []
    away.clear()
    page.reload()
    expect(page.locator("#latest li").first).to_contain_text("Choir · Mill Lane")
    assert len(introductions(network)) == 1


def test_what_the_server_refuses_stays_with_its_reason(
    open_page: Callable[..., Page], network: Network, town: Town
) -> None:
    page = open_page("/small#log", network.connector)
    choose(page, "Choir", "Mill Lane")
    assert network.coordinator.delete(f"groups/{town.groups[1]}", If_Match="*").status_code == 204
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#waiting .problem")).to_contain_text("not here")
    page.get_by_role("button", name="Back into the form").click()
    expect(page.locator("#waiting")).to_be_hidden()
    expect(page.get_by_label("One group")).to_be_focused()


def test_one_group_cannot_be_introduced_to_itself(
    open_page: Callable[..., Page], network: Network, town: Town
) -> None:
    page = open_page("/small#log", network.connector)
    choose(page, "Choir", "Choir")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("select[name=second]:invalid")).to_have_count(1)
    assert page.evaluate("localStorage.length") == 0


def test_a_funder_sees_reports_and_nothing_else(
    open_page: Callable[..., Page], network: Network
) -> None:
    page = open_page("/small#map", network.funder)
    expect(page.get_by_role("tab")).to_have_count(1)
    expect(page.get_by_role("tab", name="Report")).to_have_attribute("aria-selected", "true")
    expect(page.locator("#make")).to_be_hidden()


def test_tabs_are_turned_by_arrow_keys(open_page: Callable[..., Page], network: Network) -> None:
    page = open_page("/small#log", network.connector)
    page.get_by_role("tab", name="Log").focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tab", name="Map")).to_be_focused()
    expect(page.locator("#map")).to_be_visible()
    page.keyboard.press("End")
    expect(page.get_by_role("tab", name="Report")).to_be_focused()


def distance(page: Page) -> float:
    """How far apart the map shows the first two spaces."""
    first, second = (page.locator("#drawing circle").nth(i).bounding_box() for i in (0, 1))
    assert first
    assert second
    return abs(first["x"] - second["x"])


def test_the_map_and_its_table_say_the_same(
    open_page: Callable[..., Page], network: Network, town: Town
) -> None:
    make = network.coordinator.make
    point = {"type": "Point", "coordinates": [-4.2, 52.116]}
    make("spaces", {"name": "<i>Tide</i> Café", "type": "cafe", "geometry": point})
    make("meetings", {"starts_at": "2026-03-31T18:30:00Z", "space_id": town.space})
    page = open_page("/small#map", network.connector)
    expect(page.locator("#spaces tr").first).to_contain_text("Library")
    expect(page.locator("#spaces tr").first.locator(".number").first).to_have_text("1")
    expect(page.locator("#spaces tr")).to_have_count(2)
    assert page.locator("#drawing circle title").all_text_contents() == [
        "Library: 1 meetings",
        "<i>Tide</i> Café: 0 meetings",
    ]


def test_the_map_moves_by_keys_and_by_buttons(
    open_page: Callable[..., Page], network: Network, town: Town
) -> None:
    point = {"type": "Point", "coordinates": [-4.2, 52.116]}
    network.coordinator.make("spaces", {"name": "Café", "type": "cafe", "geometry": point})
    page = open_page("/small#map", network.connector)
    expect(page.locator("#drawing circle")).to_have_count(2)
    before = distance(page)
    page.locator("#drawing svg").focus()
    page.keyboard.press("+")
    assert distance(page) > before * 1.5
    page.get_by_role("button", name="All").click()
    assert distance(page) == pytest.approx(before)


def test_crossing_is_said_in_words_beside_chance(
    open_page: Callable[..., Page], network: Network, town: Town
) -> None:
    make = network.coordinator.make
    north, south = (
        [make("groups", {"name": f"{side} {i}", "type": "arts", "sections": [{"section_id": of}]})
         for i in range(4)]
        for side, of in zip(("N", "S"), town.sections, strict=True)
    )  # fmt: skip
    within = [*combinations(north, 2), *combinations(south, 2)]
    across = [(a, b) for a in north for b in south][:12]
    for pair in within + across:
        parties = [{"group_id": group["id"]} for group in pair]
        make("introductions", {"made_at": "2026-03-31T18:30:00Z", "parties": parties})
    page = open_page("/small#crossing", network.connector)
    said = page.locator("#crossing-says")
    expect(said).to_contain_text("Of 24 pairs that were brought together, 50% are from different")
    expect(said).to_contain_text("By chance alone it would be")
    expect(said).to_contain_text("known for 24 of 24 pairs")


def test_too_little_is_said_instead_of_a_figure(
    open_page: Callable[..., Page], network: Network, town: Town
) -> None:
    page = open_page("/small#crossing", network.connector)
    expect(page.locator("#crossing-says")).to_contain_text("Too little is known to say.")
    expect(page.locator("#crossing-says")).not_to_contain_text("%")


def test_a_report_is_made_opened_and_released(
    open_page: Callable[..., Page], network: Network, town: Town
) -> None:
    page = open_page("/small#report", network.coordinator)
    page.get_by_label("Funders").check()
    page.get_by_role("button", name="Make it").click()
    with page.context.expect_page() as opening:
        page.get_by_role("button", name="Open").click()
    expect(opening.value.get_by_role("heading", level=1)).to_be_visible()
    funder = open_page("/small#report", network.funder)
    expect(funder.locator("#reports")).to_contain_text("None has been shared with you yet.")
    page.get_by_role("button", name="Mark as shared").click()
    page.get_by_role("button", name="Release to funders").click()
    expect(page.locator("#reports")).to_contain_text("released to funders")
    funder.reload()
    with funder.expect_download() as download:
        funder.get_by_role("button", name="Save as JSON").click()
    assert download.value.suggested_filename.endswith(".json")


def test_signing_out_takes_the_token_back(
    open_page: Callable[..., Page], network: Network, town: Town
) -> None:
    page = open_page("/small", network.connector)
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_label("Your e-mail address")).to_be_visible()
    assert page.evaluate("sessionStorage.length") == 0
    assert network.connector.get("/api/v1/me").status_code == 401


LEGIBLE = """() => {
  const light = (colour) => {
    const [r, g, b] = colour.match(/[\\d.]+/g).slice(0, 3)
      .map((c) => c / 255).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const colour = getComputedStyle(at).backgroundColor;
      if (!/, 0\\)$/.test(colour)) return colour;
    }
    return "rgb(255, 255, 255)";
  };
  const faint = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || !element.checkVisibility()) continue;
    if (element.closest("svg")) continue;
    const [a, b] = [light(getComputedStyle(element).color), light(ground(element))];
    if ((Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05) < 4.5) faint.push(element.outerHTML);
  }
  return faint;
}"""
TOUCHABLE = "button, select, input:not([type=radio]), .choices label, .button, .top a"
SMALL = """(found) => found
  .filter((one) => one.checkVisibility())
  .map((one) => [one.outerHTML, one.getBoundingClientRect()])
  .filter(([, box]) => box.width < 44 || box.height < 44)
  .map(([html]) => html)"""


@pytest.mark.parametrize(
    "path",
    ["/", "/docs", "/docs/api", "/docs/api/introductions", "/docs/problems", "/docs/accounts",
     "/small", *(f"/small#{tab}" for tab in TABS)],
)  # fmt: skip
def test_every_page_is_legible_and_reachable_on_the_smallest_phone(
    open_page: Callable[..., Page], network: Network, town: Town, path: str
) -> None:
    page = open_page(path, network.coordinator if "#" in path else None, SMALLEST)
    page.wait_for_load_state("networkidle")
    assert page.evaluate("document.documentElement.scrollWidth") <= SMALLEST["width"]
    assert page.evaluate(LEGIBLE) == []
    assert page.locator(TOUCHABLE).evaluate_all(SMALL) == []
