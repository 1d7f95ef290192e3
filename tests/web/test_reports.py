"""Reports at the desk: made, opened, shared, released to the funder, kept as a file."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.web.access import require_access

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Route

    from tests.fixtures.networks import Network, Town
    from tests.web.conftest import Phone


def test_a_report_is_made_opened_and_released(
    phone: Callable[..., Phone], network: Network, town: Town
) -> None:
    page = phone().sign_in(network.coordinator, "/start#report")
    page.get_by_text("Funders", exact=True).click()
    page.get_by_role("button", name="Make it").click()
    with page.context.expect_page() as opening:
        page.get_by_role("button", name="Open: ").click()
    expect(opening.value.get_by_role("heading", level=1)).to_be_visible()
    require_access(page)
    funder = phone().sign_in(network.funder)
    expect(funder.get_by_text("None has been shared with you yet.")).to_be_visible()
    page.get_by_role("button", name="Mark as shared").click()
    page.get_by_role("button", name="Release to funders").click()
    expect(page.locator(".card")).to_contain_text("released")
    funder.reload()
    with funder.expect_download() as download:
        funder.get_by_role("button", name="Save as JSON").click()
    assert download.value.suggested_filename.endswith(".json")


def test_a_report_made_again_after_a_lost_answer_is_there_once(
    phone: Callable[..., Phone], network: Network, town: Town
) -> None:
    page = phone().sign_in(network.coordinator, "/start#report")

    def lose(route: Route) -> None:
        if route.request.method != "POST":
            return route.continue_()
        route.fetch()
        return route.abort()

    page.route("**/reports", lose)
    page.get_by_role("button", name="Make it").click()
    expect(page.get_by_text("cannot be reached")).to_be_visible()
    page.unroute("**/reports")
    page.get_by_role("button", name="Make it").click()
    expect(page.locator(".card")).to_have_count(1)
    page.get_by_text("Funders", exact=True).click()
    page.get_by_role("button", name="Make it").click()
    expect(page.locator(".card")).to_have_count(2)
    assert len(network.coordinator.get("reports").json["items"]) == 2


def test_every_figure_leads_to_how_it_was_made(
    phone: Callable[..., Phone], network: Network, town: Town
) -> None:
    day = dt.datetime.now(dt.UTC) - dt.timedelta(10)
    made = network.connector.post("introductions", town.introduction(made_at=day.isoformat()))
    report = released(network)
    page = phone().sign_in(network.coordinator, "/start#report")
    with page.context.expect_page() as opening:
        page.get_by_role("button", name="Open: ").click()
    link = opening.value.get_by_role("link", name="How was this made? Made", exact=True)
    public = str(phone().app.extensions["settings"].base_url)  # not where tests are served
    where = str(link.get_attribute("href"))
    assert where == f"{public}/start#report/{report}/K1.made"
    page.goto(page.url.partition("/start")[0] + where.removeprefix(public))
    frame, story = page.locator("iframe"), page.frame_locator("iframe")
    expect(story.get_by_role("heading", level=1, name="Made")).to_be_visible()
    expect(frame).not_to_have_attribute("height", "0")
    before = str(frame.get_attribute("height"))
    story.locator("summary").first.click()
    expect(story.locator("li").first).to_have_text(made.json["id"])
    expect(frame).not_to_have_attribute("height", before)  # the page scrolls, not the frame
    require_access(page)
    back = story.get_by_role("link", name="To the reports")
    assert back.get_attribute("href") == f"{public}/start#report"


def test_a_link_is_made_used_told_and_taken_back(
    phone: Callable[..., Phone], network: Network, town: Town
) -> None:
    report = released(network)
    page = phone().sign_in(network.coordinator, "/start#report")
    page.get_by_text("People outside").click()
    page.get_by_label("Whom it is for").fill("Valley Fund")
    page.get_by_text("this one and later ones of its kind").click()
    page.get_by_role("button", name="Make a link").click()
    link = page.get_by_role("link", name="/r/")
    expect(link).to_be_visible()
    require_access(page)
    address = f"/r/{str(link.get_attribute('href')).rpartition('/')[2]}"
    opened = network.funder.app.test_client().get(f"{address}.json")
    assert opened.json["id"] == report
    page.get_by_text("People outside").click()
    page.get_by_text("People outside").click()
    expect(page.get_by_text("with the link “Valley Fund” took this report")).to_be_visible()
    page.get_by_role("button", name="Take back the link for Valley Fund").click()
    expect(page.get_by_role("button", name="Take back the link")).to_have_count(0)
    assert network.funder.app.test_client().get(f"{address}.json").status_code == 404


def test_a_report_is_taken_back_with_a_reason(
    phone: Callable[..., Phone], network: Network, town: Town
) -> None:
    report = released(network)
    page = phone().sign_in(network.coordinator, "/start#report")
    page.get_by_text("People outside").click()
    page.get_by_label("Why").fill("Counted twice.")
    page.get_by_role("button", name="Withdraw it").click()
    expect(page.locator(".card")).to_contain_text("withdrawn")
    assert network.funder.get(f"reports/{report}").json["detail"] == "Counted twice."


def released(network: Network, *steps: str) -> str:
    """A report of the last days, after these steps: released, when none is named."""
    today = dt.datetime.now(dt.UTC).date()
    period = {"from": str(today - dt.timedelta(30)), "to": str(today)}
    order = {"period": period, "audience": "funder"}
    made: str = network.coordinator.post("reports", order).json["id"]
    for step in steps or ("share", "release"):
        assert network.coordinator.ask("POST", f"reports/{made}/{step}").status_code == 200
    return made
