"""Invitations: a role offered to an address, accepted by signing in with it."""

from __future__ import annotations

import pytest


@pytest.fixture
def sign_in(visit, ask_code):
    """Sign in with this address; the networks one is then in."""

    def run(email):
        answer = visit("POST", "/sign-in/verify", email=email, code=ask_code(email))
        return {each["id"]: each["role"] for each in answer.json["networks"]}

    return run


def invite(visit, who, email, role="connector"):
    """Invite an address into the network of `who`."""
    return visit("POST", f"{who.network}/invitations", who, email=email, role=role)


@pytest.mark.parametrize("role", ["connector", "coordinator", "admin", "funder"])
def test_an_invited_address_becomes_a_member_by_signing_in(visit, admin, email, sign_in, role):
    assert invite(visit, admin, email, role).status_code == 201
    assert sign_in(email) == {str(admin.network_id): role}
    assert visit("GET", f"{admin.network}/invitations", admin).json == {"items": []}


def test_an_invitation_comes_by_mail_and_holds_no_secret(visit, admin, email, letters, app):
    invite(visit, admin, email)
    (letter,) = letters(email)
    assert "Town" in letter.get_content()
    assert app.extensions["settings"].base_url in letter.get_content()
    assert admin.email not in letter.as_string()


def test_inviting_answers_alike_whether_or_not_the_address_has_an_account(
    visit, admin, make_admin, email, letters
):
    stranger = make_admin()
    known, unknown = invite(visit, admin, stranger.email), invite(visit, admin, email)
    assert (known.status_code, sorted(known.json)) == (unknown.status_code, sorted(unknown.json))
    assert len(letters(stranger.email)) == len(letters(email)) == 1
    members = visit("GET", f"{admin.network}/members", admin).json["items"]
    assert [member["email"] for member in members] == [admin.email]


def test_a_user_of_another_network_joins_by_signing_in_once_more(visit, admin, make_admin, sign_in):
    other = make_admin()
    invite(visit, admin, other.email, "funder")
    assert sign_in(other.email) == {str(other.network_id): "admin", str(admin.network_id): "funder"}


def test_one_address_accepts_several_networks_at_once(visit, admin, make_admin, email, sign_in):
    other = make_admin()
    invite(visit, admin, email), invite(visit, other, email, "coordinator")
    assert sign_in(email) == {
        str(admin.network_id): "connector",
        str(other.network_id): "coordinator",
    }


@pytest.mark.parametrize(
    ("inviter", "role", "status"),
    [
        ("coordinator", "connector", 201),
        ("coordinator", "coordinator", 403),
        ("coordinator", "admin", 403),
        ("coordinator", "funder", 403),
        ("connector", "connector", 403),
        ("funder", "connector", 403),
    ],
)
def test_coordinators_invite_connectors_and_others_nobody(
    visit, admin, join, email, letters, inviter, role, status
):
    member = join(admin.network_id, inviter)
    assert invite(visit, member, email, role).status_code == status
    assert len(letters(email)) == (status == 201)


def test_nobody_invites_into_a_network_of_others(visit, admin, make_admin, email, letters):
    refused = visit(
        "POST", f"{admin.network}/invitations", make_admin(), email=email, role="connector"
    )
    assert refused.json["code"] == "unknown_network"
    assert letters(email) == []


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"email": "nobody", "role": "connector"}, "email"),
        ({"email": "somebody@town.example", "role": "server"}, "role"),
        ({"email": "somebody@town.example"}, "role"),
        ({"email": "somebody@town.example", "role": "connector", "admin": True}, "admin"),
    ],
)
def test_what_does_not_fit_an_invitation_is_named(visit, admin, values, field):
    refused = visit("POST", f"{admin.network}/invitations", admin, **values)
    assert (refused.status_code, list(refused.json["fields"])) == (422, [field])


def test_a_withdrawn_invitation_lets_nobody_in(visit, admin, email, letters):
    path = f"{admin.network}/invitations/{invite(visit, admin, email).json['id']}"
    assert [visit("DELETE", path, admin).status_code for _ in range(2)] == [204, 404]
    visit("POST", "/sign-in", email=email)
    assert len(letters(email)) == 1  # the invitation alone, no code


