"""The bridges endpoint: what is between each two sides, and whether its absence means anything."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text

from api.analysis.bridges.schema import BridgesSchema
from api.analysis.bridges.work import OF_GROUPS, OF_MEETINGS
from api.analysis.measures.crossing import NO_TIES

from .conftest import id_of

if TYPE_CHECKING:
    from api.core.db import Database
    from tests.fixtures.networks import Member

    from .conftest import Canal

FEBRUARY = {"from": "2026-02-02T00:00:00Z", "to": "2026-03-02T00:00:00Z"}
WEEKS = ("2026-02-02", "2026-02-09", "2026-02-16", "2026-02-23")


def ask(canal: Canal, who: Member | None = None, **query: Any) -> Any:
    asked = {"boundary": canal.boundary} | FEBRUARY | query
    path = "analysis/bridges?" + "&".join(f"{k}={v}" for k, v in asked.items())
    return (who or canal.network.coordinator).get(path)


def between(canal: Canal, letters: str, **query: Any) -> dict[str, Any]:
    """What is between two groups."""
    pairs = ask(canal, between="groups", **query).json["pairs"]
    wanted = {id_of(letter) for letter in letters}
    found: dict[str, Any] = next(p for p in pairs if {s["id"] for s in p["sides"]} == wanted)
    return found


def tell_every_week(*members: Member) -> None:
    """Nothing happened, week by week: silence that means something."""
    for member in members:
        for week in WEEKS:
            member.make("quiet-weeks", {"week_on": week})


@pytest.fixture
def told(bare_canal: Canal, database: Database) -> Canal:
    """Two connectors who told of every week; one brought a, b and f together, the other g and h."""
    network = bare_canal.network
    with database.transaction(network.id) as cx:  # they joined long ago
        cx.execute(text("UPDATE member SET created_at = '2025-01-01'"))
    tell_every_week(network.connector, network.colleague)
    for letters in ("ab", "af", "af", "ab"):
        bare_canal.introduce(letters)
    for _ in range(2):
        bare_canal.introduce("gh", network.colleague)
    return bare_canal


def test_pairs_are_told_by_ties_holders_and_ways(told: Canal) -> None:
    answer = ask(told, between="groups").json
    assert BridgesSchema().validate(answer) == {}
    found = between(told, "af")
    assert (found["ties"], found["connectors"], found["spaces"]) == (2, 1, 0)
    assert (found["state"], found["independent"]) == ("live", 1)
    assert found["last_at"] == "2026-02-10T10:00:00+00:00"
    assert found["connector_id"] == str(told.network.connector.member_id)
    assert between(told, "bf")["independent"] == 1, "through a, whom the same connector holds"
    assert between(told, "ag")["independent"] == 0
    assert answer["states"]["live"] == 3
    assert answer["held_alone"] == 3


def test_a_gap_is_where_a_tie_would_have_been_seen(told: Canal) -> None:
    found = between(told, "ag")
    assert (found["state"], found["coverage"]) == ("gap", 1)
    assert between(told, "ak")["state"] == "too_few_to_say", "nobody saw k at all"


def test_without_one_connectors_logs_coverage_falls_and_no_gap_appears(told: Canal) -> None:
    before = {frozenset(s["id"] for s in p["sides"]): p
              for p in ask(told, between="groups").json["pairs"]}  # fmt: skip
    mine = told.network.colleague
    logs = [("introductions", "gh"), ("quiet-weeks", "")]
    for kind, _ in logs:
        for record in mine.get(f"{kind}?limit=100").json["items"]:
            if record["author_id"] == str(mine.member_id):
                assert mine.delete(f"{kind}/{record['id']}", If_Match="*").status_code == 204
    after = ask(told, between="groups").json
    assert after["coverage"] == 0.5
    for pair in after["pairs"]:
        was = before[frozenset(side["id"] for side in pair["sides"])]
        assert pair["state"] != "gap" or was["state"] == "gap"
        assert (pair["coverage"] or 0) <= (was["coverage"] or 0)
    assert between(told, "gh")["state"] == "too_few_to_say"
    assert between(told, "ag")["state"] == "too_few_to_say", "who is silent may know of more"


def test_half_of_a_connectors_weeks_must_be_told_of(told: Canal) -> None:
    mine = told.network.connector
    for record in mine.get("quiet-weeks?limit=100").json["items"][:2]:
        if record["author_id"] == str(mine.member_id):
            mine.delete(f"quiet-weeks/{record['id']}", If_Match="*")
    assert between(told, "ag")["coverage"] < 1


def test_one_who_tells_every_week_does_not_make_up_for_one_who_does_not(told: Canal) -> None:
    mine = told.network.connector
    for record in mine.get("quiet-weeks?limit=100").json["items"]:
        if record["author_id"] == str(mine.member_id):
            mine.delete(f"quiet-weeks/{record['id']}", If_Match="*")
    found = between(told, "ag")
    assert (found["coverage"], found["state"]) == (5 / 8, "too_few_to_say")


def test_a_tie_seen_once_is_single_and_one_of_long_ago_has_lapsed(told: Canal) -> None:
    told.introduce("ag")
    assert between(told, "ag")["state"] == "single"
    for _ in range(2):
        told.introduce("ci", made_at="2025-03-01T10:00:00Z")
    since = {"from": "2025-01-01T00:00:00Z"}
    assert between(told, "ci", **since)["state"] == "lapsed"
    assert between(told, "af", **since)["state"] == "live"


def test_sections_are_joined_by_what_joins_their_groups(told: Canal) -> None:
    (found,) = ask(told).json["pairs"]
    assert [side["name"] for side in found["sides"]] == ["North bank", "South bank"]
    assert (found["ties"], found["connectors"], found["independent"]) == (2, 1, 1)
    told.introduce("ag", told.network.colleague)
    assert ask(told).json["pairs"][0]["independent"] == 2


def test_spaces_count_as_bridges_when_they_are_asked_for(told: Canal) -> None:
    where = {"type": "Point", "coordinates": [-3.18, 51.48]}
    values = {"name": "Hall", "type": "library", "geometry": where}
    hall = told.network.coordinator.make("spaces", values)["id"]
    told.introduce("af", space_id=hall)
    assert between(told, "af")["independent"] == 1
    found = between(told, "af", spaces="true")
    assert (found["independent"], found["spaces"]) == (2, 1)


def test_meetings_are_a_layer_of_their_own(told: Canal) -> None:
    told.meet({"c": 2, "i": 3})
    assert between(told, "ci", layer="meetings")["ties"] == 1
    assert between(told, "ci")["ties"] == 0


def test_only_pairs_of_one_group_or_of_one_state(told: Canal) -> None:
    pairs = ask(told, between="groups", group=id_of("a")).json["pairs"]
    assert len(pairs) == 11
    assert all(id_of("a") in {side["id"] for side in pair["sides"]} for pair in pairs)
    live = ask(told, between="groups", state="live").json
    assert {pair["state"] for pair in live["pairs"]} == {"live"}
    assert live["states"]["gap"] > 0, "the others are counted all the same"


def test_who_holds_a_tie_alone_is_told_to_them_and_to_coordinators(told: Canal) -> None:
    network = told.network
    mine = {p["connector_id"] for p in ask(told, network.connector, between="groups").json["pairs"]}
    assert mine == {None, str(network.connector.member_id)}
    all_ = {p["connector_id"] for p in ask(told, between="groups").json["pairs"]}
    assert str(network.colleague.member_id) in all_
    assert ask(told, network.funder).json["code"] == "out_of_scope"


def test_a_notebook_joins_nobody(told: Canal) -> None:
    before = ask(told, between="groups").json
    mine = told.network.connector
    told.introduce("ag", audience=mine.notebook)
    after = ask(told, between="groups").json
    assert after["pairs"] == before["pairs"]


def test_ties_between_two_sides_of_one_boundary_are_held_against_what_crossing_has(
    canal: Canal,
) -> None:
    whole = {"from": "2026-01-01T00:00:00Z", "to": "2026-04-01T00:00:00Z"}
    answer, told = ask(canal, **whole).json, canal.figures(**whole)
    assert BridgesSchema().validate(answer) == {}
    assert (answer["draws"], answer["is_exact"], answer["reasons"]) == (24, True, {})
    found = answer["pairs"][0]["chance"]
    assert (found["value"], found["p"], found["p_adjusted"]) == (3, told["p"], told["p"])
    assert found["expected"] == pytest.approx(12 * told["expected"], abs=1e-4)
    assert found["z"] == pytest.approx(told["z"], abs=1e-5)
    for query, sentence in (
        ({"between": "groups"}, OF_GROUPS),
        ({"layer": "meetings"}, OF_MEETINGS),
        ({"from": "2026-03-01T00:00:00Z"}, NO_TIES),
    ):
        answer = ask(canal, **whole | query).json
        assert {pair["chance"] and 1 for pair in answer["pairs"]} == {None}
        assert (answer["draws"], answer["reasons"]) == (0, {"chance": sentence})


def test_a_boundary_with_one_section_says_why_there_is_nothing(told: Canal) -> None:
    lone = told.network.coordinator.make("boundaries", {"name": "Faith"})["id"]
    answer = ask(told, boundary=lone).json
    assert (answer["pairs"], answer["reason"]) == ([], "The boundary has fewer than two sections.")


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"between": "people"}, "between"),
        ({"layer": "flows"}, "layer"),
        ({"state": "thriving"}, "state"),
        ({"null": "N4"}, "null"),
        ({"draws": 98}, "draws"),
        ({"seed": "lucky"}, "seed"),
        ({"group": id_of("a")}, "group"),
        ({"from": "2026-03-01T00:00:00Z", "to": "2026-02-01T00:00:00Z"}, "to"),
    ],
)
def test_a_parameter_that_does_not_fit_is_named(
    bare_canal: Canal, query: dict[str, Any], field: str
) -> None:
    answer = ask(bare_canal, **query)
    assert (answer.status_code, list(answer.json["fields"])) == (422, [field])


def test_an_unknown_group_is_not_found(bare_canal: Canal) -> None:
    answer = ask(bare_canal, between="groups", group="0197b0c4-6a10-7cc3-8f00-3d1f5a2b9c11")
    assert (answer.status_code, list(answer.json["fields"])) == (404, ["group"])
