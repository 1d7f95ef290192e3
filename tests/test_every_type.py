"""Every kind keeps the same promises; a new kind inherits them by being declared."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode
from uuid import uuid4

import msgspec
import pytest

from api.core import wire
from api.core.fields import Text
from api.records import RECORD_TYPES

if TYPE_CHECKING:
    from api.core.record import RecordType
    from tests.fixtures.networks import Member, Network, Town

KINDS = pytest.mark.parametrize("kind", RECORD_TYPES, ids=lambda kind: kind.name)
BY_NAME = {kind.name: kind for kind in RECORD_TYPES}
ANYTHING = r"\S"  # the form of a text that may be anything but empty
WRITERS = {"coordinators": "coordinator", "proposers": "coordinator", "connectors": "connector"}


@pytest.fixture
def fill(network: Network, town: Town) -> Any:
    """A kind's example, with each reference turned to a record that is there."""

    def filled(kind: RecordType) -> dict[str, Any]:
        values = kind.codec.load(msgspec.json.encode(kind.example))
        plain: dict[str, Any] = msgspec.to_builtins(values)
        seen: dict[str, int] = {}
        for path, referred, _ in kind.references(values):
            position = seen[referred] = seen.get(referred, -1) + 1
            _put(plain, path, _record(network, town, referred, position, filled))
        return plain

    return filled


def _put(plain: Any, path: tuple[str | int, ...], value: str) -> None:
    *way, last = path
    for step in way:
        plain = plain[step]
    plain[last] = value


def _record(network: Network, town: Town, referred: str, position: int, fill: Any) -> str:
    """The id of a record to refer to; kinds that the town lacks are made from their example."""
    there = {
        "boundaries": (town.boundary,),
        "sections": town.sections,
        "spaces": (town.space,),
        "groups": town.groups,
        "members": (str(network.connector.member_id),),
    }
    if referred in there:
        return there[referred][position % len(there[referred])]
    kind = BY_NAME[referred]
    return str(getattr(network, WRITERS[kind.writers]).make(referred, fill(kind))["id"])


@pytest.fixture
def make(network: Network, fill: Any) -> Any:
    """Make a record of a kind, by somebody who may; follow-ups are the server's to make."""

    def made(kind: RecordType, **more: Any) -> tuple[Member, dict[str, Any]]:
        values = fill(kind) | more
        if kind.writers == "server":
            return network.connector, _by_server(network, kind, values)
        writer: Member = getattr(network, WRITERS[kind.writers])
        return writer, writer.make(kind.name, values)

    return made


def _by_server(network: Network, kind: RecordType, values: dict[str, Any]) -> dict[str, Any]:
    from api.core.actor import Actor
    from api.core.write import Change, apply

    author = network.connector.member_id
    server = Actor(network.id, author, None, "server")
    change = Change(kind.name, uuid4(), values, author_id=author)
    with network.database.transaction(network.id) as cx:
        (outcome,) = apply(cx, server, [change])
    assert outcome.status == "applied", outcome.problem
    made: dict[str, Any] = network.connector.get(f"{kind.name}/{change.id}").json
    return made


@KINDS
def test_what_is_posted_can_be_read(kind: RecordType, make: Any) -> None:
    writer, record = make(kind)
    answer = writer.get(f"{kind.name}/{record['id']}")
    assert answer.status_code == 200
    assert answer.json == record
    assert answer.headers["ETag"].strip('W/"') == record["version"]


@KINDS
def test_what_is_posted_is_in_the_list(kind: RecordType, make: Any) -> None:
    writer, record = make(kind)
    found = writer.get(f"{kind.name}?limit=500").json["items"]
    assert record in found


@KINDS
def test_the_database_says_what_the_schema_says(kind: RecordType, make: Any) -> None:
    writer, record = make(kind)
    told = writer.get(f"{kind.name}/{record['id']}").json
    described = wire.answered(kind)()
    assert described.dump(described.load(told)) == told


