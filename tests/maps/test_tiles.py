"""Tiles: what is on one, that it is where it belongs, and that there is nothing else."""

from __future__ import annotations

from math import asinh, pi, radians, tan
from typing import TYPE_CHECKING, Any

import pytest

from .mvt import read_tile
from .town import CHOIR, MILL, WEIR, Drawn, draw

if TYPE_CHECKING:
    from tests.fixtures.networks import Network, Town

EXTENT = 4096


def tile_of(longitude: float, latitude: float, z: int) -> tuple[str, tuple[int, int]]:
    """The tile a place is on, as its address, and where on it."""
    x = (longitude + 180) / 360 * 2**z
    y = (1 - asinh(tan(radians(latitude))) / pi) / 2 * 2**z
    inside = (round(x % 1 * EXTENT), round(y % 1 * EXTENT))
    return f"tiles/{z}/{int(x)}/{int(y)}.mvt", inside


LIBRARY, HALL = (-4.21, 52.11), (-4.2, 52.115)


@pytest.fixture
def drawn(network: Network, town: Town) -> Drawn:
    """A town with one crossing tie."""
    drawn = draw(network, town)
    drawn.introduce(WEIR, MILL, CHOIR, space_id=town.space)
    drawn.meet({town.groups[WEIR]: 4, town.groups[MILL]: 3}, space_id=town.space)
    return drawn


def tile(drawn: Drawn, path: str, **query: Any) -> dict[str, list[dict[str, Any]]]:
    answer = drawn.network.coordinator.get(drawn.path(path, **query))
    assert answer.status_code == 200, answer.text
    assert answer.mimetype == "application/vnd.mapbox-vector-tile"
    return read_tile(answer.data)


def near(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return max(abs(one[0] - other[0]), abs(one[1] - other[1])) <= 1


def test_a_tile_has_spaces_and_ties_where_they_belong(drawn: Drawn) -> None:
    path, library = tile_of(*LIBRARY, 12)
    assert path == tile_of(*HALL, 12)[0]
    found = tile(drawn, path)
    spaces = {each["name"]: each for each in found["spaces"]}
    (line,) = found["ties"]
    hall = tile_of(*HALL, 12)[1]
    assert near(spaces["Library"]["geometry"][0], library)
    assert near(spaces["Hall"]["geometry"][0], hall)
    ends = sorted(line["geometry"])
    assert all(map(near, ends, sorted((library, hall))))
    said = {name: line[name] for name in ("times", "state", "crossing")}
    assert said == {"times": 1, "state": "single", "crossing": 1.0}
    assert {line["a"], line["b"]} == set(drawn.town.groups[:2])


def test_a_space_says_on_a_tile_what_it_says_as_geojson(drawn: Drawn) -> None:
    found = tile(drawn, tile_of(*LIBRARY, 12)[0], layer="meetings")
    (on_tile,) = [each for each in found["spaces"] if each["name"] == "Library"]
    features = drawn.ask("spaces.geojson", layer="meetings")["features"]
    (said,) = [f["properties"] for f in features if f["id"] == drawn.town.space]
    assert said["crossing_contact"] == 2.0
    shared = said.keys() - {"sections_seen", "step_free"}
    assert {n: on_tile[n] for n in shared} == {n: said[n] for n in shared}


def test_a_line_is_cut_at_the_edge_and_goes_on_in_the_next_tile(drawn: Drawn) -> None:
    z = 16
    here, there = tile_of(*LIBRARY, z), tile_of(*HALL, z)
    assert here[0] != there[0]
    (line,) = tile(drawn, here[0])["ties"]
    (other,) = tile(drawn, there[0])["ties"]
    for points in (line["geometry"], other["geometry"]):
        assert all(-64 <= part <= EXTENT + 64 for point in points for part in point)
    assert any(near(point, here[1]) for point in line["geometry"])
    assert any(near(point, there[1]) for point in other["geometry"])


def test_where_nothing_is_the_answer_is_no_content(drawn: Drawn) -> None:
    answer = drawn.network.coordinator.get(drawn.path("tiles/5/1/1.mvt"))
    assert (answer.status_code, answer.data) == (204, b"")


def test_beside_the_line_there_is_none_of_it(drawn: Drawn) -> None:
    z = 17
    corner, _ = tile_of(LIBRARY[0], HALL[1], z)
    assert drawn.network.coordinator.get(drawn.path(corner)).status_code == 204


@pytest.mark.parametrize("path", ["tiles/1/2/0.mvt", "tiles/1/0/2.mvt", "tiles/23/0/0.mvt"])
def test_a_tile_the_scheme_does_not_have_is_not_found(drawn: Drawn, path: str) -> None:
    answer = drawn.network.coordinator.get(drawn.path(path))
    assert (answer.status_code, answer.json["code"]) == (404, "not_found")


def test_a_space_that_must_not_be_mapped_is_on_no_tile_nor_a_line_to_it(drawn: Drawn) -> None:
    path, _ = tile_of(*HALL, 12)
    drawn.change("spaces", drawn.homes[1], never_map=True)
    found = tile(drawn, path)
    assert [each["name"] for each in found["spaces"]] == ["Library"]
    assert "ties" not in found


def test_a_polygon_and_a_place_at_the_pole_break_no_tile(drawn: Drawn) -> None:
    ring = [[-4.3, 52.1], [-4.1, 52.1], [-4.1, 52.2], [-4.3, 52.1]]
    polygon, pole = ("Polygon", [ring]), ("Point", [0, 90])
    for kind, coordinates in (polygon, pole):
        shape = {"type": kind, "coordinates": coordinates}
        made = drawn.network.coordinator.make(
            "spaces", {"name": kind, "type": "park", "geometry": shape}
        )
        drawn.change("groups", drawn.town.groups[WEIR], home_space_id=made["id"])
        spaces = [each["name"] for each in tile(drawn, "tiles/0/0/0.mvt")["spaces"]]
        assert ("Polygon" in spaces, "Point" in spaces) == (True, False)


def test_a_tile_is_asked_for_again_only_when_something_changed(drawn: Drawn) -> None:
    path = drawn.path(tile_of(*LIBRARY, 12)[0])
    etag = drawn.network.coordinator.get(path).headers["ETag"]
    assert drawn.network.coordinator.get(path, If_None_Match=etag).status_code == 304
    drawn.introduce(WEIR, MILL)
    again = drawn.network.coordinator.get(path, If_None_Match=etag)
    assert read_tile(again.data)["ties"][0]["times"] == 2
