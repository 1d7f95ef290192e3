"""Schema: what continuity is asked and answers."""

from __future__ import annotations

from typing import Any

import marshmallow as ma

from api.analysis.schema import (
    AnalysedBoundarySchema,
    AnalysedWindowSchema,
    BoundaryQuery,
    CoverageSchema,
    ReasonsSchema,
    count,
    figure,
    part,
)
from api.core import fields


class ContinuityQuery(BoundaryQuery):
    """One connector or one space, a boundary and a window."""

    connector = fields.Id(description="The member who might stop; or a space.")
    space = fields.Id(description="The space that might close; or a connector.")

    @ma.validates_schema(skip_on_field_errors=True)
    def require_one(self, asked: dict[str, Any], **_: Any) -> None:
        """One of them stops, not both."""
        if bool(asked["connector"]) == bool(asked["space"]):
            raise ma.ValidationError({"connector": ["Name a connector or a space, one of them."]})


class HeldPairsSchema(ma.Schema):
    """Pairs of groups brought together in the window."""

    total = count("All pairs.")
    crossing = count("Those whose groups share no section.")
    held = count("Those it holds, alone or beside others.")
    held_alone = count("Those that nothing else holds.")
    crossing_held_alone = count("Of these, those that cross.")


class StandingSchema(ma.Schema):
    """How the town holds together."""

    pairs = count("Pairs of groups.")
    crossing = count("Pairs that cross.")
    connected = count("Two groups of no common section with a path between them.")
    robustness = figure("R: how long the largest part lasts while the busiest groups go. 0 to ½.")
    bus_factor = ma.fields.Integer(
        required=True,
        allow_none=True,
        metadata={
            "description": "How many connectors at most have to stop before half of the crossing"
            " pairs are held by nobody."
        },
    )


class BridgesChangeSchema(ma.Schema):
    """Independent bridges between two sections: the fewest groups that all paths go through."""

    sections = ma.fields.List(ma.fields.UUID(), required=True)
    before = count("As it is. 0 is a gap, 1 a single point of failure.")
    after = count("Without it.")


class NamedSchema(ma.Schema):
    """A group or space and what it is called."""

    id = ma.fields.UUID(required=True)
    name = ma.fields.String(required=True, allow_none=True)


class OpenFollowUpSchema(ma.Schema):
    """A question not answered yet."""

    id = ma.fields.UUID(required=True)
    introduction_id = ma.fields.UUID(required=True)
    due_on = ma.fields.String(required=True)


class PackSchema(ma.Schema):
    """What another connector would take over; groups and spaces by name, not by number."""

    groups = part(NamedSchema, many=True)
    spaces = part(NamedSchema, many=True)
    follow_ups = part(OpenFollowUpSchema, many=True)
    held_alone = ma.fields.List(
        ma.fields.List(ma.fields.UUID()),
        required=True,
        metadata={
            "description": "Pairs of groups that only this connector has brought"
            " together, at most 2,000; `pairs.held_alone` counts all."
        },
    )


class ContinuitySchema(ReasonsSchema):
    """Before and after, what is lost, and the pack."""

    window = part(AnalysedWindowSchema)
    boundary = part(AnalysedBoundarySchema)
    connector = ma.fields.UUID(required=True, allow_none=True)
    space = ma.fields.UUID(required=True, allow_none=True)
    coverage = part(CoverageSchema)
    pairs = part(HeldPairsSchema)
    before = part(StandingSchema)
    after = part(StandingSchema)
    bridges = part(BridgesChangeSchema, many=True)
    lost = count("Two sections that had a bridge and would have none.")
    pack = part(PackSchema, allow_none=True)
