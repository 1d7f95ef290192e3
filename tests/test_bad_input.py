"""Bad input: every field of every kind, sent wrong, gets a problem with a path and a sentence."""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.core.codec import Codec
from api.core.problems import Problem
from api.records import RECORD_TYPES

if TYPE_CHECKING:
    from api.core.record import RecordType
    from tests.fixtures.networks import Network

WRITERS = {"coordinators": "coordinator", "proposers": "coordinator", "connectors": "connector"}
KINDS = [kind for kind in RECORD_TYPES if kind.writers in WRITERS]
NEVER_RIGHT: dict[str, Any] = {
    "an object": {"a": 1},
    "a list of lists": [[1]],
    "true": True,
    "a huge number": 10**400,
    "a negative": -1,
    "a NUL": "a\0b",
    "too long": "x" * 20_000,
    "an empty text": "",
    "year 0": "0000-01-01",
    "year 9999": "9999-12-31T23:59:59-12:00",
    "an emoji for an id": "🧵",
}
# A field of its kind may take these; everything else of the list above is refused.
RIGHT = {
    "Flag": {"true"},
    "Text": {"an empty text", "year 0", "year 9999", "an emoji for an id"},
    "Words": set(),
}


def wrongs() -> list[Any]:
    """One case per kind, field and wrong value."""
    return [
        pytest.param(kind, name, label, id=f"{kind.name}.{name}: {label}")
        for kind in KINDS
        for name, field in kind.schema._declared_fields.items()
        for label in NEVER_RIGHT
        if label not in RIGHT.get(type(field).__name__, ())
    ]


def refuse(network: Network, kind: RecordType, body: bytes) -> dict[str, Any]:
    """POST a body and expect a problem that a person can act on, and nothing written."""
    writer = getattr(network, WRITERS[kind.writers])
    before = network.revision
    answer = writer.ask("POST", kind.name, data=body, content_type="application/json")
    assert 400 <= answer.status_code < 500, answer.text
    assert answer.mimetype == "application/problem+json"
    assert answer.json["title"].endswith(".")
    assert network.revision == before
    problem: dict[str, Any] = answer.json
    return problem


@pytest.mark.parametrize(("kind", "name", "label"), wrongs())
def test_a_wrong_value_is_named_by_its_path(
    kind: RecordType, name: str, label: str, shared_network: Network
) -> None:
    values = {**kind.example, name: NEVER_RIGHT[label]}
    problem = refuse(shared_network, kind, json.dumps(values).encode())
    assert problem["code"] == "validation_failed"
    found = [said for path, said in problem["fields"].items() if path.split(".")[0] == name]
    assert found, problem
    assert all(sentence for sentence in found[0])


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_what_is_required_is_asked_for(kind: RecordType, shared_network: Network) -> None:
    problem = refuse(shared_network, kind, b"{}")
    required = {n for n, f in kind.schema._declared_fields.items() if f.required}
    assert set(problem["fields"]) == required


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_a_field_nobody_knows_is_refused_not_dropped(
    kind: RecordType, shared_network: Network
) -> None:
    values = {**kind.example, "favourite_colour": "red"}
    problem = refuse(shared_network, kind, json.dumps(values).encode())
    assert "favourite_colour" in problem["fields"]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
@pytest.mark.parametrize("bad_id", ["", "7", 7, ["a"], {}, "not-a-uuid", "\0"])
def test_an_id_must_be_a_uuid(kind: RecordType, bad_id: Any, shared_network: Network) -> None:
    body = json.dumps({**kind.example, "id": bad_id}).encode()
    assert "id" in refuse(shared_network, kind, body)["fields"]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_references_to_nowhere_are_named(kind: RecordType, shared_network: Network) -> None:
    values = kind.codec.load(msgspec.json.encode(kind.example))
    expected = {".".join(map(str, path)) for path, _, _ in kind.references(values)}
    if not expected:
        pytest.skip("refers to nothing")
    problem = refuse(shared_network, kind, json.dumps(kind.example).encode())
    assert problem["code"] == "reference_missing"
    assert set(problem["fields"]) == expected


