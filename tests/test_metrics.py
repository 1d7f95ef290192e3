"""The figures an operator collects: requests, changes, connections and jobs, naming nobody."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING, Any
from urllib.request import urlopen
from uuid import uuid4

import pytest
from prometheus_client.parser import text_string_to_metric_families

from api import create_app
from api.core.db import Database
from api.core.write import Change, apply
from api.operations.metrics import _forget_ended
from api.settings import Settings
from tests.fixtures.server import serving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from flask import Flask

    from tests.fixtures.networks import Network, Town

UUID_SOMEWHERE = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


def text_of(app: Flask) -> str:
    """The figures as they are sent."""
    return app.test_client().get("/metrics").text


def figures(app: Flask, name: str, label: str) -> dict[str, float]:
    """The samples of one figure by one of their labels."""
    return {
        sample.labels[label]: sample.value
        for family in text_string_to_metric_families(text_of(app))
        for sample in family.samples
        if sample.name == name
    }


def decided(app: Flask) -> dict[str, float]:
    """Changes by what came of them, so far."""
    return figures(app, "weft_changes_total", "outcome")


def gained(app: Flask, before: dict[str, float]) -> dict[str, float]:
    """What was added since `before`."""
    now = decided(app)
    return {name: now[name] - before.get(name, 0) for name in now if now[name] != before.get(name)}


# --- requests ------------------------------------------------------------------------------------


def test_requests_are_counted_by_pattern_and_never_by_id(
    app: Flask, network: Network, town: Town
) -> None:
    network.connector.get(f"groups/{town.groups[0]}?q=heron")
    text = text_of(app)
    route = "/api/v1/networks/<uuid:network_id>/groups/<uuid:record_id>"
    assert f'weft_requests_total{{method="GET",route="{route}",status="200"}}' in text
    assert f'weft_request_seconds_count{{method="GET",route="{route}"}}' in text
    assert not UUID_SOMEWHERE.search(text)
    assert "heron" not in text


def test_invented_addresses_and_methods_make_no_figures_of_their_own(app: Flask) -> None:
    app.test_client().get("/heron/by/the/lock")
    app.test_client().open("/healthz", method="HERON")
    text = text_of(app)
    assert 'route="(none)",status="404"' in text
    assert 'method="(other)"' in text
    assert "heron" not in text.lower()


def test_figures_are_those_of_all_server_processes(database_url: str, tmp_path: Path) -> None:
    with serving(database_url, tmp_path, WEFT_WORKERS="2") as env:
        address = f"http://127.0.0.1:{env['WEFT_PORT']}"
        for _ in range(20):
            urlopen(f"{address}/healthz", timeout=10).close()
        with urlopen(f"{address}/metrics", timeout=10) as answer:
            text = answer.read().decode()
    line = 'weft_requests_total{method="GET",route="/healthz",status="200"} 20.0'
    assert line in text
    assert 'weft_connections_in_use{pool="reading"} 0.0' in text


# --- changes -------------------------------------------------------------------------------------


def test_changes_are_counted_by_what_came_of_them(app: Flask, network: Network, town: Town) -> None:
    values = town.introduction()
    ids = {"op_id": str(uuid4()), "id": str(uuid4())}
    op = ids | {"kind": "introductions", "action": "put", "base_version": None, "data": values}
    before = decided(app)
    network.connector.push(op)
    network.connector.push(op)
    network.connector.post("introductions", values)
    network.connector.post("introductions", town.introduction(space_id=str(uuid4())))
    assert gained(app, before) == {"applied": 2, "duplicate": 1, "rejected": 1}


@pytest.mark.parametrize("group", [None, "together"])
def test_a_change_that_the_database_refuses_is_counted_once(
    app: Flask, network: Network, group: str | None
) -> None:
    week = {"week_on": "2026-04-06"}
    changes = [Change("quiet-weeks", uuid4(), week, group=group) for _ in range(3)]
    before = decided(app)
    own = Database(network.database.url, 1)
    with own.transaction(network.id) as cx:
        apply(cx, network.connector.actor, changes)
    own.close()
    assert sum(gained(app, before).values()) == 3


# --- connections ---------------------------------------------------------------------------------


def test_connections_count_while_they_are_in_use(app: Flask, database: Database) -> None:
    def in_use() -> float:
        return figures(app, "weft_connections_in_use", "pool")["writing"]

    before = in_use()
    with database.transaction(), database.transaction():
        assert in_use() == before + 2
    assert in_use() == before


def test_what_a_killed_process_held_is_forgotten(tmp_path: Path) -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    files = [
        tmp_path / f"{kind}_{process}.db"
        for kind in ("gauge_livesum", "counter")
        for process in (ended.pid, os.getpid())
    ]
    for file in files:
        file.touch()
    _forget_ended(tmp_path)
    assert [file for file in files if not file.exists()] == files[:1]


# --- jobs ----------------------------------------------------------------------------------------


@pytest.fixture
def failed_job(database: Database) -> Iterator[None]:
    """A job on the queue that failed, and the turn that called it."""
    with database.transaction() as cx:
        cx.exec_driver_sql(
            """INSERT INTO procrastinate_jobs (queue_name, task_name, args, status)
            VALUES ('default', 'for_metrics', '{}', 'failed')"""
        )
        cx.exec_driver_sql(
            """INSERT INTO procrastinate_periodic_defers (task_name, defer_timestamp)
            VALUES ('for_metrics', 1790000000), ('for_metrics', 1790003600)"""
        )
    yield
    with database.transaction() as cx:
        for table in ("procrastinate_periodic_defers", "procrastinate_jobs"):
            cx.exec_driver_sql(f"DELETE FROM {table} WHERE task_name = 'for_metrics'")


@pytest.mark.usefixtures("failed_job")
def test_jobs_are_counted_with_their_latest_turn(app: Flask) -> None:
    assert 'weft_jobs{status="failed",task="for_metrics"} 1.0' in text_of(app)
    turns = figures(app, "weft_job_last_turn_timestamp_seconds", "task")
    assert turns["for_metrics"] == 1790003600


def test_without_its_database_a_server_still_shows_its_figures(tmp_path: Path) -> None:
    nowhere: dict[str, Any] = {"database_url": "postgresql://nobody@127.0.0.1:1/none"}
    app = create_app(Settings(**nowhere, var=tmp_path, secret="only for tests"))
    answer = app.test_client().get("/metrics")
    app.extensions["database"].close()
    assert answer.status_code == 200
    assert "weft_requests_total" in answer.text
    assert "weft_jobs" not in answer.text
