"""Keys: the API by which a member makes, lists and takes back the keys of their phones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

import marshmallow as ma

from api.accounts.collect_keys import collect_keys_of, revoke_collect_key
from api.core import fields
from api.core.acting import acting
from api.core.actor import LOGGERS
from api.core.web import Blueprint

from .address import address, as_qr_text, here, settings_of
from .commands import make_key

if TYPE_CHECKING:
    from flask import Response

KEY = {"id": "0b9e7c52-5d0e-4c4e-9a63-5f0a3d7a9f11", "name": "Old phone"}
LISTED = KEY | {"created_at": "2026-03-31T18:30:00+00:00", "last_used_on": "2026-04-02"}
SHOWN = "weft_an-example-of-a-key-that-nobody-can-use-0000"
URL = address("https://weft.example.org", SHOWN)
SETTINGS = settings_of(URL, "Demonstration")
MADE = KEY | {"key": SHOWN, "url": URL, "settings": SETTINGS, "settings_qr": as_qr_text(SETTINGS)}

blueprint = Blueprint(
    "collect",
    __name__,
    url_prefix="/api/v1/networks/<uuid:network_id>/collect/keys",
    description="Keys for phones with ODK Collect or KoboCollect.",
)


class CollectKeyNameSchema(ma.Schema):
    """What to know the phone by."""

    name = fields.Text(80, required=True, description="What you will know the phone by.")


class CollectKeySchema(ma.Schema):
    """A key in its member's list."""

    id = fields.Id(required=True)
    name = ma.fields.String(required=True)
    created_at = ma.fields.AwareDateTime(required=True, format="iso")
    last_used_on = ma.fields.Date(required=True, metadata={"description": "UTC."})


class CollectKeysSchema(ma.Schema):
    """The caller's live keys of this network, the newest first."""

    items = ma.fields.List(ma.fields.Nested(CollectKeySchema), required=True)


class CollectKeyMadeSchema(ma.Schema):
    """A new key, shown this once."""

    id = fields.Id(required=True)
    name = ma.fields.String(required=True)
    key = ma.fields.String(required=True, metadata={"description": "Shown this once."})
    url = ma.fields.String(
        required=True, metadata={"description": "The server's address to enter on the phone."}
    )
    settings = ma.fields.Dict(required=True, metadata={"description": "Collect's settings."})
    settings_qr = ma.fields.String(
        required=True,
        metadata={"description": "The same as the text of a QR code for Collect to scan."},
    )


@blueprint.after_request
def forbid_storing(response: Response) -> Response:
    """What is said here is for one person: no cache keeps it."""
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.post("")
@blueprint.arguments(CollectKeyNameSchema, example={"name": KEY["name"]})
@blueprint.response(201, CollectKeyMadeSchema, example=MADE)
def make_collect_key(values: dict[str, str], network_id: UUID) -> dict[str, Any]:
    """Make a key for one phone of mine; not for funders, who do not log.

    Whoever holds the key logs in your name in this network and sees its groups and spaces and
    your notebook's aliases, nothing else.
    """
    with acting(network_id, writing=True) as (cx, actor):
        return make_key(cx, actor, values["name"], here())


@blueprint.get("")
@blueprint.response(200, CollectKeysSchema, example={"items": [LISTED]})
def list_collect_keys(network_id: UUID) -> dict[str, Any]:
    """List the keys of my phones in this network."""
    with acting(network_id) as (cx, actor):
        actor.require_role(*LOGGERS)
        return {"items": collect_keys_of(cx, network_id, actor.member_id)}


@blueprint.delete("/<uuid:key_id>")
@blueprint.response(204)
def take_key_back(network_id: UUID, key_id: UUID) -> None:
    """Take one key of mine back at once: the phone with it falls silent."""
    with acting(network_id, writing=True) as (cx, actor):
        revoke_collect_key(cx, actor, key_id)
