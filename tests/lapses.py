"""Lapses: a guard of what phones are told is weakened at a time; for `make mutants`.

As in tests/mutants.py: what is broken, file, the guard as it stands, what it becomes.
"""

from __future__ import annotations

from .mutants import Mutant

CURSOR = "api/core/cursor.py"
DECIDE = "api/core/decide.py"
LEDGER = "api/core/ledger.py"
STATEMENTS = "api/core/statements.py"
WRITE = "api/core/write.py"
SURVEY = "api/core/survey.py"
HUB = "api/sync/hub.py"
PLACE = "api/sync/place.py"
PULL = "api/sync/pull.py"
QUARANTINE = "api/sync/quarantine.py"
VERSIONS = "api/sync/versions.py"

LAPSES = [
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
        "if not hmac.compare_digest(mark, _mark(of, body, secret)):",
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
        "usual = own if kind.notebook else NETWORK",
        "usual = NETWORK",
    ),
    Mutant(
        "a coordinator reads what was to follow a record in a notebook",
        LEDGER,
        "meant = (present.audience if present else home) or own",
        "meant = change.audience or NETWORK",
    ),
    Mutant(
        "a refused edit of what is in a notebook by now is shown to coordinators",
        LEDGER,
        "meant = own if there == own else said or there or usual",
        "meant = said or there or usual",
    ),
    Mutant(
        "a page of refusals is as large as may be",
        QUARANTINE,
        "for *row, fits in found[: asked.limit] if fits]",
        "for *row, _ in found[: asked.limit]]",
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
]
