"""Claims: what must hold once all is quiet, checked against the database itself."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid5

from .reasons import refused_for_a_reason
from .world import ENDED, STORES, Made, Place, World

if TYPE_CHECKING:
    import datetime as dt

    from tests.fixtures.networks import Member
    from tests.sync.phone import Phone

STORED = ("applied", "merged", "superseded")
NAMED = 50  # of an operation's ancestors, the newest that count


def check(world: World) -> None:
    """Hold the world to all seven claims; paging has ended, or it would not be quiet."""
    for place in world.places:
        found = Found.read(world, place)
        for op_id, made in found.due.items():
            try:
                never_is_the_same_another(found, op_id)
                nothing_is_lost(found, op_id, made)
                no_silent_overwrite(found, op_id, made)
                refused_for_a_reason(found, op_id, made)
            except AssertionError as broken:
                broken.add_note(found.about(made))
                raise
        nothing_is_there_twice(found)
        phones = [(i, p) for i, p in enumerate(world.phones) if world.place(i) is place]
        for i, phone in phones:
            phones_agree(found, world.owner(i), phone)
        nothing_leaked(found)


@dataclass
class Found:
    """What a network's tables hold, and what is to be there."""

    world: World
    place: Place
    ledger: dict[str, Any]  # of each operation, the first verdict
    history: dict[str, Any]
    truth: dict[tuple[str, str], dict[str, Any]]
    due: dict[str, Made]  # operations that the server must have heard of
    ledgers: list[dict[str, Any]]  # as time passed, some verdicts were forgotten and given again
    lines: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)

    @classmethod
    def read(cls, world: World, place: Place) -> Found:
        store = world.store
        away = [p for i, p in enumerate(world.phones) if world.role(i) == ENDED]
        waiting = {op["op_id"] for p in away for op in (*p.outbox, *p.kept)}
        mine = {k: made for k, made in world.ops.items() if made.place is place}
        due = {k: m for k, m in mine.items() if k not in world.unsure | waiting}
        ledgers = [*place.forgotten, store.ledger(place)]
        first = {k: entry for ledger in reversed(ledgers) for k, entry in ledger.items()}
        return cls(world, place, first, store.history(place), store.truth(place), due, ledgers)

    @cached_property
    def states(self) -> dict[str, dict[str, Any]]:
        """The history of each record, in order."""
        found: dict[str, dict[str, Any]] = defaultdict(dict)
        for version, state in sorted(self.history.items(), key=lambda item: item[1].revision):
            found[str(state.record_id)][version] = state
        return found

    @cached_property
    def beside(self) -> set[str]:
        """What was sent and merged: states that are kept beside the line of their record."""
        return {k for k in self.history if str(uuid5(UUID(k), "merge")) in self.history}

    @cached_property
    def decided(self) -> dict[str, dt.datetime]:
        """When each state was made: at the first verdict that names it."""
        found: dict[str, dt.datetime] = {}
        for entry in (entry for ledger in self.ledgers for entry in ledger.values()):
            version, at = str(entry.version), entry.decided_at
            found[version] = min(at, found.get(version, at))
        return found

    @cached_property
    def pushes(self) -> dict[str, list[list[str]]]:
        """Of each operation, the pushes it was in."""
        found: dict[str, list[list[str]]] = defaultdict(list)
        for i, line in enumerate(self.world.lines):
            for push in line.sent if self.world.place(i) is self.place else ():
                for op_id in push:
                    found[op_id].append(push)
        return found

    @cached_property
    def begun_by(self) -> dict[str, UUID]:
        """Whose each record is by now."""
        return self.world.store.begun_by(self.place)

    def there(self, made: Made) -> list[Any]:
        """The states that a record may have been in when an operation was judged; None for none.

        The operations of one push bear one time: what another of them made may have been there.
        """
        at = self.ledger[made.op["op_id"]].decided_at
        found: list[Any] = [None]
        for version, state in self.states[made.op["id"]].items():
            when = self.decided.get(version, state.recorded_at)
            if version in self.beside or when > at:
                continue
            found = [*found, state] if when == at else [state]
        return found

    def known(self, op_id: str | None, made: Made) -> Any:
        """The verdict there was on an operation when another was judged."""
        ledger = next(each for each in self.ledgers if made.op["op_id"] in each)
        entry = ledger.get(op_id or "")
        return entry if entry and entry.decided_at <= ledger[made.op["op_id"]].decided_at else None

    def own(self, op_id: str | None, made: Made) -> Any:
        """The same, where one author made both: others' verdicts tell nothing of what one saw."""
        entry = self.known(op_id, made)
        author_id = self.ledger[made.op["op_id"]].author_id
        return entry if entry and entry.author_id == author_id else None

    def bases_of(self, made: Made) -> list[str | None]:
        """What an operation builds on, by the verdicts of before it.

        First what its author had before them, however their phone named it; then its base, then its
        ancestors. Of one that was superseded nothing is in the history: others are to be looked at.
        """

        def found(op_id: str | None) -> str | None:
            """Of one that said nothing new, what was there."""
            entry = self.own(op_id, made)
            return str(entry.version) if entry and entry.status == "applied" else op_id

        base = made.op["base_version"]
        while self.was_refused(base, made):  # then it is what that built on
            base = self.world.ops[base].op["base_version"]
        ancestors = reversed(made.op["ancestors"][-NAMED:])
        return [found(made.saw), found(base), *(found(op_id) for op_id in ancestors)]

    def kept_to_oneself(self, made: Made) -> str | None:
        """The notebook for which its author wrote something without saying so again.

        They had said so of what they built on, and that was refused; or another's, which none may.
        """
        if made.op.get("audience") or made.op["action"] == "delete":
            return None
        before = self.world.ops.get(made.saw or "")
        if not before or before.place is not self.place or not self.was_refused(made.saw, made):
            return None
        said = before.op.get("audience") or self.kept_to_oneself(before)
        return None if said in (None, "network") else self.world.owner(before.phone).notebook

    def was_refused(self, op_id: str | None, made: Made) -> bool:
        """Whether that was known when another operation of the same author was judged."""
        entry = self.own(op_id, made)
        return bool(entry and entry.status not in STORED)

    def had_come(self, op_id: str, made: Made, state: Any) -> bool:
        """Whether a verdict or a state of it was there when another was judged.

        The operations of one push bear one time, and may be offered again in another order.
        """
        before, entry, mine = self.history.get(op_id), self.known(op_id, made), made.op["op_id"]
        if entry and entry.decided_at == self.ledger[mine].decided_at:
            both = [push for push in self.pushes[mine] if op_id in push]
            return all(push.index(op_id) < push.index(mine) for push in both)
        return bool(entry or (before and before.revision < state.revision))

    def base_of(self, made: Made, line: dict[str, Any]) -> Any:
        """The state of a line that a merge is from: what its author saw, if that is there.

        Else the newest of its ancestors, or its base if that came later.
        """
        saw, base, *own = (line.get(version or "") for version in self.bases_of(made))
        last = next((state for state in own if state), None)
        seen = (state for state in (last, base) if state)
        return saw or max(seen, key=lambda state: state.revision, default=None)

    def about(self, made: Made) -> str:
        """All that is known of an operation's record: what was done to it, and what came of it."""
        op_id, record_id = made.op["op_id"], made.op["id"]
        of_it = {k: other for k, other in self.world.ops.items() if other.op["id"] == record_id}
        states = [s for s in self.history.values() if str(s.record_id) == record_id]
        bases = self.bases_of(made) if op_id in self.ledger else "nobody knows what"
        return "\n".join(
            (
                f"operation {op_id}, on top of {bases}",
                *(f"made: {other.phone} {other.op}" for other in of_it.values()),
                *(f"decided: {known[k]}" for known in self.ledgers for k in of_it if k in known),
                *(f"state: {state}" for state in sorted(states, key=lambda s: s.revision)),
            )
        )

    def line(self, key: tuple[str, str]) -> dict[str, Any]:
        """The states that led to the present one, by version."""
        if key not in self.lines:
            self.lines[key] = {}
            version = self.truth[key]["version"] if key in self.truth else None
            while version:
                state = self.lines[key][version] = self.history[version]
                version = state.base and str(state.base)
        return self.lines[key]


