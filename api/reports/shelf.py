"""Shelf: frozen reports in the database: laid there, found, shared with groups, released.

Newest first is by id: ids are made in order of time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from api.core.driver import raw
from api.core.problems import Problem

from .disclosure import not_safe
from .inputs import cells_of_one, earlier
from .order import METHOD_VERSION, Moment
from .rules import require_rule, rules_of
from .shelved import Around, Shelved

if TYPE_CHECKING:
    from uuid import UUID

    from sqlalchemy import Connection

    from api.core.actor import Actor

    from .freeze import Frozen
    from .order import Order

KEEPERS = ("coordinator", "admin")
# Who may read what: groups hear of a report first, funders when it is released to them.
VISIBLE = {
    "coordinator": "true",
    "admin": "true",
    "connector": "shared_with_groups_at IS NOT NULL",
    "funder": "released_at IS NOT NULL",
}
OPEN = "released_at IS NOT NULL AND withdrawn_at IS NULL"  # what anybody outside may take
# The newest report that has taken the place of this one for the same readers.
_SUPERSEDED_BY = """(
    SELECT newer.id FROM report newer WHERE newer.network_id = report.network_id
        AND newer.supersedes = report.id AND newer.withdrawn_at IS NULL
        AND (newer.released_at IS NOT NULL OR newer.audience = 'coordinators')
    ORDER BY newer.id DESC LIMIT 1) AS superseded_by"""
_PLAIN = (
    *("id", "period_from", "period_to", "boundaries", "language", "template", "audience"),
    *("revision", "method_version", "digest", "created_at", "shared_with_groups_at"),
    *("released_at", "withdrawn_at", "withdrawn_because", "grants", "supersedes"),
)
_NAMES = (*_PLAIN, "superseded_by")
COLUMNS = ", ".join((*_PLAIN, _SUPERSEDED_BY))
SHELVED = f"id, body, digest, grants, withdrawn_at, withdrawn_because, {_SUPERSEDED_BY}"


def moment_of(cx: Connection, network_id: UUID) -> Moment:
    """The network as this transaction sees it."""
    row = raw(cx).execute(_MOMENT, {"network": network_id}).fetchone()
    if row is None:
        raise Problem("unknown_network")
    name, revision, at, began_on = row
    rules = rules_of(cx, network_id)
    return Moment(network_id, name, revision, at, earlier(cx, network_id), rules, began_on)


def require_keeper(cx: Connection, actor: Actor) -> None:
    """Raise `out_of_scope` unless this member is here and a keeper now, whatever they were."""
    asked = {"network": actor.network_id, "member": actor.member_id, "keepers": list(KEEPERS)}
    if raw(cx).execute(_KEEPER, asked).fetchone() is None:
        raise Problem("out_of_scope", f"This takes the role {' or '.join(KEEPERS)}.")


def keep(cx: Connection, actor: Actor, order: Order, moment: Moment, frozen: Frozen) -> None:
    """Lay a new report on the shelf."""
    values = {
        "network": moment.network_id,
        "id": frozen.id,
        "created_at": moment.at,
        "member": actor.member_id,
        "from_on": order.from_on,
        "to_on": order.to_on,
        "boundaries": list(frozen.boundaries),
        "language": order.language,
        "template": order.template,
        "audience": order.audience,
        "revision": moment.revision,
        "seed": frozen.seed,
        "method_version": METHOD_VERSION,
        "body": frozen.body,
        "digest": frozen.digest,
        "supersedes": order.supersedes,
    }
    raw(cx).execute(_KEEP, values)


def take(cx: Connection, actor: Actor, report_id: UUID) -> Shelved:
    """The report as it was laid down; `not_found` unless visible.

    Outside, a withdrawn one is `report_withdrawn`, which says why; inside it can still be read.
    """
    row = raw(cx).execute(visible(actor, SHELVED), _one(actor, report_id)).fetchone()
    if row is None:
        raise Problem("not_found")
    found = shelved(row)
    if actor.role == "funder":
        require_standing(found.around.withdrawn_because)
    return found


def entry_of(cx: Connection, actor: Actor, report_id: UUID) -> dict[str, Any]:
    """What the list says of one report."""
    row = raw(cx).execute(visible(actor, COLUMNS), _one(actor, report_id)).fetchone()
    if row is None:
        raise Problem("not_found")
    return entry(row)


def entries(cx: Connection, actor: Actor, limit: int, before: UUID | None) -> list[dict[str, Any]]:
    """Up to `limit` reports the actor may read, newest first, after the one `before`."""
    where = "(%(before)s::uuid IS NULL OR id < %(before)s) ORDER BY id DESC LIMIT %(limit)s"
    values = {"network": actor.network_id, "before": before, "limit": limit}
    return [entry(row) for row in raw(cx).execute(visible(actor, COLUMNS, where), values)]


def require_superseded(cx: Connection, actor: Actor, order: Order) -> None:
    """Raise `validation_failed` unless the report whose place this one takes has its readers."""
    if order.supersedes is None:
        return
    asked = _one(actor, order.supersedes)
    row = raw(cx).execute(visible(actor, "audience"), asked).fetchone()
    if row is None or row[0] != order.audience:
        wrong = {"supersedes": ["There is no such report for these readers in this network."]}
        raise Problem("validation_failed", fields=wrong)


def share(cx: Connection, actor: Actor, report_id: UUID) -> dict[str, Any]:
    """Note that the groups concerned have had the report; the first time stands."""
    raw(cx).execute(_SHARE, _one(actor, report_id))
    return entry_of(cx, actor, report_id)


def release(cx: Connection, actor: Actor, report_id: UUID) -> dict[str, Any]:
    """Let funders read the report: only after the groups, and never exact counts."""
    found = entry_of(cx, actor, report_id)
    if found["audience"] == "coordinators":
        raise Problem("not_for_outside")
    if found["shared_with_groups_at"] is None:
        raise Problem("not_shared_yet")
    require_standing(found["withdrawn_because"])
    if found["released_at"] is None:
        require_rule(cx, actor, found["audience"], report_id)
        _require_safe(cx, actor, report_id)
    raw(cx).execute(_RELEASE, _one(actor, report_id))
    return entry_of(cx, actor, report_id)


def _require_safe(cx: Connection, actor: Actor, report_id: UUID) -> None:
    """Raise `not_safe_outside` when what is out already and this one give small counts away.

    Two releases at once wait for each other, so that the second looks at the first.
    """
    raw(cx).execute("SELECT pg_advisory_xact_lock(hashtext(%s))", (f"release {actor.network_id}",))
    here = cells_of_one(cx, actor.network_id, report_id)
    found = not_safe((here, *earlier(cx, actor.network_id)))
    if found:
        named = ", ".join(sorted({key.rpartition("|")[2] for key in found})[:5])
        raise Problem("not_safe_outside", f"Small counts could be worked out: {named}.")


def withdraw(cx: Connection, actor: Actor, report_id: UUID, because: str) -> dict[str, Any]:
    """Take a report back from everybody outside; the first reason stands, as a trace."""
    raw(cx).execute(_WITHDRAW, _one(actor, report_id) | {"because": because})
    return entry_of(cx, actor, report_id)


def require_standing(withdrawn_because: str | None) -> None:
    """Raise `report_withdrawn` with the reason, if there is one."""
    if withdrawn_because is not None:
        raise Problem("report_withdrawn", withdrawn_because)


def attach(cx: Connection, actor: Actor, report_id: UUID, grants: list[str]) -> dict[str, Any]:
    """Say which grants a report belongs to, in place of what was said before."""
    raw(cx).execute(_ATTACH, _one(actor, report_id) | {"grants": grants})
    return entry_of(cx, actor, report_id)


def visible(actor: Actor, columns: str, where: str = "id = %(id)s") -> str:
    """SQL: the reports that the actor may read, as far as `where` wants them."""
    seen = VISIBLE.get(actor.role, "false")
    return f"SELECT {columns} FROM report WHERE network_id = %(network)s AND {seen} AND {where}"


def _one(actor: Actor, report_id: UUID) -> dict[str, Any]:
    return {"network": actor.network_id, "id": report_id}


def entry(row: tuple[Any, ...]) -> dict[str, Any]:
    """What the list says of a report, from its COLUMNS."""
    said = dict(zip(_NAMES, row, strict=True))
    period = {"from": said.pop("period_from"), "to": said.pop("period_to")}
    return said | {"period": period}


def shelved(row: tuple[Any, ...]) -> Shelved:
    """A report from its SHELVED columns."""
    id_, body, digest, grants, *more = row
    return Shelved(id_, body, digest, Around(tuple(grants), *more))


# A network is as old as the earliest thing logged in it, which may be older than its first member.
_LIVE = "WHERE network_id = %(network)s AND deleted_at IS NULL AND audience = 'network'"
_MOMENT = f"""
SELECT name, revision, to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
    (least(created_at, (SELECT min(made_at) FROM introduction {_LIVE}),
        (SELECT min(starts_at) FROM meeting {_LIVE}),
        (SELECT min(happened_at) FROM flow {_LIVE})) AT TIME ZONE 'UTC')::date
