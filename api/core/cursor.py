"""Cursor: a place in a list or feed, opaque to clients and signed, so nobody can make one up."""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from hashlib import blake2b
from typing import Any

import msgspec

from .problems import Problem

SEAL_BYTES = 16


def seal(of: str, content: Any, secret: str) -> str:
    """Make a cursor of any JSON content; `of` names what it is a place in, in 16 bytes."""
    body = msgspec.json.encode(content)
    return urlsafe_b64encode(_mark(of, body, secret) + body).decode().rstrip("=")


def unseal(of: str, cursor: str, secret: str, shape: Any) -> Any:
    """The content of a cursor made here for the same; `bad_cursor` for anything else."""
    try:
        packed = urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4))
        mark, body = packed[:SEAL_BYTES], packed[SEAL_BYTES:]
        if not hmac.compare_digest(mark, _mark(of, body, secret)):
            raise Problem("bad_cursor")
        return msgspec.json.decode(body, type=shape)
    except (ValueError, UnicodeError, msgspec.MsgspecError) as error:
        raise Problem("bad_cursor") from error


def _mark(of: str, body: bytes, secret: str) -> bytes:
    key, person = secret.encode()[:64], of.encode()
    return blake2b(body, key=key, person=person, digest_size=SEAL_BYTES).digest()
