"""Every figure says how it was made; the records behind it are as they were when it was frozen."""

from __future__ import annotations

import re
import zlib
from dataclasses import replace
from itertools import count
from uuid import UUID, uuid4

import pytest

from api.core.change import Change
from api.reports.counts import tally
from api.reports.facts import UNRECORDED, Agreement, Flows, Introductions, Pair
from api.reports.ids import apart
from api.reports.inputs import pack, unpack
from api.reports.traces import parts_of, trace
from tests.reports.conftest import PERIOD, introduction
from tests.reports.town import (
    CHOIR,
    GARDEN,
    LIBRARY,
    MOSQUE,
    NORTH,
    RIVER,
    SOUTH,
    STALL,
    town,
)

SERIAL = count(1)
LONG_AGO = "2024-01-20T12:00:00Z"


def ids(number):
    return b"".join(UUID(int=next(SERIAL)).bytes for _ in range(number))


def traced_town():
    """The town, where everything that is counted has an id."""
    plain = town()
    long_ago = Flows(LIBRARY, MOSQUE, "goods", "delivered", 1, 0)  # in a period of two years
    plain = replace(plain, flows=(*plain.flows, long_ago))
    made = [
        replace(row, ids=ids(row.count), new=row.count, marks="4" * row.count)
        for row in plain.introductions
    ]
    return replace(
        plain,
        introductions=tuple(made),
        earlier=(Introductions((LIBRARY, MOSQUE), "made", 2, ids(2), marks="33"),),
        flows=tuple(
            replace(row, ids=ids(row.in_period), ids_in_year=ids(row.in_year))
            for row in plain.flows
        ),
        basis=replace(
            plain.basis, logs=77, ids_due=ids(40), ids_answered=ids(30), ids_meetings=ids(6)
        ),
        agreement=Agreement(3, 2, ids(3), ids(2)),
        groups=(CHOIR, GARDEN, LIBRARY, MOSQUE, STALL),
        pairs=(
            Pair((CHOIR, MOSQUE), in_period=True, in_year=True, is_by_one=True),
            Pair((CHOIR, LIBRARY), in_period=True, in_year=True, is_by_one=False),
            Pair((CHOIR, GARDEN), in_period=True, in_year=True, is_by_one=True),
            Pair((LIBRARY, MOSQUE), in_period=True, in_year=True, is_by_one=False),
            Pair((CHOIR, STALL), in_period=True, in_year=True, is_by_one=False),
        ),
    )


FACTS = traced_town()
COUNTS = tally(FACTS).counts
NO_RECORDS = re.compile(r"~|K0\.(connectors|weeks_\w+)$")
# A pair is no record: behind it are those that made it one.
OF_PAIRS = re.compile(r"K(4|5|11)\.|K8\..*\.pairs_\w+$")


@pytest.mark.parametrize("key", sorted(COUNTS))
def test_behind_every_count_are_as_many_records(key):
    found = trace(FACTS, key)
    if NO_RECORDS.match(key):
        assert found is None
    elif not OF_PAIRS.match(key):
        found = [id_ for each in found for id_ in apart(each.ids)]
        assert len(found) == COUNTS[key]
        assert len(set(found)) == len(found)


def number_behind(key):
    return [(each.kind, each.count) for each in trace(FACTS, key)]


RIVER_ENDS = {"north": NORTH.id, "south": SOUTH.id}


@pytest.mark.parametrize(
    ("key", "behind"),
    {
        # the choir and the mosque gave both ways, 12 and 1; the mosque to the library one way, 2
        "K8.{river}.pairs_any": 15,
        "K8.{river}.pairs_both": 13,
        "K8.{river}.pairs_one_way": 2,
        "K4.ties": 48,  # all that were made between different groups
        "K4.{river}.known": 41,  # but for the garden, on both banks, and the stall, on none
        "K4.{river}.other": 7,
        "K4.{river}.{north}-{north}": 11,  # of which two brought the mosque as well
        "K4.{river}.{north}-{south}": 32,
        "K4.{river}.{south}-{south}": 0,
        "K4.{river}.{north}.external": 32,
        "K4.{river}.{north}.ties": 41,
        "K4.{river}.{south}.ties": 32,
        "K5.{river}.tied": 34,  # the year's: two more than the period's
        "K11.live": 50,
        "K11.one": 36,  # two of them brought the library as well, whom several introduced
        "K11.more": 16,
    }.items(),
)
def test_behind_a_count_of_pairs_are_those_that_made_them_pairs(key, behind):
    kind = "flows" if key.startswith("K8") else "introductions"
    assert number_behind(key.format(river=RIVER.id, **RIVER_ENDS)) == [(kind, behind)]


def test_behind_all_pairs_across_are_the_groups_that_they_are_pairs_of():
    for name in ("pairs", "empty"):
        assert number_behind(f"K5.{RIVER.id}.{name}") == [("groups", 4)]


def test_behind_all_logs_are_three_kinds_of_records():
    kinds = [("introductions", 54), ("meetings", 6), ("flows", 17)]
    assert number_behind("K0.logs") == kinds


def test_what_no_network_records_has_an_empty_list():
    assert [trace(FACTS, f"{name}.recorded") for name in UNRECORDED] == [()] * len(UNRECORDED)


