"""Soak: the model for hours, and a crowd of phones against a server that is killed all the while.

`make soak` runs it on a database cluster of its own, with nothing given away for speed.
"""

from __future__ import annotations

import argparse
import multiprocessing as mp
import sys
import time
import traceback
from collections import Counter
from concurrent.futures import ProcessPoolExecutor, wait
from contextlib import closing
from random import Random
from typing import TYPE_CHECKING, Any

from api import create_app
from api.migrate import migrate
from api.settings import Settings
from ops.cluster import Cluster
from ops.say import var

from .crashing import crash_points
from .model.chaos import Chaos
from .model.claims import check
from .model.crowd import Crowd
from .model.line import kill
from .model.moves import MOVES
from .model.remote import Remote
from .model.store import Store
from .model.world import World

if TYPE_CHECKING:
    from flask import Flask

SHARES = ([0, 2, 4], [1, 3, 5])  # of the phones: each process moves some, in both networks
STRIKES = (2.0, 7.0)  # seconds between two
MOVES_A_LIFE = 80
BAD = "VIOLATED"
TRIES = 50  # once nobody breaks anything any more
SHARED: list[Crowd] = []  # what processes take over as they are forked


def main() -> int:
    """Soak; 1 when a claim was violated."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--operations", type=int, default=100_000, help="made by the crowd")
    words.add_argument("--lives", type=int, default=200, help="of the model, at random")
    words.add_argument("--seed", type=int, default=int(time.time()))
    asked = words.parse_args()
    cluster = Cluster(var() / "soak")
    with cluster.serving("soak", afresh=True):
        url = cluster.url("soak")
        migrate(url)
        settings = Settings(database_url=url, var=cluster.folder, secret="soak", threads=8)
        app = create_app(settings)
        print(f"seed {asked.seed}", flush=True)
        is_well = live(app, url, asked.lives, asked.seed)
        is_well &= crowd(app, cluster, url, asked)
    print("every claim held" if is_well else "a claim was violated", flush=True)
    return 0 if is_well else 1


def live(app: Flask, url: str, lives: int, seed: int) -> bool:
    """Many short lives of the model, with all its moves, in this process."""
    ops, said_at, is_well = 0, time.monotonic(), True
    with crash_points(kill), closing(Store(url)) as store:
        for life in range(lives):
            random = Random(seed + life)
            world = World(app, store)
            try:
                world.begin()
                for _ in range(MOVES_A_LIFE):
                    random.choice(MOVES)(world, random.randrange)
                world.settle()
                check(world)
            except Exception as error:  # noqa: BLE001  (whatever it is, the others go on)
                is_well = False
                told = (*world.story, *traceback.format_exception(error))
                print(BAD, f"life {seed + life}: {error!r}", *told, sep="\n  ", flush=True)
            ops += len(world.ops)
            if time.monotonic() > said_at + 10 or life == lives - 1:
                said_at = time.monotonic()
                print(f"lives: {life + 1:,} of {lives:,}, {ops:,} operations", flush=True)
    return is_well


def crowd(app: Flask, cluster: Cluster, url: str, asked: argparse.Namespace) -> bool:
    """Phones in several processes, and a server that is killed while they use it."""
    chaos = Chaos(cluster, url)
    try:
        world = Crowd(app, Store(url), lambda member: Remote(member, chaos.port))
        app.extensions["database"].close()
        parts = _strike_while(chaos, world, asked)
        chaos.wait()
        world.store = Store(url)
        world.put_together(parts)
        for place in world.places:
            place.told.clear()
        _settle(world, chaos)
        check(world)
    except AssertionError as error:
        print(BAD, *traceback.format_exception(error), sep="\n  ", flush=True)
        return False
    finally:
        chaos.close()
    _report(world, chaos, sum(part["failures"] for part in parts))
    return True


def _strike_while(chaos: Chaos, world: Crowd, asked: argparse.Namespace) -> list[dict[str, Any]]:
    """Let the crowd live; meanwhile break things, and say how far it has come."""
    random, context = Random(asked.seed), mp.get_context("fork")
    SHARED.append(world)
    progress = context.Manager().Queue()
    made, began, said_at = 0, time.monotonic(), 0.0
    next_at = began + STRIKES[1]
    with ProcessPoolExecutor(len(SHARES), context) as pool:
        each = asked.operations // len(SHARES)
        running = [
            pool.submit(_live, share, asked.seed + i, each, progress)
            for i, share in enumerate(SHARES)
        ]
        while wait(running, timeout=0.5).not_done:
            while not progress.empty():
                made += progress.get()
            chaos.tend()
            now = time.monotonic()
            if now > next_at and chaos.answers():
                chaos.strike(random)
                next_at = time.monotonic() + random.uniform(*STRIKES)
            if now > said_at + 10:
                said_at = now
                print(f"crowd: {made:,} operations, {made / (now - began):,.0f}/s, "
                      f"{sum(chaos.done.values())} strikes", flush=True)  # fmt: skip
        return [future.result() for future in running]


def _live(*args: Any) -> dict[str, Any]:
    return SHARED[0].live(*args)


def _settle(world: Crowd, chaos: Chaos) -> None:
    world.mine = list(range(len(world.phones)))
    chaos.wait()
    for line in world.lines:  # the last worker killed may have left connections that nobody hears
        line.member.tries = TRIES
    world.settle()


def _report(world: Crowd, chaos: Chaos, failures: int) -> None:
    verdicts = Counter(
        entry.error["code"] if entry.error else entry.status
        for place in world.places
        for entry in world.store.ledger(place).values()
    )
    print(f"operations: {len(world.ops):,}; answers 500: {failures}")
    for what, count in (*verdicts.most_common(), *chaos.done.items()):
        print(f"{count:>10,}  {what}")


if __name__ == "__main__":
    sys.exit(main())
