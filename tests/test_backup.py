"""Backup and restore: nothing is missing afterwards, and phones hear that the server is younger."""

from __future__ import annotations

import os
import re
import subprocess
import tarfile
from contextlib import contextmanager
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import psycopg
import pytest
from click.testing import CliRunner
from psycopg import sql
from sqlalchemy import create_engine
from sqlalchemy.engine import make_url

from api import create_app
from api.cli import weft
from api.core.db import sqlalchemy_url
from api.migrate import migrate, schema_of, schemas
from api.settings import Settings
from tests.attachments import files
from tests.attachments.conftest import File
from tests.database import clone, server
from tests.fixtures.networks import build_network, make_town

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flask import Flask

    from tests.fixtures.networks import Member, Network


@contextmanager
def living(settings: Settings) -> Iterator[Flask]:
    """An application on a database of its own."""
    app = create_app(settings)
    try:
        yield app
    finally:
        app.extensions["database"].close()


def weft_does(settings: Settings, *words: str | Path) -> str:
    """Run `weft …` for these settings; what it says."""
    env = {
        "WEFT_DATABASE_URL": settings.database_url,
        "WEFT_VAR": str(settings.var),
        "WEFT_SECRET": settings.secret,
    }
    done = CliRunner().invoke(weft, [str(word) for word in words], env=env)
    assert (done.exit_code == 0) == ("Error" not in done.output), done.output
    return done.output


def schema(settings: Settings) -> str | None:
    """The schema that a database is at."""
    engine = create_engine(sqlalchemy_url(settings.database_url))
    with engine.connect() as cx:
        found = schema_of(cx)
    engine.dispose()
    return found


def tables(settings: Settings, *, files: bool = False) -> set[str]:
    """What stands in the database; a restore that failed has put no files down either."""
    assert (settings.var / "files").exists() == files
    statement = (
        "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = %s::regnamespace"
    )
    with psycopg.connect(settings.database_url) as cx:
        return {name for (name,) in cx.execute(statement, ["public"])}


def again(app: Flask, member: Member) -> Member:
    """The same person, asking the restored server."""
    return replace(member, app=app)


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A copy of Weft."""
    name = f"weft_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}_home"
    return Settings(clone(name), tmp_path_factory.mktemp("home"), "only for tests")


@pytest.fixture(scope="module")
def home(settings: Settings) -> Iterator[Network]:
    """Its network, with a photo in it."""
    with living(settings) as app:
        network = build_network(app)
        introduction = network.connector.make("introductions", make_town(network).introduction())
        photo = File(network.connector, files.picture())
        photo.attach(introduction["id"])
        photo.upload()
        yield network


@pytest.fixture(scope="module")
def backup(settings: Settings, home: Network, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A backup of it."""
    path = tmp_path_factory.mktemp("kept") / "weft.tar"
    assert "Keep it" in weft_does(settings, "backup", path)
    return path


@pytest.fixture
def make_place(settings: Settings, tmp_path: Path) -> Iterator[Callable[[], Settings]]:
    """Make a new, empty database and name a folder."""
    names: list[str] = []

    def make() -> Settings:
        names.append(f"weft_{uuid4().hex}")
        cx.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(names[-1])))
        url = make_url(server()).set(database=names[-1]).render_as_string(hide_password=False)
        return replace(settings, database_url=url, var=tmp_path / names[-1])

    with psycopg.connect(server(), autocommit=True) as cx:
        yield make
        for name in names:
            cx.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture
def place(make_place: Callable[[], Settings]) -> Settings:
    """Where to restore."""
    return make_place()


def test_what_was_backed_up_is_there_again(home: Network, backup: Path, place: Settings) -> None:
    assert "Restored" in weft_does(place, "restore", backup)
    with living(place) as app:
        connector = again(app, home.connector)
        for path in ("introductions", "groups", "spaces"):
            assert connector.get(path).json["items"]
            assert connector.get(path).json == home.connector.get(path).json
        (photo,) = connector.get("attachments").json["items"]
        told = connector.get(f"attachments/{photo['id']}/content")
        assert told.data == home.connector.get(f"attachments/{photo['id']}/content").data
        assert connector.make(
            "groups", {"name": "A new one", "type": "informal", "status": "proposed"}
        )


def test_what_comes_back_is_for_the_server_alone(backup: Path, place: Settings) -> None:
    weft_does(place, "restore", backup)
    (network,) = (place.var / "files").iterdir()
    assert {each.stat().st_mode & 0o077 for each in (network, network.parent)} == {0}


def test_a_backup_takes_the_place_of_the_one_before(
    settings: Settings, home: Network, tmp_path: Path
) -> None:
    path = tmp_path / "weft.tar"
    for _ in range(2):
        assert "Keep it" in weft_does(settings, "backup", path)
    assert [each.name for each in tmp_path.iterdir()] == ["weft.tar"]


