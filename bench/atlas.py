"""Atlas: the map of a large network in Chromium, opened, dragged about and zoomed."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from playwright.sync_api import sync_playwright

from ops.browser import ARGUMENTS, CHROMIUM

from .browser import KEEP, session_of
from .maps import TIES, analyze, fill
from .report import Line, at_most
from .server import serving
from .world import make_place
from .writes import PRODUCT

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from api.core.db import Database

DRAG = 60  # steps, there and back
SLOWEST = 100  # ms: what still feels as if the map were under the hand
# time from one frame to the next, until told to stop
WATCH = """() => {
  window.frames_seen = [];
  let last = performance.now();
  const step = (now) => {
    window.frames_seen.push(now - last);
    last = now;
    window.watching = requestAnimationFrame(step);
  };
  window.watching = requestAnimationFrame(step);
}"""
STOP = "() => { cancelAnimationFrame(window.watching); return window.frames_seen.slice(1); }"


def atlas(database: Database) -> list[Line]:
    """5,000 spaces and 20,000 ties as a coordinator's desk draws them, by software alone."""
    if not Path(CHROMIUM).exists():
        return [Line("map in the browser", "no Chromium on this machine")]
    place = make_place(database, "Bench atlas")
    boundary = fill(database, place, TIES)
    analyze(database)
    with serving(PRODUCT) as (port, _), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        address = f"http://127.0.0.1:{port}"
        opened = _open(page, address, session_of(address, place.token), boundary)
        dragged, zoomed = _drag(page), _zoom(page)
        browser.close()
    return [
        Line("map of 5,000 spaces and 20,000 ties, opened", f"{opened:,.0f} ms"),
        at_most("… a frame while it is dragged, median", _middle(dragged), SLOWEST, "ms"),
        at_most("… a frame while it is zoomed, median", _middle(zoomed), SLOWEST, "ms"),
        Line("… the slowest frame", f"{max(dragged + zoomed):,.0f} ms"),
    ]


def _open(page: Page, address: str, session: dict[str, Any], boundary: str) -> float:
    """Milliseconds until the map is drawn."""
    page.goto(f"{address}/docs/settings")
    page.evaluate(KEEP, session)
    view = json.dumps({"boundary": boundary, "layer": "introductions", "period": 0})
    page.evaluate("view => sessionStorage.setItem('weft.view', view)", view)
    began = time.perf_counter()
    page.goto(f"{address}/start#map")
    page.locator("[data-testid=map][data-drawn=yes]").wait_for(timeout=120_000)
    return (time.perf_counter() - began) * 1_000


def _drag(page: Page) -> list[float]:
    box = page.get_by_test_id("map").bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.evaluate(WATCH)
    for step in range(DRAG):
        there = min(step, DRAG - step) * 6
        page.mouse.move(x + there, y + there / 2)
    found: list[float] = page.evaluate(STOP)
    page.mouse.up()
    return found


def _zoom(page: Page) -> list[float]:
    page.evaluate(WATCH)
    for name in ("Closer", "Closer", "Closer", "East", "South", "Farther", "Farther", "Farther"):
        page.get_by_role("button", name=name, exact=True).click()
        page.wait_for_timeout(300)
    found: list[float] = page.evaluate(STOP)
    return found


def _middle(values: list[float]) -> float:
    return sorted(values)[len(values) // 2]
