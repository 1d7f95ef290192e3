"""Claims: what holds however a story went, checked on the server's own tables."""

from __future__ import annotations

import json
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import psycopg
from sqlalchemy.engine import make_url

from api.accounts.members import changing_members, enrol
from tests.database import duplicate

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from flask import Flask

    from tests.fixtures.networks import Member, Network
    from tests.sync.machine import Story
    from tests.sync.phone import Phone

DONE = ("applied", "merged", "superseded")


def require_all(story: Story) -> None:
    """Raise AssertionError for the first claim that does not hold."""
    for network in (story.network, story.other):
        phones = [p for p in story.phones if p.member.network_id == network.id]
        made = [op for home, op in story.made.values() if home == network.id]
        verdicts = _ledger(network)
        assert [phone.outbox for phone in phones] == [[]] * len(phones), "an operation still waits"
        require_nothing_lost(network, made, verdicts)
        require_nothing_twice(network, set(verdicts))
        require_no_silent_overwrite(network, verdicts)
        for phone in phones:
            require_agreement(network, phone)


def require_nothing_lost(
    network: Network, made: list[dict[str, Any]], verdicts: dict[str, Any]
) -> None:
    """Every operation has one verdict; its data is in the history, or its payload is kept."""
    history = {str(v): data for v, data in network.rows(_DATA)}
    for op in made:
        assert op["op_id"] in verdicts, f"no verdict on {op}"
        status, version, payload = verdicts[op["op_id"]]
        if status in ("applied", "merged"):
            stored = history.get(op["op_id"]) or history.get(str(version))
            if op["action"] == "put" and stored is not None:
                assert op["data"].items() <= _plain(stored, op["data"]).items(), (op, stored)
        elif op["action"] == "put":
            assert payload, f"what was sent is gone: {op}"


def require_nothing_twice(network: Network, ops: set[str]) -> None:
    """One version per operation, and a merge's; none that nobody made, no record told twice."""
    known = {str(v) for v, _ in network.rows(_DATA)}
    made = {str(v) for (v,) in network.rows(_MERGED)}
    assert known <= ops | made
    live = network.rows(_LIVE)
    assert len(live) == len({(kind, record) for kind, record, *_ in live})


def require_no_silent_overwrite(network: Network, verdicts: dict[str, Any]) -> None:
    """From what a record is now, its line leads back to everything that was applied."""
    lines: dict[Any, dict[str, Any]] = {}
    for kind, record, version, base, _ in network.rows(_LINES):
        lines.setdefault((kind, record), {})[str(version)] = base and str(base)
    present = {(k, r): str(v) for k, r, v, *_ in network.rows(_NOW)}
    for key, line in lines.items():
        walked, version = set(), present[key]
        while version:
            walked.add(version)
            version = line.get(version)
        applied = {
            str(version)
            for op_id, (status, version, _) in verdicts.items()
            if status in ("applied", "merged") and str(version) in line
        }
        assert applied <= walked, f"{key}: {applied - walked} was written over"


def require_agreement(network: Network, phone: Phone) -> None:
    """A phone holds what the server has in its scope: no more, no less, nothing older."""
    scope = phone.member.get("sync/changes?limit=1").json["scope"]
    visible = {
        (kind, str(record)): (str(version), audience)
        for kind, record, version, audience in network.rows(_LIVE)
        if audience in scope
    }
    held = {
        key: (each["version"], each["audience"] or visible.get(key, ("", ""))[1])
        for key, each in phone.shadow.items()
    }
    assert held == visible
    data = {(k, str(r)): d for k, r, d in network.rows(_PRESENT)}
    for key, each in phone.shadow.items():
        assert each["data"].items() <= _plain(data[key], each["data"]).items(), key


def require_no_leak(phone: Phone, page: dict[str, Any], *networks: Network) -> None:
    """No page carries an audience outside its scope, nor a byte of another network."""
    allowed = {"network", phone.member.notebook}
    assert set(page["scope"]) <= allowed
    for change in page["changes"]:
        assert change["op"] != "upsert" or change["audience"] in page["scope"]
        assert change["op"] != "leave" or "data" not in change
    said = json.dumps(page)
    for other in networks:
        if other.id != phone.member.network_id:
            assert str(other.id) not in said
            assert not any(str(m.member_id) in said for m in other.members.values())


