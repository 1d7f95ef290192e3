"""World: two networks with members in common, their phones, and all that was said and heard."""

from __future__ import annotations

import datetime as dt
import json
from copy import deepcopy
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from api.accounts.commands import add_member, create_network, issue_token
from api.jobs.tombstones import _expire
from api.sync.protocol import TOMBSTONE_DAYS
from tests.fixtures.networks import Member, Network, Town, make_town
from tests.sync.phone import BOOKS, Phone, Refused

from .line import FAULTS, Line, Lost
from .records import MARK, fresh, is_sound
from .store import Store

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from api.core.db import Database

    from .records import Pick

PEOPLE = {  # who is what in the first network and in the second
    "ben": ("connector", None),
    "cora": ("coordinator", "connector"),
    "dana": ("coordinator", "coordinator"),
}
STORES = (("ben", 0), ("ben", 0), ("cora", 0), ("dana", 0), ("cora", 1), ("dana", 1))
START = ((0, "introductions"), (0, "listings"), (0, "meetings"), (2, "listings"), (4, "meetings"))
HABITS = (False, True, True, True, False, False)  # whether a phone says again who sees a record
ENDED = "ended"


@dataclass
class Made:
    """An operation that somebody made, and on which phone."""

    op: dict[str, Any]
    place: Place
    phone: int
    is_valid: bool
    saw: str | None  # the state, or the own operation before, that its author had before them


@dataclass
class Place:
    """A network with what the model knows of it."""

    network: Network
    town: Town
    emails: dict[UUID, str]
    town_ids: set[str]
    began: int  # the revision at which the phones' time began
    roles: dict[UUID, str] = field(default_factory=dict)
    ids: list[tuple[str, str]] = field(default_factory=list)  # records made on phones
    moved: set[int] = field(default_factory=set)  # revisions that memberships took
    was: list[tuple[dt.datetime, dict[UUID, str]]] = field(default_factory=list)  # roles, from when
    # Of the states by which records passed to somebody else, who gave and who received them.
    handed: dict[str, tuple[UUID, UUID]] = field(default_factory=dict)
    forgotten: list[dict[str, Any]] = field(default_factory=list)  # verdicts, each time time passed
    told: dict[str, set[Any]] = field(default_factory=dict)  # per operation, every verdict heard
    meant: dict[str, set[str]] = field(default_factory=dict)  # per mark, audiences it was in
    backup: Any = None

    def scope(self, member: Member) -> list[str]:
        """The audiences that a member may see at this moment."""
        is_in = self.roles[member.member_id] not in (ENDED, "funder")
        return ["network", member.notebook] if is_in else []

    def note_roles(self) -> None:
        """Note who is what from now on."""
        self.was.append((dt.datetime.now(dt.UTC), dict(self.roles)))

    def role_at(self, member: Member, when: dt.datetime) -> str:
        """What somebody was when the server decided something: never while a role changes."""
        return next(roles for since, roles in reversed(self.was) if since <= when)[member.member_id]


