"""The two commands: a copy is made, served and stopped, beside others, and leaves nothing."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.request import Request, urlopen

import psycopg
import pytest
from click.testing import CliRunner

from api.cli import weft
from api.exchange.demo import DEMO_NETWORK
from api.settings import HOME
from ops import cluster as clusters
from ops import install
from ops.cluster import Cluster
from tests.database import clone
from tests.fixtures import server

if TYPE_CHECKING:
    from collections.abc import Iterator

ODD = "a b & é 'c'"


def told(address: str, token: str) -> dict:
    asked = Request(address, headers={"Authorization": f"Bearer {token}"})
    with urlopen(asked, timeout=30) as answer:
        return json.load(answer)


# --- make run ------------------------------------------------------------------------------------


def set_up(env: dict[str, str], **more: str) -> subprocess.Popen[str]:
    """Begin what `make run` begins."""
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    command = [sys.executable, "-m", "ops.run"]
    return subprocess.Popen(command, cwd=HOME, env=env | more, text=True, **pipes)


@contextmanager
def running(env: dict[str, str]) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A copy that runs, and what it said when it was ready."""
    process = set_up(env)
    said = ""
    try:
        for line in process.stdout:
            said += line
            if "Ctrl-C" in line:
                break
        assert "Weft is ready at" in said, process.stderr.read()
        yield process, said
    finally:
        process.terminate()
        process.communicate()


