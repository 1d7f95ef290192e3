"""World: networks with members, groups and spaces to measure in, and a million introductions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from api.accounts.commands import add_member, create_network, issue_token
from api.core.actor import Actor
from api.core.write import Change, apply

if TYPE_CHECKING:
    from api.core.db import Database

GROUPS, SPACES = 40, 25


@dataclass(frozen=True)
class Place:
    """One network to measure in."""

    network: UUID
    member: UUID
    token: str
    groups: list[str]
    spaces: list[str]


def make_place(database: Database, name: str) -> Place:
    """A network with a connector, groups and spaces."""
    email = f"{uuid4().hex}@bench.example"
    with database.transaction() as cx:
        network = create_network(cx, name, f"{uuid4().hex}@bench.example")
        member = add_member(cx, network, email, "connector")
        token = issue_token(cx, email)
        actor = Actor(network, member, None, "server")
        groups = [
            Change("groups", uuid4(), {"name": f"Group {i}", "type": "other"}, author_id=member)
            for i in range(GROUPS)
        ]
        spaces = [
            Change(
                "spaces",
                uuid4(),
                {
                    "name": f"Space {i}",
                    "type": "other",
                    "geometry": {"type": "Point", "coordinates": [i / 100, 52.0]},
                },
                author_id=member,
            )
            for i in range(SPACES)
        ]
        outcomes = apply(cx, actor, spaces + groups)
    assert all(outcome.is_done for outcome in outcomes)
    named = [[str(change.id) for change in changes] for changes in (groups, spaces)]
    return Place(network, member, token, *named)


def fill(database: Database, place: Place, count: int) -> None:
    """Put `count` introductions of two parties straight into the tables, for reading tests."""
    with database.transaction(place.network) as cx:
        cx.exec_driver_sql("SET LOCAL statement_timeout = 0")
        params = {
            "network": place.network,
            "member": place.member,
            "groups": place.groups,
            "spaces": place.spaces,
            "count": count,
        }
        cx.exec_driver_sql(_INTRODUCTIONS, params)
        cx.exec_driver_sql(_PARTIES, params)


_INTRODUCTIONS = """
INSERT INTO introduction (network_id, id, version, revision, author_id, audience, made_at, space_id,
  channel, purpose, known_before, status)
SELECT %(network)s, md5('i' || i)::uuid, md5('v' || i)::uuid, 1000 + i, %(member)s, 'network',
  timestamptz '2024-01-01' + i * interval '1 minute', (%(spaces)s::uuid[])[1 + i %% 25],
  'in_person', 'A hall for the autumn supper', 'no', 'made'
FROM generate_series(1, %(count)s) i
"""
_PARTIES = """
INSERT INTO introduction_party (network_id, introduction_id, position, group_id)
SELECT %(network)s, md5('i' || i)::uuid, p, (%(groups)s::uuid[])[1 + (i * (p + 3)) %% 40]
FROM generate_series(1, %(count)s) i, generate_series(0, 1) p
"""
