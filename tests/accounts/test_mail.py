"""Mail: to a mail server when one is set, else to files that tell nobody's address."""

from __future__ import annotations

import os
import socket
import stat
import time
from contextlib import contextmanager
from dataclasses import replace
from queue import Queue
from threading import Thread

import pytest
import structlog

from api.accounts import mail
from api.accounts.letters import code_letter

LETTER = code_letter("somebody@town.example", "314159")


@contextmanager
def mail_server(answer_to_data=b"354 go on\r\n"):
    """A mail server that takes one letter: its port, and a queue that the letter comes out of."""
    taken = Queue()
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve():
            connection, _ = listening.accept()
            with connection, connection.makefile("rb") as lines:
                connection.sendall(b"220 here\r\n")
                heard = _hear(connection, lines, answer_to_data)
                taken.put(heard)

        Thread(target=serve, daemon=True).start()
        yield listening.getsockname()[1], taken


def _hear(connection, lines, answer_to_data):
    heard, in_data = b"", False
    for line in lines:
        heard += line
        if in_data and line != b".\r\n":
            continue
        is_data = line.upper().startswith(b"DATA")
        if line.upper().startswith(b"QUIT"):
            connection.sendall(b"221 bye\r\n")
            break
        connection.sendall(answer_to_data if is_data else b"250 fine\r\n")
        in_data = is_data and answer_to_data.startswith(b"354")
    return heard


@pytest.fixture
def settings(app, tmp_path):
    """Settings whose outbox is this test's own."""
    return replace(app.extensions["settings"], var=tmp_path)


def test_a_letter_in_the_outbox_is_for_its_owner_alone(settings):
    mail.send(settings, LETTER)
    (file,) = settings.outbox.iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(settings.outbox.stat().st_mode) == 0o700
    assert "somebody" not in file.name
    assert "314159" in file.read_text()


def test_no_lock_screen_shows_a_code():
    assert "314159" not in mail.compose("weft@town.example", LETTER)["Subject"]


def test_a_letter_goes_to_the_mail_server_when_one_is_set(settings):
    with mail_server() as (port, taken):
        mail.send(replace(settings, mail_url=f"smtp://127.0.0.1:{port}"), LETTER)
        heard = taken.get(timeout=20)
    assert b"rcpt TO:<somebody@town.example>" in heard
    assert b"314159" in heard
    assert not settings.outbox.exists()


def test_a_refused_letter_is_logged_without_what_it_said_or_to_whom(settings):
    with mail_server(b"554 no mail for somebody@town.example\r\n") as (port, taken):
        with structlog.testing.capture_logs() as logs:
            mail._deliver(f"smtp://127.0.0.1:{port}", mail.compose("weft@town.example", LETTER))
        taken.get(timeout=20)
    assert logs == [{"event": "mail_failed", "kind": "SMTPDataError", "log_level": "error"}]


def test_a_password_is_not_sent_without_encryption(settings, monkeypatch):
    monkeypatch.setattr(mail, "LOOPBACK", ())
    with mail_server() as (port, taken):
        with structlog.testing.capture_logs() as logs:
            mail._deliver(
                f"smtp://user:secret@127.0.0.1:{port}", mail.compose("weft@town.example", LETTER)
            )
        heard = taken.get(timeout=20)
    assert b"AUTH" not in heard.upper()
    assert b"314159" not in heard
    assert [log["kind"] for log in logs] == ["ValueError"]


@pytest.mark.parametrize("to", ["müller@münchen.example", "o'brien+x@town.example", "..@a_b"])
def test_a_letter_can_be_made_for_whatever_passes_as_an_address(to):
    message = mail.compose("Weft <weft@town.example>", code_letter(to, "314159"))
    assert message["To"].addresses[0].username == to.rpartition("@")[0]
    assert message.as_bytes()


def test_old_letters_are_cleared_away_and_newer_ones_stay(settings):
    for _ in range(2):
        mail.send(settings, LETTER)
    old, newer = sorted(settings.outbox.iterdir())
    os.utime(old, (time.time() - 31 * 86_400,) * 2)
    assert mail.clear_outbox(settings.outbox) == 1
    assert list(settings.outbox.iterdir()) == [newer]
