"""Access: what a screen must be so that everybody can use it, looked at by axe and by ourselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.settings import HOME

if TYPE_CHECKING:
    from playwright.sync_api import Page

AXE = HOME / "web" / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

RUN = """async (tags) => {
  const { violations } = await axe.run(document, { runOnly: tags });
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(" | ")}`);
}"""
SMALL = """() => [...document.querySelectorAll(
    "button, select, input:not([type=radio]):not([type=checkbox]), .choices label, .button, .row,"
    + "nav a, summary"
  )]
  .filter((one) => one.checkVisibility() && !one.closest(".hidden"))
  .map((one) => [one.outerHTML.slice(0, 200), one.getBoundingClientRect()])
  .filter(([, box]) => box.width < 43.9 || box.height < 43.9)
  .map(([html]) => html)"""


def require_access(page: Page) -> None:
    """Axe finds nothing, nothing is wider than the screen, and what is tapped is large enough."""
    _show_whole(page)
    page.evaluate(AXE.read_text())
    found = page.evaluate(RUN, TAGS)
    assert found == [], f"{page.url}: {found}"
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url
    assert page.evaluate(SMALL) == [], page.url


def _show_whole(page: Page) -> None:
    """No part under the bar at the foot of the window: what lies there hangs on what came first."""
    size = page.viewport_size
    assert size
    tall = int(page.evaluate("document.documentElement.scrollHeight"))
    page.set_viewport_size({"width": size["width"], "height": max(size["height"], tall)})
