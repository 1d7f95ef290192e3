"""Links: whoever holds one reads what was released, until it ends; then nothing tells why."""

from __future__ import annotations

import datetime as dt
import re
import secrets
from uuid import uuid4

import pytest
import requests

from api.reports.pulling.links import make_token, network_of
from tests.fixtures.server import serving

BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


@pytest.fixture
def report(place):
    return place.release()


@pytest.fixture
def make_link(place, report):
    def make(report_id=report, **more):
        asked = {"label": "Valley Fund"} | more
        made = place.visit("POST", f"reports/{report_id}/links", "coordinator", json=asked)
        assert made.status_code == 201, made.json
        return made.json

    return make


@pytest.fixture
def knock(app):
    """Come to the door without signing in, from an address of the test's own."""
    address = ".".join(["10", *(str(secrets.randbelow(256)) for _ in range(3))])

    def knock(path, **headers):
        where, headers = {"REMOTE_ADDR": address}, headers or {"Accept": "*/*"}
        return app.test_client().get(f"/r/{path}", headers=headers, environ_base=where)

    return knock


def owner_says(place, statement, **params):
    """Change what no request can: the past."""
    with place.network.database.transaction(place.network.id) as cx:
        cx.exec_driver_sql("SET LOCAL ROLE NONE")
        cx.exec_driver_sql(statement, params)


def test_a_link_opens_the_page_and_the_frozen_bytes(place, report, make_link, knock):
    token = make_link()["token"]
    page, frozen = knock(token), knock(f"{token}.json")
    assert page.mimetype == "text/html"
    assert "In a minute" in page.text
    assert frozen.data == place.visit("GET", f"reports/{report}", "funder").data
    assert knock(token, Accept="application/json").data == frozen.data
    assert f'/r/{token}/{report}.json"' in page.text


def test_what_a_link_opens_is_kept_from_caches_search_engines_and_other_sites(make_link, knock):
    token = make_link()["token"]
    for path in (token, f"{token}.json", f"{token}/reports", make_token(uuid4())):
        headers = knock(path).headers
        assert headers["Cache-Control"] == "no-store"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["X-Robots-Tag"] == "noindex, nofollow"


def test_a_token_is_shown_once_and_kept_as_a_hash(place, make_link):
    made = make_link()
    assert made["url"].endswith(f"/r/{made['token']}")
    listed = place.visit("GET", "reports/links", "coordinator")
    assert made["token"] not in listed.text
    assert listed.json["items"][0]["id"] == made["id"]
    (row,) = place.network.rows("SELECT l::text FROM report_link l")
    assert made["token"] not in row[0]
    assert len(made["token"]) == 54


def ends(place, made):
    """Every way in which a link comes to open nothing."""
    id_ = made["id"]
    return {
        "revoked": lambda: place.visit("DELETE", f"reports/links/{id_}", "coordinator"),
        "expired": lambda: owner_says(
            place, "UPDATE report_link SET expires_on = current_date - 1 WHERE id = %(id)s", id=id_
        ),
        "withdrawn": lambda: place.visit(
            "POST",
            f"reports/{made['report_id']}/withdraw",
            "coordinator",
            json={"because": "Counted twice."},
        ),
    }


@pytest.mark.parametrize("end", ["revoked", "expired", "withdrawn"])
def test_a_link_that_ended_answers_like_one_that_never_was(place, make_link, knock, end):
    made = make_link()
    assert knock(made["token"]).status_code == 200
    ends(place, made)[end]()
    for path in ("{}", "{}.json", "{}.nonsense", "{}/reports", f"{{}}/{made['report_id']}.html"):
        answers = [knock(path.format(t)) for t in (made["token"], make_token(place.network.id))]
        ours, never = (re.sub('"request_id":"[^"]+"', "", answer.text) for answer in answers)
        assert ours == never
        assert [answer.status_code for answer in answers] == [404, 404]
        assert answers[0].json["code"] == "link_closed"
    pages = [knock(t, **BROWSER) for t in (made["token"], make_token(uuid4()), "no-token-é")]
    assert len({page.text for page in pages}) == 1
    assert "This link opens nothing" in pages[0].text
    assert {page.status_code for page in pages} == {404}
    assert pages[0].headers["Content-Security-Policy"].startswith("default-src 'none'")


def test_on_its_last_day_a_link_still_opens(make_link, knock):
    today = dt.datetime.now(dt.UTC).date()
    assert knock(make_link(expires_on=str(today))["token"]).status_code == 200


@pytest.mark.parametrize(("days", "covers"), [(-1, "report"), (401, "report"), (1, "everything")])
def test_a_link_that_ends_in_the_past_or_never_is_refused(place, report, days, covers):
    day = dt.datetime.now(dt.UTC).date() + dt.timedelta(days=days)
    asked = {"label": "Fund", "covers": covers, "expires_on": str(day)}
    found = place.visit("POST", f"reports/{report}/links", "coordinator", json=asked)
    assert found.status_code == 422
    assert list(found.json["fields"]) == ["covers" if days == 1 else "expires_on"]


