"""The desk's screens: what is drawn, what the table says of it, and setting up by hand and file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from tests.maps.town import CHOIR, MILL, WEIR, Drawn, draw
from tests.web.access import require_access

from .desk import Desk, sit_down

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Route

    from tests.fixtures.networks import Network, Town

MIXED, LAND, SEA = "#377082", "#f4efe6", "#d3e0e4"
SCREENS = ("map", "network", "matrix", "gaps", "trend", "continuity", "proposals", "set-up")
STEPS = ("set-up/spaces", "set-up/groups", "set-up/upload", "set-up/invitations")


@pytest.fixture
def drawn(network: Network, town: Town) -> Drawn:
    """A town where two sides met in the library and were introduced, and a refuge."""
    drawn = draw(network, town)
    drawn.meet({town.groups[WEIR]: 4, town.groups[MILL]: 3}, space_id=town.space)
    drawn.introduce(WEIR, MILL, space_id=town.space, purpose="A hall for the supper")
    drawn.introduce(WEIR, MILL, made_at="2026-03-12T10:00:00Z")
    drawn.introduce(WEIR, CHOIR)
    refuge = {"name": "Refuge", "type": "other", "never_map": True}
    place = {"type": "Point", "coordinates": [-4.205, 52.112]}
    network.coordinator.make("spaces", refuge | {"geometry": place})
    return drawn


@pytest.fixture
def desk(drawn: Drawn, phone: Any) -> Desk:
    """Its coordinator's desk."""
    return sit_down(phone, drawn.network.coordinator)


def test_the_map_shows_places_and_crossing_ties_and_its_table_the_same(desk: Desk) -> None:
    page = desk.open("map")
    land = page.get_by_test_id("map")
    expect(land).to_have_attribute("data-drawn", "yes", timeout=20_000)
    expect(page.get_by_text("2 places on the map.")).to_be_visible()
    assert desk.count(land, MIXED) > 500  # the library's circle: who was introduced there crosses
    assert desk.count(land, LAND) > 100_000
    page.get_by_role("button", name="Map", exact=True).focus()
    page.keyboard.press("t")
    rows = page.get_by_role("region", name="Places").get_by_role("row")
    expect(rows).to_have_count(3)
    assert [row.split() for row in rows.all_inner_texts()[1:]] == [
        ["Library", "Library", "1", "1", "1", "1", "2"],
        ["Hall", "Community", "centre", "0", "–", "0", "0", "0"],
    ]
    tie = page.get_by_role("region", name="Ties that cross").get_by_role("row").nth(1)
    expect(tie).to_contain_text("2")
    expect(tie).to_contain_text("lapsed")
    assert "Refuge" not in page.content()
    page.get_by_label("What is counted").select_option("Meetings")
    library = page.get_by_role("region", name="Places").get_by_role("row").nth(1)
    expect(library).to_contain_text("0.57")  # four and three heads: what meetings make of it
    expect(page.get_by_role("columnheader", name="Expected by chance")).to_be_visible()


def test_the_map_is_moved_by_buttons_over_coasts_that_were_made_here(desk: Desk) -> None:
    page = desk.open("map")
    land = page.get_by_test_id("map")
    expect(land).to_have_attribute("data-drawn", "yes", timeout=20_000)
    assert desk.count(land, SEA) < 2_000  # the town lies inland; sources and scale are pale
    for _ in range(6):
        page.get_by_role("button", name="Farther").click()
    page.get_by_role("button", name="West", exact=True).click()
    expect(page.get_by_text("Natural Earth")).to_be_visible()
    for _ in range(50):  # tiles come one by one
        if desk.count(land, SEA) > 10_000:
            break
    assert desk.count(land, SEA) > 10_000


def test_every_number_leads_to_what_it_means(desk: Desk) -> None:
    links = set()
    for screen in ("map", "network", "matrix", "gaps", "trend"):
        page = desk.open(screen)
        expect(page.get_by_text("One moment…")).to_have_count(0)
        for face in page.get_by_role("button", name="Table").all():
            face.click()
        links |= set(page.locator("a.defined").evaluate_all("all => all.map((one) => one.href)"))
    assert len(links) > 5
    for link in sorted(links):
        page.goto(link)
        assert page.locator(f"id={link.partition('#')[2]}").count() == 1, link


