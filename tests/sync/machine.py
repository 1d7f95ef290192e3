"""A machine of phones, members and mishaps: whatever happens, five claims hold in the end."""

from __future__ import annotations

import copy
import datetime as dt
import random
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from api.core import write
from api.jobs.tombstones import expire_tombstones
from tests.fixtures.networks import build_network, make_town
from tests.sync import claims
from tests.sync.phone import Phone

if TYPE_CHECKING:
    from flask import Flask

    from tests.fixtures.networks import Member, Network, Town

WHO = st.integers(0, 5)
ANY = st.integers(0, 10_000)
TEXT = st.sampled_from(["A hall", "Tea", "A ride", "Tools", ""])
FIELDS = ("purpose", "channel", "known_before")
EDIT = st.tuples(WHO, ANY, st.sampled_from(FIELDS), ANY)  # who, which record, field, value
PERSON = {"alias": "A", "notice": "not_given", "basis": "consent", "age_band": "adult"}
WORDS: dict[str, list[Any]] = {
    "purpose": ["A hall", "Tea", "A ride", None],
    "channel": ["phone", "in_person", "online", None],
    "known_before": ["yes", "no", "unknown"],
    "alias": ["A", "B", "C"],
}
MOST_NEW = 8  # records a story; so that people meet on the same ones


class Breakdown(Exception):  # noqa: N818
    """The server's end in the middle of a push."""


