"""The workbook and the tables: numbers are numbers, names are names, what is hidden says so."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from datetime import date
from io import BytesIO, StringIO
from uuid import UUID
from zipfile import ZipFile

import openpyxl
import pytest

from api.reports import package, xlsx
from api.reports.facts import Boundary, Section
from api.reports.freeze import freeze
from api.reports.order import Moment, Order
from tests.reports.conftest import PERIOD
from tests.reports.town import NORTH, RIVER, SOUTH, town

ORDER = Order(date(2026, 7, 1), date(2026, 10, 1), audience="funder")
EVIL = ("=HYPERLINK(A1)", "+1", "-1", "@SUM(A1)")


def report(name="Wendlow", **changes):
    moment = Moment(UUID(int=7), name, 12, "2026-10-05T09:12:44Z")
    frozen = freeze(UUID(int=9), ORDER, town(**changes), moment)
    return json.loads(frozen.body), frozen.digest


def evil():
    """A report in which people gave everything a name that begins like a formula."""
    banks = tuple(
        replace(bank, name=name) for bank, name in zip((NORTH, SOUTH), EVIL, strict=False)
    )
    river = Boundary(RIVER.id, EVIL[2], EVIL[3], banks, RIVER.declared)
    return report(EVIL[0], boundaries=(river,))


def book(made):
    return openpyxl.load_workbook(BytesIO(xlsx.render(*made)))


def rows(made, name):
    with ZipFile(BytesIO(package.render(*made))) as zipped:
        return list(csv.DictReader(StringIO(zipped.read(f"{name}.csv").decode())))


def test_every_table_has_a_sheet_and_a_line_in_the_readme():
    made = report()
    tables = [table for each in made[0]["indicators"] for table in each["tables"]]
    found = book(made)
    assert len(found.sheetnames) == 3 + len(tables)
    listed = {row[0].value for row in found["Read me"].iter_rows()}
    assert set(found.sheetnames[2:]) <= listed


def test_counts_are_numbers_and_what_is_hidden_says_so_and_is_never_nothing():
    sheet = book(report())["K1 1"]
    said = {row[0].value: row[1].value for row in sheet.iter_rows(min_row=4)}
    assert said["Made"] == 50
    assert said["Declined"] == "fewer than 8"
    assert said["Unwanted"] == 0


def test_no_name_becomes_a_formula_in_a_workbook():
    cells = [cell for sheet in book(evil()) for row in sheet.iter_rows() for cell in row]
    assert {cell.value for cell in cells} >= {EVIL[0], EVIL[1]}
    assert [cell.value for cell in cells if cell.data_type == "f"] == []


def test_no_name_becomes_a_formula_in_a_text_file():
    with ZipFile(BytesIO(package.render(*evil()))) as zipped:
        names = [name for name in zipped.namelist() if name.endswith(".csv")]
        texts = [zipped.read(name).decode() for name in names]
    cells = [cell for text in texts for row in csv.reader(StringIO(text)) for cell in row]
    assert "'" + EVIL[0] in cells
    assert [cell for cell in cells if cell.startswith(("=", "+", "@"))] == []


def test_a_hidden_cell_has_no_value_in_a_text_file_and_says_why():
    hidden = [row for row in rows(report(), "cells") if row["state"] == "hidden"]
    assert hidden
    assert {(row["value"], row["text"]) for row in hidden} == {("", "fewer than 8")}


def test_the_dictionary_describes_every_column_and_every_value_is_of_its_type():
    read = {"integer": int, "number": float, "date": date.fromisoformat, "string": str}
    made = report()
    with ZipFile(BytesIO(package.render(*made))) as zipped:
        about = json.loads(zipped.read("datapackage.json"))
        assert sorted(each["path"] for each in about["resources"]) == sorted(
            set(zipped.namelist()) - {"datapackage.json"}
        )
    for each in about["resources"]:
        fields = {field["name"]: field for field in each["schema"]["fields"]}
        assert all(field["description"] for field in fields.values())
        found = rows(made, each["name"])
        assert found
        assert list(found[0]) == list(fields)
        for row in found:
            for name, value in row.items():
                assert not value or read[fields[name]["type"]](value) is not None
        keys = [tuple(row[name] for name in each["schema"]["primaryKey"]) for row in found]
        assert len(set(keys)) == len(keys)


@pytest.mark.parametrize("form", [xlsx, package])
def test_the_same_report_gives_the_same_bytes(form):
    assert form.render(*report()) == form.render(*report())


def test_section_names_of_any_length_make_no_sheet_name_too_long():
    banks = (Section(NORTH.id, "[North]/*?" * 9), SOUTH)
    assert book(report(boundaries=(replace(RIVER, sections=banks),)))


def test_an_arabic_workbook_runs_from_right_to_left():
    moment = Moment(UUID(int=7), "Wendlow", 12, "2026-10-05T09:12:44Z")
    frozen = freeze(UUID(int=9), replace(ORDER, language="ar"), town(), moment)
    found = book((json.loads(frozen.body), frozen.digest))
    assert all(sheet.sheet_view.rightToLeft for sheet in found)
    assert not any(sheet.sheet_view.rightToLeft for sheet in book(report()))


FORMS = {
    "html": b"<!doctype html>",
    "pdf": b"%PDF-",
    "xlsx": b"PK",
    "zip": b"PK",
    "json": b"{",
}


def test_every_form_comes_once_and_is_named_without_a_persons_name(place):
    """Each form over HTTP: what it is, what it is called, and 304 for whoever has it."""
    made = place.freeze(audience="funder")
    for form, beginning in FORMS.items():
        path = f"reports/{made['id']}.{form}"
        got = place.visit("GET", path, "coordinator")
        assert got.status_code == 200, form
        assert got.data.lstrip().startswith(beginning)
        have = {"If-None-Match": got.headers["ETag"]}
        assert place.visit("GET", path, "coordinator", headers=have).status_code == 304
        other = {"If-None-Match": '"something-else"'}
        assert place.visit("GET", path, "coordinator", headers=other).status_code == 200
        if form in {"pdf", "xlsx", "zip"}:
            name = f"weft-{PERIOD['from']}-{PERIOD['to']}-funder-en.{form}"
            assert f'filename="{name}"' in got.headers["Content-Disposition"]


def test_a_page_is_sent_anew_once_something_around_it_changed(place):
    made = place.freeze(audience="funder")
    path = f"reports/{made['id']}.html"
    before = place.visit("GET", path, "coordinator").headers["ETag"]
    grants = {"grants": ["360G-ValleyFund-2026-0117"]}
    place.visit("PUT", f"reports/{made['id']}/grants", "coordinator", json=grants)
    got = place.visit("GET", path, "coordinator", headers={"If-None-Match": before})
    assert got.status_code == 200
    assert "360G-ValleyFund-2026-0117" in got.text
