"""Trouble: two phones on one record, a killed server, a revoked device, a refused entry."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from playwright.sync_api import expect

from api.settings import HOME
from tests.fixtures.server import free_port
from tests.web.test_log import go_to_places, introductions, known, log

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Route

    from api.settings import Settings
    from tests.fixtures.networks import Network, Town
    from tests.web.conftest import Phone

NAMES = "indexedDB.databases().then((all) => all.map(({ name }) => name))"


def test_two_phones_on_one_record_are_settled_in_one_tap(
    phone: Callable[..., Phone], network: Network, town: Town
) -> None:
    here = phone()
    page = here.sign_in(network.connector)
    log(page, "Introduction", "Weir Street", "Choir", "Library")
    expect(page.get_by_text("Sent.", exact=True)).to_be_visible()
    there = phone().sign_in(network.connector, "/start#ours")
    there.get_by_role("link", name="Introduction: Weir Street and Choir").click()
    here.context.set_offline(offline=True)
    known(page, "No")
    expect(page.get_by_text("On this phone;")).to_be_visible()
    with there.expect_response("**/sync/push"):
        known(there, "Yes")
    (made,) = introductions(network)
    words, tag = {"purpose": "about the boiler"}, f'"{made["version"]}"'
    path = f"introductions/{made['id']}"
    assert network.connector.patch(path, words, If_Match=tag).status_code == 200
    here.context.set_offline(offline=False)
    page.get_by_role("link", name="Queue").click()
    mine, theirs = page.get_by_label("Your version"), page.get_by_label("What stands now")
    expect(mine).to_contain_text("Had met beforeNo")
    expect(theirs).to_contain_text("Had met beforeYes")
    with page.expect_response(lambda answer: answer.request.method == "DELETE"):
        mine.get_by_role("button", name="Keep mine").click()
    expect(page.get_by_text("Nothing waits.")).to_be_visible()
    expect(page.get_by_text("Up to date")).to_be_visible()
    (made,) = introductions(network)
    assert made["known_before"] == "no"
    assert made["purpose"] == "about the boiler"  # words that no phone keeps are not lost to one
    assert network.connector.get("sync/quarantined").json["items"] == []


def test_a_server_killed_in_mid_push_loses_nothing_and_doubles_nothing(
    phone: Callable[..., Phone],
    app_settings: Settings,
    network: Network,
    town: Town,
) -> None:
    """The answer to the push never arrives, and the server that gave it is gone."""
    port = free_port()
    mine = phone(f"http://127.0.0.1:{port}")
    with served(app_settings, port) as process:
        mine.wait()
        page = mine.sign_in(network.connector)
        expect(page.get_by_text("Up to date")).to_be_visible()

        def kill(route: Route) -> None:
            route.fetch()  # it is done there, and nobody hears of it
            os.killpg(process.pid, signal.SIGKILL)
            route.abort()

        page.route("**/sync/push", kill, times=1)
        log(page, "Introduction", "Weir Street", "Choir", "Library")
        expect(page.get_by_text("Offline")).to_be_visible()
        expect(page.get_by_text("On this phone;")).to_be_visible()
    with served(app_settings, port):
        mine.wait()
        page.reload()
        page.get_by_role("link", name="Queue").click()
        expect(page.get_by_text("Nothing waits.")).to_be_visible()
    assert len(introductions(network)) == 1


def test_a_tab_closed_in_mid_push_loses_nothing_and_doubles_nothing(
    phone: Callable[..., Phone], network: Network, town: Town
) -> None:
    mine = phone()
    page = mine.sign_in(network.connector)
    expect(page.get_by_text("Up to date")).to_be_visible()
    go_to_places(page)
    with page.expect_event("close"):
        page.route("**/sync/push", lambda route: (route.fetch(), page.close()), times=1)
        page.evaluate("setTimeout(() => document.querySelector('.picker .row').click())")
    mine.page = mine.context.new_page()
    page = mine.open("/start#queue")
    expect(page.get_by_text("Nothing waits.")).to_be_visible()
    assert len(introductions(network)) == 1


@contextmanager
def served(settings: Settings, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """The application in processes of its own, which may be killed."""
    env = os.environ | {
        "WEFT_DATABASE_URL": settings.database_url, "WEFT_VAR": str(settings.var),
        "WEFT_PORT": str(port), "WEFT_SECRET": settings.secret,
    }  # fmt: skip
    command = [sys.executable, "-m", "api.cli", "serve"]
    process = subprocess.Popen(command, cwd=HOME, env=env, start_new_session=True)
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def test_a_revoked_device_keeps_its_queue_and_sends_it_after_signing_in_again(
    phone: Callable[..., Phone], network: Network, town: Town
) -> None:
    mine = phone()
    page = mine.sign_in(network.connector)
    expect(page.get_by_text("Up to date")).to_be_visible()
    devices = network.connector.get("/api/v1/devices").json["items"]
    (other,) = [each for each in devices if not each["is_current"]]
    assert network.connector.delete(f"/api/v1/devices/{other['id']}").status_code == 204
    log(page, "Introduction", "Weir Street", "Choir", "Library")
    expect(page.get_by_text("This phone was signed out.")).to_be_visible()
    expect(page.get_by_text("1 entry waits")).to_have_count(1)
    mine.sign_in(network.connector, "/start#sign-in")
    page.get_by_role("link", name="Queue").click()
    expect(page.get_by_text("Nothing waits.")).to_be_visible()
    assert len(introductions(network)) == 1


def test_a_refused_entry_is_kept_and_can_be_mended(
    phone: Callable[..., Phone], network: Network, town: Town
) -> None:
    mine = phone()
    page = mine.sign_in(network.connector)
    expect(page.get_by_text("Up to date")).to_be_visible()
    mine.context.set_offline(offline=True)
    log(page, "Introduction", "Weir Street", "Choir", "Library")
    group = network.coordinator.get(f"groups/{town.groups[2]}")
    gone = network.coordinator.delete(f"groups/{town.groups[2]}", If_Match=group.headers["ETag"])
    assert gone.status_code == 204
    mine.context.set_offline(offline=False)
    page.get_by_role("link", name="Queue").click()
    expect(page.get_by_role("heading", name="Needs you")).to_be_visible()
    page.reload()
    page.get_by_role("button", name="Another group instead").click()
    page.get_by_role("button", name="Mill Lane", exact=True).click()
    expect(page.get_by_text("Nothing waits.")).to_be_visible()
    (made,) = introductions(network)
    assert [party["group_id"] for party in made["parties"]] == [town.groups[0], town.groups[1]]


def test_a_captive_portal_changes_nothing(
    phone: Callable[..., Phone], network: Network, town: Town
) -> None:
    page = phone().sign_in(network.connector)
    expect(page.get_by_text("Up to date")).to_be_visible()
    welcome: dict[str, Any] = {"status": 200, "content_type": "text/html", "body": "<p>Welcome</p>"}
    page.route("**/api/**", lambda route: route.fulfill(**welcome))
    log(page, "Introduction", "Weir Street", "Choir", "Library")
    expect(page.get_by_text("Offline")).to_be_visible()
    expect(page.get_by_text("On this phone;")).to_be_visible()
    page.get_by_role("link", name="Queue").click()
    page.get_by_role("button", name="Send now").click()
    expect(page.get_by_text("1 entry waits")).to_have_count(1)
    page.unroute_all()  # it goes on trying by itself
    expect(page.get_by_text("Nothing waits.")).to_be_visible()
    assert len(introductions(network)) == 1


def test_words_that_a_captive_portal_swallowed_are_not_called_saved(
    phone: Callable[..., Phone], network: Network, town: Town
) -> None:
    page = phone().sign_in(network.connector)
    log(page, "Introduction", "Weir Street", "Choir", "Library")
    expect(page.get_by_text("Sent.", exact=True)).to_be_visible()
    page.get_by_text("In a few words, or with your notebook").click()
    page.get_by_label("In a few words", exact=True).fill("about the boiler")
    welcome: dict[str, Any] = {"status": 200, "content_type": "text/html", "body": "<p>Welcome</p>"}
    page.route("**/api/**", lambda route: route.fulfill(**welcome))
    page.locator("details").get_by_role("button", name="Save").click()
    expect(page.get_by_text("The server cannot be reached just now.")).to_be_visible()
    page.unroute_all()
    page.locator("details").get_by_role("button", name="Save").click()
    expect(page.locator("details").get_by_text("Saved.")).to_be_visible()
    (made,) = introductions(network)
    assert made["purpose"] == "about the boiler"


def test_nothing_this_week_from_two_phones_is_said_once_and_needs_nobody(
    phone: Callable[..., Phone], network: Network, town: Town
) -> None:
    here, there = phone().sign_in(network.connector), phone().sign_in(network.connector)
    for page in (here, there):
        page.get_by_role("button", name="Nothing this week").click()
        expect(page.get_by_role("heading", name="Saved")).to_be_visible()
        page.get_by_role("link", name="Queue").click()
        expect(page.get_by_text("Nothing waits.")).to_be_visible()
    assert len(network.coordinator.get("quiet-weeks").json["items"]) == 1


def test_a_browser_that_keeps_nothing_is_told_so(
    phone: Callable[..., Phone], network: Network, town: Town
) -> None:
    mine = phone()
    page = mine.sign_in(network.connector)
    mine.context.add_init_script("indexedDB.open = () => { throw new Error('private') }")
    page.reload()
    expect(page.get_by_role("alert")).to_contain_text("nothing could be logged safely")


def test_a_new_role_is_heard_of_without_signing_in_again(
    phone: Callable[..., Phone], network: Network, town: Town
) -> None:
    page = phone().sign_in(network.connector)
    page.get_by_role("link", name="More").click()
    expect(page.get_by_role("link", name="Proposals")).to_have_count(0)
    path = f"members/{network.connector.member_id}"
    assert network.admin.patch(path, {"role": "coordinator"}).status_code == 200
    page.reload()
    expect(page.locator("main").get_by_role("link", name="Proposals")).to_be_visible()


def test_signing_out_takes_everything_off_the_phone(
    phone: Callable[..., Phone], network: Network, town: Town
) -> None:
    mine = phone()
    page = mine.sign_in(network.connector)
    log(page, "Introduction", "Weir Street", "Choir", "Library")
    expect(page.get_by_text("Sent.", exact=True)).to_be_visible()
    assert page.evaluate(NAMES) == [f"weft-{network.connector.member_id}"]
    page.get_by_role("link", name="More").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_label("Your e-mail address")).to_be_visible()
    assert page.evaluate(NAMES) == []
    assert page.evaluate("[localStorage.getItem('weft.session'), sessionStorage.length]") == [
        None,
        0,
    ]


def test_a_phone_cut_off_while_signing_out_is_emptied_at_its_next_start(
    phone: Callable[..., Phone], network: Network, town: Town
) -> None:
    mine = phone()
    page = mine.sign_in(network.connector)
    log(page, "Introduction", "Weir Street", "Choir", "Library")
    expect(page.get_by_text("Sent.", exact=True)).to_be_visible()
    page.evaluate("indexedDB.deleteDatabase = () => new EventTarget()")  # it never comes to an end
    page.get_by_role("link", name="More").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_text("Everything is being taken off this phone.")).to_be_visible()
    expect(page.get_by_label("Your e-mail address")).to_have_count(0)
    page.reload()
    expect(page.get_by_label("Your e-mail address")).to_be_visible()
    assert page.evaluate(NAMES) == []


def test_nothing_sensitive_is_in_the_store(
    phone: Callable[..., Phone], network: Network, town: Town
) -> None:
    """Free text, aliases and places that are to stay unknown are never written to the phone."""
    network.connector.make("introductions", town.introduction(purpose="about the boiler"))
    entry = {"alias": "Quiet M.", "notice": "given", "notice_on": "2026-03-31", "basis": "consent"}
    network.connector.make("people", entry | {"age_band": "adult"})
    point = {"type": "Point", "coordinates": [-4.2, 52.1]}
    refuge = {"name": "Safe Harbour", "type": "other", "geometry": point, "never_map": True}
    network.coordinator.make("spaces", refuge)
    page = phone().sign_in(network.connector)
    expect(page.get_by_text("Up to date")).to_be_visible()
    page.goto(page.url.split("#", maxsplit=1)[0] + "#ours/notebook")
    expect(page.get_by_text("Quiet M.")).to_be_visible()
    kept = page.evaluate(DUMP)
    assert "Weir Street" in kept
    for secret in ("boiler", "Quiet M.", "Safe Harbour", "@town.example"):
        assert secret not in kept
    assert page.evaluate(CACHED, f"/api/v1/networks/{network.id}/people?limit=500") == "nothing"


CACHED = """(path) => {
  const { token } = JSON.parse(localStorage.getItem("weft.session"));
  const headers = { Authorization: `Bearer ${token}` };
  return fetch(path, { cache: "only-if-cached", mode: "same-origin", headers })
    .then((answer) => answer.text(), () => "nothing");
}"""
DUMP = """async () => {
  const found = [JSON.stringify(localStorage), JSON.stringify(sessionStorage)];
  for (const { name } of await indexedDB.databases()) {
    const base = await new Promise((done) => {
      const opening = indexedDB.open(name);
      opening.onsuccess = () => done(opening.result);
    });
    for (const area of base.objectStoreNames) {
      const all = base.transaction(area).objectStore(area).getAll();
      found.push(await new Promise((done) => {
        all.onsuccess = () => done(JSON.stringify(all.result));
      }));
    }
  }
  for (const name of await caches.keys()) {
    for (const { url } of await (await caches.open(name)).keys()) found.push(url);
  }
  return found.join();
}"""
