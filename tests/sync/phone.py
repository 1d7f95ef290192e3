"""A phone: a shadow of what the server confirmed and an outbox of what it does not know yet."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import uuid4

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

Key = tuple[str, str]
# How a phone names what an edit is on top of while earlier ones wait: the last of those and all
# before it, the last among all of them, or what the server had and all since.
BOOKS = ("before", "among", "since")
AGAIN = 5  # times a sync begins anew when it is told to
UNDERWAY = ("account_disabled", "unknown_network")


class Refused(Exception):  # noqa: N818  (an answer, not a mistake)
    """The server answered with a problem."""

    def __init__(self, problem: dict[str, Any]) -> None:
        super().__init__(problem["code"])
        self.code: str = problem["code"]
        self.problem = problem


@dataclass
class Phone:
    """The client that docs/sync.md describes, in a few pages of Python.

    `member` is whoever it speaks for: anything that can `get(path)` and `post(path, values)`.
    """

    member: Any
    shadow: dict[Key, dict[str, Any]] = field(default_factory=dict)
    outbox: list[dict[str, Any]] = field(default_factory=list)
    attention: list[dict[str, Any]] = field(default_factory=list)
    kept: list[dict[str, Any]] = field(default_factory=list)  # answered within the last 30 days
    cursor: str | None = None
    marks: set[Key] | None = None  # upserted by the snapshot that is under way
    epoch: str | None = None
    told: dict[Key, int] = field(default_factory=dict)  # by pages since the last push: revisions
    books: str = "among"
    repeats_audience: bool = True  # else it says who sees a record only where that is to change
    client_id: str = field(default_factory=lambda: str(uuid4()))

    # --- offline ---------------------------------------------------------------------------------

    def put(
        self, kind: str, data: dict[str, Any], record_id: str | None = None, **more: Any
    ) -> str:
        """Log or edit, offline: the whole record, on top of what this phone last saw."""
        record_id = record_id or str(uuid4())
        self._queue((kind, record_id), {"action": "put", "data": data} | more)
        return record_id

    def remove(self, kind: str, record_id: str, **more: Any) -> None:
        """Remove, offline."""
        self._queue((kind, record_id), {"action": "delete", "data": None} | more)

    def shows(self) -> dict[Key, dict[str, Any]]:
        """What the person sees: what was confirmed, under what they did since."""
        seen = dict(self.shadow)
        for op in self.outbox:
            key = op["kind"], op["id"]
            if op["action"] == "delete":
                seen.pop(key, None)
            else:
                seen[key] = seen.get(key, {}) | {"data": op["data"]}
        return seen

    def _queue(self, key: Key, what: dict[str, Any]) -> None:
        mine = [op for op in self.outbox if (op["kind"], op["id"]) == key]
        waiting = [op["op_id"] for op in mine]
        seen = self.shadow.get(key)
        base = waiting[-1] if waiting else (seen and seen["version"])
        if waiting and self.books == "since":
            base = mine[0]["base_version"]
        before = waiting[:-1] if self.books == "before" else waiting
        named = {"op_id": str(uuid4()), "kind": key[0], "id": key[1]}
        said = [each["audience"] for each in (seen, *mine) if each and each.get("audience")]
        if said and what["action"] == "put" and self.repeats_audience:
            # as most apps do: where it is, or is to be by then
            what = {"audience": said[-1]} | what
        self.outbox.append(named | {"base_version": base, "ancestors": before} | what)

    # --- online ----------------------------------------------------------------------------------

    def sync(self, limit: int = 500) -> list[dict[str, Any]]:
        """Push what waits, then pull to the end; the results of the push."""
        results: list[dict[str, Any]] = []
        for _ in range(AGAIN):
            try:
                while self.outbox:
                    results += self.push()
                self.pull(limit)
            except Refused as refused:
                self.heed(refused)
            else:
                break
        return results

    def push(
        self,
        *,
        most: int = 200,
        skip: int = 0,
        answer_is_lost: bool = False,
        meanwhile: Callable[[], object] = lambda: None,
    ) -> list[dict[str, Any]]:
        """Send the outbox; when the answer is lost, nothing is learnt and all stays queued.

        A phone never skips; with `skip` the later part of its outbox overtakes the earlier. It may
        pull `meanwhile`, until the answer is here.
        """
        if not self.outbox:
            return []
        if not self.epoch:
            self._meet()
        ops = self.outbox[skip:][:most]
        self.told = told = {}
        answer = self._said(self.member.post("sync/push", self.envelope(ops)))
        meanwhile()
        if answer_is_lost or self.told is not told:  # it began anew meanwhile: as good as lost
            return []
        results: list[dict[str, Any]] = answer["results"]
        for op, result in zip(ops, results, strict=True):
            assert op["op_id"] == result["op_id"]
            if result["status"] != "retry":
                self._learn(op, result)
        return results

    def envelope(self, ops: list[dict[str, Any]]) -> dict[str, Any]:
        """What a push sends."""
        return {"client_id": self.client_id, "epoch": self.epoch, "ops": ops}

    def _learn(self, op: dict[str, Any], result: dict[str, Any]) -> None:
        key = op["kind"], op["id"]
        self.outbox.remove(op)
        self.kept.append(op)
        if result["status"] in ("conflict", "rejected") and op not in self.attention:
            self.attention.append(op)
        if result["present"] != "absent":  # what is out of sight now may be back before a pull
            self._adopt(key, op, result)

    def _adopt(self, key: Key, op: dict[str, Any], result: dict[str, Any]) -> None:
        """Hold the record as a result has it, unless a page told as much or more meanwhile."""
        as_of = (result.get("current") or result)["revision"]
        if self.told.get(key, 0) >= as_of:
            return
        seen = self.shadow.get(key, {})
        if result["present"] == "newer":
            self.shadow[key] = _confirmed(result["current"])
        elif result["present"] == "deleted" or op["action"] == "delete":
            self.shadow.pop(key, None)
        elif seen.get("version") != result["version"]:  # else the server's own form of it is here
            audience = op.get("audience") or seen.get("audience")
            self.shadow[key] = {
                "version": result["version"], "data": op["data"], "audience": audience
            }  # fmt: skip

    def pull(self, limit: int = 500, pages: int | None = None) -> bool:
        """Take in what changed, by the snapshot and scope rules; whether it came to the end.

        `pages` cuts it short after so many; the next pull goes on from there.
        """
        while pages is None or pages > 0:
            page = self.read_page(limit)
            self.take_page(page)
            if not page["has_more"]:
                self._sweep(page)
                return True
            pages = pages and pages - 1
        return False

    def read_page(self, limit: int = 500) -> dict[str, Any]:
        """The next page, as the server sends it; `take_page` takes it in."""
        if not self.cursor:
            self._meet()
        query = f"sync/changes?limit={limit}" + (f"&cursor={self.cursor}" if self.cursor else "")
        return self._said(self.member.get(query))

    def _meet(self) -> None:
        """Learn the epoch: who has neither it nor a cursor hears of no restored server."""
        about = self._said(self.member.get("sync"))
        if self.epoch not in (None, about["epoch"]):
            raise Refused({"code": "epoch_changed"})
        self.epoch = about["epoch"]

    def take_page(self, page: dict[str, Any]) -> None:
        """Take a page in, and its cursor: in a real client, in one transaction of its store."""
        if self.cursor is None:
            self.marks, self.told = set(), {}
        for change in page["changes"]:
            key = change["kind"], change["id"]
            self.told[key] = change["revision"]
            if change["op"] == "upsert":
                self.shadow[key] = _confirmed(change)
                if self.marks is not None:
                    self.marks.add(key)
            else:
                self.shadow.pop(key, None)
        self.cursor = page["cursor"]

    def _sweep(self, page: dict[str, Any]) -> None:
        """After the last page: only what was mentioned stays, and only what is in scope."""
        if page["snapshot"]:
            told = self.marks if self.marks is not None else self._manifest()
            self._keep(key for key in self.shadow if key in told)
            self.marks = None
        scope = (*page["scope"], None)  # a record the server has not named an audience for yet
        self._keep(key for key, seen in self.shadow.items() if seen["audience"] in scope)

    def _keep(self, keys: Iterable[Key]) -> None:
        self.shadow = {key: self.shadow[key] for key in keys}

    def _manifest(self) -> set[Key]:
        """Everything there is to see, by name: for a phone that lost its marks."""
        told: set[Key] = set()
        query = "sync/manifest?limit=3"
        while True:
            page = self._said(self.member.get(query))
            told |= {(kind, record_id) for kind, record_id, _ in page["records"]}
            if page["cursor"] is None:
                return told
            query = f"sync/manifest?limit=3&cursor={page['cursor']}"

    def heed(self, refused: Refused) -> None:
        """Do what docs/sync.md says about a refusal."""
        if refused.code == "epoch_changed":  # offer again all that the server may have lost
            waiting = {op["op_id"] for op in self.outbox}
            again = [op for op in self.kept if op["op_id"] not in waiting]
            self.outbox, self.kept, self.epoch = again + self.outbox, [], None
        elif refused.code in UNDERWAY:  # no member any more: what waits may still be shown
            self.shadow = {}
        elif refused.code not in ("cursor_expired", "bad_cursor"):
            raise refused
        self.cursor = self.marks = None
        self.told = {}

    @staticmethod
    def _said(answer: Any) -> dict[str, Any]:
        if answer.status_code != 200:
            raise Refused(answer.json)
        said: dict[str, Any] = answer.json
        return said


def _confirmed(told: dict[str, Any]) -> dict[str, Any]:
    return {name: told[name] for name in ("version", "data", "audience")}
