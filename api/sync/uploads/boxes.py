"""Boxes: what recorders write beside the sound in an MP4 (ISO 14496-12) is blanked in place.

Place, device and author stand in `udta` and `meta` boxes, beyond the tags that libraries know.
Each becomes a `free` box of the same length, so that every offset in the file still holds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

INSIDE = (b"moov", b"trak", b"mdia", b"minf")
TELLING = (b"udta", b"meta", b"uuid", b"Xtra")


def blank_metadata(content: bytes) -> bytes:
    """The same file with every telling box free; ValueError when its boxes do not fit."""
    blanked = bytearray(content)
    for begin, head, end in _telling(content, 0, len(content)):
        blanked[begin + 4 : begin + 8] = b"free"
        blanked[head:end] = bytes(end - head)
    return bytes(blanked)


def _telling(content: bytes, begin: int, end: int) -> Iterator[tuple[int, int, int]]:
    """Where each telling box begins, where its content does, and where it ends."""
    while begin + 8 <= end:
        size, kind, head = (
            int.from_bytes(content[begin : begin + 4]),
            content[begin + 4 : begin + 8],
            8,
        )
        if size == 1:
            size, head = int.from_bytes(content[begin + 8 : begin + 16]), 16
        size = size or end - begin
        if size < head or begin + size > end:
            message = "A box is longer than what holds it."
            raise ValueError(message)
        if kind in TELLING:
            yield begin, begin + head, begin + size
        elif kind in INSIDE:
            yield from _telling(content, begin + head, begin + size)
        begin += size
