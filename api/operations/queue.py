"""Queue: how the scheduled jobs stand, read from the queue's own tables when somebody asks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prometheus_client.metrics_core import GaugeMetricFamily
from prometheus_client.registry import Collector

if TYPE_CHECKING:
    from collections.abc import Iterator

from api.core.db import Database
from api.core.driver import FAULTS

JOBS = (
    "SELECT task_name, status::text, count(*) FROM procrastinate_jobs GROUP BY 1, 2 ORDER BY 1, 2"
)
TURNS = """
SELECT task_name, max(defer_timestamp) FROM procrastinate_periodic_defers GROUP BY 1 ORDER BY 1
"""


class Queue(Collector):
    """The queue's figures; none while the database does not answer, for `/readyz` says that."""

    def __init__(self, database: Database) -> None:
        """Read from `database`, at the moment of asking."""
        self.database = database

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Jobs by task and status, and each task's latest turn."""
        jobs = GaugeMetricFamily(
            "weft_jobs",
            "Jobs waiting, under way or failed; those done are not kept.",
            labels=["task", "status"],
        )
        turns = GaugeMetricFamily(
            "weft_job_last_turn_timestamp_seconds",
            "When the schedule last called a task, in seconds since 1970.",
            labels=["task"],
        )
        try:
            with self.database.snapshot() as cx:
                for task, status, count in cx.exec_driver_sql(JOBS):
                    jobs.add_metric([task, status], count)
                for task, turn in cx.exec_driver_sql(TURNS):
                    turns.add_metric([task], turn)
        except FAULTS:
            return
        yield from (jobs, turns)
