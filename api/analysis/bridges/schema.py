"""Schema: what bridges are asked and answer."""

from __future__ import annotations

import marshmallow as ma

from api.analysis.measures.pairs import GAP, LAPSED, LIVE, LIVE_DAYS, SINGLE, STATES, TOO_FEW
from api.analysis.schema import (
    AnalysedBoundarySchema,
    AnalysedWindowSchema,
    BoundaryQuery,
    ChanceSchema,
    ReasonsSchema,
    count,
    draws,
    figure,
    part,
    seed,
)
from api.core import fields

LAYERS = ("introductions", "meetings")
SIDES = ("sections", "groups")
NULLS = ("N2", "N1")


class BridgesQuery(BoundaryQuery):
    """The boundary, the window, the layer, and between whom."""

    between = fields.Choice(*SIDES, default=SIDES[0], description="Pairs of which sort.")
    layer = fields.Choice(*LAYERS, default=LAYERS[0], description="Which ties are counted.")
    group = fields.Id(description="Of pairs of groups, only those with this one.")
    state = fields.Choice(*STATES, description="Only pairs that stand so.")
    spaces = ma.fields.Boolean(
        load_default=False,
        error_messages={"invalid": "true or false."},
        metadata={"description": "Count spaces among what would have to fall away."},
    )

    null = fields.Choice(
        *NULLS,
        default=NULLS[0],
        description="What chance means, for sections: dealt anew among groups with about as many"
        " ties (N2), or among all (N1). See docs/measures.",
    )
    draws = draws()
    seed = seed()

    @ma.validates_schema
    def require_groups(self, asked: dict[str, object], **_: object) -> None:
        """Only pairs of groups can be narrowed down to one."""
        if asked["between"] != "groups" and asked.get("group"):
            raise ma.ValidationError({"group": ["This goes with between=groups."]})


class BridgedSideSchema(ma.Schema):
    """One side of a pair."""

    id = ma.fields.UUID(required=True)
    name = ma.fields.String(required=True)


class BesideChanceSchema(ChanceSchema):
    """Ties between two sections, each two groups once, beside what chance would give."""

    p_adjusted = figure("p for all pairs of sections that have one.")
    reason = ma.fields.String(
        required=True, allow_none=True, metadata={"description": "Why there is none."}
    )


class BridgedPairSchema(ma.Schema):
    """What is between two sides."""

    sides = ma.fields.List(ma.fields.Nested(BridgedSideSchema), required=True)
    ties = count("Introductions, or meetings, that brought them together in the window.")
    last_at = ma.fields.String(
        required=True, allow_none=True, metadata={"description": "The last of them."}
    )
    connectors = count("How many members brought them about.")
    connector_id = ma.fields.UUID(
        required=True,
        allow_none=True,
        metadata={"description": "Who holds it alone: told to coordinators and to themselves."},
    )
    spaces = count("In how many spaces.")
    independent = count(
        "Independent bridges: the fewest connectors (and spaces, if asked) that would"
        " have to stop to cut every way between them, through other groups as well."
    )
    coverage = figure(
        "Weeks told of by all who could have seen a tie, of all their weeks; null where nobody is."
    )
    chance = part(BesideChanceSchema, allow_none=True)
    state = ma.fields.String(
        required=True,
        validate=ma.validate.OneOf(STATES),
        metadata={
            "description": f"`{SINGLE}`: one time only; `{LIVE}`: more often, the last within"
            f" {LIVE_DAYS} days of the window's end (or today); `{LAPSED}`: before; `{GAP}`: none,"
            f" and one would have been seen; `{TOO_FEW}`: none, and nobody can tell."
        },
    )


class BridgeStatesSchema(ma.Schema):
    """How many pairs stand how."""

    live = count("Seen more than once, not long ago.")
    lapsed = count("Seen more than once, but not lately.")
    single = count("Seen once.")
    gap = count("Not seen, though one would have been.")
    too_few_to_say = count("Not seen, and nobody can tell.")


class BridgesSchema(ReasonsSchema):
    """Pairs in the order of their sides: this is no ranking."""

    window = part(AnalysedWindowSchema)
    boundary = part(AnalysedBoundarySchema)
    layer = ma.fields.String(required=True, validate=ma.validate.OneOf(LAYERS))
    between = ma.fields.String(required=True, validate=ma.validate.OneOf(SIDES))
    null = ma.fields.String(required=True, validate=ma.validate.OneOf(NULLS))
    seed = count("The seed asked for.")
    draws = count("Draws looked at; 0 for pairs of groups and for meetings.")
    is_exact = ma.fields.Boolean(
        required=True, metadata={"description": "Whether those are all there can be."}
    )
    coverage = figure("Weeks told of by all connectors, of all their weeks in the window.")
    states = part(BridgeStatesSchema)
    held_alone = count("Pairs with a tie, all of whose ties one member holds.")
    pairs = part(BridgedPairSchema, many=True)
