"""Letters: the few mails there are, in words."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Letter:
    """One plain mail to one address."""

    to: str
    subject: str
    body: str


def code_letter(to: str, code: str) -> Letter:
    """The one-time code; in the body alone, so that no lock screen shows it."""
    return Letter(
        to,
        "Your sign-in code",
        f"Your sign-in code is {code}\n\n"
        "It works once, within 10 minutes. If you did not ask for it, do nothing:\n"
        "without the code nobody gets in.\n",
    )


def invitation_letter(to: str, network: str, role: str, address: str) -> Letter:
    """An invitation: no secret in it, for signing in proves whose address it is."""
    return Letter(
        to,
        "You are invited to Weft",
        f"You are invited to take part in “{network}” as {role}.\n\n"
        f"To accept, open {address} and sign in with this e-mail address;\n"
        "a code will be sent to it. The invitation holds for 14 days.\n"
        "If you would rather not, do nothing.\n",
    )
