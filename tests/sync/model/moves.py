"""Moves: what may happen next. Each is chosen with `pick(n)`, a number below n."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import uuid4, uuid5

from .records import KINDS, edited, fields_of, is_sound, mended, spoilt
from .world import ENDED, STORES, World

if TYPE_CHECKING:
    from collections.abc import Callable

    from .records import Pick

YEAR = timedelta(365)
MORE_THAN_NAMED = 55  # edits; of the ancestors of one, the newest 50 count
NOBODYS = "own:00000000-0000-0000-0000-000000000000"


def log(world: World, pick: Pick) -> None:
    """Somebody logs something, offline."""
    phone = world.choose(pick)
    if world.is_full(phone):
        return edit(world, pick)
    kind = KINDS[pick(len(KINDS))]
    audience = world.owner(phone).notebook if kind == "people" or pick(3) == 0 else "network"
    world.log(phone, kind, audience)
    world.tell(phone, f"logs {kind} for {audience[:7]}")
    return None


def _choose(world: World, pick: Pick) -> tuple[int, Any] | None:
    """A phone and something that its owner sees there."""
    phone = world.choose(pick)
    shown = world.phones[phone].shows()
    found = [key for key in world.place(phone).ids if key in shown]
    return (phone, found[pick(len(found))]) if found else None


def edit(world: World, pick: Pick) -> None:
    """Somebody edits what they see, offline; now and then into something no rule lets pass."""
    chosen = _choose(world, pick)
    if chosen:
        _edit(world, pick, *chosen)


def _edit(world: World, pick: Pick, phone: int, key: tuple[str, str]) -> None:
    kind, record_id = key
    seen = world.phones[phone].shows().get(key)
    if not seen:
        return
    changed = edited(kind, seen["data"], world.place(phone).town, world.mark(phone), pick)
    if pick(8) == 0:
        changed = spoilt(kind, changed, pick)
    world.phones[phone].put(kind, changed, record_id)
    world.made(phone)
    badly = "" if is_sound(changed) else ", badly"
    world.tell(phone, f"edits {kind} {record_id[:4]}{badly}")


def contend(world: World, pick: Pick) -> None:
    """Several people change the same record, none knowing of the others, and then come online."""
    chosen = _choose(world, pick)
    if chosen:
        first, key = chosen
        near = [i for i in world.mine if world.place(i) is world.place(first)]
        for phone in near:
            if pick(4):
                _edit(world, pick, phone, key)
        for phone in near if pick(2) else near[::-1]:
            world.tell(phone, "pushes")
            world.attempt(phone, world.phones[phone].push)


def edit_together(world: World, pick: Pick) -> None:
    """Two edits that shall both count, or neither."""
    for _ in range(2):
        before = len(world.ops)
        edit(world, pick)
        if len(world.ops) > before:
            op = list(world.ops.values())[-1].op
            op["group"] = "both"


def move(world: World, pick: Pick) -> None:
    """Somebody moves a record between their notebook and the network, offline."""
    chosen = _choose(world, pick)
    if chosen:
        _move(world, pick, *chosen)


def _move(world: World, pick: Pick, phone: int, key: tuple[str, str]) -> None:
    (kind, record_id), own = key, world.owner(phone).notebook
    data = world.phones[phone].shows()[key]["data"]
    audience = (own, "network", own, "network", NOBODYS)[pick(5)]
    world.phones[phone].put(kind, data, record_id, audience=audience)
    world.made(phone)
    world.tell(phone, f"moves {kind} {record_id[:4]} to {audience[:7]}")


def move_all(world: World, pick: Pick) -> None:
    """Somebody moves all they see; their other phone hears of it three at a time."""
    phone = world.choose(pick)
    audience = (world.owner(phone).notebook, "network")[pick(2)]
    found = world.phones[phone]
    shown = found.shows()
    for key in [key for key in world.place(phone).ids if key in shown]:
        found.put(key[0], shown[key]["data"], key[1], audience=audience)
        world.made(phone)
    world.tell(phone, f"moves all to {audience[:7]}")
    world.attempt(phone, found.push)
    for other in world.mine:
        if world.owner(other) is world.owner(phone):
            world.attempt(other, lambda other=other: world.phones[other].pull(limit=3))


def remove(world: World, pick: Pick) -> None:
    """Somebody removes a record, offline."""
    chosen = _choose(world, pick)
    if chosen:
        _remove(world, pick, *chosen)


def _remove(world: World, _: Pick, phone: int, key: tuple[str, str]) -> None:
    world.phones[phone].remove(*key)
    world.made(phone)
    world.tell(phone, f"removes {key[0]} {key[1][:4]}")


def push(world: World, pick: Pick) -> None:
    """A phone sends its outbox, or the beginning of it; something may go wrong."""
    phone = world.choose(pick)
    found = world.phones[phone]
    world.lines[phone].fault = fault = world.faults[pick(len(world.faults))]
    most = (200, 1, 2)[pick(3)]
    world.tell(phone, f"pushes {min(most, len(found.outbox))} {fault}")
    world.attempt(phone, lambda: found.push(most=most))
    world.lines[phone].fault = ""


def push_out_of_order(world: World, pick: Pick) -> None:
    """The later part of an outbox overtakes the earlier one."""
    phone = world.choose(pick)
    found = world.phones[phone]
    if len(found.outbox) > 1:
        skip = 1 + pick(len(found.outbox) - 1)
        world.tell(phone, f"pushes all but the first {skip} of {len(found.outbox)}")
        world.attempt(phone, lambda: found.push(skip=skip))


def unheard(world: World, pick: Pick) -> None:
    """An answer is late, or lost: somebody else is at the record meanwhile, and the phone pulls."""
    chosen = _choose(world, pick)
    if not chosen:
        return
    phone, key = chosen
    found = world.phones[phone]
    others = [i for i in world.mine if world.place(i) is world.place(phone) and i != phone]
    if not others:
        return
    if not found.outbox:
        _edit(world, pick, phone, key)
    key = found.outbox[-1]["kind"], found.outbox[-1]["id"]
    other, act = others[pick(len(others))], (_edit, _edit, _remove, _move)[pick(4)]
    limit, pages, is_lost = (500, 1, 2)[pick(3)], (None, None, 1, 2)[pick(4)], pick(2) == 0
    begins_anew = pick(4) == 0

    def meanwhile() -> None:
        theirs = world.phones[other]
        world.attempt(other, theirs.pull)
        if key in theirs.shows():
            act(world, pick, other, key)
        world.attempt(other, theirs.push)
        if begins_anew:
            found.cursor = None
        world.tell(phone, f"pulls {pages or 'all'} pages of {limit}" + " anew" * begins_anew)
        world.attempt(phone, lambda: found.pull(limit, pages))

    world.tell(phone, f"pushes; its answer is {'lost' if is_lost else 'late'}")
    world.attempt(phone, lambda: found.push(answer_is_lost=is_lost, meanwhile=meanwhile))


def pull(world: World, pick: Pick) -> None:
    """A phone pulls small pages, perhaps not to the end; or dies before it noted the cursor."""
    phone = world.choose(pick)
    found = world.phones[phone]
    limit, pages = (500, 1, 2, 3)[pick(4)], (None, 1, 2)[pick(3)]
    dies = pick(4) == 0
    world.tell(phone, f"pulls {pages or 'all'} pages of {limit}" + (", then dies" if dies else ""))
    before = found.cursor, deepcopy(found.marks)
    world.cursors[phone].append(before)
    world.attempt(phone, lambda: found.pull(limit, pages))
    if dies and found.cursor:  # else it was sent away, and let go of everything
        found.cursor, found.marks = before


def sync(world: World, pick: Pick) -> None:
    """A phone pushes and pulls, and all goes well."""
    phone = world.choose(pick)
    world.tell(phone, "syncs")
    world.attempt(phone, lambda: world.phones[phone].sync((500, 2)[pick(2)]))


def deliver_late(world: World, pick: Pick) -> None:
    """A copy of an old request arrives after all."""
    phone = world.choose(pick)
    if world.lines[phone].late:
        world.tell(phone, "an old push arrives")
        world.lines[phone].deliver(pick(len(world.lines[phone].late)))


def cursor_goes_back(world: World, pick: Pick) -> None:
    """A phone's cursor is an old one; with it, what a snapshot marked is old, or lost."""
    phone = world.choose(pick)
    if world.cursors[phone]:
        world.tell(phone, "takes up an old cursor")
        found = world.phones[phone]
        found.cursor, marks = world.cursors[phone][pick(len(world.cursors[phone]))]
        found.marks = deepcopy(marks) if pick(2) else None