BODIES = {
    "nothing": b"",
    "not JSON": b"{",
    "a list": b"[]",
    "a number": b"7",
    "NaN": b'{"name": NaN}',
    "half a character": b'{"name": "\\ud800"}',
    "broken UTF-8": b'{"name": "\xff"}',
    "deep nesting": b'{"name":' + b"[" * 200_000,
    "deep nesting that closes": b'{"name":' + b"[" * 5_000 + b"]" * 5_000 + b"}",
    **{
        f"{deep} levels": b'{"name":' + b"[" * deep + b"]" * deep + b"}"
        for deep in range(970, 1_000, 3)
    },
    "two megabytes": b'{"name": "' + b"x" * 2_000_000 + b'"}',
    "more than a record holds": b'{"name": "' + b"x" * 100_000 + b'"}',
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES.keys())
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_a_body_that_is_no_record_is_refused(
    kind: RecordType, body: bytes, shared_network: Network
) -> None:
    problem = refuse(shared_network, kind, body)
    codes = {"bad_request", "validation_failed", "batch_too_large", "record_too_large"}
    assert problem["code"] in codes


def test_half_a_character_is_called_that(shared_network: Network) -> None:
    told = refuse(shared_network, KINDS[0], BODIES["half a character"])["detail"]
    assert "half a character" in told


@pytest.mark.parametrize("key", ["", "schlüssel"])
def test_a_key_that_may_not_arrive_is_refused(key: str, shared_network: Network) -> None:
    answer = shared_network.connector.post("introductions", {}, Idempotency_Key=key)
    assert (answer.status_code, answer.json["code"]) == (400, "bad_request")
    assert "Idempotency-Key" in answer.json["detail"]


def test_a_body_of_another_type_is_refused(shared_network: Network) -> None:
    answer = shared_network.connector.ask("POST", "introductions", data={"made_at": "now"})
    assert (answer.status_code, answer.json["code"]) == (415, "not_json")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (gzip.compress(b"{}")[:-4], "bad_request"),
        (b"not gzip", "bad_request"),
        (gzip.compress(b"{}") + gzip.compress(b"{}"), "bad_request"),
        (gzip.compress(b" " * 50_000_000), "batch_too_large"),
    ],
    ids=["cut short", "not gzip", "two in one", "a bomb"],
)
def test_a_damaged_gzip_body_is_refused(body: bytes, code: str, shared_network: Network) -> None:
    answer = shared_network.connector.ask(
        "POST",
        "introductions",
        data=body,
        content_type="application/json",
        headers={"Content-Encoding": "gzip"},
    )
    assert answer.json["code"] == code


SHAPES = {
    "latitude too large": {"type": "Point", "coordinates": [0, 90.1]},
    "longitude too small": {"type": "Point", "coordinates": [-180.1, 0]},
    "a height": {"type": "Point", "coordinates": [0, 0, 1]},
    "texts": {"type": "Point", "coordinates": ["0", "0"]},
    "no coordinates": {"type": "Point"},
    "a line": {"type": "LineString", "coordinates": [[0, 0], [1, 1]]},
    "an open ring": {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 1]]]},
    "a ring of two": {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [0, 0]]]},
    "a bow tie": {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]},
    "no area": {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [0, 0], [0, 0]]]},
    "a hole outside": {
        "type": "Polygon",
        "coordinates": [
            [[0, 0], [1, 0], [1, 1], [0, 0]],
            [[5, 5], [6, 5], [6, 6], [5, 5]],
        ],
    },
}


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES.keys())
def test_a_shape_that_is_no_place_is_refused(shape: Any, shared_network: Network) -> None:
    (kind,) = [kind for kind in KINDS if kind.name == "spaces"]
    body = json.dumps({**kind.example, "geometry": shape}).encode()
    assert "geometry" in refuse(shared_network, kind, body)["fields"]