def test_the_network_shows_sections_as_regions_and_a_gap_as_a_gap(desk: Desk) -> None:
    page = desk.open("network")
    picture = page.get_by_test_id("network")
    expect(picture.locator(".regions circle")).to_have_count(3)
    expect(picture.locator(".groups circle")).to_have_count(3)
    expect(picture.locator(".thread.across")).to_have_count(1)
    assert desk.count(picture, "#e7eef7") > 1_000  # the first section's region
    expect(picture.locator(".band.gap")).to_have_count(0)
    page.get_by_role("slider").press("End")  # this quarter, in which nothing happened
    expect(picture.locator(".band.gap")).to_have_count(1)
    expect(picture.locator(".thread")).to_have_count(0)
    assert desk.count(picture, "#8c1d18") > 20
    page.get_by_role("button", name="Table").click()
    between = page.get_by_role("region", name="Between sections")
    expect(between.get_by_role("row").nth(1)).to_contain_text("too few to say")


def test_a_line_leads_to_the_history_of_its_pair(desk: Desk) -> None:
    page = desk.open("network")
    page.locator(".thread.across .reach").dispatch_event("click")
    history = page.get_by_role("list").filter(has_text="A hall for the supper")
    expect(history.get_by_role("listitem")).to_have_count(3)  # two introductions and a meeting
    expect(history).to_contain_text("Meeting")


def test_the_matrix_says_both_what_was_seen_and_what_chance_would_give(desk: Desk) -> None:
    page = desk.open("matrix")
    cells = page.get_by_test_id("matrix").get_by_role("cell")
    expect(cells.filter(has_text="expected")).to_have_count(4)
    link = page.get_by_role("link", name="Expected by chance")
    assert str(link.get_attribute("href")).startswith("/docs/maps#at-the-desk")


def test_gaps_and_trend_say_when_too_little_was_logged(desk: Desk) -> None:
    page = desk.open("gaps")
    gap = page.get_by_test_id("gaps").get_by_role("listitem")
    expect(gap).to_contain_text("lapsed")
    expect(gap).to_contain_text("Independent bridges1")  # one connector brought them together
    page.get_by_label("When").select_option("Last twelve months")
    expect(gap).to_contain_text("Weeks told of by those who would have seen a tie")
    page = desk.open("trend")
    expect(page.get_by_text("Only 0 periods have a figure")).to_be_visible()
    expect(page.get_by_test_id("trend")).to_have_count(0)


def test_continuity_says_what_is_left_without_a_place_and_what_to_hand_over(
    drawn: Drawn, desk: Desk
) -> None:
    page = desk.open("continuity")
    page.get_by_label("If this one stops").select_option("Library")
    pairs = page.get_by_test_id("standing").get_by_role("row").nth(1)
    expect(pairs).to_contain_text("Pairs of groups")
    assert pairs.get_by_role("cell").all_inner_texts() == ["2", "2"]
    me = str(drawn.network.connector.get("/api/v1/me").json["user"]["email"])
    page.get_by_label("If this one stops").select_option(me)
    expect(page.get_by_text("Of 2 pairs of groups, 2 are held by nobody else.")).to_be_visible()
    alone = page.get_by_role("region", name="Pairs that only this connector brought together")
    expect(alone.get_by_role("row")).to_have_count(2)


def test_a_proposal_is_accepted_with_one_press(drawn: Drawn, desk: Desk) -> None:
    values = {"name": "Garden club", "type": "informal", "status": "proposed"}
    proposed = drawn.network.connector.make("groups", values)
    page = desk.open("proposals")
    page.get_by_role("button", name="Accept Garden club").click()
    expect(page.get_by_text("Garden club was accepted.")).to_be_visible()
    after = drawn.network.coordinator.get(f"groups/{proposed['id']}").json
    assert after["status"] == "active"


def test_a_network_is_set_up_by_hand(network: Network, phone: Any) -> None:
    page = sit_down(phone, network.coordinator).open("set-up")
    page.get_by_label("Name", exact=True).fill("River")
    page.get_by_role("button", name="Add", exact=True).click()
    more = page.get_by_role("group").filter(has_text="Add a section of River")
    more.get_by_text("Add a section of River").click()
    for side in ("North", "South"):
        more.get_by_label("Name of the section").fill(side)
        more.get_by_role("button", name="Add", exact=True).click()
        expect(page.locator(".side-of summary").filter(has_text=side)).to_be_visible()
    page.get_by_role("link", name="Places").click()
    page.get_by_label("Latitude, longitude").fill("52.11, -4.2")  # then the page before is gone
    page.get_by_label("Name", exact=True).fill("Hall")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_role("row").filter(has_text="Hall")).to_be_visible()
    page.get_by_role("link", name="Groups").click()
    page.get_by_label("Where it usually meets").select_option("Hall")
    page.get_by_label("Name", exact=True).fill("Choir")
    page.get_by_label("River").select_option("South")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_role("row").filter(has_text="Choir")).to_contain_text("South")
    (group,) = network.coordinator.get("groups").json["items"]
    assert (group["name"], len(group["sections"])) == ("Choir", 1)


