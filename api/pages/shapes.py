"""Shapes: JSON schemas said in a few words, and the fields of a body laid flat."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

FORMATS = {
    "uuid": "UUID",
    "date-time": "instant with offset",
    "date": "day",
    "email": "e-mail address",
}
TYPES = {"string": "text", "integer": "whole number", "boolean": "true or false"}
PLURALS = {"object": "objects", "UUID": "UUIDs", "text": "texts"}
LIMITS = (
    ("minLength", "at least {} characters"),
    ("maxLength", "at most {} characters"),
    ("minimum", "from {}"),
    ("maximum", "to {}"),
    ("minItems", "at least {}"),
    ("maxItems", "at most {}"),
)
DEPTH = 3  # levels of a body that are shown; deeper is GeoJSON, which has its own book


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a body. `path` such as `parties[].group_id`."""

    path: str
    shape: str
    description: str
    is_required: bool


def resolve(document: dict[str, Any], said: Any) -> Any:
    """What a `$ref` stands for; anything else is itself."""
    while isinstance(said, dict) and "$ref" in said:
        found: Any = document
        for step in said["$ref"].removeprefix("#/").split("/"):
            found = found[step]
        said = found
    return said


def fields_of(
    document: dict[str, Any], schema: dict[str, Any], prefix: str = ""
) -> Iterator[Field]:
    """The fields of an object, those of its parts right after each part."""
    schema = resolve(document, schema)
    for name, said in schema.get("properties", {}).items():
        found, path = resolve(document, said), prefix + name
        shape = say_shape(document, said)
        description = said.get("description") or found.get("description", "")
        yield Field(path, shape, description, name in schema.get("required", ()))
        inner = found.get("items", found)
        if prefix.count(".") < DEPTH - 1:
            yield from fields_of(document, inner, f"{path}[]." if "items" in found else f"{path}.")


def say_shape(document: dict[str, Any], schema: dict[str, Any]) -> str:
    """`one of: yes, no`, `text, at most 280 characters`, and the like."""
    schema = resolve(document, schema)
    if options := schema.get("anyOf") or schema.get("oneOf"):
        return " or ".join(dict.fromkeys(say_shape(document, option) for option in options))
    named = schema.get("type", "any JSON")
    kinds = [named] if isinstance(named, str) else list(named)
    words = _say_kind(document, schema, next((k for k in kinds if k != "null"), "null"))
    limits = [text.format(schema[key]) for key, text in LIMITS if key in schema]
    empty = ["or null"] if "null" in kinds and words != "null" else []
    default = schema.get("default")
    unsaid = [] if default in (None, [], {}) else [f"otherwise {_say(default)}"]
    return ", ".join([words, *([] if "enum" in schema else limits), *empty, *unsaid])


def _say_kind(document: dict[str, Any], schema: dict[str, Any], kind: str) -> str:
    if "enum" in schema:
        return "one of: " + ", ".join(str(each) for each in schema["enum"] if each is not None)
    if kind == "array":
        inner = say_shape(document, schema.get("items", {}))
        return f"list of {PLURALS.get(inner, inner)}"
    return FORMATS.get(schema.get("format", ""), TYPES.get(kind, kind))


def _say(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)