def test_a_link_to_one_report_opens_no_other(place, make_link, knock):
    other = place.release(period={"from": "2025-01-13", "to": "2025-02-03"})
    token = make_link()["token"]
    assert knock(f"{token}/{other}.json").status_code == 404
    assert len(knock(f"{token}/reports").json) == 1


def test_a_link_to_a_series_opens_every_released_report_of_it_the_newest_first(
    place, report, make_link, knock
):
    token = make_link(covers="series")["token"]
    later = place.release(period={"from": "2025-02-03", "to": "2025-03-03"})
    place.freeze(audience="funder", period={"from": "2025-03-03", "to": "2025-03-31"})
    place.release(audience="public", period={"from": "2025-03-03", "to": "2025-03-31"})
    assert [entry["id"] for entry in knock(f"{token}/reports").json] == [later, report]
    assert knock(f"{token}.json").json["id"] == later
    assert knock(f"{token}/{report}.json").json["id"] == report
    assert f"/r/{token}/{report}.html" in knock(token).text


@pytest.mark.parametrize("other", ["language", "boundaries"])
def test_a_link_to_a_series_opens_no_other_series(place, report, make_link, knock, other):
    token = make_link(covers="series")["token"]
    if other == "boundaries":
        place.network.coordinator.make("boundaries", {"name": "Tenure"})
    made = place.release(**({"language": "cy"} if other == "language" else {}))
    assert [entry["id"] for entry in knock(f"{token}/reports").json] == [report]
    assert knock(f"{token}/{made}.json").status_code == 404


def test_the_links_of_a_report_are_its_own(place, report, make_link):
    other = place.release(period={"from": "2025-02-03", "to": "2025-03-03"})
    made = [make_link(each)["id"] for each in (report, other)]
    paths = (f"reports/{report}/links", f"reports/{other}/links", "reports/links")
    listed = [place.visit("GET", path, "coordinator").json["items"] for path in paths]
    assert [[link["id"] for link in each] for each in listed] == [made[:1], made[1:], made[::-1]]
    assert place.visit("GET", f"reports/{uuid4()}/links", "coordinator").status_code == 404


def test_a_new_token_is_kept_in_no_cache(place, report):
    made = place.visit("POST", f"reports/{report}/links", "coordinator", json={"label": "Fund"})
    assert (made.status_code, made.headers["Cache-Control"]) == (201, "no-store")


def test_nothing_unreleased_gets_a_link(place):
    id_ = place.freeze(audience="funder")["id"]
    asked = {"label": "Too early"}
    found = place.visit("POST", f"reports/{id_}/links", "coordinator", json=asked)
    assert (found.status_code, found.json["code"]) == (409, "not_released_yet")


def test_links_are_the_business_of_coordinators(place, report, make_link, other_network):
    made = make_link()
    asks = [
        ("POST", f"reports/{report}/links"),
        ("GET", f"reports/{report}/links"),
        ("GET", "reports/links"),
        ("DELETE", f"reports/links/{made['id']}"),
    ]
    body = {"label": "Mine"}
    for method, path in asks:
        for role in ("connector", "funder"):
            more = {"json": body} if method == "POST" else {}
            assert place.visit(method, path, role, **more).status_code == 403
    assert other_network.coordinator.delete(f"reports/links/{made['id']}").status_code == 404
    assert other_network.coordinator.get("reports/links").json["items"] == []
    assert place.visit("DELETE", f"reports/links/{made['id']}", "admin").status_code == 204
    again = place.visit("DELETE", f"reports/links/{made['id']}", "admin")
    assert again.status_code == 404


def test_a_link_is_read_only_and_speaks_for_nobody(app, place, make_link):
    token = make_link()["token"]
    client = app.test_client()
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        assert client.open(f"/r/{token}", method=method).status_code == 405
    headers = {"Authorization": f"Bearer {token}"}
    where = f"/api/v1/networks/{place.network.id}/reports"
    assert client.get(where, headers=headers).status_code == 401


def test_who_tries_many_closed_links_has_to_wait_and_open_ones_still_open(make_link, knock):
    token = make_link()["token"]
    tried = [knock(make_token(uuid4())).status_code for _ in range(61)]
    assert tried == [404] * 60 + [429]
    waiting = knock(make_token(uuid4()), **BROWSER)
    assert (waiting.status_code, "Wait a little" in waiting.text) == (429, True)
    assert int(waiting.headers["Retry-After"]) > 0
    assert knock(token).status_code == 200


