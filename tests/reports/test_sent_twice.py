"""A report or link asked for again, because the answer was lost, is there once."""

from __future__ import annotations

from threading import Barrier, Thread
from uuid import UUID

import pytest

from api.reports import desk, orders
from tests.reports.conftest import PERIOD, introduction

ORDER = {"period": PERIOD, "audience": "funder"}
KEY = {"Idempotency-Key": "quarter"}
LATER = {"Prefer": "respond-async"}


@pytest.fixture
def ask(place):
    """Ask for a report; more fields or another key than `quarter`."""

    def ask(role="coordinator", headers=KEY, **more):
        return place.visit("POST", "reports", role, json=ORDER | more, headers=headers)

    return ask


def reports(place):
    return [each["id"] for each in place.visit("GET", "reports", "admin").json["items"]]


def work_off(place, promised):
    order_id = UUID(promised.headers["Location"].rpartition("/")[2])
    return orders.work_off(place.network.database, place.network.id, order_id)


def test_the_same_key_gives_the_same_report(place, ask):
    first = ask()
    place.write("connector", introduction(place.ids, "n0", "s0"))
    again = ask()
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.data == first.data
    for name in ("Location", "ETag"):
        assert again.headers[name] == first.headers[name]
    assert reports(place) == [first.json["id"]]


def test_defaults_said_aloud_are_the_same_request(place, ask):
    assert ask(language="en", template="impact-1").json["id"] == ask().json["id"]


def test_without_a_key_each_request_freezes_anew(place, ask):
    assert ask(headers={}).status_code == ask(headers={}).status_code == 201
    assert len(reports(place)) == 2


def test_the_same_key_for_something_else_is_refused(place, ask):
    first = ask().json["id"]
    for more in ({"audience": "public"}, {"language": "cy"}, {"supersedes": first}):
        refused = ask(**more)
        assert (refused.status_code, refused.json["code"]) == (409, "op_id_reused")
    assert ask(headers=KEY | LATER, language="cy").json["code"] == "op_id_reused"
    assert reports(place) == [first]


def test_a_key_is_its_member_s_own(place, ask):
    assert ask().json["id"] != ask("admin").json["id"]


def test_a_key_used_for_a_record_is_no_key_for_a_report(place, ask):
    boundary = {"name": "Age", "question": "How old?", "position": 2}
    made = place.visit("POST", "boundaries", "coordinator", json=boundary, headers=KEY)
    assert made.status_code == 201
    assert ask().json["code"] == "op_id_reused"
    assert ask(headers={"Idempotency-Key": "other"}).status_code == 201


def test_a_refused_order_leaves_its_key_free(place, ask):
    turned = {"from": PERIOD["to"], "to": PERIOD["from"]}
    assert ask(period=turned).status_code == 422
    assert ask().status_code == 201


def test_whoever_is_no_keeper_gets_nothing_by_a_key(place, ask):
    ask()
    for role in ("connector", "funder"):
        assert ask(role).status_code == 403


def test_what_is_there_is_not_made_again(place, ask, monkeypatch):
    first = ask()
    monkeypatch.delattr(desk, "freeze")
    assert ask().data == first.data


def test_of_two_at_once_one_is_kept_and_both_get_it(place, ask, monkeypatch):
    both, real, answers = Barrier(2), desk.freeze, []

    def together(*given):
        both.wait(30)  # neither has been kept yet
        return real(*given)

    monkeypatch.setattr(desk, "freeze", together)
    threads = [Thread(target=lambda: answers.append(ask())) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answer.status_code for answer in answers) == [200, 201]
    assert answers[0].data == answers[1].data
    assert len(reports(place)) == 1


# --- with time to spare --------------------------------------------------------------------------


