"""Bridges: how many ways there are from one side to the other, and what breaks them.

A graph is edges between numbered nodes; what can fall away counts one each, what cannot stands
for as much as there is. Nothing here knows what a node is: a group, a person, a space.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np
import scipy

from .progress import track

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from .connectedness import Flags
    from .ties import Floats, Ints

FIRM = 1_000_000  # the capacity of what cannot fall away: more than there is of anything
CANDIDATES = 50  # whom an exact bus factor of two looks at besides the articulation points


@dataclass(frozen=True, slots=True)
class Web:
    """Undirected edges `a`, `b` (edges,) among `n` nodes; `is_firm` (n,): what cannot fall away."""

    n: int
    a: Ints
    b: Ints
    is_firm: Flags

    @property
    def table(self) -> Any:
        """Symmetric adjacency, sparse, ones."""
        ones = np.ones(2 * len(self.a), dtype=np.int32)
        ends = np.concatenate([self.a, self.b]), np.concatenate([self.b, self.a])
        found = scipy.sparse.csr_array((ones, ends), shape=(self.n, self.n))
        found.data[:] = 1
        return found


def independent_bridges(web: Web, one: Sequence[int], other: Sequence[int]) -> int:
    """kappa: the fewest that must fall away to cut every way from `one` to `other`.

    As many ways that share nobody (Menger 1927; White & Harary 2001, Soc Methodology 31:305-359),
    by maximum flow through nodes of capacity 1; a node that is in both counts one, and is 0 where
    nothing leads across. Range 0 to the smaller of the two sides; `FIRM` or more where something
    firm is in both.
    """
    return int(scipy.sparse.csgraph.maximum_flow(*_through(web, one, other)).flow_value)


def bridges_of_pairs(web: Web, pairs: Ints) -> Ints:
    """Kappa of each pair (pairs, 2) of firm nodes, in the order given: (pairs,).

    The same network of pipes serves all: only where water goes in and out differs. Pairs in
    different components have 0, and the end that has one neighbour decides at once.
    """
    part = scipy.sparse.csgraph.connected_components(web.table, directed=False)[1]
    degree = np.bincount(np.concatenate([web.a, web.b]), minlength=web.n)
    pipes = _pipes(web)
    found = np.zeros(len(pairs), dtype=np.int64)
    for number in track(range(len(pairs)), len(pairs), "bridges"):
        one, other = (int(node) for node in pairs[number])
        if part[one] != part[other]:
            continue
        if min(degree[one], degree[other]) == 1:
            found[number] = 1
            continue
        found[number] = scipy.sparse.csgraph.maximum_flow(pipes, one + web.n, other).flow_value
    return found


def articulation_points(web: Web) -> Ints:
    """Nodes whose going would split what hangs together, in order. O(nodes + edges).

    Hopcroft & Tarjan 1973 (CACM 16:372-378), without recursion. Duplicate edges count once.
    """
    table = web.table
    starts, to = table.indptr.tolist(), table.indices.tolist()
    seen, low, found = [0] * web.n, [0] * web.n, set()
    for root in range(web.n):
        if not seen[root]:
            found |= _cuts_below(root, (starts, to), seen, low)
    return np.array(sorted(found), dtype=np.int64)


def robustness(web: Web, order: Ints | None = None) -> float | None:
    """R = 1/N sum over q = 1..N of the largest part's share once q nodes are gone.

    Schneider et al. 2011 (PNAS 108:3838). The most connected goes first, anew at each step, the
    lowest number of equals; or in a given `order`. Range 1/N for a star to (N-1)/2N for a complete
    graph. None without nodes. O(N^2 + edges) in array steps: what is left at each step is found by
    putting all back again, last gone first.
    """
    if not web.n:
        return None
    table = web.table
    neighbours = [each.tolist() for each in np.split(table.indices, table.indptr[1:-1])]
    going = _attacked(neighbours) if order is None else order.tolist()
    return _lasting(neighbours, going) / web.n**2


def bus_factor(web: Web, sides: Floats) -> tuple[int | None, tuple[int, ...], bool]:
    """The fewest whose going at least halves the crossing pairs that are still connected.

    After the truck factor (Avelino et al. 2016). Returns how many, who, and whether it is exact:
    one or two among the articulation points and the 50 of most neighbours are tried out, beyond
    that the one who costs most goes first, which is an upper bound. `sides` (n, sections): of firm
    nodes, zeros for others. (None, (), True) where nothing crosses.
    """
    whole = crossing_pairs(web, sides, ())
    if not whole:
        return None, (), True
    degree = np.bincount(np.concatenate([web.a, web.b]), minlength=web.n)
    loose = np.flatnonzero(~web.is_firm)
    most = loose[np.argsort(-degree[loose], kind="stable")][:CANDIDATES]
    cuts = [node for node in articulation_points(web).tolist() if not web.is_firm[node]]
    tried = sorted({*cuts, *most.tolist()})
    for size in (1, 2):
        for gone in combinations(tried, size):
            if crossing_pairs(web, sides, gone) <= whole / 2:
                return size, gone, True
    return *_greedy(web, sides, loose.tolist(), whole), False


def crossing_pairs(web: Web, sides: Floats, gone: Iterable[int]) -> float:
    """Pairs of firm nodes of different sections that still hang together; shares count in part."""
    stays = np.ones(web.n, dtype=bool)
    stays[list(gone)] = False
    keep = stays[web.a] & stays[web.b]
    rest = Web(web.n, web.a[keep], web.b[keep], web.is_firm)
    parts, part = scipy.sparse.csgraph.connected_components(rest.table, directed=False)
    held = np.zeros((parts, sides.shape[1]))
    np.add.at(held, part, sides)
    own = np.bincount(part, (sides**2).sum(axis=1), parts)
    known = np.bincount(part, sides.sum(axis=1), parts)
    # pairs of different nodes less those in the same section
    pairs, alike = known**2 - known, (held**2).sum(axis=1) - own
    return float((pairs - alike).sum() / 2)


def _greedy(
    web: Web, sides: Floats, loose: list[int], whole: float
) -> tuple[int | None, tuple[int, ...]]:
    gone: list[int] = []
    while len(gone) < len(loose):
        rest = [node for node in loose if node not in gone]
        gone.append(min(rest, key=lambda node: crossing_pairs(web, sides, [*gone, node])))
        if crossing_pairs(web, sides, gone) <= whole / 2:
            return len(gone), tuple(gone)
    return None, ()


def _pipes(web: Web) -> Any:
    """Each node as an inlet (its number) and an outlet (n more), joined by what it can carry."""
    nodes = np.arange(web.n)
    table = web.table.tocoo()
    one, other = (np.asarray(each) for each in table.coords)
    begin = np.concatenate([nodes, one + web.n])
    end = np.concatenate([nodes + web.n, other])
    carry = np.concatenate([np.where(web.is_firm, FIRM, 1), np.full(len(one), FIRM)])
    size = 2 * web.n
    return scipy.sparse.csr_array((carry.astype(np.int32), (begin, end)), shape=(size, size))


def _through(web: Web, one: Sequence[int], other: Sequence[int]) -> tuple[Any, int, int]:
    """The pipes with a source before every node of `one` and a sink behind every one of `other`."""
    pipes, size = _pipes(web).tocoo(), 2 * web.n
    source, sink = size, size + 1
    begin = np.concatenate([pipes.coords[0], np.full(len(one), source), np.array(other) + web.n])
    end = np.concatenate([pipes.coords[1], np.array(one), np.full(len(other), sink)])
    carry = np.concatenate([pipes.data, np.full(len(one) + len(other), FIRM, np.int32)])
    whole = scipy.sparse.csr_array((carry, (begin, end)), shape=(size + 2, size + 2))
    return whole, source, sink


def _cuts_below(
    root: int, edges: tuple[list[int], list[int]], seen: list[int], low: list[int]
) -> set[int]:
    """Articulation points of the part that hangs on `root`; `seen` numbers nodes as they come."""
    starts, to = edges
    found, below, clock = set(), 0, max(seen) + 1
    stack = [(root, -1, starts[root])]
    seen[root] = low[root] = clock
    while stack:
        node, parent, at = stack.pop()
        if at < starts[node + 1]:
            stack.append((node, parent, at + 1))
            child = to[at]
            if not seen[child]:
                clock += 1
                seen[child] = low[child] = clock
                below += node == root
                stack.append((child, node, starts[child]))
            elif child != parent:
                low[node] = min(low[node], seen[child])
        elif parent >= 0:
            low[parent] = min(low[parent], low[node])
            if parent != root and low[node] >= seen[parent]:
                found.add(parent)
    return found | ({root} if below > 1 else set())


def _attacked(neighbours: list[list[int]]) -> list[int]:
    """The order in which nodes go: each time one with most ties left."""
    degree = np.array([len(each) for each in neighbours])
    order = []
    for _ in track(neighbours, len(neighbours), "robustness"):
        gone = int(degree.argmax())
        order.append(gone)
        degree[neighbours[gone]] -= 1
        degree[gone] = -len(neighbours) - 1
    return order


def _lasting(neighbours: list[list[int]], order: list[int]) -> int:
    """The largest parts' sizes, added up over all removals: found by putting all back again."""
    root, size, is_back = [*range(len(order))], [1] * len(order), [False] * len(order)

    def find(node: int) -> int:
        while root[node] != node:
            root[node] = node = root[root[node]]
        return node

    total = largest = 0
    for node in reversed(order):
        total += largest
        is_back[node] = True
        for other in neighbours[node]:
            one, two = find(node), find(other)
            if is_back[other] and one != two:
                root[two], size[one] = one, size[one] + size[two]
        largest = max(largest, size[find(node)])
    return total