class World:
    """What there is at the start of an example, and what can be done in it."""

    most_records = 7  # of one network, so that people meet on the same ones
    faults = ("", *FAULTS)  # of a push
    page, most_pages = 7, 60  # in the end everything is pulled in so many, or never

    def __init__(
        self, app: Any, store: Store, speak: Callable[[Member], Any] = lambda m: m
    ) -> None:
        """`speak` turns a member into what speaks for them: by default, inside this process."""
        self.store = store
        self.story: list[str] = []
        self.ops: dict[str, Made] = {}
        self.heard: dict[UUID, set[str]] = {}
        self.writers: dict[str, UUID] = {}  # of each mark
        self.marks = 0
        self.database: Database = app.extensions["database"]
        self.places = _build(app)
        self.lines = [Line(speak(self.member(*who)), self.hear) for who in STORES]
        self.phones = [
            Phone(line, books=BOOKS[i % len(BOOKS)], repeats_audience=HABITS[i])
            for i, line in enumerate(self.lines)
        ]
        self.mine = list(range(len(self.phones)))  # the phones that this process moves
        self.clocks = [dt.timedelta()] * len(self.phones)
        self.cursors: list[list[Any]] = [[] for _ in self.phones]
        self.backups: list[Phone | None] = [None] * len(self.phones)
        self.unsure: set[str] = set()  # operations that were lost with a phone, or with a server

    def begin(self) -> None:
        """Have something there for all to meet on."""
        for phone, kind in START:
            self.log(phone, kind, "network")
            self.phones[phone].push()
        for found in self.phones:
            found.pull()

    def member(self, name: str, place: int) -> Member:
        return self.places[place].network.members[name]

    def place(self, phone: int) -> Place:
        return self.places[STORES[phone][1]]

    def role(self, phone: int) -> str:
        return self.place(phone).roles[self.owner(phone).member_id]

    def choose(self, pick: Pick) -> int:
        """One of the phones."""
        return self.mine[pick(len(self.mine))]

    def owner(self, phone: int) -> Member:
        return self.member(*STORES[phone])

    def tell(self, phone: int, said: str) -> None:
        self.story.append(f"{phone} ({STORES[phone][0]} in {STORES[phone][1]}): {said}")

    # --- what is heard ---------------------------------------------------------------------------

    def hear(self, member: Member, path: str, sent: Any, answer: Any) -> None:
        """Hold every answer to what may be said to this member at this moment."""
        if answer.status_code != 200:
            return
        place = next(p for p in self.places if p.network.id == member.network_id)
        other = next(p for p in self.places if p is not place)
        text = answer.get_data(as_text=True)
        assert str(other.network.id) not in text, "another network's name was told"
        self.heard.setdefault(member.member_id, set()).update(MARK.findall(text))
        said = json.loads(text)
        assert said["subject"] == f"{member.network_id}:{member.member_id}"
        if sent is not None:
            self._hear_results(place, member, sent, said)
        elif "changes" in said:
            self._hear_page(place, member, said)

    def _hear_results(self, place: Place, member: Member, sent: Any, said: Any) -> None:
        scope = place.scope(member)
        assert [op["op_id"] for op in sent["ops"]] == [r["op_id"] for r in said["results"]]
        for result in said["results"]:
            seen = place.told.setdefault(result["op_id"], set())
            seen.add((result["status"], result.get("version")))
            assert len(seen) == 1, f"two verdicts on one operation: {seen}"
            current = result.get("current")
            assert not current or current["audience"] in scope, "told what is out of scope"

    def _hear_page(self, place: Place, member: Member, said: Any) -> None:
        scope = place.scope(member)
        assert said["scope"] == scope
        ids = {record_id for _, record_id in place.ids} | place.town_ids
        for change in said["changes"]:
            assert change["id"] in ids, "a record that nobody made here"
            assert change["op"] != "upsert" or change["audience"] in scope, "a leak"

    def note(self, phone: int, op: dict[str, Any]) -> None:
        """Note an operation that somebody made without a phone, and that counts."""
        said = {"ancestors": [], "client_time": None} | op
        is_valid = is_sound(op["data"])
        self.ops[op["op_id"]] = Made(said, self.place(phone), phone, is_valid, op["base_version"])

    def is_full(self, phone: int) -> bool:
        """Whether there are as many records as people shall meet on."""
        return len(self.place(phone).ids) >= self.most_records

    # --- what happens ----------------------------------------------------------------------------

    def mark(self, phone: int) -> str:
        """A text that is nowhere else."""
        self.marks += 1
        made = f"mark-{self.marks}-"
        self.writers[made] = self.owner(phone).member_id
        return made

    def made(self, phone: int) -> None:
        """Note the operation that a phone just made, as its clock has it."""
        *others, op = self.phones[phone].outbox
        shown = self.phones[phone].shadow.get((op["kind"], op["id"]), {}).get("version")
        saw = next((o["op_id"] for o in reversed(others) if o["id"] == op["id"]), shown)
        now = dt.datetime(2026, 11, 1, tzinfo=dt.UTC) + self.clocks[phone]
        op["client_time"] = now.isoformat()
        self.ops[op["op_id"]] = Made(op, self.place(phone), phone, is_sound(op["data"]), saw)

    def log(self, phone: int, kind: str, audience: str) -> None:
        """Make a record."""
        place = self.place(phone)
        data = fresh(kind, place.town, self.mark(phone))
        record_id = self.phones[phone].put(kind, data, audience=audience)
        place.ids.append((kind, record_id))
        self.made(phone)

    def attempt(self, phone: int, act: Callable[[], Any]) -> Any:
        """Let a phone try to reach the server, and do what its guide says when that fails."""
        try:
            return act()
        except Lost:
            self.tell(phone, "… and heard nothing")
        except Refused as refused:
            self.tell(phone, f"… and was told {refused.code}")
            self.phones[phone].heed(refused)
            self.cursors[phone].clear()  # they were of a store that begins anew
        return None

    def give_role(self, phone: int, role: str) -> None:
        """Give the owner of a phone another role, or end the membership, or begin it again."""
        place, member = self.place(phone), self.owner(phone)
        if place.roles[member.member_id] == role:
            return
        if role == ENDED:
            answer = place.network.admin.delete(f"members/{member.member_id}")
            assert answer.status_code == 204, answer.text
        else:
            with self.database.transaction() as cx:
                add_member(cx, place.network.id, place.emails[member.member_id], role)
        place.roles[member.member_id] = role
        place.moved.add(place.network.revision)
        place.note_roles()

    def expire(self, place: Place) -> None:
        """Let 400 days pass: removals are no longer told, verdicts forgotten."""
        place.forgotten.append(self.store.ledger(place))
        before = dt.datetime.now(dt.UTC) + dt.timedelta(1)
        assert TOMBSTONE_DAYS == 400
        _expire(self.database, place.network.id, before)
        place.told.clear()

    def back_up(self, place: Place) -> None:
        """Take a backup of a network."""
        kept = (place.roles, place.moved, place.forgotten)
        place.backup = self.store.save(place), deepcopy(kept)

    def restore(self, place: Place) -> None:
        """Bring the backup back: the server has forgotten all since, and says so by its epoch."""
        if place.backup is None:
            return
        saved, kept = place.backup
        self.note_meant(place)
        self.store.restore(place, saved)
        place.roles, place.moved, place.forgotten = deepcopy(kept)
        place.note_roles()
        place.told.clear()
        phones = [p for i, p in enumerate(self.phones) if self.place(i) is place]
        known = {op["op_id"] for phone in phones for op in (*phone.outbox, *phone.kept)}
        self.unsure |= {k for k, made in self.ops.items() if made.place is place} - known

    def note_meant(self, place: Place) -> None:
        """Note for whom each word was at some time, before the server forgets."""
        for state in self.store.history(place).values():
            for mark in MARK.findall(json.dumps(state.data)):
                place.meant.setdefault(mark, set()).add(state.audience)

    def lose_phone(self, phone: int) -> None:
        """Bring a phone's backup back: what was made on it since is gone with it."""
        saved = self.backups[phone]
        if saved is None:
            return
        self.cursors[phone].clear()
        mine = {k for k, made in self.ops.items() if made.phone == phone}
        self.phones[phone] = old = deepcopy(saved, {id(self.lines[phone]): self.lines[phone]})
        self.unsure |= mine - {op["op_id"] for op in (*old.outbox, *old.kept)}

    def settle(self) -> None:
        """Deliver what is under way, then let all phones push and pull until all is quiet."""
        for line in self.lines:
            while line.late:
                line.deliver(0)
        for _ in range(2):
            for i, phone in enumerate(self.phones):
                self._finish(i, phone)

    def _finish(self, i: int, phone: Phone) -> None:
        for _ in range(6):
            try:
                while phone.outbox:
                    phone.push()
                assert phone.pull(self.page, self.most_pages), "paging did not end"
            except Refused as refused:
                phone.heed(refused)
                if self.role(i) == ENDED:
                    return
            else:
                return
        raise AssertionError("the phone never came to rest")


