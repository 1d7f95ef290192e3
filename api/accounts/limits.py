"""Limits: how often somebody may knock; one row per subject, whatever they try.

A row holds the moment at which the subject's allowance is whole again (the generic cell rate
algorithm); each knock moves it on by the limit's `every`, up to `burst` times ahead of now.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from ipaddress import IPv6Address, ip_address
from math import ceil
from typing import TYPE_CHECKING

from sqlalchemy import text

from .hashes import hash_keyed

if TYPE_CHECKING:
    from sqlalchemy import Connection

SPEND = text(
    "INSERT INTO rate_limit (subject_hash, spent_until) VALUES (:subject, now() + :every)"
    " ON CONFLICT (subject_hash) DO UPDATE"
    " SET spent_until = greatest(rate_limit.spent_until + :every, excluded.spent_until)"
    " WHERE rate_limit.spent_until <= excluded.spent_until + :slack RETURNING 1"
)
WAIT = text(
    "SELECT extract(epoch FROM spent_until - now() - :ahead) FROM rate_limit"
    " WHERE subject_hash = :subject"
)


@dataclass(frozen=True, slots=True)
class Limit:
    """`burst` knocks at once, then one more `every` so often."""

    name: str
    burst: int
    every: timedelta


CODES_PER_ADDRESS = Limit("codes-address", 5, timedelta(minutes=10))
CODES_PER_CLIENT = Limit("codes-client", 60, timedelta(seconds=10))  # a room behind one router
TRIES_PER_CLIENT = Limit("tries-client", 60, timedelta(seconds=10))
KEYS_PER_CLIENT = Limit("keys-client", 60, timedelta(seconds=10))  # unknown ones alone
LINKS_PER_CLIENT = Limit("links-client", 60, timedelta(seconds=10))  # closed ones alone
INVITATIONS_PER_MEMBER = Limit("invitations-member", 50, timedelta(minutes=5))
INVITATIONS_PER_ADDRESS = Limit("invitations-address", 5, timedelta(hours=1))


def spend(cx: Connection, secret: str, limit: Limit, subject: str) -> int:
    """Take one from the subject's allowance: 0, or the seconds to wait when it is spent."""
    hashed = hash_keyed(secret, limit.name, subject)
    slack = limit.every * (limit.burst - 2)
    if cx.execute(SPEND, {"subject": hashed, "every": limit.every, "slack": slack}).scalar():
        return 0
    ahead = limit.every * (limit.burst - 1)
    return max(1, ceil(cx.execute(WAIT, {"subject": hashed, "ahead": ahead}).scalar() or 0))


def client_of(address: str | None) -> str:
    """Who a client address stands for: itself, or the /64 that one IPv6 household has."""
    try:
        found = ip_address(address or "")
    except ValueError:
        return "unknown"
    if isinstance(found, IPv6Address) and not found.ipv4_mapped:
        return found.exploded[:19]
    return str(getattr(found, "ipv4_mapped", None) or found)
