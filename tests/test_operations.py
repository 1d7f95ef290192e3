"""What whoever runs the server relies on: health, figures, logs and the command line."""

from __future__ import annotations

import json
import logging
import re
import subprocess
import sys
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

import psycopg
import pytest
import structlog
from click.testing import CliRunner
from flask import Flask, request
from sqlalchemy.exc import OperationalError

from api import create_app
from api.cli import weft
from api.core.web import of_database
from api.settings import HOME, Settings
from api.wsgi import name_clients
from tests.database import server

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from werkzeug.test import TestResponse

    from tests.fixtures.networks import Network, Town

NOWHERE = "postgresql://nobody@127.0.0.1:1/none"
UUID_SOMEWHERE = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


def ask(app: Flask, path: str, **headers: str) -> TestResponse:
    """One GET by nobody in particular."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return app.test_client().get(path, headers=named)


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[Callable[..., Flask]]:
    """Make the application anew on some other database, or with other settings."""
    kept, made = structlog.get_config(), []

    def make(url: str, **more: str) -> Flask:
        own = {"database_url": url, "var": tmp_path, "secret": "only for tests"} | more
        made.append(create_app(Settings(**own)))
        return made[-1]

    yield make
    structlog.configure(**kept)
    for app in made:
        app.extensions["database"].close()


@pytest.fixture
def empty_database() -> Iterator[str]:
    """The address of a database that was never migrated."""
    name = f"empty_{uuid4().hex}"
    with psycopg.connect(server(), autocommit=True) as cx:
        cx.execute(f"CREATE DATABASE {name}")
        yield server().replace("/postgres", f"/{name}")
        cx.execute(f"DROP DATABASE {name} WITH (FORCE)")


# --- health --------------------------------------------------------------------------------------


def test_a_server_on_its_database_is_alive_and_ready(app: Flask) -> None:
    for path, status in (("/healthz", "alive"), ("/readyz", "ready")):
        answer = ask(app, path)
        assert (answer.status_code, answer.json) == (200, {"status": status})


def test_without_its_database_a_server_lives_but_is_not_ready(
    elsewhere: Callable[..., Flask],
) -> None:
    app = elsewhere(NOWHERE)
    assert ask(app, "/healthz").status_code == 200
    answer = ask(app, "/readyz")
    assert (answer.status_code, answer.json["code"]) == (503, "unavailable")
    assert "does not answer" in answer.json["detail"]
    assert answer.headers["Retry-After"]
    assert "nobody" not in answer.text


def test_a_database_that_waits_for_migration_is_not_ready(
    elsewhere: Callable[..., Flask], empty_database: str
) -> None:
    answer = ask(elsewhere(empty_database), "/readyz")
    assert (answer.status_code, answer.json["code"]) == (503, "unavailable")
    assert "weft migrate" in answer.json["detail"]


def test_a_statement_that_takes_too_long_is_a_fault_of_ours_and_in_the_log(
    app: Flask, network: Network
) -> None:
    with pytest.raises(OperationalError) as slow, network.database.snapshot(network.id) as cx:
        cx.exec_driver_sql("SET LOCAL statement_timeout = 1; SELECT pg_sleep(10)")
    with app.test_request_context(), structlog.testing.capture_logs() as logs:
        answer = of_database(slow.value.orig)
    assert (answer.status_code, answer.json["code"]) == (500, "internal_error")
    assert [log["event"] for log in logs] == ["unhandled"]


def test_without_its_database_the_api_says_so_as_a_problem(
    elsewhere: Callable[..., Flask],
) -> None:
    token = "weft_" + "x" * 43
    path = f"/api/v1/networks/{uuid4()}/groups"
    app = elsewhere(NOWHERE)
    with structlog.testing.capture_logs() as logs:
        answer = ask(app, path, Authorization=f"Bearer {token}")
    assert (answer.status_code, answer.json["code"]) == (503, "unavailable")
    assert "database_away" in [log["event"] for log in logs]


@pytest.mark.parametrize(
    ("public_url", "insists"),
    [
        ("https://weft.example.org", "max-age=31536000"),
        ("http://weft.example.org", None),
        ("", None),
    ],
)
def test_browsers_are_kept_to_https_only_where_there_is_https(
    elsewhere: Callable[..., Flask], public_url: str, insists: str | None
) -> None:
    app = elsewhere(NOWHERE, public_url=public_url)
    for path in ("/healthz", "/nothing-here", "/"):
        assert ask(app, path).headers.get("Strict-Transport-Security") == insists


# --- request ids and logs ------------------------------------------------------------------------


@pytest.mark.parametrize("given", ["a", "trace-01.b_C", "x" * 64])
def test_a_sane_request_id_is_handed_back(app: Flask, given: str) -> None:
    answer = ask(app, "/nothing-here", X_Request_ID=given)
    assert answer.headers["X-Request-ID"] == given
    assert answer.json["request_id"] == given


@pytest.mark.parametrize("given", ["", "a b", "x" * 65, "<b>", "é", '{"a":1}', "a@b.example"])
def test_any_other_request_id_is_replaced(app: Flask, given: str) -> None:
    answer = ask(app, "/nothing-here", X_Request_ID=given)
    assert str(UUID(answer.headers["X-Request-ID"])) == answer.json["request_id"]


@pytest.fixture
def log(capsys: pytest.CaptureFixture[str]) -> Callable[[], str]:
    """What the log has said since the test began."""
    said: list[str] = []

    def read() -> str:
        said.append(capsys.readouterr().err)
        return "".join(said)

    return read


def of_requests(text: str) -> list[dict[str, Any]]:
    """The lines of a log that tell of requests."""
    return [line for line in map(json.loads, text.splitlines()) if line["event"] == "request"]


def test_a_request_is_one_line_of_json(
    log: Callable[[], str], network: Network, town: Town
) -> None:
    network.connector.get(f"groups/{town.groups[0]}", X_Request_ID="mine")
    *_, line = of_requests(log())
    assert line.pop("ms") >= 0
    assert line.pop("at").endswith("Z")
    assert line == {
        "event": "request",
        "level": "info",
        "method": "GET",
        "route": "/api/v1/networks/<uuid:network_id>/groups/<uuid:record_id>",
        "status": 200,
        "request_id": "mine",
    }


def test_the_log_keeps_people_and_secrets_out(
    log: Callable[[], str], app: Flask, network: Network, town: Town
) -> None:
    connector = network.connector
    email = str(connector.get("/api/v1/me").json["user"]["email"])
    purpose = "A heron by the lock"
    connector.make("introductions", town.introduction(purpose=purpose))
    connector.post("introductions", town.introduction(purpose="A heron " * 100))
    connector.get("groups?q=heron")
    connector.get(f"groups/{town.groups[0]}")
    connector.get("heron/by/the/lock")
    client = app.test_client()
    client.post("/api/v1/sign-in", json={"email": email})
    client.post("/api/v1/sign-in/verify", json={"email": email, "code": "000000"})
    client.get("/api/v1/me", headers={"Authorization": "Bearer weft_heron"})
    text = log()
    assert len(of_requests(text)) >= 9
    for secret in (
        email,
        email.split("@", maxsplit=1)[0],
        connector.token,
        "heron",
        "000000",
        "127.0.0.1",
    ):
        assert secret not in text
    assert town.groups[0] not in text


def test_our_own_mistake_is_logged_by_its_place_and_never_its_values(
    log: Callable[[], str], network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stumble(*args: Any) -> None:
        raise ValueError("heron")

    monkeypatch.setattr("api.core.routes.page", stumble)
    answer = network.connector.get("groups", X_Request_ID="mine")
    assert (answer.status_code, answer.json["code"]) == (500, "internal_error")
    (line,) = [each for each in map(json.loads, log().splitlines()) if each["level"] == "error"]
    assert (line["kind"], line["request_id"]) == ("ValueError", "mine")
    assert line["where"][-1].endswith("stumble")
    assert "heron" not in log() + answer.text


def test_what_a_library_says_of_an_error_is_its_place_and_never_its_values(
    log: Callable[[], str], app: Flask
) -> None:
    try:
        int("heron")
    except ValueError:
        logging.getLogger("procrastinate.worker").exception("Job heron failed")
    line = json.loads(log())
    assert (line["level"], line["library"]) == ("error", "procrastinate.worker")
    assert line["kind"] == "ValueError"
    assert "test_operations" in line["where"][-1]
    assert "heron" not in log()


def test_what_a_library_warns_of_is_a_line_of_json(log: Callable[[], str], app: Flask) -> None:
    logging.getLogger("some.library").info("nothing much")
    logging.getLogger("some.library").warning("this is old")
    line = json.loads(log())
    assert (line["level"], line["message"]) == ("warning", "this is old")


def test_what_machines_ask_every_few_seconds_is_not_logged(
    log: Callable[[], str], app: Flask
) -> None:
    for path in ("/healthz", "/readyz", "/metrics"):
        ask(app, path)
    assert log() == ""


# --- behind a reverse proxy ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("came_from", "forwarded", "client"),
    [
        ("127.0.0.1", "203.0.113.7", "203.0.113.7"),
        ("::1", "203.0.113.7", "203.0.113.7"),
        ("127.0.0.1", "198.51.100.1, 203.0.113.7", "203.0.113.7"),
        ("192.0.2.9", "203.0.113.7", "192.0.2.9"),
        ("192.0.2.9", None, "192.0.2.9"),
    ],
    ids=["proxy", "proxy on IPv6", "invented by the client", "no proxy of ours", "no proxy"],
)
def test_clients_are_told_apart_by_what_our_own_proxy_saw(
    came_from: str, forwarded: str | None, client: str
) -> None:
    app = name_clients(Flask(__name__))
    app.add_url_rule("/", view_func=lambda: str(request.remote_addr))
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    told = app.test_client().get("/", headers=headers, environ_overrides={"REMOTE_ADDR": came_from})
    assert told.text == client


# --- the command line ----------------------------------------------------------------------------


@pytest.fixture
def run(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Run `weft …` on the test database, unless told another address."""

    def invoke(*words: str, url: str = database_url) -> Any:
        env = {"WEFT_DATABASE_URL": url, "WEFT_VAR": str(tmp_path), "WEFT_SECRET": "only for tests"}
        return CliRunner().invoke(weft, words, env=env)

    return invoke


