"""The forms we serve, filled in by the XForms engine of ODK Web Forms and sent as Collect does."""

from __future__ import annotations

import datetime as dt
import shutil
from typing import TYPE_CHECKING, Any

import pytest
from pyxform.validators.odk_validate import check_xform

from api.exchange.openrosa.collected import COLLECTED, monday_of
from api.exchange.openrosa.forms import form_of
from tests.fixtures.server import serving

from .conftest import PERSON, Collect

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.fixtures.networks import Member, Network, Town
    from tests.fixtures.node import Node, Talk

ANSWERS: dict[str, dict[str, Any]] = {
    "introductions": {
        "parties.0.group_id": "Weir Street",
        "parties.1.group_id": "Mill Lane",
        "parties.1.person_id": "Blue door",
        "space_id": "Library",
        "channel": "In person",
        "purpose": "A hall for the supper",
    },
    "meetings": {
        "title": "Open supper",
        "attendance_count": 2,
        "attendance.0.group_id": "Weir Street",
        "attendance.0.headcount": 12,
        "attendance.0.person_ids": ["Blue door"],
        "attendance.1.group_id": "Choir",
        "attendance.1.headcount": 3,
    },
    "flows": {
        "resource": "Goods",
        "quantity": 40.5,
        "unit": "kg",
        "from_group_id": "Weir Street",
        "to_group_id": "Mill Lane",
    },
    "quiet-weeks": {},
}


