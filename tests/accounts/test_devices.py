"""Devices: what speaks for a user can be seen and taken back."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest


@pytest.fixture
def sign_in(visit, ask_code):
    """Sign in once more, on a device of this name."""

    def run(email, name):
        code = ask_code(email)
        return visit("POST", "/sign-in/verify", email=email, code=code, device_name=name).json

    return run


def names(visit, token):
    """What the user's list of devices holds."""
    return [device["name"] for device in visit("GET", "/devices", token).json["items"]]


def test_a_user_sees_their_devices_the_newest_first_and_which_is_this(visit, admin, sign_in):
    phone = sign_in(admin.email, "Phone")
    items = visit("GET", "/devices", phone["token"]).json["items"]
    assert [(item["name"], item["is_current"]) for item in items] == [
        ("Phone", True),
        ("command line", False),
    ]
    assert items[0]["id"] == phone["device"]["id"]
    assert items[0]["last_used_on"] == datetime.now(UTC).date().isoformat()


def test_a_user_does_not_see_devices_of_others(visit, admin, make_admin):
    make_admin()
    assert names(visit, admin) == ["command line"]


def test_a_revoked_device_falls_silent_at_once_and_the_others_go_on(visit, admin, sign_in):
    phone = sign_in(admin.email, "Phone")
    assert visit("DELETE", f"/devices/{phone['device']['id']}", admin).status_code == 204
    assert visit("GET", "/me", phone["token"]).json["code"] == "not_signed_in"
    assert names(visit, admin) == ["command line"]


def test_a_device_of_somebody_else_is_not_found_and_goes_on(visit, admin, make_admin):
    other = make_admin()
    device_id = visit("GET", "/me", other).json["device"]["id"]
    refused = visit("DELETE", f"/devices/{device_id}", admin)
    assert (refused.status_code, refused.json["code"]) == (404, "not_found")
    assert visit("GET", "/me", other).status_code == 200


def test_a_revoked_device_cannot_be_revoked_again(visit, admin, sign_in):
    path = f"/devices/{sign_in(admin.email, 'Phone')['device']['id']}"
    assert [visit("DELETE", path, admin).status_code for _ in range(2)] == [204, 404]


def test_signing_out_ends_this_device_alone(visit, admin, sign_in):
    phone = sign_in(admin.email, "Phone")["token"]
    assert visit("POST", "/sign-out", phone).status_code == 204
    assert visit("GET", "/me", phone).status_code == 401
    assert visit("GET", "/me", admin).status_code == 200


def test_signing_out_everywhere_ends_every_device_of_this_user_alone(
    visit, admin, make_admin, sign_in
):
    phone, other = sign_in(admin.email, "Phone")["token"], make_admin()
    assert visit("DELETE", "/devices", phone).status_code == 204
    answers = [visit("GET", "/me", who).status_code for who in (phone, admin, other)]
    assert answers == [401, 401, 200]


@pytest.mark.parametrize(
    ("past", "status"),
    [
        ("last_used_on = current_date - 179", 200),
        ("last_used_on = current_date - 180", 401),
        ("created_at = now() - interval '399 days'", 200),
        ("created_at = now() - interval '400 days'", 401),
    ],
)
def test_a_forgotten_token_runs_out(visit, admin, execute, past, status):
    device_id = visit("GET", "/me", admin).json["device"]["id"]
    execute(f"UPDATE device SET {past} WHERE id = '{device_id}'")
    assert visit("GET", "/me", admin).status_code == status


@pytest.mark.parametrize("path", ["/me", "{network}/members"])
def test_the_day_of_use_is_noted_even_when_nothing_is_written(visit, admin, execute, path):
    device_id = visit("GET", "/me", admin).json["device"]["id"]
    execute(f"UPDATE device SET last_used_on = current_date - 3 WHERE id = '{device_id}'")
    visit("GET", path.format(network=admin.network), admin)
    assert visit("GET", "/devices", admin).json["items"][0]["last_used_on"] == (
        datetime.now(UTC).date().isoformat()
    )


def test_a_disabled_account_is_told_so_and_gets_no_further(visit, admin, execute, letters):
    execute(f"UPDATE user_account SET disabled_at = now() WHERE email = '{admin.email}'")
    for path in ("/me", f"{admin.network}/members"):
        refused = visit("GET", path, admin)
        assert (refused.status_code, refused.json["code"]) == (403, "account_disabled")
    assert visit("POST", "/sign-in", email=admin.email).status_code == 202
    assert letters(admin.email) == []
