"""The small client in a real browser, on a phone's screen, under the policy it is served with."""

from __future__ import annotations

import re
import secrets
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect, sync_playwright
from werkzeug.serving import make_server

from api.accounts import commands

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flask import Flask
    from playwright.sync_api import Browser, Page, Route

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = (
    "--no-sandbox --disable-quic --no-first-run --disable-background-networking"
    " --disable-component-update --disable-sync --disable-dev-shm-usage"
)
PHONE = {"width": 360, "height": 740}
SMALLEST = {"width": 320, "height": 640}
TABS = ("log", "map", "crossing", "report")

pytestmark = pytest.mark.skipif(not CHROMIUM.exists(), reason="no Chromium on this machine")


@dataclass(frozen=True, slots=True)
class Town:
    """A network of the API's making, and tokens of its members by role."""

    app: Flask
    network_id: Any
    tokens: dict[str, str]
    emails: dict[str, str]

    def ask(self, method: str, path: str, role: str = "coordinator", **values: Any) -> Any:
        """What the API answers."""
        headers = {"Authorization": f"Bearer {self.tokens[role]}"}
        url = f"/api/v1/networks/{self.network_id}{path}"
        answer = self.app.test_client().open(
            url, method=method, json=values or None, headers=headers
        )
        assert answer.status_code < 300, answer.text
        return answer.json

    def introductions(self) -> list[dict[str, Any]]:
        """All there are."""
        found: list[dict[str, Any]] = self.ask("GET", "/introductions")["items"]
        return found


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
def town(app: Flask) -> Town:
    emails = {
        role: f"{role}-{secrets.token_hex(6)}@town.example"
        for role in ("admin", "coordinator", "connector", "funder")
    }
    with app.extensions["database"].transaction() as cx:
        network_id = commands.create_network(cx, "Aberweir", emails["admin"])
        for role in ("coordinator", "connector", "funder"):
            commands.add_member(cx, network_id, emails[role], role)
        tokens = {role: commands.issue_token(cx, email) for role, email in emails.items()}
    return _furnish(Town(app, network_id, tokens, emails))


def _furnish(town: Town) -> Town:
    boundary = town.ask("POST", "/boundaries", name="River", question="Which bank?")
    north, south = (
        town.ask("POST", "/sections", boundary_id=boundary["id"], name=name)
        for name in ("North bank", "South bank")
    )
    for name, lon in (("Weir Street Library", -4.21), ("<i>Tide</i> Café", -4.2)):
        point = {"type": "Point", "coordinates": [lon, 52.116]}
        town.ask("POST", "/spaces", name=name, type="library", geometry=point)
    for name, section in (("Choir", north), ("<b>Rowers</b>", south), ("Readers", north)):
        town.ask(
            "POST", "/groups", name=name, type="arts", sections=[{"section_id": section["id"]}]
        )
    return town


@pytest.fixture
def open_page(browser: Browser, address: str, town: Town) -> Iterator[Callable[..., Page]]:
    """Open an address as a member, on a phone: `open_page("/start#log", "connector")`."""
    contexts, complaints = [], []

    def open_one(path: str, role: str = "", size: dict[str, int] | None = None) -> Page:
        context = browser.new_context(viewport=size or PHONE, accept_downloads=True)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(20_000)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: complaints.append(said.text) if is_policy(said.text) else 0)
        if role:
            page.goto(f"{address}/docs")  # any page of ours, so that the token can be laid down
            page.evaluate("token => sessionStorage.setItem('weft.token', token)", town.tokens[role])
        page.goto(address + path)
        return page

    def is_policy(text: str) -> bool:
        return "Content Security Policy" in text

    yield open_one
    for context in contexts:
        context.close()
    assert complaints == []


def choose(page: Page, first: str, second: str) -> None:
    """Fill in the two groups of an introduction."""
    page.get_by_label("One group").select_option(label=first)
    page.get_by_label("Another group").select_option(label=second)


def test_signing_in_by_code_and_logging_an_introduction(
    open_page: Callable[..., Page], town: Town
) -> None:
    page = open_page("/start")
    page.get_by_label("Your e-mail address").fill(town.emails["connector"])
    page.get_by_role("button", name="Send me a code").click()
    expect(page.get_by_label("The six digits")).to_be_focused()
    outbox = town.app.extensions["settings"].outbox
    mail = max(outbox.glob("*"), key=lambda file: file.stat().st_mtime_ns).read_text()
    page.get_by_label("The six digits").fill(re.findall(r"\b\d{6}\b", mail)[-1])
    page.get_by_role("button", name="Sign in").click()
    choose(page, "Choir", "<b>Rowers</b>")
    page.get_by_label("Where").select_option(label="Weir Street Library")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#log-says")).to_have_text("Saved.")
    expect(page.locator("#latest li").first).to_contain_text("Choir · <b>Rowers</b>")
    (introduction,) = town.introductions()
    assert introduction["space_id"] is not None
    assert len(introduction["parties"]) == 2


