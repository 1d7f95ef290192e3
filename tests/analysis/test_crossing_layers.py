"""Crossing in the other layers: meetings by heads, flows by direction, and N3's other boundary."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from api.analysis.crossing.schema import CrossingSchema
from api.analysis.loading import introductions, meetings
from api.analysis.measures import contact, rewiring
from api.analysis.measures.connectedness import NOBODY_THERE, TOO_FEW_NODES
from api.analysis.measures.crossing import NO_TIES, TOO_FEW_SECTIONS, TOO_FEW_TIES

from .conftest import id_of

if TYPE_CHECKING:
    from .conftest import Canal

SUPPER, WALK = {"a": 12, "f": 3}, {"b": 2, "g": 2, "u": 4}
GIVEN = ("af", "fa", "fg", "ab", "ba", "bc", "gh", "hi", "ic", "de", "ej", "jk", "ug")


def _feed(canal: Canal, times: int = 3) -> None:
    for _ in range(times):
        canal.meet(SUPPER)
        canal.meet(WALK)


def test_the_supper_and_the_walk_of_the_documentation(bare_canal: Canal) -> None:
    _feed(bare_canal)
    found = bare_canal.figures(layer="meetings")
    assert CrossingSchema().validate(found) == {}
    assert found["share"] == pytest.approx(0.376, abs=5e-4)
    assert found["coverage"] == {"known": pytest.approx(25.071, abs=5e-4), "total": 34.5}
    assert found["bounds"] == pytest.approx({"low": 0.273, "high": 0.547}, abs=5e-4)
    assert found["meetings"]["diversity"]["value"] == pytest.approx(0.505, abs=5e-4)
    counts = {name: found["meetings"][name] for name in ("total", "met", "groups", "heads")}
    assert counts == {"total": 6, "met": 6, "groups": 5, "heads": 69}
    assert (found["null"], found["draws"], found["is_exact"]) == ("N4", 999, False)
    assert found["expected"] is not None
    assert [section["nodes"] for section in found["sections"]] == [42, 15]
    assert found["reasons"]["interval"] == contact.TOO_FEW_FOR_INTERVAL


def test_headcounts_are_multiplicities(bare_canal: Canal) -> None:
    for _ in range(5):
        bare_canal.meet({"a": 1, "b": 1})
        bare_canal.meet({"f": 1, "g": 1})
    assert bare_canal.figures(layer="meetings")["share"] == 0
    bare_canal.meet({"a": 12, "f": 3})
    found = bare_canal.figures(layer="meetings")
    assert found["share"] == pytest.approx(36 / 14 / (10 + 7.5), abs=1e-6)


def test_only_what_the_network_shares_of_meetings_is_counted(bare_canal: Canal) -> None:
    _feed(bare_canal)
    before = bare_canal.figures(layer="meetings")
    bare_canal.meet(SUPPER, audience=bare_canal.network.connector.notebook)
    removed = bare_canal.meet(SUPPER)
    answer = bare_canal.network.connector.delete(f"meetings/{removed['id']}", If_Match="*")
    assert answer.status_code == 204
    assert bare_canal.figures(layer="meetings") == before
    march = {"from": "2026-03-01T00:00:00Z"}
    assert bare_canal.figures(layer="meetings", **march)["reason"] == contact.NO_MEETINGS


def test_few_who_came_have_no_share(bare_canal: Canal) -> None:
    _feed(bare_canal, 2)
    found = bare_canal.figures(layer="meetings")
    assert (found["share"], found["reason"]) == (None, contact.TOO_FEW_CAME)
    assert found["mixing"][0][1] > 0


def test_meetings_too_many_to_deal_have_a_share_and_say_why_no_chance(
    bare_canal: Canal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(contact, "MOST_DEALT", 14_000)
    _feed(bare_canal)
    found = bare_canal.figures(layer="meetings")
    assert (found["expected"], found["draws"]) == (None, 0)
    assert found["reasons"]["expected"] == contact.TOO_MANY
    assert found["share"] > 0
    assert bare_canal.figures(layer="meetings", draws=99)["expected"] is not None


def _share_out(canal: Canal, **more: Any) -> None:
    for letters in GIVEN:
        canal.give(letters, **more)


def test_flows_count_each_direction_once_and_by_kind(bare_canal: Canal) -> None:
    _share_out(bare_canal)
    _share_out(bare_canal, quantity=4, unit="days")
    bare_canal.give("ak", resource="skill")
    bare_canal.give("ak", status="promised")
    found = bare_canal.figures(layer="flows", resource="time")
    assert CrossingSchema().validate(found) == {}
    assert found["flows"] == {"total": 26, "directions": 13, "groups": 12, "crossing": 4}
    assert found["coverage"] == {"known": 12, "total": 13}
    assert found["share"] == pytest.approx(4 / 12, abs=1e-6)
    assert found["bounds"] == pytest.approx({"low": 4 / 13, "high": 5 / 13}, abs=1e-6)
    assert found["mixing"] == [[4, 2], [2, 4]]
    assert (found["null"], found["draws"]) == ("N6", 999)
    assert 0 < found["p"] <= 1


def test_too_many_flows_to_rewire_say_so(
    bare_canal: Canal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rewiring, "MOST_STEPS", 1)
    _share_out(bare_canal)
    found = bare_canal.figures(layer="flows", resource="time")
    assert (found["expected"], found["reasons"]["expected"]) == (None, rewiring.TOO_MANY)
    assert found["share"] is not None


@pytest.mark.parametrize("query", [{"layer": "meetings"}, {"layer": "flows", "resource": "money"}])
def test_a_layer_that_knows_too_little_says_why(bare_canal: Canal, query: dict[str, Any]) -> None:
    assert bare_canal.figures(**query)["reason"] in (contact.NO_MEETINGS, NO_TIES)
    lone = bare_canal.network.coordinator.make("boundaries", {"name": "Faith"})["id"]
    bare_canal.network.coordinator.make("sections", {"boundary_id": lone, "name": "One"})
    assert bare_canal.figures(boundary=lone, **query)["reason"] == TOO_FEW_SECTIONS
    bare_canal.meet(SUPPER)
    bare_canal.give("af", resource="money", unit="pounds")
    found = bare_canal.figures(**query)
    assert found["reason"] in (contact.TOO_FEW_CAME, TOO_FEW_TIES)
    assert CrossingSchema().validate(found) == {}


def test_a_layer_of_unknown_sides_alone_has_no_share(bare_canal: Canal) -> None:
    for letter in "vwxyz":
        bare_canal.add_group(letter)
    for _ in range(4):
        bare_canal.meet(dict.fromkeys("vwxyz", 2))
    assert bare_canal.figures(layer="meetings")["coverage"] == {"known": 0, "total": 20}


@pytest.fixture
def streets(canal: Canal) -> str:
    """A boundary with West: abf, and East: the other known groups; d is on neither."""
    make = canal.network.coordinator.make
    streets: str = make("boundaries", {"name": "Streets"})["id"]
    for name, letters in (("West", "abfg"), ("East", "cehij")):
        section = make("sections", {"boundary_id": streets, "name": name})["id"]
        for letter in letters:
            canal.place(letter, section)
    return streets


def test_n3_deals_within_the_sections_of_the_other_boundary(canal: Canal, streets: str) -> None:
    found = canal.figures(null="N3", within=streets)
    assert CrossingSchema().validate(found) == {}
    assert found["within"] == {"id": streets, "name": "Streets"}
    ways = 6 * 10  # 4 over 2 among abfg, 5 over 2 among cehij; d and k keep their own
    assert (found["draws"], found["is_exact"], found["share"]) == (ways, True, 0.25)
    assert found["expected"] != canal.figures(null="N1")["expected"]


@pytest.fixture
def hall(bare_canal: Canal) -> str:
    """Ten groups a side; a, b, c and f met in the hall, d and g are at home there."""
    for letter in "ABCDEFGHI":
        section = bare_canal.north if letter < "F" else bare_canal.south
        bare_canal.add_group(letter, {"section_id": section})
    hall = bare_canal.add_space("Hall")
    bare_canal.meet(dict.fromkeys("abcfu", 7), space_id=hall)
    for letter in "dg":
        bare_canal.change(letter, home_space_id=hall)
    for letters in ("ab", "af", "bg", "cd", "ab"):
        bare_canal.introduce(letters, space_id=hall)
    bare_canal.introduce("ef")
    return hall


@pytest.mark.usefixtures("hall")
@pytest.mark.parametrize("layer", ["introductions", "meetings"])
def test_rows_read_in_one_go_and_sifted_are_those_looked_up_one_by_one(
    bare_canal: Canal, layer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    bare_canal.introduce_person("af")
    bare_canal.introduce("ak", made_at="2025-01-01T00:00:00Z")
    bare_canal.meet({"a": 2, "k": 3}, starts_at="2025-01-01T00:00:00Z")
    window = {"from": "2026-01-01T00:00:00Z", "layer": layer}
    before = bare_canal.figures(**window, seed=1)
    monkeypatch.setattr(introductions, "MANY", 0)
    monkeypatch.setattr(meetings, "MANY", 0)
    after = bare_canal.figures(**window, seed=2)
    assert after == before | {"seed": 2}


def test_a_group_introduced_to_its_own_person_is_no_tie_to_itself(bare_canal: Canal) -> None:
    person = bare_canal.introduce_person("af")
    parties = [{"group_id": id_of("a")}, {"group_id": id_of("a"), "person_id": person}]
    bare_canal.introduce("", parties=parties)
    found = bare_canal.figures()
    assert found["introductions"] == {"total": 2, "known": 2, "crossing": 1}
    assert found["ties"]["total"] == 2
    twice = {"made_at": "2026-02-10T10:00:00Z", "parties": [{"group_id": id_of("a")}] * 2}
    refused = bare_canal.network.connector.post("introductions", twice)
    assert (refused.status_code, list(refused.json["fields"])) == (422, ["parties.1"])


@pytest.mark.usefixtures("hall")
def test_connectedness_is_exposure_less_bias_by_hand(bare_canal: Canal) -> None:
    north, south = (each["connectedness"] for each in bare_canal.figures()["sections"])
    expected = {"value": (2 / 6) / 0.5, "exposure": (2 / 5) / 0.5, "bias": 1 / 6}
    assert {name: north[name] for name in expected} == pytest.approx(expected, abs=1e-5)
    assert (north["placed"], north["unplaced"], north["unplaced_share"]) == (6, 1, 1)
    expected = {"value": 1 / 0.5, "exposure": (4 / 5) / 0.5, "bias": -0.25}
    assert {name: south[name] for name in expected} == pytest.approx(expected, abs=1e-5)
    assert CrossingSchema().validate(bare_canal.figures()) == {}


def test_a_tie_whose_space_is_gone_is_told_apart(bare_canal: Canal, hall: str) -> None:
    gone = bare_canal.network.coordinator.delete(f"spaces/{hall}", If_Match="*")
    assert gone.status_code in (204, 409), gone.text
    if gone.status_code == 204:
        north = bare_canal.figures()["sections"][0]["connectedness"]
        assert (north["value"], north["placed"], north["unplaced"]) == (None, 0, 7)
        assert north["reason"] == NOBODY_THERE


def test_few_on_a_side_are_not_marked_for_how_they_connect(canal: Canal) -> None:
    for section in canal.figures()["sections"]:
        assert section["connectedness"]["value"] is None
        assert section["connectedness"]["reason"] == TOO_FEW_NODES


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"layer": "meetings", "null": "N2"}, "null"),
        ({"layer": "introductions", "null": "N4"}, "null"),
        ({"layer": "flows", "resource": "time", "null": "N2"}, "null"),
        ({"layer": "flows"}, "resource"),
        ({"layer": "flows", "resource": "love"}, "resource"),
        ({"resource": "time"}, "resource"),
        ({"null": "N3"}, "within"),
        ({"within": id_of("a")}, "within"),
        ({"null": "N3", "within": "river"}, "within"),
    ],
)
def test_a_parameter_that_does_not_suit_the_layer_is_named(
    bare_canal: Canal, query: dict[str, Any], field: str
) -> None:
    answer = bare_canal.ask(**query)
    assert (answer.status_code, answer.json["code"]) == (422, "validation_failed")
    assert list(answer.json["fields"]) == [field]


def test_the_other_boundary_must_be_here_and_another(bare_canal: Canal) -> None:
    missing = bare_canal.ask(null="N3", within=id_of("a"))
    assert (missing.status_code, list(missing.json["fields"])) == (404, ["within"])
    same = bare_canal.ask(null="N3", within=bare_canal.boundary)
    assert (same.status_code, list(same.json["fields"])) == (422, ["within"])
