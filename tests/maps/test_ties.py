"""Ties as GeoJSON: which are drawn, between which places, and what is said of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from api.maps.example import TIES
from api.maps.schema import TieMapSchema

from .town import CHOIR, MILL, WEIR, Drawn, draw

if TYPE_CHECKING:
    from tests.fixtures.networks import Network, Town

PATH = "ties.geojson"


@pytest.fixture
def drawn(network: Network, town: Town) -> Drawn:
    """A town to draw."""
    return draw(network, town)


def only(found: dict[str, Any]) -> dict[str, Any]:
    (feature,) = found["features"]
    return dict(feature)


def test_a_tie_that_crosses_is_a_line_between_home_spaces(drawn: Drawn) -> None:
    drawn.introduce(WEIR, MILL)
    drawn.introduce(MILL, WEIR, CHOIR, made_at="2026-03-12T09:30:00+01:00")
    found = drawn.ask(PATH, **{"from": "2026-03-01T00:00:00Z", "to": "2026-04-01T00:00:00Z"})
    feature = only(found)
    a, b = sorted(drawn.town.groups[:2])
    places = {drawn.town.groups[WEIR]: [-4.21, 52.11], drawn.town.groups[MILL]: [-4.2, 52.115]}
    assert feature["id"] == f"{a}/{b}"
    assert feature["geometry"] == {"type": "LineString", "coordinates": [places[a], places[b]]}
    said = feature["properties"]
    assert (said["a"], said["b"]) == (a, b)
    assert {said["a_name"], said["b_name"]} == {"Weir Street", "Mill Lane"}
    assert {*said["a_sections"], *said["b_sections"]} == set(drawn.town.sections)
    assert (said["times"], said["state"], said["crossing"]) == (2, "live", 1.0)
    assert said["last_at"] == "2026-03-12T08:30:00+00:00"
    assert found["bbox"] == [-4.21, 52.11, -4.2, 52.115]


def test_coverage_counts_ties_of_unknown_side_which_are_never_drawn(drawn: Drawn) -> None:
    drawn.introduce(WEIR, MILL, CHOIR)
    found = drawn.ask(PATH)
    assert found["ties"] == {"known": 1, "total": 3, "crossing": 1}
    assert drawn.town.groups[CHOIR] not in str(found)


def test_a_tie_inside_a_section_is_known_and_not_drawn(drawn: Drawn) -> None:
    drawn.change(
        "groups", drawn.town.groups[MILL], sections=[{"section_id": drawn.town.sections[0]}]
    )
    drawn.introduce(WEIR, MILL)
    assert drawn.ask(PATH) == {
        "type": "FeatureCollection",
        "ties": {"known": 1, "total": 1, "crossing": 0},
        "features": [],
    }


def test_groups_that_share_a_section_cross_in_part(drawn: Drawn) -> None:
    north, south = drawn.town.sections
    both = [{"section_id": north, "share": 0.25}, {"section_id": south, "share": 0.75}]
    drawn.change("groups", drawn.town.groups[MILL], sections=both)
    drawn.introduce(WEIR, MILL)
    assert only(drawn.ask(PATH))["properties"]["crossing"] == 0.75


def test_a_home_that_must_not_be_mapped_is_no_end_of_a_line(drawn: Drawn) -> None:
    drawn.introduce(WEIR, MILL)
    refuge = drawn.homes[1]
    drawn.change("spaces", refuge, never_map=True)
    found = drawn.ask(PATH)
    assert only(found)["geometry"] is None
    assert refuge not in str(found)
    assert "-4.2," not in str(found)
    assert "bbox" not in found


def test_two_groups_at_home_in_one_space_have_no_line_but_a_row(drawn: Drawn) -> None:
    drawn.change("groups", drawn.town.groups[MILL], home_space_id=drawn.town.space)
    drawn.introduce(WEIR, MILL)
    assert only(drawn.ask(PATH))["geometry"] is None


def test_a_tie_seen_once_is_single_and_one_long_ago_has_lapsed(drawn: Drawn) -> None:
    drawn.introduce(WEIR, MILL)
    until = {"to": "2026-09-06T18:00:00Z"}  # 180 days after
    assert only(drawn.ask(PATH, **until))["properties"]["state"] == "single"
    drawn.introduce(WEIR, MILL)
    assert only(drawn.ask(PATH, **until))["properties"]["state"] == "live"
    later = {"to": "2026-09-06T18:00:01Z"}
    assert only(drawn.ask(PATH, **later))["properties"]["state"] == "lapsed"


def test_layers_are_drawn_apart(drawn: Drawn) -> None:
    weir, mill, choir = drawn.town.groups
    drawn.meet({weir: 4, mill: 3, choir: 2})
    passed = {"happened_at": "2026-03-11T10:00:00Z", "resource": "time"}
    for status in ("delivered", "promised"):
        ends = {"from_group_id": mill, "to_group_id": weir, "status": status}
        drawn.network.connector.make("flows", passed | ends)
    drawn.introduce(WEIR, MILL, status="offered")
    assert drawn.ask(PATH, layer="introductions")["ties"]["total"] == 0
    assert drawn.ask(PATH, layer="meetings")["ties"] == {"known": 1, "total": 3, "crossing": 1}
    flow = only(drawn.ask(PATH, layer="flows"))["properties"]
    assert (flow["times"], flow["last_at"]) == (1, "2026-03-11T10:00:00+00:00")


def test_a_window_takes_its_first_instant_and_not_its_last(drawn: Drawn) -> None:
    for instant in ("2026-02-28T23:59:59Z", "2026-03-01T00:00:00Z", "2026-04-01T00:00:00Z"):
        drawn.introduce(WEIR, MILL, made_at=instant)
    march = {"from": "2026-03-01T00:00:00Z", "to": "2026-04-01T00:00:00Z"}
    assert only(drawn.ask(PATH, **march))["properties"]["times"] == 1
    assert only(drawn.ask(PATH))["properties"]["times"] == 3


def test_what_stands_in_a_notebook_is_in_no_tie(drawn: Drawn) -> None:
    mine = drawn.network.connector
    drawn.introduce(WEIR, MILL, audience=mine.notebook)
    answer = mine.get(drawn.path(PATH))
    assert answer.json["ties"]["total"] == 0


def test_ties_are_read_anew_when_anything_changed(drawn: Drawn) -> None:
    first = drawn.network.coordinator.get(drawn.path(PATH))
    etag = {"If_None_Match": first.headers["ETag"]}
    assert drawn.network.coordinator.get(drawn.path(PATH), **etag).status_code == 304
    drawn.introduce(WEIR, MILL)
    again = drawn.network.coordinator.get(drawn.path(PATH), **etag)
    assert (again.status_code, len(again.json["features"])) == (200, 1)


def test_ties_fit_their_description(drawn: Drawn) -> None:
    drawn.introduce(WEIR, MILL)
    for found in (drawn.ask(PATH), TIES):
        assert TieMapSchema().validate(found) == {}


@pytest.mark.parametrize("what", [PATH, "tiles/0/0/0.mvt", "graph"])
def test_funders_and_strangers_see_no_ties(drawn: Drawn, other_network: Network, what: str) -> None:
    drawn.introduce(WEIR, MILL)
    assert drawn.network.funder.get(drawn.path(what)).json["code"] == "out_of_scope"
    there = f"/api/v1/networks/{drawn.network.id}/{drawn.path(what)}"
    assert other_network.admin.get(there).json["code"] == "unknown_network"
    assert other_network.admin.get(drawn.path(what)).json["fields"].keys() == {"boundary"}
