"""Pictures: opens every screen at a phone's and a desk's size and keeps what it sees."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.request import Request, urlopen

from playwright.sync_api import sync_playwright

from .browser import ARGUMENTS, CHROMIUM
from .say import VENV, say

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, ViewportSize

SIZES: dict[str, ViewportSize] = {
    "phone": {"width": 360, "height": 740},
    "desk": {"width": 1280, "height": 860},
}
WHAT = "Introduction"
PLACES = (0, 1, 2)  # one group, the other, where: as they stand in the lists
SCREENS = {
    "connector1@demo.example": (
        "log",
        "ours",
        "ours/nearby",
        "ours/notebook",
        "ours/propose/groups",
        "ours/propose/spaces",
        "queue",
        "more",
    ),
    "coordinator@demo.example": (
        "map",
        "network",
        "matrix",
        "gaps",
        "trend",
        "continuity",
        "report",
        "proposals",
        "set-up",
    ),
}
REMEMBER = "said => localStorage.setItem('weft.session', JSON.stringify(said))"


def main() -> int:
    """Look at everything at `argv[1]` and keep it in the folder `argv[2]`."""
    address, folder = sys.argv[1], Path(sys.argv[2])
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        for email, names in SCREENS.items():
            session = session_of(address, email)
            for size in SIZES:
                page = open_page(browser, address, session, size)
                look(page, names, folder, size)
        in_arabic = open_page(browser, address, session_of(address, next(iter(SCREENS))), "phone")
        in_arabic.evaluate("localStorage.setItem('weft.language', 'ar')")
        in_arabic.reload()
        look(in_arabic, ("log", "ours"), folder, "arabic")
        browser.close()
    say(f"the pictures lie in {folder}")
    return 0


def session_of(address: str, email: str) -> dict[str, Any]:
    """What a browser keeps of somebody signed in."""
    command = [str(VENV / "bin" / "weft"), "token", email]
    told = subprocess.run(command, check=True, capture_output=True, text=True, env=os.environ)
    token = told.stdout.split()[-1]
    asking = Request(f"{address}/api/v1/me", headers={"Authorization": f"Bearer {token}"})  # noqa: S310
    with urlopen(asking) as answer:  # noqa: S310
        networks = json.load(answer)["networks"]
    return {"token": token, "networks": networks, "chosen": networks[0]["id"]}


def open_page(browser: Browser, address: str, session: dict[str, Any], size: str) -> Page:
    """A window of this size in which somebody is signed in."""
    page = browser.new_context(viewport=SIZES[size], locale="en-GB").new_page()
    page.goto(f"{address}/docs")
    page.evaluate(REMEMBER, session)
    page.goto(f"{address}/start")
    page.locator("nav.parts").wait_for()
    return page


def look(page: Page, names: tuple[str, ...], folder: Path, size: str) -> None:
    """Keep a picture of each screen, once it has come to rest; after `log`, of the taps."""
    for name in names:
        page.evaluate("name => { location.hash = name }", name)
        keep(page, folder / f"{size}-{name.replace('/', '-')}.png")
        if name == "log" and size != "arabic":
            page.get_by_role("button", name=WHAT, exact=True).click()
            for step, place in enumerate(PLACES, 1):
                keep(page, folder / f"{size}-log-{step}.png")
                page.locator(".picker .row").nth(place).click()
            keep(page, folder / f"{size}-log-saved.png")


def keep(page: Page, path: Path) -> None:
    """One picture, of all there is on a phone and of what is seen at a desk."""
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(700)  # maps fade in
    page.screenshot(path=path)


if __name__ == "__main__":
    sys.exit(main())
