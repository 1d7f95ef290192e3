"""Schema: the root of every kind's schema."""

from __future__ import annotations

import marshmallow as ma


class RecordSchema(ma.Schema):
    """The fields of a kind. Fields nobody declared are refused, not dropped."""

    class Meta:
        """Keep what people see in the order of declaration."""

        unknown = ma.RAISE