def test_inputs_kept_before_such_ids_were_have_none_instead_of_fewer():
    old = replace(
        FACTS,
        earlier=None,
        agreement=Agreement(3, 2),
        basis=replace(FACTS.basis, ids_meetings=None),
    )
    for key in ("K6.new", f"K5.{RIVER.id}.tied", "K11.one", "K16.both.same", "K0.logs"):
        assert trace(old, key) is None
    assert trace(old, "K4.ties")[0].count == 48


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


@pytest.mark.parametrize("first_day", [PERIOD["from"], "2024-01-08"])
def test_every_figure_tells_how_it_was_made(place, first_day):
    """In a month, and in more than a year, of which figures of the year count but a part."""
    place.write("connector", meeting())
    place.write("server", *both_said(place))
    report = place.freeze(period=PERIOD | {"from": first_day})
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
                if behind is None:
                    assert key is None or NO_RECORDS.match(key)
                elif not OF_PAIRS.match(key):
                    assert sum(each["count"] for each in behind) == figure[name]["value"]
                    assert sum(len(each["ids"]) for each in behind) == figure[name]["value"]


def meeting():
    times = {"starts_at": "2025-01-10T18:00:00Z", "ends_at": "2025-01-10T20:00:00Z"}
    return Change("meetings", uuid4(), times | {"title": "Supper"})


def both_said(place):
    """What a party and the connector said of one introduction, and the same of another."""
    for name, party, connector in (("i0", "yes", "no"), ("i1", "no", "no")):
        for who, anyway in (("party", party), ("connector", connector)):
            answer = {"answered_by": who, "outcome": "met", "anyway": anyway}
            values = {"introduction_id": str(place.ids[name]), "due_on": "2025-01-23"} | answer
            yield Change("follow-ups", uuid4(), values)


def test_ids_of_the_year_are_of_the_year_and_no_longer(place):
    place.write("connector", introduction(place.ids, "n0", "s0", called="old", made_at=LONG_AGO))
    for first_day in (PERIOD["from"], "2024-01-08"):
        report = place.freeze(period=PERIOD | {"from": first_day})["id"]
        live = story(place, report, "K11.one").json["records"]["denominator"][0]
        assert str(place.ids["old"]) not in live["ids"]
        assert live["count"] == 37


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
    assert set(before["numerator"][0]["ids"]) >= {str(place.ids[f"i{at}"]) for at in range(12)}
    place.write("connector", introduction(place.ids, "n0", "s0"))
    path = f"introductions/{place.ids['i0']}"
    etag = place.visit("GET", path, "connector").headers["ETag"]
    gone = place.visit("DELETE", path, "connector", headers={"If-Match": etag})
    assert gone.status_code in {200, 204}
    assert story(place, report, "K1.made").json["records"] == before


def test_the_ids_come_in_pages(place):
    report = place.freeze()["id"]
    whole = story(place, report, "K1.made").json["records"]
    assert whole["next"] is None
    ids, cursor, pages = {"numerator": [], "denominator": []}, {}, 0
    while cursor is not None:
        answer = story(place, report, "K1.made", limit=20, **cursor)
        page = answer.json["records"]
        for name in ids:
            assert page[name][0]["count"] == whole[name][0]["count"]
            assert len(page[name][0]["ids"]) <= 20
            ids[name] += page[name][0]["ids"]
        cursor, pages = page["next"] and {"cursor": page["next"]}, pages + 1
        assert bool(cursor) == ("Link" in answer.headers)
    assert ids == {name: whole[name][0]["ids"] for name in ids}
    assert pages == 2
    refused = story(place, report, "K1.made", cursor="made-up")
    assert refused.json["code"] == "bad_cursor"


def test_sections_that_a_report_puts_together_are_counted_together(place):
    for name in ("north", "south"):
        path = f"sections/{place.ids[name]}"
        etag = place.visit("GET", path, "coordinator").headers["ETag"]
        small = place.visit(
            "PATCH", path, "coordinator", json={"population": 5}, headers={"If-Match": etag}
        )
        assert small.status_code == 200
    report = place.freeze(audience="funder")["id"]
    said = story(place, report, f"K4.{place.ids['river']}.other.external").json
    assert said["records"]["numerator"] == [{"kind": "introductions", "count": 0, "ids": []}]
    assert said["records"]["denominator"][0]["count"] == 36


def test_only_coordinators_and_admins_get_ids(place):
    report = place.release()
    for role in ("connector", "funder"):
        said = story(place, report, "K1.made", role)
        assert said.json["records"] is None
        assert said.json["figure"]["numerator"]["state"] == "rounded"
        assert not any(str(place.ids[f"i{at}"]) in said.text for at in range(12))
    (found,) = story(place, report, "K1.made", "admin").json["records"]["numerator"]
    assert found["count"] == 36


def test_a_figure_follows_its_report(place, other_network):
    report = place.freeze(audience="funder")["id"]
    for role in ("connector", "funder"):
        assert story(place, report, "K1.made", role).status_code == 404
    assert story(place, report, "K99.made").json["code"] == "not_found"
    path = f"/api/v1/networks/{place.network.id}/reports/{report}/figures/K1.made"
    assert other_network.coordinator.get(path).status_code == 403


def test_a_count_that_is_no_figure_of_the_report_is_not_found(place):
    report = place.freeze()
    boundary = report["boundaries"][0]["id"]
    for name in (f"K8.{boundary}.pairs_none", f"K5.{boundary}.empty", "K11.more"):
        assert story(place, report["id"], name).status_code == 404


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
