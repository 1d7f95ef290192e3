"""CSV: a network set up from a spreadsheet, all of it or nothing, and once however often sent."""

from __future__ import annotations

import csv
import io
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

from api.exchange.csv.schema import EXAMPLE, ImportSchema
from api.settings import HOME

if TYPE_CHECKING:
    from werkzeug.test import TestResponse

    from tests.fixtures.networks import Member, Network, Town

BOUNDARIES = """boundary,question,section,population
River,Which bank?,North,120
River,,South,
Faith,,Chapel,
"""
SPACES = """name,type,lat,lon,step free,never map
Library,library,52.11,-4.21,yes,
Hall,Community centre,52.115,-4.2,no,no
"""
GROUPS = """name,type,home space,River,Faith=Chapel,external ids
Weir Street,residents,library,North,,
Choir,arts,Hall,,50%,GB-CHC-1234567|GB-COH-12345678
"""


def send(
    who: Member, kind: str, text: str | bytes, *, dry: bool = False, media: str = "text/csv"
) -> TestResponse:
    """Send a file."""
    body = text.encode() if isinstance(text, str) else text
    query = "?dry_run=true" if dry else ""
    headers = {"Content-Type": media}
    return who.ask("POST", f"imports/{kind}{query}", data=body, headers=headers)


def told(who: Member, kind: str, text: str | bytes, *, dry: bool = False) -> dict[str, Any]:
    """What came of a file."""
    answer = send(who, kind, text, dry=dry)
    assert answer.status_code == 200, answer.text
    assert ImportSchema().validate(answer.json) == {}
    found: dict[str, Any] = answer.json
    return found


def refused(who: Member, kind: str, text: str | bytes) -> dict[str, list[str]]:
    """What is said to be mended; nothing may have been written."""
    answer = send(who, kind, text)
    assert (answer.status_code, answer.json["code"]) == (422, "validation_failed"), answer.text
    fields: dict[str, list[str]] = answer.json["fields"]
    return fields


def items(who: Member, kind: str) -> dict[str, dict[str, Any]]:
    """Records by name."""
    return {each["name"]: each for each in who.get(f"{kind}?limit=500").json["items"]}


def set_up(who: Member) -> None:
    """Send all three files."""
    for kind, text in (("boundaries", BOUNDARIES), ("spaces", SPACES)):
        told(who, kind, text)
    told(who, "groups", GROUPS.replace("50%", "x"))


def test_three_files_set_up_a_network(network: Network) -> None:
    who = network.coordinator
    set_up(who)
    sections, spaces, groups = (items(who, kind) for kind in ("sections", "spaces", "groups"))
    assert items(who, "boundaries")["River"]["question"] == "Which bank?"
    assert sections["North"]["population"] == 120
    assert spaces["Library"]["geometry"] == {"type": "Point", "coordinates": [-4.21, 52.11]}
    assert (spaces["Hall"]["type"], spaces["Hall"]["step_free"]) == ("community_centre", False)
    weir, choir = groups["Weir Street"], groups["Choir"]
    assert weir["home_space_id"] == spaces["Library"]["id"]
    assert weir["sections"] == [{"section_id": sections["North"]["id"], "share": 1.0}]
    assert choir["sections"] == [{"section_id": sections["Chapel"]["id"], "share": 1.0}]
    assert choir["external_ids"] == ["GB-CHC-1234567", "GB-COH-12345678"]


def test_the_same_file_twice_changes_nothing(network: Network) -> None:
    set_up(network.coordinator)
    before = network.revision
    set_up(network.admin)
    assert network.revision == before
    again = told(network.coordinator, "boundaries", BOUNDARIES)
    assert again["counts"] == {"new": 0, "changed": 0, "unchanged": 5, "refused": 0}


def test_the_same_file_sent_by_two_at_once_makes_everything_once(network: Network) -> None:
    who = network.coordinator
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda _: told(who, "boundaries", BOUNDARIES), range(2)))
    assert sorted(each["counts"]["new"] for each in answers) == [0, 5]
    assert len(who.get("sections").json["items"]) == 3


def test_positions_may_have_decimal_commas(network: Network) -> None:
    told(network.coordinator, "spaces", "name;type;lat;lon\nHall;library;52,11;-4,21\n")
    found = items(network.coordinator, "spaces")["Hall"]
    assert found["geometry"]["coordinates"] == [-4.21, 52.11]