def nothing_is_lost(found: Found, op_id: str, made: Made) -> None:
    """(1) Every operation has a verdict; stored, its data is in the history, else it is kept."""
    assert op_id in found.ledger, "no verdict on what somebody did"
    entry, op = found.ledger[op_id], made.op
    if entry.status in STORED and entry.status != "superseded":
        kept = found.history.get(op_id)
        if entry.status == "applied" and str(entry.version) != op_id:  # it said nothing new
            kept = found.history.get(str(entry.version))
            assert kept or (op["action"] == "delete" and entry.version is None)
        else:
            assert kept, "applied, and its state is nowhere"
        if kept:
            assert kept.data == op["data"], "what is stored is not what was sent"
            own = found.kept_to_oneself(made)
            is_new = entry.status == "applied" and str(entry.version) == op_id
            assert not own or not is_new or kept.audience == own, "words for a notebook got out"
            assert entry.status == "merged" or kept.audience == op.get("audience", kept.audience)
        return
    assert op["data"] == (entry.payload and json.loads(entry.payload)), "a refusal's words are lost"


def never_is_the_same_another(found: Found, op_id: str) -> None:
    """What comes again after its verdict was forgotten is not taken for something else."""
    verdicts = [ledger[op_id] for ledger in found.ledgers if op_id in ledger]
    codes = {entry.error["code"] for entry in verdicts if entry.error}
    assert "op_id_reused" not in codes, "its own id was held against it"


