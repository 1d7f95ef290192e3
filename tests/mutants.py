"""Mutants: one guard of sync or the write path weakened at a time; `make mutants` runs them.

Each is (what is broken, file, the guard as it stands, what it becomes). A suite that stays green
on one of them does not keep that promise.
"""

from __future__ import annotations

from typing import NamedTuple


class Mutant(NamedTuple):
    """A guard and its weakening."""

    breaks: str
    file: str
    guard: str
    weakened: str


CORE, SYNC = "api/core", "api/sync"

MUTANTS = [
    # the ledger: send twice, count once
    Mutant("the ledger is not looked at", f"{CORE}/decide.py", "if known:  # 1", "if False:"),
    Mutant(
        "an operation id may be reused for something else",
        f"{CORE}/ledger.py",
        "if (known.digest, known.author_id) != (prepared.digest, world.writer(change)):",
        "if known.author_id != world.writer(change):",
    ),
    Mutant(
        "another member's operation id answers with their verdict",
        f"{CORE}/ledger.py",
        "if (known.digest, known.author_id) != (prepared.digest, world.writer(change)):",
        "if known.digest != prepared.digest:",
    ),
    Mutant(
        "a verdict is not written down",
        f"{CORE}/statements.py",
        "ON CONFLICT (network_id, op_id) DO NOTHING)\nUPDATE",
        "LIMIT 0)\nUPDATE",
    ),
    Mutant(
        "a refusal is not kept",
        f"{CORE}/ledger.py",
        "if problem and not change.keeps_refused:",
        "if problem:",
    ),
    Mutant(
        "what was sent is not kept with a refusal",
        f"{CORE}/ledger.py",
        '"payload": _as_sent(prepared) if outcome.status != "applied" else None,',
        '"payload": None,',
    ),
    Mutant(
        "a repeat is not told what the record is now",
        f"{CORE}/write.py",
        "outcome.present = present if present and _is_visible(present, actor) else None",
        "outcome.present = None if outcome.first else present",
    ),
    # the revision: one order for everything
    Mutant(
        "writers do not wait for each other",
        f"{CORE}/statements.py",
        "WHERE id = %(network)s FOR NO KEY UPDATE",
        "WHERE id = %(network)s",
    ),
    Mutant(
        "the world is read with a snapshot from before the lock",
        f"{CORE}/write.py",
        'lock = connection.execute(LOCK, {"network": actor.network_id})\n'
        "        read = connection.execute(statement, params)",
        "read = connection.execute(statement, params)\n"
        '        lock = connection.execute(LOCK, {"network": actor.network_id})',
    ),
    Mutant(
        "a change of membership does not move the revision",
        "api/accounts/members.py",
        "SET revision = revision + 1",
        "SET revision = revision",
    ),
    # verdicts
    Mutant(
        "what builds on a refusal of the same push is tried all the same",
        f"{CORE}/decide.py",
        "if change.base_version in world.failed:  # 2",
        "if False:",
    ),
    Mutant(
        "a refused base stands for nothing in a later push",
        f"{CORE}/ledger.py",
        "base = entry.base",
        "break",
    ),
    Mutant(
        "anybody's refused base is stood on",
        f"{CORE}/ledger.py",
        " or entry.author_id != world.writer(change):",
        ":",
    ),
    Mutant(
        "one of a group may fail alone",
        f"{CORE}/decide.py",
        "if change.group in broken:",
        "if False:",
    ),
    Mutant(
        "a record of another's notebook may be changed",
        f"{CORE}/decide.py",
        "if present and present.audience not in actor.scope:",
        "if False:",
    ),
    Mutant(
        "a record may be put into another's notebook",
        f"{CORE}/decide.py",
        "if audience is not None and audience not in actor.scope:",
        "if False:",
    ),
    Mutant(
        "anybody may say who sees a record",
        f"{CORE}/decide.py",
        "if change.audience not in (None, present.audience) and",
        "if False and",
    ),
    Mutant(
        "a put on a base that never was makes a record",
        f"{CORE}/decide.py",
        "    if change.base_version is not None:\n        raise",
        "    if False:\n        raise",
    ),
    Mutant(
        "a removed record comes back to life",
        f"{CORE}/decide.py",
        "if present.is_gone:  # 5",
        "if present.is_gone and change.remove:",
    ),
    Mutant(
        "a put that says nothing new makes a version",
        f"{CORE}/decide.py",
        "if not change.remove and prepared.values == present.values and",
        "if False and",
    ),
    Mutant(
        "the base is not checked: the last one wins",
        f"{CORE}/decide.py",
        "if present.version in (change.base_version, *change.ancestors):  # 7",
        "if True:",
    ),
    Mutant(
        "ancestors are ignored",
        f"{CORE}/decide.py",
        "if present.version in (change.base_version, *change.ancestors):  # 7",
        "if present.version == change.base_version:",
    ),
    Mutant(
        "an own older state that comes late is taken for a conflict",
        f"{CORE}/decide.py",
        "if change.change_id in state.ancestors or change.change_id == version:  # 8",
        "if False:",
    ),
    Mutant(
        "edits of different fields are not merged",
        f"{CORE}/decide.py",
        "if change.is_strict or change.remove or base is None",
        "if True or base is None",
    ),
    Mutant(
        "where both changed a field the later one wins silently",
        f"{CORE}/decide.py",
        "    if clashes:\n        raise",
        "    if False:\n        raise",
    ),
    Mutant(
        "a merge forgets the other's fields",
        f"{CORE}/merge.py",
        "merged[name] = there if here == was else here",
        "merged[name] = here",
    ),
    Mutant(
        "of a merge, what was sent is not kept",
        f"{CORE}/decide.py",
        "    if merges:  # what was sent",
        "    if False:  # what was sent",
    ),
    Mutant(
        "a reference to what was removed is taken",
        f"{CORE}/decide.py",
        "    if lost:\n        sentence",
        "    if False:\n        sentence",
    ),
    # the feed
    Mutant(
        "a page ends inside one revision",
        f"{SYNC}/pull.py",
        "if is_full or revision == last:",
        "if is_full:",
    ),
    Mutant(
        "a page is larger than its limit in bytes",
        f"{SYNC}/pull.py",
        "or (changes and size + weight > PAGE_BYTES)",
        "",
    ),
    Mutant(
        "who loses sight of a record is not told",
        f"{CORE}/statements.py",
        "WHERE r.last AND r.was <> r.audience",
        "WHERE false",
    ),
    Mutant(
        "a record that moved is told as removed",
        f"{SYNC}/pull.py",
        "    if row.is_gone:\n",
        "    if True:\n",
    ),
    Mutant(
        "a snapshot tells of what was removed before it began",
        f"{SYNC}/pull.py",
        "place.began or 0",
        "0",
    ),
    Mutant(
        "audiences lost are not taken back",
        f"{SYNC}/place.py",
        "        place.leaving = Leaving(lost)",
        "        place.covered = [each for each in place.covered if each in scope]",
    ),
    Mutant(
        "audiences gained are not sent",
        f"{SYNC}/place.py",
        "        _enter(place, gained, place.kinds_known, head)",
        "        pass",
    ),
    Mutant(
        "an audience lost while it is sent is sent to the end",
        f"{SYNC}/place.py",
        "        place.entering.audiences = kept",
        "        pass",
    ),
    Mutant(
        "an audience regained while it is taken back stays half gone",
        f"{SYNC}/place.py",
        "gained += [each for each in place.leaving.audiences if each in scope]",
        "pass",
    ),
    Mutant(
        "a scope lost and regained between two pulls is taken for the one before",
        f"{SYNC}/place.py",
        "is_new = place.scope_since < head.scope_since",
        "is_new = False",
    ),
    Mutant(
        "an operation that said nothing new stands for no state",
        f"{CORE}/ledger.py",
        'return entry.version if entry.status == "applied" and entry.version else base',
        "return base",
    ),
    Mutant(
        "the scope told is not the scope of now",
        f"{SYNC}/pull.py",
        '"scope": list(actor.scope),\n        **',
        '"scope": place.covered,\n        **',
    ),
    Mutant(
        "an expired cursor goes on as if nothing had been forgotten",
        f"{SYNC}/place.py",
        "if (place.began or place.revision) < head.gc_revision:",
        "if False:",
    ),
    Mutant(
        "a snapshot under way is expired by what went before it",
        f"{SYNC}/place.py",
        "if (place.began or place.revision) < head.gc_revision:",
        "if place.revision < head.gc_revision:",
    ),
    Mutant(
        "tombstones go before their time",
        "api/jobs/tombstones.py",
        "before = now - dt.timedelta(TOMBSTONE_DAYS)",
        "before = now",
    ),
    Mutant(
        "tombstones go and nobody is told",
        "api/jobs/tombstones.py",
        "SET gc_revision = greatest(n.gc_revision, told.last)",
        "SET gc_revision = n.gc_revision",
    ),
    Mutant(
        "a restored server is not noticed by a pull",
        f"{SYNC}/place.py",
        "    require_epoch(place.epoch, head)\n",
        "",
    ),
    Mutant(
        "a restored server is not noticed by a push",
        f"{SYNC}/routes.py",
        "        require_epoch(envelope.epoch, read_head(cx, network_id))\n",
        "",
    ),
    Mutant(
        "a cursor may be made up",
        f"{CORE}/cursor.py",
        "if not hmac.compare_digest(mark, _mark(body, secret)):",
        "if False:",
    ),
    Mutant(
        "somebody else's cursor is taken",
        f"{SYNC}/place.py",
        "if (place.network, place.member) != (actor.network_id, actor.member_id):",
        "if False:",
    ),
    Mutant(
        "a cursor wanders to other kinds",
        f"{SYNC}/place.py",
        "if place.kinds != asked.kinds:",
        "if False:",
    ),
    Mutant(
        "a client id may be anybody's",
        f"{SYNC}/protocol.py",
        "elif owner != actor.member_id:",
        "elif False:",
    ),
    # versions of the data
    Mutant(
        "an older phone's put empties what it does not know",
        f"{CORE}/decide.py",
        "if not change.unsaid or not present",
        "if True or not present",
    ),
    Mutant(
        "an older phone is sent what it does not know",
        f"{SYNC}/versions.py",
        "unsaid = kind.unknown_to(version)",
        "unsaid: set[str] = set()",
    ),
    Mutant(
        "an updated phone is not sent what changed shape",
        f"{SYNC}/place.py",
        "        if kinds:\n",
        "        if False:\n",
    ),
    # quarantine
    Mutant(
        "anybody reads what was refused",
        f"{SYNC}/quarantine.py",
        "AND (l.author_id = %(member)s OR l.audience = %(audience)s)",
        "AND true OR l.author_id = %(member)s AND l.audience = %(audience)s",
    ),
    Mutant(
        "a coordinator reads what was meant for a notebook",
        f"{CORE}/ledger.py",
        "own = notebook(world.writer(change)) if kind.notebook else NETWORK",
        "own = NETWORK",
    ),
    Mutant(
        "two people mend the same refusal",
        f"{SYNC}/quarantine.py",
        "if row is None or row[0] != mended_as:",
        "if False:",
    ),
    Mutant(
        "a mended record belongs to whoever mended it",
        f"{SYNC}/quarantine.py",
        "        author_id=refused.author_id,\n        keeps",
        "        keeps",
    ),
    # what comes in
    Mutant(
        "an endless push is taken",
        f"{SYNC}/push.py",
        "if len(envelope.ops) > OPS:",
        "if False:",
    ),
    Mutant(
        "a record of any size is taken",
        f"{CORE}/codec.py",
        "if len(raw) > RECORD_BYTES:",
        "if False:",
    ),
    Mutant(
        "the future is understood",
        f"{SYNC}/versions.py",
        "if version is not None and not OLDEST <= version <= newest():",
        "if False:",
    ),
]