def test_the_doctor_is_content_with_a_database_that_is_ready(run: Any) -> None:
    found = run("doctor")
    assert found.exit_code == 0, found.output
    assert "MEND" not in found.output
    for what in ("Python", "database", "PostGIS", "migrations", "disk", "mail"):
        assert f"ok    {what}: " in found.output


@pytest.mark.parametrize(
    ("url", "says"),
    [("", "none yet; run `make run` once"), (NOWHERE, "does not answer"),
     ("postgresql://x:heron@127.0.0.1:1/none", "does not answer")],
    ids=["none", "away", "with a password"],
)  # fmt: skip
def test_the_doctor_says_what_is_wrong_with_the_database(run: Any, url: str, says: str) -> None:
    found = run("doctor", url=url)
    assert found.exit_code == 1
    assert re.search(f"MEND  database: .*{says}", found.output)
    assert "heron" not in found.output


@pytest.mark.parametrize("url", ["weft:heron@db/weft", "mysql://weft:heron@db/weft"])
def test_an_address_of_no_postgresql_is_refused_without_repeating_it(run: Any, url: str) -> None:
    for words in (("doctor",), ("token", "a@town.example")):
        found = run(*words, url=url)
        assert found.exit_code == 1
        assert "WEFT_DATABASE_URL must begin with postgresql://" in found.output
        assert "heron" not in found.output


