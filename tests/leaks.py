"""Leaks: a guard of uploads, forms, handovers or lines weakened at a time; for `make mutants`.

As in tests/mutants.py: what is broken, file, the guard as it stands, what it becomes.
"""

from __future__ import annotations

from .mutants import Mutant

UPLOADS = "api/sync/uploads/"
BOXES = UPLOADS + "boxes.py"
CLEANING = UPLOADS + "cleaning.py"
CONTENT = UPLOADS + "content.py"
PIECES = UPLOADS + "pieces.py"
STREAMS = UPLOADS + "streams.py"
TAKING = UPLOADS + "taking.py"
TUS = UPLOADS + "tus.py"
FILES = "api/jobs/files.py"
OPENROSA = "api/exchange/openrosa/"
PLAN = "api/handover/plan.py"
HANDOVERS = "api/handover/routes.py"

LEAKS = [
    # uploads, as they come in
    Mutant(
        "what strangers send is read",
        "api/core/web.py",
        "    if not of_anybody:\n",
        "    if False:\n",
    ),
    Mutant("a piece is taken wherever it begins", TAKING, "if stands != offset:", "if False:"),
    Mutant(
        "more than was announced is taken",
        TAKING,
        "if offset + len(piece) > upload.length:",
        "if False:",
    ),
    Mutant(
        "a whole file of another digest is kept",
        TAKING,
        "if pieces.digest(content) != upload.sha256:",
        "if False:",
    ),
    Mutant(
        "a damaged piece is taken",
        TUS,
        "if not hmac.compare_digest(found, sent.strip()):",
        "if False:",
    ),
    Mutant("what was kept is taken again", TUS, "    if upload.stored_at:  #", "    if False:  #"),
    Mutant(
        "nothing more at the end of what was kept is an error",
        TUS,
        "        taking.require_fitting(upload, upload.length, offset, piece)\n",
        '        raise Problem("offset_conflict", offset=upload.length)\n',
    ),
    Mutant("a piece of any type is taken", TUS, "if request.mimetype != MEDIA:", "if False:"),
    Mutant(
        "a packed piece is taken for the bytes it holds",
        TUS,
        'if "Content-Encoding" in request.headers:',
        "if False:",
    ),
    Mutant(
        "what Flask refuses of uploads speaks no tus and may be kept",
        TUS,
        "@blueprint.after_app_request",
        "@blueprint.after_request",
    ),
    Mutant("a number without end breaks something", TUS, "[:MOST_DIGITS]", ""),
    Mutant(
        "two requests write at once",
        PIECES,
        "                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)\n",
        "                pass\n",
    ),
    Mutant(
        "a crash forgets the name of a file under way",
        PIECES,
        "                folders.sync(path.parent)\n",
        "                pass\n",
    ),
    Mutant(
        "two announcements at once both get the last room",
        TAKING,
        "    lock_network(cx, actor.network_id)  # two at once would both find the last room",
        "    pass",
    ),
    Mutant(
        "what is being kept is taken for the file that replaces it",
        TAKING,
        "with holding(desk, actor, Upload(*row)):",
        "if True:",
    ),
    Mutant(
        "what was forgotten between opening and holding is written to",
        "api/sync/uploads/pieces.py",
        "if not is_it:",
        "if False:",
    ),
    Mutant("a file of any size is announced", TAKING, "announced.length > MOST_BYTES", "False"),
    Mutant(
        "another type is announced under the same id",
        TAKING,
        "there = upload.length, upload.sha256, upload.mime",
        "there = upload.length, upload.sha256, self.mime",
    ),
    Mutant(
        "a file comes in under another's attachment",
        TAKING,
        "if author != actor.member_id:",
        "if False:",
    ),
    Mutant(
        "a file that its record does not name is taken",
        TAKING,
        "for name, (a, b) in said.items() if a != b}",
        "for name in ()}",
    ),
    Mutant(
        "what was sent by mistake stands in the way of the right file",
        TAKING,
        "if row and named and not announced.is_in(Upload(*row)) and row[1] == actor.member_id:",
        "if False:",
    ),
    Mutant(
        "what a crash left damaged cannot begin again",
        UPLOADS + "tus.py",
        'if problem.code != "checksum_mismatch":',
        "if True:",
    ),
    Mutant("a file for a removed attachment is taken", TAKING, "if is_gone:", "if False:"),
    Mutant(
        "what was announced before its attachment was removed is taken",
        TAKING,
        "if upload.is_gone:",
        "if False:",
    ),
    Mutant(
        "an upload hears of another's record",
        TAKING,
        "\n  AND a.author_id = u.member_id\n",
        "\n",
    ),
    Mutant(
        "a file of another size than named counts",
        UPLOADS + "content.py",
        "  AND u.length = a.size\n",
        "",
    ),
    Mutant(
        "another's upload goes on in anybody's hands",
        TAKING,
        "if row is None or row[1] != actor.member_id:",
        "if row is None:",
    ),
    Mutant(
        "phones do not hear of a file",
        TAKING,
        '        touch(cx, actor.network_id, KIND, params["id"])\n',
        "",
    ),
    # what is kept of them
    Mutant("what a file says it is counts", CLEANING, "    if found != mime:\n", "    if False:\n"),
    Mutant("a picture is kept with its metadata", CLEANING, "_draw(opened, kind)", "opened.copy()"),
    Mutant(
        "a fault beside a picture is taken for one in it",
        CLEANING,
        "with suppress(*DAMAGED):",
        "with suppress():",
    ),
    Mutant(
        "pictures are drawn side by side",
        CLEANING,
        "        with ONE_AT_A_TIME:\n",
        "        if True:\n",
    ),
    Mutant(
        "memory of a picture stays with its thread",
        CLEANING,
        "Image.core.set_block_size(2**30)",
        "None",
    ),
    Mutant("a bomb is unpacked", CLEANING, "        _require_small(opened)\n", ""),
    Mutant(
        "an MP4 is kept with place and device",
        BOXES,
        "if box.kind not in NEEDED[box.within]:",
        "if False:",
    ),
    Mutant(
        "an MP4 is kept with the address of another",
        BOXES,
        'if box.within == b"dref":',
        "if False:",
    ),
    Mutant("an MP4 is kept with its hours", BOXES, "elif box.kind in DATED:", "elif False:"),
    Mutant(
        "a film is taken for a sound",
        CLEANING,
        'if not is_heard or boxes.handlers(content) != {b"soun"}:',
        "if not is_heard:",
    ),
    Mutant("an Ogg is kept with its tags", CLEANING, "    found.delete(file)\n", ""),
    Mutant(
        "strange bytes behind an Ogg are kept",
        STREAMS,
        'if content[begin : begin + 4] != b"OggS" or not segments:',
        "if not segments:",
    ),
    # who gets a file
    Mutant(
        "who does not see the record gets the file",
        CONTENT,
        "    get(cx, actor, KINDS[KIND], record_id)\n",
        "",
    ),
    Mutant("anybody's file counts", CONTENT, "AND u.member_id = a.author_id AND", "AND"),
    Mutant("a file that no record names counts", CONTENT, " AND u.sha256 = a.sha256", ""),
    Mutant("a file is shown, not saved", CONTENT, "f'attachment; filename", "f'inline; filename"),
    # when a file is forgotten
    Mutant(
        "the file of what was removed stays", FILES, "a.deleted_at IS NOT NULL\n  OR", "false OR"
    ),
    Mutant(
        "a file that is referred to goes", FILES, "(a.id IS NULL OR u.stored_at IS NULL)", "true"
    ),
    Mutant("what arrives while it is forgotten leaves a file", FILES, " FOR UPDATE OF u", ""),
    Mutant(
        "what arrived in time is forgotten", FILES, "        if is_over:\n", "        if True:\n"
    ),
    Mutant("pieces that are awaited are swept", FILES, "set(lying) - awaited", "set(lying)"),
    # forms of phones
    Mutant(
        "other content under one instance is thanked for and lost",
        OPENROSA + "receiving.py",
        "if row and not row[0]:",
        "if False:",
    ),
    Mutant(
        "a form that was sent may not be edited on the phone",
        OPENROSA + "forms.py",
        '{"client_editable": "yes"}',
        "{}",
    ),
    Mutant(
        "what stands around files counts against what was announced",
        OPENROSA + "posting.py",
        "= POST_BYTES + OVERHEAD_BYTES",
        "= POST_BYTES",
    ),
    Mutant(
        "a phone may post as much as it likes",
        OPENROSA + "posting.py",
        "= POST_BYTES + OVERHEAD_BYTES",
        "= 2 * POST_BYTES",
    ),
    Mutant(
        "a form that came as a field is guessed at",
        OPENROSA + "posting.py",
        "        return EXACT\n",
        "        return super().get_part_charset(headers)\n",
    ),
    Mutant(
        "a form's number is what Python takes for one",
        OPENROSA + "mapping.py",
        "if NUMBER.fullmatch(said) else math.nan",
        "if True else math.nan",
    ),
    Mutant(
        "a form chooses from notebooks of others",
        OPENROSA + "choices.py",
        "AND {VISIBLE} AND",
        "AND",
    ),
    Mutant(
        "a form names groups in notebooks of others",
        OPENROSA + "choices.py",
        " WHERE {VISIBLE}) g",
        ") g",
    ),
    Mutant(
        "a refuge is on a list",
        OPENROSA + "choices.py",
        "<> 'retired' AND NOT r.never_map",
        "<> 'retired'",
    ),
    # handovers
    Mutant(
        "an entry moves though nobody told its person",
        PLAN,
        "return None if held.notice == ALLOWING else held.notice",
        'return "declined" if held.notice == "declined" else None',
    ),
    Mutant("a notebook that was kept back moves", PLAN, "if not found.notebook:", "if False:"),
    Mutant("what others hold moves", PLAN, " AND r.author_id = :giver AND", " AND"),
    Mutant(
        "a consent withdrawn meanwhile is not seen",
        HANDOVERS,
        "        lock_network(cx, network_id)",
        "        pass",
    ),
    Mutant("anybody accepts", HANDOVERS, "if found.receiver_id != actor.member_id:", "if False:"),
    # the lines to the database
    Mutant(
        "lines cut with the one that was in use are used",
        "api/core/db.py",
        "        cx.engine.dispose()",
        "        pass",
    ),
    Mutant(
        "what failed is kept",
        "api/core/db.py",
        "        _undo(cx)\n",
        '        tell(cx, "COMMIT")\n',
    ),
    Mutant(
        "a batch that begins again forgets whose network it is",
        "api/core/driver.py",
        'tell(cx, f"ROLLBACK; {words}")',
        'tell(cx, "ROLLBACK; BEGIN")',
    ),
    Mutant(
        "what is to replace is written as if it were new",
        "api/core/write.py",
        "replaces = any(row.base is not None for row in rows)",
        "replaces = False",
    ),
    Mutant(
        "who has left may write, and holds up the others",
        "api/accounts/authentication.py",
        "u.disabled_at IS NULL AND m.ended_at IS NULL",
        "u.disabled_at IS NULL",
    ),
    Mutant(
        "writers whom a phone's key brings do not wait for others",
        "api/core/lock.py",
        "WHERE id = %(network)s {HOLD}",
        "WHERE id = %(network)s",
    ),
    Mutant(
        "who holds a network goes on from where it stood when it was held",
        "api/core/lock.py",
        "Standing(network_id, revision, lock_network(cx, network_id).epoch)",
        "lock_network(cx, network_id)",
    ),
    Mutant(
        "what was noted since a savepoint outlives it",
        "api/core/driver.py",
        "    cx.info[_NOTED] = before | {savepoint: before}\n",
        "",
    ),
    Mutant(
        "a transaction that begins again believes that it holds the network",
        "api/core/driver.py",
        "    cx.info[_NOTED] = {_BEGIN: words}\n    tell(cx, f",
        "    tell(cx, f",
    ),
    Mutant(
        "what was noted of one transaction holds in the next",
        "api/core/driver.py",
        "    cx.info[_NOTED] = {_BEGIN: words}\n    tell(cx, words)",
        "    cx.info.setdefault(_NOTED, {})[_BEGIN] = words\n    tell(cx, words)",
    ),
]
