"""What every analysis says of a network of which there is little to say: a figure, or why not."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from api.analysis.analyses import ANALYSES

from .conftest import NORTH, SOUTH, id_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from .conftest import Canal

    Do = Callable[[Canal], Any]

QUESTIONS = [
    (analysis, query)
    for analysis in ANALYSES
    for query in (
        [{"layer": "introductions"}, {"layer": "meetings"}, {"layer": "flows", "resource": "time"}]
        if analysis.name in ("crossing", "trend")
        else [{}, {"layer": "flows", "resource": "time"}]
        if analysis.name == "brokerage"
        else [{}, {"layer": "meetings"}, {"between": "groups"}]
        if analysis.name == "bridges"
        else [{}]
    )
]


def tie(canal: Canal, letters: str) -> None:
    """Two groups have something of every layer in common."""
    canal.introduce(letters)
    canal.meet(dict.fromkeys(letters, 2))
    canal.give(letters)


def to_itself(canal: Canal) -> None:
    """People of one group are introduced to each other, and meet."""
    canal.introduce_person("aa")
    canal.meet({"a": 5})


def all_unknown(canal: Canal) -> None:
    """Many ties, and nobody has said on which side they are."""
    for letter in NORTH + SOUTH:
        canal.change(letter, sections=[])
    for letter in SOUTH:
        tie(canal, f"a{letter}")


def one_group(canal: Canal) -> None:
    """All but one group have gone."""
    for letter in NORTH[1:] + SOUTH + "u":
        canal.change(letter, status="retired")


def one_side(canal: Canal) -> None:
    """Every tie is inside one section."""
    for one in NORTH:
        for other in NORTH:
            if one < other:
                tie(canal, one + other)


SITUATIONS: dict[str, Do] = {
    "nothing": lambda _: None,
    "one tie": lambda canal: tie(canal, "af"),
    "one group": one_group,
    "all unknown": all_unknown,
    "one group with itself": to_itself,
    "one side": one_side,
}


def refuse(constant: str) -> None:
    """JSON has no word for it."""
    raise AssertionError(constant)


def figures(answer: Any) -> list[Any]:
    """Every single value of an answer that is called p."""
    if isinstance(answer, dict):
        own = [answer["p"]] if "p" in answer else []
        return own + [each for value in answer.values() for each in figures(value)]
    return [each for value in answer for each in figures(value)] if isinstance(answer, list) else []


@pytest.mark.parametrize("situation", SITUATIONS)
def test_little_gives_a_figure_or_a_reason_and_never_what_json_cannot_say(
    bare_canal: Canal, situation: str
) -> None:
    SITUATIONS[situation](bare_canal)
    network = bare_canal.network
    for analysis, query in QUESTIONS:
        asked = {"boundary": bare_canal.boundary, "draws": "99"} | query
        if "draws" not in analysis.query().fields:
            del asked["draws"]
        if analysis.name == "continuity":
            asked["connector"] = str(network.connector.member_id)
        path = f"analysis/{analysis.name}?" + "&".join(f"{k}={v}" for k, v in asked.items())
        found = network.coordinator.get(path)
        assert found.status_code == 200, (path, found.text)
        answer = json.loads(found.text, parse_constant=refuse)
        assert analysis.answer().validate(answer) == {}, path
        assert all(p is None or 0 < p <= 1 for p in figures(answer)), path
        if answer.get("share", 0) is None:
            assert answer["reason"], path


@pytest.mark.parametrize("analysis", ANALYSES, ids=lambda analysis: analysis.name)
@pytest.mark.parametrize("boundary", [id_of("z"), "river", ""])
def test_a_boundary_that_is_not_here_is_named(
    bare_canal: Canal, analysis: Any, boundary: str
) -> None:
    member = bare_canal.network.connector.member_id
    more = f"&connector={member}" if analysis.name == "continuity" else ""
    path = f"analysis/{analysis.name}?boundary={boundary}{more}"
    refused = bare_canal.network.coordinator.get(path)
    assert refused.status_code == (404 if boundary == id_of("z") else 422)
    assert list(refused.json["fields"]) == ["boundary"]