def test_a_coordinator_withdraws_only_what_they_could_have_offered(visit, admin, join, make_email):
    coordinator = join(admin.network_id, "coordinator")
    funder, connector = (
        invite(visit, admin, make_email(), role).json["id"] for role in ("funder", "connector")
    )
    path = f"{admin.network}/invitations/"
    assert visit("DELETE", path + funder, coordinator).status_code == 404
    assert visit("DELETE", path + connector, coordinator).status_code == 204


def test_an_invitation_of_another_network_is_not_found_and_stands(
    visit, admin, make_admin, email, sign_in
):
    other = make_admin()
    invitation = invite(visit, admin, email).json["id"]
    assert visit("DELETE", f"{other.network}/invitations/{invitation}", other).status_code == 404
    assert visit("GET", f"{other.network}/invitations", other).json == {"items": []}
    assert sign_in(email) == {str(admin.network_id): "connector"}


def test_an_invitation_runs_out_after_fourteen_days(
    visit, admin, make_email, execute, sign_in, letters
):
    late, punctual = make_email(), make_email()
    for email, days in ((late, 14), (punctual, 13)):
        invite(visit, admin, email)
        execute(
            f"UPDATE invitation SET expires_at = expires_at - interval '{days} days'"
            f" WHERE email = '{email}'"
        )
    visit("POST", "/sign-in", email=late)
    assert len(letters(late)) == 1  # the invitation alone, no code
    assert sign_in(punctual) == {str(admin.network_id): "connector"}


def test_a_newer_invitation_replaces_the_older(visit, admin, email, sign_in):
    invite(visit, admin, email, "connector")
    invite(visit, admin, email, "coordinator")
    assert len(visit("GET", f"{admin.network}/invitations", admin).json["items"]) == 1
    assert sign_in(email) == {str(admin.network_id): "coordinator"}


def test_a_present_member_is_not_invited_again(visit, admin, join, letters):
    member = join(admin.network_id, "connector")
    refused = invite(visit, admin, member.email, "admin")
    assert (refused.status_code, refused.json["code"]) == (409, "already_exists")
    assert letters(member.email) == []


def test_who_left_can_be_invited_again_and_is_the_same_member(visit, admin, join, sign_in):
    member = join(admin.network_id, "connector")
    visit("DELETE", f"{admin.network}/members/{member.member_id}", admin)
    assert invite(visit, admin, member.email, "coordinator").status_code == 201
    assert sign_in(member.email) == {str(admin.network_id): "coordinator"}
    members = visit("GET", f"{admin.network}/members", admin).json["items"]
    assert str(member.member_id) in [each["id"] for each in members if not each["ended_at"]]


def test_an_invitation_that_waited_for_a_member_does_not_outlive_their_membership(
    visit, admin, join, email, sign_in
):
    invite(visit, admin, email)
    member = join(admin.network_id, "connector", email)
    visit("DELETE", f"{admin.network}/members/{member.member_id}", admin)
    assert sign_in(email) == {}


@pytest.mark.parametrize(
    ("role", "status"), [("coordinator", 200), ("connector", 403), ("funder", 403)]
)
def test_coordinators_see_who_was_invited(visit, admin, join, role, status):
    member = join(admin.network_id, role)
    assert visit("GET", f"{admin.network}/invitations", member).status_code == status


def test_one_address_is_not_flooded_with_invitations(visit, admin, email, letters, make_email):
    answers = [invite(visit, admin, email).status_code for _ in range(6)]
    assert answers == [201] * 5 + [429]
    assert len(letters(email)) == 5
    assert invite(visit, admin, make_email()).status_code == 201


def test_one_member_invites_a_limited_number_of_addresses(visit, admin, make_email):
    answers = [invite(visit, admin, make_email()).status_code for _ in range(51)]
    assert answers == [201] * 50 + [429]
