"""Files: real pictures and recordings, made here, with what cameras and recorders add."""

from __future__ import annotations

import io
import struct
import wave
from pathlib import Path

from mutagen.apev2 import APEv2
from mutagen.id3 import COMM, ID3
from mutagen.ogg import OggPage
from mutagen.wave import WAVE
from PIL import Image

HEIC = Path(__file__).with_name("picture.heic")  # as an iPhone takes it; nothing here can make one

PLACE = b"+52.1234-004.2345/"
HOUR = b"\xe3\x11\x22\x33\xe3\x11\x22\x34"  # made and changed


def picture(kind: str = "JPEG", *, size: tuple[int, int] = (40, 30)) -> bytes:
    """A picture, lying on its side, that says where and by whom it was taken."""
    drawn = Image.effect_noise(size, 80).convert("RGB")
    exif = Image.Exif()
    exif[0x0112] = 6  # turn a quarter to see it upright
    exif[0x013B] = "A camera that knows its owner"
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8825)[2] = (52.0, 7.0, 24.0)
    file = io.BytesIO()
    drawn.save(file, kind, exif=exif, **({"comment": b"At home"} if kind == "JPEG" else {}))
    return file.getvalue()


def sound() -> bytes:
    """A WAV recording with a comment, and with what studios write beside the sound."""
    file = io.BytesIO()
    with wave.open(file, "wb") as made:
        made.setnchannels(1)
        made.setsampwidth(2)
        made.setframerate(8000)
        made.writeframes(b"\0\1" * 4000)
    tagged = WAVE(file)
    tagged.add_tags()
    tagged.tags.add(COMM(encoding=3, lang="eng", text=["Recorded at home"]))
    file.seek(0)
    tagged.save(file)
    told = b"INFOIART" + struct.pack("<I", 6) + b"Phone\0"
    told = b"LIST" + struct.pack("<I", len(told)) + told
    said = file.getvalue() + told
    return said[:4] + struct.pack("<I", len(said) - 8) + said[8:]


def song() -> bytes:
    """An MP3 with tags before and after it."""
    file = io.BytesIO((b"\xff\xfb\x90\x00" + bytes(413)) * 20)
    tags = ID3()
    tags.add(COMM(encoding=3, lang="eng", text=["Recorded at home"]))
    tags.save(file, v1=2)
    after = APEv2()
    after["Record Location"] = PLACE.decode()
    file.seek(0)
    after.save(file)
    return file.getvalue()


def note(streams: int = 1) -> bytes:
    """An Ogg with Opus inside, as browsers record it."""
    head = b"OpusHead\1\1" + struct.pack("<HIhB", 312, 48_000, 0, 0)
    comment = b"location=" + PLACE
    tags = (
        b"OpusTags"
        + struct.pack("<I", 5)
        + b"Phone"
        + struct.pack("<II", 1, len(comment))
        + comment
    )
    return b"".join(
        _page(serial, number, packet)
        for serial in range(streams)
        for number, packet in enumerate((head, tags, b"\xfc\xff\xfe" * 20))
    )


def _page(serial: int, number: int, packet: bytes) -> bytes:
    page = OggPage()
    page.serial, page.sequence, page.packets = serial, number, [packet]
    page.first, page.last, page.position = number == 0, number == 2, 960 * (number == 2)
    return page.write()


def recording(*tracks: bytes, more: bytes = b"") -> bytes:
    """An M4A as phones write it: its place and device in many boxes, its hour in three.

    `more` are boxes beside its tracks.
    """
    told = box(b"udta", place() + box(b"\xa9mak", b"\0\5\0\0Phone"))
    head = struct.pack(">I8sII", 0, HOUR, 1000, 1000) + b"\0\1\0\0\1\0" + bytes(74)
    made = b"".join(track(handler) for handler in tracks or (b"soun",))
    moov = box(b"moov", box(b"mvhd", head) + made + told + box(b"abcd", b"Phone") + more)
    return box(b"ftyp", b"M4A \0\0\0\0M4A isom") + moov + box(b"mdat", b"\0" * 400)


def track(handler: bytes) -> bytes:
    """A track of AAC, 8 kHz, one channel."""
    head = struct.pack(">I8sIII", 7, HOUR, 1, 0, 1000) + bytes(60)
    media_head = struct.pack(">I8sIIHH", 0, HOUR, 1000, 1000, 0, 0)
    handled = box(b"hdlr", bytes(8) + handler + bytes(13))
    decoder = b"\x04\x11\x40\x15" + bytes(11) + b"\x05\x02\x15\x88"
    stream = box(b"esds", bytes(4) + b"\x03\x19\0\1\0" + decoder + b"\x06\x01\x02")
    fixed = bytes(6) + b"\0\1" + bytes(8) + struct.pack(">HHIHH", 1, 16, 0, 8000, 0)
    described = box(b"stsd", struct.pack(">II", 0, 1) + box(b"mp4a", fixed + stream))
    told = box(b"udta", place())
    named = box(b"url ", bytes(4) + b"file:///home/here.m4a\0") + box(b"alis", b"\0\0\0\1Phone")
    referred = box(b"dinf", box(b"dref", struct.pack(">II", 0, 2) + named) + told)
    inner = box(b"minf", referred + box(b"stbl", described + told))
    media = box(b"mdia", box(b"mdhd", media_head) + handled + inner)
    edits = box(b"edts", box(b"elst", struct.pack(">IIIII", 0, 1, 1000, 0, 65536)) + told)
    return box(b"trak", box(b"tkhd", head) + edits + media + told)


def place() -> bytes:
    """Where it was recorded, as phones write it."""
    return box(b"\xa9xyz", struct.pack(">HH", len(PLACE), 0) + PLACE)


def box(kind: bytes, content: bytes) -> bytes:
    """One box of an MP4."""
    return struct.pack(">I", len(content) + 8) + kind + content
