"""Filters: what a list can be narrowed by, declared by a kind, written as SQL over its row `r`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import marshmallow as ma

from . import fields


@dataclass(frozen=True)
class Filter:
    """One query parameter: its name, what it takes, and the criterion, with `:name` bound."""

    name: str
    field: ma.fields.Field[Any]
    criterion: str
    is_spatial: bool = False


def equal(name: str, field: ma.fields.Field[Any] | None = None) -> Filter:
    """`?space_id=…`: the column equals the value."""
    field = field or fields.Id(description=f"Only those with this `{name}`.")
    return Filter(name, field, f"r.{name} = :{name}")


def choice(name: str, *options: str) -> Filter:
    """`?status=made`: the column is this one of its options."""
    return equal(name, fields.Choice(*options, description=f"Only those with this `{name}`."))


def window(column: str, *, days: bool = False) -> tuple[Filter, Filter]:
    """`?from=…&to=…`: half open, so that windows laid side by side count nothing twice."""
    sort = fields.Day if days else fields.Moment
    return (
        Filter("from", sort(description=f"`{column}` at or after."), f"r.{column} >= :from"),
        Filter("to", sort(description=f"`{column}` before."), f"r.{column} < :to"),
    )


def within(name: str, criterion: str, description: str) -> Filter:
    """`?group_id=…` where the id stands in a part or a list: any criterion over `r`."""
    return Filter(name, fields.Id(description=description), criterion)


def contains_text(*columns: str) -> Filter:
    """`?q=…`: the words stand in one of the columns, whatever the case."""
    texts = " || ' ' || ".join(f"coalesce(r.{c}, '')" for c in columns)
    field = fields.Text(80, description=f"Text in {', '.join(columns)}.")
    return Filter("q", field, f"position(lower(:q) in lower({texts})) > 0")


BBOX = Filter(
    "bbox",
    fields.Text(
        90,
        pattern=r"^-?[0-9]{1,3}(\.[0-9]+)?(,-?[0-9]{1,3}(\.[0-9]+)?){3}$",
        says="west,south,east,north in degrees, such as -3.2,51.4,-3.1,51.5.",
        description="west,south,east,north in degrees.",
        example="-3.2,51.4,-3.1,51.5",
    ),
    "r.geometry && ST_MakeEnvelope(split_part(:bbox,',',1)::float8,"
    " split_part(:bbox,',',2)::float8,"
    " split_part(:bbox,',',3)::float8, split_part(:bbox,',',4)::float8, 4326)",
    is_spatial=True,
)
NEAR = Filter(
    "near",
    fields.Text(
        70,
        pattern=r"^-?[0-9]{1,3}(\.[0-9]+)?,-?[0-9]{1,2}(\.[0-9]+)?,[0-9]{1,6}(\.[0-9]+)?$",
        says="longitude,latitude,metres, such as -3.15,51.45,500.",
        description="longitude,latitude,metres.",
        example="-3.15,51.45,500",
    ),
    "ST_DWithin(r.geometry::geography, ST_SetSRID(ST_MakePoint(split_part(:near,',',1)::float8,"
    " split_part(:near,',',2)::float8), 4326)::geography, split_part(:near,',',3)::float8)",
    is_spatial=True,
)
