"""The protocol's edges: what cannot be read, is too old, forged or too much gets its own name."""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

if TYPE_CHECKING:
    from tests.fixtures.networks import Network, Town


def op(data: object, **more: object) -> dict[str, object]:
    """An operation that makes an introduction."""
    fresh = {"op_id": str(uuid4()), "id": str(uuid4())}
    return fresh | {"kind": "introductions", "action": "put", "data": data} | more


def test_the_server_says_what_it_speaks(network: Network) -> None:
    told = network.connector.get("sync").json
    assert told["protocols"] == [1]
    assert told["subject"] == f"{network.id}:{network.connector.member_id}"
    assert "introductions" in told["kinds"]
    assert told["limits"] == {
        "ops": 200, "body_bytes": 1_048_576, "record_bytes": 65_536, "page": 500
    }  # fmt: skip
    assert told["tombstone_days"] == 400


def test_another_protocol_is_refused(network: Network) -> None:
    answer = network.connector.get("sync", Sync_Protocol="2")
    assert (answer.status_code, answer.json["code"]) == (426, "protocol_unsupported")


@pytest.mark.parametrize("version", [0, 2, 99])
def test_data_of_another_version_is_refused(network: Network, version: int) -> None:
    pulled = network.connector.get(f"sync/changes?schema_version={version}")
    pushed = network.connector.post(
        "sync/push", {"client_id": str(uuid4()), "schema_version": version, "ops": []}
    )
    assert (pulled.json["code"], pushed.json["code"]) == ("schema_unsupported",) * 2


def test_a_forged_cursor_is_refused(network: Network) -> None:
    cursor = network.connector.get("sync/changes").json["cursor"]
    forged = ("B" if cursor[0] == "A" else "A") + cursor[1:]
    for bad in (forged, "x", "é", "x" * 3_000, cursor[:-4]):
        assert network.connector.get(f"sync/changes?cursor={bad}").json["code"] == "bad_cursor"


def test_a_cursor_is_of_use_to_nobody_else(network: Network, other_network: Network) -> None:
    cursor = network.connector.get("sync/changes").json["cursor"]
    for somebody in (network.colleague, other_network.connector):
        answer = somebody.get(f"sync/changes?cursor={cursor}")
        assert answer.json["code"] == "bad_cursor"


def test_a_cursor_stays_with_its_kinds(network: Network) -> None:
    cursor = network.connector.get("sync/changes?kinds=flows,meetings").json["cursor"]
    same = network.connector.get(f"sync/changes?kinds=meetings,flows&cursor={cursor}")
    other = network.connector.get(f"sync/changes?kinds=flows&cursor={cursor}")
    assert same.status_code == 200
    assert other.json["code"] == "cursor_kinds_mismatch"
    assert network.connector.get("sync/changes?kinds=x").json["code"] == "unknown_kind"


def test_only_the_kinds_asked_for_are_sent(network: Network, town: Town) -> None:
    network.connector.make("introductions", town.introduction())
    changes = network.connector.get("sync/changes?kinds=introductions").json["changes"]
    assert {change["kind"] for change in changes} == {"introductions"}


def test_a_restored_server_says_so(network: Network, town: Town) -> None:
    sent = op(town.introduction())
    answer = network.connector.post(
        "sync/push", {"client_id": str(uuid4()), "epoch": str(uuid4()), "ops": [sent]}
    )
    assert (answer.status_code, answer.json["code"]) == (409, "epoch_changed")
    assert network.connector.get(f"introductions/{sent['id']}").status_code == 404
    assert network.connector.push(sent)[0].get("replayed") is None


def test_a_cursor_from_before_a_restore_is_told_so(network: Network, town: Town) -> None:
    _, cursor = network.connector.pull()
    with network.database.transaction(network.id) as cx:
        cx.exec_driver_sql("UPDATE network SET epoch = gen_random_uuid()")
    answer = network.connector.get(f"sync/changes?cursor={cursor}")
    assert (answer.status_code, answer.json["code"]) == (409, "epoch_changed")
    epoch = network.connector.get("sync").json["epoch"]
    assert answer.json["epoch"] == epoch
    sent = {"client_id": str(uuid4()), "epoch": epoch, "ops": []}
    assert network.connector.post("sync/push", sent).status_code == 200


