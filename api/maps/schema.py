"""Schema: what a map is asked and answers."""

from __future__ import annotations

import datetime as dt
from typing import Any

import marshmallow as ma

from api.core import fields

from .ties import LAYERS, LIVE_DAYS, STATES

BOX = "west,south,east,north in degrees, south before north; west may be east of east at 180°."
EDGES = (180, 90, 180, 90)


class Box(ma.fields.String):
    """A bounding box as RFC 7946 orders it, read into four numbers."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:
        text = super()._deserialize(value, attr, data, **kwargs)
        try:
            box = tuple(float(part) for part in text.split(","))
        except ValueError as error:
            raise ma.ValidationError(BOX) from error
        fits = len(box) == len(EDGES) and all(
            -edge <= part <= edge for part, edge in zip(box, EDGES, strict=True)
        )
        if not fits or box[1] > box[3]:
            raise ma.ValidationError(BOX)
        return box


class WindowQuery(ma.Schema):
    """A window, half open."""

    class Meta:
        """`from` is a word of Python's own, so it is named here."""

        include = {  # noqa: RUF012
            "from": fields.Moment(description="Count what happened at or after."),
            "to": fields.Moment(description="Count what happened before."),
        }

    @ma.validates_schema
    def require_window(self, asked: dict[str, Any], **_: Any) -> None:
        """A window ends after it begins."""
        begins, ends = asked.get("from"), asked.get("to")
        if begins and ends and dt.datetime.fromisoformat(ends) <= dt.datetime.fromisoformat(begins):
            raise ma.ValidationError({"to": ["This must be later than from."]})


class SpacesQuery(WindowQuery):
    """Which spaces, in which window, and whose sections to name."""

    bbox = Box(
        load_default=None,
        metadata={
            "description": f"Only spaces that touch it: {BOX}",
            "example": "-3.2,51.4,-3.1,51.5",
        },
    )
    boundary = fields.Id(
        description="Name the sections of this boundary seen at each space, and what crossed."
    )
    layer = fields.Choice(*LAYERS, default=LAYERS[0], description="Whose contact is told.")


class TiesQuery(WindowQuery):
    """Which ties: those that cross the boundary, in one layer and window."""

    boundary = fields.Id(required=True, description="The boundary that ties are to cross.")
    layer = fields.Choice(*LAYERS, default=LAYERS[0], description="Which ties are shown.")


def count(description: str) -> ma.fields.Integer:
    """A whole number that is always there."""
    return ma.fields.Integer(required=True, metadata={"description": description})


def figure(description: str) -> ma.fields.Float:
    """A number that may be missing."""
    return ma.fields.Float(
        required=True, allow_none=True, allow_nan=False, metadata={"description": description}
    )


class SpacePropertiesSchema(ma.Schema):
    """What a map can say of a space."""

    id = ma.fields.UUID(required=True)
    name = ma.fields.String(required=True, allow_none=True)
    type = ma.fields.String(required=True)
    step_free = ma.fields.Boolean(required=True, allow_none=True)
    meetings = count("Meetings there in the window.")
    introductions = count("Introductions made there in the window.")
    groups_seen = count("Groups that came to either.")
    sections_seen = ma.fields.List(
        ma.fields.UUID(),
        required=True,
        allow_none=True,
        metadata={"description": "Sections those groups are in; null when no boundary was named."},
    )
    crossing_contact = figure(
        "Contact across the boundary there: of people at meetings, by its mass (docs/measures.md);"
        " else pairs of groups introduced, or flows between two. Null when no boundary was named."
    )
    diversity = figure(
        "The chance that two of those who came together there are of different sections, the mean"
        " over times; null when no boundary was named, or nobody's side is known."
    )


class SpaceFeatureSchema(ma.Schema):
    """A space as an RFC 7946 Feature."""

    type = ma.fields.String(required=True, validate=ma.validate.Equal("Feature"))
    id = ma.fields.UUID(required=True)
    geometry = ma.fields.Dict(required=True, metadata={"description": "A Point or Polygon."})
    properties = ma.fields.Nested(SpacePropertiesSchema, required=True)


class SpaceMapSchema(ma.Schema):
    """An RFC 7946 FeatureCollection; without `bbox` when it is empty."""

    type = ma.fields.String(required=True, validate=ma.validate.Equal("FeatureCollection"))
    bbox = ma.fields.List(ma.fields.Float(), validate=ma.validate.Length(equal=4))
    features = ma.fields.Nested(SpaceFeatureSchema, many=True, required=True)


