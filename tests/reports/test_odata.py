"""OData: spreadsheets and databases read what a link opens, by the protocol they all speak."""

from __future__ import annotations

import logging
import secrets
from base64 import b64encode
from threading import Thread
from uuid import uuid4

import pytest
import requests
from lxml import etree
from odata import ODataService
from werkzeug.serving import make_server

from api.reports.odata import options
from api.reports.pulling.links import make_token

EDM = "{http://docs.oasis-open.org/odata/ns/edm}"
QUARTERS = [
    {"from": "2024-10-01", "to": "2025-01-01"},
    {"from": "2025-01-01", "to": "2025-04-01"},
]


@pytest.fixture
def series(place):
    """Two released reports of a series, one unreleased, and a link to the series."""
    made = [place.release(period=period) for period in QUARTERS]
    place.freeze(audience="funder", period=QUARTERS[1])
    asked = {"label": "Valley Fund", "covers": "series"}
    token = place.visit("POST", f"reports/{made[0]}/links", "coordinator", json=asked).json["token"]
    return made, token


@pytest.fixture
def ask(app, series):
    """Ask with the token in the path, from an address of the test's own."""
    address = ".".join(["10", *(str(secrets.randbelow(256)) for _ in range(3))])

    def ask(path="", *, token=series[1], base=None, headers=None, **query):
        base = f"/odata/{token}/" if base is None else base
        asked = {f"${name}": value for name, value in query.items()}
        where = {"REMOTE_ADDR": address}
        return app.test_client().get(
            base + path, query_string=asked, headers=headers, environ_base=where
        )

    return ask


def basic(password):
    return {"Authorization": "Basic " + b64encode(f"excel:{password}".encode()).decode()}


# --- what there is -------------------------------------------------------------------------------


def test_the_service_says_what_there_is(ask):
    found = ask()
    assert found.headers["OData-Version"] == "4.0"
    assert found.json["@odata.context"].endswith("/$metadata")
    assert [each["url"] for each in found.json["value"]] == ["Reports", "Figures", "Cells"]


def test_the_metadata_names_every_property_that_rows_have(ask):
    found = ask("$metadata")
    assert found.mimetype == "application/xml"
    schema = etree.fromstring(found.data)
    sets = {each.get("Name"): each.get("EntityType") for each in schema.iter(f"{EDM}EntitySet")}
    types = {f"Weft.{each.get('Name')}": each for each in schema.iter(f"{EDM}EntityType")}
    for name, type_ in sets.items():
        row = ask(name).json["value"][0]
        assert list(row) == [each.get("Name") for each in types[type_].iter(f"{EDM}Property")]
        keys = {each.get("Name") for each in types[type_].iter(f"{EDM}PropertyRef")}
        assert keys < set(row)


def test_only_released_reports_are_there_with_what_they_show(place, series, ask):
    (first, later), _ = series
    assert [row["id"] for row in ask("Reports").json["value"]] == [later, first]
    shown = {
        (indicator["id"], figure["key"]): figure["reading"]
        for indicator in place.visit("GET", f"reports/{first}", "funder").json["indicators"]
        for figure in indicator["figures"]
    }
    rows = ask("Figures", filter=f"report_id eq {first}").json["value"]
    assert {(row["indicator"], row["figure_id"]): row["reading"] for row in rows} == shown
    cells = ask("Cells").json["value"]
    assert {row["report_id"] for row in cells} == {first, later}
    assert all(row["value"] is None for row in cells if row["state"] == "hidden")
    assert any(row["state"] == "hidden" for row in cells)


