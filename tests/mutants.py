"""Mutants: one guard of the write path weakened at a time; `make mutants` runs them.

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
        "outcome.present = present if present and actor.sees(present.audience) else None",
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
    Mutant(
        "what is refused is told to be as it was sent",
        PUSH,
        "if outcome.version and present.version in",
        "if present.version in",
    ),
    # who sees it
    Mutant(
        "an edit from before a move moves it back",
        DECIDE,
        "if change.audience == base.audience:",
        "if False:",
    ),
    Mutant("a mended refusal moves the record", QUARANTINE, "goes_along or is_there", "goes_along"),
    Mutant(
        "what cannot be read is shown to coordinators whomever it was meant for",
        PUSH,
        "audience=_text(name.audience) if is_meant else UNKNOWN,",
        "audience=None,",
    ),
    Mutant(
        "what moves along in the same push is told as it was before",
        WRITE,
        "taken.get(key) or after.present.get(key)",
        "after.present.get(key)",
    ),
    Mutant(
        "a correction of a refused entry is for the network, whomever that was for",
        DECIDE,
        "change = replace(change, audience=meant_of_base(change, world))",
        "pass",
    ),
    Mutant(
        "a refused correction is shown to the network, whomever the first was for",
        LEDGER,
        "said = change.audience or meant_of_base(change, world)",
        "said = change.audience",
    ),
    Mutant(
        "a person may be put before the network",
        DECIDE,
        "if audience == NETWORK and prepared.kind and prepared.kind.notebook:",
        "if False:",
    ),
    Mutant(
        "a photo meant for a notebook is shown to the network",
        DECIDE,
        "if home == NETWORK and meant not in (None, NETWORK) and",
        "if False and",
    ),
    Mutant(
        "a question stays with the network when its introduction leaves",
        "api/records/follow_ups/__init__.py",
        'follows=("introduction_id",),',
        "follows=(),",
    ),
    Mutant(
        "half a character refuses a whole push",
        PUSH,
        "envelope = _read_leniently(raw, error)",
        'raise Problem("bad_request") from error',
    ),
    Mutant(
        "a name of half a character breaks the push",
        PUSH,
        'str(said).encode("utf-8", "replace").decode()',
        "str(said)",
    ),
    # what cannot be read
    Mutant(
        "of a group some are done though one cannot be read",
        PUSH,
        "group=_text(name.group),",
        "group=None,",
    ),
    Mutant(
        "all that name no record are about one",
        PUSH,
        'or uuid5(name.op_id, "record")',
        "or UUID(int=0)",
    ),
    Mutant(
        "a name that the database cannot hold breaks the push",
        "api/core/problems.py",
        'return text.replace("\\0", "\\ufffd")',
        "return text",
    ),
    Mutant(
        "a repeat after an upgrade is another request",
        "api/core/change.py",
        "said = kind.lasting(values, data)",
        "said = data",
    ),
    Mutant(
        "a cursor leads on in another list",
        CURSOR,
        "secret.encode()[:64], of.encode()",
        'secret.encode()[:64], b""',
    ),
    # verdicts
    Mutant(
        "what builds on a refusal of the same push is tried all the same",
        DECIDE,
        "if change.base_version in world.failed:  # 2",
        "if False:",
    ),
    Mutant("one of a group may fail alone", DECIDE, "if change.group in broken:", "if False:"),
    Mutant(
        "a record of another's notebook may be changed",
        DECIDE,
        "if present and not actor.sees(present.audience):",
        "if False:",
    ),
    Mutant(
        "a record may be put into another's notebook",
        DECIDE,
        "if audience is not None and not actor.sees(audience):",
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
        "if moves and actor.member_id != present.author_id:",
        "if False:",
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
        "if present.version == change.base_version:  # 8",
        "if True:",
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
    # who sees what
    Mutant(
        "a removal moves what it removes to the audience it names",
        DECIDE,
        "meant = None if change.remove else change.audience",
        "meant = change.audience",
    ),
    Mutant(
        "what follows a record may stay behind",
        WRITE,
        "        if not outcome.is_done:\n            raise outcome.problem",
        "        if False:\n            raise outcome.problem",
    ),
    Mutant(
        "what follows a record is held to the rules of today",
        WRITE,
        "prepare(change, is_stored=True)",
        "prepare(change)",
    ),
    Mutant(
        "a misspelt audience is taken for none",
        PUSH,
        "class Op(msgspec.Struct, forbid_unknown_fields=True):",
        "class Op(msgspec.Struct):",
    ),
    Mutant(
        "what may have been for a notebook is listed for coordinators",
        PUSH,
        "audience=_text(name.audience) if is_meant else UNKNOWN,",
        "audience=_text(name.audience),",
    ),
    Mutant(
        "an audience of no letters is taken for none",
        PUSH,
        "Said = Annotated[str, msgspec.Meta(min_length=1)]",
        "Said = str",
    ),
    Mutant(
        "a misspelt member of a push is dropped",
        PUSH,
        "class Envelope(msgspec.Struct, forbid_unknown_fields=True):",
        "class Envelope(msgspec.Struct):",
    ),
    # the database
    Mutant(
        "a transaction that failed is taken for done",
        "api/core/driver.py",
        'if answer.command_status != b"COMMIT":',
        "if False:",
    ),
    Mutant(
        "after a backup came back what was held before is held for the present",
        "api/core/head.py",
        'return f"{self.revision}-{self.epoch.hex[:8]}"',
        'return f"{self.revision}"',
    ),
    Mutant(
        "who may only propose is refused what changes nothing",
        DECIDE,
        "    _require_scope(prepared, present, world)\n",
        "    _require_scope(prepared, present, world)\n    _require_status(prepared, may)\n",
    ),
]
