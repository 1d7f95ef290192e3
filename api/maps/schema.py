"""Schema: what a map is asked and answers."""

from __future__ import annotations

import datetime as dt
from typing import Any

import marshmallow as ma

from api.core import fields

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


class SpacesQuery(ma.Schema):
    """Which spaces, in which window, and whose sections to name."""

    bbox = Box(
        load_default=None,
        metadata={
            "description": f"Only spaces that touch it: {BOX}",
            "example": "-3.2,51.4,-3.1,51.5",
        },
    )
    boundary = fields.Id(description="Name the sections of this boundary seen at each space.")

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


def count(description: str) -> ma.fields.Integer:
    """A whole number that is always there."""
    return ma.fields.Integer(required=True, metadata={"description": description})


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


EXAMPLE: dict[str, Any] = {
    "type": "FeatureCollection",
    "bbox": [-3.1791, 51.4816, -3.1791, 51.4816],
    "features": [
        {
            "type": "Feature",
            "id": "0197b0c4-6a10-7cc3-8f00-3d1f5a2b9c11",
            "geometry": {"type": "Point", "coordinates": [-3.1791, 51.4816]},
            "properties": {
                "id": "0197b0c4-6a10-7cc3-8f00-3d1f5a2b9c11",
                "name": "Library",
                "type": "library",
                "step_free": True,
                "meetings": 4,
                "introductions": 7,
                "groups_seen": 5,
                "sections_seen": ["0197b0c4-6a11-7d20-b5b5-0a1c9c0f2e37"],
            },
        }
    ],
}
