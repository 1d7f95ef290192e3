"""Hashes: what is kept of tokens, codes, addresses and clients instead of themselves."""

from __future__ import annotations

import hashlib
import hmac
import secrets

TOKEN_BYTES = 32  # 256 bits
TOKEN_PREFIX = "weft_"  # noqa: S105  (lets secret scanners recognise a leaked token)


def make_token() -> str:
    """A new device token; shown once, then only its hash is kept."""
    return TOKEN_PREFIX + secrets.token_urlsafe(TOKEN_BYTES)


def hash_token(token: str) -> bytes:
    """Plain SHA-256: 256 random bits cannot be guessed, so there is nothing to slow down."""
    return hashlib.sha256(token.encode(errors="surrogatepass")).digest()


def hash_keyed(secret: str, purpose: str, *parts: str) -> bytes:
    """HMAC-SHA256 of something guessable: worthless to whoever has the database alone."""
    message = "\0".join((purpose, *parts)).encode()
    return hmac.digest(secret.encode(), message, "sha256")