def test_a_dry_run_says_line_by_line_what_would_happen_and_writes_nothing(
    network: Network,
) -> None:
    who = network.coordinator
    told(who, "boundaries", BOUNDARIES)
    told(who, "spaces", SPACES)
    told(who, "groups", "name,type,River\nWeir Street,residents,North\n")
    before = network.revision
    text = (
        "name,type,River,home_space\nWeir Street,residents,South,\n"
        "Choir,arts,Nort,Hal\nMill Lane,farm,North,\nMill Lane 2,residents,North,\n"
    )
    found = told(who, "groups", text, dry=True)
    lines = {line["line"]: line for line in found["lines"]}
    assert network.revision == before
    assert [lines[n]["what"] for n in (2, 3, 4, 5)] == ["changed", "refused", "refused", "new"]
    assert lines[2]["fields"] == ["sections"]
    columns = [(p["column"], p["sentence"]) for p in lines[3]["problems"]]
    assert columns == [
        ("home_space", "There is no space called Hal."),
        ("River", "River has no section Nort."),
    ]
    assert lines[4]["problems"][0]["column"] == "type"
    assert found["counts"] == {"new": 1, "changed": 1, "unchanged": 0, "refused": 2}
    assert "Mill Lane 2" not in items(who, "groups")


def test_one_bad_line_keeps_everything_out_and_is_named_with_its_column(network: Network) -> None:
    who = network.coordinator
    text = "name,type,lat,lon\nLibrary,library,52.11,-4.21\n\nHall,library,152.1,-4.2\n,park,1,2\n"
    fields = refused(who, "spaces", text)
    assert set(fields) == {"line 4, lat", "line 5, name"}
    assert items(who, "spaces") == {}


@pytest.mark.parametrize(
    ("body", "encoding", "delimiter"),
    [
        ("name,type\nCôr,arts\n".encode(), "utf-8", ","),
        ("\ufeffname;type\r\nCôr;arts\r\n".encode(), "utf-8", ";"),
        ("sep=;\r\nname;type\r\nCôr;arts\r\n".encode(), "utf-8", ";"),
        ("name\ttype\r\nCôr\tarts\r\n".encode("utf-16"), "utf-16", "\t"),
        ("name,type\rCôr,arts\r".encode("windows-1252"), "windows-1252", ","),
        ('"name","type"\n"Côr","arts",,\n,,,\n'.encode(), "utf-8", ","),
    ],
)
def test_files_are_read_as_programs_save_them(
    network: Network, body: bytes, encoding: str, delimiter: str
) -> None:
    found = told(network.coordinator, "groups", body)
    assert (found["encoding"], found["delimiter"]) == (encoding, delimiter)
    assert items(network.coordinator, "groups")["Côr"]["type"] == "arts"


@pytest.mark.parametrize(
    ("body", "where"),
    [
        (b"", "line 1"),
        (b"\n\n", "line 1"),
        (b"name,type\n\x00,arts\n", "line 1"),
        (b"\xff\xfe\x00", "line 1"),
        (b'name,type\n"Choir,arts\n', "line 2"),
        (b"type\narts\n", "line 1, name"),
        (b"name,type,Rivver\nChoir,arts,North\n", "line 1, Rivver"),
        (b"name,type,type\nChoir,arts,faith\n", "line 1, type"),
        (b"name,type\nChoir,arts,surplus\n", "line 2, column 3"),
        (b"name,type\nChoir,arts\nchoir ,faith\n", "line 3, name"),
        (b"name,type,active_from\nChoir,arts,soon\n", "line 2, active_from"),
    ],
)
def test_what_cannot_be_read_is_named_by_line_and_column(
    network: Network, body: bytes, where: str
) -> None:
    assert set(refused(network.coordinator, "groups", body)) == {where}
    assert items(network.coordinator, "groups") == {}


def test_a_name_that_several_bear_is_for_a_person_to_sort_out(network: Network) -> None:
    who = network.coordinator
    for _ in range(2):
        who.make("groups", {"name": "Choir", "type": "arts"})
    fields = refused(who, "groups", "name,type\nChoir,faith\n")
    assert fields == {"line 2, name": ["Several are called Choir: rename all but one."]}


def test_what_a_file_does_not_say_stays_as_it_is(network: Network, town: Town) -> None:
    who = network.coordinator
    before = items(who, "groups")["Weir Street"]
    assert told(who, "groups", "name,description\nweir  street,On the river\n")["counts"]["changed"]
    after = items(who, "groups")["Weir Street"]
    kept = before.keys() - {"description", "version", "revision", "updated_at"}
    assert {name: after[name] for name in kept} == {name: before[name] for name in kept}
    assert after["id"] in town.groups


