"""Hub: hears that networks moved on and tells the listeners; one thread, one connection.

Listeners never ask the database: the hub asks for them all. It looks at a network when somebody
announces that it moved, and at all networks with every beat: announcements may be lost.
"""

from __future__ import annotations

import threading
import time
from contextlib import suppress
from itertools import groupby
from typing import TYPE_CHECKING

import structlog
from blinker import Signal

from api.core.actor import LOGGERS
from api.core.announce import CHANNEL, PAUSE
from api.core.db import begun
from api.core.driver import FAULTS, raw
from api.core.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from sqlalchemy import Connection

    from api.core.actor import Actor
    from api.core.db import Database

    from .listener import Listener

listening = Signal("Somebody began or ceased to listen; sent with the `count` of listeners.")

BEAT = 15.0  # seconds between looks that nobody asked for
LIFE = 300.0  # seconds of one stream; a phone out of reach would hold its place for ever
OF_MEMBER = 4  # streams of one member in one process
RETRY_AFTER = 30
NAME = "weft_listen"  # of its connection, as pg_stat_activity shows it


class Hub:
    """The listeners of one process. Its thread and connection are there only while they are."""

    def __init__(self, database: Database, authenticate: Callable[..., Actor], most: int) -> None:
        """At most `most` listeners at a time; `authenticate` says who a token speaks for."""
        self._database = database
        self._authenticate = authenticate
        self._most = most
        self._listeners: list[Listener] = []
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._is_closed = False

    def admit(self, listener: Listener) -> None:
        """Let one more listen; `too_many_listeners` beyond what the process or a member may."""
        with self._lock:
            self._require_room(listener.actor.member_id)
            if self._thread is None:
                thread = threading.Thread(target=self._run, name="hub", daemon=True)
                thread.start()  # which may fail: nobody is admitted then
                self._thread = thread
            listener.on_close = self._dismiss
            self._listeners.append(listener)
            listening.send(count=len(self._listeners))

    def _require_room(self, member_id: UUID) -> None:
        if self._is_closed:
            raise Problem("unavailable", "The server is about to stop.")
        own = sum(each.actor.member_id == member_id for each in self._listeners)
        if own >= OF_MEMBER or len(self._listeners) >= self._most:
            raise Problem("too_many_listeners", retry_after=RETRY_AFTER)

    def _dismiss(self, listener: Listener) -> None:
        with self._lock:
            if listener in self._listeners:
                self._listeners.remove(listener)
            listening.send(count=len(self._listeners))

    def close(self) -> None:
        """End all streams and admit no more: the process is to stop."""
        self._is_closed = True
        self._end_all()

    def _end_all(self) -> None:
        with self._lock:
            while self._listeners:
                self._listeners.pop().end()

    def look(self, cx: Connection, listeners: list[Listener]) -> None:
        """Tell some listeners of one network what is new to each; end who may no longer listen.

        New is what a pull would bring: changes in the member's own scope, never the mere fact
        that somebody wrote in their notebook.
        """
        allowed = [(each, actor) for each in listeners if (actor := self._who(cx, each))]
        audiences = sorted({audience for _, actor in allowed for audience in actor.scope})
        if not audiences:
            return
        params = {"network": allowed[0][1].network_id, "audiences": audiences}
        marks: dict[str, int] = dict(raw(cx).execute(_MARKS, params).fetchall())
        for listener, actor in allowed:
            listener.tell(actor, max(marks[audience] for audience in actor.scope))

    def _who(self, cx: Connection, listener: Listener) -> Actor | None:
        """Who listens, as they are known at this moment."""
        try:
            actor = self._authenticate(cx, listener.actor.network_id, listener.token)
            require_listener(actor)
        except Problem:
            listener.end()
            return None
        return actor

    # --- the thread ------------------------------------------------------------------------------

    def _run(self) -> None:
        """Follow while anybody listens. Without a database nobody does: all are sent away."""
        while self._is_wanted():
            try:
                with self._database.apart(NAME) as cx, suppress(*FAULTS):
                    self._follow(cx)
                time.sleep(PAUSE)
            except Exception as error:  # noqa: BLE001  (whatever it is: nobody must hang)
                structlog.get_logger().warning("hub_failed", kind=type(error).__name__)
                self._end_all()
                time.sleep(PAUSE)

    def _is_wanted(self) -> bool:
        with self._lock:
            if not self._listeners:
                self._thread = None
            return bool(self._listeners)

    def _follow(self, cx: Connection) -> None:
        """Look when a network is announced, once more a pause later, and with every beat."""
        with suppress(*FAULTS):  # a standby refuses it; then the beats have to do
            raw(cx).execute(f"LISTEN {CHANNEL}")
        self._look_at(cx, None)
        beat_at = time.monotonic() + PAUSE  # of what moved just before, we did not hear
        lately: set[str] = set()
        while self._listeners:
            if time.monotonic() >= beat_at:
                self._look_at(cx, None)
                beat_at = time.monotonic() + BEAT
            left = max(0.0, beat_at - time.monotonic())
            wait, enough = (PAUSE, None) if lately else (left, 1)
            driver = raw(cx)
            driver.execute("SELECT")  # or it would not see what came while others spoke to libpq
            heard = {each.payload for each in driver.notifies(timeout=wait, stop_after=enough)}
            if heard or lately:
                self._look_at(cx, heard | lately)
            lately = heard

    def _look_at(self, cx: Connection, networks: set[str] | None) -> None:
        """Look at some networks; at all of them with a beat, and then end what is too old."""
        with self._lock:
            listeners = sorted(self._listeners, key=_network_of)
        for network_id, found in groupby(listeners, key=_network_of):
            if networks is None or str(network_id) in networks:
                of_network = list(found)
                with begun(cx, network_id):
                    self.look(cx, of_network)
        if networks is None:
            _keep_time(listeners)


def require_listener(actor: Actor) -> None:
    """Funders read reports; nothing of a network's daily life concerns them."""
    actor.require_role(*LOGGERS)


def _network_of(listener: Listener) -> UUID:
    return listener.actor.network_id


def _keep_time(listeners: list[Listener]) -> None:
    oldest = time.monotonic() - LIFE
    for listener in listeners:
        listener.beat() if listener.opened_at > oldest else listener.end()


_MARKS = """
SELECT a.audience, coalesce((SELECT max(s.revision) FROM sync_index s
  WHERE s.network_id = %(network)s AND s.audience = a.audience), 0)
FROM unnest(CAST(%(audiences)s AS text[])) AS a(audience)
"""
