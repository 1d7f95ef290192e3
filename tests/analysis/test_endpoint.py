"""The crossing endpoint: what a coordinator is told, what is left out, and who may not ask."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from api.analysis import answering
from api.analysis.crossing.example import EXAMPLE
from api.analysis.crossing.schema import CrossingSchema
from api.analysis.measures import crossing
from api.core.kept import Kept

if TYPE_CHECKING:
    from tests.fixtures.networks import Network

    from .conftest import Canal

NAMES = ("window", "boundary", "sections")


def _without_ids(answer: dict[str, Any]) -> dict[str, Any]:
    """An answer but for what differs from network to network."""
    named = {
        "boundary": [
            answer["boundary"]["name"],
            *(s["name"] for s in answer["boundary"]["sections"]),
        ],
        "sections": [{k: v for k, v in s.items() if k != "section_id"} for s in answer["sections"]],
    }
    return answer | named


def test_the_worked_example_of_the_documentation_is_what_the_server_answers(canal: Canal) -> None:
    window = {"from": "2026-01-01T00:00:00Z", "to": "2026-04-01T00:00:00Z"}
    assert _without_ids(canal.figures(**window)) == _without_ids(EXAMPLE)


def test_sections_are_named_in_the_order_of_the_matrix(canal: Canal) -> None:
    found = canal.figures()
    ids = [canal.north, canal.south]
    assert [section["id"] for section in found["boundary"]["sections"]] == ids
    assert [section["section_id"] for section in found["sections"]] == ids
    assert [sum(row) for row in found["mixing"]] == [s["tie_ends"] for s in found["sections"]]


def test_every_answer_fits_its_description(canal: Canal, bare_canal: Canal) -> None:
    for answer in (canal.figures(), canal.figures(null="N0"), bare_canal.figures(), EXAMPLE):
        assert CrossingSchema().validate(answer) == {}


def test_only_introductions_that_were_made_count(canal: Canal) -> None:
    before = canal.figures()
    for status in ("offered", "declined", "unwanted"):
        canal.introduce("ak", status=status)
    assert canal.figures() == before
    canal.introduce("ak", status="made")
    assert canal.figures()["ties"]["crossing"] == before["ties"]["crossing"] + 1


def test_a_notebook_is_not_counted_not_even_for_its_owner(canal: Canal) -> None:
    mine, before = canal.network.connector, canal.figures()
    canal.introduce("ak", audience=mine.notebook)
    assert canal.ask(mine).json == canal.figures() == before


def test_a_removed_introduction_no_longer_counts(canal: Canal) -> None:
    before = canal.figures()
    made = canal.introduce("ak")
    assert canal.figures() != before
    removed = canal.network.connector.delete(f"introductions/{made['id']}", If_Match="*")
    assert removed.status_code == 204
    assert canal.figures() == before


def test_a_window_takes_its_first_instant_and_not_its_last(bare_canal: Canal) -> None:
    for made_at in ("2026-02-28T23:59:59Z", "2026-03-01T00:00:00Z", "2026-04-01T00:00:00Z"):
        bare_canal.introduce("af", made_at=made_at)
    march = {"from": "2026-03-01T00:00:00Z", "to": "2026-04-01T00:00:00Z"}
    assert bare_canal.figures(**march)["introductions"]["total"] == 1
    assert bare_canal.figures(**{"from": march["from"]})["introductions"]["total"] == 2
    assert bare_canal.figures(to=march["to"])["introductions"]["total"] == 2
    assert bare_canal.figures()["introductions"]["total"] == 3


def test_a_person_is_a_node_of_their_own_and_never_named(bare_canal: Canal) -> None:
    person = bare_canal.introduce_person("af")
    bare_canal.introduce("af")
    answer = bare_canal.ask()
    assert answer.json["nodes"] == {"groups": 12, "persons": 1, "known": 12}
    assert answer.json["ties"]["crossing"] == 2
    assert "Heron" not in answer.text
    assert person not in answer.text


def test_a_person_taken_out_of_the_notebook_is_only_their_group_again(bare_canal: Canal) -> None:
    person = bare_canal.introduce_person("af")
    bare_canal.introduce("af")
    removed = bare_canal.network.connector.delete(f"people/{person}", If_Match="*")
    assert removed.status_code == 204
    found = bare_canal.figures()
    assert (found["nodes"]["persons"], found["ties"]["total"]) == (0, 1)


def test_a_group_that_has_ended_or_is_only_proposed_does_not_stand_by(canal: Canal) -> None:
    before = canal.figures()["nodes"]
    north = {"section_id": canal.north}
    canal.add_group("v", north, status="retired")
    canal.add_group("w", north, status="proposed")
    canal.add_group("x", north, active_to="2025-12-31")
    canal.add_group("y", north, active_from="2026-04-01")
    window = {"from": "2026-01-01T00:00:00Z", "to": "2026-04-01T00:00:00Z"}
    assert canal.figures(**window)["nodes"] == before
    canal.add_group("z", north, active_from="2026-03-31", active_to="2026-03-31")
    assert canal.figures(**window)["nodes"]["known"] == before["known"] + 1


def test_a_group_on_both_sides_crosses_in_part(bare_canal: Canal) -> None:
    shares = [{"section_id": s, "share": 0.5} for s in (bare_canal.north, bare_canal.south)]
    bare_canal.add_group("v", *shares)
    bare_canal.introduce("va")
    found = bare_canal.figures()
    assert found["ties"] == {"total": 1, "known": 1, "crossing": 0.5, "sharing_no_section": 0}
    assert found["introductions"] == {"total": 1, "known": 1, "crossing": 0}


def test_another_boundary_has_other_sides(canal: Canal) -> None:
    other = canal.network.coordinator.make("boundaries", {"name": "Faith"})["id"]
    make = canal.network.coordinator.make
    for name in ("One", "Other"):
        make("sections", {"boundary_id": other, "name": name})
    found = canal.figures(boundary=other)
    assert found["coverage"] == {"known": 0, "total": 14}
    assert found["reason"] == crossing.TOO_FEW_TIES
    assert found["share"] is None


def test_a_boundary_with_one_section_has_no_figure_and_says_why(canal: Canal) -> None:
    make = canal.network.coordinator.make
    lone = make("boundaries", {"name": "Faith"})["id"]
    for _ in range(2):
        found = canal.figures(boundary=lone)
        assert (found["share"], found["reason"]) == (None, crossing.TOO_FEW_SECTIONS)
        make("sections", {"boundary_id": lone, "name": "One"})


def test_a_network_without_ties_says_so(bare_canal: Canal) -> None:
    found = bare_canal.figures()
    assert found["reason"] == found["reasons"]["share"] == crossing.NO_TIES
    assert found["ties"]["total"] == found["draws"] == 0


@pytest.mark.parametrize(
    ("null", "draws", "expected", "p"),
    [("N0", 0, 0.5455, 0.021), ("N1", 462, 0.5455, 0.048), ("N2", 24, 0.5417, 0.083)],
)
def test_the_nulls_of_the_worked_example_give_what_the_documentation_says(
    canal: Canal, null: str, draws: int, expected: float, p: float
) -> None:
    found = canal.figures(null=null)
    assert (found["null"], found["draws"], found["share"]) == (null, draws, 0.25)
    assert found["expected"] == pytest.approx(expected, abs=1e-4)
    assert found["p"] == pytest.approx(p, abs=1e-3)


@pytest.mark.parametrize("role", ["connector", "coordinator", "admin"])
def test_people_of_the_network_may_ask(canal: Canal, role: str) -> None:
    assert canal.ask(getattr(canal.network, role)).status_code == 200


def test_a_funder_may_not_ask(canal: Canal) -> None:
    answer = canal.ask(canal.network.funder)
    assert (answer.status_code, answer.json["code"]) == (403, "out_of_scope")


def test_a_stranger_may_not_ask(canal: Canal, other_network: Network) -> None:
    stranger = other_network.admin
    path = f"/api/v1/networks/{canal.network.id}/analysis/crossing?boundary={canal.boundary}"
    assert stranger.get(path).json["code"] == "unknown_network"
    answer = stranger.get(f"analysis/crossing?boundary={canal.boundary}")
    assert (answer.status_code, answer.json["code"]) == (404, "not_found")
    assert "boundary" in answer.json["fields"]


def test_a_removed_boundary_is_not_found(network: Network) -> None:
    boundary = network.coordinator.make("boundaries", {"name": "Faith"})["id"]
    path = f"analysis/crossing?boundary={boundary}"
    assert network.coordinator.get(path).status_code == 200
    removed = network.coordinator.delete(f"boundaries/{boundary}", If_Match="*")
    assert removed.status_code == 204
    assert network.coordinator.get(path).json["code"] == "not_found"


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"boundary": "river"}, "boundary"),
        ({"layer": "friendships"}, "layer"),
        ({"null": "N9"}, "null"),
        ({"draws": 98}, "draws"),
        ({"draws": 10_000}, "draws"),
        ({"draws": "many"}, "draws"),
        ({"seed": "lucky"}, "seed"),
        ({"seed": -1}, "seed"),
        ({"seed": 2**32}, "seed"),
        ({"from": "yesterday"}, "from"),
        ({"from": "2026-03-01T00:00:00"}, "from"),
        ({"from": "2026-03-01T00:00:00Z", "to": "2026-02-01T00:00:00Z"}, "to"),
        ({"from": "2026-03-01T00:00:00Z", "to": "2026-03-01T00:00:00Z"}, "to"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_a_parameter_that_does_not_fit_is_named(
    bare_canal: Canal, query: dict[str, Any], field: str
) -> None:
    answer = bare_canal.ask(**query)
    assert (answer.status_code, answer.json["code"]) == (422, "validation_failed")
    assert list(answer.json["fields"]) == [field]


def test_a_question_without_a_boundary_is_told_so(network: Network) -> None:
    answer = network.coordinator.get("analysis/crossing")
    assert answer.status_code == 422
    assert list(answer.json["fields"]) == ["boundary"]


def test_an_answer_one_holds_is_not_sent_again_until_something_changes(canal: Canal) -> None:
    asking = canal.network.coordinator
    path = f"analysis/crossing?boundary={canal.boundary}"
    etag = asking.get(path).headers["ETag"]
    assert etag.startswith('W/"')
    held = asking.get(path, If_None_Match=etag)
    assert (held.status_code, held.headers["ETag"], held.data) == (304, etag, b"")
    assert asking.get(f"{path}&seed=2", If_None_Match=etag).status_code == 200
    canal.introduce("ak")
    assert asking.get(path, If_None_Match=etag).status_code == 200


def test_what_was_worked_out_is_not_worked_out_again(
    canal: Canal, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = canal.ask()
    times: list[Any] = []
    work_out = answering.work_out
    monkeypatch.setattr(
        answering, "work_out", lambda *given: times.append(given) or work_out(*given)
    )
    assert canal.ask(canal.network.connector).data == first.data
    assert times == []
    canal.ask(seed=2)
    canal.introduce("ak")
    canal.ask()
    assert len(times) == 2


def test_what_is_kept_is_bounded_and_the_least_asked_for_goes_first() -> None:
    kept = Kept(most=2)
    kept.keep("a", b"1")
    kept.keep("b", b"2")
    assert kept.find("a") == b"1"
    kept.keep("c", b"3")
    assert (kept.find("a"), kept.find("b"), kept.find("c")) == (b"1", None, b"3")
