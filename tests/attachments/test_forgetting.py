"""Forgetting: what nothing refers to, what was removed, and what a crash left behind."""

from __future__ import annotations

import datetime as dt
import fcntl
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

import pytest

from api.jobs.files import forget_files
from api.sync.uploads import taking
from tests.attachments import files
from tests.attachments.conftest import File
from tests.database import WAITING

if TYPE_CHECKING:
    from concurrent.futures import Future
    from contextlib import AbstractContextManager

    from flask import Flask
    from sqlalchemy import Connection
    from werkzeug.test import TestResponse

    from tests.fixtures.networks import Network


def test_what_is_referred_to_and_never_ends_is_forgotten_after_30_days(
    file: File, app: Flask, introduction: str, network: Network
) -> None:
    file.attach(introduction)
    file.announce()
    file.send(0, 100)
    desk, now = app.extensions["files"], dt.datetime.now(dt.UTC)
    forget_files(network.database, desk, now + dt.timedelta(31))
    assert (file.head().status_code, desk.pieces.of_network(network.id)) == (404, [])


@pytest.mark.parametrize("stored", [True, False])
def test_what_nothing_refers_to_is_forgotten_after_30_days(
    file: File, app: Flask, network: Network, stored: bool
) -> None:
    file.announce()
    file.send(0, None if stored else 100)
    desk, now = app.extensions["files"], dt.datetime.now(dt.UTC)
    forget_files(network.database, desk, now + dt.timedelta(29))
    assert file.head().status_code == 200
    forget_files(network.database, desk, now + dt.timedelta(31))
    assert file.head().status_code == 404
    assert file.announce().headers["Upload-Offset"] == "0"


def test_a_file_that_is_referred_to_stays_and_goes_with_its_record(
    file: File, app: Flask, introduction: str, network: Network
) -> None:
    file.attach(introduction)
    file.upload()
    desk, now = app.extensions["files"], dt.datetime.now(dt.UTC)
    forget_files(network.database, desk, now + dt.timedelta(31))
    assert file.download().status_code == 200
    network.connector.delete(f"attachments/{file.id}", If_Match="*")
    assert file.download().status_code == 410
    forget_files(network.database, desk, now)
    with pytest.raises(FileNotFoundError):
        desk.store.read(taking.key_of(network.id, file.id), 0, 1)


def test_what_is_forgotten_while_it_is_being_kept_leaves_no_file(
    file: File, app: Flask, network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, later = app.extensions["files"], dt.datetime.now(dt.UTC) + dt.timedelta(31)
    put = desk.store.put

    def put_late(key: str, content: bytes) -> None:
        forget_files(network.database, desk, later)
        put(key, content)

    file.announce()
    monkeypatch.setattr(desk.store, "put", put_late)
    assert (file.send(0).status_code, file.head().status_code) == (404, 404)
    with pytest.raises(FileNotFoundError):
        desk.store.read(taking.key_of(network.id, file.id), 0, 1)


def test_what_arrives_while_it_is_being_forgotten_leaves_no_file(
    file: File, app: Flask, network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, later = app.extensions["files"], dt.datetime.now(dt.UTC) + dt.timedelta(31)
    drop = desk.store.drop
    arriving: list[Future[TestResponse]] = []
    file.announce()
    with ThreadPoolExecutor(1) as phone, monkeypatch.context() as meanwhile:

        def drop_and_let_arrive(key: str) -> None:
            drop(key)
            if not arriving and key == taking.key_of(network.id, file.id):
                arriving.append(phone.submit(file.send, 0))
                while not arriving[0].done() and not network.rows(WAITING):
                    pass

        meanwhile.setattr(desk.store, "drop", drop_and_let_arrive)
        forget_files(network.database, desk, later)
        assert arriving[0].result().status_code == 404
    assert file.head().status_code == 404
    with pytest.raises(FileNotFoundError):
        desk.store.read(taking.key_of(network.id, file.id), 0, 1)


def test_what_arrives_just_before_it_is_forgotten_stays(
    file: File, app: Flask, introduction: str, network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, later = app.extensions["files"], dt.datetime.now(dt.UTC) + dt.timedelta(31)
    begin, sent = network.database.transaction, list[int]()

    def begin_late(network_id: UUID | None = None) -> AbstractContextManager[Connection]:
        if network_id == network.id and not sent:
            sent.append(100)
            assert file.send(100).status_code == 204
        return begin(network_id)

    file.attach(introduction)
    file.announce()
    file.send(0, 100)
    monkeypatch.setattr(network.database, "transaction", begin_late)
    forget_files(network.database, desk, later)
    assert sent
    assert file.download().status_code == 200


def test_what_is_announced_while_others_are_forgotten_stays(
    file: File, app: Flask, network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = app.extensions["files"]
    look = desk.pieces.of_network

    def look_late(network_id: UUID) -> list[UUID]:
        if network_id == network.id:
            file.announce()
            file.send(0, 100)
        return look(network_id)

    monkeypatch.setattr(desk.pieces, "of_network", look_late)
    forget_files(network.database, desk, dt.datetime.now(dt.UTC))
    assert file.head().headers["Upload-Offset"] == "100"


def test_files_are_for_the_server_alone(file: File, app: Flask, network: Network) -> None:
    file.upload()
    var = app.extensions["settings"].var
    for root in (var / "uploads", var / "files"):
        for folder in (root, root / str(network.id)):
            assert folder.stat().st_mode & 0o077 == 0


def test_pieces_whose_announcement_is_gone_are_swept(app: Flask, network: Network) -> None:
    desk, stray = app.extensions["files"], uuid4()
    with desk.pieces.holding(network.id, stray) as held:
        held.write(b"x")
    forget_files(network.database, desk, dt.datetime.now(dt.UTC))
    assert stray not in desk.pieces.of_network(network.id)


def test_pieces_that_outlived_their_file_are_swept_and_those_awaited_are_not(
    app: Flask, network: Network, file: File
) -> None:
    desk, under_way = app.extensions["files"], File(network.connector, files.picture())
    file.upload()
    with desk.pieces.holding(network.id, UUID(file.id)):
        assert UUID(file.id) in desk.pieces.of_network(network.id)
    under_way.announce()
    under_way.send(0, 100)
    forget_files(network.database, desk, dt.datetime.now(dt.UTC))
    assert desk.pieces.of_network(network.id) == [UUID(under_way.id)]
    assert under_way.send(100).status_code == 204


def test_what_is_forgotten_just_before_a_piece_is_written_takes_none(
    file: File, app: Flask, network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    pieces, hold = app.extensions["files"].pieces, fcntl.flock

    def forget_and_hold(held: Any, how: int) -> None:
        pieces.drop(network.id, UUID(file.id))
        hold(held, how)

    file.announce()
    file.send(0, 100)
    monkeypatch.setattr(fcntl, "flock", forget_and_hold)
    assert file.send(100).json["code"] == "upload_locked"
