"""Pictures: opens every screen at a phone's and a desk's size and keeps what it sees."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from itertools import product
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
LANGUAGES = ("en", "cy", "ar")
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
        "set-up/spaces",
        "set-up/groups",
        "set-up/upload",
        "set-up/invitations",
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
            for language, size in product(LANGUAGES, SIZES):
                page = open_page(browser, address, session, size, language)
                mark = size if language == LANGUAGES[0] else f"{language}-{size}"
                look(page, names, folder, mark)
                page.context.close()
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


def open_page(
    browser: Browser, address: str, session: dict[str, Any], size: str, language: str
) -> Page:
    """A window of this size in which somebody is signed in who reads this language."""
    page = browser.new_context(viewport=SIZES[size], locale="en-GB").new_page()
    page.goto(f"{address}/docs")
    page.evaluate(REMEMBER, session)
    page.evaluate("language => localStorage.setItem('weft.language', language)", language)
    page.goto(f"{address}/start")
    page.locator("nav.parts").wait_for()
    return page


def look(page: Page, names: tuple[str, ...], folder: Path, mark: str) -> None:
    """Keep a picture of each screen, once it has come to rest; after `log`, of the taps."""
    for name in names:
        page.evaluate("name => { location.hash = name }", name)
        keep(page, folder / f"{mark}-{name.replace('/', '-')}.png")
        if name == "log" and mark in SIZES:
            page.get_by_role("button", name=WHAT, exact=True).click()
            for step, place in enumerate(PLACES, 1):
                keep(page, folder / f"{mark}-log-{step}.png")
                page.locator(".picker .row").nth(place).click()
            keep(page, folder / f"{mark}-log-saved.png")


def keep(page: Page, path: Path) -> None:
    """One picture, of all there is on a phone and of what is seen at a desk."""
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(700)  # maps fade in
    page.screenshot(path=path)


if __name__ == "__main__":
    sys.exit(main())
