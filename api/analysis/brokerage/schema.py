"""Schema: what brokerage is asked and answers."""

from __future__ import annotations

import marshmallow as ma

from api.analysis.crossing.schema import IntroductionTallySchema, ResourceQuery
from api.analysis.schema import (
    AnalysedBoundarySchema,
    AnalysedWindowSchema,
    BoundaryQuery,
    BoundsSchema,
    ChanceSchema,
    CoverageSchema,
    ReasonsSchema,
    count,
    draws,
    figure,
    part,
    seed,
)
from api.core import fields
from api.records.flows.schema import RESOURCES

LAYERS, NULLS = ("introductions", "flows"), ("N2", "N1")
EXACT, NONE = "exact", "none"
NO_RANKING = "In the order of ids: this is no ranking."


class BrokerageQuery(ResourceQuery, BoundaryQuery):
    """The boundary, the window, the layer, and the null to hold it against."""

    layer = fields.Choice(*LAYERS, default=LAYERS[0], description="Which ties are counted.")
    null = fields.Choice(
        *NULLS,
        default=NULLS[0],
        description="What chance means: sections dealt anew among groups with about as many ties"
        " (N2), or among all (N1). See docs/measures.",
    )
    draws = draws()
    seed = seed()
    group = fields.Id(description="Only this group in `groups`.")
    betweenness = fields.Choice(
        EXACT,
        NONE,
        description="Left out, it is there up to 20,000 groups and persons with ties; where that"
        " takes a while the answer is 202, until a worker has it. `exact`: however many there are,"
        " always 202 at first. `none`: without it, sooner.",
    )


class BrokerRoleSchema(ChanceSchema):
    """How often somebody has a role, beside what dealing the sections out anew would give."""

    expected_at_random = figure("Its mean if all ties were as likely: Gould and Fernandez' own.")
    z_at_random = figure("What was seen, less that, in its standard deviations.")


# v stands between a and b, who are not tied
SIDES = {
    "coordinator": "All three in one section.",
    "itinerant": "a and b in one section, v in another.",
    "representative": "a and v in one section, b in another.",
    "gatekeeper": "v and b in one section, a in another.",
    "liaison": "Three different sections.",
}


def _roles(schema: type[ma.Schema], name: str) -> type[ma.Schema]:
    parts = {role: part(schema, metadata={"description": said}) for role, said in SIDES.items()}
    return ma.Schema.from_dict(parts, name=name)  # type: ignore[arg-type]


BrokerRolesSchema = _roles(BrokerRoleSchema, "BrokerRolesSchema")
TogetherRolesSchema = _roles(ChanceSchema, "TogetherRolesSchema")


class AcrossSchema(ChanceSchema):
    """Pairs in two different sections, not tied, that somebody stands between."""

    p_adjusted = figure("p for as many groups as were looked at.")


class TogetherSchema(ma.Schema):
    """All groups and persons together."""

    draws = count("Draws for roles; may differ from `draws`, which deals among groups alone.")
    is_exact = ma.fields.Boolean(required=True)
    between = figure("Untied pairs with somebody between them, once for each who is.")
    across = part(ChanceSchema, metadata={"description": "Those in two different sections."})
    roles = part(TogetherRolesSchema)


class BrokeringGroupSchema(ma.Schema):
    """A group with a tie: between whom it stands."""

    group_id = ma.fields.UUID(required=True)
    name = ma.fields.String(required=True)
    ties = count("Groups and persons it is tied to.")
    between = figure("Untied pairs of known side it stands between.")
    across = part(AcrossSchema, allow_none=True)
    roles = part(BrokerRolesSchema, allow_none=True)
    betweenness = figure(
        "Of all pairs of different sections, the part whose shortest ways go through it. 0 to 1."
    )
    participation = figure("How evenly its ties spread over sections; from three ties on.")
    constraint = figure("Burt's: how closely its contacts are bound together; low: openings.")
    effective_size = figure("Burt's: its contacts less what they have in common.")
    reason = ma.fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "Why what knows of the boundary is null."},
    )


class BrokeringConnectorSchema(ChanceSchema):
    """A member's introductions; `value` is the share of the known that cross."""

    connector_id = ma.fields.UUID(required=True)
    p_adjusted = figure("p for as many connectors as have a share, told of here or not.")
    introductions = part(IntroductionTallySchema)
    reason = ma.fields.String(
        required=True, allow_none=True, metadata={"description": "Why there is no share."}
    )


class ConcentrationSchema(ma.Schema):
    """How the introductions that cross spread over those who made them."""

    connectors = count("How many made any that crosses.")
    hhi = figure("Sum of the squares of their parts: 1 when one made them all.")
    effective = figure("1 / hhi: as if so many shared them evenly.")
    top_share = figure("The largest part; to coordinators alone.")
    reason = ma.fields.String(
        required=True, allow_none=True, metadata={"description": "Why it is not told."}
    )


class ConnectorIntervalSchema(BoundsSchema):
    """How far the share hangs on single connectors: 95%."""

    error = figure("The standard error it comes from.")
    method = ma.fields.String(required=True, validate=ma.validate.Equal("connector jackknife"))


class BrokerageSchema(ReasonsSchema):
    """Realised brokerage first, then who stands between whom."""

    window = part(AnalysedWindowSchema)
    boundary = part(AnalysedBoundarySchema)
    layer = ma.fields.String(required=True, validate=ma.validate.OneOf(LAYERS))
    resource = ma.fields.String(
        required=True, allow_none=True, validate=ma.validate.OneOf(RESOURCES)
    )
    null = ma.fields.String(required=True, validate=ma.validate.OneOf(NULLS))
    seed = count("The seed asked for.")
    draws = count("Draws looked at for the share; of flows, for roles.")
    is_exact = ma.fields.Boolean(
        required=True, metadata={"description": "Whether those are all there can be."}
    )
    coverage = part(CoverageSchema)
    introductions = part(IntroductionTallySchema, allow_none=True)
    share = figure("Realised brokerage: known introductions that cross, of known introductions.")
    expected = figure("Its mean under the null: who brought whom together stays.")
    excess = figure("Share less expected.")
    z = figure("The excess in standard deviations of the null.")
    p = figure("Two-sided: how often chance alone goes as far. Never 0.")
    interval = part(ConnectorIntervalSchema, allow_none=True)
    concentration = part(ConcentrationSchema, allow_none=True)
    connectors = part(
        BrokeringConnectorSchema,
        many=True,
        metadata={"description": f"To connectors themselves alone. {NO_RANKING}"},
    )
    together = part(TogetherSchema, allow_none=True)
    groups = part(BrokeringGroupSchema, many=True, metadata={"description": NO_RANKING})
