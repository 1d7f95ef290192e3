"""The brokerage endpoint: what connectors realised, who stands between, and who is told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from api.accounts.commands import add_member
from api.analysis.brokerage import answer, standing
from api.analysis.brokerage.example import EXAMPLE
from api.analysis.brokerage.schema import BrokerageSchema
from api.analysis.measures import crossing

from .asking import WINDOW, ask, connectors, group
from .conftest import id_of

if TYPE_CHECKING:
    from .conftest import Canal


def test_the_worked_example_of_the_documentation_is_what_the_server_answers(
    shared: Canal,
) -> None:
    found = ask(shared).json
    told = {name: EXAMPLE[name] for name in EXAMPLE if name not in ("boundary", "connectors")}
    assert {name: found[name] for name in told} | {"groups": told["groups"]} == told
    named = {each["name"]: each for each in found["groups"]}
    assert [named[each["name"]] for each in EXAMPLE["groups"]] == EXAMPLE["groups"]
    mine, other = shared.network.connector.member_id, shared.network.colleague.member_id
    for who, example in zip((mine, other), EXAMPLE["connectors"], strict=True):
        assert connectors(ask(shared))[str(who)] == example | {"connector_id": str(who)}


def test_every_answer_fits_its_description(shared: Canal) -> None:
    one = shared.network.coordinator.make("boundaries", {"name": "Faith"})["id"]
    for asked in ({}, {"null": "N1"}, {"boundary": one}, {"layer": "flows", "resource": "time"}):
        assert BrokerageSchema().validate(ask(shared, **asked).json) == {}
    assert BrokerageSchema().validate(EXAMPLE) == {}


def test_introductions_are_those_crossing_counts(shared: Canal) -> None:
    shared.introduce_person("af")
    told, counted = ask(shared).json, shared.figures(**WINDOW)
    assert told["introductions"] == counted["introductions"]
    assert told["coverage"] == {name: counted["ties"][name] for name in ("known", "total")}


def test_a_connector_is_told_of_themselves_and_coordinators_of_all(shared: Canal) -> None:
    network = shared.network
    mine, other = str(network.connector.member_id), str(network.colleague.member_id)
    assert set(connectors(ask(shared, network.connector))) == {mine}
    assert set(connectors(ask(shared, network.colleague))) == {other}
    for who in (network.coordinator, network.admin):
        assert set(connectors(ask(shared, who))) == {mine, other}
    refused = ask(shared, network.funder)
    assert (refused.status_code, refused.json["code"]) == (403, "out_of_scope")


def test_few_connectors_do_not_learn_of_each_other_from_what_both_made(shared: Canal) -> None:
    told = ask(shared, shared.network.connector).json["concentration"]
    assert (told["hhi"], told["effective"], told["top_share"]) == (None, None, None)
    assert told["reason"] == answer.TOO_TELLING
    for more in range(4):
        with shared.network.database.transaction() as cx:
            email = f"{more}-{shared.network.id}@town.example"
            member_id = add_member(cx, shared.network.id, email, "connector")
        assert ask(shared, shared.network.connector).json["concentration"]["hhi"] is None
        shared.introduce("cf", shared.network.coordinator, connector_id=str(member_id))
    told = ask(shared, shared.network.connector).json["concentration"]
    assert (told["hhi"] is None, told["top_share"]) == (False, None)
    assert ask(shared).json["concentration"]["top_share"]


def test_nobody_is_ranked(shared: Canal) -> None:
    found = ask(shared).json
    for ids in (
        [each["connector_id"] for each in found["connectors"]],
        [each["group_id"] for each in found["groups"]],
    ):
        assert ids == sorted(ids)
        assert len(ids) > 1


def test_whoever_is_named_as_the_connector_made_it(shared: Canal) -> None:
    other = shared.network.colleague.member_id
    before = connectors(ask(shared))[str(other)]["introductions"]["total"]
    shared.introduce("cj", shared.network.coordinator, connector_id=str(other))
    assert connectors(ask(shared))[str(other)]["introductions"]["total"] == before + 1


def test_a_notebook_and_what_was_not_made_count_for_nobody(shared: Canal) -> None:
    mine, before = shared.network.connector, ask(shared).json
    shared.introduce("ek", audience=mine.notebook)
    shared.introduce("ek", status="offered")
    assert ask(shared).json == before


def test_a_person_is_between_others_and_never_named(shared: Canal) -> None:
    before = ask(shared).json
    person = shared.introduce_person("cf")
    shared.introduce("", parties=[{"group_id": id_of("c"), "person_id": person},
                                  {"group_id": id_of("j")}])  # fmt: skip
    found = ask(shared)
    assert found.json["together"]["between"] > before["together"]["between"]
    assert person not in found.text
    assert "Heron" not in found.text
    assert len(found.json["groups"]) == len(before["groups"])


def test_a_group_of_unknown_side_has_only_what_knows_no_boundary(shared: Canal) -> None:
    found = group(shared, "u")
    assert (found["across"], found["roles"], found["betweenness"]) == (None, None, None)
    assert found["effective_size"] == 1
    assert found["reason"] == answer.UNKNOWN_SIDE


def test_p_is_adjusted_for_all_groups_whether_or_not_they_are_told(shared: Canal) -> None:
    whole = {each["name"]: each for each in ask(shared).json["groups"]}
    assert group(shared, "d") == whole["d"]
    assert group(shared, "d")["across"]["p"] <= group(shared, "d")["across"]["p_adjusted"]


def test_of_flows_the_direction_makes_the_role(bare_canal: Canal) -> None:
    for letters in ("ab", "bf", "fg", "cd", "de", "hi", "ij", "jk", "ac", "fh", "ga"):
        bare_canal.give(letters)
    flows = {"layer": "flows", "resource": "time"}
    found = ask(bare_canal, **flows).json
    assert BrokerageSchema().validate(found) == {}
    assert (found["share"], found["connectors"], found["introductions"]) == (None, [], None)
    assert found["reason"] == answer.NO_CONNECTOR
    b = group(bare_canal, "b", **flows)["roles"]
    assert (b["representative"]["value"], b["gatekeeper"]["value"]) == (1, 0)
    f = group(bare_canal, "f", **flows)["roles"]
    assert (f["representative"]["value"], f["gatekeeper"]["value"]) == (0, 2)


def test_too_many_groups_are_asked_about_one_by_one(
    shared: Canal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(standing, "MOST_GROUPS", 5)
    found = ask(shared, seed=2).json
    assert (found["groups"], found["reasons"]["groups"]) == ([], standing.TOO_MANY)
    assert group(shared, "d", seed=2)["across"]["value"] == 1


def test_ways_that_are_too_many_are_not_gone_through(
    shared: Canal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(standing, "MOST_PATHS", 5)
    found = ask(shared, seed=4).json
    assert (found["together"], found["reasons"]["together"]) == (None, standing.TOO_DENSE)
    assert {each["constraint"] for each in found["groups"]} == {None}
    assert found["reasons"]["constraint"] == standing.TOO_DENSE
    assert BrokerageSchema().validate(found) == {}


def test_a_network_without_introductions_says_so(bare_canal: Canal) -> None:
    found = ask(bare_canal).json
    assert found["reason"] == answer.NOTHING_MADE
    assert (found["groups"], found["connectors"], found["together"]) == ([], [], None)
    assert found["concentration"]["reason"] == answer.NOTHING_CROSSES


def test_little_that_is_known_is_counted_and_nothing_more(bare_canal: Canal) -> None:
    bare_canal.introduce("af")
    bare_canal.introduce("au")
    bare_canal.introduce_person("aa")
    found = ask(bare_canal).json
    assert found["introductions"] == {"total": 3, "known": 2, "crossing": 1}
    assert (found["share"], found["reason"]) == (None, answer.TOO_FEW_KNOWN)
    assert found["reasons"]["together"] == crossing.TOO_FEW_TIES
    (mine,) = found["connectors"]
    assert (mine["value"], mine["reason"]) == (None, answer.TOO_FEW_KNOWN)


def test_a_boundary_with_one_section_says_why_there_is_nothing(shared: Canal) -> None:
    lone = shared.network.coordinator.make("boundaries", {"name": "Faith"})["id"]
    found = ask(shared, boundary=lone).json
    assert (found["share"], found["together"]) == (None, None)
    assert found["reasons"]["together"] == crossing.TOO_FEW_SECTIONS


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"layer": "meetings"}, "layer"),
        ({"layer": "flows"}, "resource"),
        ({"resource": "time"}, "resource"),
        ({"null": "N4"}, "null"),
        ({"draws": 98}, "draws"),
        ({"seed": "lucky"}, "seed"),
        ({"group": "a"}, "group"),
        ({"betweenness": "yes"}, "betweenness"),
        ({"to": "2025-01-01T00:00:00Z"}, "to"),
        ({"sort": "share"}, "sort"),
    ],
)
def test_a_parameter_that_does_not_fit_is_named(
    bare_canal: Canal, query: dict[str, Any], field: str
) -> None:
    refused = ask(bare_canal, **query)
    assert (refused.status_code, list(refused.json["fields"])) == (422, [field])


def test_a_group_that_was_removed_has_no_name_and_is_not_asked_about(shared: Canal) -> None:
    path = f"groups/{id_of('a')}"
    assert shared.network.coordinator.delete(path, If_Match="*").status_code == 204
    first = ask(shared).json["groups"][0]
    assert (first["group_id"], first["name"]) == (id_of("a"), "")
    assert ask(shared, group=id_of("a")).status_code == 404


def test_a_group_without_ties_is_told_why_it_is_not_there(bare_canal: Canal) -> None:
    bare_canal.introduce("ab")
    found = ask(bare_canal, group=id_of("c")).json
    assert (found["groups"], found["reasons"]["groups"]) == ([], standing.QUIET)


def test_p_of_a_connector_is_adjusted_for_all_before_one_is_told(shared: Canal) -> None:
    for letters in ("ab", "bc", "cd", "de", "ae", "fg", "gh", "hi"):
        shared.introduce(letters, shared.network.colleague)
    mine = str(shared.network.connector.member_id)
    whole = connectors(ask(shared))
    assert len([each for each in whole.values() if each["p"] is not None]) == 2
    assert connectors(ask(shared, shared.network.connector))[mine] == whole[mine]
    assert whole[mine]["p_adjusted"] >= whole[mine]["p"]


def test_an_unknown_group_is_not_found(bare_canal: Canal) -> None:
    refused = ask(bare_canal, group="0197b0c4-6a10-7cc3-8f00-3d1f5a2b9c11")
    assert (refused.status_code, list(refused.json["fields"])) == (404, ["group"])
