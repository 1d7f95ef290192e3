"""Worker: runs the schedule; two may run side by side, each turn is taken once."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress
from typing import TYPE_CHECKING, Any
from uuid import UUID

import structlog
from procrastinate import App, PsycopgConnector, RetryStrategy
from procrastinate.jobs import Status

from api.accounts.commands import prune
from api.accounts.mail import clear_outbox
from api.core.db import Database
from api.operations.logs import configure
from api.reports.orders import work_off
from api.sync.uploads.desk import open_desk

from .analyses import forget_answers, work_out_analysis
from .files import forget_files
from .follow_ups import make_due_follow_ups
from .notebooks import purge_notebooks
from .queue import reach
from .tombstones import expire_tombstones

if TYPE_CHECKING:
    from api.settings import Settings

HOURLY, NIGHTLY = "7 * * * *", "23 3 * * *"
AGAIN = RetryStrategy(max_attempts=3, wait=60)
HOURS_FAILED_ARE_KEPT = 72


def run_worker(settings: Settings) -> None:
    """Catch up with what is due, then work until INT or TERM."""
    configure(settings)
    database = Database(settings.database_url, 2)
    try:
        _catch_up(database)
        schedule(settings, database).run_worker(listen_notify=True, delete_jobs="successful")
    finally:
        database.close()


def _catch_up(database: Database) -> None:
    """Do at once what came due while no worker ran; where that fails, its next turn comes."""
    for work in (make_due_follow_ups, purge_notebooks):
        with suppress(ExceptionGroup):  # each network that failed is in the log
            work(database, _today())


def prune_everything(settings: Settings, database: Database) -> dict[str, int]:
    """Forget at once whatever the nightly jobs would; what was forgotten -> how many."""
    now = dt.datetime.now(dt.UTC)
    found = {
        "notebook entries": purge_notebooks(database, now.date()),
        "tombstones": expire_tombstones(database, now),
        "files": forget_files(database, open_desk(settings), now),
    }
    with database.transaction() as cx:
        return found | {table.replace("_", " ") + "s": n for table, n in prune(cx).items()}


def schedule(settings: Settings, database: Database) -> App:
    """The queue with every task and its times."""
    app = App(connector=PsycopgConnector(**reach(settings)))
    _take_requests(app, database)

    @app.periodic(cron=HOURLY)
    @app.task(name="make_due_follow_ups", queueing_lock="make_due_follow_ups", retry=AGAIN)
    def follow_ups(timestamp: int) -> None:  # noqa: ARG001
        _tell("follow_ups_made", make_due_follow_ups(database, _today()))

    @app.periodic(cron=NIGHTLY)
    @app.task(name="purge_notebooks", queueing_lock="purge_notebooks", retry=AGAIN)
    def notebooks(timestamp: int) -> None:  # noqa: ARG001
        _tell("notebook_entries_purged", purge_notebooks(database, _today()))

    @app.periodic(cron=NIGHTLY)
    @app.task(name="expire_tombstones", queueing_lock="expire_tombstones", retry=AGAIN)
    def tombstones(timestamp: int) -> None:  # noqa: ARG001
        _tell("tombstones_expired", expire_tombstones(database, dt.datetime.now(dt.UTC)))

    @app.periodic(cron=NIGHTLY)
    @app.task(name="forget_files", queueing_lock="forget_files", retry=AGAIN)
    def files(timestamp: int) -> None:  # noqa: ARG001
        now = dt.datetime.now(dt.UTC)
        _tell("files_forgotten", forget_files(database, open_desk(settings), now))

    @app.periodic(cron=NIGHTLY)
    @app.task(name="forget_answers", queueing_lock="forget_answers", retry=AGAIN)
    def answers(timestamp: int) -> None:  # noqa: ARG001
        _tell("answers_forgotten", forget_answers(database))

    @app.periodic(cron=HOURLY)
    @app.task(name="prune_accounts", queueing_lock="prune_accounts", retry=AGAIN)
    def accounts(timestamp: int) -> None:  # noqa: ARG001
        with database.transaction() as cx:
            _tell("accounts_pruned", prune(cx))
        clear_outbox(settings.outbox)

    @app.periodic(cron=NIGHTLY)
    @app.task(name="tidy_queue", queueing_lock="tidy_queue")
    async def queue(timestamp: int) -> None:  # noqa: ARG001
        for left in await app.job_manager.get_stalled_jobs():  # by a worker that was killed
            await app.job_manager.finish_job(left, Status.FAILED, delete_job=True)
        await app.job_manager.delete_old_jobs(HOURS_FAILED_ARE_KEPT, include_failed=True)

    return app


def _take_requests(app: App, database: Database) -> None:
    """What somebody asked for and does not wait for."""

    @app.task(name="work_out_analysis")
    def analysis(network_id: str, answer_id: str) -> None:
        work_out_analysis(database, UUID(network_id), UUID(answer_id))

    @app.task(name="freeze_report")
    def report(network_id: str, order_id: str) -> None:
        work_off(database, UUID(network_id), UUID(order_id))


def _today() -> dt.date:
    return dt.datetime.now(dt.UTC).date()


def _tell(event: str, count: Any) -> None:
    structlog.get_logger().info(event, count=count)
