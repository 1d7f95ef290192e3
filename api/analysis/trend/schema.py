"""Schema: what trend is asked and answers."""

from __future__ import annotations

import datetime as dt
from typing import Any

import marshmallow as ma

from api.analysis.crossing.schema import NULLS, LayerCoverageSchema, LayerQuery
from api.analysis.schema import (
    LAYERS,
    AnalysedBoundarySchema,
    AnalysedWindowSchema,
    BoundsSchema,
    IntervalSchema,
    ReasonsSchema,
    count,
    figure,
    part,
    whole,
)
from api.core import fields
from api.records.flows.schema import RESOURCES

from .load import WEEKS

LEAST_WINDOWS, MOST_WINDOWS = 2, 40
DIRECTIONS = ("opening", "closing", "unclear")


class TrendQuery(LayerQuery):
    """What is asked: the boundary, the layer, and the windows."""

    boundary = fields.Id(required=True, description="The boundary's id.")
    every = fields.Choice(
        *WEEKS,
        default="quarter",
        description="How long a window is: 4, 13, 26 or 52 weeks, so that all hold as many days"
        " and as many Sundays.",
    )
    windows = whole(LEAST_WINDOWS, MOST_WINDOWS, 8, "How many; the last ends at `to`.")
    to = fields.Moment(description="Where the last window ends; left out, where today begins, UTC.")

    @ma.validates_schema(skip_on_field_errors=True)
    def require_another_null(self, asked: dict[str, Any], **_: Any) -> None:
        """N3 is for one window."""
        if asked["null"] == "N3":
            raise ma.ValidationError({"null": ["N3 is for crossing alone."]})

    @ma.post_load
    def settle_end(self, asked: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Left out, it is the beginning of today, so that a day has one answer."""
        today = dt.datetime.now(dt.UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        return asked | {"to": asked["to"] or today.isoformat()}


def direction() -> ma.fields.String:
    """Which way it goes."""
    return ma.fields.String(
        required=True,
        allow_none=True,
        validate=ma.validate.OneOf(DIRECTIONS),
        metadata={"description": "`unclear` from p of 0.05 on; null where nothing is told."},
    )


def reason() -> ma.fields.String:
    """Why there is none."""
    return ma.fields.String(
        required=True, allow_none=True, metadata={"description": "Why nothing is told."}
    )


class ChangeSchema(ma.Schema):
    """Since the window before. A change is called on delta; the share is for people."""

    difference = figure("Delta less delta before; above 0 it closed.")
    error = figure("Its standard error: each node left out of both windows.")
    z = figure("Difference over error.")
    p = figure("Two-sided.")
    p_adjusted = figure("The same for as many changes as are looked at here.")
    direction = direction()
    share = figure("Share less share before: `expected` and `excess` together.")
    expected = figure("How much of it chance would give: who was active, and where.")
    excess = figure("The rest.")
    reason = reason()


class TrendWindowSchema(ReasonsSchema):
    """A window: its figures are those of crossing."""

    window = part(AnalysedWindowSchema)
    share = figure("What crosses, of what has both sides known.")
    expected = figure("The share's mean under the null.")
    excess = figure("Share less expected.")
    z = figure("The excess in standard deviations of the null.")
    p = figure("Two-sided: how often chance alone goes as far.")
    draws = count("Draws looked at.")
    is_exact = ma.fields.Boolean(required=True)
    interval = part(IntervalSchema, allow_none=True)
    coverage = part(LayerCoverageSchema)
    bounds = part(BoundsSchema, allow_none=True)
    r = figure("Newman's assortativity.")
    delta = figure("Log-odds of homophily.")
    change = part(ChangeSchema, allow_none=True)


class SlopeSchema(ma.Schema):
    """Where it leads over all windows that tell delta."""

    windows = count("How many do.")
    slope = figure("Delta per window; above 0 it closes.")
    error = figure("Its standard error: each node left out of all windows.")
    z = figure("Slope over error.")
    p = figure("Two-sided.")
    direction = direction()
    reason = reason()


class TrendSchema(ma.Schema):
    """What crosses a boundary, window after window."""

    window = part(AnalysedWindowSchema)
    boundary = part(AnalysedBoundarySchema)
    layer = ma.fields.String(required=True, validate=ma.validate.OneOf(LAYERS))
    resource = ma.fields.String(
        required=True, allow_none=True, validate=ma.validate.OneOf(RESOURCES)
    )
    every = ma.fields.String(required=True, validate=ma.validate.OneOf(tuple(WEEKS)))
    null = ma.fields.String(required=True, validate=ma.validate.OneOf(NULLS))
    seed = count("The seed asked for.")
    windows = part(TrendWindowSchema, many=True)
    trend = part(SlopeSchema)
