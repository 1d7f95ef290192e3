"""Spaces as GeoJSON: what stands on the map, what never does, and who may look."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from api.analysis.measures.meetings import Attendance, masses, mean_diversity
from api.maps.example import SPACES
from api.maps.schema import SpaceMapSchema

if TYPE_CHECKING:
    from tests.fixtures.networks import Member, Network, Town

PATH = "maps/spaces.geojson"
SQUARE = [[-4.2, 52.1], [-4.2, 52.2], [-4.1, 52.2], [-4.1, 52.1], [-4.2, 52.1]]  # clockwise


@dataclass(frozen=True)
class Map:
    """The town and its map."""

    network: Network
    town: Town

    def collection(self, who: Member | None = None, **query: Any) -> dict[str, Any]:
        """The map as one is answered."""
        path = PATH + "?" + "&".join(f"{k}={v}" for k, v in query.items())
        answer = (who or self.network.coordinator).get(path)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json
        return found

    def names(self, **query: Any) -> set[str]:
        """The spaces on it."""
        return {each["properties"]["name"] for each in self.collection(**query)["features"]}

    def library(self, **query: Any) -> dict[str, Any]:
        """What is said of the library."""
        features = self.collection(**query)["features"]
        (found,) = [each["properties"] for each in features if each["id"] == self.town.space]
        properties: dict[str, Any] = found
        return properties

    def add_space(self, name: str, x: float = -4.2, y: float = 52.1, **more: Any) -> str:
        """A space at a point."""
        point = {"type": "Point", "coordinates": [x, y]}
        values = {"name": name, "type": "park", "geometry": point} | more
        space: str = self.network.coordinator.make("spaces", values)["id"]
        return space

    def meet(self, *groups: str, **more: Any) -> None:
        """Groups meet in the library."""
        attendance = [{"group_id": group, "headcount": 5} for group in groups]
        values = {
            "starts_at": "2026-03-10T18:00:00Z",
            "space_id": self.town.space,
            "attendance": attendance,
        }
        self.network.connector.make("meetings", values | more)

    def introduce(self, **more: Any) -> dict[str, Any]:
        """The first two groups are introduced in the library."""
        values = self.town.introduction(space_id=self.town.space) | more
        return self.network.connector.make("introductions", values)


@pytest.fixture
def mapped(network: Network, town: Town) -> Map:
    """The town and its map."""
    return Map(network, town)


def test_a_space_is_a_feature_where_it_is(mapped: Map) -> None:
    found = mapped.collection()
    (feature,) = found["features"]
    assert found["type"] == "FeatureCollection"
    assert found["bbox"] == [-4.21, 52.11, -4.21, 52.11]
    assert feature["geometry"] == {"type": "Point", "coordinates": [-4.21, 52.11]}
    assert feature["properties"] == {
        "id": feature["id"],
        "name": "Library",
        "type": "library",
        "step_free": None,
        "meetings": 0,
        "introductions": 0,
        "groups_seen": 0,
        "sections_seen": None,
        "crossing_contact": None,
        "diversity": None,
    }


def test_every_map_fits_its_description_and_its_media_type(mapped: Map) -> None:
    mapped.add_space("Green", step_free=True)
    for found in (mapped.collection(), mapped.collection(boundary=mapped.town.boundary), SPACES):
        assert SpaceMapSchema().validate(found) == {}
    assert mapped.network.connector.get(PATH).mimetype == "application/geo+json"


def test_a_map_without_spaces_is_an_empty_collection(network: Network) -> None:
    assert network.coordinator.get(PATH).json == {"type": "FeatureCollection", "features": []}


def test_a_space_that_must_never_be_mapped_is_not_there_by_any_question(mapped: Map) -> None:
    refuge = mapped.add_space("Refuge", never_map=True)
    mapped.introduce(space_id=refuge)
    mapped.meet(mapped.town.groups[0], space_id=refuge)
    for query in ({}, {"bbox": "-180,-90,180,90"}, {"boundary": mapped.town.boundary}):
        found = mapped.collection(**query)
        assert refuge not in str(found)
        assert [f["id"] for f in found["features"]] == [mapped.town.space]
        assert found["bbox"] == [-4.21, 52.11, -4.21, 52.11]
        assert found["features"][0]["properties"]["introductions"] == 0


def test_only_active_spaces_of_the_network_are_mapped(mapped: Map) -> None:
    mapped.add_space("Once", status="retired")
    mapped.add_space("Perhaps", status="proposed")
    mapped.network.coordinator.make("spaces", {"type": "home"})
    gone = mapped.add_space("Gone")
    assert mapped.names() == {"Library", "Gone"}
    removed = mapped.network.coordinator.delete(f"spaces/{gone}", If_Match="*")
    assert removed.status_code == 204
    assert mapped.names() == {"Library"}


def test_a_space_of_a_notebook_is_on_no_map_not_even_its_owners(mapped: Map) -> None:
    mine = mapped.network.connector
    values = {"name": "Shed", "type": "park", "status": "proposed", "audience": mine.notebook}
    made = mine.post("spaces", values | {"geometry": {"type": "Point", "coordinates": [0, 0]}})
    assert made.status_code == 201, made.text
    with mapped.network.database.transaction(mapped.network.id) as cx:
        cx.exec_driver_sql("UPDATE space SET status = 'active' WHERE name = 'Shed'")
    assert [f["properties"]["name"] for f in mapped.collection(mine)["features"]] == ["Library"]


def test_a_polygon_runs_against_the_clock_as_rfc_7946_asks(mapped: Map) -> None:
    mapped.add_space("Green", geometry={"type": "Polygon", "coordinates": [SQUARE]})
    found = mapped.collection()
    (ring,) = next(
        f["geometry"]["coordinates"]
        for f in found["features"]
        if f["geometry"]["type"] == "Polygon"
    )
    area = sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(ring))
    assert area > 0
    assert ring[0] == ring[-1]
    assert found["bbox"] == [-4.21, 52.1, -4.1, 52.2]


def test_what_happened_at_a_space_is_counted(mapped: Map) -> None:
    weir, _, choir = mapped.town.groups  # the second comes by the introductions alone
    mapped.introduce()
    mapped.introduce()
    mapped.introduce(status="offered")
    mapped.introduce(audience=mapped.network.connector.notebook)
    mapped.meet(weir, choir)
    mapped.meet(choir, audience=mapped.network.connector.notebook)
    said = mapped.library()
    assert (said["introductions"], said["meetings"], said["groups_seen"]) == (2, 1, 3)


def test_what_was_removed_is_no_longer_counted(mapped: Map) -> None:
    made = mapped.introduce()
    mapped.network.connector.delete(f"introductions/{made['id']}", If_Match="*")
    said = mapped.library()
    assert (said["introductions"], said["groups_seen"]) == (0, 0)


def test_sections_are_named_when_a_boundary_is(mapped: Map) -> None:
    boundary, (north, south) = mapped.town.boundary, mapped.town.sections
    weir, _, choir = mapped.town.groups
    assert mapped.library(boundary=boundary)["sections_seen"] == []
    mapped.meet(weir, choir)
    assert mapped.library(boundary=boundary)["sections_seen"] == [north]
    mapped.introduce()
    assert set(mapped.library(boundary=boundary)["sections_seen"]) == {north, south}
    values = {"name": "Lock Row", "type": "residents", "sections": [{"section_id": north}]}
    mapped.meet(mapped.network.coordinator.make("groups", values)["id"])
    assert len(mapped.library(boundary=boundary)["sections_seen"]) == 2
    other = mapped.network.coordinator.make("boundaries", {"name": "Faith"})["id"]
    assert mapped.library(boundary=other)["sections_seen"] == []
    assert mapped.library()["sections_seen"] is None


def test_a_window_takes_its_first_instant_and_not_its_last(mapped: Map) -> None:
    weir = mapped.town.groups[0]
    for instant in ("2026-02-28T23:59:59Z", "2026-03-01T00:00:00Z", "2026-04-01T00:00:00Z"):
        mapped.introduce(made_at=instant)
        mapped.meet(weir, starts_at=instant)
    march = {"from": "2026-03-01T00:00:00Z", "to": "2026-04-01T00:00:00Z"}
    expected = ((march, 1), ({"from": march["from"]}, 2), ({"to": march["to"]}, 2), ({}, 3))
    for window, times in expected:
        said = mapped.library(**window)
        assert (said["introductions"], said["meetings"]) == (times, times)


def test_a_box_keeps_what_touches_it(mapped: Map) -> None:
    mapped.add_space("Green", geometry={"type": "Polygon", "coordinates": [SQUARE]})
    assert mapped.names(bbox="-4.15,52.15,-4.0,53") == {"Green"}
    assert mapped.names(bbox="-4.3,52.105,-4.205,52.2") == {"Library"}
    assert mapped.names(bbox="10,10,11,11") == set()


def test_a_box_may_span_the_antimeridian(mapped: Map) -> None:
    mapped.add_space("East", 179.9, -17)
    mapped.add_space("West", -179.9, -17)
    assert mapped.names(bbox="179,-18,-179,-16") == {"East", "West"}
    assert mapped.names(bbox="-179.95,-18,179.95,-16") == {"East", "West"}
    assert mapped.names(bbox="-179,-18,179,-16") == set()


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("bbox=here", "bbox"),
        ("bbox=1,2,3", "bbox"),
        ("bbox=1,2,3,4,5", "bbox"),
        ("bbox=0,10,1,9", "bbox"),
        ("bbox=-181,0,1,1", "bbox"),
        ("bbox=0,0,1,91", "bbox"),
        ("bbox=nan,0,1,1", "bbox"),
        ("bbox=0,0,inf,1", "bbox"),
        ("boundary=river", "boundary"),
        ("from=yesterday", "from"),
        ("from=2026-03-01T00:00:00Z&to=2026-03-01T00:00:00Z", "to"),
        ("colour=red", "colour"),
    ],
)
def test_a_parameter_that_does_not_fit_is_named(network: Network, query: str, field: str) -> None:
    answer = network.coordinator.get(f"{PATH}?{query}")
    assert (answer.status_code, answer.json["code"]) == (422, "validation_failed")
    assert list(answer.json["fields"]) == [field]


def test_a_boundary_of_another_network_is_not_found(town: Town, other_network: Network) -> None:
    answer = other_network.coordinator.get(f"{PATH}?boundary={town.boundary}")
    assert (answer.status_code, answer.json["code"]) == (404, "not_found")
    assert list(answer.json["fields"]) == ["boundary"]


def test_a_map_one_holds_is_not_sent_again_until_something_changes(mapped: Map) -> None:
    asking = mapped.network.coordinator
    etag = asking.get(PATH).headers["ETag"]
    held = asking.get(PATH, If_None_Match=etag)
    assert (held.status_code, held.data) == (304, b"")
    assert asking.get(f"{PATH}?bbox=0,0,1,1", If_None_Match=etag).status_code == 200
    mapped.add_space("Green")
    assert asking.get(PATH, If_None_Match=etag).status_code == 200


@pytest.mark.parametrize("role", ["connector", "coordinator", "admin"])
def test_people_of_the_network_may_look(network: Network, role: str) -> None:
    assert getattr(network, role).get(PATH).status_code == 200


def test_a_funder_may_not_look(network: Network) -> None:
    answer = network.funder.get(PATH)
    assert (answer.status_code, answer.json["code"]) == (403, "out_of_scope")


def test_a_stranger_sees_nothing(mapped: Map, other_network: Network) -> None:
    path = f"/api/v1/networks/{mapped.network.id}/{PATH}"
    assert other_network.admin.get(path).json["code"] == "unknown_network"
    assert other_network.admin.get(PATH).json["features"] == []


def test_contact_at_a_space_is_what_analysis_measures_of_its_meetings(mapped: Map) -> None:
    weir, mill, choir = mapped.town.groups
    north, south = mapped.town.sections
    both = [{"section_id": north, "share": 0.5}, {"section_id": south, "share": 0.5}]
    values = {"name": "Row", "type": "residents", "sections": both}
    row = mapped.network.coordinator.make("groups", values)["id"]
    rows = [(0, weir, 4), (0, mill, 3), (1, weir, 2), (1, row, 6), (1, choir, 5), (2, choir, 1)]
    for meeting in range(3):
        attendance = [{"group_id": g, "headcount": n} for m, g, n in rows if m == meeting]
        mapped.meet(attendance=attendance)
    groups, (meeting, came, heads) = [weir, mill, choir, row], zip(*rows, strict=True)
    shares = np.array([[1, 0], [0, 1], [0, 0], [0.5, 0.5]])
    numbers = np.array([groups.index(group) for group in came])
    seen = Attendance(3, np.array(meeting), numbers, np.array(heads), shares)
    said = mapped.library(boundary=mapped.town.boundary, layer="meetings")
    assert said["crossing_contact"] == pytest.approx(masses(seen)[0].sum(), abs=1e-6)
    assert said["diversity"] == pytest.approx(mean_diversity(seen), abs=1e-6)
    assert mapped.library()["crossing_contact"] is None


def test_of_introductions_and_flows_each_two_groups_that_cross_are_one_contact(mapped: Map) -> None:
    weir, mill, choir = mapped.town.groups
    _, south = mapped.town.sections
    third = {"name": "Row", "type": "residents", "sections": [{"section_id": south, "share": 1}]}
    row = mapped.network.coordinator.make("groups", third)["id"]
    parties = [{"group_id": group} for group in (weir, mill, row, choir)]
    mapped.introduce(parties=parties)  # north with south twice; of the choir nothing is known
    mapped.introduce(parties=[{"group_id": mill}, {"group_id": row}])
    flow = {"happened_at": "2026-03-10T18:00:00Z", "resource": "goods", "status": "delivered"}
    ends = {"from_group_id": weir, "to_group_id": mill}
    mapped.network.connector.make("flows", flow | ends | {"space_id": mapped.town.space})
    asked = {"boundary": mapped.town.boundary}
    said = mapped.library(**asked)
    assert (said["crossing_contact"], said["diversity"]) == (2.0, pytest.approx((2 / 3 + 0) / 2))
    said = mapped.library(**asked, layer="flows")
    assert (said["crossing_contact"], said["diversity"]) == (1.0, 1.0)
    assert mapped.library(**asked, layer="meetings")["crossing_contact"] == 0.0