def nothing_is_there_twice(found: Found) -> None:
    """(2) One state per operation, one revision per state, no record that nobody made."""
    place, world = found.place, found.world
    mine = {k for k, made in world.ops.items() if made.place is place}
    merges = {str(uuid5(UUID(k), "merge")): k for k in mine}
    since = {k: s for k, s in found.history.items() if s.revision > place.began}
    assert set(since) <= mine | set(merges) | set(place.handed), "a state that nobody made"
    aside = {merges[k] for k in since if k in merges}
    taken = [s.revision for k, s in since.items() if k not in aside]
    assert len(taken) == len(set(taken)), "a revision was taken twice"
    assert not place.moved & set(taken)
    every = range(place.began + 1, world.store.revision(place) + 1)
    assert set(taken) | place.moved == set(every), "a revision that nothing took"
    by_record: dict[str, set[str]] = {}
    for version, state in since.items():
        by_record.setdefault(str(state.record_id), set()).add(version)
    records = {key for key in found.truth if key[1] not in place.town_ids}
    assert records <= set(place.ids)
    for key in records:
        told = set(found.line(key))
        states = by_record[key[1]]
        assert states == told | (aside & states), "a state beside the line"
    _groups_stand_or_fall(found)


def _groups_stand_or_fall(found: Found) -> None:
    pairs = [(a, b) for a, b in zip(list(found.due), list(found.due)[1:], strict=False)
             if "group" in found.due[a].op and "group" in found.due[b].op]  # fmt: skip
    for pair in pairs:
        verdicts = [found.ledger[op_id] for op_id in pair]
        if len({entry.decided_at for entry in verdicts}) == 1:  # sent in one push
            assert len({entry.status in STORED for entry in verdicts}) == 1, "half a group counted"


def no_silent_overwrite(found: Found, op_id: str, made: Made) -> None:
    """(3) Every stored operation leads to the present state, from what its author had seen."""
    entry = found.ledger[op_id]
    if entry.status not in STORED or str(entry.version) == "None":
        return
    key = made.op["kind"], made.op["id"]
    line = found.line(key)
    if entry.status == "superseded":
        known = {str(v) for state in line.values() for v in (*state.ancestors, state.version)}
        known |= {k for k in found.history if str(uuid5(UUID(k), "merge")) in line}
        assert op_id in known, "superseded by nothing"
        return
    assert str(entry.version) in line, "a stored state no longer leads to the present one"
    state = line[str(entry.version)]
    if entry.status == "applied" and str(entry.version) == op_id:
        seen = (state.base and str(state.base)) in found.bases_of(made)
        assert seen or _overtakes(found, made, state), "written over a state nobody had seen"
    elif entry.status == "merged":
        _is_merged(found, made, state)


def _overtakes(found: Found, made: Made, state: Any) -> bool:
    """It says nothing new, and is there for what comes late to be superseded by."""
    before = found.history.get(str(state.base))
    if not before or (before.data, before.audience) != (state.data, state.audience):
        return False
    named = {made.op["base_version"], *made.op["ancestors"]} - {None}
    missing = [op_id for op_id in named if not found.had_come(op_id, made, state)]
    return bool(missing) and made.op["op_id"] not in {str(v) for v in before.ancestors}


def _is_merged(found: Found, made: Made, state: Any) -> None:
    """Field by field: what was changed is as it was sent, all else as it stood, and no clash."""
    earlier = {k: s for k, s in found.states[made.op["id"]].items() if s.revision < state.revision}
    base = found.base_of(made, earlier)
    assert base, "merged from nothing"
    there = found.history[str(state.base)]
    for name, sent in made.op["data"].items():
        changed = sent != base.data[name]
        assert not changed or there.data[name] in (base.data[name], sent), "a clash was merged"
        due = sent if changed else there.data[name]
        assert state.data[name] == due, "a merge made something up"
    meant = made.op.get("audience") or found.kept_to_oneself(made) or base.audience
    due = there.audience if meant == base.audience else meant
    assert state.audience == due, "a merge moved what nobody moved"


def phones_agree(found: Found, member: Member, phone: Phone) -> None:
    """(4) A phone holds what its owner may see, as the server has it, and nothing else."""
    scope = found.place.scope(member)
    due = {key: seen for key, seen in found.truth.items()
           if seen["audience"] in scope and seen["data"] is not None}  # fmt: skip
    assert set(phone.shadow) - set(due) == set(), "a phone holds what it should not"
    lacks = set(due) - set(phone.shadow)
    assert not lacks, f"a phone lacks a record: {lacks} {member.member_id}"
    assert phone.shadow == due, "a phone holds another state"
    assert not phone.outbox or found.place.roles[member.member_id] == ENDED


def nothing_leaked(found: Found) -> None:
    """(5) Nobody ever heard a word that was at no time meant for them."""
    found.world.note_meant(found.place)
    meant = found.place.meant
    members = {found.world.owner(i).member_id: found.world.owner(i) for i in range(len(STORES))
               if found.world.place(i) is found.place}  # fmt: skip
    for member_id, member in members.items():
        for mark in found.world.heard.get(member_id, ()):
            if found.world.writers[mark] != member_id:
                assert meant.get(mark, set()) & {"network", member.notebook}, "words leaked"