def test_a_wrong_code_is_said_in_words(open_page: Callable[..., Page], town: Town) -> None:
    page = open_page("/start")
    page.get_by_label("Your e-mail address").fill(town.emails["connector"])
    page.get_by_role("button", name="Send me a code").click()
    page.get_by_label("The six digits").fill("000000")
    page.get_by_role("button", name="Sign in").click()
    expect(page.locator("#sign-in-says")).to_contain_text("ask for a new one")
    expect(page.locator("#inside")).to_be_hidden()


def test_an_answer_that_is_lost_makes_no_second_introduction(
    open_page: Callable[..., Page], town: Town
) -> None:
    page = open_page("/start#log", "connector")
    choose(page, "Choir", "Readers")

    def lose_answer(route: Route) -> None:
        if route.request.method != "POST":
            return route.fallback()
        route.fetch()
        return route.abort()

    page.route("**/introductions*", lose_answer)
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#waiting li")).to_have_count(1)
    page.unroute("**/introductions*")
    assert len(town.introductions()) == 1
    page.get_by_role("button", name="Send now").click()
    expect(page.locator("#waiting")).to_be_hidden()
    assert len(town.introductions()) == 1


def test_an_entry_kept_on_the_device_survives_a_reload(
    open_page: Callable[..., Page], town: Town
) -> None:
    page = open_page("/start#log", "connector")
    choose(page, "Choir", "Readers")
    page.route("**/introductions", lambda route: route.abort())
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#log-says")).to_contain_text("Nothing is lost")
    assert town.introductions() == []
    page.unroute("**/introductions")
    page.reload()
    expect(page.locator("#latest li").first).to_contain_text("Choir · Readers")
    assert len(town.introductions()) == 1


def test_what_the_server_refuses_stays_with_its_reason(
    open_page: Callable[..., Page], town: Town
) -> None:
    page = open_page("/start#log", "connector")
    choose(page, "Choir", "Readers")
    readers = next(g for g in town.ask("GET", "/groups")["items"] if g["name"] == "Readers")
    headers = {"Authorization": f"Bearer {town.tokens['coordinator']}", "If-Match": "*"}
    url = f"/api/v1/networks/{town.network_id}/groups/{readers['id']}"
    assert town.app.test_client().delete(url, headers=headers).status_code == 204
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#waiting .problem")).to_contain_text("not here")
    page.get_by_role("button", name="Back into the form").click()
    expect(page.locator("#waiting")).to_be_hidden()
    expect(page.get_by_label("One group")).to_be_focused()


def test_one_group_cannot_be_introduced_to_itself(
    open_page: Callable[..., Page], town: Town
) -> None:
    page = open_page("/start#log", "connector")
    choose(page, "Choir", "Choir")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("select[name=second]:invalid")).to_have_count(1)
    assert page.evaluate("localStorage.length") == 0


def test_a_funder_sees_reports_and_nothing_else(open_page: Callable[..., Page]) -> None:
    page = open_page("/start#map", "funder")
    expect(page.get_by_role("tab")).to_have_count(1)
    expect(page.get_by_role("tab", name="Report")).to_have_attribute("aria-selected", "true")
    expect(page.locator("#make")).to_be_hidden()


def test_tabs_are_turned_by_arrow_keys(open_page: Callable[..., Page]) -> None:
    page = open_page("/start#log", "connector")
    page.get_by_role("tab", name="Log").focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tab", name="Map")).to_be_focused()
    expect(page.locator("#map")).to_be_visible()
    page.keyboard.press("End")
    expect(page.get_by_role("tab", name="Report")).to_be_focused()


def test_signing_out_takes_the_token_back(open_page: Callable[..., Page], town: Town) -> None:
    page = open_page("/start", "connector")
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_label("Your e-mail address")).to_be_visible()
    assert page.evaluate("sessionStorage.length") == 0
    headers = {"Authorization": f"Bearer {town.tokens['connector']}"}
    assert town.app.test_client().get("/api/v1/me", headers=headers).status_code == 401


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
     "/start", *(f"/start#{tab}" for tab in TABS)],
)  # fmt: skip
def test_every_page_is_legible_and_reachable_on_the_smallest_phone(
    open_page: Callable[..., Page], path: str
) -> None:
    page = open_page(path, "coordinator" if "#" in path else "", SMALLEST)
    page.wait_for_load_state("networkidle")
    assert page.evaluate("document.documentElement.scrollWidth") <= SMALLEST["width"]
    assert page.evaluate(LEGIBLE) == []
    assert page.locator(TOUCHABLE).evaluate_all(SMALL) == []