def test_shares_of_several_sections_add_up_or_are_refused(network: Network, town: Town) -> None:
    who = network.coordinator
    head = "name,type,River=North,River=South\n"
    told(who, "groups", f"{head}Mill Lane,residents,25%,0.75\n")
    shares = {s["section_id"]: s["share"] for s in items(who, "groups")["Mill Lane"]["sections"]}
    assert shares == dict(zip(town.sections, (0.25, 0.75), strict=True))
    fields = refused(who, "groups", f"{head}Mill Lane,residents,25%,0.5\n")
    assert list(fields) == ["line 2, River=North"]
    assert list(refused(who, "groups", f"{head}Mill Lane,residents,most,\n")) == [
        "line 2, River=North"
    ]


def test_a_record_removed_since_is_made_anew(network: Network) -> None:
    who = network.coordinator
    told(who, "groups", "name,type\nChoir,arts\n")
    first = items(who, "groups")["Choir"]["id"]
    assert who.delete(f"groups/{first}", If_Match="*").status_code == 204
    assert told(who, "groups", "name,type\nChoir,arts\n")["counts"]["new"] == 1
    assert items(who, "groups")["Choir"]["id"] != first


def test_an_export_sent_back_changes_nothing(network: Network) -> None:
    who = network.coordinator
    set_up(who)
    before = network.revision
    for kind in ("boundaries", "spaces", "groups"):
        answer = who.get(f"exports/{kind}.csv")
        assert (answer.status_code, answer.mimetype) == (200, "text/csv")
        found = told(who, kind, answer.data)
        assert {line["what"] for line in found["lines"]} == {"unchanged"}
    assert network.revision == before


def test_no_cell_of_an_export_is_a_formula_and_all_come_back(network: Network) -> None:
    who = network.coordinator
    names = ["=HYPERLINK(1)", "+44 choir", "-and-", "@home", "'=quoted", "Two\r\nlines"]
    for name in names:
        who.make("groups", {"name": name, "type": "arts"})
    who.make("spaces", {"name": "South", "type": "park", "geometry": point(-4.5, -52.5)})
    body = who.get("exports/groups.csv").data
    cells = [row[0] for row in csv.reader(io.StringIO(body.decode("utf-8-sig"), newline=""))]
    assert not [cell for cell in cells if cell[0] in "=+-@\t\r"]
    assert {line["what"] for line in told(who, "groups", body)["lines"]} == {"unchanged"}
    assert b"South,park,-52.5,-4.5" in who.get("exports/spaces.csv").data


def point(lon: float, lat: float) -> dict[str, Any]:
    return {"type": "Point", "coordinates": [lon, lat]}


def test_a_space_that_must_not_be_mapped_leaves_in_no_file(network: Network) -> None:
    who = network.coordinator
    values = {"name": "Refuge", "type": "other", "never_map": True, "geometry": point(0, 1)}
    home = who.make("spaces", values)["id"]
    who.make("groups", {"name": "Choir", "type": "arts", "home_space_id": home})
    for kind in ("spaces", "groups"):
        assert b"Refuge" not in who.get(f"exports/{kind}.csv").data


def test_an_import_names_no_space_of_a_notebook(network: Network) -> None:
    mine = network.connector
    values = {"name": "Shed", "type": "park", "status": "proposed", "audience": mine.notebook}
    mine.make("spaces", values | {"geometry": point(0, 0)})
    fields = refused(network.coordinator, "groups", "name,type,home_space\nChoir,arts,Shed\n")
    assert fields == {"line 2, home_space": ["There is no space called Shed."]}


@pytest.mark.parametrize("role", ["connector", "funder"])
def test_only_coordinators_and_admins_send_and_fetch_files(network: Network, role: str) -> None:
    who = getattr(network, role)
    for answer in (
        send(who, "groups", GROUPS, dry=True),
        send(who, "groups", GROUPS),
        who.get("exports/groups.csv"),
    ):
        assert (answer.status_code, answer.json["code"]) == (403, "out_of_scope")


def test_what_is_no_file_of_ours_is_refused(network: Network) -> None:
    who = network.coordinator
    assert send(who, "people", GROUPS).status_code == 404
    assert who.get("exports/people.csv").status_code == 404
    assert send(who, "groups", GROUPS, media="application/json").status_code == 415
    assert send(who, "groups", b"x" * 1_048_577).status_code == 413


def test_the_files_in_the_guide_are_good_ones(network: Network) -> None:
    for kind in ("boundaries", "spaces", "groups"):
        body = (HOME / "docs" / "examples" / f"{kind}.csv").read_bytes()
        assert told(network.coordinator, kind, body)["counts"]["refused"] == 0
    assert ImportSchema().validate(EXAMPLE) == {}
