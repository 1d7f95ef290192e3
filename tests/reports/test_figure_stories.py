"""Every figure says how it was made; the records behind it are as they were when it was frozen."""

from __future__ import annotations

import re
import zlib
from dataclasses import replace
from itertools import count
from uuid import UUID, uuid4

import pytest

from api.reports.counts import tally
from api.reports.facts import Flows
from api.reports.inputs import pack, unpack
from api.reports.traces import parts_of, trace
from tests.reports.conftest import introduction
from tests.reports.town import LIBRARY, MOSQUE, RIVER, town

SERIAL = count(1)


def ids(number):
    return b"".join(UUID(int=next(SERIAL)).bytes for _ in range(number))


def traced_town():
    """The town, where everything that is counted has an id."""
    plain = town()
    long_ago = Flows(LIBRARY, MOSQUE, "goods", "delivered", 1, 0)  # in a period of two years
    plain = replace(plain, flows=(*plain.flows, long_ago))
    return replace(
        plain,
        introductions=tuple(replace(row, ids=ids(row.count)) for row in plain.introductions),
        flows=tuple(
            replace(row, ids=ids(row.in_period), ids_in_year=ids(row.in_year))
            for row in plain.flows
        ),
        basis=replace(plain.basis, ids_due=ids(40), ids_answered=ids(30)),
    )


FACTS = traced_town()
COUNTS = tally(FACTS).counts
NO_RECORDS = re.compile(
    r"~|K0\.(connectors|weeks_\w+|logs)$|K(4|5|6|11|12|13|14|15|17)\.|K16\.both"
)
PAIRS = ("pairs_any", "pairs_both", "pairs_one_way")


@pytest.mark.parametrize("key", sorted(COUNTS))
def test_behind_every_count_are_as_many_records(key):
    found = trace(FACTS, key)
    if NO_RECORDS.match(key):
        assert found is None
    elif not key.endswith(PAIRS):
        assert len(found.ids) == COUNTS[key]
        assert len(set(found.ids)) == len(found.ids)


def test_behind_pairs_are_the_flows_of_the_year_that_made_them_pairs():
    numbers = [len(trace(FACTS, f"K8.{RIVER.id}.{name}").ids) for name in PAIRS]
    # the choir and the mosque gave both ways, 12 and 1; the mosque to the library one way, 2
    assert numbers == [15, 13, 2]


def test_a_key_that_counts_nothing_here_has_no_records():
    for key in ("K1.most", f"K2.{uuid4()}.across", "K8.", "nonsense", "K2..across"):
        assert trace(FACTS, key) is None


def test_inputs_are_kept_whole_and_without_a_name():
    packed = pack(FACTS)
    assert tally(unpack(packed)) == tally(FACTS)
    assert unpack(packed).introductions == FACTS.introductions
    kept = repr(unpack(packed))
    assert not any(name in kept for name in ("River", "bank", "Which", "Over 60"))


# --- over HTTP -----------------------------------------------------------------------------------


def story(place, report, figure, role="coordinator", **query):
    return place.visit("GET", f"reports/{report}/figures/{figure}", role, query_string=query)


def test_every_figure_tells_how_it_was_made(place):
    report = place.freeze()
    for indicator in report["indicators"]:
        for figure in indicator["figures"]:
            said = story(place, report["id"], figure["key"]).json
            assert said["figure"] == figure
            assert said["indicator"]["sentence"] == indicator["sentence"]
            assert said["report"]["seed"] == report["seed"]
            for name, key in (
                ("numerator", parts_of(figure["key"]).numerator),
                ("denominator", parts_of(figure["key"]).denominator),
            ):
                behind = said["records"][name]
                if behind and not key.endswith(PAIRS):
                    assert behind["count"] == figure[name]["value"]


def test_a_figure_beside_chance_names_its_null_model(place):
    report = place.freeze()
    said = story(place, report["id"], f"K2.{place.ids['river']}").json
    assert said["chance"] == {
        "model": "N2",
        "sentence": said["chance"]["sentence"],
        "seed": report["seed"],
        "draws": 9999,
    }
    assert story(place, report["id"], "K1.made").json["chance"] is None


def test_the_records_are_those_of_the_freeze_whatever_became_of_them(place):
    report = place.freeze()["id"]
    before = story(place, report, "K1.made").json["records"]
    assert set(before["numerator"]["ids"]) >= {str(place.ids[f"i{at}"]) for at in range(12)}
    place.write("connector", introduction(place.ids, "n0", "s0"))
    path = f"introductions/{place.ids['i0']}"
    etag = place.visit("GET", path, "connector").headers["ETag"]
    gone = place.visit("DELETE", path, "connector", headers={"If-Match": etag})
    assert gone.status_code in {200, 204}
    assert story(place, report, "K1.made").json["records"] == before


def test_the_ids_come_in_pages(place):
    report = place.freeze()["id"]
    whole = story(place, report, "K1.made").json["records"]["numerator"]
    first = story(place, report, "K1.made", limit=20).json["records"]["numerator"]
    rest = story(place, report, "K1.made", after=first["next"]).json["records"]["numerator"]
    assert (first["ids"] + rest["ids"], rest["next"]) == (whole["ids"], None)
    assert len(first["ids"]) == 20


def test_only_coordinators_and_admins_get_ids(place):
    report = place.release()
    for role in ("connector", "funder"):
        said = story(place, report, "K1.made", role)
        assert said.json["records"] is None
        assert said.json["figure"]["numerator"]["state"] == "rounded"
        assert not any(str(place.ids[f"i{at}"]) in said.text for at in range(12))
    assert story(place, report, "K1.made", "admin").json["records"]["numerator"]["count"] == 36


def test_a_figure_follows_its_report(place, other_network):
    report = place.freeze(audience="funder")["id"]
    for role in ("connector", "funder"):
        assert story(place, report, "K1.made", role).status_code == 404
    assert story(place, report, "K99.made").json["code"] == "not_found"
    path = f"/api/v1/networks/{place.network.id}/reports/{report}/figures/K1.made"
    assert other_network.coordinator.get(path).status_code == 403


def test_no_id_of_anybody_is_among_the_inputs(place):
    entry = {"alias": "A", "notice": "not_given", "basis": "consent", "age_band": "adult"}
    person = place.network.connector.make("people", entry)["id"]
    met = introduction(place.ids, "n0", "s0", called="met")
    met.values["parties"][0]["person_id"] = person
    place.write("connector", met)
    report = place.freeze()["id"]
    (row,) = place.network.rows(
        "SELECT content FROM report_input WHERE report_id = %(report)s", report=report
    )
    raw, facts = zlib.decompress(row[0]), unpack(row[0])
    assert place.ids["met"].bytes in raw
    assert sum(row.count for row in facts.introductions) == 39
    for somebody in (UUID(person), *(m.member_id for m in place.network.members.values())):
        assert somebody.bytes not in raw
        assert str(somebody).encode() not in raw


def test_whoever_holds_a_link_reads_how_a_figure_was_made(app, place):
    report = place.release()
    asked = {"label": "Fund"}
    token = place.visit("POST", f"reports/{report}/links", "coordinator", json=asked).json["token"]
    said = app.test_client().get(f"/r/{token}/{report}/figures/K1.made")
    assert (said.json["records"], said.json["figure"]["key"]) == (None, "K1.made")
    assert app.test_client().get(f"/r/{token}/{uuid4()}/figures/K1.made").status_code == 404
    (pull,) = place.visit("GET", f"reports/{report}/pulls", "connector").json["items"]
    assert pull["sentence"].endswith("took this report one figure at a time.")
