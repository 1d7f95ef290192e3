"""The story of a figure is a page too: for members in the client, for others through a link."""

from __future__ import annotations

import re
from html import escape

import pytest

from api.reports import pdf

BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


def page(place, report, figure, role="coordinator", **query):
    path = f"reports/{report}/figures/{figure}.html"
    return place.visit("GET", path, role, query_string=query)


def ids_of(place, report, figure):
    said = place.visit("GET", f"reports/{report}/figures/{figure}", "coordinator").json
    return said["records"]["numerator"][0]["ids"]


def link_to(place, report):
    asked = {"label": "Fund"}
    return place.visit("POST", f"reports/{report}/links", "coordinator", json=asked).json["token"]


def test_every_figure_has_a_page_that_loads_nothing(place):
    report = place.freeze()
    for indicator in report["indicators"]:
        for figure in indicator["figures"]:
            found = page(place, report["id"], figure["key"])
            assert found.status_code == 200
            assert escape(figure["reading"]) in found.text
            assert escape(indicator["sentence"]) in found.text
            assert not re.search(r"<(script|link|img|iframe|object)\b|url\(|@import", found.text)


def test_a_browser_gets_the_page_at_the_same_address_and_a_program_the_json(place):
    report = place.freeze()["id"]
    path = f"reports/{report}/figures/K1.made"
    seen = place.visit("GET", path, "coordinator", headers=BROWSER)
    assert (seen.mimetype, seen.data) == ("text/html", page(place, report, "K1.made").data)
    for accept in ("application/json", "*/*", ""):
        told = place.visit("GET", path, "coordinator", headers={"Accept": accept})
        assert told.mimetype == "application/json"
        assert "Accept" in told.headers["Vary"]
    assert "style-src" in seen.headers["Content-Security-Policy"]
    assert seen.headers["Referrer-Policy"] == "no-referrer"


def test_the_page_lists_ids_to_coordinators_and_tells_others_that_it_does_not(place):
    report = place.release()
    ids = ids_of(place, report, "K1.made")
    assert all(id_ in page(place, report, "K1.made").text for id_ in ids)
    for role in ("connector", "funder"):
        text = page(place, report, "K1.made", role).text
        assert "coordinators alone" in text
        assert not any(id_ in text for id_ in ids)


def test_the_page_leads_to_the_next_ids(place):
    report = place.freeze()["id"]
    first = page(place, report, "K1.made", limit=20).text
    (cursor,) = re.findall(rf"/start#report/{report}/K1.made/([\w-]+)", first)
    last = page(place, report, "K1.made", limit=20, cursor=cursor).text
    assert "More ids" not in last
    assert ("<details open>" in first, "<details open>" in last) == (False, True)
    ids = re.findall(r"<li>([0-9a-f-]{36})</li>", first + last)
    assert len(set(ids)) == 38  # those made, and all


@pytest.mark.parametrize(
    ("language", "direction", "title"),
    [
        ("en", "ltr", "How this figure was made"),
        ("cy", "ltr", "Sut y gwnaed y ffigur hwn"),
        ("ar", "rtl", "كيف صُنع هذا الرقم"),
    ],
)
def test_the_page_speaks_as_its_report_does(place, language, direction, title):
    text = page(place, place.freeze(language=language)["id"], "K1.made").text
    assert f'<html lang="{language}" dir="{direction}">' in text
    assert f"<title>{title}" in text


def test_a_report_leads_to_the_story_of_each_figure_and_paper_to_none(place, app, monkeypatch):
    report = place.freeze()
    base = f"{app.extensions['settings'].base_url}/start#report/{report['id']}/"
    text = place.visit("GET", f"reports/{report['id']}.html", "coordinator").text
    for indicator in report["indicators"]:
        for figure in indicator["figures"]:
            assert text.count(f'href="{base}{figure["key"]}"') == 1
    printed = []
    monkeypatch.setattr(pdf, "render", lambda *given: printed.append(given[2].stories) or b"")
    place.visit("GET", f"reports/{report['id']}.pdf", "coordinator")
    assert printed == [""]


def test_a_link_opens_the_stories_of_its_report_and_of_no_other(app, place):
    report, other = place.release(), place.freeze(audience="funder")["id"]
    token, client = link_to(place, report), app.test_client()
    text = client.get(f"/r/{token}").text
    where = re.findall(r'class="made"><a href="([^"]+)"', text)
    assert len(where) == len(set(where)) > 20
    base_url = app.extensions["settings"].base_url
    for address in where:
        assert address.startswith(f"{base_url}/r/{token}/{report}/figures/")
        path = address.removeprefix(base_url)
        found = client.get(path, headers=BROWSER)
        assert (found.status_code, found.mimetype) == (200, "text/html")
        assert client.post(path).status_code == 405
    assert found.headers["Cache-Control"] == "no-store"
    assert found.headers["Referrer-Policy"] == "no-referrer"
    assert found.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert f'href="{base_url}/r/{token}/{report}.html"' in found.text
    assert client.get(f"/r/{token}/{other}/figures/K1.made.html").status_code == 404
    assert client.get(f"/r/{token}/{report}/figures/K99.made.html").status_code == 404


def test_a_link_taken_back_opens_no_story(app, place):
    report = place.release()
    token, client = link_to(place, report), app.test_client()
    path = f"/r/{token}/{report}/figures/K1.made.html"
    assert client.get(path).status_code == 200
    (link,) = place.visit("GET", "reports/links", "admin").json["items"]
    place.visit("DELETE", f"reports/links/{link['id']}", "coordinator")
    closed = client.get(path, headers=BROWSER)
    assert (closed.status_code, "This link opens nothing" in closed.text) == (404, True)


def test_whoever_opens_a_story_page_is_among_those_who_took_the_report(app, place):
    report = place.release()
    page(place, report, "K1.made", "funder")
    app.test_client().get(f"/r/{link_to(place, report)}/{report}/figures/K1.made.html")
    pulls = place.visit("GET", f"reports/{report}/pulls", "connector").json["items"]
    assert sorted(pull["by"] for pull in pulls) == ["account", "link"]
    assert {pull["form"] for pull in pulls} == {"figure"}
