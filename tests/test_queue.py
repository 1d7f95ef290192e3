"""The job queue keeps itself tidy, and a job that fails waits before it is tried again."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from api.jobs import worker

if TYPE_CHECKING:
    from collections.abc import Iterator

    from procrastinate import App

    from api.core.db import Database
    from api.settings import Settings


@pytest.fixture
def queue(app_settings: Settings, database: Database) -> Iterator[App]:
    """The queue, empty, and without its clock: only what a test asks for is done."""
    _clear(database)
    made = worker.schedule(app_settings, database)
    made.periodic_registry.periodic_tasks.clear()
    with made.open():
        yield made
    _clear(database)


def _clear(database: Database) -> None:
    with database.transaction() as cx:
        for table in ("procrastinate_periodic_defers", "procrastinate_jobs"):
            cx.exec_driver_sql(f"DELETE FROM {table}")


def put(database: Database, status: str, hours: int) -> None:
    """Lay a job on the queue that came to a status so many hours ago; no worker has it."""
    with database.transaction() as cx:
        cx.exec_driver_sql(
            """WITH job AS (
                INSERT INTO procrastinate_jobs (queue_name, task_name, args, status)
                VALUES ('default', %(name)s, '{}', CAST(%(status)s AS procrastinate_job_status))
                RETURNING id)
            INSERT INTO procrastinate_events (job_id, type, at)
            SELECT id, CASE WHEN %(status)s = 'failed' THEN 'failed' ELSE 'started' END
                ::procrastinate_job_event_type, now() - %(hours)s * interval '1 hour' FROM job""",
            {"name": f"{status} {hours}", "status": status, "hours": hours},
        )


def jobs(database: Database) -> list[tuple[str, str, int]]:
    """What is on the queue: task, status, attempts."""
    with database.snapshot() as cx:
        found = cx.exec_driver_sql(
            "SELECT task_name, status::text, attempts FROM procrastinate_jobs ORDER BY id"
        )
        return [tuple(row) for row in found]


def work(queue: App) -> None:
    """Do what is on the queue now."""
    queue.run_worker(
        wait=False, listen_notify=False, install_signal_handlers=False, delete_jobs="successful"
    )


def test_failed_jobs_are_kept_three_days_and_those_of_killed_workers_not_at_all(
    queue: App, database: Database
) -> None:
    for status, hours in (("failed", 71), ("failed", 73), ("doing", 1)):
        put(database, status, hours)
    queue.tasks["tidy_queue"].defer(timestamp=0)
    work(queue)
    assert jobs(database) == [("failed 71", "failed", 0)]


def test_a_job_that_fails_is_tried_again_after_a_while(
    queue: App, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stumble(_database: Database, _today: dt.date) -> int:
        raise ValueError("heron")

    monkeypatch.setattr(worker, "make_due_follow_ups", stumble)
    queue.tasks["make_due_follow_ups"].defer(timestamp=0)
    work(queue)
    assert jobs(database) == [("make_due_follow_ups", "todo", 1)]


def test_a_worker_starts_although_a_network_fails(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = []

    def stumble(_database: Database, _today: dt.date) -> int:
        raise ExceptionGroup("Some networks failed", [ValueError("heron")])

    monkeypatch.setattr(worker, "make_due_follow_ups", stumble)
    monkeypatch.setattr(worker, "purge_notebooks", lambda *_: done.append("purged"))
    worker._catch_up(database)
    assert done == ["purged"]
