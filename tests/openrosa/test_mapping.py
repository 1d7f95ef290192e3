"""Answers become values by the sort of their field; what a field cannot hold stays as written."""

from __future__ import annotations

from typing import Any

import pytest

from api.core import fields
from api.exchange.openrosa.collected import monday_of
from api.exchange.openrosa.mapping import _value

A, B = "0197b0c4-6a10-7cc3-8f00-000000000001", "0197b0c4-6a10-7cc3-8f00-000000000002"


@pytest.mark.parametrize(
    ("declared", "said", "value"),
    [
        (fields.Text(9), "a  b", "a  b"),
        (fields.Whole(0, 9), "7", 7),
        (fields.Whole(0, 9), "+7", 7),
        (fields.Whole(0, 9), "7.0", "7.0"),
        (fields.Whole(0, 9), "7_0", "7_0"),
        (fields.Whole(0, 9), "７", "７"),
        (fields.Number(0, 9), "7.5", 7.5),
        (fields.Number(0, 9), "-.5", -0.5),
        (fields.Number(0, 9), "+7.", 7.0),
        (fields.Number(0, 9), "1.2E7", 12_000_000.0),  # as Collect writes what is large
        (fields.Number(0, 9), "5.0E-4", 0.0005),  # or small
        (fields.Number(0, 9), "1e999", "1e999"),
        (fields.Number(0, 9), "inf", "inf"),
        (fields.Number(0, 9), "nan", "nan"),
        (fields.Number(0, 9), "1_0", "1_0"),
        (fields.Number(0, 9), "1,5", "1,5"),
        (fields.Number(0, 9), "７", "７"),
        (fields.Number(0, 9), ".", "."),
        (fields.Flag(), "true", True),
        (fields.Flag(), "false", False),
        (fields.Flag(), "maybe", "maybe"),
        (fields.References("people"), f"{A} {B}", [A, B]),
        (fields.Words("x"), "one word\nanother", ["one word", "another"]),
        (fields.Day(), "2026-04-09", "2026-04-09"),
        (fields.Moment(), "2026-04-09T10:00:00.000+05", "2026-04-09T10:00:00.000+05:00"),
        (fields.Moment(), "2026-04-09T10:00:00.000-05:30", "2026-04-09T10:00:00.000-05:30"),
        (None, "of no field", "of no field"),
    ],
)
def test_an_answer_is_read_as_its_field_would_have_it(declared: Any, said: str, value: Any) -> None:
    assert _value(declared, said) == value


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("52.1 -4.2 31.5 4.7", {"type": "Point", "coordinates": [-4.2, 52.1]}),
        (
            "0 0 0 0; 0 1 0 0; 1 1 0 0; 0 0 0 0",
            {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]]},
        ),
        ("by the river", "by the river"),
        ("52.1", "52.1"),
        ("52.1 -4.2 31.5", {"type": "Point", "coordinates": [-4.2, 52.1]}),
        ("52.1 5.0E-4 0.0 0.0", {"type": "Point", "coordinates": [0.0005, 52.1]}),
        ("5_2 -4.2 0 0", "5_2 -4.2 0 0"),
        ("nan inf 0 0", "nan inf 0 0"),
    ],
)
def test_a_place_is_read_as_geojson(said: str, value: Any) -> None:
    assert _value(fields.Geometry(), said) == value


@pytest.mark.parametrize(
    ("day", "monday"),
    [
        ("2026-04-06", "2026-04-06"),
        ("2026-04-12", "2026-04-06"),
        ("0001-01-01", "0001-01-01"),
        ("20260412", "20260412"),
        ("2026-W15-4", "2026-W15-4"),
        ("soon", "soon"),
    ],
)
def test_a_week_is_named_by_its_monday(day: str, monday: str) -> None:
    assert monday_of(day) == monday
