"""Wire: what every record says when it is sent and answered, around the fields of its kind."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

import marshmallow as ma

from . import fields
from .schema import RecordSchema

if TYPE_CHECKING:
    from .record import RecordType

AUDIENCE = "`network`, or `own:<member id>` for that member's notebook."


class _Sent(RecordSchema):
    id = fields.Id(description="Made by you, so that you can log offline; made here if left out.")
    audience = ma.fields.String(metadata={"description": AUDIENCE, "example": "network"})


class Answered(RecordSchema):
    """What stands around the fields of every kind."""

    id = fields.Id(required=True)
    version = fields.Id(required=True, description="The ETag: the change that made this state.")
    revision = fields.Whole(0, 2**63 - 1, required=True, description="The network's counter then.")
    created_at = fields.Moment(required=True)
    updated_at = fields.Moment(required=True)
    author_id = fields.Id(
        required=True,
        description="The member whose it is: who began it, or accepted it in a handover.",
    )
    audience = ma.fields.String(required=True, metadata={"description": AUDIENCE})


def sent(kind: RecordType) -> type[ma.Schema]:
    """What a POST takes: the kind's fields, and an id and audience of the caller's choosing."""
    return _named(f"{kind.noun}Create", (_Sent, kind.schema), {})


def altered(kind: RecordType) -> type[ma.Schema]:
    """What a PATCH takes: any of the kind's fields; null empties one that may be empty."""
    loose = {name: _loosened(field) for name, field in kind.schema._declared_fields.items()}  # noqa: SLF001
    loose["audience"] = ma.fields.String(metadata={"description": AUDIENCE})
    return _named(f"{kind.noun}Change", (RecordSchema,), loose)


def answered(kind: RecordType) -> type[ma.Schema]:
    """What comes back: the record as it stands in the database."""
    return _named(kind.noun, (Answered, kind.schema), {})


def page(kind: RecordType) -> type[ma.Schema]:
    """One page of a list, and the cursor of the next; null on the last."""
    return _named(
        f"{kind.noun}Page",
        (ma.Schema,),
        {
            "items": ma.fields.List(ma.fields.Nested(answered(kind)), required=True),
            "next": ma.fields.String(required=True, allow_none=True),
        },
    )


def _loosened(field: Any) -> Any:
    """The same field, not required and without a default, for a partial change."""
    loose = copy.copy(field)
    loose.required, loose.load_default = False, ma.missing
    return loose


_MADE: dict[str, type[ma.Schema]] = {}


def _named(
    name: str, parents: tuple[type[ma.Schema], ...], members: dict[str, Any]
) -> type[ma.Schema]:
    """One class per name, or the documentation would list it twice."""
    if name not in _MADE:
        _MADE[name] = type(name, parents, members)
    return _MADE[name]
