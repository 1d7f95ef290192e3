"""Roles: who stands between whom, and on which sides of a boundary (Gould & Fernandez 1989).

v brokers the pair (a, b) where a leads to v and v to b, and a not to b. By the sections of a, v and
b that is one of five roles: coordinator AAA, itinerant ABA, representative AAB, gatekeeper ABB and
liaison ABC. Sociological Methodology 19:89-126.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from .mixing import is_single
from .nulls import deal, hold
from .paths import shortened

if TYPE_CHECKING:
    from collections.abc import Callable

    from .nulls import Ask, Chances
    from .paths import Links, Shortened
    from .ties import Floats, Ints, Known

ROLES = ("coordinator", "itinerant", "representative", "gatekeeper", "liaison")
ACROSS = len(ROLES)  # the column after them: pairs of different sections, whatever v's is
HALVED = np.array([0.5, 0.5, 1.0, 1.0, 0.5])  # without direction these see each pair twice
MOST_DEALT = 500_000_000  # ways and arcs looked at in all draws together
IN_PARTS = 4  # times as long as a label takes what is in several sections in part


@dataclass(frozen=True, slots=True)
class Open:
    """The ways of two steps that nothing shortens, counted where they are the same in every draw.

    `as_first` (arcs,): how many begin with this arc; `as_last`: end with it. `total` (nodes,): how
    many go through each. `out`, `into`, `back` (n, n): arcs, turned round, and those both ways.
    """

    arcs: Links
    closed: Shortened
    as_first: Floats
    as_last: Floats
    total: Floats
    out: Any
    into: Any
    back: Any

    @property
    def size(self) -> int:
        """How much is looked at for one draw."""
        return len(self.arcs.tail) + len(self.closed.a)


def open_ways(arcs: Links) -> Open:
    """What roles are counted from; time grows with `arcs.steps`."""
    closed, table = shortened(arcs), arcs.table
    back = table.multiply(table.T).tocsr()
    leaves, enters = (np.bincount(ends, minlength=arcs.n) for ends in (arcs.tail, arcs.head))
    is_back = np.isin(arcs.tail * arcs.n + arcs.head, arcs.head * arcs.n + arcs.tail)
    first, last = _closed_of_arcs(arcs, closed)
    as_first = leaves[arcs.head] - is_back - first
    as_last = enters[arcs.tail] - is_back - last
    total = np.bincount(arcs.head, as_first, arcs.n).astype(np.float64)
    return Open(arcs, closed, as_first, as_last, total, table, table.T.tocsr(), back)


def count_roles(ways: Open, shares: Floats) -> Floats:
    """How often each node has each of `ROLES`, (nodes, 5).

    `shares` (nodes, sections): with several sections a role counts by the product of the shares.
    Without direction each pair counts once, and whoever is a representative of it is a gatekeeper
    as well. Range >= 0; the roles of a node add up to the pairs it stands between, with direction.
    """
    arcs, closed, (alike, all_alike) = ways.arcs, ways.closed, _comparing(shares)
    twice = 1.0 if arcs.is_directed else 2.0

    def less(which: Floats) -> Floats:
        return np.asarray(twice * np.bincount(closed.v, which, arcs.n), dtype=np.float64)

    into = ways.into @ shares
    out = ways.out @ shares if arcs.is_directed else into
    both = into * out - ways.back @ shares**2
    ends = both.sum(axis=1) - less(alike(closed.a, closed.b))
    own = (both * shares).sum(axis=1) - less(all_alike(closed.a, closed.v, closed.b))
    near = alike(arcs.tail, arcs.head)
    first = np.bincount(arcs.head, ways.as_first * near, arcs.n)
    last = np.bincount(arcs.tail, ways.as_last * near, arcs.n) if arcs.is_directed else first
    liaison = ways.total - first - last - ends + 2 * own
    found = np.stack([own, ends - own, first - own, last - own, liaison], axis=1)
    return np.asarray(np.maximum(found, 0.0) * (1.0 if arcs.is_directed else HALVED))


def hold_roles(ways: Open, known: Known, ask: Ask) -> Chances | None:
    """Roles of each node, and of all together in the last row, (nodes + 1, 6), against chance.

    The sections are dealt out anew, the ties stay (N1, or N2 among nodes with as many ties): is
    somebody's brokerage more, or less, across the boundary than where they stand explains? The
    sixth column is `ACROSS`. None above `MOST_DEALT`, which
    shares in several sections reach `IN_PARTS` times sooner.
    """
    if size_of_deals(ways.size, known.shares, ask.draws) > MOST_DEALT:
        return None
    dealt = deal(known, ask)
    return hold(lambda labels: tabulate(ways, dealt.rows[labels]), dealt)


def size_of_deals(size: int, shares: Floats, draws: int) -> int:
    """How much is looked at in all draws, `size` in each; what is in parts counts `IN_PARTS`."""
    return size * draws * (1 if is_single(shares) else IN_PARTS)


def tabulate(ways: Open, shares: Floats) -> Floats:
    """Roles and pairs across of each node and of all, (nodes + 1, 6)."""
    roles = count_roles(ways, shares)
    # a representative without direction is the gatekeeper of the same pair
    apart = [2, 3, 4] if ways.arcs.is_directed else [2, 4]
    each = np.column_stack([roles, roles[:, apart].sum(axis=1)])
    return np.vstack([each, each.sum(axis=0)])


def roles_at_random(arcs: Links, shares: Floats) -> tuple[Floats, Floats] | None:
    """Mean and standard deviation of each role, (nodes, 5) each, if every arc were as likely.

    Gould and Fernandez' own chance: independent arcs of the density d that is here, q = d^2(1 - d);
    mean P q, variance P q(1 - q) + S d^3(1 - d)^3, for P pairs of the role and S ordered pairs of
    pairs that share an end. It mostly says who has many ties. None where nodes have several
    sections, and with fewer than two nodes.
    """
    n = arcs.n
    if n < 2 or not is_single(shares):  # noqa: PLR2004
        return None
    d = len(arcs.tail) / (n * (n - 1))
    q, pairs, sharing = d * d * (1 - d), *_pairs_of_roles(shares)
    scale = 1.0 if arcs.is_directed else HALVED
    variance = pairs * q * (1 - q) + sharing * d**3 * (1 - d) ** 3
    return pairs * scale * q, np.sqrt(variance * scale)


def _pairs_of_roles(shares: Floats) -> tuple[Floats, Floats]:
    """(nodes, 5): ordered pairs of each role, and ordered pairs of those that share an end."""
    sizes, own = shares.sum(axis=0), shares @ shares.sum(axis=0) - 1
    others, apart = sizes * (1 - shares), len(shares) - 1 - own
    rest = apart[:, None] - others
    pairs = [
        own * (own - 1),
        (others * np.maximum(others - 1, 0)).sum(axis=1),
        own * apart,
        own * apart,
        (others * rest).sum(axis=1),
    ]
    sharing = [
        2 * own * (own - 1) * (own - 2),
        2 * (others * (others - 1) * (others - 2)).sum(axis=1),
        own * apart * (apart - 1) + apart * own * (own - 1),
        own * apart * (apart - 1) + apart * own * (own - 1),
        2 * (others * rest * (rest - 1)).sum(axis=1),
    ]
    return np.stack(pairs, axis=1), np.stack(sharing, axis=1)


def _closed_of_arcs(arcs: Links, closed: Shortened) -> tuple[Floats, Floats]:
    """How many shortened ways begin, and end, with each arc."""
    codes = arcs.tail.astype(np.int64) * arcs.n + arcs.head
    order = np.argsort(codes)

    def count(tail: Ints, head: Ints) -> Floats:
        place = np.searchsorted(codes[order], tail.astype(np.int64) * arcs.n + head)
        found = np.zeros(len(codes))
        found[order] = np.bincount(place, minlength=len(codes))
        return found

    first, last = count(closed.a, closed.v), count(closed.v, closed.b)
    if arcs.is_directed:
        return first, last
    return first + count(closed.b, closed.v), last + count(closed.v, closed.a)


def _comparing(shares: Floats) -> tuple[Callable[..., Floats], Callable[..., Floats]]:
    """How much two nodes are of the same section, and three of them, by product of shares."""
    if is_single(shares):
        label = shares.argmax(axis=1).astype(np.min_scalar_type(shares.shape[1]))
        return (
            lambda a, b: (label[a] == label[b]).astype(np.float64),
            lambda a, v, b: ((label[a] == label[b]) & (label[a] == label[v])).astype(np.float64),
        )
    return (
        lambda a, b: np.einsum("ij,ij->i", shares[a], shares[b]),
        lambda a, v, b: np.einsum("ij,ij,ij->i", shares[a], shares[v], shares[b]),
    )
