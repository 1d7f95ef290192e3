"""Mail: letters leave by SMTP when it is set, else as files in the outbox.

Send only after the transaction committed. SMTP runs on a thread of its own, so that an answer
takes no longer for an address that gets a mail than for one that does not.
"""

from __future__ import annotations

import os
import secrets
import smtplib
import ssl
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTPUTF8
from email.utils import format_datetime, make_msgid
from threading import BoundedSemaphore
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

import structlog

if TYPE_CHECKING:
    from pathlib import Path
    from urllib.parse import SplitResult

    from api.settings import Settings

    from .letters import Letter

SECONDS = 20  # as long as we wait for a mail server
LOOPBACK = ("localhost", "127.0.0.1", "::1")
KEPT_DAYS = 30

_postman = ThreadPoolExecutor(1, thread_name_prefix="mail")
_room = BoundedSemaphore(200)  # letters that may wait; a dead mail server must not fill memory


def send(settings: Settings, letter: Letter) -> None:
    """Send a letter, or lay it down in the outbox when no SMTP server is set."""
    message = compose(settings.mail_from, letter)
    if not settings.mail_url:
        lay_down(settings.outbox, message)
    elif _room.acquire(blocking=False):
        _postman.submit(_deliver, settings.mail_url, message).add_done_callback(
            lambda _: _room.release()
        )
    else:
        structlog.get_logger().error("mail_dropped", reason="too many wait for the mail server")


def compose(sender: str, letter: Letter) -> EmailMessage:
    """The letter as a message that any mail server takes."""
    local, _, domain = letter.to.rpartition("@")
    message = EmailMessage(policy=SMTPUTF8)
    message["From"] = sender
    message["To"] = Address("", local, _ascii(domain))
    message["Subject"] = letter.subject
    message["Date"] = format_datetime(datetime.now(UTC))
    message["Message-ID"] = make_msgid(domain=_ascii(sender.rpartition("@")[2].strip("> ")))
    message["Auto-Submitted"] = "auto-generated"  # so that no holiday notice answers
    message.set_content(letter.body)
    return message


def _ascii(domain: str) -> str:
    """The domain as mail servers spell it, or as it is where there is no such spelling."""
    try:
        return domain.encode("idna").decode()
    except UnicodeError:
        return domain


def lay_down(outbox: Path, message: EmailMessage) -> None:
    """Write one file that only the owner reads; its name says when, not to whom."""
    outbox.mkdir(mode=0o700, parents=True, exist_ok=True)
    name = f"{datetime.now(UTC):%Y%m%dT%H%M%S.%fZ}-{secrets.token_hex(3)}.eml"
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
    with os.fdopen(os.open(outbox / name, flags, 0o600), "wb") as file:
        file.write(message.as_bytes())


def clear_outbox(outbox: Path) -> int:
    """Delete the letters that have lain for 30 days; how many there were."""
    oldest = time.time() - KEPT_DAYS * 86_400
    old = [path for path in outbox.glob("*.eml") if path.stat().st_mtime < oldest]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)


def _deliver(url: str, message: EmailMessage) -> None:
    """Hand the message to `smtp://` or `smtps://[user:password@]host[:port]`.

    A failure is logged by its kind alone: what servers say repeats the address.
    """
    parts = urlsplit(url)
    try:
        with _connect(parts) as server:
            _log_in(server, parts)
            server.send_message(message)
    except (OSError, smtplib.SMTPException, ValueError) as error:
        structlog.get_logger().error("mail_failed", kind=type(error).__name__)


def _connect(parts: SplitResult) -> smtplib.SMTP:
    host = parts.hostname or ""
    if parts.scheme == "smtps":
        context = ssl.create_default_context()
        return smtplib.SMTP_SSL(host, parts.port or 465, timeout=SECONDS, context=context)
    return smtplib.SMTP(host, parts.port or 25, timeout=SECONDS)


def _log_in(server: smtplib.SMTP, parts: SplitResult) -> None:
    """Encrypt where the server can, and send a password only where nobody listens."""
    is_safe = parts.scheme == "smtps" or parts.hostname in LOOPBACK
    server.ehlo()
    if not is_safe and server.has_extn("starttls"):
        server.starttls(context=ssl.create_default_context())
        is_safe = True
    if parts.username and not is_safe:
        message = "a password is sent over TLS only"
        raise ValueError(message)
    if parts.username:
        server.login(unquote(parts.username), unquote(parts.password or ""))
