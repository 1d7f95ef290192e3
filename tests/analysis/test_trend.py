"""Trend: windows of equal length, a change called on delta, a trend from four windows on."""

from __future__ import annotations

import datetime as dt
from itertools import combinations, pairwise
from typing import TYPE_CHECKING, Any

import pytest

from api.analysis.measures import change, contact
from api.analysis.measures.crossing import NO_TIES, TOO_FEW_SECTIONS
from api.analysis.trend.example import EXAMPLE
from api.analysis.trend.schema import TrendSchema

from .conftest import NORTH, SOUTH, Canal

if TYPE_CHECKING:
    from tests.fixtures.networks import Network

END = dt.datetime(2026, 4, 1, tzinfo=dt.UTC)
MONTH = dt.timedelta(weeks=4)
WINDOWS = {"every": "month", "windows": 4, "to": "2026-04-01T00:00:00Z"}
INSIDE = [*combinations(NORTH, 2), *combinations(SOUTH, 2)]
ACROSS = [(a, b) for a in NORTH for b in SOUTH]


def _ask(canal: Canal, **query: Any) -> Any:
    asked = {"boundary": canal.boundary} | WINDOWS | query
    path = "&".join(f"{name}={value}" for name, value in asked.items())
    return canal.network.coordinator.get(f"analysis/trend?{path}")


def _figures(canal: Canal, **query: Any) -> dict[str, Any]:
    answer = _ask(canal, **query)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json
    assert TrendSchema().validate(found) == {}
    return found


def _fill(canal: Canal, *counts: tuple[int, int]) -> None:
    """Per window so many pairs inside and across, every seventh of all there are, in turn."""
    for back, (inside, across) in enumerate(reversed(counts)):
        at = (END - MONTH * back - dt.timedelta(days=3)).isoformat()
        pairs = [INSIDE[i * 7 % len(INSIDE)] for i in range(inside)]
        pairs += [ACROSS[i * 7 % len(ACROSS)] for i in range(across)]
        for pair in pairs:
            canal.introduce("".join(pair), made_at=at)


@pytest.fixture
def opening(bare_canal: Canal) -> Canal:
    """Four months in which more and more crosses."""
    _fill(bare_canal, (22, 4), (19, 7), (16, 11), (12, 15))
    return bare_canal


def _without_ids(answer: dict[str, Any]) -> dict[str, Any]:
    names = [section["name"] for section in answer["boundary"]["sections"]]
    return answer | {"boundary": [answer["boundary"]["name"], *names]}


def test_the_worked_example_of_the_documentation_is_what_the_server_answers(
    opening: Canal,
) -> None:
    found = _figures(opening)
    assert _without_ids(found) == _without_ids(EXAMPLE)
    assert found["trend"]["direction"] == "opening"


def test_a_window_has_the_figures_crossing_has_of_it(opening: Canal) -> None:
    for window in _figures(opening)["windows"]:
        begins, ends = (window["window"][name].replace("+00:00", "Z") for name in ("from", "to"))
        crossing = opening.figures(**{"from": begins, "to": ends})
        alike = set(window) - {"window", "change"}
        assert {name: window[name] for name in alike} == {name: crossing[name] for name in alike}


def test_windows_are_equally_long_and_meet(bare_canal: Canal) -> None:
    for every, weeks in (("month", 4), ("quarter", 13), ("half", 26), ("year", 52)):
        found = _figures(bare_canal, every=every, windows=3)["windows"]
        edges = [dt.datetime.fromisoformat(each["window"]["from"]) for each in found] + [END]
        assert {b - a for a, b in pairwise(edges)} == {dt.timedelta(weeks=weeks)}


def test_an_introduction_is_in_one_window_alone(bare_canal: Canal) -> None:
    edge = END - MONTH
    for at in (edge - dt.timedelta(seconds=1), edge, END - dt.timedelta(seconds=1), END):
        bare_canal.introduce("af", made_at=at.isoformat())
    found = [window["coverage"]["total"] for window in _figures(bare_canal)["windows"]]
    assert found == [0, 0, 1, 1]


def test_a_change_is_split_into_what_chance_would_give_and_the_rest(opening: Canal) -> None:
    windows = _figures(opening)["windows"]
    assert windows[0]["change"] is None
    for before, after in pairwise(windows):
        told = after["change"]
        assert told["difference"] == pytest.approx(after["delta"] - before["delta"], abs=2e-6)
        assert told["share"] == pytest.approx(after["share"] - before["share"], abs=2e-6)
        assert told["expected"] + told["excess"] == pytest.approx(told["share"], abs=3e-6)
        assert told["p_adjusted"] >= told["p"]


