"""Schema: what every analysis is asked and answers. docs/measures.md explains the figures."""

from __future__ import annotations

import datetime as dt
from typing import Any

import marshmallow as ma

from api.core import fields

LAYERS = ("introductions", "meetings", "flows")
LEAST_DRAWS, MOST_DRAWS, MOST_SEED = 99, 9_999, 2**32 - 1


def whole(least: int, most: int, default: int, description: str) -> ma.fields.Integer:
    """A whole number within bounds."""
    sentence = f"A whole number from {least} to {most}."
    return ma.fields.Integer(
        load_default=default,
        validate=ma.validate.Range(least, most, error=sentence),
        error_messages={"invalid": sentence, "too_large": sentence},
        metadata={"description": description},
    )


def draws() -> ma.fields.Integer:
    """How often chance is asked."""
    return whole(LEAST_DRAWS, MOST_DRAWS, 999, "Relabellings to draw; N0 needs none.")


def seed() -> ma.fields.Integer:
    """Where chance begins."""
    return whole(0, MOST_SEED, 1, "The same seed gives the same answer again.")


class WindowQuery(ma.Schema):
    """A window of time, half open."""

    class Meta:
        """`from` is a word of Python's own, so it is named here."""

        include = {  # noqa: RUF012
            "from": fields.Moment(description="At or after; left out, from the beginning."),
            "to": fields.Moment(description="Before; left out, until now."),
        }

    @ma.validates_schema
    def require_window(self, asked: dict[str, Any], **_: Any) -> None:
        """A window ends after it begins."""
        begins, ends = asked.get("from"), asked.get("to")
        if begins and ends and dt.datetime.fromisoformat(ends) <= dt.datetime.fromisoformat(begins):
            raise ma.ValidationError({"to": ["This must be later than from."]})


class BoundaryQuery(WindowQuery):
    """A boundary and a window."""

    boundary = fields.Id(required=True, description="The boundary's id.")


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
    """Half open: at or after `from`, before `to`; null leaves that end open."""

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


class ReasonsSchema(ma.Schema):
    """Why what is missing is missing."""

    reason = ma.fields.String(
        required=True, allow_none=True, metadata={"description": "Why there is no headline."}
    )
    reasons = ma.fields.Dict(
        keys=ma.fields.String(),
        values=ma.fields.String(),
        required=True,
        metadata={"description": "Why a figure is null, by its name."},
    )


class ChanceSchema(ma.Schema):
    """What was seen, held against what chance would give."""

    value = figure("What was seen.")
    expected = figure("Its mean under the null.")
    excess = figure("Value less expected.")
    z = figure("The excess in standard deviations of the null.")
    p = figure("Two-sided: how often chance alone goes as far. Never 0.")


class AnswerStatusSchema(ma.Schema):
    """An answer that is worked out while nobody waits."""

    status = ma.fields.String(
        required=True,
        validate=ma.validate.OneOf(("waiting", "working", "done", "failed")),
        metadata={
            "description": "`failed`: `step` says what to mend; where it is empty, ask again."
        },
    )
    step = ma.fields.String(
        required=True, metadata={"description": "What is being done; of what failed, why."}
    )
    progress = ma.fields.Float(
        required=True, metadata={"description": "How much of that step is over, 0 to 1."}
    )
    answer = ma.fields.Dict(
        required=True, allow_none=True, metadata={"description": "Once done: as if just asked."}
    )