@KINDS
def test_sync_and_rest_tell_the_same(kind: RecordType, make: Any) -> None:
    writer, record = make(kind)
    changes, _ = writer.pull()
    (change,) = [c for c in changes if c["id"] == record["id"]]
    assert change["op"] == "upsert"
    assert change["data"] == {name: record[name] for name in kind.codec.names}
    assert (change["version"], change["revision"]) == (record["version"], record["revision"])


@KINDS
def test_a_stranger_neither_sees_nor_changes(
    kind: RecordType, make: Any, other_network: Network
) -> None:
    writer, record = make(kind)
    stranger = other_network.admin
    inside = f"/api/v1/networks/{writer.network_id}/{kind.name}/{record['id']}"
    for method in ("GET", "PATCH", "DELETE"):
        answer = stranger.ask(method, inside, json={}, headers={"If-Match": "*"})
        assert answer.json["code"] == "unknown_network"
    own = stranger.get(f"{kind.name}/{record['id']}")
    assert own.json["code"] == "not_found"
    assert record["id"] not in stranger.get(f"{kind.name}?limit=500").text
    assert writer.get(f"{kind.name}/{record['id']}").json == record


@KINDS
def test_a_stranger_adds_nothing(
    kind: RecordType, fill: Any, network: Network, other_network: Network
) -> None:
    values, before = fill(kind), network.revision
    inside = f"/api/v1/networks/{network.id}/{kind.name}"
    refused = other_network.admin.ask("POST", inside, json=values)
    assert (refused.status_code, refused.json["code"]) == (403, "unknown_network")
    elsewhere = other_network.admin.post(kind.name, values)
    refers = kind.references(kind.codec.load(msgspec.json.encode(values)))
    if refers:  # what it names is there, but in the network next door
        assert elsewhere.json["code"] in ("reference_missing", "out_of_scope")
    assert network.revision == before


@KINDS
def test_a_funder_neither_reads_nor_writes_records(
    kind: RecordType, make: Any, fill: Any, network: Network
) -> None:
    values = fill(kind)
    _, record = make(kind)
    path, before = f"{kind.name}/{record['id']}", network.revision
    assert network.funder.get(kind.name).json["code"] == "out_of_scope"
    assert network.funder.get(path).json["code"] == "not_found"
    assert network.funder.post(kind.name, values).json["code"] == "out_of_scope"
    assert network.funder.patch(path, {}, If_Match="*").json["code"] == "not_found"
    assert network.funder.delete(path, If_Match="*").json["code"] == "not_found"
    assert network.revision == before


@KINDS
def test_a_connector_leaves_alone_what_somebody_else_wrote(
    kind: RecordType, make: Any, network: Network
) -> None:
    writer, record = make(kind)
    path = f"{kind.name}/{record['id']}"
    expected = "not_found" if record["audience"] != "network" else "out_of_scope"
    edited = network.colleague.patch(path, _altered(kind, record), If_Match="*")
    removed = network.colleague.delete(path, If_Match="*")
    assert (edited.json["code"], removed.json["code"]) == (expected, expected)
    assert writer.get(path).json == record


@KINDS
def test_a_coordinator_changes_what_is_shared_and_nothing_else(
    kind: RecordType, make: Any, network: Network
) -> None:
    _, record = make(kind)
    path = f"{kind.name}/{record['id']}"
    edited = network.coordinator.patch(path, _altered(kind, record), If_Match="*")
    assert edited.status_code == (200 if record["audience"] == "network" else 404)


@KINDS
def test_the_same_key_is_carried_out_once(
    kind: RecordType, make: Any, fill: Any, network: Network
) -> None:
    if kind.writers == "server":
        pytest.skip("only the server makes these")
    writer = getattr(network, WRITERS[kind.writers])
    values = fill(kind) | {"id": str(uuid4())}
    key = "once" * 100
    first = writer.post(kind.name, values, Idempotency_Key=key)
    before = network.revision
    again = writer.post(kind.name, values, Idempotency_Key=key)
    other = writer.post(kind.name, {}, Idempotency_Key=key + "more")
    assert other.status_code == 422
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json == first.json
    assert network.revision == before