@pytest.mark.parametrize(
    ("instant", "is_right"),
    [
        ("1900-01-01T00:00:00Z", True),
        ("1900-01-01T00:00:00+00:01", False),  # in UTC that is still 1899
        ("2200-12-31T23:59:59Z", True),
        ("2200-12-31T23:59:59-00:01", False),
        ("2026-03-31T18:30:00", False),
        ("0001-01-01T00:00:00+14:00", False),
        ("9999-12-31T23:59:59-14:00", False),
    ],
)
def test_an_instant_is_judged_where_it_is_kept(
    instant: str, is_right: bool, network: Network
) -> None:
    posted = network.connector.post("meetings", {"starts_at": instant})
    assert posted.status_code == (201 if is_right else 422)
    if is_right:
        path = f"meetings/{posted.json['id']}"
        assert network.connector.patch(path, {"title": "T"}, If_Match="*").status_code == 200
    else:
        assert list(posted.json["fields"]) == ["starts_at"]


@pytest.mark.parametrize(
    ("kind", "values", "path"),
    [
        ("groups", {"name": "G", "type": "arts", "external_ids": ["GB-CHC-1\n"]}, "external_ids"),
        ("meetings", {"starts_at": "2026-04-01T10:00:00Z", "recurrence": "FREQ=DAILY\n"},
         "recurrence"),
    ],
)  # fmt: skip
def test_a_form_is_met_to_the_last_character(
    kind: str, values: dict[str, Any], path: str, shared_network: Network
) -> None:
    refused = shared_network.coordinator.post(kind, values)
    assert list(refused.json["fields"]) == [path]


QUERIES = [
    "limit=0", "limit=501", "limit=x", "cursor=x", "cursor=%00", "q=%00", "nonsense=1",
    "bbox=1,2,3", "bbox=a,b,c,d", "near=1,2", "near=1,2,-5", "status=asleep",
    "steward_group_id=7", "limit=1&limit=x", "bbox=٣,٤,٥,٦", "near=٣,٤,٥",
]  # fmt: skip


@pytest.mark.parametrize("query", QUERIES)
def test_a_filter_that_cannot_be_read_is_named(query: str, shared_network: Network) -> None:
    answer = shared_network.connector.get(f"spaces?{query}")
    assert answer.status_code in (200, 400, 422), answer.text
    if answer.status_code == 200:
        assert query == "limit=1&limit=x"  # the first of two counts
    elif answer.status_code == 422:
        assert list(answer.json["fields"]) == [query.partition("=")[0]]


@pytest.mark.parametrize("far", ["bbox=-999,-999,999,999", "near=999,89,999999", "near=0,99,1"])
def test_a_place_off_the_globe_is_an_empty_list_or_a_problem(
    far: str, shared_network: Network
) -> None:
    assert shared_network.connector.get(f"spaces?{far}").status_code in (200, 422)


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-10, 10**6)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=12)
    | st.sampled_from(
        ["2026-03-31", "2026-03-31T18:30:00+01:00", "2026-03-31T18:30:00.125Z", str(uuid4()),
         "made", "yes", "other", "goods", "0001-01-01T00:00:00+23:59"]
    ),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3)
    ),
    max_leaves=6,
)  # fmt: skip


@pytest.mark.parametrize("kind", RECORD_TYPES, ids=lambda kind: kind.name)
@settings(
    max_examples=150,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_fast_and_explaining_reading_agree(kind: RecordType, data: Any) -> None:
    names = list(kind.codec.names)
    changed = data.draw(st.dictionaries(st.sampled_from([*names, "extra"]), VALUES, max_size=3))
    dropped = data.draw(st.sets(st.sampled_from(names), max_size=2))
    values = {k: v for k, v in (kind.example | changed).items() if k not in dropped}
    raw = msgspec.json.encode(values)
    fast, slow = _verdict(kind.codec.load, raw), _verdict(kind.codec._explain, raw)
    assert (fast is None) == (slow is None)
    if fast is not None:
        assert kind.codec.dump(fast) == kind.codec.dump(slow)
        assert kind.codec.dump(Codec.load(kind.codec, kind.codec.dump(fast))) == kind.codec.dump(
            fast
        )


def _verdict(read: Any, raw: bytes) -> Any:
    try:
        return read(raw)
    except Problem:
        return None
