"""Decide: the verdict on each change of a batch, in order, as if each had a savepoint of its own.

Pure: it sees the World read under the network's lock, and leaves in it what is to be written.
The numbered steps are those of the sync protocol, `docs/sync.md`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid5

import msgspec
from msgspec.structs import replace

from .actor import NETWORK, notebook
from .change import Change, Outcome, Prepared, Present
from .ledger import enter, foreclose, removed_first, repeat
from .lineage import base_of, built_on, is_behind, meant_of_base, overtakes, pulled_since
from .merge import merge
from .policy import May, may_write
from .problems import Problem
from .world import Row, State

if TYPE_CHECKING:
    from .codec import Codec
    from .world import Key, World

Broken = dict[str | None, dict[UUID, Problem]]  # groups that failed, with what broke them


def decide_all(batch: list[Prepared], before: World) -> tuple[list[Outcome], World]:
    """Verdicts in order, and the world after them: without groups, `before` itself.

    When one of a group fails, the group's members all do.
    """
    broken: Broken = {}
    is_grouped = any(each.change.group for each in batch)
    while True:
        world = before.copy() if is_grouped else before
        outcomes = [decide(each, world, broken) for each in batch]
        failed = [o for o in outcomes if o.change.group and not o.is_done]
        breakers = [o for o in failed if o.change.group not in broken]
        if not breakers:
            return outcomes, world
        for each in breakers:
            found = broken.setdefault(each.change.group, {})
            found[each.change.change_id] = each.problem or Problem("dependency_failed")


def decide(prepared: Prepared, world: World, broken: Broken) -> Outcome:
    """The verdict on one change, with its ledger entry."""
    change = prepared.change
    known = world.ledger.get(change.change_id)
    if known:  # 1
        return repeat(prepared, known, world)
    try:
        if change.group in broken:
            raise broken[change.group].get(change.change_id, Problem("dependency_failed"))
        if change.base_version in world.failed:  # 2
            raise Problem("dependency_failed")  # noqa: TRY301
        outcome = _judge(_completed(prepared, world), world)
    except Problem as problem:
        status = "conflict" if problem.code == "conflict" else "rejected"
        outcome = Outcome(change, status, problem=problem)
    if not outcome.is_done:
        world.failed.add(change.change_id)
    enter(prepared, outcome, world)
    return outcome


def _completed(prepared: Prepared, world: World) -> Prepared:
    """The change on the base it stands on, with what its sender could not know as it is now."""
    change, present = prepared.change, world.present.get(prepared.key)
    if not change.audience and prepared.kind and not prepared.kind.follows:
        change = replace(change, audience=meant_of_base(change, world))
        prepared = replace(prepared, change=change)
    base = base_of(change, world)
    if base != change.base_version or (present and present.version != base):
        # The base may come late itself: by this it is known to be behind.
        ancestors = (base, *change.ancestors) if base else change.ancestors
        prepared = replace(prepared, change=replace(change, base_version=base, ancestors=ancestors))
    if not change.unsaid or not present or present.is_gone or prepared.values is None:
        return prepared
    kept = {name: getattr(present.values, name) for name in change.unsaid}
    values = replace(prepared.values, **kept)
    assert prepared.kind is not None
    data, references = prepared.kind.codec.dump(values), prepared.kind.references(values)
    return replace(prepared, values=values, data=data, references=references)


def _judge(prepared: Prepared, world: World) -> Outcome:
    change, present = prepared.change, world.present.get(prepared.key)
    if prepared.kind is None or prepared.problem:  # 3
        raise prepared.problem or Problem("unknown_kind")
    may = may_write(prepared.kind, world.actor)
    _require_scope(prepared, present, world)
    if present is None:  # 4
        return _create(prepared, may, world)
    if present.is_gone:  # 5
        if change.remove:
            return Outcome(change, "applied", present.version, present.revision)
        raise Problem("gone")
    if not change.remove and prepared.values == present.values and _stays(change, present):  # 6
        if not present.may_change or not overtakes(prepared, present, world):
            return Outcome(change, "applied", present.version, present.revision)
        return _write(prepared, prepared.values, world)
    _require_right(prepared, present, may, world)
    if is_behind(prepared, present, world):  # 7
        return Outcome(change, "superseded", present.version, present.revision)
    if present.version == change.base_version:  # 8
        return _write(prepared, prepared.values, world)
    return _reconcile(prepared, present, world)  # 8, 9, 10


def _stays(change: Change, present: Present) -> bool:
    is_theirs = change.hands_to in (None, present.author_id)
    return is_theirs and change.audience in (None, present.audience)


def _require_scope(prepared: Prepared, present: Present | None, world: World) -> None:
    """The actor sees the present record and the audience it is to have."""
    actor, audience = world.actor, prepared.change.audience
    if actor.role == "server":
        return
    if present and not actor.sees(present.audience):
        raise Problem("out_of_scope", "It is not visible to you.")
    if audience is not None and not actor.sees(audience):
        raise Problem("out_of_scope", fields={"audience": ["Not an audience of yours."]})
    if audience == NETWORK and prepared.kind and prepared.kind.notebook:
        raise Problem("out_of_scope", fields={"audience": ["It stays in a notebook."]})


def _require_right(prepared: Prepared, present: Present, may: May, world: World) -> None:
    """The actor may do this to the record as it stands; the server may do everything."""
    change, kind, actor = prepared.change, prepared.kind, world.actor
    if actor.role == "server" or kind is None:
        return
    if not (present.may_remove if change.remove else present.may_change):
        raise Problem("out_of_scope", "It is not yours to change.")
    _require_status(prepared, may)
    moves = not change.remove and change.audience not in (None, present.audience)
    if moves and actor.member_id != present.author_id:
        sentence = "Only who began a record says who sees it."
        raise Problem("out_of_scope", fields={"audience": [sentence]})
    fixed = () if change.remove else kind.fixed
    changed = [f for f in fixed if getattr(prepared.values, f) != getattr(present.values, f)]
    if changed:
        raise Problem("validation_failed", fields={f: ["This never changes."] for f in changed})


def _require_status(prepared: Prepared, may: May) -> None:
    """Who may only propose says so."""
    if may.status and not prepared.change.remove and prepared.values.status != may.status:
        sentence = f"In your role, propose it: status {may.status}. A coordinator accepts."
        raise Problem("out_of_scope", fields={"status": [sentence]})


def _create(prepared: Prepared, may: May, world: World) -> Outcome:
    change = prepared.change
    if change.remove:
        foreclose(change, world)
        return Outcome(change, "applied")
    if removed_first(change.change_id, world.actor.member_id) in world.ledger:
        return Outcome(change, "superseded")
    if change.base_version is not None:
        raise Problem("not_found")
    if not may.create:
        raise Problem("out_of_scope", "It is not yours to make.")
    _require_status(prepared, may)
    return _write(prepared, prepared.values, world)


def _reconcile(prepared: Prepared, present: Present, world: World) -> Outcome:
    """The record moved on since this change's base: by what its sender made, or others."""
    change, kind = prepared.change, prepared.kind
    line = world.lines.get(prepared.key, {})
    seen = built_on(change, line, world)
    if seen == present.version:  # 8
        return _write(prepared, prepared.values, world)
    base = line[seen] if seen else None
    if change.is_strict or change.remove or base is None or not base.data or kind is None:
        raise Problem("conflict", "It was changed meanwhile.")  # 10
    if change.audience == base.audience:  # as a field is merged: it says nothing of who sees it
        prepared = replace(prepared, change=replace(change, audience=None))
    codec = kind.codec
    began = _shown(change, base, line, codec)
    merged, clashes = merge(began, present.values, prepared.values, codec.names)
    if clashes:
        raise Problem("conflict", fields={name: ["Changed elsewhere too."] for name in clashes})
    try:
        values = codec.load(codec.dump(codec.struct(**merged)))  # the rules hold for the whole
    except Problem as problem:
        raise Problem("conflict", "Both changes together break a rule.") from problem
    return _write(prepared, values, world, merges=present)  # 9


