"""Fields: what may stand in a record, each with one verdict for marshmallow and msgspec alike.

A field names its msgspec type in `wire`. Reading one value is msgspec's conversion plus `settle`,
so the fast decoder of whole batches and the schema that explains errors cannot disagree.
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal
from uuid import UUID

import marshmallow as ma
import msgspec
from marshmallow import validate
from msgspec import Meta

from . import geometry

EARLIEST, LATEST = 1900, 2200  # years; everything a community can mean, nothing a clock can break


class Wire(ma.fields.Field[Any]):
    """A field whose verdict is that of its msgspec type `wire`, then of `settle`."""

    wire: Any = Any
    sentence = "This value does not fit."

    def __init__(
        self,
        *inner: Any,
        required: bool = False,
        default: Any = None,
        since: int = 1,
        **metadata: Any,
    ) -> None:
        """`default` is what a record holds where the field was left out; without one, null.

        `since` is the version of the data the field came with; a later one is never required.
        """
        self.default, self.since = default, since
        super().__init__(
            *inner,
            required=required,
            allow_none=not required and default is None,
            load_default=ma.missing if required else default,
            metadata=metadata,
        )

    def settle(self, value: Any) -> Any:
        """Bring a well-typed value to its one canonical form, or raise ValueError."""
        return value

    @property
    def settles(self) -> bool:
        """Whether there is anything to do after the type was checked."""
        return type(self).settle is not Wire.settle

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:  # noqa: ARG002
        try:
            return self.settle(msgspec.convert(value, self.wire))
        except (msgspec.ValidationError, OverflowError) as error:
            raise ma.ValidationError(self.sentence) from error
        except ValueError as error:
            raise ma.ValidationError(str(error) or self.sentence) from error

    def _serialize(self, value: Any, attr: Any, obj: Any, **kwargs: Any) -> Any:  # noqa: ARG002
        return msgspec.json.decode(msgspec.json.encode(value))  # as JSON has it: no tuples


class Text(Wire, ma.fields.String):
    """Plain text of `least` to `most` characters, without control characters for the database."""

    def __init__(
        self, most: int, *, least: int = 0, pattern: str = "", says: str = "", **kwargs: Any
    ) -> None:
        """`pattern` is searched for, not matched whole; `says` tells people what fits it."""
        least = max(least, 1 if kwargs.get("required") else 0)
        pattern = pattern or (r"\S" if least else "")
        limits = Meta(min_length=least, max_length=most, pattern=_to_the_end(pattern) or None)
        self.wire = Annotated[str, limits]
        fits = f" that fits {pattern}." if pattern not in ("", r"\S") else "."
        self.sentence = says or f"Text of {least} to {most} characters{fits}"
        super().__init__(**kwargs)
        self.validators = [validate.Length(least or None, most)]
        if pattern:
            self.metadata = {**self.metadata, "pattern": pattern}

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:
        if isinstance(value, str) and not is_storable(value):
            raise ma.ValidationError("Text cannot hold a NUL character or half a character.")
        return super()._deserialize(value, attr, data, **kwargs)


class Choice(Wire, ma.fields.String):
    """One of a few named values."""

    def __init__(self, *options: str, **kwargs: Any) -> None:
        """`options` in the order in which people should see them."""
        self.options = options
        self.wire = Literal[options]
        self.sentence = f"One of: {', '.join(options)}."
        super().__init__(**kwargs)
        self.validators = [validate.OneOf(options)]


class Whole(Wire, ma.fields.Integer):
    """A whole number from `least` to `most`."""

    def __init__(self, least: int, most: int, **kwargs: Any) -> None:
        """Both ends are allowed."""
        self.wire = Annotated[int, Meta(ge=least, le=most)]
        self.sentence = f"A whole number from {least} to {most}."
        super().__init__(**kwargs)
        self.validators = [validate.Range(least, most)]


class Number(Wire, ma.fields.Float):
    """A number from `least` to `most`; never NaN or infinite."""

    def __init__(self, least: float, most: float, **kwargs: Any) -> None:
        """Both ends are allowed."""
        self.wire = Annotated[float, Meta(ge=least, le=most)]
        self.sentence = f"A number from {least:g} to {most:g}."
        super().__init__(**kwargs)
        self.validators = [validate.Range(least, most)]


class Flag(Wire, ma.fields.Boolean):
    """true or false."""

    wire = bool
    sentence = "true or false."


class Day(Wire, ma.fields.Date):
    """A calendar day, ISO 8601."""

    wire = dt.date
    sentence = f"A day such as 2026-03-31, from {EARLIEST} to {LATEST}."

    def settle(self, value: dt.date) -> dt.date:
        """Refuse years no community can mean."""
        if not EARLIEST <= value.year <= LATEST:
            raise ValueError(self.sentence)
        return value


class Moment(Wire, ma.fields.AwareDateTime):
    """An instant with its offset, RFC 3339. Settles to the text PostgreSQL prints for it in UTC.

    Text and not a datetime, so that what a phone sent, what history keeps and what the database
    builds into a list are the same characters, and a comparison of states sees no change.
    """

    wire = Annotated[dt.datetime, Meta(tz=True)]
    sentence = (
        f"An instant with its offset such as 2026-03-31T18:30:00+01:00, {EARLIEST} to {LATEST}."
    )

    def settle(self, value: dt.datetime) -> str:
        """The instant in UTC, where its year counts: an offset may reach into the next."""
        instant = value.astimezone(dt.UTC)
        if not EARLIEST <= instant.year <= LATEST:
            raise ValueError(self.sentence)
        text = instant.isoformat()
        return text.removesuffix("+00:00").rstrip("0") + "+00:00" if instant.microsecond else text


class Id(Wire, ma.fields.UUID):
    """A UUID, made by whoever makes the record."""

    wire = UUID
    sentence = "A UUID such as 0197b0c4-6a10-7cc3-8f00-3d1f5a2b9c11."


class Reference(Id):
    """The id of another record of this network: of the kind named, visible to whoever refers."""

    def __init__(self, refers_to: str, **kwargs: Any) -> None:
        """`refers_to` is the kind as in URLs, or `members`."""
        self.refers_to = refers_to
        super().__init__(**kwargs)


class References(Wire, ma.fields.List[Any]):
    """Ids of other records, without repeats."""

    def __init__(self, refers_to: str, most: int = 50, **kwargs: Any) -> None:
        """`most` ids at the most."""
        self.refers_to = refers_to
        self.wire = Annotated[list[UUID], Meta(max_length=most)]
        self.sentence = f"A list of at most {most} ids."
        super().__init__(ma.fields.UUID(), default=list, **kwargs)
        self.validators = [validate.Length(max=most)]

    def settle(self, value: list[UUID]) -> list[UUID]:
        """Refuse an id named twice."""
        if len(set(value)) < len(value):
            message = "Each id once."
            raise ValueError(message)
        return value


class Words(Wire, ma.fields.List[Any]):
    """A short list of short texts that fit `pattern`."""

    def __init__(self, pattern: str, most: int = 20, **kwargs: Any) -> None:
        """`pattern` must match the whole of each."""
        self.wire = Annotated[
            list[Annotated[str, Meta(max_length=80, pattern=_to_the_end(pattern))]],
            Meta(max_length=most),
        ]
        self.sentence = f"A list of at most {most} texts, each of the form {pattern}."
        inner = ma.fields.String(validate=validate.Regexp(pattern))
        super().__init__(inner, default=list, **kwargs)
        self.validators = [validate.Length(max=most)]

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:
        if isinstance(value, list) and not all(is_storable(v) for v in value if isinstance(v, str)):
            raise ma.ValidationError(self.sentence)
        return super()._deserialize(value, attr, data, **kwargs)


class Geometry(Wire):
    """A GeoJSON Point or Polygon in longitude and latitude (RFC 7946), to a centimetre."""

    wire = geometry.Point | geometry.Polygon
    sentence = "A GeoJSON Point or Polygon; longitude -180 to 180, then latitude -90 to 90."

    def settle(self, value: geometry.Shape) -> geometry.Shape:
        """Round to seven decimals; refuse rings that are open or cross themselves."""
        return geometry.settle(value)


class Children(ma.fields.Nested):
    """A list of parts that live and die with the record: the parties of an introduction."""

    def __init__(
        self,
        schema: type[ma.Schema],
        *,
        least: int = 0,
        most: int = 50,
        since: int = 1,
        **more: Any,
    ) -> None:
        """From `least` to `most` parts; where none are needed the list may be left out."""
        self.least, self.most, self.since = least, most, since
        super().__init__(
            schema,
            many=True,
            required=least > 0,
            load_default=ma.missing if least else list,
            validate=validate.Length(least or None, most),
            metadata=more,
        )


def _to_the_end(pattern: str) -> str:
    """The same pattern for Python, whose `$` would let a last line break through."""
    return pattern[:-1] + r"\Z" if pattern.endswith("$") else pattern


def is_storable(text: str) -> bool:
    """Whether PostgreSQL can hold the text: no NUL, no lone surrogates."""
    return "\0" not in text and not any("\ud800" <= c <= "\udfff" for c in text)