def test_a_token_never_reaches_a_log_or_the_metrics(database_url, tmp_path, make_link, capfd):
    token, gone = make_link()["token"], make_token(uuid4())
    with serving(database_url, tmp_path, WEFT_WORKERS="1") as env:
        root = f"http://127.0.0.1:{env['WEFT_PORT']}"
        asked = ("r/{}", "r/{}.json", "r/{}.exe", "r/{}/reports", "r/{}/lost", "r/{}/%ff.x")
        asked += ("odata/{}/", "odata/{}/Reports", "odata/{}/Nothing")
        for path in asked:
            for each in (token, gone):
                requests.get(f"{root}/{path.format(each)}", timeout=60)
        found = requests.get(f"{root}/odata/{token}/Figures", timeout=60).json()
        told = requests.get(f"{root}/metrics", timeout=60).text
    said = "".join(capfd.readouterr())
    assert said.count('"route":"/r/<name>"') == 6
    assert "/r/<name>" in told
    assert found["@odata.context"] == f"{root}/odata/{token}/$metadata#Figures"
    for secret in (token, gone):
        assert secret not in said + told


def test_a_token_names_its_network_and_hides_the_rest():
    network_id = uuid4()
    one, other = make_token(network_id), make_token(network_id)
    assert network_of(one) == network_of(other) == network_id
    assert one[22:] != other[22:]
    assert re.fullmatch(r"[\w-]{54}", one)


# --- who took what -------------------------------------------------------------------------------


def sentences(place, report, role="connector"):
    return [
        i["sentence"] for i in place.visit("GET", f"reports/{report}/pulls", role).json["items"]
    ]


def test_the_groups_read_who_took_a_report_when_and_how(place, report, make_link, knock):
    made = make_link()
    knock(f"{made['token']}.json")
    place.visit("GET", f"reports/{report}.html", "funder")
    found = place.visit("GET", f"reports/{report}/pulls", "connector").json["items"]
    by = {pull["by"]: pull for pull in found}
    assert by["link"]["reader_id"] == made["id"]
    assert by["account"]["reader_id"] == str(place.network.funder.member_id)
    said = "{}, somebody with the link “Valley Fund” took this report as JSON."
    assert re.fullmatch(said.format(r"On \d+ \w+ \d+ at \d\d:\d\d UTC"), by["link"]["sentence"])
    assert by["account"]["sentence"].endswith(
        "UTC, a funder with an account here took this report as a page."
    )


def test_a_pull_is_told_without_address_or_device(place, report, make_link, knock):
    knock(make_link()["token"], **{"User-Agent": "Somebody/1.0"})
    (row,) = place.network.rows("SELECT p::text, pulled_at FROM report_pull p")
    assert "127.0.0.1" not in row[0]
    assert "Somebody" not in row[0]
    assert (row[1].second, row[1].microsecond) == (0, 0)


def test_reading_inside_the_network_is_no_pull(place, report):
    for role in ("connector", "coordinator", "admin"):
        place.visit("GET", f"reports/{report}", role)
        place.visit("GET", f"reports/{report}.html", role)
    assert sentences(place, report) == []


def test_a_form_that_does_not_exist_is_refused_and_no_pull(place, report, make_link, knock):
    found = [
        knock(f"{make_link()['token']}.exe"),
        place.visit("GET", f"reports/{report}.exe", "funder"),
    ]
    assert [(each.status_code, each.json["code"]) for each in found] == [(404, "not_found")] * 2
    assert sentences(place, report) == []


def test_what_a_closed_link_was_tried_for_is_no_pull(place, report, make_link, knock):
    made = make_link()
    place.visit("DELETE", f"reports/links/{made['id']}", "coordinator")
    knock(made["token"])
    assert sentences(place, report) == []


def test_funders_and_strangers_do_not_read_who_took_a_report(place, report, other_network):
    assert place.visit("GET", f"reports/{report}/pulls", "funder").status_code == 403
    path = f"/api/v1/networks/{place.network.id}/reports/{report}/pulls"
    assert other_network.coordinator.get(path).status_code == 403
    assert other_network.coordinator.get(f"reports/{report}/pulls").status_code == 404


def test_pulls_are_paged_newest_first(place, report):
    for minute in range(3):
        owner_says(
            place,
            "INSERT INTO report_pull VALUES (%(network)s, %(report)s,"
            " '2026-01-01T10:00Z'::timestamptz + %(at)s * interval '1 minute', %(reader)s, 'json',"
            " 'account')",
            network=place.network.id,
            report=report,
            at=minute,
            reader=uuid4(),
        )
    first = place.visit("GET", f"reports/{report}/pulls?limit=2", "connector").json
    rest = place.visit(
        "GET", f"reports/{report}/pulls?limit=2&cursor={first['next']}", "connector"
    ).json
    minutes = [pull["pulled_at"][14:16] for pull in first["items"] + rest["items"]]
    assert (minutes, rest["next"]) == (["02", "01", "00"], None)