class Story(RuleBasedStateMachine):
    """Two networks; in the first a connector with two phones, a colleague and a coordinator."""

    app: Flask  # set by whoever runs it

    @initialize(seed=st.integers(0, 2**32 - 1))
    def begin(self, seed: int) -> None:
        """Make the networks; one connector carries a phone in each."""
        self.random = random.Random(seed)
        self.network, self.other = build_network(self.app), build_network(self.app)
        self.towns = {each.id: make_town(each) for each in (self.network, self.other)}
        here, there = self.network, self.other
        members = (
            *(here.connector, here.connector, here.colleague, here.coordinator),
            *(there.connector, there.coordinator),
        )
        self.phones = [Phone(member, new_id=self._new_id) for member in members]
        self.made: dict[str, tuple[UUID, dict[str, Any]]] = {}
        self.born: list[tuple[str, str]] = []
        self.late: list[tuple[Member, str, list[dict[str, Any]]]] = []
        self.backups: dict[int, Phone] = {}
        self.cursors: dict[int, list[str]] = {}
        self.sent: set[str] = set()
        self.is_away, self.saved = False, None
        for who in (0, 4, 0):  # something for all to meet on
            self.log(who, private=False, is_person=1, text="")
        for phone in (*self.phones, *self.phones):
            self._push(phone)
            self._pull(phone)

    def _new_id(self) -> str:
        return str(UUID(int=self.random.getrandbits(128), version=4))

    # --- people log ------------------------------------------------------------------------------

    @precondition(lambda self: len(self.born) < MOST_NEW)
    @rule(who=WHO, private=st.booleans(), is_person=st.integers(0, 4), text=TEXT)
    def log(self, who: int, private: bool, is_person: int, text: str) -> None:
        """Somebody logs an introduction, or a person in their notebook."""
        phone = self.phones[who]
        more: dict[str, Any] = {"client_time": self._somewhen()}
        if is_person:
            kind, data = "introductions", self._town(phone).introduction(purpose=text or None)
            data |= {"channel": None, "known_before": "no"}
            more["audience"] = phone.member.notebook if private else "network"
        else:
            kind, data = "people", PERSON | {"alias": text or "B"}
            more["audience"] = phone.member.notebook
        self.born.append((kind, phone.put(kind, data, **more)))
        self._note(phone)

    @rule(edits=st.lists(EDIT, min_size=1, max_size=6))
    def edit(self, edits: list[tuple[int, int, str, int]]) -> None:
        """People change one field each of records they see, none knowing of the others."""
        for who, which, field, value in edits:
            phone = self.phones[who]
            if found := self._pick(phone, which):
                kind, record_id, data = found
                name = "alias" if kind == "people" else field
                words = WORDS[name]
                changed = data | {name: words[value % len(words)]}
                phone.put(kind, changed, record_id, client_time=self._somewhen())
                self._note(phone)

    @rule(edits=st.lists(EDIT, min_size=2, max_size=6), online=st.permutations(range(6)))
    def meet(self, edits: list[tuple[int, int, str, int]], online: list[int]) -> None:
        """People change things offline and then come online, one after the other."""
        self.edit(edits)
        for who in online:
            self.sync(who)

    @rule(who=WHO, which=ANY)
    def remove(self, who: int, which: int) -> None:
        """Somebody removes a record they see."""
        phone = self.phones[who]
        if found := self._pick(phone, which):
            phone.remove(*found[:2])
            self._note(phone)

    @rule(who=WHO, which=ANY, private=st.booleans())
    def move(self, who: int, which: int, private: bool) -> None:
        """Somebody takes a record into their notebook, or out of it."""
        phone = self.phones[who]
        if (found := self._pick(phone, which)) and found[0] != "people":
            kind, record_id, data = found
            audience = phone.member.notebook if private else "network"
            phone.put(kind, data, record_id, audience=audience)
            self._note(phone)

    @rule(who=WHO, foreign=st.booleans())
    def blunder(self, who: int, foreign: bool) -> None:
        """Somebody sends what cannot be stored: a foreign audience, or nobody introduced."""
        phone = self.phones[who]
        values = self._town(phone).introduction() if foreign else {"parties": []}
        stranger = self.phones[(who + 2) % 4].member.notebook
        phone.put("introductions", values, audience=stranger if foreign else "network")
        self._note(phone)

    # --- phones go online ------------------------------------------------------------------------

    @rule(who=WHO)
    def sync(self, who: int) -> None:
        """All goes well."""
        self._push(self.phones[who])
        self._pull(self.phones[who])

    @rule(who=WHO, limit=st.integers(1, 4), saved=st.booleans())
    def pull_a_page(self, who: int, limit: int, saved: bool) -> None:
        """A phone gets one page; without `saved` it dies before it keeps the cursor."""
        phone, cursor = self.phones[who], self.phones[who].cursor
        if self._may_sync(phone):
            self._keep_cursor(who)
            page = phone.ask(limit)
            claims.require_no_leak(phone, page, self.network, self.other)
            phone.take(page)
            if not saved and cursor:
                phone.cursor = cursor

    @rule(who=WHO)
    def answer_lost(self, who: int) -> None:
        """The server did it and the phone never hears."""
        self._push(self.phones[who], learns=False)

    @rule(who=WHO)
    def answer_lost_then_someone_else(self, who: int) -> None:
        """In between another phone changes the same record, and the first pulls before it asks."""
        phone = self.phones[who]
        self._push(phone, learns=False)
        for other in self.phones[:4]:
            if other is not phone and phone.outbox and self._may_sync(other):
                self._pull(other)
                kind, record_id = phone.outbox[-1]["kind"], phone.outbox[-1]["id"]
                if (seen := other.seen(kind, record_id)) and kind == "introductions":
                    other.put(kind, seen | {"purpose": "Seen elsewhere"}, record_id)
                    self._note(other)
                    self._push(other)
        self._pull(phone)

    @rule(who=WHO, times=st.integers(2, 3))
    def sent_in_parallel(self, who: int, times: int) -> None:
        """An impatient network sends the same request several times at once."""
        phone = self.phones[who]
        if phone.outbox and self._may_sync(phone):
            ops = list(phone.outbox)
            self.sent |= {op["op_id"] for op in ops}
            with ThreadPoolExecutor(times) as pool:
                sent = [
                    pool.submit(phone.member.push, *ops, client_id=phone.client_id)
                    for _ in range(times)
                ]
            phone.learn(ops, sent[0].result())

    @rule(who=WHO, learns=st.booleans())
    def sent_late_as_well(self, who: int, learns: bool) -> None:
        """A copy of the request lies in a queue somewhere for a long time."""
        phone = self.phones[who]
        if phone.outbox:
            self.late.append((phone.member, phone.client_id, copy.deepcopy(phone.outbox)))
            if learns:
                self._push(phone)

    @precondition(lambda self: self.late)
    @rule(which=ANY)
    def late_copy_arrives(self, which: int) -> None:
        """And then it arrives, when nobody waits for it."""
        self._deliver(self.late.pop(which % len(self.late)))

    @rule(who=WHO, cut=ANY)
    def sent_in_pieces_out_of_order(self, who: int, cut: int) -> None:
        """The later half of an outbox overtakes the earlier one."""
        phone = self.phones[who]
        if len(phone.outbox) > 1 and self._may_sync(phone):
            at = 1 + cut % (len(phone.outbox) - 1)
            for ops in (phone.outbox[at:], phone.outbox[:at]):
                self.sent |= {op["op_id"] for op in ops}
                phone.learn(list(ops), phone.member.push(*ops, client_id=phone.client_id))

    @rule(who=WHO, point=st.sampled_from(["_read_world", "_write_world"]))
    def server_breaks(self, who: int, point: str) -> None:
        """The server dies in the middle of a push, before anything is committed."""
        phone = self.phones[who]
        if phone.outbox and self._may_sync(phone):
            before = claims.versions_of(self._network(phone))
            with claims.breaking(write, point, Breakdown):
                answer = phone.member.post(
                    "sync/push", {"client_id": phone.client_id, "ops": phone.outbox}
                )
            assert answer.status_code == 500
            assert claims.versions_of(self._network(phone)) == before

    @rule(who=WHO, which=ANY)
    def cursor_goes_back(self, who: int, which: int) -> None:
        """A phone comes with a cursor it had before."""
        kept = self.cursors.get(who)
        if kept:
            self.phones[who].cursor = kept[which % len(kept)]

    @rule(who=WHO)
    def phone_is_saved(self, who: int) -> None:
        """A copy of the whole phone is made."""
        phone = self.phones[who]
        saved = copy.copy(phone)
        for name in ("shadow", "outbox", "attention", "answered", "marked"):
            setattr(saved, name, copy.deepcopy(getattr(phone, name)))
        self.backups[who] = saved

    @precondition(lambda self: self.backups)
    @rule(which=ANY)
    def phone_is_restored(self, which: int) -> None:
        """And comes back later; what was only on the lost phone is gone."""
        who = sorted(self.backups)[which % len(self.backups)]
        lost = {op["op_id"] for op in self.phones[who].outbox} - self.sent
        copies = {op["op_id"] for _, _, ops in self.late for op in ops}
        self.phones[who] = self.backups.pop(who)
        kept = {op["op_id"] for op in self.phones[who].outbox}
        for op_id in lost - copies - kept:
            del self.made[op_id]

    # --- the network changes ---------------------------------------------------------------------

    @rule(role=st.sampled_from(["funder", "connector", "coordinator"]))
    def role_changes(self, role: str) -> None:
        """The colleague is given another role."""
        member = self.network.colleague
        answer = self.network.admin.patch(f"members/{member.member_id}", {"role": role})
        assert answer.status_code == (404 if self.is_away else 200), answer.text

    @rule()
    def short_visit(self) -> None:
        """A right is given, used for a push, and taken again before the first pull."""
        phone = self.phones[2]
        for role in ("connector", "funder"):
            self.role_changes(role)
            self._push(phone)

    @rule(days=st.sampled_from([1, 399, 401]))
    def time_passes(self, days: int) -> None:
        """The nightly job runs some days from now."""
        now = dt.datetime.now(dt.UTC) + dt.timedelta(days)
        if days < 400:
            expire_tombstones(self.network.database, now)
        else:
            claims.expire_tombstones_alone(self.network, now)

    @rule()
    def colleague_leaves_or_returns(self) -> None:
        """The colleague's membership ends, or begins again."""
        member = self.network.colleague
        if not self.is_away:
            gone = self.network.admin.delete(f"members/{member.member_id}")
            assert gone.status_code == 204, gone.text
        else:
            claims.bring_back(self.network, member)
        self.is_away = not self.is_away

    @rule()
    def server_is_saved(self) -> None:
        """The database is backed up; members are as they were then when it comes back."""
        self.saved = claims.save_server(self.app), self.is_away

    @precondition(lambda self: self.saved)
    @rule()
    def server_is_restored(self) -> None:
        """The database comes back from its backup; what no phone holds any more is gone."""
        saved, self.is_away = self.saved
        claims.restore_server(self.app, saved)
        self.saved = None
        held = {
            op["op_id"]
            for ops in (
                *(ops for phone in self.phones for ops in (phone.outbox, phone.answered)),
                *(ops for phone in self.backups.values() for ops in (phone.outbox, phone.answered)),
                *(ops for _, _, ops in self.late),
            )
            for op in ops
        }
        known = claims.operations_of(self.network) | claims.operations_of(self.other)
        self.made = {op_id: op for op_id, op in self.made.items() if op_id in held | known}

    # --- the end ---------------------------------------------------------------------------------

    def teardown(self) -> None:
        """Everything late arrives, every phone syncs until it is quiet; then the claims."""
        if not hasattr(self, "phones"):
            return
        if self.is_away:
            self.colleague_leaves_or_returns()
        for each in self.late:
            self._deliver(each)
        for _ in range(3):
            for phone in self.phones:
                if self._may_sync(phone):
                    self._push(phone)
                    self._pull(phone)
        claims.require_all(self)

    def _push(self, phone: Phone, *, learns: bool = True) -> None:
        if phone.outbox and self._may_sync(phone):
            self.sent |= {op["op_id"] for op in phone.outbox}
            phone.push(answer_is_lost=not learns)

    def _pull(self, phone: Phone) -> None:
        if self._may_sync(phone):
            for _ in range(200):
                self._keep_cursor(self.phones.index(phone))
                page = phone.ask(3)
                claims.require_no_leak(phone, page, self.network, self.other)
                if not phone.take(page):
                    return
            raise AssertionError("a pull does not end")

    def _deliver(self, late: tuple[Member, str, list[dict[str, Any]]]) -> None:
        member, client_id, ops = late
        body = {"client_id": client_id, "ops": ops}
        answer = member.post("sync/push", body)
        is_away = self.is_away and member is self.network.colleague
        assert answer.status_code == (403 if is_away else 200), answer.text
        self.sent |= set() if is_away else {op["op_id"] for op in ops}

    def _keep_cursor(self, who: int) -> None:
        if self.phones[who].cursor:
            self.cursors.setdefault(who, []).append(self.phones[who].cursor)

    def _may_sync(self, phone: Phone) -> bool:
        return not (self.is_away and phone.member is self.network.colleague)

    def _note(self, phone: Phone) -> None:
        op = phone.outbox[-1]
        self.made[op["op_id"]] = (phone.member.network_id, op)

    def _pick(self, phone: Phone, which: int) -> tuple[str, str, dict[str, Any]] | None:
        """Any record of this story that the phone sees, with its data there."""
        born = [key for key in self.born if phone.seen(*key)]
        if not born:
            return None
        kind, record_id = born[which % len(born)]
        data = phone.seen(kind, record_id)
        return (kind, record_id, data) if data else None

    def _somewhen(self) -> str:
        """What a phone's clock says: up to a year from now, either way."""
        days = self.random.choice([-365, 0, 365])
        return (dt.datetime.now(dt.UTC) + dt.timedelta(days)).isoformat()

    def _town(self, phone: Phone) -> Town:
        return self.towns[phone.member.network_id]

    def _network(self, phone: Phone) -> Network:
        return self.network if phone.member.network_id == self.network.id else self.other
