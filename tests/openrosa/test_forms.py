"""The forms come from the kinds themselves, and what they choose from is the member's own."""

from __future__ import annotations

import csv
import hashlib
import io
import re
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from lxml import etree

from api.core import fields
from api.core.record import KINDS
from api.exchange.openrosa import questions
from api.exchange.openrosa.collected import COLLECTED
from api.exchange.openrosa.forms import form_of
from api.exchange.openrosa.languages import NAMES, OWN
from api.exchange.openrosa.questions import count_of, sheet_of
from api.records.flows.schema import FlowSchema
from api.words import LANGUAGES, words

from .conftest import PERSON

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.fixtures.networks import Member, Network, Town

    from .conftest import Collect

LIST = "{http://openrosa.org/xforms/xformsList}"
MANIFEST = "{http://openrosa.org/xforms/xformsManifest}"
XFORM = {"x": "http://www.w3.org/2002/xforms", "h": "http://www.w3.org/1999/xhtml"}
JR_COUNT = "{http://openrosa.org/javarosa}count"


def told(element: etree._Element) -> dict[str, str]:
    return {etree.QName(child).localname: child.text for child in element}


def listed(phone: Collect) -> dict[str, dict[str, str]]:
    answer = phone.get("formList?deviceID=x")
    assert answer.status_code == 200
    entries = etree.fromstring(answer.data).findall(f"{LIST}xform")
    return {entry["formID"]: entry for entry in map(told, entries)}


def files(phone: Collect, form: str) -> dict[str, dict[str, str]]:
    """The files that a form's manifest names."""
    answer = phone.get(listed(phone)[form]["manifestUrl"].partition(f"{phone.key}/")[2])
    entries = etree.fromstring(answer.data).findall(f"{MANIFEST}mediaFile")
    return {entry["filename"]: entry for entry in map(told, entries)}


def rows(phone: Collect, file: str) -> dict[str, str]:
    answer = phone.get(f"media/{file}")
    assert answer.content_type == "text/csv; charset=utf-8"
    return {row["name"]: row["label"] for row in csv.DictReader(io.StringIO(answer.text))}


def md5(content: bytes) -> str:
    return f"md5:{hashlib.md5(content).hexdigest()}"


# --- the list ------------------------------------------------------------------------------------


def test_the_list_is_what_collect_expects(phone: Collect) -> None:
    answer = phone.get("formList?deviceID=x")
    assert answer.headers["X-OpenRosa-Version"] == "1.0"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.content_type.startswith("text/xml")
    assert etree.fromstring(answer.data).tag == f"{LIST}xforms"
    assert list(listed(phone)) == ["introductions", "meetings", "flows", "quiet-weeks"]
    assert listed(phone)["quiet-weeks"]["name"].startswith("Nothing this week ·")


@pytest.mark.parametrize("form", COLLECTED)
def test_a_downloaded_form_is_the_bytes_its_hash_was_made_of(phone: Collect, form: str) -> None:
    entry = listed(phone)[form]
    assert entry["downloadUrl"].startswith(f"http://localhost/key/{phone.key}/forms/")
    answer = phone.get(entry["downloadUrl"].partition(f"{phone.key}/")[2])
    assert answer.content_type.startswith("text/xml")
    assert md5(answer.data) == entry["hash"]
    (data,) = etree.fromstring(answer.data).xpath("//x:instance/x:data", namespaces=XFORM)
    assert (data.get("id"), data.get("version")) == (form, entry["version"])


@pytest.mark.parametrize("form", COLLECTED)
def test_what_was_sent_may_be_edited_on_the_phone(phone: Collect, form: str) -> None:
    served = etree.fromstring(phone.get(f"forms/{form}.xml").data)
    (submission,) = served.xpath("//x:model/x:submission", namespaces=XFORM)
    assert submission.get("{http://www.opendatakit.org/xforms}client-editable") == "true"


def test_a_form_without_files_names_no_manifest(phone: Collect) -> None:
    assert "manifestUrl" not in listed(phone)["quiet-weeks"]


def test_a_form_or_file_that_is_not_there_is_not_found(phone: Collect) -> None:
    for path in ("forms/groups.xml", "forms/groups/manifest", "media/members.csv", "media/x"):
        answer = phone.get(path)
        assert (answer.status_code, answer.content_type[:8]) == (404, "text/xml")


# --- the questions -------------------------------------------------------------------------------


@pytest.mark.parametrize("name", COLLECTED)
def test_every_field_of_the_kind_is_asked(name: str) -> None:
    kind = KINDS[name]
    left_out = {"connector_id", "recurrence"}  # members are on no phone; a rule is no question
    declared = set(kind.schema._declared_fields) - left_out
    for part in kind.parts:
        declared |= {count_of(part.name), *part.fields}
    asked = {row["name"] for row in sheet_of(kind).survey if "name" in row}
    assert {name for name in asked if not name.startswith("page_")} == declared


