"""Schema: what crossing is asked and answers."""

from __future__ import annotations

import marshmallow as ma

from api.analysis.measures.nulls import NULLS
from api.analysis.schema import (
    LAYERS,
    AnalysedBoundarySchema,
    AnalysedWindowSchema,
    BoundaryQuery,
    BoundsSchema,
    CoverageSchema,
    IntervalSchema,
    count,
    draws,
    figure,
    part,
    seed,
)
from api.core import fields


class CrossingQuery(BoundaryQuery):
    """What is asked: the boundary, the layer, the window, and the null to hold it against."""

    layer = fields.Choice(*LAYERS, default=LAYERS[0], description="Which ties are counted.")
    null = fields.Choice(*NULLS, default="N2", description="What chance means: see docs/measures.")
    draws = draws()
    seed = seed()


class EiIndexSchema(ma.Schema):
    """Krackhardt and Stern's E-I: -1 when every tie is within, +1 when every tie crosses."""

    value = figure("(crossing - within) / known ties.")
    expected = figure("Its mean under the null.")
    excess = figure("Value less expected.")
    bounds = part(BoundsSchema, allow_none=True)
    attainable = part(BoundsSchema, allow_none=True)


class SectionFiguresSchema(ma.Schema):
    """One section's part in it."""

    section_id = ma.fields.UUID(required=True)
    nodes = figure("Known groups and persons, by their shares.")
    tie_ends = figure("Ends of known ties; a tie within counts twice.")
    homophily = figure("Inbreeding homophily, 0 at chance; null under ten tie-ends.")


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


class CrossingSchema(ma.Schema):
    """What crosses a boundary, against what chance would give; null with a reason where unknown."""

    window = part(AnalysedWindowSchema)
    boundary = part(AnalysedBoundarySchema)
    layer = ma.fields.String(required=True, validate=ma.validate.OneOf(LAYERS))
    null = ma.fields.String(required=True, validate=ma.validate.OneOf(NULLS))
    seed = count("The seed asked for.")
    draws = count("Relabellings looked at; 0 for N0 and where there is no figure.")
    is_exact = ma.fields.Boolean(
        required=True, metadata={"description": "Whether those are all there can be."}
    )
    share = figure("Ties that cross, of ties with both sides known.")
    expected = figure("The share's mean under the null.")
    excess = figure("Share less expected: the headline. Below 0, fewer cross than chance gives.")
    z = figure("The excess in standard deviations of the null.")
    p = figure("Two-sided: how often chance alone goes as far. Never 0.")
    interval = part(IntervalSchema, allow_none=True)
    coverage = part(CoverageSchema)
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
    ties = part(TieCountsSchema)
    introductions = part(IntroductionTallySchema)
    nodes = part(GraphNodesSchema)
    reason = ma.fields.String(
        required=True, allow_none=True, metadata={"description": "Why there is no share."}
    )
    reasons = ma.fields.Dict(
        keys=ma.fields.String(),
        values=ma.fields.String(),
        required=True,
        metadata={"description": "Why a figure is null, by its name."},
    )
