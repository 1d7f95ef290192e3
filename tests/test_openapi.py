"""The description of the API is true, valid and committed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from jsonschema import Draft202012Validator, FormatChecker
from openapi_spec_validator import validate

from api.openapi import described
from api.records import RECORD_TYPES
from api.settings import HOME

if TYPE_CHECKING:
    from flask import Flask

    from tests.fixtures.networks import Network, Town


@pytest.fixture(scope="module")
def committed() -> dict[str, Any]:
    """openapi.yaml as it stands in the repository."""
    loaded: dict[str, Any] = yaml.load((HOME / "openapi.yaml").read_text(), yaml.CSafeLoader)
    return loaded


def test_the_committed_description_is_not_stale() -> None:
    assert (HOME / "openapi.yaml").read_text() == described(), "run: make openapi"


def test_the_committed_description_is_valid(committed: dict[str, Any]) -> None:
    validate(committed)


def test_the_served_description_is_the_committed_one(app: Flask, committed: dict[str, Any]) -> None:
    assert app.test_client().get("/openapi.json").json == committed


def test_every_address_is_described_once(app: Flask, committed: dict[str, Any]) -> None:
    served = {
        re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule)
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith(("/api/", "/r/"))
    }
    assert served == set(committed["paths"])


def test_every_operation_says_what_it_does(committed: dict[str, Any]) -> None:
    silent = [
        f"{method} {path}"
        for path, item in committed["paths"].items()
        for method, operation in item.items()
        if method != "parameters" and not operation.get("summary")
    ]
    assert silent == []


def test_a_record_read_alone_is_as_described(
    committed: dict[str, Any], network: Network, town: Town
) -> None:
    made = network.connector.make("introductions", town.introduction())
    told = network.connector.get(f"sync/records/introductions/{made['id']}").json
    described_as = committed["components"]["schemas"]["SyncRecord"]
    Draft202012Validator(described_as, format_checker=FormatChecker()).validate(told)
    kinds_own = committed["components"]["schemas"]["IntroductionChange"]["properties"]
    assert {*told} - {*kinds_own} <= {*described_as["properties"]}


@pytest.mark.parametrize("kind", RECORD_TYPES, ids=lambda kind: kind.name)
def test_a_kinds_fields_are_each_explained(kind: Any) -> None:
    explained = {"group_id", "space_id"}  # their name says it all inside a part
    parts = {name: f for part in kind.parts for name, f in part.fields.items()}
    unexplained = [
        name
        for name, field in (kind.schema._declared_fields | parts).items()
        if not field.metadata.get("description") and name not in explained
    ]
    assert unexplained == []
