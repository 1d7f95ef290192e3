"""Crowd: phones in several processes at once, against one server; what each did is put together."""

from __future__ import annotations

import time
from dataclasses import replace
from random import Random
from typing import TYPE_CHECKING, Any

from tests.sync.crashing import POINTS

from . import moves
from .line import BAD_LUCK, Lost
from .remote import PAUSE
from .world import Made, Place, World

if TYPE_CHECKING:
    from multiprocessing.queues import Queue

    from tests.fixtures.networks import Member

REACHING = [moves.push] * 6 + [moves.sync] * 6 + [moves.pull] * 3
REACHING += [moves.unheard, moves.push_out_of_order, moves.deliver_late]
REACHING += [moves.cursor_goes_back, moves.clock]
WORK = (4, 30, 2, 1)  # how often people log, edit, move, remove
BURST = 40  # operations made between two attempts to reach the server


class Crowd(World):
    """A world that several processes share; each moves its own phones and learns of others'."""

    most_records = 150  # that one phone shows
    page, most_pages = 500, 200
    faults = ("", *BAD_LUCK) * 200 + POINTS  # a server takes a while to come back

    def is_full(self, phone: int) -> bool:
        """What was removed makes room, or nothing would be left before long."""
        return len(self.phones[phone].shows()) >= self.most_records

    def _hear_page(self, place: Place, member: Member, said: Any) -> None:
        known = {record_id for _, record_id in place.ids} | place.town_ids
        for change in said["changes"]:
            if change["op"] == "upsert" and change["id"] not in known:
                place.ids.append((change["kind"], change["id"]))
        scope = place.scope(member)
        assert said["scope"] == scope
        assert all(c["audience"] in scope for c in said["changes"] if c["op"] == "upsert"), "a leak"

    def live(self, mine: list[int], seed: int, target: int, progress: Queue[int]) -> dict[str, Any]:
        """Move these phones until they made so many operations; what came of it."""
        random = Random(seed)
        self.mine, self.marks, told = mine, (1 + seed) * 10_000_000, 0
        while len(self.ops) < target:
            self._work(random)
            for _ in range(3):
                self._reach(random)
            progress.put(len(self.ops) - told)
            told = len(self.ops)
        return {
            "phones": {i: replace(self.phones[i], member=None) for i in mine},
            "lines": {i: (self.lines[i].late, self.lines[i].sent) for i in mine},
            "ops": {k: (m.op, m.phone, m.is_valid, m.saw) for k, m in self.ops.items()},
            "heard": self.heard,
            "writers": self.writers,
            "failures": sum(line.member.failures for line in self.lines),
        }

    def _work(self, random: Random) -> None:
        """People log and edit for a while, offline."""
        for _ in range(BURST):
            act = random.choices((moves.log, moves.edit, moves.move, moves.remove), WORK)[0]
            act(self, random.randrange)

    def _reach(self, random: Random) -> None:
        """Some phone tries to reach the server."""
        self.story.clear()
        try:
            random.choice(REACHING)(self, random.randrange)
        except Lost:
            time.sleep(PAUSE)

    def put_together(self, parts: list[dict[str, Any]]) -> None:
        """Take in what each process did."""
        for part in parts:
            for i, phone in part["phones"].items():
                phone.member = self.lines[i]
                self.phones[i] = phone
                self.lines[i].late, self.lines[i].sent = part["lines"][i]
            for k, (op, phone, is_valid, saw) in part["ops"].items():
                self.ops[k] = Made(op, self.place(phone), phone, is_valid, saw)
            self.writers |= part["writers"]
            for member, marks in part["heard"].items():
                self.heard.setdefault(member, set()).update(marks)
        for made in self.ops.values():
            key = made.op["kind"], made.op["id"]
            if made.op["base_version"] is None and key not in made.place.ids:
                made.place.ids.append(key)
