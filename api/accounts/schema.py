"""Schema: what accounts say on the wire."""

from __future__ import annotations

from typing import Any

import marshmallow as ma

from api.core import fields
from api.core.actor import ROLES
from api.core.web import AnybodysSchema

from .address import Email

DEVICE = {"id": "0b9e7c52-5d0e-4c4e-9a63-5f0a3d7a9f11", "name": "Phone"}
LISTED = DEVICE | {
    "created_at": "2026-03-31T18:30:00+00:00",
    "last_used_on": "2026-04-02",
    "is_current": True,
}
USER = {"id": "6d1d3a86-0a0e-4b57-8f5c-1c2b1a0e7c44", "email": "connector1@demo.example"}
NETWORK = {
    "id": "0197b0c4-6a10-7cc3-8f00-3d1f5a2b9c11",
    "name": "Demonstration",
    "role": "connector",
    "member_id": "0197b0c4-6a11-7d20-b5b5-0a1c9c0f2e37",
}
MEMBER = {
    "id": NETWORK["member_id"],
    "email": USER["email"],
    "role": "connector",
    "created_at": "2026-03-31T18:30:00+00:00",
    "ended_at": None,
}
INVITED = {
    "id": "f2b1c1ce-6a0b-4b1c-8df6-7a8c2c7e5d90",
    "email": "newcomer@demo.example",
    "role": "connector",
    "created_at": "2026-03-31T18:30:00+00:00",
    "expires_at": "2026-04-14T18:30:00+00:00",
}


def role(**metadata: Any) -> fields.Choice:
    """The role of a member."""
    return fields.Choice(*ROLES, required=True, **metadata)


def instant(**options: Any) -> ma.fields.AwareDateTime:
    """An instant of the database on the wire."""
    return ma.fields.AwareDateTime(required=True, format="iso", **options)


class Code(fields.Text):
    """A one-time code."""

    def __init__(self, **kwargs: Any) -> None:
        """Six digits, leading zeros included."""
        super().__init__(6, least=6, pattern="^[0-9]{6}$", example="314159", **kwargs)
        self.sentence = "The six digits that came by mail."


class CodeRequestSchema(AnybodysSchema):
    """Where to send a code."""

    email = Email(required=True)


class CodeSentSchema(ma.Schema):
    """The same words for every address."""

    message = ma.fields.String(required=True)
    expires_in = ma.fields.Integer(required=True, metadata={"description": "Seconds."})


class CodeSchema(AnybodysSchema):
    """A code, as it came by mail."""

    email = Email(required=True)
    code = Code(required=True)
    device_name = fields.Text(80, description="What you will know it by in your list of devices.")


class DeviceSchema(ma.Schema):
    """Something that speaks for a user."""

    id = fields.Id(required=True)
    name = ma.fields.String(required=True)


class ListedDeviceSchema(DeviceSchema):
    """A device in its user's list."""

    created_at = instant()
    last_used_on = ma.fields.Date(required=True, metadata={"description": "UTC."})
    is_current = ma.fields.Boolean(
        required=True, metadata={"description": "Whether this very request came from it."}
    )


class DevicesSchema(ma.Schema):
    """The caller's live devices, the newest first."""

    items = ma.fields.List(ma.fields.Nested(ListedDeviceSchema), required=True)


class UserSchema(ma.Schema):
    """Somebody who can sign in."""

    id = fields.Id(required=True)
    email = ma.fields.String(required=True)


class MembershipSchema(ma.Schema):
    """A network the caller belongs to, and as what."""

    id = fields.Id(required=True)
    name = ma.fields.String(required=True)
    role = role()
    member_id = fields.Id(required=True)


class MeSchema(ma.Schema):
    """Who I am, in which networks, in which role."""

    user = ma.fields.Nested(UserSchema, required=True)
    device = ma.fields.Nested(DeviceSchema, required=True)
    networks = ma.fields.List(ma.fields.Nested(MembershipSchema), required=True)


class SignedInSchema(MeSchema):
    """The same with the new device's token."""

    token = ma.fields.String(
        required=True, metadata={"description": "Shown this once; send it as a bearer token."}
    )


class InviteSchema(ma.Schema):
    """Who to invite, and as what."""

    email = Email(required=True, example=INVITED["email"])
    role = role()


class InvitationSchema(ma.Schema):
    """A pending invitation."""

    id = fields.Id(required=True)
    email = ma.fields.String(required=True)
    role = role()
    created_at = instant()
    expires_at = instant()


class InvitationsSchema(ma.Schema):
    """The network's pending invitations, the oldest first."""

    items = ma.fields.List(ma.fields.Nested(InvitationSchema), required=True)


class MemberSchema(ma.Schema):
    """A user in this network."""

    id = fields.Id(required=True)
    email = ma.fields.String(
        required=True, allow_none=True, metadata={"description": "null once they have left."}
    )
    role = role()
    created_at = instant()
    ended_at = instant(allow_none=True)


class MembersSchema(ma.Schema):
    """Everyone who ever belonged to the network, in order of coming."""

    items = ma.fields.List(ma.fields.Nested(MemberSchema), required=True)


class RoleSchema(ma.Schema):
    """The role a member shall have."""

    role = role()


ME = {"user": USER, "device": DEVICE, "networks": [NETWORK]}
SIGNED_IN = ME | {"token": "weft_an-example-of-a-token-that-nobody-can-use-00"}
