"""Routes of accounts: signing in and out, who I am, devices, invitations, members."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import structlog
from flask import current_app, request

from api.core.acting import acting, bearer_token
from api.core.db import database
from api.core.problems import Problem
from api.core.web import Blueprint

from . import invitations, limits, members
from . import schema as wire
from .authentication import authenticate, calling
from .devices import add_device, devices_of, revoke_device, revoke_devices
from .letters import code_letter, invitation_letter
from .mail import send
from .sign_in import is_expected, leave_code, redeem

if TYPE_CHECKING:
    from collections.abc import Iterator
    from uuid import UUID

    from flask import Response
    from sqlalchemy import Connection

    from api.settings import Settings

SENT = {
    "message": "If this address is known here, a code is on its way to it.",
    "expires_in": 600,
}
NETWORK = "/networks/<uuid:network_id>"

blueprint = Blueprint(
    "accounts",
    __name__,
    url_prefix="/api/v1",
    description="Signing in with an e-mailed code; devices, invitations and members.",
)


def settings() -> Settings:
    """The settings of the running application."""
    found: Settings = current_app.extensions["settings"]
    return found


@blueprint.after_request
def forbid_storing(response: Response) -> Response:
    """What is said here is for one person: no cache keeps it."""
    response.headers["Cache-Control"] = "no-store"
    return response


# --- signing in and out --------------------------------------------------------------------------


@blueprint.post("/sign-in")
@blueprint.arguments(wire.CodeRequestSchema, example={"email": "connector1@demo.example"})
@blueprint.response(202, wire.CodeSentSchema, example=SENT)
@blueprint.doc(security=[])
def ask_for_code(values: dict[str, str]) -> dict[str, Any]:
    """Ask for a one-time code by e-mail.

    The answer is the same whether or not the address is known. A newer code replaces an older.
    """
    email, secret = values["email"], settings().secret
    client = limits.client_of(request.remote_addr)
    with database().transaction() as cx:
        wait = limits.spend(cx, secret, limits.CODES_PER_CLIENT, client)
        wait = wait or limits.spend(cx, secret, limits.CODES_PER_ADDRESS, email)
        code = "" if wait else leave_code(cx, secret, email)
        expected = is_expected(cx, email)
    require_no_wait(wait)
    if expected:
        send(settings(), code_letter(email, code))
    return SENT


@blueprint.post("/sign-in/verify")
@blueprint.arguments(
    wire.CodeSchema,
    example={"email": "connector1@demo.example", "code": "314159", "device_name": "Phone"},
)
@blueprint.response(201, wire.SignedInSchema, example=wire.SIGNED_IN)
@blueprint.doc(security=[])
def sign_in(values: dict[str, str]) -> dict[str, Any]:
    """Turn a code into a device token.

    A code works once and allows five tries. Invitations waiting for the address are accepted.
    """
    email, name = values["email"], values["device_name"] or "Unnamed device"
    secret, client = settings().secret, limits.client_of(request.remote_addr)
    with database().transaction() as cx:  # a wrong try is counted, so it must commit
        wait = limits.spend(cx, secret, limits.TRIES_PER_CLIENT, client)
        user_id = None if wait else redeem(cx, secret, email, values["code"])
        device_id, token = add_device(cx, user_id, name) if user_id else (None, "")
    require_no_wait(wait)
    if user_id is None:
        structlog.get_logger().info("sign_in_refused")
        raise Problem("wrong_code")
    structlog.get_logger().info("signed_in", user=str(user_id), device=str(device_id))
    device, user = {"id": device_id, "name": name}, {"id": user_id, "email": email}
    return {"token": token, "device": device, "user": user, "networks": enter(user_id, email)}


def enter(user_id: UUID, email: str) -> list[dict[str, Any]]:
    """Accept what waits for this address, network by network; all the user's networks then."""
    with database().snapshot() as cx:
        waiting = invitations.inviting_networks(cx, email)
    for network_id in waiting:
        with database().transaction(network_id) as cx:
            invitations.accept(cx, network_id, user_id, email)
    with database().snapshot() as cx:
        return members.memberships_of(cx, user_id)


def require_no_wait(seconds: int) -> None:
    """Raise `too_many_requests` unless there is nothing to wait for."""
    if seconds:
        raise Problem("too_many_requests", f"Try again in {seconds} seconds.", retry_after=seconds)


@blueprint.post("/sign-out")
@blueprint.response(204)
def sign_out() -> None:
    """Take back the token this request was made with."""
    with calling(writing=True) as (cx, caller):
        revoke_device(cx, caller.user_id, caller.device_id)


@blueprint.get("/me")
@blueprint.response(200, wire.MeSchema, example=wire.ME)
def who_am_i() -> dict[str, Any]:
    """Who I am, in which networks, in which role."""
    with calling() as (cx, caller):
        return {
            "user": {"id": caller.user_id, "email": caller.email},
            "device": {"id": caller.device_id, "name": caller.device_name},
            "networks": members.memberships_of(cx, caller.user_id),
        }


