"""Queue: how a request hands something to a worker."""

from __future__ import annotations

from contextlib import suppress
from threading import Lock
from typing import TYPE_CHECKING

from procrastinate import App, SyncPsycopgConnector
from procrastinate.exceptions import AlreadyEnqueued

from api.core.db import APP_ROLE

if TYPE_CHECKING:
    from api.settings import Settings


class Queue:
    """Called with a task's name and arguments; connects when it is first needed."""

    def __init__(self, settings: Settings) -> None:
        """Nothing is opened yet."""
        self._app = App(connector=SyncPsycopgConnector(**reach(settings), min_size=0, max_size=1))
        self._lock, self._is_open = Lock(), False

    def __call__(self, task: str, **given: str) -> None:
        """Have a worker do `task`; what waits already is not queued again."""
        with self._lock:
            if not self._is_open:
                self._app.open()
                self._is_open = True
        lock = " ".join([task, *given.values()])
        with suppress(AlreadyEnqueued):
            self._app.configure_task(task, queueing_lock=lock).defer(**given)

    def close(self) -> None:
        """Give the connection back."""
        if self._is_open:
            self._app.close()
            self._is_open = False


def reach(settings: Settings) -> dict[str, object]:
    """How the queue's own connections are made."""
    options = {"options": f"-c role={APP_ROLE}", "connect_timeout": 5}
    url = settings.database_url.replace("postgresql+psycopg://", "postgresql://")
    return {"conninfo": url, "kwargs": options}
