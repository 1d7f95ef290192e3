"""What is mine: questions due, what came of it, my notebook, proposals, needs and offers nearby."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from api.jobs.follow_ups import make_due_follow_ups
from tests.web.test_log import known, log

if TYPE_CHECKING:
    from collections.abc import Callable

    from api.core.db import Database
    from tests.fixtures.networks import Network, Town
    from tests.web.conftest import Phone


def test_a_follow_up_is_answered_in_one_tap_and_shows_what_came_of_it(
    phone: Callable[..., Phone], network: Network, town: Town, database: Database
) -> None:
    network.connector.make("introductions", town.introduction())
    network.colleague.make("introductions", town.introduction())
    make_due_follow_ups(database, dt.date(2026, 4, 15))
    page = phone().sign_in(network.connector, "/start#ours")
    expect(page.locator(".card")).to_have_count(1)  # the colleague's question is not mine
    expect(page.get_by_text("questions are due")).to_have_count(1)
    page.get_by_role("button", name="In touch on their own").click()
    expect(page.get_by_text("Thank you.")).to_be_visible()
    expect(page.get_by_text("questions are due")).to_have_count(0)
    expect(page.locator(".list .hint").last).to_contain_text("In touch on their own")
    page.get_by_role("link", name="Queue").click()
    expect(page.get_by_role("heading", name="Sent")).to_be_visible()
    expect(page.get_by_text("Nothing waits.")).to_be_visible()
    answered = network.coordinator.get("follow-ups?state=answered").json["items"]
    assert [(a["outcome"], a["without_connector"], a["answered_by"]) for a in answered] == [
        ("ongoing", True, "connector")
    ]


def test_a_question_that_was_handed_over_is_asked_of_who_took_it(
    phone: Callable[..., Phone], network: Network, town: Town, database: Database
) -> None:
    network.connector.make("introductions", town.introduction())
    make_due_follow_ups(database, dt.date(2026, 4, 15))
    giver = phone().sign_in(network.connector, "/start#ours")
    expect(giver.locator(".card")).to_have_count(1)
    offer = network.connector.make("handovers", {"receiver_id": str(network.colleague.member_id)})
    answer = network.colleague.post(f"handovers/{offer['id']}/accept", {})
    assert answer.status_code == 200, answer.text
    giver.reload()
    expect(giver.get_by_text("No question is due.")).to_be_visible()
    taker = phone().sign_in(network.colleague, "/start#ours")
    taker.get_by_role("button", name="They met").click()
    expect(taker.get_by_text("Thank you.")).to_be_visible()
    taker.get_by_role("link", name="Queue").click()
    expect(taker.get_by_role("heading", name="Sent")).to_be_visible()
    expect(taker.get_by_text("Nothing waits.")).to_be_visible()
    (answered,) = network.coordinator.get("follow-ups?state=answered").json["items"]
    assert answered["outcome"] == "met"


def test_a_proposed_group_and_place_can_be_logged_with_at_once(
    phone: Callable[..., Phone], network: Network, town: Town
) -> None:
    page = phone().sign_in(network.connector, "/start#ours/propose/groups")
    page.get_by_label("What the group calls itself").fill("Rowers")
    page.get_by_label("What sort of group").select_option("sports")
    page.get_by_label("River").select_option("South")
    page.get_by_role("button", name="Propose").click()
    expect(page.get_by_role("heading", name="Mine")).to_be_visible()
    page.goto(page.url.split("#", maxsplit=1)[0] + "#ours/propose/spaces")
    page.get_by_label("What people call it").fill("Boathouse")
    page.get_by_label("What sort of place").select_option("sports")
    page.get_by_role("button", name="Propose").click()
    expect(page.get_by_text("Say where it is first")).to_be_visible()
    page.get_by_role("application").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowUp")
    page.get_by_role("button", name="Propose").click()
    expect(page.get_by_role("heading", name="Mine")).to_be_visible()
    log(page, "Introduction", "Rowers proposed", "Choir", "Boathouse proposed")
    expect(page.get_by_text("Sent.", exact=True)).to_be_visible()
    (group,) = network.coordinator.get("groups?status=proposed").json["items"]
    assert group["sections"] == [{"section_id": town.sections[1], "share": 1}]
    (space,) = network.coordinator.get("spaces?status=proposed").json["items"]
    assert space["geometry"]["coordinates"][0] > -4.21


def test_a_purpose_and_a_notebook_person_go_straight_to_the_server(
    phone: Callable[..., Phone], network: Network, town: Town
) -> None:
    page = phone().sign_in(network.connector, "/start#ours/notebook")
    page.get_by_label("A name only you need to understand").fill("R. of the choir")
    page.get_by_label("Belongs to").select_option("Choir")
    page.get_by_label("This person is 18 or older.").check()
    page.get_by_role("button", name="Note somebody").click()
    expect(page.locator(".cards")).to_contain_text("R. of the choir")
    log(page, "Introduction", "Weir Street", "Choir", "Library")
    page.get_by_text("In a few words, or with your notebook").click()
    page.get_by_label("In a few words", exact=True).fill("about the boiler")
    page.get_by_label("Somebody of your notebook, for Choir").select_option("R. of the choir")
    page.locator("details").get_by_role("button", name="Save").click()
    expect(page.locator("details").get_by_text("Saved.")).to_be_visible()
    with page.expect_response(lambda answer: answer.request.method in ("PATCH", "POST")):
        known(page, "No")
    (made,) = network.connector.get("introductions").json["items"]
    assert (made["purpose"], made["known_before"]) == ("about the boiler", "no")
    assert [bool(party["person_id"]) for party in made["parties"]] == [False, True]


def test_who_was_told_is_noted_and_nobody_is_removed_by_one_slip(
    phone: Callable[..., Phone], network: Network, town: Town
) -> None:
    entry = {"alias": "R.", "notice": "not_given", "basis": "consent", "age_band": "adult"}
    network.connector.make("people", entry)
    page = phone().sign_in(network.connector, "/start#ours/notebook")
    page.get_by_role("button", name="I have told them").click()
    expect(page.locator(".cards")).to_contain_text("They have been told")
    (person,) = network.connector.get("people").json["items"]
    assert person["notice"] == "given"
    page.get_by_role("button", name="Remove it: R.").click()
    page.get_by_role("button", name="Keep").click()
    page.get_by_role("button", name="Remove it: R.").click()
    expect(page.get_by_text("Remove R.?")).to_be_visible()
    page.get_by_role("button", name="Remove it", exact=True).click()
    expect(page.get_by_text("Nobody is noted.")).to_be_visible()
    assert network.connector.get("people").json["items"] == []


def test_a_need_is_put_up_without_a_number_and_settled_by_who_put_it_up(
    phone: Callable[..., Phone], network: Network, town: Town
) -> None:
    page = phone().sign_in(network.connector, "/start#ours/nearby/add")
    page.get_by_label("What sort").select_option("Goods")
    page.get_by_label("Which group’s").select_option("Choir")
    words = page.get_by_label("In a few words")
    words.fill("Ladders, ring 01970 555123")
    expect(page.get_by_text("This looks like a phone number")).to_be_visible()
    words.fill("Ladders")
    expect(page.get_by_text("This looks like a phone number")).to_have_count(0)
    page.get_by_role("button", name="Put it up").click()
    expect(page.get_by_role("heading", name="Mine")).to_be_visible()
    page.get_by_role("link", name="Needs and offers nearby").click()
    expect(page.locator(".card")).to_contain_text("Ladders")
    other = phone().sign_in(network.colleague, "/start#ours/nearby")
    expect(other.locator(".card")).to_contain_text("Ladders")
    expect(other.get_by_role("button", name="It is settled")).to_have_count(0)
    page.get_by_role("button", name="It is settled").click()
    expect(page.get_by_text("None stands just now.")).to_be_visible()
    (listing,) = network.coordinator.get("listings").json["items"]
    assert (listing["status"], listing["description"]) == ("met", "Ladders")


def test_needs_and_offers_are_shown_nearest_first(
    phone: Callable[..., Phone], network: Network, town: Town
) -> None:
    far = {"type": "Point", "coordinates": [-4.3, 52.2]}
    hall = network.coordinator.make("spaces", {"name": "Hall", "type": "cafe", "geometry": far})
    for words, space in (("Ladders", hall["id"]), ("Chairs", town.space)):
        listing = {"side": "need", "resource": "goods", "group_id": town.groups[0]}
        network.connector.make("listings", listing | {"description": words, "space_id": space})
    here = {"longitude": -4.2101, "latitude": 52.1101}
    page = phone(geolocation=here, permissions=["geolocation"]).sign_in(
        network.connector, "/start#ours/nearby"
    )
    expect(page.locator(".card").first).to_contain_text("Chairs")  # allowed before: no tap for it
    expect(page.locator(".card").first).to_contain_text("Library")
    page.get_by_text("Offers", exact=True).click()
    expect(page.get_by_text("None stands just now.")).to_be_visible()