class TiePropertiesSchema(ma.Schema):
    """A pair of groups and what was seen between them in the window; `a` before `b` by id."""

    a = ma.fields.UUID(required=True)
    b = ma.fields.UUID(required=True)
    a_name = ma.fields.String(required=True)
    b_name = ma.fields.String(required=True)
    a_sections = ma.fields.List(
        ma.fields.UUID(), required=True, metadata={"description": "Largest share first."}
    )
    b_sections = ma.fields.List(ma.fields.UUID(), required=True)
    times = count("Introductions, meetings or flows they had in common.")
    last_at = ma.fields.String(required=True, metadata={"description": "The last of them."})
    state = ma.fields.String(
        required=True,
        validate=ma.validate.OneOf(STATES),
        metadata={
            "description": f"`single`: one time only; else `live` when the last was in the"
            f" {LIVE_DAYS} days before the window's end (or today), `lapsed` when it was earlier."
        },
    )
    crossing = ma.fields.Float(
        required=True,
        metadata={"description": "How much of it crosses: 1, or less where sections are shared."},
    )


class TieFeatureSchema(ma.Schema):
    """A tie as an RFC 7946 Feature: a line between home spaces."""

    type = ma.fields.String(required=True, validate=ma.validate.Equal("Feature"))
    id = ma.fields.String(required=True, metadata={"description": "The ids of both groups."})
    geometry = ma.fields.Dict(
        required=True,
        allow_none=True,
        metadata={
            "description": "A LineString; null where a group has no home on the map, or both have"
            " the same."
        },
    )
    properties = ma.fields.Nested(TiePropertiesSchema, required=True)


class TieCoverageSchema(ma.Schema):
    """How many ties there are, of how many both sides are known, and how many of these cross."""

    known = count("Ties with both sides known.")
    total = count("All ties of the layer in the window.")
    crossing = count("Ties that cross, wholly or in part: the features.")


class TieMapSchema(ma.Schema):
    """An RFC 7946 FeatureCollection of the ties that cross; without `bbox` when none has a line."""

    type = ma.fields.String(required=True, validate=ma.validate.Equal("FeatureCollection"))
    bbox = ma.fields.List(ma.fields.Float(), validate=ma.validate.Length(equal=4))
    ties = ma.fields.Nested(TieCoverageSchema, required=True)
    features = ma.fields.Nested(TieFeatureSchema, many=True, required=True)


def place(description: str) -> ma.fields.Float:
    """A coordinate of the picture."""
    return ma.fields.Float(required=True, metadata={"description": description})


class MapWindowSchema(ma.Schema):
    """Half open; null leaves an end open."""

    class Meta:
        """Both as in the query."""

        include = {  # noqa: RUF012
            "from": ma.fields.String(required=True, allow_none=True),
            "to": ma.fields.String(required=True, allow_none=True),
        }


class RegionSchema(ma.Schema):
    """A section as a circle; `section_id` null for groups whose section is not known."""

    section_id = ma.fields.UUID(required=True, allow_none=True)
    name = ma.fields.String(required=True, allow_none=True)
    groups = count("Groups in it.")
    x = place("Its middle; the unit is about the distance of two neighbours.")
    y = place("Its middle; downward, as on a screen.")
    r = place("Its radius.")


class NodeSchema(ma.Schema):
    """A group that is active or was ever tied, in the region of its largest share."""

    id = ma.fields.UUID(required=True)
    name = ma.fields.String(required=True)
    section_id = ma.fields.UUID(required=True, allow_none=True)
    x = place("Where it stands.")
    y = place("Where it stands.")
    ties = count("Its ties in the window.")
    crossing = count("Those of them that cross, wholly or in part.")


class EdgeSchema(ma.Schema):
    """A tie in the window; `a` and `b` number the nodes, from 0."""

    a = count("One end: its number among `nodes`.")
    b = count("The other.")
    times = count("What they had in common.")
    last_at = ma.fields.String(required=True)
    state = ma.fields.String(required=True, validate=ma.validate.OneOf(STATES))
    crossing = figure("How much of it crosses; null where a side is not known.")


class BetweenSchema(ma.Schema):
    """Two sections and what is drawn between their regions."""

    a = ma.fields.UUID(required=True)
    b = ma.fields.UUID(required=True)
    ties = count("Pairs of groups tied in the window.")
    times = count("What they had in common, added up.")
    last_at = ma.fields.String(required=True, allow_none=True)
    state = ma.fields.String(
        required=True,
        validate=ma.validate.OneOf((*STATES, "gap")),
        metadata={"description": "`gap`: no tie; `single`: one pair of groups is all there is."},
    )


class GraphSchema(ma.Schema):
    """A network as a picture."""

    boundary = ma.fields.UUID(required=True)
    layer = ma.fields.String(required=True, validate=ma.validate.OneOf(LAYERS))
    window = ma.fields.Nested(MapWindowSchema, required=True)
    regions = ma.fields.Nested(RegionSchema, many=True, required=True)
    nodes = ma.fields.Nested(NodeSchema, many=True, required=True)
    edges = ma.fields.Nested(EdgeSchema, many=True, required=True)
    between = ma.fields.Nested(BetweenSchema, many=True, required=True)
    ties = ma.fields.Nested(TieCoverageSchema, required=True)
