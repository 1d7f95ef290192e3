"""Spaces: contact across in each, who mixes there against chance, and what it yields."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from api.analysis.measures import contact
from api.analysis.measures.places import NO_MEETINGS, TOO_FEW_MEETINGS, judge_introductions
from api.analysis.spaces.example import EXAMPLE
from api.analysis.spaces.schema import SpacesSchema

if TYPE_CHECKING:
    from tests.fixtures.networks import Network

    from .conftest import Canal


def _ask(canal: Canal, **query: Any) -> Any:
    asked = {"boundary": canal.boundary} | query
    path = "&".join(f"{name}={value}" for name, value in asked.items())
    return canal.network.coordinator.get(f"analysis/spaces?{path}")


def _figures(canal: Canal, **query: Any) -> dict[str, Any]:
    answer = _ask(canal, **query)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json
    assert SpacesSchema().validate(found) == {}
    return found


@pytest.fixture
def town(bare_canal: Canal) -> Canal:
    """Three suppers in the hall, two walks in the garden, one evening nowhere in particular."""
    hall, garden = bare_canal.add_space("Hall"), bare_canal.add_space("Garden")
    for _ in range(3):
        bare_canal.meet({"a": 12, "f": 3}, space_id=hall)
    for _ in range(2):
        bare_canal.meet({"b": 2, "g": 2, "u": 4}, space_id=garden)
    bare_canal.meet({"a": 5, "b": 5})
    for letters in ("af", "ab", "ua"):
        bare_canal.introduce(letters, space_id=hall)
    bare_canal.introduce("bg")
    return bare_canal


def _plain(answer: dict[str, Any]) -> dict[str, Any]:
    """An answer but for ids."""
    names = [section["name"] for section in answer["boundary"]["sections"]]
    spaces = sorted(
        ({k: v for k, v in each.items() if k != "space_id"} for each in answer["spaces"]),
        key=lambda each: each["name"],
    )
    return answer | {"boundary": [answer["boundary"]["name"], *names], "spaces": spaces}


def test_the_worked_example_of_the_documentation_is_what_the_server_answers(town: Canal) -> None:
    found = _figures(town)
    assert _plain(found) == _plain(EXAMPLE)
    crossing = town.figures(layer="meetings")
    assert found["share"]["value"] == crossing["share"]
    assert found["share"]["p"] == crossing["p"]
    assert found["coverage"] == crossing["coverage"]


def test_a_space_has_its_part_of_the_contact_and_what_was_made_there(town: Canal) -> None:
    garden, hall = _plain(_figures(town))["spaces"]
    assert (hall["meetings"], hall["heads"]) == (3, 45)
    supper, walk = 36 / 14, 4 / 7
    assert hall["contact"]["crossing"] == pytest.approx(3 * supper, abs=1e-6)
    assert hall["contact"]["total"] == 22.5
    assert hall["contact"]["part"] == pytest.approx(3 * supper / (3 * supper + 2 * walk), abs=1e-6)
    assert hall["introductions"] == {
        "total": 3,
        "known": 2,
        "crossing": 1,
        "per_meeting": pytest.approx(1 / 3, abs=1e-6),
    }
    assert hall["diversity"]["value"] == pytest.approx(1 - 138 / 210, abs=1e-6)
    assert garden["diversity"]["value"] is None
    assert garden["reason"] == TOO_FEW_MEETINGS
    assert garden["diversity"]["iqv"] == 1
    assert garden["contact"]["known"] == pytest.approx(2 * 6 / 7, abs=1e-6)


def test_a_space_that_must_not_be_mapped_is_not_named_and_counts_in_the_whole(
    town: Canal,
) -> None:
    before = _figures(town)
    point = {"type": "Point", "coordinates": [0.1, 52.0]}
    values = {"name": "Refuge", "type": "community_centre", "geometry": point, "never_map": True}
    refuge = town.network.coordinator.make("spaces", values)["id"]
    town.meet({"c": 4, "h": 4}, space_id=refuge)
    answer = _ask(town)
    assert "Refuge" not in answer.text
    assert refuge not in answer.text
    assert answer.json["coverage"]["total"] == before["coverage"]["total"] + 4


def test_a_notebooks_meetings_and_introductions_are_not_counted(town: Canal) -> None:
    before = _figures(town)
    hall = next(each["space_id"] for each in before["spaces"] if each["name"] == "Hall")
    mine = town.network.connector.notebook
    town.meet({"a": 3, "f": 3}, space_id=hall, audience=mine)
    town.introduce("af", space_id=hall, audience=mine)
    town.introduce("af", space_id=hall, status="unwanted")
    assert _figures(town) == before


def test_nothing_logged_is_nothing_told(bare_canal: Canal) -> None:
    bare_canal.add_space("Hall")
    found = _figures(bare_canal)
    assert found["reason"] == contact.NO_MEETINGS
    assert found["share"]["value"] is None
    (hall,) = found["spaces"]
    assert (hall["reason"], hall["contact"]["part"]) == (NO_MEETINGS, None)
    assert hall["introductions"]["per_meeting"] is None
    lone = bare_canal.network.coordinator.make("boundaries", {"name": "Faith"})["id"]
    bare_canal.meet({"a": 2, "f": 1}, space_id=hall["space_id"])
    bare_canal.introduce("af", space_id=hall["space_id"])
    (hall,) = _figures(bare_canal, boundary=lone)["spaces"]
    assert (hall["meetings"], hall["introductions"]["known"]) == (1, 0)


def test_an_introduction_is_judged_by_all_its_parties() -> None:
    shares = np.array([[1.0, 0], [0, 1], [0.5, 0.5], [0, 0]])
    rows = [(0, 0), (0, 1), (1, 0), (1, 2), (2, 0), (2, 1), (2, 3), (3, 1), (4, 0), (4, 0)]
    known, crossing = judge_introductions(*np.array(rows).T, shares)
    assert (known.tolist(), crossing.tolist()) == ([0, 1, 3, 4], [0])


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"boundary": "river"}, "boundary"),
        ({"from": "2026-03-01T00:00:00Z", "to": "2026-02-01T00:00:00Z"}, "to"),
        ({"draws": 98}, "draws"),
        ({"draws": 10_000}, "draws"),
        ({"seed": "lucky"}, "seed"),
        ({"layer": "meetings"}, "layer"),
    ],
)
def test_a_parameter_that_does_not_fit_is_named(
    bare_canal: Canal, query: dict[str, Any], field: str
) -> None:
    answer = _ask(bare_canal, **query)
    assert (answer.status_code, answer.json["code"]) == (422, "validation_failed")
    assert list(answer.json["fields"]) == [field]


def test_a_funder_and_a_stranger_may_not_ask(canal: Canal, other_network: Network) -> None:
    path = f"analysis/spaces?boundary={canal.boundary}"
    assert canal.network.funder.get(path).json["code"] == "out_of_scope"
    assert other_network.admin.get(path).json["code"] == "not_found"
