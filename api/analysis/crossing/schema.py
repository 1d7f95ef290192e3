"""Schema: what crossing is asked and answers."""

from __future__ import annotations

from typing import Any

import marshmallow as ma

from api.analysis.schema import (
    LAYERS,
    AnalysedBoundarySchema,
    AnalysedWindowSchema,
    BoundaryQuery,
    BoundsSchema,
    ChanceSchema,
    CoverageSchema,
    IntervalSchema,
    count,
    draws,
    figure,
    part,
    seed,
)
from api.core import fields
from api.records.flows.schema import RESOURCES

NULLS_OF = {
    "introductions": ("N2", "N0", "N1", "N3"),
    "meetings": ("N4",),
    "flows": ("N6",),
}
NULLS = sorted(null for nulls in NULLS_OF.values() for null in nulls)


class ResourceQuery(ma.Schema):
    """The layer; of flows which kind."""

    layer = fields.Choice(*LAYERS, default=LAYERS[0], description="Which ties are counted.")
    resource = fields.Choice(*RESOURCES, description="Flows of which kind; with no other layer.")

    @ma.validates_schema(skip_on_field_errors=True)
    def require_a_resource_of_flows(self, asked: dict[str, Any], **_: Any) -> None:
        """Flows are looked at one kind at a time."""
        if (asked["layer"] == "flows") != bool(asked["resource"]):
            sentence = "Only flows have this."
            if asked["layer"] == "flows":
                sentence = f"Say which kind: {', '.join(RESOURCES)}."
            raise ma.ValidationError({"resource": [sentence]})


