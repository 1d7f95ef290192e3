"""Address: the one canonical form of an e-mail address."""

from __future__ import annotations

import unicodedata
from typing import Any

from api.core import fields

MOST, MOST_LOCAL = 254, 64  # characters, RFC 5321
SENTENCE = "An e-mail address such as connector@town.example."
SPECIAL = frozenset(
    '<>()[],;:"\\'
)  # would need quoting in a mail's header; nobody's address has them


def canonical_email(text: str) -> str:
    """The address trimmed, NFC and lower-cased; ValueError with a sentence when it is none."""
    email = unicodedata.normalize("NFC", unicodedata.normalize("NFC", text.strip()).lower())
    local, _, domain = email.rpartition("@")
    if (
        len(email) > MOST
        or not 1 <= len(local) <= MOST_LOCAL
        or "@" in local
        or not all(domain.split("."))
        or not all(map(_is_plain, email))
    ):
        raise ValueError(SENTENCE)
    return email


def _is_plain(character: str) -> bool:
    """Neither special nor space nor control nor invisible nor half a character."""
    return character not in SPECIAL and unicodedata.category(character)[0] not in "CZ"


class Email(fields.Text):
    """An e-mail address, brought to its canonical form."""

    def __init__(self, *, example: str = "connector1@demo.example", **kwargs: Any) -> None:
        """Documented with `format: email`."""
        super().__init__(MOST, least=3, format="email", example=example, **kwargs)
        self.sentence = SENTENCE

    def settle(self, value: str) -> str:
        """The canonical form."""
        return canonical_email(value)
