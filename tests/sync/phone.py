"""A phone: a shadow of what the server confirmed and an outbox of what it does not know yet."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import uuid4

if TYPE_CHECKING:
    from tests.fixtures.networks import Member

Key = tuple[str, str]


@dataclass
class Phone:
    """The client that docs/sync.md describes, in a page of Python."""

    member: Member
    shadow: dict[Key, dict[str, Any]] = field(default_factory=dict)
    outbox: list[dict[str, Any]] = field(default_factory=list)
    attention: list[dict[str, Any]] = field(default_factory=list)
    cursor: str | None = None

    def put(self, kind: str, data: dict[str, Any], record_id: str | None = None) -> str:
        """Log or edit, offline: the whole record, on top of what this phone last saw."""
        record_id = record_id or str(uuid4())
        self._queue(kind, record_id, "put", data)
        return record_id

    def remove(self, kind: str, record_id: str) -> None:
        """Remove, offline."""
        self._queue(kind, record_id, "delete", None)

    def _queue(self, kind: str, record_id: str, action: str, data: Any) -> None:
        waiting = [op for op in self.outbox if op["id"] == record_id]
        seen = self.shadow.get((kind, record_id))
        base = waiting[-1]["op_id"] if waiting else (seen and seen["version"])
        self.outbox.append(
            {
                "op_id": str(uuid4()),
                "kind": kind,
                "id": record_id,
                "action": action,
                "base_version": base,
                "ancestors": [op["op_id"] for op in waiting],
                "data": data,
            }
        )

    def sync(self) -> list[dict[str, Any]]:
        """Push what waits, then pull to the end; the results of the push."""
        results = self.push()
        self.pull()
        return results

    def push(self, *, answer_is_lost: bool = False) -> list[dict[str, Any]]:
        """Send the outbox; when the answer is lost, nothing is learnt and all stays queued."""
        if not self.outbox:
            return []
        results = self.member.push(*self.outbox)
        if answer_is_lost:
            return []
        for op, result in zip(list(self.outbox), results, strict=True):
            assert op["op_id"] == result["op_id"]
            self._learn(op, result)
        return results

    def _learn(self, op: dict[str, Any], result: dict[str, Any]) -> None:
        key = op["kind"], op["id"]
        self.outbox.remove(op)
        if result["status"] in ("conflict", "rejected"):
            self.attention.append(op)
        if result["present"] == "same" and op["action"] == "put":
            self.shadow[key] = {"version": result["version"], "data": op["data"]}
        elif result["present"] == "newer":
            current = result["current"]
            self.shadow[key] = {"version": current["version"], "data": current["data"]}
        else:
            self.shadow.pop(key, None)

    def pull(self, limit: int = 500) -> None:
        """Take in what changed, by the snapshot and scope rules."""
        marked: set[Key] = set()
        while True:
            query = f"sync/changes?limit={limit}"
            query += f"&cursor={self.cursor}" if self.cursor else ""
            page = self.member.get(query).json
            for change in page["changes"]:
                marked.add(self._take(change))
            self.cursor = page["cursor"]
            if not page["has_more"]:
                break
        if page["snapshot"]:
            self.shadow = {k: v for k, v in self.shadow.items() if k in marked}

    def _take(self, change: dict[str, Any]) -> Key:
        key = change["kind"], change["id"]
        if change["op"] == "upsert":
            self.shadow[key] = {"version": change["version"], "data": change["data"]}
        else:
            self.shadow.pop(key, None)
        return key
