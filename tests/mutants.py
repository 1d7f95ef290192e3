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


CODEC = "api/core/codec.py"
CURSOR = "api/core/cursor.py"
DECIDE = "api/core/decide.py"
LEDGER = "api/core/ledger.py"
MERGE = "api/core/merge.py"
STATEMENTS = "api/core/statements.py"
WEB = "api/core/web.py"
WRITE = "api/core/write.py"
SURVEY = "api/core/survey.py"
HUB = "api/sync/hub.py"
PLACE = "api/sync/place.py"
PULL = "api/sync/pull.py"
PUSH = "api/sync/push.py"
QUARANTINE = "api/sync/quarantine.py"
VERSIONS = "api/sync/versions.py"

MUTANTS = [
    # the ledger: send twice, count once
    Mutant("the ledger is not looked at", DECIDE, "if known:  # 1", "if False:"),
    Mutant(
        "an operation id may be reused for something else",
        LEDGER,
        "if (known.digest, known.author_id) != (prepared.digest, world.writer(change)):",
        "if known.author_id != world.writer(change):",
    ),
    Mutant(
        "another member's operation id answers with their verdict",
        LEDGER,
        "if (known.digest, known.author_id) != (prepared.digest, world.writer(change)):",
        "if known.digest != prepared.digest:",
    ),
    Mutant(
        "a verdict is not written down",
        STATEMENTS,
        "ON CONFLICT (network_id, op_id) DO NOTHING)\n",
        "LIMIT 0)\n",
    ),
    Mutant(
        "a refusal is not kept", LEDGER, "if problem and not change.keeps_refused:", "if problem:"
    ),
    Mutant(
        "what was sent is not kept with a refusal",
        LEDGER,
        'payload=_as_sent(prepared) if outcome.status != "applied" else None,',
        "payload=None,",
    ),
    Mutant(
        "a repeat is not told what the record is now",
        WRITE,
        "outcome.present = present if present and _is_visible(present, actor) else None",
        "outcome.present = None if outcome.first else present",
    ),
    # the revision: one order for everything
    Mutant(
        "writers do not wait for each other",
        "api/accounts/authentication.py",
        " AND m.ended_at IS NULL {HOLD} OF n SKIP LOCKED",
        " AND m.ended_at IS NULL",
    ),
    Mutant(
        "the world is read with a snapshot from before the lock",
        "api/core/db.py",
        'WRITING = "-c plan_cache_mode=force_generic_plan"',
        'WRITING = "-c default_transaction_isolation=repeatable\\\\ read"',
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
        DECIDE,
        "if change.base_version in world.failed:  # 2",
        "if False:",
    ),
    Mutant(
        "a refused base stands for nothing in a later push", LEDGER, "base = entry.base", "break"
    ),
    Mutant(
        "anybody's refused base is stood on",
        LEDGER,
        " or entry.author_id != world.writer(change):",
        ":",
    ),
    Mutant("one of a group may fail alone", DECIDE, "if change.group in broken:", "if False:"),
    Mutant(
        "a record of another's notebook may be changed",
        DECIDE,
        "if present and present.audience not in actor.scope:",
        "if False:",
    ),
    Mutant(
        "a record may be put into another's notebook",
        DECIDE,
        "if audience is not None and audience not in actor.scope:",
        "if False:",
    ),
    Mutant(
        "who lost a role while they waited for the lock still has it",
        SURVEY,
        'if actor.role not in (role, "server"):',
        "if False:",
    ),
    Mutant(
        "anybody may say who sees a record",
        DECIDE,
        "if change.audience not in (None, present.audience) and",
        "if False and",
    ),
    Mutant(
        "a put on a base that never was makes a record",
        DECIDE,
        "    if change.base_version is not None:\n        raise",
        "    if False:\n        raise",
    ),
    Mutant(
        "a removed record comes back to life",
        DECIDE,
        "if present.is_gone:  # 5",
        "if present.is_gone and change.remove:",
    ),
    Mutant(
        "a put that says nothing new makes a version",
        DECIDE,
        "if not change.remove and prepared.values == present.values and",
        "if False and",
    ),
    Mutant(
        "the base is not checked: the last one wins",
        DECIDE,
        "if present.version in (change.base_version, *change.ancestors):  # 7",
        "if True:",
    ),
    Mutant(
        "ancestors are ignored",
        DECIDE,
        "if present.version in (change.base_version, *change.ancestors):  # 7",
        "if present.version == change.base_version:",
    ),
    Mutant(
        "an own older state that comes late is taken for a conflict",
        DECIDE,
        "if change.change_id in state.ancestors or change.change_id == version:  # 8",
        "if False:",
    ),
    Mutant(
        "edits of different fields are not merged",
        DECIDE,
        "if change.is_strict or change.remove or base is None",
        "if True or base is None",
    ),
    Mutant(
        "where both changed a field the later one wins silently",
        DECIDE,
        "    if clashes:\n        raise",
        "    if False:\n        raise",
    ),
    Mutant(
        "a merge forgets the other's fields",
        MERGE,
        "merged[name] = there if here == was else here",
        "merged[name] = here",
    ),
    Mutant(
        "of a merge, what was sent is not kept",
        DECIDE,
        "    if merges:  # what was sent",
        "    if False:  # what was sent",
    ),
    Mutant(
        "a reference to what was removed is taken",
        DECIDE,
        "    if lost:\n        sentence",
        "    if False:\n        sentence",
    ),
    # the feed
    Mutant(
        "a page ends inside one revision", PULL, "if is_full or revision == last:", "if is_full:"
    ),
    Mutant(
        "a page is larger than its limit in bytes",
        PULL,
        "or (changes and size + weight > PAGE_BYTES)",
        "",
    ),
    Mutant(
        "who loses sight of a record is not told",
        STATEMENTS,
        "WHERE r.last AND r.was <> r.audience",
        "WHERE false",
    ),
    Mutant(
        "a record that moved is told as removed", PULL, "    if row.is_gone:\n", "    if True:\n"
    ),
    Mutant("a snapshot tells of what was removed before it began", PULL, "place.began or 0", "0"),
    Mutant(
        "audiences lost are not taken back",
        PLACE,
        "        place.leaving = Leaving(lost)",
        "        place.covered = [each for each in place.covered if each in scope]",
    ),
    Mutant(
        "audiences gained are not sent",
        PLACE,
        "        _enter(place, gained, place.kinds_known, head)",
        "        pass",
    ),
    Mutant(
        "an audience lost while it is sent is sent to the end",
        PLACE,
        "        place.entering.audiences = kept",
        "        pass",
    ),
    Mutant(
        "an audience regained while it is taken back stays half gone",
        PLACE,
        "gained += [each for each in place.leaving.audiences if each in scope]",
        "pass",
    ),
    Mutant(
        "a scope lost and regained between two pulls is taken for the one before",
        PLACE,
        "is_new = place.scope_since < head.scope_since",
        "is_new = False",
    ),
    Mutant(
        "an operation that said nothing new stands for no state",
        LEDGER,
        'return entry.version if entry.status == "applied" and entry.version else base',
        "return base",
    ),
    Mutant(
        "the scope told is not the scope of now",
        PULL,
        '"scope": list(actor.scope),\n        **',
        '"scope": place.covered,\n        **',
    ),
    Mutant(
        "an expired cursor goes on as if nothing had been forgotten",
        PLACE,
        "if (place.began or place.revision) < head.gc_revision:",
        "if False:",
    ),
    Mutant(
        "a snapshot under way is expired by what went before it",
        PLACE,
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
        PLACE,
        "    require_epoch(place.epoch, head.epoch)\n",
        "",
    ),
    Mutant(
        "a database that was put back unannounced is not noticed",
        PLACE,
        "if place.revision > head.revision:",
        "if False:",
    ),
    Mutant(
        "a restored server is not noticed by a push",
        "api/sync/routes.py",
        "        require_epoch(envelope.epoch, head.epoch)\n",
        "",
    ),
    Mutant(
        "a cursor may be made up",
        CURSOR,
        "if not hmac.compare_digest(mark, _mark(body, secret)):",
        "if False:",
    ),
    Mutant(
        "somebody else's cursor is taken",
        PLACE,
        "if (place.network, place.member) != (actor.network_id, actor.member_id):",
        "if False:",
    ),
    Mutant("a cursor wanders to other kinds", PLACE, "if place.kinds != asked.kinds:", "if False:"),
    Mutant(
        "a client id may be anybody's",
        SURVEY,
        'if is_theirs == "false":',
        "if False:",
    ),
    Mutant("nobody notes whose a client id is", WRITE, "if world.new_client:", "if False:"),
    # versions of the data
    Mutant(
        "an older phone's put empties what it does not know",
        DECIDE,
        "if not change.unsaid or not present",
        "if True or not present",
    ),
    Mutant(
        "an older phone is sent what it does not know",
        VERSIONS,
        "unsaid = kind.unknown_to(version)",
        "unsaid: set[str] = set()",
    ),
    Mutant(
        "an updated phone is not sent what changed shape",
        PLACE,
        "        if kinds:\n",
        "        if False:\n",
    ),
    # quarantine
    Mutant(
        "anybody reads what was refused",
        QUARANTINE,
        "AND (l.author_id = %(member)s OR l.audience = %(audience)s)",
        "AND true OR l.author_id = %(member)s AND l.audience = %(audience)s",
    ),
    Mutant(
        "a coordinator reads what was meant for a notebook",
        LEDGER,
        "usual = own if kind.notebook or kind.follows else NETWORK",
        "usual = NETWORK",
    ),
    Mutant(
        "a coordinator does not see what somebody meant for the network who is out of it",
        LEDGER,
        "return meant if meant in (NETWORK, own) else None",
        "return meant if meant in world.actor.scope else None",
    ),
    Mutant(
        "two people mend the same refusal",
        QUARANTINE,
        "if row is None or row[0] != mended_as:",
        "if False:",
    ),
    Mutant(
        "a mended record belongs to whoever mended it",
        QUARANTINE,
        "        author_id=refused.author_id,\n        keeps",
        "        keeps",
    ),
    # the change stream
    Mutant(
        "a stream tells of what others write in their notebooks",
        HUB,
        " AND s.audience = a.audience",
        "",
    ),
    Mutant(
        "who may no longer sync goes on listening", HUB, "            require_listener(actor)\n", ""
    ),
    Mutant(
        "what nobody announces is never heard of",
        HUB,
        "                self._look_at(cx, None)\n",
        "                pass\n",
    ),
    Mutant("one member takes all the places", HUB, "own >= OF_MEMBER or ", ""),
    # what comes in
    Mutant("a line is closed on who still sends", WEB, "else HEARD_OUT", "else 0"),
    Mutant("an endless push is taken", PUSH, "if len(envelope.ops) > OPS:", "if False:"),
    Mutant("a record of any size is taken", CODEC, "if len(raw) > RECORD_BYTES:", "if False:"),
    Mutant(
        "the future is understood",
        VERSIONS,
        "if version is not None and not OLDEST <= version <= newest():",
        "if False:",
    ),
]
