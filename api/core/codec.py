"""Codec: a kind's values between bytes and a struct; fast when right, explaining when wrong.

A msgspec struct is derived from the kind's schema. It decodes the good case; whatever it refuses
is loaded again by marshmallow, which names every field that needs mending.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import marshmallow as ma
import msgspec

from .fields import Children, Wire
from .problems import Problem
from .web import paths

if TYPE_CHECKING:
    from collections.abc import Callable

RECORD_BYTES = 65_536

encode = msgspec.json.Encoder().encode


class Codec:
    """Values of one kind: `load` checks and canonicalises, `dump` gives the canonical bytes."""

    def __init__(
        self, name: str, schema: type[ma.Schema], check: Callable[[Any], dict[str, str]]
    ) -> None:
        """`check` holds the kind's own rules: values -> {path: sentence}."""
        self.schema = schema()
        self.struct = _struct(name, self.schema.fields)
        self.check = check
        self.names = tuple(self.struct.__struct_fields__)
        self._decoder = msgspec.json.Decoder(self.struct)
        self._settling = _settling(self.schema.fields)

    def load(self, raw: bytes) -> Any:
        """The checked values; a `validation_failed` problem names what is wrong and where."""
        if len(raw) > RECORD_BYTES:
            raise Problem("record_too_large", f"At most {RECORD_BYTES} bytes a record.")
        try:
            values = self._decoder.decode(raw)
            if b"\\u0000" in raw:
                return self._explain(raw)
            _settle(values, self._settling)
        except (msgspec.MsgspecError, ValueError, OverflowError, RecursionError):
            return self._explain(raw)
        self._require_rules(values)
        return values

    def dump(self, values: Any) -> bytes:
        """The canonical bytes: what is stored, compared and hashed."""
        return encode(values)

    def of_database(self, data: Any) -> Any:
        """Values as the database built them: checked when they came in, so only shaped here."""
        values = msgspec.convert(data, self.struct)
        _settle(values, self._settling)
        return values

    def _explain(self, raw: bytes) -> Any:
        """Load slowly, so that every mistake gets its path and sentence."""
        try:
            plain = msgspec.json.decode(raw)
            loaded = self.schema.load(plain)
        except ma.ValidationError as error:
            raise Problem("validation_failed", fields=paths(error.messages)) from error
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
            is_too_far = "out of range" in str(error)
            sentence = "A number in it is out of range." if is_too_far else "This is not JSON."
            raise Problem("validation_failed", fields={"_": [sentence]}) from error
        values = msgspec.convert(msgspec.to_builtins(loaded), self.struct)
        _settle(values, self._settling)
        self._require_rules(values)
        return values

    def _require_rules(self, values: Any) -> None:
        if broken := self.check(values):
            raise Problem("validation_failed", fields={k: [v] for k, v in broken.items()})


def _struct(name: str, fields: dict[str, Any]) -> type[msgspec.Struct]:
    return msgspec.defstruct(
        name,
        [_member(name, key, field) for key, field in fields.items()],
        forbid_unknown_fields=True,
        kw_only=True,
    )


def _member(owner: str, name: str, field: Any) -> tuple[Any, ...]:
    if isinstance(field, Children):
        part = _struct(f"{owner}_{name}", field.schema.fields)
        many = list[part]  # type: ignore[valid-type]
        wire: Any = msgspec.Meta(min_length=field.least, max_length=field.most)
        kept = Annotated[many, wire]
        return (name, kept) if field.required else (name, kept, msgspec.field(default_factory=list))
    if field.required:
        return (name, field.wire)
    if callable(field.default):
        return (name, field.wire, msgspec.field(default_factory=field.default))
    if field.default is None:
        return (name, field.wire | None, None)
    return (name, field.wire, field.default)


def _settling(fields: dict[str, Any]) -> list[tuple[str, Any]]:
    """Which members have more to them than their type: the field, or the same for its parts."""
    found: list[tuple[str, Any]] = []
    for name, field in fields.items():
        if isinstance(field, Children):
            inner = _settling(field.schema.fields)
            found += [(name, inner)] if inner else []
        elif isinstance(field, Wire) and field.settles:
            found.append((name, field.settle))
    return found


def _settle(values: Any, settling: list[tuple[str, Any]]) -> None:
    for name, how in settling:
        value = getattr(values, name)
        if isinstance(how, list):
            for item in value:
                _settle(item, how)
        elif value is not None:
            setattr(values, name, how(value))
