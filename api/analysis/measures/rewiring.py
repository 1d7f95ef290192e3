"""Rewiring: null N6, who gives to whom dealt out anew, everybody giving and taking as often.

All draws walk side by side: in each step every copy of the graph tries one swap of its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from .nulls import chance_of
from .progress import track

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .arcs import Arcs
    from .nulls import Ask, Chance
    from .ties import Floats, Ints

TRIES, LEAST_TRIES = 10, 640  # swaps tried per arc, and in all
CYCLES = 4  # every so many steps, a cycle of three is turned round instead
CELLS = 8_000_000  # of all copies' adjacency tables together: bounds the memory
MOST_STEPS = 300_000  # of all copies one after the other: bounds the time

TOO_MANY = "So many directions are not rewired so often: ask for a shorter window, or fewer draws."


def rewire(arcs: Arcs, ask: Ask, observed: tuple[float, float]) -> tuple[Chance, Chance]:
    """Hold `observed` reciprocity, of arcs and of amounts, against `ask.draws` rewirings.

    Kept exactly: how many each gives to and takes from, and the sum each gives; each giver's
    amounts are shuffled over its arcs, so what each takes is kept on average only.
    """
    rng = np.random.default_rng(ask.seed)
    found = [_reciprocities(arcs, taker, rng) for taker in _walks(arcs, ask.draws, rng)]
    drawn = np.concatenate(found, axis=1)
    plain, weighted = (chance_of(seen, row) for seen, row in zip(observed, drawn, strict=True))
    return plain, weighted


def rewire_share(arcs: Arcs, shares: Floats, ask: Ask) -> Chance:
    """Hold the share of arcs that cross against `ask.draws` rewirings; `shares` (n, sections)."""
    rng, crosses = np.random.default_rng(ask.seed), 1 - shares @ shares.T
    walks = _walks(arcs, ask.draws, rng)
    drawn = np.concatenate([crosses[arcs.giver, taker].mean(axis=1) for taker in walks])
    return chance_of(float(crosses[arcs.giver, arcs.taker].mean()), drawn)


def is_feasible(arcs: Arcs, draws: int) -> bool:
    """Whether so many rewirings are done in well under a minute."""
    return _steps(arcs) * -(-draws // _copies(arcs)) <= MOST_STEPS


def _walks(arcs: Arcs, draws: int, rng: np.random.Generator) -> Iterator[Ints]:
    """Takers of all draws, (copies, arcs) of them at a time."""
    most = _copies(arcs)
    rounds = -(-draws // most)
    for begun in track(range(0, draws, most), rounds, "draws"):
        yield walk(arcs, min(most, draws - begun), rng)


def _copies(arcs: Arcs) -> int:
    return max(1, CELLS // max(1, arcs.n**2))


def _steps(arcs: Arcs) -> int:
    return max(TRIES * len(arcs.giver), LEAST_TRIES)


def walk(arcs: Arcs, copies: int, rng: np.random.Generator) -> Ints:
    """Takers (copies, arcs) after the walk; every arc keeps its giver.

    A move that would make a loop or a double arc is not made: the walk stays, which keeps every
    graph of these degrees as likely as any other (Fosdick et al. 2018, SIAM Rev 60:315-355).
    """
    taker = np.tile(arcs.taker, (copies, 1))
    has = np.zeros((copies, arcs.n, arcs.n), dtype=bool)
    has[:, arcs.giver, arcs.taker] = True
    count, row = len(arcs.giver), np.arange(copies)
    for step in range(_steps(arcs)):
        size = 3 if step % CYCLES == CYCLES - 1 else 2
        arc = rng.integers(0, count, (size, copies))
        giver, old = arcs.giver[arc], taker[row, arc]
        new = np.roll(old, -1, axis=0)
        move = (~has[row, giver, new] & (giver != new)).all(axis=0)
        here, giver, old, new = row[move], giver[:, move], old[:, move], new[:, move]
        has[here, giver, old] = False
        has[here, giver, new] = True
        taker[here, arc[:, move]] = new
    return taker


def _reciprocities(arcs: Arcs, taker: Ints, rng: np.random.Generator) -> Floats:
    """(2, copies): r and r_w of each copy, its givers' amounts shuffled over their arcs."""
    copies, row = len(taker), np.arange(len(taker))[:, None]
    by_giver = np.argsort(arcs.giver, kind="stable")
    giver, taker = arcs.giver[by_giver], taker[:, by_giver]
    dealt = np.argsort(giver + rng.random(taker.shape), axis=1)
    amount = arcs.amount[by_giver][dealt]
    table = np.zeros((copies, arcs.n, arcs.n))
    table[row, giver, taker] = amount
    back = table[row, taker, giver]
    r_w = np.minimum(amount, back).sum(axis=1) / amount.sum(axis=1)
    return np.stack([(back > 0).mean(axis=1), r_w])