def _build(app: Any) -> list[Place]:
    """Two networks; who belongs to both is one user with one device."""
    database: Database = app.extensions["database"]
    run, places = uuid4().hex[:12], []
    address = {name: f"{name}-{run}@town.example" for name in ("admin", "coordinator", *PEOPLE)}
    with database.transaction() as cx:
        networks = [create_network(cx, "Town", address["admin"]) for _ in range(2)]
        members: list[dict[str, Any]] = [{}, {}]
        for i, network_id in enumerate(networks):
            roles = {n: r[i] for n, r in PEOPLE.items() if r[i]} | {"coordinator": "coordinator"}
            for name, role in ({"admin": "admin"} | roles).items():
                members[i][name] = role, add_member(cx, network_id, address[name], role)
        tokens = {name: issue_token(cx, email) for name, email in address.items()}
    for network_id, found in zip(networks, members, strict=True):
        network = Network(network_id, database)
        for name, (role, member_id) in found.items():
            network.members[name] = Member(app, network_id, member_id, role, tokens[name])
        town = make_town(network)
        emails = {member_id: address[name] for name, (_, member_id) in found.items()}
        ids = {str(row[0]) for row in network.rows("SELECT record_id FROM history")}
        place = Place(network, town, emails, ids, network.revision)
        place.roles = {member_id: role for role, member_id in found.values()}
        place.note_roles()
        places.append(place)
    return places
