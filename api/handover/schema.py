"""Schema: what handovers say on the wire."""

from __future__ import annotations

import marshmallow as ma

from api.accounts.address import Email
from api.analysis.continuity.schema import PackSchema
from api.core import fields

from .plan import STAYS

STATUSES = ("offered", "accepted", "declined", "withdrawn")
OFFER = {"receiver_id": "0197b0c4-6a11-7d20-b5b5-0a1c9c0f2e37", "notebook": True}


class OfferSchema(ma.Schema):
    """What is offered, to whom."""

    id = fields.Id(description="Made by you: sent twice, it is offered once.")
    giver_id = fields.Id(description="Whose it is; left out, you. Another only who has left.")
    receiver_id = fields.Id(description="The connector who may accept.")
    receiver = Email(description="Or their address, for whoever may not list members.")
    notebook = fields.Flag(
        description="Whether notebook entries are offered that may move; left out, your own are."
    )

    @ma.validates_schema(skip_on_field_errors=True)
    def require_one_receiver(self, offer: dict[str, object], **_: object) -> None:
        """By id or by address."""
        if bool(offer["receiver_id"]) == bool(offer["receiver"]):
            sentence = "Name whom you offer it to, by id or by address."
            raise ma.ValidationError({"receiver_id": [sentence]})


class MovesSchema(ma.Schema):
    """How many records move, or did."""

    follow_ups = ma.fields.Integer(required=True)
    people = ma.fields.Integer(required=True)


class StaysSchema(ma.Schema):
    """What stays with the giver."""

    kind = ma.fields.String(required=True)
    reason = ma.fields.String(required=True, validate=ma.validate.OneOf(tuple(STAYS)))
    sentence = ma.fields.String(required=True)
    count = ma.fields.Integer(required=True)
    ids = ma.fields.List(
        ma.fields.UUID(),
        required=True,
        allow_none=True,
        metadata={"description": "For the giver alone."},
    )


def address(said: str) -> ma.fields.String:
    """An address, where it may be told."""
    return ma.fields.String(required=True, allow_none=True, metadata={"description": said})


class HandoverSchema(ma.Schema):
    """A handover as it stands."""

    id = ma.fields.UUID(required=True)
    giver_id = ma.fields.UUID(required=True)
    receiver_id = ma.fields.UUID(required=True)
    offered_by = ma.fields.UUID(required=True)
    giver = address("Whose it is: their address, while they are here.")
    receiver = address(
        "Who may accept: their address, while they are here. To the giver once accepted, or in the"
        " answer to an offer made to that address."
    )
    notebook = ma.fields.Boolean(required=True)
    status = ma.fields.String(required=True, validate=ma.validate.OneOf(STATUSES))
    offered_at = ma.fields.AwareDateTime(required=True, format="iso")
    closed_at = ma.fields.AwareDateTime(required=True, allow_none=True, format="iso")


class WholeHandoverSchema(HandoverSchema):
    """A handover, and what it moves."""

    moves = ma.fields.Nested(MovesSchema, required=True)
    stays = ma.fields.List(
        ma.fields.Nested(StaysSchema),
        required=True,
        metadata={"description": "For giver and receiver; a notebook is nobody else's business."},
    )
    pack = ma.fields.Nested(
        PackSchema,
        required=True,
        allow_none=True,
        metadata={"description": "While it is offered: groups, spaces, questions, pairs."},
    )


class HandoversSchema(ma.Schema):
    """Handovers, the newest first."""

    items = ma.fields.List(ma.fields.Nested(HandoverSchema), required=True)