def test_a_server_put_back_unannounced_is_found_out_by_who_knows_more(network: Network) -> None:
    _, cursor = network.connector.pull()
    before = network.connector.get("sync").json["epoch"]
    with network.database.transaction(network.id) as cx:
        cx.exec_driver_sql("UPDATE network SET revision = revision - 1")
    told = [network.connector.get(f"sync/changes?cursor={cursor}") for _ in range(2)]
    assert [(a.status_code, a.json["code"]) for a in told] == [(409, "epoch_changed")] * 2
    begun = network.connector.get("sync").json["epoch"]
    assert [answer.json["epoch"] for answer in told] == [begun, begun] != [before, before]


def test_a_record_that_is_too_large_is_refused_by_name(network: Network, town: Town) -> None:
    large = op(town.introduction(purpose="x" * 70_000))
    (result,) = network.connector.push(large)
    assert (result["status"], result["error"]["code"]) == ("rejected", "record_too_large")
    posted = network.connector.post("introductions", town.introduction(purpose="x" * 70_000))
    assert (posted.status_code, posted.json["code"]) == (413, "record_too_large")


def test_too_many_operations_are_refused_whole(network: Network, town: Town) -> None:
    before = network.revision
    ops = [op(town.introduction()) for _ in range(201)]
    answer = network.connector.post("sync/push", {"client_id": str(uuid4()), "ops": ops})
    assert (answer.status_code, answer.json["code"]) == (413, "batch_too_large")
    assert network.revision == before


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"{", b'{"ops": []}', b'{"client_id": "x", "ops": []}', b"\xff", b"[" * 100_000],
)
def test_an_envelope_that_cannot_be_read_stores_nothing(network: Network, body: bytes) -> None:
    answer = network.connector.ask("POST", "sync/push", data=body, content_type="application/json")
    assert (answer.status_code, answer.json["code"]) == (400, "bad_request")


def test_an_operation_out_of_shape_spoils_no_other(network: Network, town: Town) -> None:
    good, bad = op(town.introduction()), op(town.introduction(), base_version=7)
    results = network.connector.push(bad, good)
    assert [r["status"] for r in results] == ["rejected", "applied"]
    assert results[0]["error"]["code"] == "validation_failed"
    kept = network.connector.get(f"sync/ops/{bad['op_id']}").json
    assert kept["status"] == "rejected"
    assert json.loads(kept["payload"])["base_version"] == 7


def test_an_operation_id_used_again_for_something_else_is_refused(
    network: Network, town: Town
) -> None:
    first = op(town.introduction())
    network.connector.push(first)
    (reused,) = network.connector.push(first | {"data": town.introduction(purpose="Other")})
    (stolen,) = network.colleague.push(first)
    assert reused["error"]["code"] == stolen["error"]["code"] == "op_id_reused"


def test_somebody_elses_operations_are_not_shown(network: Network, town: Town) -> None:
    first = op(town.introduction())
    network.connector.push(first)
    assert network.connector.get(f"sync/ops/{first['op_id']}").status_code == 200
    assert network.colleague.get(f"sync/ops/{first['op_id']}").json["code"] == "not_found"


def test_bodies_may_come_gzipped(network: Network, town: Town) -> None:
    envelope = {"client_id": str(uuid4()), "ops": [op(town.introduction())]}
    body = gzip.compress(json.dumps(envelope).encode())
    sent = {"data": body, "content_type": "application/json"}
    headers = {"Content-Encoding": "gzip"}
    answer = network.connector.ask("POST", "sync/push", headers=headers, **sent)
    assert answer.json["results"][0]["status"] == "applied"
    sent["data"] = body[:-9]
    cut = network.connector.ask("POST", "sync/push", headers=headers, **sent)
    assert cut.json["code"] == "bad_request"
    sent["data"] = gzip.compress(b" " * 20_000_000)
    bomb = network.connector.ask("POST", "sync/push", headers=headers, **sent)
    assert bomb.json["code"] == "batch_too_large"