@KINDS
def test_a_removal_with_the_same_key_is_carried_out_once(
    kind: RecordType, make: Any, network: Network
) -> None:
    writer, record = make(kind)
    if kind.writers == "server":
        pytest.skip("nobody removes these")
    path, tag = f"{kind.name}/{record['id']}", f'"{record["version"]}"'
    for match in (tag, tag, "*"):
        answer = writer.delete(path, If_Match=match, Idempotency_Key="once")
        assert answer.status_code == 204, answer.text
    assert writer.delete(path, If_Match=tag, Idempotency_Key="another").status_code == 410
    assert writer.delete(path, If_Match=tag).status_code == 410


@KINDS
def test_an_id_is_taken_once(kind: RecordType, make: Any, fill: Any, network: Network) -> None:
    writer, record = make(kind)
    if kind.writers == "server":
        pytest.skip("only the server makes these")
    same = {name: record[name] for name in kind.codec.names} | {"id": record["id"]}
    assert writer.post(kind.name, same).status_code == 200
    assert network.revision == record["revision"]
    other = same | _altered(kind, same)
    answer = writer.post(kind.name, other)
    assert answer.status_code == 409
    assert answer.json["code"] == "conflict"
    assert answer.json["current"] == record


@KINDS
def test_a_change_needs_the_version_it_changes(kind: RecordType, make: Any) -> None:
    writer, record = make(kind)
    altered = _altered(kind, record)
    path = f"{kind.name}/{record['id']}"
    assert writer.patch(path, altered).json["code"] == "precondition_required"
    done = writer.patch(path, altered, If_Match=f'"{record["version"]}"')
    assert done.status_code == 200, done.text
    assert done.json["version"] != record["version"]
    assert done.json["revision"] == record["revision"] + 1
    assert done.json == record | altered | {
        name: done.json[name] for name in ("version", "revision", "updated_at")
    }
    assert writer.get(path).json == done.json


@KINDS
def test_a_stale_change_is_shown_the_present(kind: RecordType, make: Any) -> None:
    writer, record = make(kind)
    path, tag = f"{kind.name}/{record['id']}", f'"{record["version"]}"'
    done = writer.patch(path, _altered(kind, record), If_Match=tag)
    if kind.writers == "server":
        refused = writer.patch(path, {"outcome": "unwanted"}, If_Match=tag)
    else:
        refused = writer.delete(path, If_Match=tag)
    assert refused.status_code == 412
    assert refused.json["current"] == done.json
    assert writer.get(path).json == done.json


@KINDS
def test_what_is_removed_stays_removed_and_is_heard_of(
    kind: RecordType, make: Any, network: Network
) -> None:
    writer, record = make(kind)
    _, cursor = writer.pull()
    path = f"{kind.name}/{record['id']}"
    if kind.writers == "server":
        assert writer.delete(path, If_Match="*").json["code"] == "out_of_scope"
        return
    assert writer.delete(path, If_Match=f'"{record["version"]}"').status_code == 204
    assert writer.get(path).json["code"] == "gone"
    assert record["id"] not in writer.get(f"{kind.name}?limit=500").text
    again = {name: record[name] for name in kind.codec.names} | {"id": record["id"]}
    assert writer.post(kind.name, again).json["code"] == "gone"
    changes, _ = writer.pull(cursor)
    assert [(c["op"], c["id"]) for c in changes] == [("delete", record["id"])]


@KINDS
def test_push_and_post_refuse_alike(kind: RecordType, make: Any, network: Network) -> None:
    writer = getattr(network, WRITERS.get(kind.writers, "connector"))
    broken = {"nonsense": 1}
    posted = writer.post(kind.name, broken).json
    op = {"op_id": str(uuid4()), "kind": kind.name, "id": str(uuid4()), "action": "put"}
    (pushed,) = writer.push(op | {"data": broken})
    assert pushed["status"] == "rejected"
    assert (pushed["error"]["code"], posted["code"]) == ("validation_failed",) * 2
    assert pushed["error"]["fields"].keys() == posted["fields"].keys()
    assert "nonsense" in posted["fields"]