@pytest.mark.parametrize("name", COLLECTED)
def test_every_question_is_put_in_the_words_of_the_schema(name: str) -> None:
    kind = KINDS[name]
    own = COLLECTED[name].hints
    asked = {row.get("name"): row.get("hint::English (en)") for row in sheet_of(kind).survey}
    for field, declared in kind.fields.items():
        if field in asked:
            assert own.get(field, declared.metadata["description"]) == asked[field]


@pytest.mark.parametrize("name", COLLECTED)
@pytest.mark.parametrize("code", sorted(set(LANGUAGES) - {OWN}))
def test_nothing_is_said_in_english_alone(name: str, code: str) -> None:
    sheet, known = sheet_of(KINDS[name]), words(code)["form"]
    cells = [
        (row[f"{column}::{NAMES[OWN]}"], row[f"{column}::{NAMES[code]}"])
        for row in sheet.survey + sheet.choices
        for column in ("label", "hint", "constraint_message")
        if f"{column}::{NAMES[OWN]}" in row
    ]
    assert cells
    assert [own for own, told in cells if own == told and own not in known] == []
    assert COLLECTED[name].title in known


def test_every_translation_is_of_a_sentence_that_a_form_says() -> None:
    sheets = [sheet_of(KINDS[name]) for name in COLLECTED]
    rows = [row for sheet in sheets for row in sheet.survey]
    said = {text for row in rows for column, text in row.items() if column.endswith(NAMES[OWN])}
    said |= {each.title for each in COLLECTED.values()} | {questions.TOO_LONG, questions.BETWEEN}
    for code in set(LANGUAGES) - {OWN}:
        assert set(words(code)["form"]) <= said


@pytest.mark.parametrize("code", sorted(set(LANGUAGES) - {OWN}))
def test_a_translation_fills_in_what_its_sentence_fills_in(code: str) -> None:
    for own, told in words(code)["form"].items():
        assert sorted(re.findall(r"{\w+}", told)) == sorted(re.findall(r"{\w+}", own))


def test_the_title_is_said_in_every_language(phone: Collect) -> None:
    called = listed(phone)["meetings"]["name"]
    assert called == "Meeting · لقاء · Cyfarfod"
    assert called in phone.get("forms/meetings.xml").text


def test_a_new_field_reaches_the_form_and_its_version(monkeypatch: pytest.MonkeyPatch) -> None:
    before = form_of("flows")
    weather = fields.Choice("sun", "rain", description="How was the weather?")
    monkeypatch.setitem(FlowSchema._declared_fields, "weather", weather)
    after = form_of("flows")
    assert b"How was the weather?" in after.xml
    assert after.version != before.version
    assert after.id == before.id
    monkeypatch.undo()
    assert form_of("flows") == before


def test_a_form_is_made_once() -> None:
    assert form_of("flows").xml is form_of("flows").xml


@pytest.mark.parametrize("name", COLLECTED)
def test_questions_stand_together_on_few_screens(name: str) -> None:
    screens = [row for row in sheet_of(KINDS[name]).survey if row["type"].startswith("begin_")]
    assert {row["appearance"] for row in screens} == {"field-list"}
    assert len(screens) <= 3


def test_what_the_schema_limits_the_phone_limits() -> None:
    asked = {row["name"]: row for row in sheet_of(KINDS["meetings"]).survey if "name" in row}
    assert asked["headcount"]["constraint"] == ". >= 1 and . <= 10000"
    assert asked["headcount"]["required"] == "yes"
    assert asked["title"]["constraint"] == "string-length(.) <= 120"
    assert "required" not in asked["title"]
    parties = {row.get("name"): row for row in sheet_of(KINDS["introductions"]).survey}
    assert parties["parties_count"]["constraint"] == ". >= 2 and . <= 12"
    assert parties["parties_count"]["default"] == "2"
    assert parties["status"]["default"] == "made"
    assert parties["made_at"]["default"] == "now()"


def test_a_pattern_for_the_whole_text_is_asked_for_on_the_phone() -> None:
    sheet = questions.Sheet()
    questions._ask(sheet, "code", fields.Text(9, pattern="^[A-Z]+$", description="Code"))
    assert sheet.page[0]["constraint"] == "string-length(.) <= 9 and regex(., '^[A-Z]+$')"


def test_every_sort_of_field_has_a_question() -> None:
    sheet = questions.Sheet()
    for declared in (
        fields.Flag(default=False),
        fields.Geometry(),
        fields.Words("^x$"),
        fields.References("people"),
        fields.Number(0, 1.5),
        fields.Reference("members"),
        fields.Wire(),
    ):
        questions._ask(sheet, "it", declared)
    assert [row["type"] for row in sheet.page] == [
        "select_one answer",
        "geopoint",
        "text",
        "select_multiple_from_file people.csv",
        "decimal",
        "text",
    ]
    assert sheet.page[0]["default"] == "false"
    assert sheet.page[4]["constraint"] == ". >= 0 and . <= 1.5"