def test_what_is_added_again_after_a_lost_answer_is_there_once(
    network: Network, phone: Any
) -> None:
    page = sit_down(phone, network.coordinator).open("set-up")

    def lose(route: Route) -> None:
        if route.request.method != "POST":
            return route.continue_()
        route.fetch()
        return route.abort()

    page.route("**/boundaries", lose)
    page.get_by_label("Name", exact=True).fill("River")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_role("status").filter(has_text="cannot be reached")).to_be_visible()
    page.unroute("**/boundaries")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_role("heading", name="River")).to_have_count(1)
    assert len(network.coordinator.get("boundaries").json["items"]) == 1


def test_a_file_is_read_aloud_before_it_is_carried_out(
    drawn: Drawn, desk: Desk, tmp_path: Path
) -> None:
    network = drawn.network
    bad, good = tmp_path / "bad.csv", tmp_path / "good.csv"
    bad.write_text("name,type,River\nBakers,firm,Nort\nWeir Street,residents,\n")
    good.write_text("name;type;River\r\nBakers;firm;North\r\nMill Lane;firm;South\r\n")
    page = desk.open("set-up/upload")
    page.get_by_label("What is in the file").select_option("Groups")
    page.get_by_label("The file", exact=True).set_input_files(bad)
    refused = page.get_by_test_id("lines").get_by_role("row").nth(1)
    expect(refused).to_contain_text("River has no section Nort.")
    expect(refused.get_by_role("cell").first).to_have_text("2")
    expect(page.get_by_role("button", name="Carry it out")).to_have_count(0)
    before = network.revision
    page.get_by_label("The file", exact=True).set_input_files(good)
    expect(page.get_by_text("1 new, 1 changed.")).to_be_visible()
    assert network.revision == before
    page.get_by_role("button", name="Carry it out").click()
    expect(page.get_by_text("2 records are written.")).to_be_visible()
    names = [each["name"] for each in network.coordinator.get("groups").json["items"]]
    assert "Bakers" in names


def test_a_file_that_was_mended_is_read_again_under_the_same_name(
    desk: Desk, tmp_path: Path
) -> None:
    sheet = tmp_path / "places.csv"
    page = desk.open("set-up/upload")
    page.get_by_label("What is in the file").select_option("Places")
    for latitude, said in (("north", "1 refused."), ("52.1", "1 new.")):
        sheet.write_text(f"name,type,lat,lon\nMill,shop,{latitude},-4.2\n")
        with page.expect_file_chooser() as opened:
            page.get_by_label("The file", exact=True).click()
        opened.value.set_files(sheet)
        expect(page.get_by_text(said)).to_be_visible()
    page.get_by_role("button", name="Carry it out").click()
    expect(page.get_by_text("1 record is written.")).to_be_visible()


def test_a_rehearsal_answered_late_is_not_taken_for_the_present_one(
    desk: Desk, tmp_path: Path
) -> None:
    sheet = tmp_path / "groups.csv"
    sheet.write_text("name,type\nBakers,firm\n")
    page = desk.open("set-up/upload")
    held: list[Route] = []
    page.route("**/imports/boundaries?*", lambda route: held.append(route))  # noqa: PLW0108
    page.get_by_label("The file", exact=True).set_input_files(sheet)
    page.get_by_label("What is in the file").select_option("Groups")
    expect(page.get_by_text("1 new.")).to_be_visible()
    with page.expect_event("requestfinished"):
        held[0].fulfill(status=422, json={"code": "validation_failed", "title": "Too late."})
    page.get_by_role("button", name="Carry it out").click()
    expect(page.get_by_text("1 record is written.")).to_be_visible()
    expect(page.get_by_text("Too late.")).to_have_count(0)


