"""The published schema: at its address without an account, and every report fits it."""

from __future__ import annotations

import pytest
from jsonschema import Draft202012Validator, FormatChecker


@pytest.mark.parametrize("audience", ["coordinators", "funder", "public"])
def test_every_report_fits_the_published_schema(app, place, audience):
    found = app.test_client().get("/api/v1/schemas/report-1.json")
    assert found.headers["Content-Type"] == "application/schema+json"
    Draft202012Validator.check_schema(found.json)
    validator = Draft202012Validator(found.json, format_checker=FormatChecker())
    report = place.freeze(audience=audience)
    validator.validate(report)
    assert [each["id"] for each in report["indicators"]] == [f"K{at}" for at in range(20)]
    report["indicators"][0]["figures"][0]["numerator"]["state"] = "leaked"
    assert not validator.is_valid(report)