def test_parts_are_repeated_as_often_as_was_said() -> None:
    form = etree.fromstring(form_of("introductions").xml)
    (repeat,) = form.xpath("//x:repeat", namespaces=XFORM)
    assert repeat.get(JR_COUNT).strip() == "/data/page_1/parties_count"


# --- the choices ---------------------------------------------------------------------------------


def test_a_manifest_names_each_file_by_the_hash_of_its_bytes(phone: Collect, town: Town) -> None:
    named = files(phone, "introductions")
    assert set(named) == {"groups.csv", "spaces.csv", "people.csv"}
    for file, entry in named.items():
        assert entry["downloadUrl"] == f"http://localhost/key/{phone.key}/media/{file}"
        assert entry["hash"] == md5(phone.get(f"media/{file}").data)


def test_a_new_group_changes_the_file_and_not_the_form(
    phone: Collect, network: Network, town: Town
) -> None:
    form, file = listed(phone)["flows"]["hash"], files(phone, "flows")["groups.csv"]["hash"]
    made = network.coordinator.make("groups", {"name": 'Bells, "old"', "type": "arts"})
    assert rows(phone, "groups.csv")[made["id"]] == 'Bells, "old"'
    assert listed(phone)["flows"]["hash"] == form
    assert files(phone, "flows")["groups.csv"]["hash"] != file


def test_choices_are_the_networks_own(phone: Collect, town: Town, other_network: Network) -> None:
    theirs = other_network.coordinator.make("groups", {"name": "Far away", "type": "arts"})
    assert set(rows(phone, "groups.csv")) == set(town.groups)
    assert rows(phone, "spaces.csv") == {town.space: "Library"}
    assert theirs["id"] not in rows(phone, "groups.csv")


def test_the_notebook_is_its_members_alone(
    phone: Collect, network: Network, give_key: Callable[[Member], Collect]
) -> None:
    person = network.connector.make("people", PERSON)["id"]
    assert rows(phone, "people.csv") == {person: "Blue door"}
    assert rows(give_key(network.colleague), "people.csv") == {}
    assert rows(give_key(network.coordinator), "people.csv") == {}


def test_who_declined_a_refuge_and_the_retired_are_not_offered(
    phone: Collect, network: Network, town: Town
) -> None:
    network.connector.make("people", PERSON | {"notice": "declined", "notice_on": "2026-03-01"})
    place = {"type": "Point", "coordinates": [0, 0]}
    refuge = {"name": "Refuge", "type": "other", "geometry": place, "never_map": True}
    network.coordinator.make("spaces", refuge)
    gone = {"name": "Gone", "status": "retired"}
    network.coordinator.make("groups", gone | {"type": "arts"})
    network.coordinator.make("spaces", gone | {"type": "other", "geometry": place})
    removed = network.coordinator.make("groups", {"name": "Removed", "type": "arts"})
    network.coordinator.delete(f"groups/{removed['id']}", If_Match="*")
    assert rows(phone, "people.csv") == {}
    assert set(rows(phone, "spaces.csv")) == {town.space}
    assert set(rows(phone, "groups.csv")) == set(town.groups)


def test_a_flow_can_name_the_introduction_and_the_listing_behind_it(
    phone: Collect, network: Network, town: Town
) -> None:
    made = network.connector.make(
        "introductions", town.introduction(made_at=f"{this_year(network)}-01-02T12:00:00Z")
    )
    need = {"side": "need", "resource": "goods", "group_id": town.groups[0]}
    listing = network.connector.make("listings", need | {"description": "Chairs"})
    network.connector.make("introductions", town.introduction(made_at="2021-01-02T12:00:00Z"))
    settled = need | {"description": "Tables", "status": "met"}
    network.connector.make("listings", settled)
    assert list(rows(phone, "introductions.csv")) == [made["id"]]
    label = rows(phone, "introductions.csv")[made["id"]]
    assert label.endswith("-01-02: Weir Street, Mill Lane")
    assert rows(phone, "listings.csv") == {listing["id"]: "Need: Chairs"}


def test_a_group_in_a_notebook_is_named_on_its_members_phone_alone(
    phone: Collect, network: Network, town: Town, give_key: Callable[[Member], Collect]
) -> None:
    group, own = str(uuid4()), network.connector.notebook
    values = {"name": "Hidden", "type": "arts", "status": "proposed"}
    op = {"op_id": str(uuid4()), "kind": "groups", "id": group, "action": "put"}
    (made,) = network.connector.push(op | {"data": values, "audience": own})
    assert made["status"] == "applied"
    parties = [{"group_id": group}, {"group_id": town.groups[0]}]
    when = f"{this_year(network)}-01-02T12:00:00Z"
    network.connector.make("introductions", town.introduction(made_at=when, parties=parties))
    (mine,) = rows(phone, "introductions.csv").values()
    (theirs,) = rows(give_key(network.colleague), "introductions.csv").values()
    assert mine.endswith("-01-02: Hidden, Weir Street")
    assert theirs.endswith("-01-02: Weir Street")


def this_year(network: Network) -> int:
    return network.rows("SELECT extract(year FROM now())::int")[0][0]