def weft_says(env: dict[str, str], *words: str) -> str:
    command = [sys.executable, "-m", "api.cli", *words]
    done = subprocess.run(command, cwd=HOME, env=env, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def left_over(env: dict[str, str]) -> list[str]:
    """The processes that still work for a copy."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            own = (process / "environ").read_bytes() + (process / "cmdline").read_bytes()
        except OSError:
            continue
        if os.fsencode(env["WEFT_VAR"]) in own:
            found.append(own.decode(errors="replace"))
    return found


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    """The environment of a copy in a folder with an odd name."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("WEFT_", "MAKE"))}
    var = tmp_path / ODD
    return kept | {"WEFT_VAR": str(var), "WEFT_PORT": str(server.free_port()), "WEFT_WORKERS": "1"}


def test_a_copy_is_made_and_served_and_stopped_and_keeps_what_it_had(env: dict[str, str]) -> None:
    address = f"http://127.0.0.1:{env['WEFT_PORT']}"
    with running(env) as (process, said):
        assert said.split("\n")[1] == f"Weft is ready at {address}"
        accounts = re.findall(r"^  (\S+@demo\.example)$", said, re.MULTILINE)
        assert len(accounts) == 8
        token = weft_says(env, "token", accounts[0])
        assert told(f"{address}/api/v1/me", token)["user"]["email"] == accounts[0]

        second = set_up(env, WEFT_PORT=str(server.free_port()))
        refused = second.communicate()[1]
        assert (second.returncode, "set WEFT_VAR and WEFT_PORT" in refused) == (2, True)
        second = set_up(env, WEFT_VAR=f"{env['WEFT_VAR']} 2")
        refused = second.communicate()[1]
        assert (second.returncode, "Address already in use" in refused) == (2, True)

        process.send_signal(signal.SIGTERM)
        process.communicate()
        assert process.returncode == 0
    assert left_over(env) == []
    with running(env | {"http_proxy": "http://127.0.0.1:9"}) as (process, said):
        assert "there already" in said
        assert told(f"{address}/api/v1/me", token)["user"]["email"] == accounts[0]
        process.send_signal(signal.SIGINT)
        process.communicate()
        assert process.returncode == 0
    assert left_over(env) == []


def test_a_copy_that_was_killed_takes_its_server_along_and_starts_again(
    env: dict[str, str], database_url: str
) -> None:
    env |= {"WEFT_DATABASE_URL": database_url}
    with running(env) as (process, _):
        assert not (Path(env["WEFT_VAR"]) / "pg").exists()
        process.kill()
        process.communicate()
    with running(env):
        pass
    assert left_over(env) == []


@pytest.mark.parametrize("port", ["eighty", "0", "65536", "-1", "٣"])
def test_a_port_that_is_none_is_named(env: dict[str, str], port: str) -> None:
    process = set_up(env, WEFT_PORT=port)
    assert "WEFT_PORT must be a whole number" in process.communicate()[1]
    assert process.returncode == 2


def test_a_network_of_ones_own_gets_no_demonstration_beside_it() -> None:
    url = clone(f"weft_own_{server.free_port()!s}")
    run = CliRunner().invoke
    env = {"WEFT_DATABASE_URL": url, "WEFT_SECRET": "only for tests"}
    run(weft, ["network", "create", "Riverside", "--admin", "a@town.example"], env=env)
    said = run(weft, ["migrate", "--demo"], env=env)
    assert said.exit_code == 0, said.output
    assert "There is a network already" in said.output
    with psycopg.connect(url) as cx:
        found = cx.execute("SELECT count(*) FROM network WHERE id = %s", [DEMO_NETWORK])
        assert found.fetchone() == (0,)


# --- the private cluster -------------------------------------------------------------------------


def ask(cluster: Cluster, statement: str) -> str:
    with psycopg.connect(cluster.url("weft")) as cx:
        return cx.execute(statement).fetchone()[0]


@pytest.fixture
def cluster(tmp_path: Path) -> Cluster:
    return Cluster(tmp_path / ODD)


def test_the_private_cluster_is_durable_and_on_no_network(cluster: Cluster) -> None:
    with cluster.serving("weft"):
        assert ask(cluster, "SHOW fsync") == "on"
        assert ask(cluster, "SHOW synchronous_commit") == "on"
        assert ask(cluster, "SHOW listen_addresses") == ""
        assert cluster.socket.stat().st_mode & 0o077 == 0
    assert not cluster.is_running()


@pytest.mark.parametrize("name", ["deep" * 40, "a, b"], ids=["long", "comma"])
def test_a_path_no_socket_can_have_gets_it_elsewhere(tmp_path: Path, name: str) -> None:
    cluster = Cluster(tmp_path / name, careless=True)
    with cluster.serving("weft", note=tmp_path / "note"):
        assert not cluster.socket.is_relative_to(tmp_path)
        assert ask(cluster, "SHOW fsync") == "off"
        assert (tmp_path / "note").read_text() == cluster.url("weft") + "\n"


def test_what_was_broken_off_or_left_stale_does_not_stop_the_next_start(cluster: Cluster) -> None:
    (cluster.folder / "pg-unfinished" / "base").mkdir(parents=True)
    with cluster.serving("weft"):
        pass
    (cluster.data / "postmaster.pid").write_text(f"{os.getpid()}\n{cluster.data}\n")
    with cluster.serving("weft"):
        assert ask(cluster, "SELECT 'well'") == "well"


def test_a_socket_folder_others_can_enter_is_not_used(
    cluster: Cluster, capsys: pytest.CaptureFixture[str]
) -> None:
    cluster.socket.mkdir(mode=0o755, parents=True)
    with pytest.raises(SystemExit):
        cluster.start()
    assert "remove it" in capsys.readouterr().err


def test_a_cluster_of_a_version_that_is_gone_says_what_to_install(
    cluster: Cluster, capsys: pytest.CaptureFixture[str]
) -> None:
    cluster.data.mkdir(parents=True)
    (cluster.data / "PG_VERSION").write_text("14\n")
    with pytest.raises(SystemExit):
        cluster.start()
    assert "apt-get install postgresql-14-postgis-3" in capsys.readouterr().err


# --- what has to be installed --------------------------------------------------------------------


def test_without_the_right_to_install_the_exact_command_is_told(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(clusters, "_installed", dict)
    monkeypatch.setattr(install, "_right_to_install", lambda: None)
    with pytest.raises(SystemExit) as stopped:
        cluster.start()
    assert stopped.value.code == 2
    said = capsys.readouterr().err
    assert "    sudo apt-get install --no-install-recommends postgresql-postgis\n" in said
    assert "WEFT_DATABASE_URL" in said
    assert not cluster.data.exists()


def test_an_older_python_is_refused_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(install, "OLDEST", (99, 0))
    with pytest.raises(SystemExit):
        install.install("dev")
    assert "Weft needs Python 99.0 or newer" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("says", "is_taken"),
    [("echo 3 {minor}", True), ("echo 3 2", False), ("exit 1", False)],
    ids=["ours", "another version", "without virtualenvs"],
)
def test_the_distributions_python_is_taken_where_it_is_like_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, says: str, *, is_taken: bool
) -> None:
    systems = tmp_path / "python3"
    systems.write_text(f"#!/bin/sh\n{says.format(minor=sys.version_info.minor)}\n")
    systems.chmod(0o755)
    monkeypatch.setattr(install, "SYSTEMS", systems)
    monkeypatch.delenv(install.CHOSEN, raising=False)
    assert install._best_python() == (str(systems) if is_taken else sys.executable)
    monkeypatch.setenv(install.CHOSEN, sys.executable)
    assert install._best_python() == sys.executable, "who chose one gets that"


@pytest.mark.parametrize("lock", sorted(HOME.glob("locks/*.txt")), ids=lambda lock: lock.stem)
def test_every_locked_package_has_its_hashes_and_no_address(lock: Path) -> None:
    entries = re.split(r"\n(?=\S)", lock.read_text().strip())
    assert [entry for entry in entries if "==" not in entry or "--hash=sha256:" not in entry] == []
    assert "://" not in lock.read_text()


def test_what_tests_run_on_is_what_serves() -> None:
    run, dev = ((HOME / "locks" / f"{name}.txt").read_text() for name in ("run", "dev"))
    pinned = re.compile(r"^\S+==\S+", re.MULTILINE)
    assert set(pinned.findall(run)) <= set(pinned.findall(dev))