def test_an_address_with_an_impossible_port_is_named(run: Any) -> None:
    found = run("doctor", url="postgresql://weft@db:heron/weft")
    assert found.exit_code == 1
    assert "MEND  database: WEFT_DATABASE_URL is no address" in found.output


def test_the_doctor_says_when_to_migrate(run: Any, empty_database: str) -> None:
    found = run("doctor", url=empty_database)
    assert found.exit_code == 1
    assert "MEND  migrations: run: weft migrate" in found.output


def test_the_doctor_names_a_setting_that_cannot_be_used(
    run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WEFT_PORT", "eighty")
    found = run("doctor")
    assert found.exit_code == 1
    assert "MEND  settings: WEFT_PORT must be a whole number" in found.output


def test_a_network_is_begun_from_the_command_line(
    run: Any, app: Flask, log: Callable[[], str]
) -> None:
    structlog.reset_defaults()  # as in a process of its own
    email = f"begins-{uuid4().hex}@town.example"
    made = run("network", "create", "Riverside", "--admin", email)
    assert made.exit_code == 0, made.output
    token = run("token", email).stdout.strip()
    me = ask(app, "/api/v1/me", Authorization=f"Bearer {token}").json
    (network,) = me["networks"]
    assert network["id"] == made.stdout.strip()
    assert (network["name"], network["role"]) == ("Riverside", "admin")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("token", "stranger@town.example"), "make them a member first"),
        (("network", "create", " ", "--admin", "a@town.example"), "1 to 200 characters"),
        (("network", "create", "Riverside", "--admin", "no address"), "address"),
        (("network", "create", "Riverside"), "--admin"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(
    run: Any, words: tuple[str, ...], says: str
) -> None:
    found = run(*words)
    assert found.exit_code in (1, 2)
    assert says in found.output
    assert "Traceback" not in found.output


@pytest.mark.parametrize(
    ("url", "says"), [("", "set WEFT_DATABASE_URL"), (NOWHERE, "database does not answer")]
)
def test_without_a_database_commands_say_what_to_do(run: Any, url: str, says: str) -> None:
    found = run("token", "a@town.example", url=url)
    assert found.exit_code == 1
    assert says in found.output


def test_the_committed_description_is_checked_without_a_database(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "api.cli", "openapi", "--check"]
    done = subprocess.run(command, cwd=HOME, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
