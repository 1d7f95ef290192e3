"""Boxes: of an MP4 (ISO 14496-12) only what its sound needs is kept, the rest blanked in place.

Place, device, author and hour stand in many boxes, known and unknown. Whatever is not needed to
play becomes a `free` box of the same length, so that every offset in the file still holds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

NEEDED: dict[bytes, tuple[bytes, ...]] = {  # what a box is kept of, by the box it stands in
    b"": (b"ftyp", b"styp", b"moov", b"moof", b"sidx", b"mdat"),
    b"moov": (b"mvhd", b"trak", b"mvex"),
    b"trak": (b"tkhd", b"edts", b"mdia"),
    b"mdia": (b"mdhd", b"hdlr", b"minf"),
    b"edts": (b"elst",),
    b"minf": (b"smhd", b"dinf", b"stbl"),
    b"dinf": (b"dref",),
    b"dref": (),
    b"stbl": (
        *(b"stsd", b"stts", b"ctts", b"cslg", b"stsc", b"stsz", b"stz2", b"stco", b"co64"),
        *(b"stss", b"sbgp", b"sgpd"),
    ),
    b"mvex": (b"mehd", b"trex"),
    b"moof": (b"mfhd", b"traf"),
    b"traf": (b"tfhd", b"tfdt", b"trun", b"sbgp", b"sgpd"),
}
DATED = (b"mvhd", b"tkhd", b"mdhd")
COUNTED = {b"dref": 8}  # bytes before the boxes in it: how many there are
THIS = b"\0\0\0\1"  # the file that the sound is in is this one


class Box(NamedTuple):
    """A box: its kind, the kind it stands in, where it begins, its content begins, and it ends."""

    kind: bytes
    within: bytes
    begin: int
    head: int
    end: int


def handlers(content: bytes) -> set[bytes]:
    """What its tracks are for: `soun`, `vide`, … ; ValueError when its boxes do not fit."""
    told = (box for box in _boxes(content, b"", 0, len(content)) if box.kind == b"hdlr")
    return {content[box.head + 8 : box.head + 12] for box in told if box.within == b"mdia"}


def strip(content: bytes) -> bytes:
    """The same sound in a file that says no more; ValueError when its boxes do not fit."""
    kept = bytearray(content)
    for box in _boxes(content, b"", 0, len(content)):
        length = box.end - box.head
        if box.within == b"dref":  # the file that the sound is in, by path, address or alias
            kept[box.begin + 4 : box.begin + 8] = b"url "
            kept[box.head : box.end] = THIS[:length].ljust(length, b"\0")
        elif box.kind not in NEEDED[box.within]:
            kept[box.begin + 4 : box.begin + 8] = b"free"
            kept[box.head : box.end] = bytes(length)
        elif box.kind in DATED:  # when it was made and changed, in seconds
            begin = box.head + 4
            hours = 16 if content[box.head : box.head + 1] == b"\1" else 8
            end = min(begin + hours, box.end)
            kept[begin:end] = bytes(end - begin)
    return bytes(kept)


def _boxes(content: bytes, within: bytes, begin: int, end: int) -> Iterator[Box]:
    """Every box, those that are kept in part before what is in them."""
    while begin + 8 <= end:
        size, head = int.from_bytes(content[begin : begin + 4]), begin + 8
        if size == 1:
            size, head = int.from_bytes(content[begin + 8 : begin + 16]), begin + 16
        size = size or end - begin
        if begin + size > end or begin + size < head:
            message = "A box is longer than what holds it."
            raise ValueError(message)
        box = Box(content[begin + 4 : begin + 8], within, begin, head, begin + size)
        yield box
        if box.kind in NEEDED and box.kind in NEEDED[within]:
            yield from _boxes(content, box.kind, head + COUNTED.get(box.kind, 0), box.end)
        begin += size