# --- asking --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("indicator eq 'K1'", lambda r: r["indicator"] == "K1"),
        ("indicator ne 'K1'", lambda r: r["indicator"] != "K1"),
        ("numerator ge 20 and numerator lt 40", lambda r: 20 <= (r["numerator"] or 0) < 40),
        ("numerator eq null", lambda r: r["numerator"] is None),
        ("not (numerator gt 5)", lambda r: r["numerator"] is not None and r["numerator"] <= 5),
        ("share gt 0.1 or indicator eq 'K0'", lambda r: r["share"] or r["indicator"] == "K0"),
        ("contains(tolower(reading),'introductions')", lambda r: "introd" in r["reading"].lower()),
        ("startswith(figure_id,'K8.') eq true", lambda r: r["figure_id"].startswith("K8.")),
        ("indicator in ('K1','K2')", lambda r: r["indicator"] in {"K1", "K2"}),
        ("period_from ge 2025-01-01", lambda r: r["period_from"] >= "2025-01-01"),
        ("year(period_from) eq 2024", lambda r: r["period_from"] < "2025"),
        ("numerator gt -1", lambda r: r["numerator"] is not None),
        ("label eq 'it''s'", lambda r: False),
        ("numerator gt null", lambda r: False),
        ("not (numerator gt null)", lambda r: False),
    ],
)
def test_a_filter_keeps_the_rows_it_says(ask, text, kept):
    every = ask("Figures").json["value"]
    found = ask("Figures", filter=text)
    assert found.status_code == 200, found.text
    assert found.json["value"] == [row for row in every if kept(row)]


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ({"filter": "numerator eq"}, 400, "bad_filter"),
        ({"filter": ""}, 400, "bad_filter"),
        ({"filter": "(" * 900}, 400, "bad_filter"),
        ({"filter": "numerator ge 0" + " or numerator ge 0" * 120}, 400, "bad_filter"),
        ({"filter": "numerator gt 'many'"}, 400, "bad_filter"),
        ({"filter": "reading and label"}, 400, "bad_filter"),
        ({"filter": "contains(numerator,'1')"}, 400, "bad_filter"),
        ({"filter": "body eq 'x'"}, 400, "unknown_property"),
        ({"filter": "numerator add 1 gt 2"}, 501, "not_implemented"),
        ({"filter": "round(share) eq 1"}, 501, "not_implemented"),
        ({"select": "reading,body"}, 400, "unknown_property"),
        ({"orderby": "__class__"}, 400, "unknown_property"),
        ({"orderby": "reading sideways"}, 400, "bad_option"),
        ({"top": "-1"}, 400, "bad_option"),
        ({"skip": "٣"}, 400, "bad_option"),
        ({"count": "yes"}, 400, "bad_option"),
        ({"apply": "aggregate($count as n)"}, 501, "not_implemented"),
        ({"expand": "Figures"}, 501, "not_implemented"),
        ({"format": "atom"}, 406, "not_acceptable"),
    ],
)
def test_what_cannot_be_asked_is_an_error_in_the_protocols_shape(ask, query, status, code):
    found = ask("Figures", **query)
    assert (found.status_code, found.json["error"]["code"]) == (status, code)
    assert found.json["error"]["message"]


def test_rows_come_selected_ordered_counted_and_in_part(ask):
    every = ask("Figures").json["value"]
    found = ask(
        "Figures",
        select="figure_id,numerator",
        orderby="numerator desc,figure_id",
        top="3",
        skip="1",
        count="true",
    ).json
    expected = sorted(every, key=_largest_first)[1:4]
    assert found["value"] == [
        {name: row[name] for name in ("figure_id", "numerator")} for row in expected
    ]
    assert found["@odata.count"] == len(every)
    assert found["@odata.context"].endswith("$metadata#Figures(figure_id,numerator)")
    assert ask("Figures/$count", filter="indicator eq 'K1'").data == b"4"


def _largest_first(row):
    return row["numerator"] is None, -(row["numerator"] or 0), row["figure_id"]


def test_many_rows_come_page_by_page(ask, app, monkeypatch):
    monkeypatch.setattr(options, "MOST_ROWS", 7)
    every, query = [], {"top": "18", "filter": "indicator ne 'K0'"}
    page = ask("Cells", **query).json
    while True:
        every += page["value"]
        if "@odata.nextLink" not in page:
            break
        page = app.test_client().get(page["@odata.nextLink"]).json
    monkeypatch.undo()
    assert every == ask("Cells", **query).json["value"]
    assert len(every) == 18