FROM network WHERE id = %(network)s
"""

_KEEPER = """
SELECT 1 FROM member WHERE network_id = %(network)s AND id = %(member)s AND ended_at IS NULL
    AND role = ANY(%(keepers)s) FOR SHARE
"""

_KEEP = """
INSERT INTO report (network_id, id, created_at, created_by, period_from, period_to, boundaries,
    language, template, audience, revision, seed, method_version, body, digest, supersedes)
VALUES (%(network)s, %(id)s, %(created_at)s, %(member)s, %(from_on)s, %(to_on)s, %(boundaries)s,
    %(language)s, %(template)s, %(audience)s, %(revision)s, %(seed)s, %(method_version)s,
    %(body)s, %(digest)s, %(supersedes)s)
"""

_SHARE = """
UPDATE report SET shared_with_groups_at = coalesce(shared_with_groups_at, now())
WHERE network_id = %(network)s AND id = %(id)s
"""

_RELEASE = """
UPDATE report SET released_at = coalesce(released_at, now())
WHERE network_id = %(network)s AND id = %(id)s
"""

_WITHDRAW = """
UPDATE report SET withdrawn_at = coalesce(withdrawn_at, now()),
    withdrawn_because = coalesce(withdrawn_because, %(because)s)
WHERE network_id = %(network)s AND id = %(id)s
"""

_ATTACH = """
UPDATE report SET grants = %(grants)s WHERE network_id = %(network)s AND id = %(id)s
"""
