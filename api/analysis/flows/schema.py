"""Schema: what flows are asked and answer."""

from __future__ import annotations

import marshmallow as ma

from api.analysis.schema import (
    AnalysedBoundarySchema,
    AnalysedWindowSchema,
    BoundaryQuery,
    ChanceSchema,
    count,
    draws,
    figure,
    part,
    seed,
)
from api.core import fields
from api.records.flows.schema import RESOURCES


class FlowsQuery(BoundaryQuery):
    """The boundary, the window, the kind of resource, and how often chance is asked."""

    resource = fields.Choice(*RESOURCES, description="Only this kind; left out, each by itself.")
    draws = draws()
    seed = seed()


class ReciprocitySchema(ma.Schema):
    """Whether something comes back: in directions of giving, and in amounts."""

    r = part(ChanceSchema)
    rho = figure("r beyond as many directions at random, -1 to 1; 0 as at random.")
    weighted_r = part(ChanceSchema)
    weighted_rho = figure("weighted r beyond chance; null below eight directions.")
    draws = count("Rewirings looked at.")
    reasons = ma.fields.Dict(
        keys=ma.fields.String(),
        values=ma.fields.String(),
        required=True,
        metadata={"description": "Why a figure is null, by its name."},
    )


class GroupBalanceSchema(ma.Schema):
    """What one group gives and takes."""

    group_id = ma.fields.UUID(required=True)
    given = figure("In the unit.")
    taken = figure("In the unit.")
    net = figure("Given less taken.")
    balance = figure("Net over given and taken: 1 only gives, -1 only takes.")
    reciprocity = figure("How much of what it gives comes back, 0 to 1.")


class SectionFlowSchema(ma.Schema):
    """What sections give each other; `crossing` + `within` + `unknown` is all."""

    matrix = ma.fields.List(
        ma.fields.List(ma.fields.Float(allow_nan=False)),
        required=True,
        metadata={"description": "From section (row) to section (column), by shares."},
    )
    net = ma.fields.List(
        ma.fields.Float(allow_nan=False),
        required=True,
        metadata={"description": "Of each section: given less taken, within left out."},
    )
    crossing = figure("What went across the boundary.")
    within = figure("What stayed within.")

    class Meta:
        """`unknown` is a word of the library's own, so it is named here."""

        include = {  # noqa: RUF012
            "unknown": figure("What went from or to a group of unknown side.")
        }


class FlowKindSchema(ma.Schema):
    """One kind of resource in one unit."""

    resource = ma.fields.String(required=True, validate=ma.validate.OneOf(RESOURCES))
    unit = ma.fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "As people wrote it; null where deliveries are counted instead."},
    )
    deliveries = count("How often it was delivered.")
    directions = count("From whom to whom: there and back are two.")
    pairs_both_ways = count("Pairs of groups with flows in both directions.")
    amount = figure("In the unit; of deliveries without one, how many.")
    reciprocity = part(ReciprocitySchema)
    sections = part(SectionFlowSchema)
    groups = part(GroupBalanceSchema, many=True)


class FlowsSchema(ma.Schema):
    """What was delivered in the window, kind by kind."""

    window = part(AnalysedWindowSchema)
    boundary = part(AnalysedBoundarySchema)
    null = ma.fields.String(required=True, validate=ma.validate.OneOf(("N6",)))
    seed = count("The seed asked for.")
    flows = part(FlowKindSchema, many=True)
    reason = ma.fields.String(
        required=True, allow_none=True, metadata={"description": "Why there is nothing."}
    )