def test_a_file_that_is_still_being_written_is_left_out(
    settings: Settings, home: Network, place: Settings, tmp_path: Path
) -> None:
    half = settings.var / "files" / str(home.id) / f".{uuid4().hex}"
    half.write_bytes(b"half")
    weft_does(settings, "backup", tmp_path / "weft.tar")
    half.unlink()
    assert "Restored" in weft_does(place, "restore", tmp_path / "weft.tar")
    assert len(list((place.var / "files").glob("*/*"))) == 1


def test_a_file_that_goes_while_it_is_backed_up_is_left_out(
    settings: Settings, home: Network, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone, add = settings.var / "files" / str(home.id) / str(uuid4()), tarfile.TarFile.add
    gone.write_bytes(b"removed by its author")

    def add_late(tar: tarfile.TarFile, path: Path, name: str) -> None:
        if name.startswith("files/"):
            gone.unlink(missing_ok=True)
        add(tar, path, name)

    monkeypatch.setattr(tarfile.TarFile, "add", add_late)
    assert "Keep it" in weft_does(settings, "backup", tmp_path / "weft.tar")
    with tarfile.open(tmp_path / "weft.tar") as tar:
        assert len([name for name in tar.getnames() if name.startswith("files/")]) == 1


def test_a_backup_of_an_older_weft_is_brought_up_to_date(
    make_place: Callable[[], Settings], tmp_path: Path
) -> None:
    old, new = make_place(), make_place()
    migrate(old.database_url, "head-1")
    weft_does(old, "backup", tmp_path / "old.tar")
    assert "Restored" in weft_does(new, "restore", tmp_path / "old.tar")
    assert [schema(place) for place in (old, new)] == sorted(schemas())[-2:]


def test_who_owns_the_database_and_no_more_restores_into_it(backup: Path, place: Settings) -> None:
    """The usual rights at a host: its own superuser put PostGIS in."""
    url = make_url(place.database_url)
    guest = url.set(username="weft_guest").render_as_string(hide_password=False)
    here, owned = sql.Identifier(url.database), "ALTER DATABASE {} OWNER TO {}"
    with psycopg.connect(place.database_url, autocommit=True) as cx:
        cx.execute("CREATE EXTENSION postgis")
        cx.execute("CREATE ROLE weft_guest LOGIN; GRANT weft_app TO weft_guest")
        cx.execute(sql.SQL(owned).format(here, sql.Identifier("weft_guest")))
        said = weft_does(replace(place, database_url=guest), "restore", backup)
        cx.execute(sql.SQL(owned).format(here, sql.SQL("CURRENT_USER")))
        cx.execute("DROP OWNED BY weft_guest; DROP ROLE weft_guest")
    assert "Restored" in said


def test_what_an_operator_set_for_psql_disturbs_nothing(
    backup: Path, place: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "psqlrc").write_text("CREATE TABLE history();")
    monkeypatch.setenv("PSQLRC", str(tmp_path / "psqlrc"))
    assert "Restored" in weft_does(place, "restore", backup)
    assert "introduction" in tables(place, files=True)


def test_a_password_stands_in_no_commands_words(
    settings: Settings, home: Network, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words: list[str] = []
    popen = subprocess.Popen

    def start(command: tuple[str, ...], **more: Any) -> Any:
        words.extend(command)
        kept = Path(re.search(r"passfile=(\S+)", " ".join(command))[1])
        assert kept.stat().st_mode & 0o077 == 0
        assert kept.read_text() == "*:*:*:*:hi\\:dden\n"
        return popen(command, **more)

    monkeypatch.setattr(subprocess, "Popen", start)
    url = make_url(settings.database_url).set(password="hi:dden")
    known = replace(settings, database_url=url.render_as_string(hide_password=False))
    assert "Keep it" in weft_does(known, "backup", tmp_path / "weft.tar")
    assert "dden" not in " ".join(words)


def test_a_phone_hears_that_the_server_is_younger(
    home: Network, backup: Path, place: Settings
) -> None:
    _, cursor = home.connector.pull()
    weft_does(place, "restore", backup)
    with living(place) as app:
        told = again(app, home.connector).get(f"sync/changes?cursor={cursor}")
        assert (told.status_code, told.json["code"]) == (409, "epoch_changed")


def test_networks_stay_apart_after_a_restore(home: Network, backup: Path, place: Settings) -> None:
    weft_does(place, "restore", backup)
    with living(place) as app:
        stranger = build_network(app).coordinator
        path = f"/api/v1/networks/{home.id}/introductions"
        assert stranger.ask("GET", path).status_code == 403
        assert stranger.get("introductions").json["items"] == []


def test_a_backup_is_for_its_maker_alone(backup: Path) -> None:
    assert backup.stat().st_mode & 0o077 == 0
    assert list(backup.parent.iterdir()) == [backup]


def test_a_database_with_something_in_it_is_left_as_it_is(
    settings: Settings, home: Network, backup: Path
) -> None:
    before = home.connector.get("introductions").json
    assert "The database is not empty" in weft_does(settings, "restore", backup)
    assert home.connector.get("introductions").json == before


def test_a_database_that_holds_something_else_keeps_it_and_gets_nothing(
    backup: Path, place: Settings
) -> None:
    with psycopg.connect(place.database_url) as cx:
        cx.execute("CREATE TABLE history AS SELECT 1 AS mine")
    assert 'relation "history" already exists' in weft_does(place, "restore", backup)
    assert tables(place) == {"history"}


def _half(whole: bytes) -> bytes:
    return whole[: len(whole) // 2]


def _no_backup(_: bytes) -> bytes:
    return b"Dear diary"


def _with_a_stranger(whole: bytes) -> bytes:
    """A backup that would put a file where it pleases."""
    with tarfile.open(fileobj=(out := BytesIO(whole)), mode="a") as tar:
        stranger = tarfile.TarInfo("files/../../secret")
        tar.addfile(stranger, BytesIO())
    return out.getvalue()


def _with_a_link(whole: bytes) -> bytes:
    """A backup that would read a file where it pleases."""
    with tarfile.open(fileobj=(out := BytesIO(whole)), mode="a") as tar:
        link = tarfile.TarInfo("files/a/b")
        link.type, link.linkname = tarfile.SYMTYPE, "../../secret"
        tar.addfile(link)
    return out.getvalue()


def _with_a_link_to_itself(whole: bytes) -> bytes:
    """A backup that would have us look for its end for ever."""
    with tarfile.open(fileobj=(out := BytesIO(whole)), mode="a") as tar:
        link = tarfile.TarInfo("files/a/b")
        link.type, link.linkname = tarfile.SYMTYPE, "b"
        tar.addfile(link)
    return out.getvalue()


def _with_a_file_twice(whole: bytes) -> bytes:
    """A backup that would slip another file under somebody's id."""
    with tarfile.open(fileobj=(out := BytesIO(whole)), mode="a") as tar:
        for _ in range(2):
            tar.addfile(tarfile.TarInfo("files/a/b"), BytesIO())
    return out.getvalue()


BROKEN = (
    *(_half, _no_backup, _with_a_stranger),
    *(_with_a_link, _with_a_link_to_itself, _with_a_file_twice),
)


@pytest.mark.parametrize("broken", BROKEN)
def test_what_is_not_all_of_a_backup_leaves_nothing_behind(
    backup: Path, place: Settings, tmp_path: Path, broken: Callable[[bytes], bytes]
) -> None:
    path = tmp_path / "broken.tar"
    path.write_bytes(broken(backup.read_bytes()))
    assert "is no backup of Weft, or not all of one" in weft_does(place, "restore", path)
    assert tables(place) == set()


def test_a_backup_of_a_newer_weft_is_left_for_that_one(
    backup: Path, place: Settings, tmp_path: Path
) -> None:
    path = tmp_path / "newer.tar"
    path.write_bytes(re.sub(rb'"schema": "\d{4}"', b'"schema": "9999"', backup.read_bytes()))
    assert "was made by a newer Weft" in weft_does(place, "restore", path)
    assert tables(place) == set()


def test_attachments_that_lie_there_already_are_not_mixed_with_those_of_a_backup(
    backup: Path, place: Settings
) -> None:
    (place.var / "files" / "a").mkdir(parents=True)
    assert "There are attachments in" in weft_does(place, "restore", backup)
    (place.var / "files" / "a").rmdir()
    (place.var / "files").rmdir()
    assert tables(place) == set()


def test_a_dump_that_breaks_off_leaves_nothing_behind(
    backup: Path, place: Settings, tmp_path: Path
) -> None:
    whole = backup.read_bytes()
    at = whole.rindex(b"PGDMP") + 80_000  # beyond the list of what is in it
    path = tmp_path / "broken.tar"
    path.write_bytes(whole[:at] + bytes(20_000) + whole[at + 20_000 :])
    assert "Error" in weft_does(place, "restore", path)
    assert tables(place) == set()


def test_a_database_that_does_not_answer_is_said_in_one_sentence(
    place: Settings, tmp_path: Path
) -> None:
    nowhere = replace(place, database_url="postgresql://weft:hidden@127.0.0.1:9/none")
    said = weft_does(nowhere, "backup", tmp_path / "weft.tar")
    assert said.startswith("Error")
    assert "hidden" not in said
    assert list(tmp_path.iterdir()) == []