def _shown(change: Change, base: State, line: dict[UUID, State], codec: Codec) -> Any:
    """What the sender had before them: the state they built on, with what they pulled since."""
    states = (base, *pulled_since(change, base, line))
    own, *since = (codec.of_database(msgspec.json.decode(each.data or b"null")) for each in states)
    if not since:
        return own
    began, pulled = since
    return codec.struct(**merge(began, pulled, own, codec.names)[0])


def _write(
    prepared: Prepared, values: Any, world: World, *, merges: Present | None = None
) -> Outcome:
    """Take the next revision and stage the new state, once what it refers to is in order."""
    change, kind = prepared.change, prepared.kind
    assert kind is not None
    before = world.present.get(prepared.key)
    if not change.remove and not (before and values == before.values):  # it may only move
        _require_references(prepared, values, before, world)
    home = None if change.remove else _home(prepared, values, world)
    _count(prepared, before, world)
    world.revision += 1
    version = uuid5(change.change_id, "merge") if merges else change.change_id
    data = kind.codec.dump(values) if merges else prepared.data
    after = _after(prepared, before, world)
    after.audience = home or after.audience
    after.version, after.values, after.data = version, values, None if change.remove else data
    if merges:  # what was sent is kept beside the line that goes on
        _stage(
            prepared,
            replace(after, version=change.change_id, data=prepared.data),
            change.base_version,
            world,
            is_aside=True,
        )
    _stage(prepared, after, before.version if before else None, world)
    world.present[prepared.key] = after
    return Outcome(change, "merged" if merges else "applied", version, world.revision)


