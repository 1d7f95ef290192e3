"""Reports at the desk: made, opened, shared, released to the funder, kept as a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.web.access import require_access

if TYPE_CHECKING:
    from collections.abc import Callable

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
