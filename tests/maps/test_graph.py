"""The laid-out graph: sections are regions, nobody moves without reason, gaps are said aloud."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from api.maps.example import GRAPH
from api.maps.layout import lay_out
from api.maps.schema import GraphSchema

from .town import CHOIR, MILL, WEIR, Drawn, draw

if TYPE_CHECKING:
    from tests.fixtures.networks import Network, Town

MARCH = {"from": "2026-03-01T00:00:00Z", "to": "2026-04-01T00:00:00Z"}


@pytest.fixture
def drawn(network: Network, town: Town) -> Drawn:
    """A town to draw."""
    return draw(network, town)


def nodes(found: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {node["name"]: node for node in found["nodes"]}


def test_groups_stand_in_the_region_of_their_section(drawn: Drawn) -> None:
    drawn.introduce(WEIR, MILL, CHOIR)
    found = drawn.ask("graph")
    regions = {each["section_id"]: each for each in found["regions"]}
    assert set(regions) == {*drawn.town.sections, None}
    assert [each["name"] for each in found["regions"]] == ["North", "South", None]
    for node in found["nodes"]:
        region = regions[node["section_id"]]
        assert np.hypot(node["x"] - region["x"], node["y"] - region["y"]) < region["r"]
    assert nodes(found)["Choir"]["section_id"] is None


def test_edges_are_the_ties_of_the_window(drawn: Drawn) -> None:
    drawn.introduce(WEIR, MILL, CHOIR)
    drawn.introduce(WEIR, MILL)
    drawn.introduce(WEIR, CHOIR, made_at="2026-01-10T10:00:00Z")
    found = drawn.ask("graph", **MARCH)
    names = [node["name"] for node in found["nodes"]]
    edges = {frozenset((names[e["a"]], names[e["b"]])): e for e in found["edges"]}
    crossing = edges[frozenset(("Weir Street", "Mill Lane"))]
    assert (crossing["times"], crossing["state"], crossing["crossing"]) == (2, "live", 1.0)
    assert edges[frozenset(("Weir Street", "Choir"))]["crossing"] is None
    assert found["ties"] == {"known": 1, "total": 3, "crossing": 1}
    assert {n: (e["ties"], e["crossing"]) for n, e in nodes(found).items()} == {
        "Weir Street": (2, 1),
        "Mill Lane": (2, 1),
        "Choir": (2, 0),
    }


def test_sections_with_nothing_between_them_are_a_gap_and_one_pair_is_single(drawn: Drawn) -> None:
    drawn.introduce(WEIR, MILL)
    drawn.introduce(WEIR, MILL)
    (before,) = drawn.ask("graph", to="2026-03-01T00:00:00Z")["between"]
    assert {before["a"], before["b"]} == set(drawn.town.sections)
    assert (before["ties"], before["last_at"], before["state"]) == (0, None, "gap")
    (after,) = drawn.ask("graph", **MARCH)["between"]
    assert (after["ties"], after["times"], after["state"]) == (1, 2, "single")


def test_nobody_moves_when_the_window_does(drawn: Drawn) -> None:
    drawn.introduce(WEIR, MILL)
    drawn.introduce(MILL, CHOIR, made_at="2026-05-01T10:00:00Z")
    places = [
        {n: (e["x"], e["y"]) for n, e in nodes(drawn.ask("graph", **window)).items()}
        for window in (MARCH, {"from": "2026-05-01T00:00:00Z"}, {})
    ]
    assert places[0] == places[1] == places[2]


def test_a_quiet_active_group_is_in_the_picture_and_a_retired_one_is_not(drawn: Drawn) -> None:
    for name, status in (("Quiet", "active"), ("Maybe", "proposed")):
        values = {"name": name, "type": "residents", "status": status}
        drawn.network.coordinator.make("groups", values)
    assert set(nodes(drawn.ask("graph"))) == {"Weir Street", "Mill Lane", "Choir", "Quiet"}


def test_a_boundary_without_groups_is_an_empty_picture(network: Network) -> None:
    boundary = network.coordinator.make("boundaries", {"name": "Faith"})["id"]
    found = network.coordinator.get(f"maps/graph?boundary={boundary}").json
    assert (found["nodes"], found["edges"], found["between"]) == ([], [], [])


def test_the_graph_fits_its_description_and_is_kept_until_something_changes(drawn: Drawn) -> None:
    drawn.introduce(WEIR, MILL)
    answer = drawn.network.coordinator.get(drawn.path("graph"))
    for found in (answer.json, GRAPH):
        assert GraphSchema().validate(found) == {}
    etag = {"If_None_Match": answer.headers["ETag"]}
    assert drawn.network.coordinator.get(drawn.path("graph")).data == answer.data
    assert drawn.network.coordinator.get(drawn.path("graph"), **etag).status_code == 304
    drawn.introduce(WEIR, MILL)
    again = drawn.network.coordinator.get(drawn.path("graph"), **etag)
    assert again.json["edges"][0]["times"] == 2


def town(nodes: int, ties: int, regions: int) -> tuple[Any, ...]:
    rng = np.random.default_rng(3)
    ends = rng.integers(0, nodes, (2, ties))
    a, b = ends[:, ends[0] != ends[1]]
    return rng.integers(0, regions, nodes), a, b, np.ones(len(a))


def test_the_same_ties_give_the_same_picture() -> None:
    given = town(120, 300, 4)
    one, other = (lay_out(*given, regions=4) for _ in range(2))
    assert np.array_equal(one.places, other.places)


@pytest.mark.parametrize(("nodes", "regions"), [(1, 1), (3, 2), (120, 3), (120, 5), (300, 9)])
def test_regions_are_apart_and_nodes_in_them_are_too(nodes: int, regions: int) -> None:
    given = town(nodes, nodes * 3, regions)
    found = lay_out(*given, regions=regions)
    for i in range(regions):
        for j in range(i):
            apart = np.hypot(*(found.centres[i] - found.centres[j]))
            assert apart > found.radii[i] + found.radii[j]
    far = np.hypot(*(found.places[:, None] - found.places[None]).transpose(2, 0, 1))
    np.fill_diagonal(far, np.inf)
    assert far.min() > 0.7
    out = np.hypot(*(found.places - found.centres[given[0]]).T)
    assert (out < found.radii[given[0]]).all()


def test_who_is_tied_across_stands_on_the_side_that_faces_them() -> None:
    region = np.array([0] * 9 + [1] * 9)
    a, b = np.array([8]), np.array([17])  # the last of each, which nothing but the tie moves
    found = lay_out(region, a, b, np.ones(1), regions=2)
    way = np.sign(found.centres[1] - found.centres[0])[0]
    assert (found.places[8, 0] - found.centres[0, 0]) * way > 0
    assert (found.places[17, 0] - found.centres[1, 0]) * way < 0


def test_regions_with_most_between_them_are_neighbours() -> None:
    region = np.repeat(np.arange(4), 5)
    a, b = np.array([0, 1, 2]), np.array([10, 11, 12])  # the first region and the third
    centres = lay_out(region, a, b, np.ones(3), regions=4).centres
    far = np.hypot(*(centres - centres[0]).T)
    assert far[2] < far.max()
