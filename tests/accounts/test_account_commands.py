"""Commands: what the command line, seeds and jobs do with accounts."""

from __future__ import annotations

from uuid import uuid4

import pytest

from api.accounts import commands
from api.core.problems import Problem


@pytest.fixture
def opened(app):
    """A transaction that commits at the end."""
    return app.extensions["database"].transaction


def test_a_token_for_scripts_is_a_device_called_command_line(visit, admin):
    assert visit("GET", "/me", admin).json["device"]["name"] == "command line"


def test_a_stranger_gets_no_token_for_scripts(opened, email):
    with opened() as cx, pytest.raises(ValueError, match="Nobody with this address"):
        commands.issue_token(cx, email)


@pytest.mark.parametrize("name", ["", "  ", "a\nb", "x" * 201])
def test_a_network_needs_a_name_of_one_line(opened, email, name):
    with opened() as cx, pytest.raises(ValueError, match="A network's name"):
        commands.create_network(cx, name, email)


def test_a_network_can_be_made_with_a_given_id(opened, email):
    given = uuid4()
    with opened() as cx:
        assert commands.create_network(cx, "Town", email, given) == given


def test_adding_a_member_twice_gives_the_same_member(opened, admin, email):
    with opened() as cx:
        ids = {commands.add_member(cx, admin.network_id, email, "connector") for _ in range(2)}
    assert len(ids) == 1


def test_adding_a_member_in_another_role_changes_the_role(opened, visit, admin, join):
    member = join(admin.network_id, "connector")
    join(admin.network_id, "funder", member.email)
    assert visit("GET", "/me", member).json["networks"][0]["role"] == "funder"


def test_the_last_admin_stays_admin_from_the_command_line_too(opened, admin):
    with opened() as cx, pytest.raises(Problem, match="last_admin"):
        commands.add_member(cx, admin.network_id, admin.email, "funder")


@pytest.mark.parametrize("address", ["nobody", "somebody@" + "town." * 60 + "example"])
def test_a_member_needs_an_address(opened, admin, address):
    with opened() as cx, pytest.raises(ValueError, match="An e-mail address"):
        commands.add_member(cx, admin.network_id, address, "connector")


def test_a_role_nobody_has_is_refused(opened, admin, email):
    with opened() as cx, pytest.raises(ValueError, match="A role is one of"):
        commands.add_member(cx, admin.network_id, email, "server")


def test_pruning_takes_what_is_over_and_leaves_what_is_not(opened, visit, admin, join, execute):
    away = join(admin.network_id, "connector")
    device_id = visit("GET", "/me", away).json["device"]["id"]
    execute(f"UPDATE device SET revoked_at = now() - interval '91 days' WHERE id = '{device_id}'")
    visit("POST", "/sign-in", email=admin.email)
    with opened() as cx:
        assert commands.prune(cx)["device"] >= 1
    assert execute(f"SELECT 1 FROM device WHERE id = '{device_id}'") == []
    assert visit("GET", "/me", admin).status_code == 200
    assert execute("SELECT count(*) > 0 FROM sign_in_code") == [(True,)]