def _plain(stored: Any, like: dict[str, Any]) -> dict[str, Any]:
    """Stored data as JSON says it, but for what only its canonical form differs in."""
    loose = ("parties", "made_at")
    return dict(stored) | {name: like[name] for name in loose if name in like}


def versions_of(network: Network) -> set[Any]:
    """Every state there is, to see whether anything was written."""
    return {row[0] for row in network.rows("SELECT version FROM history")}


def _ledger(network: Network) -> dict[str, tuple[str, Any, str | None]]:
    rows = network.rows("SELECT op_id, status, version, payload FROM op_ledger")
    return {str(op): (status, version, payload) for op, status, version, payload in rows}


def expire_tombstones_alone(network: Network, now: dt.datetime) -> None:
    """As the nightly job does with tombstones; verdicts stay, to be counted in the end."""
    from api.jobs.tombstones import _EXPIRE, LOCK, TOMBSTONE_DAYS, dt

    before = now - dt.timedelta(TOMBSTONE_DAYS)
    with network.database.transaction(network.id) as cx:
        params = {"network": network.id, "before": before}
        cx.exec_driver_sql(LOCK, params)
        cx.exec_driver_sql(_EXPIRE, params)


def operations_of(network: Network) -> set[str]:
    """Every operation the server has a verdict on."""
    return set(_ledger(network))


def bring_back(network: Network, member: Member) -> None:
    """Make somebody a member again who had left."""
    with network.database.transaction(network.id) as cx, changing_members(cx, network.id):
        row = cx.exec_driver_sql("SELECT user_id FROM member WHERE id = %s", (member.member_id,))
        enrol(cx, network.id, row.scalar_one(), "connector")


def save_server(app: Flask) -> str:
    """Back the database up; the name of the copy."""
    name = _close(app)
    duplicate(name, f"{name}_saved")
    return f"{name}_saved"


def restore_server(app: Flask, saved: str) -> None:
    """Put the copy in the database's place, as docs/operations.md has it: with new epochs."""
    duplicate(saved, _close(app))
    with psycopg.connect(_plain_url(app), autocommit=True) as cx:
        cx.execute("UPDATE network SET epoch = gen_random_uuid()")


def _close(app: Flask) -> str:
    """Let go of every connection; the database's name."""
    app.extensions["database"].close()
    return str(make_url(_plain_url(app)).database)


def _plain_url(app: Flask) -> str:
    url: str = app.extensions["settings"].database_url
    return url.replace("postgresql+psycopg", "postgresql")


@contextmanager
def breaking(module: Any, name: str, error: type[Exception]) -> Iterator[None]:
    """Let a function do its work and then break down."""
    whole = getattr(module, name)

    def broken(*args: Any) -> Any:
        whole(*args)
        raise error

    setattr(module, name, broken)
    try:
        yield
    finally:
        setattr(module, name, whole)


_DATA = "SELECT version, data FROM history"
_MERGED = "SELECT version FROM op_ledger WHERE status = 'merged'"
_LIVE = "SELECT kind, record_id, version, audience FROM sync_index WHERE is_live"
_LINES = "SELECT kind, record_id, version, base, revision FROM history"
# what was sent and then merged stands beside the line, under the same revision
_NOW = """
SELECT DISTINCT ON (h.kind, h.record_id) h.kind, h.record_id, h.version FROM history h
LEFT JOIN op_ledger l ON l.network_id = h.network_id AND l.op_id = h.version
WHERE l.status IS DISTINCT FROM 'merged' ORDER BY h.kind, h.record_id, h.revision DESC
"""
_PRESENT = """
SELECT s.kind, s.record_id, h.data FROM sync_index s
JOIN history h ON h.network_id = s.network_id AND h.version = s.version WHERE s.is_live
"""
