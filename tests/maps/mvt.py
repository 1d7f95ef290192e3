"""Mapbox vector tiles, read as a map client reads them: enough of the format for our tests."""

from __future__ import annotations

import struct
from typing import Any

VARINT, FIXED64, BYTES = 0, 1, 2


def read_tile(body: bytes) -> dict[str, list[dict[str, Any]]]:
    """The features of each layer: their properties and, as `geometry`, their points."""
    layers = [read_layer(value) for number, value in fields(body) if number == 3]
    return dict(layers)


def read_layer(body: bytes) -> tuple[str, list[dict[str, Any]]]:
    parts: dict[int, list[Any]] = {}
    for number, value in fields(body):
        parts.setdefault(number, []).append(value)
    keys = [key.decode() for key in parts.get(3, [])]
    values = [read_value(value) for value in parts.get(4, [])]
    features = []
    for raw in parts.get(2, []):
        found = dict(fields(raw))
        tags = list(varints(found.get(2, b"")))
        said = {keys[k]: values[v] for k, v in zip(tags[::2], tags[1::2], strict=True)}
        features.append(said | {"geometry": points(found[4])})
    return parts[1][0].decode(), features


def read_value(body: bytes) -> Any:
    ((number, value),) = fields(body)
    if number == 1:
        return value.decode()
    if number == 3:
        return struct.unpack("<d", value)[0]
    if number == 6:
        return (value >> 1) ^ -(value & 1)
    return bool(value) if number == 7 else value


def points(body: bytes) -> list[tuple[int, int]]:
    """Every point that the drawing commands come to."""
    words, found, x, y = varints(body), [], 0, 0
    for command in words:
        for _ in range(command >> 3 if command & 7 != 7 else 0):
            x, y = (at + ((d >> 1) ^ -(d & 1)) for at, d in ((x, next(words)), (y, next(words))))
            found.append((x, y))
    return found


def fields(body: bytes) -> list[tuple[int, Any]]:
    found, at = [], 0
    while at < len(body):
        key, at = varint(body, at)
        if key & 7 == VARINT:
            value, at = varint(body, at)
        elif key & 7 == FIXED64:
            value, at = body[at : at + 8], at + 8
        else:
            assert key & 7 == BYTES
            size, at = varint(body, at)
            value, at = body[at : at + size], at + size
        found.append((key >> 3, value))
    return found


def varints(body: bytes) -> Any:
    at = 0
    while at < len(body):
        value, at = varint(body, at)
        yield value


def varint(body: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = body[at]
        at, value, shift = at + 1, value | (byte & 0x7F) << shift, shift + 7
        if byte < 0x80:
            return value, at
