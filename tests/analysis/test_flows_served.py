"""The flows endpoint: what comes back, kind by kind, by the example of docs/measures.md."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from api.analysis.flows.example import EXAMPLE
from api.analysis.flows.schema import FlowsSchema

if TYPE_CHECKING:
    from tests.fixtures.networks import Member

    from .conftest import Canal


def ask(canal: Canal, who: Member | None = None, **query: Any) -> Any:
    asked = {"boundary": canal.boundary} | query
    path = "analysis/flows?" + "&".join(f"{k}={v}" for k, v in asked.items())
    return (who or canal.network.coordinator).get(path)


@pytest.fixture
def gave(bare_canal: Canal) -> Canal:
    """Hours between three groups."""
    for letters, hours in (("af", 10), ("fa", 4), ("fg", 6)):
        bare_canal.give(letters, quantity=hours)
    return bare_canal


def test_flows_come_back_as_the_documentation_works_out(gave: Canal) -> None:
    answer = ask(gave).json
    assert FlowsSchema().validate(answer) == FlowsSchema().validate(EXAMPLE) == {}
    (hours,) = answer["flows"]
    assert (hours["resource"], hours["unit"], hours["amount"]) == ("time", "hours", 20)
    found = hours["reciprocity"]
    assert found["r"]["value"] == pytest.approx(2 / 3, abs=1e-6)
    assert found["rho"] == pytest.approx((2 / 3 - 3 / 132) / (1 - 3 / 132), abs=1e-6)
    assert found["weighted_r"]["value"] == pytest.approx(0.4)
    assert found["weighted_rho"] is None
    assert "rho_w" in found["reasons"]
    balances = [(each["net"], each["reciprocity"]) for each in hours["groups"]]
    assert balances == [(6, 0.4), (0, 0.4), (-6, None)]
    assert hours["sections"]["matrix"] == [[0, 10], [4, 6]]
    assert hours["sections"]["net"] == [6, -6]
    assert (hours["sections"]["crossing"], hours["pairs_both_ways"]) == (14, 1)


def test_hours_are_never_added_to_pounds(gave: Canal) -> None:
    gave.give("af", quantity=5, unit="pounds", resource="money")
    gave.give("af", quantity=2, unit=" Days ")
    gave.give("af", quantity=None, unit=None)
    found = ask(gave).json["flows"]
    kinds = {(each["resource"], each["unit"]): each["amount"] for each in found}
    assert kinds == {
        ("money", "pounds"): 5,
        ("time", None): 1,
        ("time", "days"): 2,
        ("time", "hours"): 20,
    }
    only = ask(gave, resource="money").json["flows"]
    assert [each["resource"] for each in only] == ["money"]


def test_what_was_only_promised_has_not_flowed(gave: Canal) -> None:
    before = ask(gave).json
    gave.give("af", quantity=100, status="promised")
    gave.give("af", quantity=100, status="fell_through")
    mine = gave.network.connector
    gave.give("af", quantity=100, audience=mine.notebook)
    assert ask(gave).json == before


def test_a_flow_to_a_group_of_unknown_side_is_told_apart(gave: Canal) -> None:
    gave.give("au", quantity=3)
    (hours,) = ask(gave).json["flows"]
    found = hours["sections"]
    assert (found["crossing"], found["within"], found["unknown"]) == (14, 6, 3)


def test_a_group_that_is_gone_and_gave_nothing_takes_no_part_in_chance(gave: Canal) -> None:
    before = ask(gave).json
    gave.add_group("v", {"section_id": gave.north}, status="retired")
    assert ask(gave).json == before


def test_a_funder_is_told_nothing_and_an_empty_town_says_why(bare_canal: Canal) -> None:
    refused = ask(bare_canal, bare_canal.network.funder)
    assert (refused.status_code, refused.json["code"]) == (403, "out_of_scope")
    answer = ask(bare_canal).json
    assert (answer["flows"], answer["reason"]) == (
        [],
        "There are no flows of this kind in this window.",
    )


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"seed": "lucky"}, "seed"),
        ({"resource": "love"}, "resource"),
        ({"draws": 5}, "draws"),
        ({"from": "2026-03-01T00:00:00Z", "to": "2026-02-01T00:00:00Z"}, "to"),
    ],
)
def test_a_parameter_that_does_not_fit_is_named(
    bare_canal: Canal, query: dict[str, Any], field: str
) -> None:
    answer = ask(bare_canal, **query)
    assert (answer.status_code, list(answer.json["fields"])) == (422, [field])
