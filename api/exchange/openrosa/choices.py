"""Choices: what a form's questions can refer to, as CSV files that belong to one member."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

from api.core.driver import raw
from api.core.policy import VISIBLE
from api.core.record import table_of
from api.core.statements import bound

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from api.core.actor import Actor

PARTIES = (  # a party can be a group that only its author sees
    "SELECT string_agg(g.name, ', ' ORDER BY p.position) FROM introduction_party p"
    f" JOIN (SELECT r.* FROM grp r WHERE {VISIBLE}) g"
    " ON g.network_id = p.network_id AND g.id = p.group_id"
    " WHERE p.network_id = r.network_id AND p.introduction_id = r.id"
)


@dataclass(frozen=True)
class Choices:
    """How records of a kind are offered: SQL over row `r`."""

    label: str
    only: str = "true"
    order: str = "2, 1"


CHOICES: dict[str, Choices] = {
    "groups": Choices("r.name", "r.status <> 'retired'"),
    "spaces": Choices(  # a refuge is on no list, and a home has no name
        "coalesce(r.name, initcap(r.type))", "r.status <> 'retired' AND NOT r.never_map"
    ),
    "people": Choices("r.alias", "r.notice <> 'declined'"),
    "introductions": Choices(
        f"concat_ws(': ', to_char(r.made_at, 'YYYY-MM-DD'), ({PARTIES}))",
        "r.made_at > now() - interval '1 year'",
        "r.made_at DESC, 1",
    ),
    "listings": Choices("concat_ws(': ', initcap(r.side), r.description)", "r.status = 'open'"),
}


def file_of(kind: str) -> str:
    """The name of the kind's file."""
    return f"{kind}.csv"


def write_choices(cx: Connection, actor: Actor, kind: str) -> bytes:
    """The kind's records that this member sees, as CSV with the columns `name` and `label`.

    A person is always of the member's own notebook: nobody sees another's.
    """
    params = {"network": actor.network_id, "scope": actor.scope_array}
    rows = raw(cx).execute(_statement(kind), params).fetchall()
    sheet = io.StringIO()
    writer = csv.writer(sheet, lineterminator="\n")
    writer.writerows([("name", "label"), *rows])
    return sheet.getvalue().encode()


def _statement(kind: str) -> str:
    offered = CHOICES[kind]
    return bound(
        f"SELECT r.id, {offered.label} FROM {table_of(kind)} r WHERE r.network_id = :network"
        f" AND r.deleted_at IS NULL AND {VISIBLE} AND {offered.only} ORDER BY {offered.order}"
    )
