"""Versions of the data: an older phone is understood, and harms nothing it does not know."""

from __future__ import annotations

import copy
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

from api.core.change import Change, prepare
from api.core.record import KINDS
from api.core.schema import RecordSchema
from api.records import RECORD_TYPES
from api.sync.versions import newest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.fixtures.networks import Network, Town


@pytest.fixture
def second_version(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """As if an introduction's purpose, and quiet weeks, had come with version 2 of the data."""
    kind = KINDS["introductions"]
    purpose = copy.copy(kind.schema._declared_fields["purpose"])
    purpose.since = 2
    younger = type("IntroductionSchema", (kind.schema,), {"purpose": purpose})
    monkeypatch.setitem(KINDS, "introductions", replace(kind, schema=younger))
    monkeypatch.setitem(KINDS, "quiet-weeks", replace(KINDS["quiet-weeks"], since=2))
    newest.cache_clear()
    yield
    newest.cache_clear()


@pytest.fixture
def record(network: Network, town: Town, second_version: None) -> dict[str, Any]:
    """An introduction with something an older phone does not know."""
    return network.connector.make("introductions", town.introduction(purpose="Shared garden"))


def upserts(network: Network, query: str) -> dict[str, dict[str, Any]]:
    """What a pull brings: id -> change."""
    page = network.connector.get(f"sync/changes?limit=500&{query}").json
    return {change["id"]: change for change in page["changes"]}


def put_as_of_1(network: Network, town: Town, record: dict[str, Any], **values: Any) -> Any:
    """An older phone's whole-record put of what it knows."""
    data = town.introduction(**values)
    op = {"op_id": str(uuid4()), "id": record["id"], "kind": "introductions", "action": "put"}
    op |= {"base_version": record["version"], "data": data}
    return network.connector.push(op, schema_version=1)[0]


def test_the_range_is_told(network: Network, second_version: None) -> None:
    assert network.connector.get("sync").json["schema"] == {"min": 1, "max": 2}


def test_an_older_phone_is_sent_what_it_knows(network: Network, record: dict[str, Any]) -> None:
    network.connector.make("quiet-weeks", {"week_on": "2026-03-09"})
    older, newer = upserts(network, "schema_version=1"), upserts(network, "schema_version=2")
    assert "purpose" not in older[record["id"]]["data"]
    assert newer[record["id"]]["data"]["purpose"] == "Shared garden"
    assert {c["kind"] for c in newer.values()} - {c["kind"] for c in older.values()} == {
        "quiet-weeks"
    }


def test_what_an_older_phone_does_not_know_survives_its_put(
    network: Network, town: Town, record: dict[str, Any]
) -> None:
    result = put_as_of_1(network, town, record, known_before="yes")
    assert result["status"] == "applied"
    now = network.connector.get(f"introductions/{record['id']}").json
    assert (now["purpose"], now["known_before"]) == ("Shared garden", "yes")


def test_an_older_phones_put_of_the_same_says_nothing_new(
    network: Network, town: Town, record: dict[str, Any]
) -> None:
    result = put_as_of_1(network, town, record)
    assert (result["status"], result["version"]) == ("applied", record["version"])


def test_an_older_phones_edit_merges_with_an_edit_of_what_it_does_not_know(
    network: Network, town: Town, record: dict[str, Any]
) -> None:
    where = f"introductions/{record['id']}"
    changed = network.connector.patch(where, {"purpose": "New"}, If_Match=f'"{record["version"]}"')
    assert changed.status_code == 200
    result = put_as_of_1(network, town, record, known_before="yes")
    assert result["status"] == "merged"
    assert "purpose" not in result["current"]["data"]
    now = network.connector.get(where).json
    assert (now["purpose"], now["known_before"]) == ("New", "yes")


def test_an_older_phone_does_not_speak_of_what_it_cannot_know(
    network: Network, town: Town, record: dict[str, Any]
) -> None:
    result = put_as_of_1(network, town, record, purpose="Guess")
    assert list(result["error"]["fields"]) == ["purpose"]


def test_an_older_phones_removal_says_nothing_that_it_cannot_know(
    network: Network, record: dict[str, Any]
) -> None:
    op = {"op_id": str(uuid4()), "id": record["id"], "kind": "introductions", "action": "delete"}
    op |= {"base_version": record["version"], "data": [1]}
    (result,) = network.connector.push(op, schema_version=1)
    assert result["status"] == "applied"


def test_a_phone_that_is_brought_up_to_date_gets_what_changed_shape_again(
    network: Network, town: Town, record: dict[str, Any]
) -> None:
    quiet = network.connector.make("quiet-weeks", {"week_on": "2026-03-09"})
    cursor = network.connector.get("sync/changes?limit=500&schema_version=1").json["cursor"]
    page = network.connector.get(f"sync/changes?schema_version=2&limit=1&cursor={cursor}").json
    got = {}
    while True:
        got |= {change["id"]: change for change in page["changes"]}
        if not page["has_more"]:
            break
        path = f"sync/changes?schema_version=2&limit=1&cursor={page['cursor']}"
        page = network.connector.get(path).json
    assert set(got) == {record["id"], quiet["id"]}
    assert got[record["id"]]["data"]["purpose"] == "Shared garden"


def test_what_was_sent_before_a_field_came_is_the_same_request_afterwards(
    town: Town, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    """A lost answer may be asked for again on the other side of an upgrade."""
    kind, values = KINDS["introductions"], town.introduction()
    fields = {n: f for n, f in kind.schema._declared_fields.items() if n != "purpose"}
    older = type("IntroductionSchema", (RecordSchema,), fields)
    monkeypatch.setitem(KINDS, "introductions", replace(kind, schema=older))
    change = Change("introductions", uuid4(), values)
    before = prepare(change)
    assert before.problem is None
    monkeypatch.setitem(KINDS, "introductions", kind)
    request.getfixturevalue("second_version")
    assert KINDS["introductions"].later_fields == {"purpose": 2}
    assert prepare(change).digest == before.digest
    said = Change("introductions", change.id, values | {"purpose": "Said"})
    assert prepare(said).digest != before.digest


@pytest.mark.parametrize("kind", RECORD_TYPES, ids=lambda kind: kind.name)
def test_a_part_has_no_field_that_came_later(kind: Any) -> None:
    """An older phone's put would empty it: parts are replaced as a whole."""
    assert not [f for part in kind.parts for f in part.fields.values() if f.since > 1]


@pytest.mark.parametrize("kind", RECORD_TYPES, ids=lambda kind: kind.name)
def test_a_field_that_came_later_is_never_required(kind: Any) -> None:
    declared = kind.schema._declared_fields
    assert not [name for name in kind.later_fields if declared[name].required]