@KINDS
def test_a_cached_answer_is_not_sent_again(kind: RecordType, make: Any) -> None:
    writer, record = make(kind)
    for path in (f"{kind.name}/{record['id']}", kind.name):
        first = writer.get(path)
        again = writer.get(path, If_None_Match=first.headers["ETag"])
        assert again.status_code == 304
        assert again.headers["ETag"] == first.headers["ETag"]
    writer.patch(f"{kind.name}/{record['id']}", _altered(kind, record), If_Match="*")
    assert writer.get(kind.name, If_None_Match=first.headers["ETag"]).status_code == 200


@KINDS
def test_pages_show_each_record_once_while_others_are_added(
    kind: RecordType, make: Any, fill: Any
) -> None:
    weeks = iter(["2026-05-04", "2026-05-11", "2026-05-18", "2026-05-25"])

    def one() -> tuple[Any, str]:
        own = {"week_on": next(weeks)} if kind.name == "quiet-weeks" else {}
        writer, record = make(kind, **own)
        return writer, record["id"]

    made = [one() for _ in range(3)]
    writer, seen, cursor = made[0][0], [], None
    while True:
        query = f"{kind.name}?limit=1" + (f"&cursor={cursor}" if cursor else "")
        page = writer.get(query)
        seen += [item["id"] for item in page.json["items"]]
        if cursor is None:
            one()
        cursor = page.json["next"]
        if cursor is None:
            break
        assert 'rel="next"' in page.headers["Link"]
    assert len(set(seen)) == len(seen)
    assert {record_id for _, record_id in made} <= set(seen)


@KINDS
def test_a_filter_finds_a_record_by_its_own_value(kind: RecordType, make: Any) -> None:
    writer, record = make(kind)
    for narrowing in kind.filters:
        value = record.get(narrowing.name)
        if value is None:
            continue
        for asked, is_found in ((value, True), (_another(narrowing, value), False)):
            query = urlencode({narrowing.name: asked})
            items = writer.get(f"{kind.name}?{query}").json["items"]
            assert (record in items) == is_found, query


def _another(narrowing: Any, value: Any) -> Any:
    """Some value the filter takes that is not this one."""
    options = getattr(narrowing.field, "options", ())
    return next((option for option in options if option != value), uuid4())


@KINDS
def test_it_is_documented_with_a_true_example(kind: RecordType, app: Any) -> None:
    (entry,) = app.extensions["flask-smorest"]["apis"].values()
    paths = entry["ext_obj"].spec.to_dict()["paths"]
    base = f"/api/v1/networks/{{network_id}}/{kind.name}"
    assert set(paths[base]) >= {"get", "post"}
    assert set(paths[f"{base}/{{record_id}}"]) >= {"get", "patch", "delete"}
    body = paths[base]["post"]["requestBody"]["content"]["application/json"]
    assert wire.sent(kind)().load(body["example"])


def _altered(kind: RecordType, record: dict[str, Any]) -> dict[str, Any]:
    """One field of the kind with another valid value than the record has."""
    for name, field in kind.fields.items():
        if name in kind.fixed or name in ("status", "type", "notice", "week_on"):
            continue
        options = getattr(field, "options", ())
        others = [option for option in options if option != record[name]]
        if others and len(options) > 1:
            return {name: others[0]}
        if isinstance(field, Text) and field.metadata.get("pattern", ANYTHING) == ANYTHING:
            return {name: f"Another {name}"}
    if kind.name == "quiet-weeks":
        return {"week_on": "2026-12-07"}
    message = f"no field of {kind.name} to alter"
    raise AssertionError(message)