def _home(prepared: Prepared, values: Any, world: World) -> str | None:
    """The audience of the record that this one follows; None for kinds that follow none."""
    assert prepared.kind is not None
    owner = prepared.kind.followed_by(values)
    if owner is None:
        return None
    home, meant = world.home(owner), prepared.change.audience
    if home == NETWORK and meant not in (None, NETWORK) and world.actor.role != "server":
        sentence = "It is seen by who sees the record it belongs to."
        raise Problem("out_of_scope", fields={"audience": [sentence]})
    return home


def _count(prepared: Prepared, before: Present | None, world: World) -> None:
    """Count what follows each record: one more where there is room, or one less."""
    kind, is_end = prepared.kind, prepared.change.remove
    assert kind is not None
    if before and not is_end:
        return
    owner = kind.followed_by(before.values if before else prepared.values)
    if owner is None:
        return
    if not is_end and 0 < kind.most <= world.followers[kind.name, owner]:
        raise Problem("quota_exceeded", f"At most {kind.most} belong to one record.")
    world.followers[kind.name, owner] += -1 if is_end else 1


def _after(prepared: Prepared, before: Present | None, world: World) -> Present:
    change, kind, actor = prepared.change, prepared.kind, world.actor
    author = change.author_id or actor.member_id
    usual = notebook(author) if kind and kind.notebook else NETWORK
    meant = None if change.remove else change.audience  # what is removed moves nowhere
    return Present(
        id=change.id,
        version=change.change_id,
        revision=world.revision,
        audience=meant or (before.audience if before else usual),
        is_gone=change.remove,
        author_id=change.hands_to or (before.author_id if before else author),
        created_at=before.created_at if before else world.now,
        updated_at=world.now,
        may_change=before.may_change if before else True,
        may_remove=before.may_remove if before else True,
        values=None,
        data=None,
    )


def _stage(
    prepared: Prepared, after: Present, base: UUID | None, world: World, *, is_aside: bool = False
) -> None:
    change, key = prepared.change, prepared.key
    before = world.present.get(key)
    was = world.held.setdefault(key, before.audience if before else after.audience)
    row = Row(
        id=change.id,
        version=after.version,
        revision=after.revision,
        author=after.author_id,
        writer=world.writer(change),
        audience=after.audience,
        was=was,
        gone=after.is_gone,
        base=base,
        ancestors=change.ancestors,
        client_time=change.client_time,
        data=msgspec.Raw(after.data or b"null"),
        last=not is_aside,
    )
    world.rows.setdefault(change.kind, []).append(row)
    if not is_aside:
        if key in world.latest:
            world.latest[key].last = False
        world.latest[key] = row
    line = world.lines.setdefault(key, {})
    line[after.version] = State(after.revision, base, change.ancestors, after.audience, after.data)


def _require_references(
    prepared: Prepared, values: Any, before: Present | None, world: World
) -> None:
    """Everything referred to is there and visible; what stood there before may stay."""
    kind = prepared.kind
    assert kind is not None
    references = prepared.references if values is prepared.values else kind.references(values)
    lost = [(path, each) for path, name, each in references if not _is_there(name, each, world)]
    if lost and before and not before.is_gone:
        kept = {each for _, _, each in kind.references(before.values)}
        lost = [(path, each) for path, each in lost if each not in kept]
    if lost:
        sentence = ["Not here, removed, or not visible to you."]
        paths = {".".join(map(str, path)): sentence for path, _ in lost}
        raise Problem("reference_missing", fields=paths)
    broken = kind.relate(values, lambda name, each: _look((name, each), world))
    if broken:
        raise Problem("validation_failed", fields={k: [v] for k, v in broken.items()})


def _is_there(kind: str, record_id: UUID, world: World) -> bool:
    staged = world.present.get((kind, record_id)) if kind in world.kinds else None
    if staged is not None:
        return not staged.is_gone and world.actor.sees(staged.audience)
    missing = world.missing.get(kind)
    return not missing or record_id not in missing


def _look(key: Key, world: World) -> Any:
    staged = world.present.get(key)
    return staged.values if staged else world.looked.get(key)