# --- devices -------------------------------------------------------------------------------------


@blueprint.get("/devices")
@blueprint.response(200, wire.DevicesSchema, example={"items": [wire.LISTED]})
def list_devices() -> dict[str, Any]:
    """List what can speak for me."""
    with calling() as (cx, caller):
        found = devices_of(cx, caller.user_id)
        items = [device | {"is_current": device["id"] == caller.device_id} for device in found]
        return {"items": items}


@blueprint.delete("/devices")
@blueprint.response(204)
def sign_out_everywhere() -> None:
    """Take back every token of mine, this one too."""
    with calling(writing=True) as (cx, caller):
        revoke_devices(cx, caller.user_id)


@blueprint.delete("/devices/<uuid:device_id>")
@blueprint.response(204)
def sign_device_out(device_id: UUID) -> None:
    """Take back the token of one device of mine."""
    with calling(writing=True) as (cx, caller):
        revoke_device(cx, caller.user_id, device_id)


# --- invitations ---------------------------------------------------------------------------------


@blueprint.post(f"{NETWORK}/invitations")
@blueprint.arguments(
    wire.InviteSchema, example={"email": wire.INVITED["email"], "role": "connector"}
)
@blueprint.response(201, wire.InvitationSchema, example=wire.INVITED)
def invite(values: dict[str, str], network_id: UUID) -> dict[str, Any]:
    """Invite an address into this network.

    Admins invite anybody, coordinators invite connectors. The invitation is accepted by signing
    in with that address within 14 days; a newer one replaces an older.
    """
    email, role = values["email"], values["role"]
    with acting(network_id, writing=True) as (cx, actor):
        invitations.require_may_invite(actor, role)
        secret, member = settings().secret, str(actor.member_id)
        wait = limits.spend(cx, secret, limits.INVITATIONS_PER_MEMBER, member)
        require_no_wait(wait or limits.spend(cx, secret, limits.INVITATIONS_PER_ADDRESS, email))
        invitation = invitations.invite(cx, actor, email, role)
        name = invitations.name_of(cx, network_id)
    send(settings(), invitation_letter(email, name, role, settings().base_url))
    return invitation


@blueprint.get(f"{NETWORK}/invitations")
@blueprint.response(200, wire.InvitationsSchema, example={"items": [wire.INVITED]})
def list_invitations(network_id: UUID) -> dict[str, Any]:
    """List the invitations that wait to be accepted; for coordinators and admins."""
    with acting(network_id) as (cx, actor):
        actor.require_role("coordinator", "admin")
        return {"items": invitations.invitations_of(cx, network_id)}


@blueprint.delete(f"{NETWORK}/invitations/<uuid:invitation_id>")
@blueprint.response(204)
def withdraw_invitation(network_id: UUID, invitation_id: UUID) -> None:
    """Take back an invitation that you could have made."""
    with acting(network_id, writing=True) as (cx, actor):
        invitations.withdraw(cx, actor, invitation_id)


# --- members -------------------------------------------------------------------------------------


@blueprint.get(f"{NETWORK}/members")
@blueprint.response(200, wire.MembersSchema, example={"items": [wire.MEMBER]})
def list_members(network_id: UUID) -> dict[str, Any]:
    """List who belongs to this network; for coordinators and admins."""
    with acting(network_id) as (cx, actor):
        actor.require_role("coordinator", "admin")
        return {"items": members.members_of(cx, network_id)}


@blueprint.patch(f"{NETWORK}/members/<uuid:member_id>")
@blueprint.arguments(wire.RoleSchema, example={"role": "coordinator"})
@blueprint.response(200, wire.MemberSchema, example=wire.MEMBER)
def change_role(values: dict[str, str], network_id: UUID, member_id: UUID) -> dict[str, Any]:
    """Give a member another role; for admins. The last admin stays one."""
    with managing(network_id) as cx:
        members.change_role(cx, network_id, member_id, values["role"])
        return members.member_of(cx, network_id, member_id)


@blueprint.delete(f"{NETWORK}/members/<uuid:member_id>")
@blueprint.response(204)
def end_membership(network_id: UUID, member_id: UUID) -> None:
    """End a membership at once; for admins. What the member logged stays."""
    with managing(network_id) as cx:
        members.end_membership(cx, network_id, member_id)


@contextmanager
def managing(network_id: UUID) -> Iterator[Connection]:
    """`acting` as an admin, judged once the network's row is held: until then it may change."""
    with (
        acting(network_id, writing=True) as (cx, _),
        members.changing_members(cx, network_id),
    ):
        authenticate(cx, network_id, bearer_token()).require_role("admin")
        yield cx