def test_what_was_set_up_is_changed_and_what_is_in_use_is_not_removed(desk: Desk) -> None:
    page = desk.open("set-up")
    side = page.get_by_role("listitem").filter(has_text="North").last
    side.locator("summary").click()
    side.get_by_label("Name of the section").fill("North bank")
    side.get_by_role("button", name="Save").click()
    expect(page.locator("summary").filter(has_text="North bank")).to_be_visible()
    page.get_by_role("link", name="Places").click()
    page.get_by_role("button", name="Hall", exact=True).click()
    page.get_by_label("Latitude, longitude").fill("52.12, -4.21")
    page.get_by_label("Whether it is in use").select_option("no longer in use")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("row").filter(has_text="Hall")).to_contain_text("no longer in use")
    page.get_by_role("link", name="Groups").click()
    page.get_by_role("button", name="Choir", exact=True).click()
    page.get_by_label("River", exact=True).select_option("in several")
    page.get_by_label("North bank").fill("25")
    page.get_by_label("South").fill("75")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("row").filter(has_text="Choir")).to_contain_text("North bank, South")


def test_a_coordinator_invites_connectors_and_takes_an_invitation_back(desk: Desk) -> None:
    page = desk.open("set-up/invitations")
    roles = page.get_by_label("As", exact=True).locator("option")
    expect(roles).to_have_text(["connector"])
    page.get_by_label("Their e-mail address").fill("newcomer@weft.example")
    page.get_by_role("button", name="Invite").click()
    waiting = page.get_by_role("row").filter(has_text="newcomer@weft.example")
    waiting.get_by_role("button", name="Take back").click()
    expect(waiting).to_have_count(1)  # it asks first
    leave = waiting.get_by_role("button", name="Leave")
    expect(leave).to_be_focused()
    leave.click()
    expect(waiting.get_by_role("button", name="Take back")).to_be_focused()
    waiting.get_by_role("button", name="Take back").click()
    page.get_by_label("Their e-mail address").fill("half@")
    waiting.get_by_role("button", name="Really: Take back").click()
    expect(page.get_by_text("No invitation is waiting")).to_be_visible()
    expect(page.get_by_label("Their e-mail address")).to_have_value("half@")


def test_what_one_connector_holds_is_handed_over_on_the_screen(drawn: Drawn, phone: Any) -> None:
    network = drawn.network
    there = str(network.colleague.get("/api/v1/me").json["user"]["email"])
    page = sit_down(phone, network.connector).open("continuity")
    page.get_by_text("Offer something to hand over").click()
    page.get_by_label("To which connector").fill("nobody@weft.example")
    page.get_by_role("button", name="Offer it").click()
    expect(page.get_by_text("Name another connector of this network.")).to_be_visible()
    page.get_by_label("To which connector").fill(there)
    page.get_by_role("button", name="Offer it").click()
    expect(page.get_by_text("From me to another connector")).to_be_visible()
    page = sit_down(phone, network.colleague).open("continuity")
    page.get_by_role("button", name="Accept").click()
    expect(page.get_by_text("It is yours from now on.")).to_be_visible()
    (handover,) = network.colleague.get("handovers").json["items"]
    assert handover["status"] == "accepted"


@pytest.mark.parametrize(("language", "width"), [("en", 360), ("ar", 360), ("cy", 1280)])
def test_every_screen_of_the_desk_is_within_reach_of_everybody(
    drawn: Drawn, phone: Any, language: str, width: int
) -> None:
    network = drawn.network
    values = {"name": "Garden club", "type": "informal", "status": "proposed"}
    network.connector.make("groups", values)
    size = {"viewport": {"width": width, "height": 800}}
    desk = sit_down(phone, network.admin, **size)
    desk.page.evaluate(f"localStorage.setItem('weft.language', '{language}')")
    desk.page.reload()
    for screen in SCREENS + STEPS:
        page = desk.open(screen)
        page.locator(f"html[lang={language}] h1").wait_for()
        page.wait_for_load_state("networkidle")
        if screen in ("map", "network"):
            table = page.locator(".turn button").nth(1)
            table.click()
            require_access(page)
            table.press("t")
        for more in page.locator("summary").all():
            if more.is_visible():
                more.click()
        require_access(page)


def test_a_connector_is_not_offered_what_is_a_coordinators(drawn: Drawn, phone: Any) -> None:
    page = sit_down(phone, drawn.network.connector).open("set-up")
    expect(page.get_by_role("link", name="Network")).to_be_visible()
    expect(page.get_by_role("link", name="Set up")).to_have_count(0)
    expect(page.get_by_role("heading", name="Set up the network")).to_have_count(0)