class LayerQuery(ResourceQuery):
    """The layer, and the null to hold it against."""

    null = fields.Choice(
        *NULLS,
        description="What chance means: for introductions N2 (left out), N0, N1 or N3, for meetings"
        " N4, for flows N6. See docs/measures.",
    )
    draws = draws()
    seed = seed()

    @ma.validates_schema(skip_on_field_errors=True)
    def require_a_null_of_the_layer(self, asked: dict[str, Any], **_: Any) -> None:
        """Each layer has its own chance."""
        layer, null = asked["layer"], asked["null"]
        if null and null not in NULLS_OF[layer]:
            sentence = f"With {layer}, chance is {' or '.join(NULLS_OF[layer])}."
            raise ma.ValidationError({"null": [sentence]})

    @ma.post_load
    def settle_null(self, asked: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Left out, it is the layer's first."""
        return asked | {"null": asked["null"] or NULLS_OF[asked["layer"]][0]}


class CrossingQuery(LayerQuery, BoundaryQuery):
    """What is asked: the boundary, the layer, the window, and the null to hold it against."""

    within = fields.Id(description="The other boundary of N3; with no other null.")

    @ma.validates_schema(skip_on_field_errors=True)
    def require_another_boundary(self, asked: dict[str, Any], **_: Any) -> None:
        """N3 alone has one, and it is not the one asked about."""
        is_n3 = asked["null"] == "N3"
        if is_n3 != bool(asked["within"]):
            sentence = "N3 needs this: the other boundary." if is_n3 else "Only N3 has this."
            raise ma.ValidationError({"within": [sentence]})
        if asked["within"] == asked["boundary"]:
            raise ma.ValidationError({"within": ["This must be another than boundary."]})


class EiIndexSchema(ma.Schema):
    """Krackhardt and Stern's E-I: -1 when every tie is within, +1 when every tie crosses."""

    value = figure("(crossing - within) / known ties.")
    expected = figure("Its mean under the null.")
    excess = figure("Value less expected.")
    bounds = part(BoundsSchema, allow_none=True)
    attainable = part(BoundsSchema, allow_none=True)


class ConnectedSchema(ma.Schema):
    """Connectedness = exposure x (1 - bias), from this section to all others: see docs/measures."""

    value = figure("Share of their placed ties that reach the others, over the others' part.")
    exposure = figure("The same of who else is found where the ties were made. 1 is parity.")
    bias = figure("1 - connectedness / exposure; 0: they connect as they meet.")
    placed = figure("Tie-ends made in a space where at least five known are found.")
    unplaced = figure("Tie-ends besides: where, or who is found there, is not known.")
    unplaced_share = figure("Of those, the share that reach the others.")
    reason = ma.fields.String(
        required=True, allow_none=True, metadata={"description": "Why there is none."}
    )


class SectionFiguresSchema(ma.Schema):
    """One section's part in it."""

    section_id = ma.fields.UUID(required=True)
    nodes = figure("Known groups and persons, by their shares; of meetings, heads.")
    tie_ends = figure("Ends of known ties, a tie within counts twice; of flows, those given.")
    homophily = figure("Inbreeding homophily, 0 at chance; null under ten tie-ends.")
    connectedness = part(ConnectedSchema, allow_none=True)


class TieCountsSchema(CoverageSchema):
    """Ties: pairs introduced at least once in the window."""

    crossing = figure("Those that cross; ties of groups in several sections cross in part.")
    sharing_no_section = count("Those whose ends have no section in common.")


class IntroductionTallySchema(ma.Schema):
    """Introductions made, each counted once however many parties it has."""

    total = count("All that were made.")
    known = count("Those with every party's side known.")
    crossing = count("Of the known, those with two parties who have no section in common.")


class GraphNodesSchema(ma.Schema):
    """Who could have been tied: everybody introduced, and every active group."""

    groups = count("Groups.")
    persons = count("Persons of groups, where one was named.")
    known = count("Those of both whose side is known.")


class MeetingCountsSchema(ma.Schema):
    """Meetings that began in the window, and who came."""

    total = count("All of them.")
    met = count("Those of two heads or more, where somebody met.")
    groups = count("Groups that came to any.")
    heads = count("Heads, each time they came.")
    known_heads = figure("Those of known side.")
    diversity = part(
        ChanceSchema,
        metadata={"description": "U, the chance that two heads of a meeting are of two sides."},
    )


class FlowCountsSchema(ma.Schema):
    """Flows of the kind in the window; a direction between two groups counts once."""

    total = count("Flows delivered.")
    directions = count("Ordered pairs of groups of which one gave the other.")
    groups = count("Groups that gave or took.")
    crossing = figure("Directions of known sides that cross.")


class WithinSchema(ma.Schema):
    """The other boundary of N3."""

    id = ma.fields.UUID(required=True)
    name = ma.fields.String(required=True)


class LayerCoverageSchema(ma.Schema):
    """How much has both sides known, of all there is: ties, contact mass, or directions."""

    known = figure("With both sides known: all figures rest on these alone.")
    total = figure("All.")


class CrossingSchema(ma.Schema):
    """What crosses a boundary, against what chance would give; null with a reason where unknown."""

    window = part(AnalysedWindowSchema)
    boundary = part(AnalysedBoundarySchema)
    layer = ma.fields.String(required=True, validate=ma.validate.OneOf(LAYERS))
    resource = ma.fields.String(
        required=True, allow_none=True, validate=ma.validate.OneOf(RESOURCES)
    )
    within = part(WithinSchema, allow_none=True)
    null = ma.fields.String(required=True, validate=ma.validate.OneOf(NULLS))
    seed = count("The seed asked for.")
    draws = count("Draws looked at; 0 for N0 and where there is no figure.")
    is_exact = ma.fields.Boolean(
        required=True, metadata={"description": "Whether those are all there can be."}
    )
    share = figure("Ties that cross, of ties with both sides known.")
    expected = figure("The share's mean under the null.")
    excess = figure("Share less expected: the headline. Below 0, fewer cross than chance gives.")
    z = figure("The excess in standard deviations of the null.")
    p = figure("Two-sided: how often chance alone goes as far. Never 0.")
    interval = part(IntervalSchema, allow_none=True)
    coverage = part(LayerCoverageSchema)
    bounds = part(BoundsSchema, allow_none=True)
    ei = part(EiIndexSchema)
    expected_at_random = figure("The share if any pair were as likely as any other.")
    r = figure("Newman's assortativity: 0 given how active each section is, 1 fully apart.")
    freeman = figure("Freeman's segregation: 0 at `expected_at_random`, 1 fully apart.")
    delta = figure("Log-odds of homophily; e to this power is how many times likelier within.")
    sections = part(SectionFiguresSchema, many=True)
    mixing = ma.fields.List(
        ma.fields.List(ma.fields.Float(allow_nan=False)),
        required=True,
        metadata={"description": "Tie-ends from section (row) to section (column)."},
    )
    ties = part(TieCountsSchema, allow_none=True)
    introductions = part(IntroductionTallySchema, allow_none=True)
    nodes = part(GraphNodesSchema, allow_none=True)
    meetings = part(MeetingCountsSchema, allow_none=True)
    flows = part(FlowCountsSchema, allow_none=True)
    reason = ma.fields.String(
        required=True, allow_none=True, metadata={"description": "Why there is no share."}
    )
    reasons = ma.fields.Dict(
        keys=ma.fields.String(),
        values=ma.fields.String(),
        required=True,
        metadata={"description": "Why a figure is null, by its name."},
    )