def phone_backup(world: World, pick: Pick) -> None:
    """A phone is backed up."""
    phone = world.choose(pick)
    world.tell(phone, "is backed up")
    known = {id(world.lines[phone]): world.lines[phone]}
    world.backups[phone] = deepcopy(world.phones[phone], known)


def phone_restored(world: World, pick: Pick) -> None:
    """A phone's backup is brought back, with an outbox that was sent long ago."""
    phone = world.choose(pick)
    world.tell(phone, "is restored")
    world.lose_phone(phone)


def clock(world: World, pick: Pick) -> None:
    """A phone's clock is a year off."""
    phone = world.choose(pick)
    world.clocks[phone] = (-YEAR, timedelta(), YEAR)[pick(3)]


def role(world: World, pick: Pick) -> None:
    """Somebody is given another role, leaves, or comes back."""
    phone = world.choose(pick)
    given = ("connector", "coordinator", "funder", ENDED)[pick(4)]
    world.tell(phone, f"is now {given}")
    world.give_role(phone, given)


def short_visit(world: World, pick: Pick) -> None:
    """Somebody is let in, pushes, and is out again before any pull."""
    phone = world.choose(pick)
    world.tell(phone, "visits")
    world.give_role(phone, "coordinator")
    world.attempt(phone, world.phones[phone].push)
    world.give_role(phone, "funder")


