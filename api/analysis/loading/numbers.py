"""Numbers: how ids become numbers on the way out of the database.

The database sends a 64-bit hash of each id, which costs it nothing and needs no join; rows are put
beside what they belong to here. That two of a million ids share a hash happens once in forty
million networks of that size.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from api.core.driver import raw
from api.core.statements import bound

if TYPE_CHECKING:
    from uuid import UUID

    from sqlalchemy import Connection

    from api.analysis.measures.ties import Ints

MANY = 20_000  # from so many on all rows of a network are read in one go, and sifted here


def load_numbers(cx: Connection, network_id: UUID, table: str) -> Ints:
    """Hashes of all ids of a table in the order of ids: what stands at n has the number n.

    A person or space that was removed, or is not the network's to see, has none: its hash is 0.
    """
    row = raw(cx).execute(_NUMBERS[table], {"network": network_id}, binary=True).fetchone()
    return read_arrays(row, 1)[0]


def find_place(hashes: Ints, wanted: Ints) -> Ints:
    """Where each of `wanted` stands in `hashes`, -1 for none; 0 is nothing's hash."""
    if not len(hashes):
        return np.full(len(wanted), -1)
    order = np.argsort(hashes)
    place = order[np.minimum(np.searchsorted(hashes, wanted, sorter=order), len(hashes) - 1)]
    return np.where((hashes[place] == wanted) & (wanted != 0), place, -1)


def match(keys: Ints, rows: Ints) -> tuple[Ints, Ints]:
    """Which of `rows` are among `keys`, which are in order, and where: (matches,) each."""
    if not len(keys):
        return np.empty(0, np.int64), np.empty(0, np.int64)
    # where they stand in their last bits: half the time of argsort, and as near an order as is
    # needed to look them up quickly
    bits = len(rows).bit_length()
    order = rows >> bits << bits
    order |= np.arange(len(rows))
    order.sort()
    order &= (1 << bits) - 1
    found = rows[order]
    place = np.searchsorted(keys, found)
    place[place == len(keys)] = 0
    is_there = keys[place] == found
    if is_there.all():
        return order, place
    return order[is_there], place[is_there]


def join(first: Ints, second: Ints) -> Ints:
    """The one after the other; not copied where there is no other."""
    return np.concatenate([first, second]) if len(second) else first


def read_arrays(row: Any, count: int) -> list[Ints]:
    """Each column of the one row of an aggregate; empty where there was nothing to add up."""
    return [read_array(sent) for sent in row or (None,) * count]


def read_array(sent: bytes | None) -> Ints:
    """Values of a bigint[] as PostgreSQL sends it: dimensions, then each value after its size."""
    if sent is None:
        return np.empty(0, np.int64)
    dimensions = int.from_bytes(sent[:4], "big")
    cells = np.dtype([("size", ">i4"), ("value", ">i8")])
    return np.frombuffer(sent, cells, offset=12 + 8 * dimensions)["value"].astype(np.int64)


_ALIVE = {
    "grp": "true",  # every group, as `load_groups` has them
    "member": "true",
    "person": "deleted_at IS NULL",
    "space": "deleted_at IS NULL AND audience = 'network'",
}
_NUMBERS = {
    table: bound(
        f"SELECT array_send(array_agg(CASE WHEN {alive} THEN uuid_hash_extended(id, 0) ELSE 0 END"
        f" ORDER BY id)) FROM {table} WHERE network_id = :network"
    )
    for table, alive in _ALIVE.items()
}
