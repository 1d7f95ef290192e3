"""Streams: of a WAV only its sound is kept; an Ogg must hold one stream, and that is sound."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

PLAYED = (b"fmt ", b"fact", b"data")


def keep_sound(content: bytes) -> bytes:
    """A WAV of nothing but its sound; ValueError when there is none."""
    chunks = dict(_chunks(content))
    if b"data" not in chunks:
        message = "It has no sound."
        raise ValueError(message)
    kept = b"".join(
        kind + len(body).to_bytes(4, "little") + body + b"\0" * (len(body) % 2)
        for kind in PLAYED
        if (body := chunks.get(kind)) is not None
    )
    return b"RIFF" + (len(kept) + 4).to_bytes(4, "little") + b"WAVE" + kept


def _chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Kind and body; the last one ends with the file, whatever length a recorder left there."""
    begin = 12
    while begin + 8 <= len(content):
        size = int.from_bytes(content[begin + 4 : begin + 8], "little")
        yield content[begin : begin + 4], content[begin + 8 : begin + 8 + size]
        begin += 8 + size + size % 2


def count_streams(content: bytes) -> int:
    """How many streams begin in an Ogg (RFC 3533); ValueError when it is no row of pages."""
    begin, streams = 0, 0
    while begin != len(content):
        segments = content[begin + 26 : begin + 27]
        lengths = content[begin + 27 : begin + 27 + segments[0]] if segments else b""
        if content[begin : begin + 4] != b"OggS" or not segments:
            message = "It is no row of pages."
            raise ValueError(message)
        streams += bool(content[begin + 5] & 2)
        begin += 27 + len(lengths) + sum(lengths)
    return streams