def hand_over(world: World, pick: Pick) -> None:
    """Somebody offers all they hold to somebody else, who accepts it, twice, or declines."""
    giver = world.choose(pick)
    receivers = [i for i in world.mine if world.place(i) is world.place(giver)]
    receiver = receivers[pick(len(receivers))]
    place, one, other = world.place(giver), world.owner(giver), world.owner(receiver)
    offer = one.post("handovers", {"receiver_id": str(other.member_id)})
    if offer.status_code != 201:
        return
    path = f"handovers/{offer.json['id']}"
    if pick(4) == 0:
        assert other.delete(path).status_code == 200
        return
    before = world.store.history(place)
    answers = [other.post(f"{path}/accept", {}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200], answers[0].text
    handed = set(world.store.history(place)) - set(before)
    place.handed |= dict.fromkeys(handed, (one.member_id, other.member_id))
    world.tell(giver, f"hands {len(handed)} over to {STORES[receiver][0]}")


def drafts(world: World, pick: Pick) -> None:
    """Somebody changes one record again and again, and sends more than an edit may name."""
    chosen = _choose(world, pick)
    if chosen:
        phone, key = chosen
        for _ in range(MORE_THAN_NAMED):
            _edit(world, pick, phone, key)
        most = (200, 1, 30)[pick(3)]
        world.tell(phone, f"pushes {most} of its drafts")
        world.attempt(phone, lambda: world.phones[phone].push(most=most))


def expire(world: World, pick: Pick) -> None:
    """400 days pass in a network."""
    place = pick(2)
    world.story.append(f"400 days pass in {place}")
    world.expire(world.places[place])


def server_backup(world: World, pick: Pick) -> None:
    """A network is backed up."""
    place = pick(2)
    world.story.append(f"{place} is backed up")
    world.back_up(world.places[place])


def server_restored(world: World, pick: Pick) -> None:
    """A network's backup is brought back."""
    place = pick(2)
    world.story.append(f"{place} is restored")
    world.restore(world.places[place])


def race(world: World, pick: Pick) -> None:
    """Three phones push at the same moment while a fourth reads page by page."""
    phones = [0, 1, 2, 3]
    world.story.append("0, 1 and 2 push while 3 pulls")
    acts: list[Callable[[], Any]] = [world.phones[i].push for i in phones[:3]]
    acts.append(lambda: world.phones[3].pull(limit=3))
    with ThreadPoolExecutor(len(acts)) as pool:
        list(pool.map(world.attempt, phones, acts))


def by_hand(world: World, pick: Pick) -> None:
    """Somebody edits or removes a record on the web, and sends that twice."""
    chosen = _choose(world, pick)
    if not chosen:
        return
    phone, (kind, record_id) = chosen
    owner, path = world.owner(phone), f"{kind}/{record_id}"
    found = owner.get(path)
    if found.status_code != 200:
        return
    key = f"key-{len(world.story)}"
    op_id, version = str(uuid5(owner.member_id, key)), found.json["version"]
    op = {"op_id": op_id, "kind": kind, "id": record_id, "base_version": version}
    headers = {"If_Match": f'"{version}"', "Idempotency_Key": key}
    if pick(4):
        whole = {name: value for name, value in found.json.items() if name in fields_of(kind)}
        data = edited(kind, whole, world.place(phone).town, world.mark(phone), pick)
        op |= {"action": "put", "data": data}
        sent = {name: value for name, value in data.items() if value != whole[name]}
        answers = [owner.patch(path, sent, **headers) for _ in range(2)]
    else:
        op |= {"action": "delete", "data": None}
        answers = [owner.delete(path, **headers) for _ in range(2)]
    world.tell(phone, f"by hand: {op['action']} {kind} {record_id[:4]} {answers[0].status_code}")
    assert answers[0].status_code == answers[1].status_code, (answers[0].text, answers[1].text)
    assert answers[0].status_code in (200, 204, 403), answers[
        0
    ].text  # nobody was there before them
    if answers[0].status_code != 403:
        world.note(phone, op)


def see_to(world: World, pick: Pick) -> None:
    """Somebody sees to a refused entry, their own or another's: mends it, twice, or lets it go."""
    phone = world.choose(pick)
    owner = world.owner(phone)
    listed = owner.get("sync/quarantined")
    items = [i for i in listed.json["items"] if i["payload"]] if listed.status_code == 200 else []
    if not items:
        return
    item = items[pick(len(items))]
    kind, path = item["kind"], f"sync/quarantined/{item['op_id']}"
    how = pick(4)
    if how == 0:
        assert {owner.delete(path).status_code for _ in range(2)} == {204}
        world.tell(phone, f"lets {item['op_id'][:4]} go")
        return
    there = owner.get(f"{kind}/{item['id']}")
    base = there.json["version"] if how > 1 and there.status_code == 200 else None
    data = mended(kind, json.loads(item["payload"]), world.mark(phone))
    op = {"op_id": str(uuid4()), "base_version": base, "data": data}
    one, other = (owner.post(f"{path}/mend", op) for _ in range(2))
    world.tell(phone, f"mends {item['op_id'][:4]} on {base and base[:4]}: {one.text[:150]}")
    assert one.status_code == other.status_code == 200, (one.text, other.text)
    assert one.json["status"] == other.json["status"], (one.text, other.text)
    if one.json["status"] in ("applied", "merged", "superseded"):
        meant = {"audience": item["audience"]} if item["audience"] and base is None else {}
        op |= {"action": "put", "kind": kind, "id": item["id"]} | meant
        world.note(phone, op)


WEIGHTS = {log: 3, edit: 5, contend: 4, push: 6, sync: 6, pull: 4} | dict.fromkeys(
    (move, move_all, remove, push_out_of_order, unheard, deliver_late, role, by_hand, see_to), 2
)
RARE = (edit_together, cursor_goes_back, phone_backup, phone_restored, clock, short_visit)
RARE += (expire, server_backup, server_restored, race, hand_over, drafts)
MOVES = [each for each, weight in (WEIGHTS | dict.fromkeys(RARE, 1)).items() for _ in range(weight)]
