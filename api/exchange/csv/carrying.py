"""Carrying out: what a file asks for becomes changes, all of them or none."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from hashlib import blake2b
from itertools import groupby
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid5

import msgspec

from api.core.change import Change, prepare
from api.core.lock import lock_network
from api.core.problems import Problem
from api.core.record import KINDS
from api.core.write import apply_prepared

from .forms import Wish, read_line, recognise, refuse_unknown
from .present import fold, read_present

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

    from api.core.actor import Actor
    from api.core.change import Prepared

    from .present import Document, Present
    from .reading import Sheet

BATCH = 500


@dataclass
class Told:
    """What became of a line's wish, or would: `new`, `changed`, `unchanged` or `refused`."""

    wish: Wish
    what: str
    fields: list[str] = field(default_factory=list)
    prepared: Prepared | None = None

    def refuse(self, problem: Problem) -> None:
        """Say what is wrong, in the column that the field came from."""
        self.what, self.prepared, self.fields = "refused", None, []
        columns = self.wish.columns
        found = problem.fields or {"name": [problem.detail or problem.title]}
        for path, sentences in found.items():
            name = path.partition(".")[0]
            self.wish.problems += [(columns.get(name, name), sentence) for sentence in sentences]


def carry_out(cx: Connection, actor: Actor, kind: str, sheet: Sheet) -> list[Told]:
    """Do what the file asks for, as far as it goes; the caller undoes all if any is refused.

    The network is locked first: what is read here is still so when it is written.
    """
    lock_network(cx, actor.network_id)
    present = read_present(cx, actor.network_id)
    columns = recognise(kind, sheet, present)
    if strange := list(refuse_unknown(kind, columns)):
        return [Told(Wish(sheet.header, kind, "", problems=strange), "refused")]
    wishes = [w for line in sheet.lines for w in read_line(kind, line, columns, present)]
    told = list(_tell(wishes, present))
    for _, run in groupby(sorted(told, key=lambda t: t.wish.kind), key=lambda t: t.wish.kind):
        _apply(cx, actor, [each for each in run if each.prepared])
    return told


def _tell(wishes: list[Wish], present: Present) -> Iterator[Told]:
    """Compare each wish with what is there."""
    first: dict[tuple[str, ...], Wish] = {}
    order: Counter[str] = Counter({"": len(present.records["boundaries"])})
    for wish in _gathered(wishes):
        before = first.setdefault((wish.kind, fold(wish.within), fold(wish.name)), wish)
        if before is not wish and wish.name:
            wish.problems.append((_name_column(wish), f"Line {before.line} has the same name."))
        yield _compare(wish, present, order)


def _gathered(wishes: list[Wish]) -> Iterator[Wish]:
    """A boundary has a line for each section: the first one speaks for it, the others add."""
    boundaries: dict[str, Wish] = {}
    for wish in wishes:
        if wish.kind == "boundaries" and wish.name:
            first = boundaries.setdefault(fold(wish.name), wish)
            first.values = wish.values | first.values
            first.problems += wish.problems if first is not wish else []
    for wish in wishes:
        if wish.kind != "boundaries" or boundaries.get(fold(wish.name), wish) is wish:
            yield wish


def _name_column(wish: Wish) -> str:
    return wish.columns.get("name", "name")


def _compare(wish: Wish, present: Present, order: Counter[str]) -> Told:
    found = _found(wish, present)
    if len(found) > 1:
        sentence = f"Several are called {wish.name}: rename all but one."
        wish.problems.append((_name_column(wish), sentence))
    if wish.problems:
        return Told(wish, "refused")
    return _alter(wish, found[0], present) if found else _make(wish, present, order)


def _found(wish: Wish, present: Present) -> list[Document]:
    if wish.kind != "sections":
        return present.named(wish.kind, wish.name)
    return [
        section
        for boundary in present.named("boundaries", wish.within)
        for section in present.named("sections", wish.name, boundary_id=boundary["id"])
    ]


def _make(wish: Wish, present: Present, order: Counter[str]) -> Told:
    values = wish.values | _shares(wish, [], present)
    name = (wish.within, wish.name) if wish.within else (wish.name,)
    if wish.kind == "sections":
        boundary = present.named("boundaries", wish.within)
        home = boundary[0]["id"] if boundary else present.fresh_id("boundaries", wish.within)
        values["boundary_id"] = str(home)
    if wish.kind in ("boundaries", "sections"):  # shown in the order of the file
        order[wish.within] += 1
        values["position"] = order[wish.within]
    told = Told(wish, "new", sorted(wish.values))
    return _prepare(told, present.fresh_id(wish.kind, *name), values, None)


def _alter(wish: Wish, document: Document, present: Present) -> Told:
    whole = {name: document[name] for name in KINDS[wish.kind].codec.names}
    values = wish.values | _shares(wish, whole.get("sections", []), present)
    values["name"] = whole["name"]  # found by it, whatever its case
    base = UUID(document["version"])
    told = _prepare(Told(wish, "changed"), UUID(document["id"]), whole | values, base)
    if told.prepared:
        wanted = msgspec.json.decode(told.prepared.data or b"{}")
        told.fields = sorted(name for name in whole if wanted[name] != whole[name])
    return told if told.fields or told.what == "refused" else Told(wish, "unchanged")


def _shares(wish: Wish, held: list[Document], present: Present) -> dict[str, Any]:
    """Sections as a group has them: those a line names, and what it held in other boundaries."""
    wanted = wish.values.get("sections")
    if wanted is None:
        return {}
    boundary_of = {each["id"]: each["boundary_id"] for each in present.records["sections"]}
    kept = [each for each in held if boundary_of.get(each["section_id"]) not in wanted]
    named = [
        {"section_id": section, "share": share}
        for shares in wanted.values()
        for section, share in shares.items()
    ]
    is_same = {(e["section_id"], e["share"]) for e in held} == {
        (e["section_id"], e["share"]) for e in kept + named
    }
    return {"sections": held if is_same else kept + named}


def _prepare(told: Told, record: UUID, values: dict[str, Any], base: UUID | None) -> Told:
    """The change a wish comes to; its id follows from what it makes of what."""
    what = blake2b(msgspec.json.encode((base, values), order="sorted"), digest_size=16)
    told.prepared = prepare(
        Change(
            told.wish.kind,
            record,
            values,
            base_version=base,
            change_id=uuid5(record, what.hexdigest()),
            is_strict=True,
            keeps_refused=False,
        )
    )
    if told.prepared.problem:
        told.refuse(told.prepared.problem)
    return told


def _apply(cx: Connection, actor: Actor, told: list[Told]) -> None:
    for begin in range(0, len(told), BATCH):
        some = told[begin : begin + BATCH]
        outcomes = apply_prepared(cx, actor, [each.prepared for each in some if each.prepared])
        for each, outcome in zip(some, outcomes, strict=True):
            if not outcome.is_done:
                each.refuse(outcome.problem or Problem("conflict"))
