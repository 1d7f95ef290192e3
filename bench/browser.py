"""The browser's part of the budgets, on a slow phone in Chromium.

`.venv/bin/python -m bench.browser ADDRESS TOKEN`, where ADDRESS is a running server and TOKEN a
connector's (`weft token EMAIL`). Nothing but introductions is written, each undone again.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from typing import TYPE_CHECKING, Any
from urllib.request import Request, urlopen

from playwright.sync_api import sync_playwright

from ops.browser import ARGUMENTS, CHROMIUM

if TYPE_CHECKING:
    from playwright.sync_api import Browser, CDPSession, Page

SLOW_CPU = 4  # times
SLOW_LINE = 400_000 / 8  # bytes/s
LATENCY = 300  # ms
ROUNDS = 9
KEEP = "said => localStorage.setItem('weft.session', JSON.stringify(said))"
FILL = """async ([member, count]) => {
  const base = await new Promise((done) => {
    const opening = indexedDB.open(`weft-${member}`);
    opening.onsuccess = () => done(opening.result);
  });
  const work = base.transaction("records", "readwrite");
  for (let i = 0; i < count; i += 1) {
    const data = { made_at: "2020-01-01T10:00:00Z", parties: [], status: "made" };
    const id = crypto.randomUUID();
    const record = { kind: "introductions", id, version: id, audience: "network", data };
    work.objectStore("records").put(record);
  }
  await new Promise((done) => { work.oncomplete = done; });
  base.close();
}"""
COUNT = """async (member) => {
  const base = await new Promise((done) => {
    const opening = indexedDB.open(`weft-${member}`);
    opening.onsuccess = () => done(opening.result);
  });
  const counting = base.transaction("records").objectStore("records").count();
  await new Promise((done) => { counting.onsuccess = done; });
  base.close();
  return counting.result;
}"""
TAP = """() => new Promise((done) => {
  const row = document.querySelector(".picker .row");
  const began = performance.now();
  new MutationObserver((_, watch) => {
    if (!document.querySelector(".saved")) return;
    watch.disconnect();
    requestAnimationFrame(() => done(performance.now() - began));
  }).observe(document.body, { childList: true, subtree: true });
  row.click();
})"""


def main() -> int:
    """Measure, print, and say by the exit code whether all budgets are held."""
    address, token = sys.argv[1:3]
    session = session_of(address, token)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        found = loads(browser, address, session) | saving(browser, address, session)
        browser.close()
    for name, (taken, budget) in found.items():
        print(f"{name:42} {taken:8.0f} ms   budget {budget} ms")
    return int(any(taken > budget for taken, budget in found.values()))


def session_of(address: str, token: str) -> dict[str, Any]:
    """What a browser keeps of somebody signed in."""
    asking = Request(f"{address}/api/v1/me", headers={"Authorization": f"Bearer {token}"})  # noqa: S310
    with urlopen(asking) as answer:  # noqa: S310
        networks = json.load(answer)["networks"]
    return {"token": token, "networks": networks, "chosen": networks[0]["id"]}


def slow_down(page: Page) -> CDPSession:
    """Make it a slow phone on a slow line."""
    told = page.context.new_cdp_session(page)
    told.send("Emulation.setCPUThrottlingRate", {"rate": SLOW_CPU})
    line = {"downloadThroughput": SLOW_LINE, "uploadThroughput": SLOW_LINE, "latency": LATENCY}
    told.send("Network.emulateNetworkConditions", {"offline": False, **line})
    return told


def loads(browser: Browser, address: str, session: dict[str, Any]) -> dict[str, tuple[float, int]]:
    """From nothing to a screen that can be tapped; and again, from what the phone keeps."""
    page = browser.new_context(viewport={"width": 360, "height": 740}).new_page()
    page.goto(f"{address}/docs/settings")
    page.evaluate(KEEP, session)
    slow_down(page)
    first = timed(page, f"{address}/start")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.wait_for_load_state("networkidle")
    again = statistics.median(timed(page, f"{address}/start") for _ in range(3))
    return {"first load, slow phone, 400 kbit/s": (first, 5_000), "later loads": (again, 1_000)}


def timed(page: Page, address: str) -> float:
    """Milliseconds until the first screen can be tapped."""
    began = time.perf_counter()
    page.goto(address, wait_until="commit")
    page.locator(".tile").first.wait_for()
    return (time.perf_counter() - began) * 1_000


def saving(browser: Browser, address: str, session: dict[str, Any]) -> dict[str, tuple[float, int]]:
    """The last tap until "Saved" is drawn, with 5,000 records on a slow phone."""
    page = browser.new_context(viewport={"width": 360, "height": 740}).new_page()
    page.goto(f"{address}/docs/settings")
    page.evaluate(KEEP, session)
    began = time.perf_counter()
    page.goto(f"{address}/start")
    page.get_by_text("Up to date").wait_for()
    pulled = (time.perf_counter() - began) * 1_000
    count = page.evaluate(COUNT, session["networks"][0]["member_id"])
    page.evaluate(FILL, [session["networks"][0]["member_id"], 5_000])
    page.reload()
    page.get_by_text("Up to date").wait_for()
    told = page.context.new_cdp_session(page)
    told.send("Emulation.setCPUThrottlingRate", {"rate": SLOW_CPU})
    taken = statistics.median(one_save(page) for _ in range(ROUNDS))
    return {
        f"1,000 records pulled, of {count}": (pulled / count * 1_000, 2_000),
        "save to screen, 5,000 records more": (taken, 100),
    }


def one_save(page: Page) -> float:
    """Log one introduction and undo it."""
    page.get_by_role("link", name="Log", exact=True).click()
    page.get_by_role("button", name="Introduction", exact=True).click()
    for place in (0, 1):
        page.locator(".picker .row").nth(place).click()
        page.locator(".taps bdi").nth(place + 1).wait_for()
    taken = float(page.evaluate(TAP))
    page.get_by_role("button", name="Undo").click()
    page.locator(".tile").first.wait_for()
    return taken


if __name__ == "__main__":
    sys.exit(main())
