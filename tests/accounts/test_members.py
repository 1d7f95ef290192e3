"""Members: who belongs to a network, in which role, until when."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest

from api.accounts import members
from api.core.lock import lock_network


@pytest.fixture
def revision(execute, admin):
    """The network's counter as it stands."""
    return lambda: execute("SELECT revision FROM network", admin.network_id)[0][0]


def path_of(member):
    """The address of a member."""
    return f"{member.network}/members/{member.member_id}"


@pytest.mark.parametrize(
    ("role", "status"), [("admin", 200), ("coordinator", 200), ("connector", 403), ("funder", 403)]
)
def test_coordinators_and_admins_see_the_members(visit, admin, join, role, status):
    assert visit("GET", f"{admin.network}/members", join(admin.network_id, role)).status_code == (
        status
    )


def test_a_foreign_network_and_one_that_is_not_answer_alike(visit, admin, make_admin):
    foreign, absent = (
        visit("GET", f"/networks/{network_id}/members", admin)
        for network_id in (make_admin().network_id, uuid4())
    )
    assert (foreign.status_code, foreign.json["code"]) == (403, "unknown_network")
    assert (foreign.data, foreign.headers) == (absent.data, absent.headers)


def test_an_admin_gives_a_member_another_role_and_it_holds_at_once(visit, admin, join, revision):
    member, before = join(admin.network_id, "connector"), revision()
    changed = visit("PATCH", path_of(member), admin, role="coordinator")
    assert (changed.status_code, changed.json["role"]) == (200, "coordinator")
    assert revision() == before + 1
    assert visit("GET", f"{admin.network}/members", member).status_code == 200


@pytest.mark.parametrize("role", ["coordinator", "connector", "funder"])
def test_only_admins_change_members(visit, admin, join, role, revision):
    member, before = join(admin.network_id, role), revision()
    for answer in (
        visit("PATCH", path_of(member), member, role="admin"),
        visit("DELETE", path_of(admin), member),
    ):
        assert (answer.status_code, answer.json["code"]) == (403, "out_of_scope")
    assert revision() == before


def test_who_is_no_longer_a_member_is_out_at_once_and_still_themselves(
    visit, admin, join, revision
):
    member, before = join(admin.network_id, "coordinator"), revision()
    assert visit("DELETE", path_of(member), admin).status_code == 204
    assert revision() == before + 1
    refused = visit("GET", f"{admin.network}/members", member)
    assert (refused.status_code, refused.json["code"]) == (403, "account_disabled")
    me = visit("GET", "/me", member)
    assert (me.status_code, me.json["networks"]) == (200, [])


def test_the_address_of_who_left_is_no_longer_shown(visit, admin, join):
    member = join(admin.network_id, "connector")
    visit("DELETE", path_of(member), admin)
    first, second = visit("GET", f"{admin.network}/members", admin).json["items"]
    assert (first["email"], first["ended_at"]) == (admin.email, None)
    assert second["email"] is None
    assert second["ended_at"]


@pytest.mark.parametrize("method", ["PATCH", "DELETE"])
def test_who_left_cannot_be_changed(visit, admin, join, method):
    member = join(admin.network_id, "connector")
    visit("DELETE", path_of(member), admin)
    values = {"role": "admin"} if method == "PATCH" else {}
    assert visit(method, path_of(member), admin, **values).status_code == 404


@pytest.mark.parametrize("method", ["PATCH", "DELETE"])
def test_a_member_of_another_network_is_not_found_and_untouched(visit, admin, make_admin, method):
    other = make_admin()
    path = f"{admin.network}/members/{other.member_id}"
    values = {"role": "funder"} if method == "PATCH" else {}
    assert visit(method, path, admin, **values).status_code == 404
    assert visit("GET", f"{other.network}/members", other).status_code == 200


@pytest.mark.parametrize("method", ["PATCH", "DELETE"])
def test_the_last_admin_stays_and_the_last_but_one_may_go(visit, admin, join, method):
    values = {"role": "connector"} if method == "PATCH" else {}
    refused = visit(method, path_of(admin), admin, **values)
    assert (refused.status_code, refused.json["code"]) == (409, "last_admin")
    join(admin.network_id, "admin")
    assert visit(method, path_of(admin), admin, **values).status_code in (200, 204)


def test_the_last_admin_may_stay_admin(visit, admin):
    assert visit("PATCH", path_of(admin), admin, role="admin").status_code == 200


def test_an_admin_who_cannot_sign_in_does_not_count_as_one(visit, admin, join, execute):
    away = join(admin.network_id, "admin")
    execute(f"UPDATE user_account SET disabled_at = now() WHERE email = '{away.email}'")
    assert visit("DELETE", path_of(admin), admin).json["code"] == "last_admin"


def test_an_admin_put_out_while_their_request_waits_gets_no_further(app, visit, admin, join):
    other = join(admin.network_id, "admin")
    with ThreadPoolExecutor(1) as meanwhile:
        with app.extensions["database"].transaction(admin.network_id) as cx:
            lock_network(cx, admin.network_id)
            request = meanwhile.submit(visit, "DELETE", path_of(other), admin)
            wait_until_it_waits(cx, request)
            members.end_membership(cx, admin.network_id, admin.member_id)
        refused = request.result()
    assert (refused.status_code, refused.json["code"]) == (403, "account_disabled")
    assert visit("GET", f"{admin.network}/members", other).status_code == 200


def wait_until_it_waits(cx, request):
    """Return once the request waits for what this transaction holds, or was answered at once."""
    waiting = (
        "SELECT count(*) FROM pg_locks, pg_sleep(0.01) WHERE NOT granted AND pid IN"
        " (SELECT pid FROM pg_stat_activity WHERE datname = current_database())"
    )
    while not request.done() and not cx.exec_driver_sql(waiting).scalar():
        pass


def test_a_query_that_forgets_the_network_sees_one_network_alone(execute, admin, make_admin):
    other = make_admin()
    seen = execute("SELECT id FROM member", other.network_id)
    assert seen == [(other.member_id,)]
