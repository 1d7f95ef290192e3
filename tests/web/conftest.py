"""Phones: Chromium windows of a phone's size, each with a store of its own."""

from __future__ import annotations

import os
import re
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from playwright.sync_api import expect, sync_playwright
from werkzeug.serving import make_server

from ops.browser import ARGUMENTS, CHROMIUM

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flask import Flask
    from playwright.sync_api import Browser, BrowserContext, Page, Request

    from tests.fixtures.networks import Member

SIZE = {"width": 360, "height": 740}
PATIENCE = 60_000  # ms until what never comes counts as missing, on a machine busy with else
expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        say = pytest.fail if os.environ.get("CI") else pytest.skip
        say("no Chromium on this machine")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
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


@dataclass
class Phone:
    """One person's browser at one server, who speaks the language given."""

    app: Flask
    address: str
    context: BrowserContext
    page: Page

    def wait(self) -> None:
        """Wait until the server answers."""
        for _ in range(600):
            try:
                urlopen(f"{self.address}/readyz", timeout=5).close()
            except (URLError, OSError):
                time.sleep(0.1)
            else:
                return

    def open(self, path: str = "/start") -> Page:
        """Open an address of the server."""
        self.page.goto(self.address + path)
        return self.page

    def show(self, screen: str) -> Page:
        """Load a screen by its name; nothing of the one before it is left."""
        self.page.goto("about:blank")
        self.open(f"/start#{screen}")
        self.page.locator("h1").wait_for()
        return self.page

    def sign_in(self, member: Member, path: str = "/start") -> Page:
        """Sign in as people do, into their only network."""
        self.enter(member, path)
        expect(self.page.locator("nav.parts")).to_be_visible()
        return self.page

    def enter(self, member: Member, path: str = "/start") -> None:
        """Sign in as people do, by the code in the letter."""
        self.open(path)
        email = str(member.get("/api/v1/me").json["user"]["email"])
        self.page.get_by_label("Your e-mail address").fill(email)
        self.page.get_by_role("button", name="Send me a code").click()
        digits = self.page.get_by_label("The six digits")
        expect(digits).to_be_focused()
        digits.fill(self.code(email))
        self.page.get_by_role("button", name="Sign in").click()

    def code(self, email: str) -> str:
        """The newest code that was sent to an address."""
        letters = [path.read_text() for path in self.letters() if email in path.read_text()]
        return re.findall(r"\b\d{6}\b", letters[-1])[-1]

    def letters(self) -> list[Path]:
        """What lies in the outbox, the oldest first."""
        outbox = self.app.extensions["settings"].outbox
        return sorted(outbox.glob("*"), key=lambda path: path.stat().st_mtime_ns)


@pytest.fixture
def phone(browser: Browser, app: Flask, address: str) -> Iterator[Callable[..., Phone]]:
    """Make phones: `phone()`, or at another server or size. None of them may reach elsewhere."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def note(request: Request) -> None:
        if not request.url.startswith(("http://127.0.0.1:", "blob:", "data:")):
            complaints.append(f"asked elsewhere: {request.url}")

    def make(at: str = address, **more: Any) -> Phone:
        options: dict[str, Any] = {"viewport": SIZE, "locale": "en-GB"} | more
        context = browser.new_context(**options)
        contexts.append(context)
        context.set_default_timeout(PATIENCE)
        context.on("request", note)
        context.on("weberror", lambda error: complaints.append(str(error.error)))
        context.on(
            "console",
            lambda said: "Content Security" in said.text and complaints.append(said.text),
        )
        return Phone(app, at, context, context.new_page())

    yield make
    for context in contexts:
        context.close()
    assert complaints == []
