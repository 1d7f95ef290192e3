"""Who cannot wait for a report orders it: a worker freezes it and says how far it is."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest

from api.reports import desk, orders
from tests.database import WAITING
from tests.reports.conftest import PERIOD

LATER = {"Prefer": "respond-async"}


@pytest.fixture
def order(place):
    """Order a report; where its status is."""

    def order(role="coordinator", **more):
        body = {"period": PERIOD, "audience": "funder"} | more
        return place.visit("POST", "reports", role, json=body, headers=LATER)

    return order


def work_off(place, promised):
    order_id = UUID(promised.headers["Location"].rpartition("/")[2])
    return orders.work_off(place.network.database, place.network.id, order_id)


def test_a_worker_freezes_what_was_ordered_once(place, order):
    promised = order()
    assert (promised.status_code, promised.json["status"]) == (202, "waiting")
    assert promised.headers["Preference-Applied"] == "respond-async"
    where = promised.headers["Location"]
    assert place.visit("GET", where, "admin").headers["Retry-After"] == "1"
    assert place.visit("GET", "reports", "admin").json["items"] == []
    assert [work_off(place, promised) for _ in range(2)] == [True, False]
    done = place.visit("GET", where, "admin")
    assert (done.json["status"], done.json["progress"]) == ("done", 1.0)
    assert "Retry-After" not in done.headers
    (made,) = place.visit("GET", "reports", "admin").json["items"]
    assert done.json["report_id"] == made["id"]
    report = place.visit("GET", f"reports/{made['id']}", "admin").json
    assert report["indicators"] == place.freeze(audience="funder")["indicators"]


def test_it_says_at_which_step_it_is(place, order, monkeypatch):
    promised, told = order(), []
    real = desk.freeze

    def look(*given):
        told.append(place.visit("GET", promised.headers["Location"], "admin").json)
        return real(*given)

    monkeypatch.setattr(desk, "freeze", look)
    work_off(place, promised)
    assert [(said["status"], said["step"], said["progress"]) for said in told] == [
        ("working", "comparing with chance", 0.33)
    ]


def test_an_order_that_cannot_be_met_is_refused_at_once_or_says_why(place, order):
    assert order(period={"from": "2025-02-03", "to": "2025-02-03"}).status_code == 422
    nowhere = str(place.ids["n0"])
    promised = order(boundaries=[nowhere])
    work_off(place, promised)
    failed = place.visit("GET", promised.headers["Location"], "admin").json
    assert (failed["status"], failed["report_id"]) == ("failed", None)
    assert list(failed["problem"]["fields"]) == ["boundaries.0"]
    assert place.visit("GET", "reports", "admin").json["items"] == []


def test_what_broke_failed_and_left_nothing(place, order, monkeypatch):
    promised = order()
    monkeypatch.setattr(desk, "freeze", None)
    with pytest.raises(TypeError):
        work_off(place, promised)
    failed = place.visit("GET", promised.headers["Location"], "admin").json
    assert (failed["status"], failed["problem"]) == ("failed", None)
    assert place.visit("GET", "reports", "admin").json["items"] == []


@pytest.fixture(params=["left", "connector", "funder"])
def changes_while_freezing(place, monkeypatch, request):
    """While a report is frozen its coordinator leaves, or gets another role."""
    real, where = desk.freeze, f"members/{place.network.coordinator.member_id}"

    def freeze(*given):
        if request.param == "left":
            assert place.visit("DELETE", where, "admin").status_code == 204
        else:
            role = {"role": request.param}
            assert place.visit("PATCH", where, "admin", json=role).status_code == 200
        return real(*given)

    monkeypatch.setattr(desk, "freeze", freeze)


@pytest.mark.usefixtures("changes_while_freezing")
def test_who_is_no_keeper_any_more_when_it_is_frozen_keeps_nothing(place, order):
    promised = order()
    work_off(place, promised)
    failed = place.visit("GET", promised.headers["Location"], "admin").json
    assert (failed["status"], failed["problem"]["code"]) == ("failed", "out_of_scope")
    assert place.visit("GET", "reports", "admin").json["items"] == []


@pytest.mark.usefixtures("changes_while_freezing")
def test_who_waits_for_it_and_is_no_keeper_any_more_keeps_nothing(place):
    refused = place.visit("POST", "reports", "coordinator", json={"period": PERIOD})
    assert refused.json["code"] == "out_of_scope"
    assert place.visit("GET", "reports", "admin").json["items"] == []


def test_a_role_is_taken_away_before_a_report_is_kept_or_after(place, monkeypatch):
    keep, where = desk.shelf.keep, f"members/{place.network.coordinator.member_id}"
    asked = []

    def keep_late(*given):
        role = {"json": {"role": "connector"}}
        asked.append(pool.submit(place.visit, "PATCH", where, "admin", **role))
        while not place.network.rows(WAITING):
            assert not asked[0].done(), "it did not wait"
        return keep(*given)

    monkeypatch.setattr(desk.shelf, "keep", keep_late)
    with ThreadPoolExecutor(1) as pool:
        made = place.visit("POST", "reports", "coordinator", json={"period": PERIOD})
    assert (made.status_code, asked[0].result().status_code) == (201, 200)


def test_orders_are_the_business_of_coordinators(place, order, other_network):
    for role in ("connector", "funder"):
        assert order(role).json["code"] == "out_of_scope"
    where = order().headers["Location"]
    for role in ("connector", "funder"):
        assert place.visit("GET", where, role).json["code"] == "out_of_scope"
    elsewhere = f"reports/orders/{where.rpartition('/')[2]}"
    assert other_network.coordinator.get(elsewhere).json["code"] == "not_found"