def test_the_same_key_is_one_order_and_then_its_report(place, ask):
    first, again = ask(headers=KEY | LATER), ask(headers=KEY | LATER)
    assert first.status_code == again.status_code == 202
    assert first.headers["Location"] == again.headers["Location"]
    assert [work_off(place, each) for each in (first, again)] == [True, False]
    (report,) = reports(place)
    done = ask(headers=KEY | LATER)
    assert (done.status_code, done.json["id"]) == (200, report)
    assert ask().json["id"] == report
    assert reports(place) == [report]


def test_without_a_key_each_order_is_another(place, ask):
    first, again = ask(headers=LATER), ask(headers=LATER)
    assert first.headers["Location"] != again.headers["Location"]


def test_an_order_with_the_key_of_another_is_refused(place, ask):
    first = ask(headers=KEY | LATER)
    refused = ask(headers=KEY | LATER, audience="public")
    assert (refused.status_code, refused.json["code"]) == (409, "op_id_reused")
    work_off(place, first)
    assert len(reports(place)) == 1


def test_what_was_made_at_once_meanwhile_is_what_the_order_comes_to(place, ask):
    promised, made = ask(headers=KEY | LATER), ask()
    assert made.status_code == 201
    work_off(place, promised)
    said = place.visit("GET", promised.headers["Location"], "coordinator").json
    assert (said["status"], said["report_id"]) == ("done", made.json["id"])
    assert reports(place) == [made.json["id"]]


def test_an_order_that_failed_is_tried_anew(place, ask, monkeypatch):
    def fail(*_):
        raise OSError("torn")

    promised = ask(headers=KEY | LATER)
    with monkeypatch.context() as patched:
        patched.setattr(desk, "freeze", fail)
        with pytest.raises(OSError, match="torn"):
            work_off(place, promised)
    again = ask(headers=KEY | LATER)
    assert (again.status_code, again.json["status"]) == (202, "waiting")
    assert work_off(place, again)
    assert len(reports(place)) == 1


# --- links ---------------------------------------------------------------------------------------


def link(place, report, headers=KEY, **more):
    asked = {"label": "Valley Fund"} | more
    return place.visit(
        "POST", f"reports/{report}/links", "coordinator", json=asked, headers=headers
    )


def links(place):
    return [each["id"] for each in place.visit("GET", "reports/links", "admin").json["items"]]


def test_the_same_key_makes_one_link_whose_address_is_shown_once(app, place):
    report = place.release()
    first, again = link(place, report), link(place, report)
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json == first.json | {"token": None, "url": None}
    assert again.headers["Cache-Control"] == "no-store"
    assert links(place) == [first.json["id"]]
    assert app.test_client().get(f"/r/{first.json['token']}").status_code == 200


def test_a_link_asked_for_again_after_its_report_was_withdrawn_is_still_that_link(place):
    report = place.release()
    first = link(place, report)
    because = {"because": "Counted twice."}
    place.visit("POST", f"reports/{report}/withdraw", "coordinator", json=because)
    assert link(place, report).json["id"] == first.json["id"]


def test_without_a_key_each_request_makes_a_link(place):
    report = place.release()
    assert link(place, report, {}).json["token"] != link(place, report, {}).json["token"]
    assert len(links(place)) == 2


def test_the_key_of_one_link_is_refused_for_another(place):
    report = place.release()
    made = link(place, report).json["id"]
    for more in ({"label": "Hill Fund"}, {"covers": "series"}):
        refused = link(place, report, **more)
        assert (refused.status_code, refused.json["code"]) == (409, "op_id_reused")
    assert links(place) == [made]


# --- what needs no key ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("step", "body"),
    [
        ("share", None),
        ("release", None),
        ("withdraw", {"because": "Counted twice."}),
    ],
)
def test_steps_taken_twice_are_taken_once(place, step, body):
    report = place.release()
    asked = {"json": body} if body else {}
    answers = [
        place.visit("POST", f"reports/{report}/{step}", "coordinator", **asked) for _ in range(2)
    ]
    assert answers[0].status_code == 200
    assert answers[0].json == answers[1].json