@pytest.fixture(scope="module")
def base_url(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real server process on this database."""
    folder: Path = tmp_path_factory.mktemp("collect")
    with serving(database_url, folder, WEFT_WORKERS="1") as env:
        yield f"http://127.0.0.1:{env['WEFT_PORT']}"


@pytest.fixture(scope="module")
def engine(node: Node) -> Iterator[Talk]:
    """The engine, ready for forms."""
    with node.talking("tests/openrosa/collect.mjs") as talk:
        yield talk


@pytest.fixture
def fill(engine: Talk, base_url: str, phone: Collect) -> Callable[..., dict[str, Any]]:
    """Fill in a form on the connector's phone."""

    def filled(form: str, answers: dict[str, Any], **more: Any) -> dict[str, Any]:
        server = f"{base_url}/key/{phone.key}"
        return engine.ask(server=server, form=form, answers=answers, **more)

    return filled


def items(member: Member, kind: str) -> list[dict[str, Any]]:
    return member.get(kind).json["items"]


@pytest.mark.parametrize("form", COLLECTED)
def test_a_form_filled_in_by_the_engine_is_logged_once(
    form: str, fill: Callable[..., dict[str, Any]], network: Network, town: Town
) -> None:
    person = network.connector.make("people", PERSON)["id"]
    done = fill(form, ANSWERS[form], times=2)
    assert done["wrong"] == []
    assert [message.partition(".")[0] for message in done["messages"]] == [
        "Logged",
        "This is here already; it counts once",
    ]
    (made,) = items(network.connector, form)
    assert made["author_id"] == str(network.connector.member_id)
    EXPECT[form](made, town, person)


def is_the_introduction(made: dict[str, Any], town: Town, person: str) -> None:
    assert [party["group_id"] for party in made["parties"]] == list(town.groups[:2])
    assert [party["person_id"] for party in made["parties"]] == [None, person]
    assert (made["channel"], made["known_before"]) == ("in_person", "unknown")
    assert (made["purpose"], made["space_id"]) == ("A hall for the supper", town.space)


def is_the_meeting(made: dict[str, Any], town: Town, person: str) -> None:
    assert made["attendance"] == [
        {"group_id": town.groups[0], "headcount": 12, "person_ids": [person]},
        {"group_id": town.groups[2], "headcount": 3, "person_ids": []},
    ]
    assert (made["title"], made["ends_at"]) == ("Open supper", None)


def is_the_flow(made: dict[str, Any], town: Town, person: str) -> None:
    assert (made["from_group_id"], made["to_group_id"]) == town.groups[:2]
    assert (made["resource"], made["quantity"], made["unit"]) == ("goods", 40.5, "kg")


def is_this_week(made: dict[str, Any], town: Town, person: str) -> None:
    today = dt.datetime.now(dt.UTC).astimezone().date()
    near = {monday_of((today - dt.timedelta(days=days)).isoformat()) for days in (0, 1)}
    assert made["week_on"] in near  # the day may have turned since


EXPECT = {
    "introductions": is_the_introduction,
    "meetings": is_the_meeting,
    "flows": is_the_flow,
    "quiet-weeks": is_this_week,
}


def test_an_edit_made_by_the_engine_changes_the_record(
    fill: Callable[..., dict[str, Any]], network: Network, town: Town
) -> None:
    first = fill("flows", ANSWERS["flows"])
    second = fill("flows", {"unit": "chairs"}, edits=first["xml"])
    third = fill("flows", {"quantity": 12, "status": "Promised"}, edits=second["xml"])
    assert third["messages"] == ["Logged. Thank you."]
    (made,) = items(network.connector, "flows")
    assert (made["quantity"], made["unit"], made["status"]) == (12, "chairs", "promised")


@pytest.mark.parametrize(
    ("form", "answers", "wrong"),
    [
        ("introductions", {"parties_count": 1}, "/data/page_1/parties_count"),
        ("introductions", {"purpose": "x" * 281}, "/data/page_2/purpose"),
        ("meetings", {"attendance.0.headcount": 0}, "/data/attendance[1]/headcount"),
        ("flows", {"quantity": -1}, "/data/page_1/quantity"),
        ("flows", {"resource": []}, "/data/page_1/resource"),
        ("quiet-weeks", {"week_on": None}, "/data/page_1/week_on"),
    ],
)
def test_what_the_schema_refuses_the_phone_refuses(
    fill: Callable[..., dict[str, Any]],
    town: Town,
    network: Network,
    form: str,
    answers: dict[str, Any],
    wrong: str,
) -> None:
    network.connector.make("people", PERSON)
    assert fill(form, ANSWERS[form] | answers)["wrong"] == [wrong]


TOLD = {
    "Cymraeg (cy)": {
        "resource": "Nwyddau",
        "status": "Addawyd",
        "read": ["Adnodd", "Oddi wrth", "Pwy a roddodd."],
        "why": "Rhif o 0 i 1000000000000.",
    },
    "العربية (ar)": {
        "resource": "سلع",
        "status": "وُعد به",
        "read": ["المورد", "من", "من أعطى."],
        "why": "رقم من 0 إلى 1000000000000.",
    },
}


@pytest.mark.parametrize("language", TOLD)
def test_a_form_filled_in_in_another_language_is_the_same_record(
    fill: Callable[..., dict[str, Any]], network: Network, town: Town, language: str
) -> None:
    told = TOLD[language]
    said = {name: told[name] for name in ("resource", "status")}
    done = fill("flows", ANSWERS["flows"] | said, language=language)
    assert done["languages"] == ["English (en)", *sorted(TOLD, reverse=True)]
    assert [each for each in done["read"] if each in told["read"]] == told["read"]
    (made,) = items(network.connector, "flows")
    EXPECT["flows"](made, town, "")
    assert made["status"] == "promised"


@pytest.mark.parametrize("language", TOLD)
def test_the_phone_says_what_is_wrong_in_the_language_chosen(
    fill: Callable[..., dict[str, Any]], town: Town, language: str
) -> None:
    wrong = {"resource": [], "quantity": -1}
    done = fill("flows", ANSWERS["flows"] | wrong, language=language)
    assert TOLD[language]["why"] in done["why"]


@pytest.mark.parametrize("form", COLLECTED)
def test_collects_own_engine_takes_the_form_where_java_is(form: str, tmp_path: Path) -> None:
    if not shutil.which("java"):
        pytest.skip("ODK Validate needs java")
    file = tmp_path / "form.xml"
    file.write_bytes(form_of(form).xml)
    assert check_xform(file) == []
