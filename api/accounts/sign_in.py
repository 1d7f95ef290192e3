"""Sign-in: a one-time code sent to an address proves whose address it is.

An address that nobody here has costs the same work and gets the same answer, but no mail.
"""

from __future__ import annotations

import secrets
from hmac import compare_digest
from typing import TYPE_CHECKING

from sqlalchemy import text

from .hashes import hash_keyed
from .invitations import inviting_networks
from .users import find_or_add_user, find_user

if TYPE_CHECKING:
    from uuid import UUID

    from sqlalchemy import Connection

DIGITS = 6

LEAVE = text(
    "INSERT INTO sign_in_code (email_hash, code_hash, expires_at)"
    " VALUES (:email, :code, now() + interval '10 minutes')"
    " ON CONFLICT (email_hash) DO UPDATE"
    " SET code_hash = excluded.code_hash, expires_at = excluded.expires_at, tries = 0"
)
TRY = text(
    "UPDATE sign_in_code SET tries = tries + 1"
    " WHERE email_hash = :email AND expires_at > now() AND tries < 5 RETURNING code_hash"
)
USE = text("DELETE FROM sign_in_code WHERE email_hash = :email")


def leave_code(cx: Connection, secret: str, email: str) -> str:
    """A fresh code for the address, in place of any earlier one."""
    code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
    cx.execute(LEAVE, {"email": _hash_email(secret, email), "code": _hash(secret, email, code)})
    return code


def is_expected(cx: Connection, email: str) -> bool:
    """Whether a mail may go to this address: a user's, or one somebody invited."""
    return bool(find_user(cx, email)) | bool(inviting_networks(cx, email))


def redeem(cx: Connection, secret: str, email: str, code: str) -> UUID | None:
    """The user who holds this code, made new when invited; None counts as a failed try.

    Counting and comparing hold the code's row, so of many tries at once no more than five count.
    """
    key = {"email": _hash_email(secret, email)}
    kept = cx.execute(TRY, key).scalar()
    given = _hash(secret, email, code)
    if not compare_digest(bytes(kept or b""), given):
        return None
    cx.execute(USE, key)
    return find_or_add_user(cx, email) if is_expected(cx, email) else None


def _hash_email(secret: str, email: str) -> bytes:
    return hash_keyed(secret, "code-address", email)


def _hash(secret: str, email: str, code: str) -> bytes:
    return hash_keyed(secret, "code", email, code)
