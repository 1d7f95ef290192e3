"""Schema: what analysis is asked and answers. docs/measures.md explains every figure at length."""

from __future__ import annotations

import datetime as dt
from typing import Any

import marshmallow as ma

from api.core import fields

from .nulls import NULLS

LAYERS = ("introductions",)
LEAST_DRAWS, MOST_DRAWS, MOST_SEED = 99, 9_999, 2**32 - 1


def _whole(least: int, most: int, default: int, description: str) -> ma.fields.Integer:
    sentence = f"A whole number from {least} to {most}."
    return ma.fields.Integer(
        load_default=default,
        validate=ma.validate.Range(least, most, error=sentence),
        error_messages={"invalid": sentence, "too_large": sentence},
        metadata={"description": description},
    )


class CrossingQuery(ma.Schema):
    """What is asked: the boundary, the layer, the window, and the null to hold it against."""

    boundary = fields.Id(required=True, description="The boundary's id.")
    layer = fields.Choice(*LAYERS, default=LAYERS[0], description="Which ties are counted.")
    null = fields.Choice(*NULLS, default="N2", description="What chance means: see docs/measures.")
    draws = _whole(LEAST_DRAWS, MOST_DRAWS, 999, "Relabellings to draw; N0 needs none.")
    seed = _whole(0, MOST_SEED, 1, "The same seed gives the same answer again.")

    class Meta:
        """`from` is a word of Python's own, so it is named here."""

        include = {  # noqa: RUF012
            "from": fields.Moment(description="Made at or after; left out, from the beginning."),
            "to": fields.Moment(description="Made before; left out, until now."),
        }

    @ma.validates_schema
    def require_window(self, asked: dict[str, Any], **_: Any) -> None:
        """A window ends after it begins."""
        begins, ends = asked.get("from"), asked.get("to")
        if begins and ends and dt.datetime.fromisoformat(ends) <= dt.datetime.fromisoformat(begins):
            raise ma.ValidationError({"to": ["This must be later than from."]})


def figure(description: str) -> ma.fields.Float:
    """A figure that may be missing."""
    return ma.fields.Float(
        required=True, allow_none=True, allow_nan=False, metadata={"description": description}
    )


def count(description: str) -> ma.fields.Integer:
    """A whole number that is always there."""
    return ma.fields.Integer(required=True, metadata={"description": description})


def part(schema: type[ma.Schema], *, allow_none: bool = False, **options: Any) -> ma.fields.Nested:
    """A part of the answer."""
    return ma.fields.Nested(schema, required=True, allow_none=allow_none, **options)


class AnalysedWindowSchema(ma.Schema):
    """Half open: introductions at or after `from`, before `to`; null leaves that end open."""

    class Meta:
        """Both as in the query, in UTC."""

        include = {  # noqa: RUF012
            "from": ma.fields.String(required=True, allow_none=True),
            "to": ma.fields.String(required=True, allow_none=True),
        }


class AnalysedSectionSchema(ma.Schema):
    """A section and what it is called."""

    id = ma.fields.UUID(required=True)
    name = ma.fields.String(required=True)


class AnalysedBoundarySchema(AnalysedSectionSchema):
    """The boundary and its sections in their order: that of `sections` and `mixing` as well."""

    sections = part(AnalysedSectionSchema, many=True)


class BoundsSchema(ma.Schema):
    """The lowest and the highest it can be."""

    low = figure("At the least.")
    high = figure("At the most.")


class IntervalSchema(BoundsSchema):
    """How far the share hangs on single groups or persons: 95%."""

    error = figure("The standard error it comes from.")
    method = ma.fields.String(
        required=True, validate=ma.validate.OneOf(("node jackknife", "node bootstrap"))
    )


class CoverageSchema(ma.Schema):
    """Ties whose both sides are known, of all ties: the figures rest on the known alone."""

    known = count("Ties with both sides known.")
    total = count("All ties.")


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
