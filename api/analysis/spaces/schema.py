"""Schema: what spaces are asked and answer."""

from __future__ import annotations

import marshmallow as ma

from api.analysis.crossing.schema import LayerCoverageSchema
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


class SpacesQuery(BoundaryQuery):
    """The boundary, the window, and how often chance is asked."""

    draws = draws()
    seed = seed()


class SpaceContactSchema(ma.Schema):
    """Contact in a space: a meeting of n heads gives n/2."""

    total = figure("All contact.")
    known = figure("Of heads whose side is known.")
    crossing = figure("Across the boundary.")
    part = figure("Its part of all crossing contact of the window, here and elsewhere.")


class SpaceDiversitySchema(ma.Schema):
    """The chance that two heads at a meeting here are of two sides, over its meetings."""

    value = figure("Mean over meetings of two known heads or more; null with fewer than three.")
    expected = figure("Its mean under the curveball.")
    excess = figure("Value less expected: above 0, more mixing than who comes would give.")
    pooled = figure("The same for any two who ever came, unbiased.")
    iqv = figure("Index of qualitative variation of all who came: 1 is every section alike.")


class SpaceIntroductionsSchema(ma.Schema):
    """Introductions made here."""

    total = count("All.")
    known = count("With every party's side known.")
    crossing = count("With two parties who have no section in common.")
    per_meeting = figure("Crossing introductions for each meeting held here: what it yields.")


class SpaceFiguresSchema(ma.Schema):
    """What one space does for the boundary."""

    space_id = ma.fields.UUID(required=True)
    name = ma.fields.String(required=True)
    meetings = count("Meetings in the window.")
    heads = count("Who came, each time they came.")
    contact = part(SpaceContactSchema)
    diversity = part(SpaceDiversitySchema)
    introductions = part(SpaceIntroductionsSchema)
    reason = ma.fields.String(
        required=True, allow_none=True, metadata={"description": "Why there is no diversity."}
    )


class SpacesSchema(ReasonsSchema):
    """Spaces that may be shown, in the order of their ids, and meetings as a whole."""

    window = part(AnalysedWindowSchema)
    boundary = part(AnalysedBoundarySchema)
    null = ma.fields.String(required=True, validate=ma.validate.OneOf(("N4",)))
    seed = count("The seed asked for.")
    draws = count("Dealings looked at; 0 where there is no figure.")
    share = part(ChanceSchema)
    diversity = part(ChanceSchema)
    coverage = part(LayerCoverageSchema)
    spaces = part(SpaceFiguresSchema, many=True)
