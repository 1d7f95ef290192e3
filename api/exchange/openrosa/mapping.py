"""Mapping: the answers of a filled form as the values of a record, by the names of its fields.

Names and not positions, so that a form of an older version can still be read. What a field cannot
hold stays as it was written: the schema then refuses it by name, and the whole is kept.
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any

from api.core import fields

from .collected import COLLECTED
from .questions import count_of
from .reading import local, text_of

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Iterator

    from lxml import etree

    from api.core.record import RecordType

WHOLE = re.compile(r"[+-]?[0-9]{1,18}")
NUMBER = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([Ee][+-]?[0-9]+)?")  # Collect has 1.2E7
SHORT_OFFSET = re.compile(r"(T[0-9:.]+[+-][0-9]{2})\Z")  # some phones leave out the minutes


def values_of(kind: RecordType, root: etree._Element) -> dict[str, Any]:
    """The record's values; an answer that no field of the kind takes stays under its own name."""
    collected = COLLECTED[kind.name]
    parts = {part.name: part.fields for part in kind.parts}
    ignored = {"meta", *map(count_of, parts)}
    unfolded = _unfolded(root, {*parts, *ignored})
    answers = [each for each in unfolded if local(each) not in ignored]
    values = _answered([each for each in answers if local(each) not in parts], kind.fields)
    for name, settle in collected.settle.items():
        if isinstance(values.get(name), str):
            values[name] = settle(values[name])
    for name, declared in parts.items():
        repeated = [_answered(each, declared) for each in answers if local(each) == name]
        if found := [item for item in repeated if item]:
            values[name] = found
    return values


def _unfolded(root: etree._Element, whole: Container[str]) -> Iterator[etree._Element]:
    """The answers without the pages they stood on; what is `whole` keeps what is in it."""
    for element in root:
        if len(element) and local(element) not in whole:
            yield from _unfolded(element, whole)
        else:
            yield element


def _answered(elements: Iterable[etree._Element], declared: dict[str, Any]) -> dict[str, Any]:
    """What was answered at all; one name answered twice is a list, for the schema to refuse."""
    found: dict[str, list[Any]] = {}
    for element in elements:
        name, said = local(element), text_of(element)
        if said:
            found.setdefault(name, []).append(_value(declared.get(name), said))
    return {name: values if len(values) > 1 else values[0] for name, values in found.items()}


def _value(declared: Any, said: str) -> Any:
    for sort, read in READ.items():
        if isinstance(declared, sort):
            return read(said)
    return said


def _whole(said: str) -> Any:
    return int(said) if WHOLE.fullmatch(said) else said


def _number(said: str) -> Any:
    try:
        return _finite(said)
    except ValueError:
        return said


def _finite(said: str) -> float:
    number = float(said) if NUMBER.fullmatch(said) else math.nan
    if not math.isfinite(number):
        raise ValueError(said)
    return number


def _flag(said: str) -> Any:
    return {"true": True, "false": False}.get(said, said)


def _moment(said: str) -> Any:
    return SHORT_OFFSET.sub(r"\1:00", said)


def _geometry(said: str) -> Any:
    """`latitude longitude altitude accuracy`; several of them, closed, go round a place."""
    try:
        points = [[_finite(each) for each in point.split()] for point in said.split(";") if point]
        places = [[longitude, latitude] for latitude, longitude, *_ in points]
    except ValueError:
        return said
    if len(places) == 1:
        return {"type": "Point", "coordinates": places[0]}
    return {"type": "Polygon", "coordinates": [places]}


READ: dict[type, Callable[[str], Any]] = {
    fields.Whole: _whole,
    fields.Number: _number,
    fields.Flag: _flag,
    fields.Moment: _moment,
    fields.Geometry: _geometry,
    fields.References: str.split,
    fields.Words: str.splitlines,
}