def test_three_windows_are_no_trend(opening: Canal) -> None:
    found = _figures(opening, windows=3)["trend"]
    assert (found["windows"], found["slope"], found["direction"]) == (3, None, None)
    assert found["reason"] == change.TOO_FEW_WINDOWS


def test_windows_with_little_in_them_tell_no_change(bare_canal: Canal) -> None:
    _fill(bare_canal, (15, 12), (9, 9), (15, 12), (16, 12))
    told = [window["change"] for window in _figures(bare_canal)["windows"][1:]]
    assert [each["reason"] for each in told] == [change.TOO_FEW_TIES] * 2 + [None]
    assert told[0]["direction"] is None


def test_meetings_and_flows_have_a_trend_as_well(bare_canal: Canal) -> None:
    for back in range(4):
        at = (END - MONTH * back - dt.timedelta(days=3)).isoformat()
        for _ in range(4):
            bare_canal.meet({"a": 3, "b": 2, "f": 1 + back, "g": 1}, starts_at=at)
            bare_canal.meet({"c": 3, "h": 2, "i": 4 - back}, starts_at=at)
        for pair in [*INSIDE[back:22], *ACROSS[: 4 + back]]:
            bare_canal.give("".join(pair), happened_at=at)
    met = _figures(bare_canal, layer="meetings", draws=99)
    assert (met["null"], met["trend"]["windows"]) == ("N4", 4)
    assert met["trend"]["p"] > 0
    given = _figures(bare_canal, layer="flows", resource="time", draws=99)
    assert (given["null"], given["trend"]["windows"]) == ("N6", 4)
    assert given["windows"][3]["change"]["p"] > 0


@pytest.mark.parametrize(
    "query", [{}, {"layer": "meetings"}, {"layer": "flows", "resource": "space"}]
)
def test_nothing_logged_is_nothing_told(bare_canal: Canal, query: dict[str, Any]) -> None:
    found = _figures(bare_canal, **query)
    assert {each["reason"] for each in found["windows"]} <= {NO_TIES, contact.NO_MEETINGS}
    assert found["trend"]["windows"] == 0
    lone = bare_canal.network.coordinator.make("boundaries", {"name": "Faith"})["id"]
    bare_canal.introduce("af", made_at="2026-03-20T00:00:00Z")
    found = _figures(bare_canal, boundary=lone, **query)
    assert {each["reason"] for each in found["windows"]} == {TOO_FEW_SECTIONS}


def test_left_out_the_last_window_ends_where_today_begins(bare_canal: Canal) -> None:
    path = f"analysis/trend?boundary={bare_canal.boundary}"
    found = bare_canal.network.connector.get(path).json
    ends = dt.datetime.fromisoformat(found["window"]["to"])
    assert (ends.hour, ends.minute, ends.second, ends.microsecond) == (0, 0, 0, 0)
    assert dt.timedelta(0) <= dt.datetime.now(dt.UTC) - ends < dt.timedelta(days=1, minutes=5)
    assert (found["every"], len(found["windows"])) == ("quarter", 8)


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"boundary": "river"}, "boundary"),
        ({"every": "fortnight"}, "every"),
        ({"windows": 1}, "windows"),
        ({"windows": 41}, "windows"),
        ({"windows": "many"}, "windows"),
        ({"to": "yesterday"}, "to"),
        ({"from": "2026-01-01T00:00:00Z"}, "from"),
        ({"null": "N3"}, "null"),
        ({"null": "N6"}, "null"),
        ({"layer": "flows"}, "resource"),
        ({"draws": 98}, "draws"),
        ({"seed": "lucky"}, "seed"),
    ],
)
def test_a_parameter_that_does_not_fit_is_named(
    bare_canal: Canal, query: dict[str, Any], field: str
) -> None:
    answer = _ask(bare_canal, **query)
    assert (answer.status_code, answer.json["code"]) == (422, "validation_failed")
    assert list(answer.json["fields"]) == [field]


def test_a_funder_and_a_stranger_may_not_ask(canal: Canal, other_network: Network) -> None:
    path = f"analysis/trend?boundary={canal.boundary}"
    assert canal.network.funder.get(path).json["code"] == "out_of_scope"
    assert other_network.admin.get(path).json["code"] == "not_found"
