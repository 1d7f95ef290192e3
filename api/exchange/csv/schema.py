"""Schema: what an import is asked and tells, line by line."""

from __future__ import annotations

from typing import Any

import marshmallow as ma

OUTCOMES = ("new", "changed", "unchanged", "refused")


class ImportQuery(ma.Schema):
    """Whether to carry it out."""

    dry_run = ma.fields.Boolean(
        load_default=False,
        metadata={"description": "Say what would happen, and change nothing."},
    )


class ImportProblemSchema(ma.Schema):
    """What to mend."""

    column = ma.fields.String(required=True)
    sentence = ma.fields.String(required=True)


class ImportLineSchema(ma.Schema):
    """A line of the file and what became of it, or would."""

    line = ma.fields.Integer(required=True, metadata={"description": "Counted from 1."})
    kind = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    what = ma.fields.String(required=True, validate=ma.validate.OneOf(OUTCOMES))
    fields = ma.fields.List(  # type: ignore[assignment]  # the wire's name, not marshmallow's
        ma.fields.String(), required=True, metadata={"description": "What is new or changed."}
    )
    problems = ma.fields.Nested(ImportProblemSchema, many=True, required=True)


class ImportCountsSchema(ma.Schema):
    """How many of each."""

    new = ma.fields.Integer(required=True)
    changed = ma.fields.Integer(required=True)
    unchanged = ma.fields.Integer(required=True)
    refused = ma.fields.Integer(required=True)


class ImportSchema(ma.Schema):
    """What became of a file, or would. When any line is refused, nothing is written."""

    kind = ma.fields.String(required=True)
    is_dry_run = ma.fields.Boolean(required=True)
    encoding = ma.fields.String(required=True, metadata={"description": "As the file was read."})
    delimiter = ma.fields.String(required=True)
    counts = ma.fields.Nested(ImportCountsSchema, required=True)
    lines = ma.fields.Nested(ImportLineSchema, many=True, required=True)


EXAMPLE: dict[str, Any] = {
    "kind": "groups",
    "is_dry_run": True,
    "encoding": "utf-8",
    "delimiter": ";",
    "counts": {"new": 1, "changed": 0, "unchanged": 0, "refused": 1},
    "lines": [
        {
            "line": 2,
            "kind": "groups",
            "name": "Weir Street residents",
            "what": "new",
            "fields": ["home_space_id", "name", "sections", "type"],
            "problems": [],
        },
        {
            "line": 3,
            "kind": "groups",
            "name": "Choir",
            "what": "refused",
            "fields": [],
            "problems": [{"column": "River", "sentence": "River has no section Nort."}],
        },
    ],
}
