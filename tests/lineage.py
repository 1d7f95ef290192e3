"""Lineages: what an edit is on top of is misread, one way at a time; for `make mutants`.

As in tests/mutants.py: what is broken, file, the guard as it stands, what it becomes.
"""

from __future__ import annotations

from .mutants import Mutant

CHAINS = "api/exchange/openrosa/chains.py"
DECIDE = "api/core/decide.py"
LINEAGE = "api/core/lineage.py"
STATEMENTS = "api/core/statements.py"
SURVEY = "api/core/survey.py"

LINEAGES = [
    Mutant(
        "what was removed before it came comes back",
        DECIDE,
        "        foreclose(change, world)\n",
        "",
    ),
    Mutant(
        "what was removed by somebody else before it came does not come",
        "api/core/ledger.py",
        'return uuid5(op_id, f"removed first by {member_id}")',
        'return uuid5(op_id, "removed first")',
    ),
    Mutant(
        "what was pulled under what waits counts as its sender's own",
        LINEAGE,
        "is_between = began.revision < pulled.revision < own.revision",
        "is_between = False",
    ),
    Mutant(
        "what was refused for the network brings a record out of the notebook it is in by now",
        LINEAGE,
        " or base.audience == NETWORK:\n        return None\n    return notebook(base.author_id)",
        ":\n        return None\n    return base.audience or notebook(base.author_id)",
    ),
    Mutant(
        "what is on top of a refused entry for a notebook is for the network",
        LINEAGE,
        "base = next(filter(None, named), None)",
        "base = None",
    ),
    Mutant(
        "who does not say who sees a record is not told who does",
        "api/sync/push.py",
        "is_whole = change.audience or change.remove",
        "is_whole = True",
    ),
    Mutant(
        "what cannot be read stands for nothing",
        "api/sync/push.py",
        "base_version=_id(name.base_version),",
        "base_version=None,",
    ),
    Mutant(
        "what its author sent a newer state before is judged by what it names",
        LINEAGE,
        "if prepared.change.is_late:",
        "if False:",
    ),
    Mutant(
        "only the next state tells that a newer one of one's own is in",
        LINEAGE,
        "version = state.base\n",
        "break\n",
    ),
    Mutant(
        "what said nothing new is no base in the same push",
        SURVEY,
        "for version in (seen, present, began, change.base_version):",
        "for version in (seen, began, change.base_version):",
    ),
    Mutant(
        "what a refused one built on is not known where that said nothing new",
        STATEMENTS,
        "AND l.op_id = ANY(CAST(:ops AS uuid[]))\n  UNION ALL",
        "AND l.op_id = ANY(CAST(:ops AS uuid[])) AND l.error IS NOT NULL\n  UNION ALL",
    ),
    Mutant(
        "what several refused ones built on is not known where that said nothing new",
        STATEMENTS,
        "    AND l.op_id = line.base\n",
        "    AND l.op_id = line.base AND l.error IS NOT NULL\n",
    ),
    Mutant(
        "an ancestor that said nothing new stands for no state",
        LINEAGE,
        "made = (_made(op_id, change, world) for",
        "made = (op_id for",
    ),
    Mutant(
        "of base and ancestors the older one counts",
        LINEAGE,
        "return max(seen",
        "return min(seen",
    ),
    Mutant(
        "what an own operation found is in the way of what is on top of that",
        DECIDE,
        "if seen == present.version:  # 8",
        "if False:",
    ),
    Mutant(
        "what overtakes and says nothing new holds nothing back",
        DECIDE,
        "or not overtakes(prepared, present, world):",
        "or True:",
    ),
    Mutant(
        "who may not change a record makes a version of it by saying what is there",
        DECIDE,
        "if not present.may_change or not overtakes",
        "if not overtakes",
    ),
    Mutant(
        "a request for one version says what is there on top of another",
        LINEAGE,
        "is_first = not change.is_strict and not is_behind(prepared, present, world)",
        "is_first = not is_behind(prepared, present, world)",
    ),
    Mutant(
        "what comes late and says the same is put on top of what came on top of it",
        LINEAGE,
        "is_first = not change.is_strict and not is_behind(prepared, present, world)",
        "is_first = not change.is_strict",
    ),
    Mutant(
        "a refused operation is taken for one that has not come",
        LINEAGE,
        "(present and present.version, *line, *world.ledger)",
        "(present and present.version, *line)",
    ),
    Mutant(
        "a merge of before is taken for an operation that has not come",
        LINEAGE,
        "(present and present.version, *line, *world.ledger)",
        "(present and present.version, *world.ledger)",
    ),
    Mutant(
        "the merge that is there is taken for an operation that has not come",
        LINEAGE,
        "(present and present.version, *line, *world.ledger)",
        "(*line, *world.ledger)",
    ),
    Mutant(
        "what stands aside is merged again once its verdict is forgotten",
        LINEAGE,
        "return change_id in line",
        "return False",
    ),
    Mutant(
        "what is behind by now is written once its verdict is forgotten",
        DECIDE,
        "if is_behind(prepared, present, world):  # 7",
        "if False:  # 7",
    ),
    Mutant(
        "of ancestors the oldest one counts",
        LINEAGE,
        "made = (_made(op_id, change, world) for op_id in reversed(change.ancestors))",
        "made = (_made(op_id, change, world) for op_id in change.ancestors)",
    ),
    Mutant(
        "ancestors are no base of a merge",
        LINEAGE,
        "for v in (last, base_of(change, world)) if",
        "for v in (base_of(change, world),) if",
    ),
    Mutant(
        "only ancestors are a base of a merge",
        LINEAGE,
        "for v in (last, base_of(change, world)) if",
        "for v in (last,) if",
    ),
    Mutant(
        "what ancestors found is not looked up",
        SURVEY,
        "(c.change_id, c.base_version, *c.ancestors)",
        "(c.change_id, c.base_version)",
    ),
    Mutant(
        "only a base that said nothing new is remembered",
        DECIDE,
        "if base != change.base_version or (present and present.version != base):",
        "if base != change.base_version:",
    ),
    Mutant(
        "a base that comes late is newer than what is on top of it",
        DECIDE,
        "ancestors = (base, *change.ancestors) if base else change.ancestors",
        "ancestors = change.ancestors",
    ),
    Mutant(
        "of many refusals on top of each other only the last fifty are looked at",
        STATEMENTS,
        "WHERE line.depth < 200)",
        "WHERE line.depth < 50)",
    ),
    Mutant(
        "a refused base stands for nothing in a later push", LINEAGE, "base = entry.base", "break"
    ),
    Mutant(
        "anybody's refused base is stood on",
        LINEAGE,
        "if entry and (entry.author_id, entry.record_id) == named else None",
        "if entry and entry.record_id == change.id else None",
    ),
    Mutant(
        "a refused base of another record is stood on",
        LINEAGE,
        "if entry and (entry.author_id, entry.record_id) == named else None",
        "if entry and entry.author_id == named[0] else None",
    ),
    Mutant(
        "an own older state that comes late is taken for a conflict",
        LINEAGE,
        "if change_id in state.ancestors:",
        "if False:",
    ),
    Mutant(
        "an operation that said nothing new stands for no state",
        LINEAGE,
        'return entry.version if entry and entry.status == "applied" and entry.version else op_id',
        "return op_id",
    ),
    # of the forms of phones, in whatever order they come
    Mutant(
        "an edit makes a record of its own",
        CHAINS,
        "before[0].record_id if before else replaced or own",
        "own",
    ),
    Mutant(
        "an edit makes a record of its own until its original comes",
        CHAINS,
        "if before else replaced or own",
        "if before else own",
    ),
    Mutant(
        "an original that comes late makes a record of its own",
        CHAINS,
        "record = after[0] if after else",
        "record =",
    ),
    Mutant(
        "what comes after its edit is a conflict with it",
        CHAINS,
        "is_late=after is not None,",
        "is_late=False,",
    ),
    Mutant(
        "only the next edit is looked for",
        CHAINS,
        "WHERE s.author_id = %(author)s AND line.depth < {FURTHEST})\nSELECT record_id FROM",
        "WHERE false)\nSELECT record_id FROM",
    ),
    Mutant(
        "only the last edit is looked back on",
        CHAINS,
        "WHERE s.author_id = %(author)s AND line.is_own AND line.depth < {FURTHEST})",
        "WHERE false)",
    ),
    Mutant(
        "somebody else's form makes an original late",
        CHAINS,
        "s.replaces = %(id)s AND s.author_id = %(author)s",
        "s.replaces = %(id)s",
    ),
    Mutant(
        "somebody else's form ends the record that it names",
        CHAINS,
        "s.author_id = %(author)s AS is_own, 1",
        "true AS is_own, 1",
    ),
    Mutant(
        "somebody else's form ends records beyond its own",
        CHAINS,
        "AND line.is_own AND",
        "AND",
    ),
    Mutant(
        "a late edit is looked for on top of what another record is",
        CHAINS,
        "if before and before[0].record_id == record else None",
        "if before else None",
    ),
    Mutant(
        "what was edited out of order stands there twice",
        CHAINS,
        "if each.record_id != record}",
        "if False}",
    ),
    Mutant(
        "what stands there goes for an edit that was refused",
        CHAINS,
        "if present is None or present.is_gone:",
        "if present and present.is_gone:",
    ),
    Mutant(
        "who removed one of two by hand loses the other",
        CHAINS,
        "if present is None or present.is_gone:",
        "if present is None:",
    ),
    Mutant(
        "photos go with what was edited out of order",
        CHAINS,
        "if not _is_followed(cx, actor, kind, record)",
        "if True",
    ),
]
