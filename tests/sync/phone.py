"""A phone: a shadow of what the server confirmed and an outbox of what it does not know yet."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import uuid4

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.fixtures.networks import Member

Key = tuple[str, str]
Op = dict[str, Any]
BEGIN_ANEW = ("bad_cursor", "cursor_kinds_mismatch", "cursor_expired", "epoch_changed")


@dataclass
class Phone:
    """The client that docs/sync.md describes, in two pages of Python."""

    member: Member
    shadow: dict[Key, dict[str, Any]] = field(default_factory=dict)
    outbox: list[Op] = field(default_factory=list)
    attention: list[Op] = field(default_factory=list)
    answered: list[Op] = field(default_factory=list)  # of the last 30 days, refusals too
    cursor: str | None = None
    marked: set[Key] = field(default_factory=set)
    client_id: str = field(default_factory=lambda: str(uuid4()))
    new_id: Callable[[], str] = lambda: str(uuid4())

    # --- offline ---------------------------------------------------------------------------------

    def put(
        self, kind: str, data: dict[str, Any], record_id: str | None = None, **more: Any
    ) -> str:
        """Log or edit: the whole record, on top of what this phone last saw."""
        record_id = record_id or self.new_id()
        self._queue(kind, record_id, action="put", data=data, **more)
        return record_id

    def remove(self, kind: str, record_id: str) -> None:
        """Remove."""
        self._queue(kind, record_id, action="delete", data=None)

    def _queue(self, kind: str, record_id: str, **op: Any) -> None:
        waiting = [each for each in self.outbox if each["id"] == record_id]
        seen = self.shadow.get((kind, record_id))
        base = waiting[-1]["op_id"] if waiting else (seen and seen["version"])
        named = {"op_id": self.new_id(), "kind": kind, "id": record_id}
        line = {"base_version": base, "ancestors": [each["op_id"] for each in waiting]}
        self.outbox.append(named | line | op)

    def seen(self, kind: str, record_id: str) -> dict[str, Any] | None:
        """A record's data as its owner sees it here: with what waits, if anything does."""
        for op in reversed(self.outbox):
            if (op["kind"], op["id"]) == (kind, record_id):
                return None if op["action"] == "delete" else op["data"]
        held = self.shadow.get((kind, record_id))
        return held and held["data"]

    # --- online ----------------------------------------------------------------------------------

    def sync(self) -> list[dict[str, Any]]:
        """Push what waits, then pull to the end; the results of the push."""
        results = self.push()
        self.pull()
        return results

    def push(self, *, answer_is_lost: bool = False) -> list[dict[str, Any]]:
        """Send the outbox; when the answer is lost, nothing is learnt and all stays queued."""
        if not self.outbox:
            return []
        results = self.member.push(*self.outbox, client_id=self.client_id)
        if answer_is_lost:
            return []
        self.learn(list(self.outbox), results)
        return results

    def learn(self, ops: list[Op], results: list[dict[str, Any]]) -> None:
        """Take in the verdicts on what was sent, where it still waits."""
        for op, result in zip(ops, results, strict=True):
            assert op["op_id"] == result["op_id"]
            if op in self.outbox and result["status"] != "retry":
                self._learn(op, result)

    def _learn(self, op: Op, result: dict[str, Any]) -> None:
        key = op["kind"], op["id"]
        self.outbox.remove(op)
        self.answered.append(op)
        if result["status"] in ("conflict", "rejected"):
            self.attention.append(op)
        if result["present"] == "same" and op["action"] == "put":
            held = self.shadow.get(key, {"audience": None})
            audience = op.get("audience") or held["audience"]
            known = {"version": result["version"], "audience": audience, "data": op["data"]}
            self.shadow[key] = known
        elif result["present"] == "newer":
            current = result["current"]
            self.shadow[key] = {name: current[name] for name in ("version", "audience", "data")}
        else:
            self.shadow.pop(key, None)

    def pull(self, limit: int = 500) -> None:
        """Take in what changed, by the snapshot and scope rules."""
        while self.take(self.ask(limit)):
            pass

    def ask(self, limit: int = 500) -> dict[str, Any]:
        """The next page; where the server asks for it, of a pull begun anew."""
        query = f"sync/changes?limit={limit}"
        answer = self.member.get(query + (f"&cursor={self.cursor}" if self.cursor else ""))
        if answer.status_code in (400, 409, 410) and answer.json["code"] in BEGIN_ANEW:
            if answer.json["code"] == "epoch_changed":  # what fell into the gap is offered again
                waiting = {op["op_id"] for op in self.outbox}
                again = [op for op in self.answered if op["op_id"] not in waiting]
                self.outbox, self.answered, self.attention = again + self.outbox, [], []
            self.push()
            self.cursor, self.marked = None, set()
            answer = self.member.get(query)
        page: dict[str, Any] = answer.json
        assert answer.status_code == 200, answer.text
        return page

    def take(self, page: dict[str, Any]) -> bool:
        """Keep a page and its cursor together; whether there is more."""
        if not self.cursor:
            self.marked = set()
        for change in page["changes"]:
            key = change["kind"], change["id"]
            self.marked.add(key)
            if change["op"] == "upsert":
                known = {name: change[name] for name in ("version", "audience", "data")}
                self.shadow[key] = known
            else:
                self.shadow.pop(key, None)
        self.cursor = page["cursor"]
        if not page["has_more"]:
            self._sweep(page)
        return bool(page["has_more"])

    def _sweep(self, page: dict[str, Any]) -> None:
        """At the end of a pull, let go of what a snapshot did not name and of what is not ours."""
        for key, held in list(self.shadow.items()):
            is_gone = page["snapshot"] and key not in self.marked
            if is_gone or held["audience"] not in (None, *page["scope"]):
                del self.shadow[key]