@pytest.mark.parametrize("packed", ["br", "deflate", "gzip, gzip"])
def test_who_packs_a_body_in_another_way_is_told_which_one_is_read(
    network: Network, packed: str
) -> None:
    sent = {"data": b"?", "content_type": "application/json"}
    answer = network.connector.ask(
        "POST", "sync/push", headers={"Content-Encoding": packed}, **sent
    )
    assert (answer.status_code, answer.json["code"]) == (400, "bad_request")
    assert "gzip" in answer.json["detail"]


def test_answers_come_gzipped_to_whoever_takes_them_so(network: Network, town: Town) -> None:
    plain = network.connector.get("sync/changes")
    packed = network.connector.get("sync/changes", Accept_Encoding="gzip")
    assert packed.headers["Content-Encoding"] == "gzip"
    assert len(packed.data) < len(plain.data)
    told = json.loads(gzip.decompress(packed.data))
    assert told["changes"] == plain.json["changes"]


def test_a_page_is_of_five_hundred_at_most(network: Network, town: Town) -> None:
    for start in range(0, 600, 200):
        weeks = [op(town.introduction(purpose=f"{start + i}")) for i in range(200)]
        assert {r["status"] for r in network.connector.push(*weeks)} == {"applied"}
    page = network.connector.get("sync/changes?limit=100000").json
    assert (len(page["changes"]), page["has_more"]) == (500, True)
    assert len(network.connector.get("sync/manifest?limit=100000").json["records"]) == 500


def test_a_push_says_where_the_network_stands(network: Network, town: Town) -> None:
    sent = {"client_id": str(uuid4()), "ops": [op(town.introduction()), op({})]}
    answer = network.connector.post("sync/push", sent).json
    assert answer["head_revision"] == answer["results"][0]["revision"] == network.revision


def test_a_cursor_leads_on_where_it_came_from_alone(network: Network, town: Town) -> None:
    for i in range(2):
        network.connector.push(op({"parties": i}))
    changes = network.connector.get("sync/changes?limit=1").json["cursor"]
    manifest = network.connector.get("sync/manifest?limit=1").json["cursor"]
    refused = network.connector.get("sync/quarantined?limit=1").json["cursor"]
    cursors = {"changes": changes, "manifest": manifest, "quarantined": refused}
    for name, cursor in cursors.items():
        for where in cursors:
            answer = network.connector.get(f"sync/{where}?cursor={cursor}")
            code = None if where == name else "bad_cursor"
            assert answer.json.get("code") == code, (name, where)


def test_the_manifest_names_everything_visible_once(network: Network, town: Town) -> None:
    network.connector.make("introductions", town.introduction())
    changes, _ = network.connector.pull()
    named, cursor = [], ""
    while cursor is not None:
        query = "sync/manifest?limit=2" + (f"&cursor={cursor}" if cursor else "")
        page = network.connector.get(query).json
        named += page["records"]
        cursor = page["cursor"]
    assert sorted(map(tuple, named)) == sorted((c["kind"], c["id"], c["version"]) for c in changes)


def test_nothing_new_is_an_empty_page(network: Network, town: Town) -> None:
    _, cursor = network.connector.pull()
    page = network.connector.get(f"sync/changes?cursor={cursor}").json
    assert (page["changes"], page["has_more"], page["snapshot"]) == ([], False, False)


def test_a_list_held_from_before_a_backup_came_back_is_told_anew(network: Network) -> None:
    held = network.connector.get("introductions").headers["ETag"]
    assert network.connector.get("introductions", If_None_Match=held).status_code == 304
    with network.database.transaction(network.id) as cx:
        cx.exec_driver_sql("UPDATE network SET epoch = gen_random_uuid()")
    assert network.connector.get("introductions", If_None_Match=held).status_code == 200