def test_one_row_is_had_by_its_key(ask, series):
    (first, _), _ = series
    assert ask(f"Reports({first})").json["id"] == first
    found = ask(f"Figures(report_id={first},figure_id='K1.made')", select="figure_id").json
    assert found["figure_id"] == "K1.made"
    assert found["@odata.context"].endswith("#Figures(figure_id)/$entity")
    statuses = [ask(f"{path}").status_code for path in (f"Reports({uuid4()})", "Figures('K1')")]
    assert statuses == [404, 400]


# --- who -----------------------------------------------------------------------------------------


def test_the_token_may_be_the_password(ask, series):
    _, token = series
    found = ask("Reports", base="/odata/", headers=basic(token))
    assert len(found.json["value"]) == 2
    assert token not in found.text
    for password in ("", "wrong", make_token(uuid4())):
        refused = ask("Reports", base="/odata/", headers=basic(password))
        assert refused.status_code == 401
        assert refused.headers["WWW-Authenticate"].startswith("Basic ")
    unasked = ask("Reports", base="/odata/")
    assert (unasked.status_code, unasked.json["error"]["code"]) == (401, "not_signed_in")


def test_a_closed_link_opens_no_rows(place, series, ask):
    (link,) = place.visit("GET", "reports/links", "coordinator").json["items"]
    place.visit("DELETE", f"reports/links/{link['id']}", "coordinator")
    for path in ("", "$metadata", "Reports", "Nothing"):
        ours, never = ask(path), ask(path, token=make_token(place.network.id))
        assert (ours.status_code, ours.text) == (never.status_code, never.text)
        assert ours.json["error"]["code"] == "link_closed"
    assert ask(headers=basic(series[1]), base="/odata/").status_code == 401


def test_guesses_are_limited(ask):
    statuses = [ask(token=make_token(uuid4())).status_code for _ in range(61)]
    assert statuses == [404] * 60 + [429]


def test_what_rows_told_of_is_told_to_the_groups(place, series, ask):
    (first, later), _ = series
    ask("$metadata")
    ask("Figures", filter=f"report_id eq {later}")
    pulls = place.visit("GET", f"reports/{later}/pulls", "connector").json["items"]
    assert pulls[0]["sentence"].endswith("into a spreadsheet or database, by OData.")
    assert place.visit("GET", f"reports/{first}/pulls", "connector").json["items"] == []


def test_rows_are_read_only_and_kept_from_caches(app, ask, series):
    for method in ("POST", "PATCH", "PUT", "DELETE"):
        assert (
            app.test_client().open(f"/odata/{series[1]}/Reports", method=method).status_code == 405
        )
    assert ask("Reports").headers["Cache-Control"] == "no-store"
    assert ask("Nothing").headers["X-Robots-Tag"] == "noindex, nofollow"


# --- a client library nobody here wrote ----------------------------------------------------------


@pytest.fixture
def served(app):
    """The application at an address of its own."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/odata/"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize("way", ["path", "password"])
def test_a_client_library_connects_learns_the_types_and_asks(served, series, way):
    (first, later), token = series
    url = f"{served}{token}/" if way == "path" else served
    with requests.Session() as session:
        session.auth = None if way == "path" else ("excel", token)
        service = ODataService(url, session=session, reflect_entities=True, quiet_progress=True)
        report, figure = service.entities["Reports"], service.entities["Figures"]
        query = service.query(report).order_by(report.period_from.asc())
        assert [str(each.id) for each in query] == [first, later]
        asked = service.query(figure).filter(figure.indicator == "K1")
        asked = asked.filter(figure.numerator >= 20).order_by(figure.figure_id.asc()).limit(3)
        found = list(asked)
        assert [each.indicator for each in found] == ["K1"] * len(found)
        assert all(each.numerator >= 20 for each in found)
        assert {str(each.report_id) for each in found} <= {first, later}
