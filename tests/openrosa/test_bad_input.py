"""Bad input: a named answer each, nothing applied by half, nothing told to strangers."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from api.core.lock import lock_network
from api.exchange.openrosa import routes

from .conftest import Collect, filled, introduction, multipart, said

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.fixtures.networks import Network, Town

LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE data [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY a{i} "{f"&a{i - 1};" * 10}">' for i in range(1, 10)).replace("&a0;", "&a;")
    + "]>"
)
SHEET = "xml_submission_file"


def bodied(head: str, answers: str) -> str:
    return head + filled("introductions", answers).partition("?>")[2]


def refused(phone: Collect, xml: str | bytes) -> str:
    """What a phone is told of XML that cannot be read; nothing was written."""
    network = phone.member.network_id
    before = phone.member.get("introductions").json["items"]
    answer = phone.send(xml)
    assert answer.status_code == 400, answer.text
    assert phone.member.get("introductions").json["items"] == before
    assert str(network) not in answer.text
    nature, message = said(answer)
    assert nature == "error"
    return message


# --- XML -----------------------------------------------------------------------------------------


def test_a_billion_laughs_are_refused(phone: Collect) -> None:
    assert "DOCTYPE" in refused(phone, bodied(LAUGHS, "<purpose>&a9;</purpose>"))


def test_an_outer_entity_is_never_fetched(phone: Collect, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("the words in the file")
    head = f'<?xml version="1.0"?><!DOCTYPE data [<!ENTITY x SYSTEM "{secret.as_uri()}">]>'
    message = refused(phone, bodied(head, "<purpose>&x;</purpose>"))
    assert "DOCTYPE" in message
    assert "the words" not in message


def test_a_doctype_is_refused_whatever_it_says(phone: Collect) -> None:
    assert "DOCTYPE" in refused(phone, bodied('<?xml version="1.0"?><!DOCTYPE data>', ""))


@pytest.mark.parametrize(
    "xml",
    [
        "",
        "no XML",
        "<data",
        "<data id='introductions'>&nbsp;</data>",
        introduction("x").encode("utf-16"),
        introduction("x").encode()[:-20],
        "<a>" * 2_000 + "</a>" * 2_000,
    ],
    ids=["empty", "text", "open", "entity", "utf-16", "cut", "deep"],
)
def test_what_is_not_xml_is_refused(phone: Collect, xml: str | bytes) -> None:
    assert refused(phone, xml)


def test_a_form_without_an_instance_id_is_refused(phone: Collect) -> None:
    xml = introduction("x")
    for head, tail in (("<instanceID>", "</instanceID>"), ("<meta>", "</meta>")):
        cut = xml.partition(head)[0] + xml.partition(tail)[2]
        assert "instanceID" in refused(phone, cut if head == "<meta>" else f"{cut}")


def test_a_form_that_says_no_id_is_refused(phone: Collect) -> None:
    assert "which form" in refused(phone, introduction("x").replace('id="introductions"', ""))


def test_what_is_remarked_beside_the_answers_is_not_read(
    phone: Collect, network: Network, town: Town
) -> None:
    xml = introduction(*town.groups[:2], purpose="Supper")
    remarked = xml.replace("<space_id/>", "<!-- by hand --><?made by=hand?><space_id/>")
    remarked = remarked.replace("Supper", "Sup<!-- or not --><?so to=say?>per")
    assert said(phone.send(remarked))[1].startswith("Logged")
    (made,) = network.connector.get("introductions").json["items"]
    assert made["purpose"] == "Supper"


@pytest.mark.parametrize(
    "xml",
    [
        introduction("x", instance="x" * 256),
        introduction("x", edits="x" * 256),
        introduction("x").replace("introductions", "x" * 256),
    ],
    ids=["instance", "edited", "form"],
)
def test_an_endless_id_is_refused(phone: Collect, xml: str) -> None:
    assert "255" in refused(phone, xml)


@pytest.mark.parametrize("prefix", ["orx:", ""])
def test_the_instance_id_is_found_in_any_namespace(
    phone: Collect, network: Network, town: Town, prefix: str
) -> None:
    xml = introduction(*town.groups[:2])
    for name in ("meta", "instanceID"):
        xml = xml.replace(f"<{name}>", f"<{prefix}{name}>").replace(
            f"</{name}>", f"</{prefix}{name}>"
        )
    assert said(phone.send(xml))[1].startswith("Logged")


def test_an_unknown_form_is_kept(phone: Collect) -> None:
    xml = filled("household_survey", "<q1>All there was to say</q1>")
    answer = phone.send(xml)
    assert answer.status_code == 201
    kept = phone.verdict(xml, "household_survey")
    assert kept["error"]["code"] == "unknown_kind"
    assert kept["payload"] == xml


def test_what_came_of_an_unknown_form_is_logged_anew_and_let_go(
    phone: Collect, network: Network
) -> None:
    phone.send(filled("household_survey", "<q1>All there was to say</q1>"))
    (waiting,) = phone.member.get("sync/quarantined").json["items"]
    assert network.coordinator.get("sync/quarantined").json["items"] == []
    where = f"sync/quarantined/{waiting['op_id']}"
    told = phone.member.post(f"{where}/mend", {"op_id": str(uuid4()), "data": {}}).json
    assert (told["status"], told["error"]["code"]) == ("rejected", "unknown_kind")
    assert "log it anew" in told["error"]["detail"]
    assert phone.member.delete(where).status_code == 204


@pytest.mark.parametrize(
    "answers",
    [
        "<made_at>yesterday</made_at>",
        "<made_at>2026-03-31T18:30:00</made_at>",
        "<parties>loose words</parties>",
        "<parties_count>99999999999999999999999</parties_count><purpose>&#10;</purpose>",
    ],
)
def test_answers_of_the_wrong_sort_are_kept(phone: Collect, answers: str) -> None:
    xml = filled("introductions", answers)
    assert phone.send(xml).status_code == 201
    assert phone.verdict(xml)["payload"] == xml


def test_a_question_answered_twice_is_kept_with_both(phone: Collect, town: Town) -> None:
    xml = introduction(*town.groups[:2]).replace("<status>", "<status>offered</status><status>")
    assert phone.send(xml).status_code == 201
    assert list(phone.verdict(xml)["error"]["fields"]) == ["status"]


@pytest.mark.parametrize("name", ["of_no_field", "description"])
def test_a_question_answered_thousands_of_times_is_kept(phone: Collect, name: str) -> None:
    xml = filled("flows", f"<{name}>x</{name}>" * 3_000)
    assert phone.send(xml).status_code == 201
    kept = phone.verdict(xml, "flows")
    assert (name in kept["error"]["fields"], kept["payload"]) == (True, xml)


def test_an_answer_of_many_letters_keeps_nobody_waiting(phone: Collect) -> None:
    xml = filled("introductions", f"<made_at>{'T' * 100_000}</made_at>")
    begun = time.perf_counter()
    assert phone.send(xml).status_code == 201
    assert time.perf_counter() - begun < 10
    assert phone.verdict(xml)["payload"] == xml


@pytest.mark.parametrize("number", ["nan", "1e999", "9" * 5000, "many", "-1", "1_0", "١"])
def test_numbers_that_are_none_are_kept(phone: Collect, town: Town, number: str) -> None:
    part = f"<attendance><group_id>{town.groups[0]}</group_id><headcount>{number}</headcount>"
    starts = "<starts_at>2026-04-02T18:00:00Z</starts_at>"
    meeting = filled("meetings", f"{starts}{part}</attendance>")
    quantity = f"<quantity>{number}</quantity><unit>kg</unit><resource>goods</resource>"
    ends = f"<from_group_id>{town.groups[0]}</from_group_id><to_group_id>{town.groups[1]}"
    went = "<happened_at>2026-04-02T18:00:00Z</happened_at>"
    flow = filled("flows", f"{went}{quantity}{ends}</to_group_id>")
    for form, xml in (("meetings", meeting), ("flows", flow)):
        assert phone.send(xml).status_code == 201
        assert phone.verdict(xml, form)["error"]["code"] == "validation_failed"


# --- the post ------------------------------------------------------------------------------------


def test_a_post_that_was_cut_short_is_refused(phone: Collect, network: Network, town: Town) -> None:
    whole = multipart({SHEET: introduction(*town.groups[:2]).encode(), "1.jpg": b"PICTURE"})
    for length in (len(whole) - 8, whole.index(b"PICTURE"), whole.index(b"</data>"), 10, 0):
        answer = phone.post(whole[:length])
        assert answer.status_code == 400
        assert said(answer)[0] == "error"
    assert network.connector.get("introductions").json["items"] == []
    assert phone.post(whole).status_code == 201


def test_a_post_without_the_form_is_refused(phone: Collect) -> None:
    whole = multipart({"other": b"x"})
    assert SHEET in said(phone.post(whole))[1]
    for sort in ("application/json", "multipart/form-data", "text/xml"):
        assert phone.post(whole, **{"Content-Type": sort}).status_code == 400


def test_a_form_sent_as_a_plain_field_is_read(phone: Collect, town: Town) -> None:
    assert phone.post(multipart({SHEET: introduction(*town.groups[:2])})).status_code == 201


def test_bytes_that_are_no_utf8_are_refused_as_a_field_and_as_a_file(
    phone: Collect, network: Network, town: Town
) -> None:
    xml = introduction(*town.groups[:2], purpose="Söngs")
    whole = multipart({SHEET: xml}), multipart({SHEET: xml.encode()})
    for body in whole:
        answer = phone.post(body.replace("Söngs".encode(), "Söngs".encode("latin-1")))
        assert (answer.status_code, said(answer)[0]) == (400, "error")
    assert network.connector.get("introductions").json["items"] == []
    assert [said(phone.post(body))[1][:7] for body in whole] == ["Logged.", "This is"]
    (made,) = network.connector.get("introductions").json["items"]
    assert made["purpose"] == "Söngs"


def test_a_body_of_ten_megabytes_is_refused(phone: Collect) -> None:
    answer = phone.send(introduction("x"), **{"1.jpg": b"x" * 10_485_760})
    assert answer.status_code == 413
    assert said(answer)[0] == "error"


def test_a_post_of_endless_parts_is_refused(phone: Collect, town: Town) -> None:
    sheet = {SHEET: introduction(*town.groups[:2])}
    statuses = [
        phone.post(multipart(sheet | {f"{i}.jpg": b"" for i in range(files)})).status_code
        for files in (199, 200)
    ]
    assert statuses == [201, 413]


def photos(phone: Collect, sheet: str, count: int) -> bytes:
    """A post as Collect fills it: as many bytes of files as were announced, and what is around."""
    head = phone.member.app.test_client().head(f"/key/{phone.key}/submission?deviceID=x")
    assert head.status_code == 204
    assert head.headers["X-OpenRosa-Version"] == "1.0"
    room = int(head.headers["X-OpenRosa-Accept-Content-Length"]) - len(sheet.encode())
    sizes = [room // count + (i < room % count) for i in range(count)]
    named = {f"{uuid4()}.{i:0>100}.jpg": b"x" * size for i, size in enumerate(sizes)}
    return multipart({SHEET: sheet.encode()} | named | {"*isIncomplete*": "yes"})


@pytest.mark.parametrize("count", [1, 100])
def test_as_much_as_was_announced_is_taken_beside_what_stands_around_each_file(
    phone: Collect, network: Network, town: Town, count: int
) -> None:
    answer = phone.post(photos(phone, introduction(*town.groups[:2]), count))
    assert (answer.status_code, said(answer)[1]) == (201, "Logged. Thank you.")
    assert len(network.connector.get("introductions").json["items"]) == 1


def test_more_than_was_announced_and_stands_around_files_is_refused(
    phone: Collect, network: Network, town: Town
) -> None:
    full = photos(phone, introduction(*town.groups[:2]), 1)
    answer = phone.post(full.replace(b"x" * 100_000, b"x" * 200_000, 1))
    assert (answer.status_code, said(answer)[0]) == (413, "error")
    assert network.connector.get("introductions").json["items"] == []


def test_a_form_of_more_than_a_megabyte_is_refused(phone: Collect) -> None:
    assert phone.send(introduction("x", purpose="x" * 1_048_576)).status_code == 413


def test_a_record_that_is_too_large_is_kept(phone: Collect, town: Town) -> None:
    xml = introduction(*town.groups[:2], purpose="x" * 70_000)
    assert phone.send(xml).status_code == 201
    assert phone.verdict(xml)["error"]["code"] == "record_too_large"


def test_a_clock_that_cannot_be_read_disturbs_nothing(phone: Collect, town: Town) -> None:
    body = multipart({SHEET: introduction(*town.groups[:2]).encode()})
    assert phone.post(body, Date="Tue, 31 Mar 2026 06:30:00 hh").status_code == 201


# --- what the server cannot do just now -----------------------------------------------------------


def test_a_busy_network_asks_the_phone_to_try_again(
    phone: Collect, network: Network, town: Town
) -> None:
    xml = introduction(*town.groups[:2])
    with network.database.transaction(network.id) as cx:
        lock_network(cx, network.id)
        answer = phone.send(xml)
    assert (answer.status_code, said(answer)[0]) == (503, "error")
    assert answer.headers["Retry-After"]
    assert said(phone.send(xml))[1].startswith("Logged")


def away(key: str) -> Exception:
    return OperationalError("SELECT 1", {}, psycopg.OperationalError(key))


@pytest.mark.parametrize(
    ("error", "status"), [(RuntimeError, 500), (PoolTimeoutError, 503), (away, 503)]
)
def test_a_mistake_of_ours_shows_nothing(
    phone: Collect,
    monkeypatch: pytest.MonkeyPatch,
    error: Callable[[str], Exception],
    status: int,
) -> None:
    def fail(*_: object) -> bytes:
        raise error(phone.key)

    monkeypatch.setattr(routes, "write_list", fail)
    answer = phone.get("formList")
    assert (answer.status_code, said(answer)[0]) == (status, "error")
    assert phone.key not in answer.text
