"""Files: real pictures and recordings, made here, with what cameras and recorders add."""

from __future__ import annotations

import io
import struct
import wave

from mutagen.id3 import COMM
from mutagen.wave import WAVE
from PIL import Image

PLACE = b"+52.1234-004.2345/"


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
    """A WAV recording with a comment."""
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
    return file.getvalue()


def recording() -> bytes:
    """An M4A as a phone writes it: its place and device in `udta`."""
    place = box(b"\xa9xyz", struct.pack(">HH", len(PLACE), 0) + PLACE)
    told = box(b"udta", place + box(b"\xa9mak", b"\0\5\0\0Phone"))
    head = struct.pack(">IIIII", 0, 0, 0, 1000, 1000) + b"\0\1\0\0\1\0" + bytes(74)
    handler = box(b"hdlr", bytes(8) + b"soun" + bytes(13))
    config = b"\x05\x02\x15\x88"  # AAC, 8 kHz, one channel
    decoder = b"\x04\x11\x40\x15" + bytes(11) + config
    stream = box(b"esds", bytes(4) + b"\x03\x19\0\1\0" + decoder + b"\x06\x01\x02")
    fixed = bytes(6) + b"\0\1" + bytes(8) + struct.pack(">HHIHH", 1, 16, 0, 8000, 0)
    entry = box(b"mp4a", fixed + stream)
    described = box(b"stsd", struct.pack(">II", 0, 1) + entry)
    inner = box(b"minf", box(b"stbl", described))
    media = box(
        b"mdia", box(b"mdhd", struct.pack(">IIIIIHH", 0, 0, 0, 1000, 1000, 0, 0)) + handler + inner
    )
    track = box(b"trak", media + box(b"udta", place))
    moov = box(b"moov", box(b"mvhd", head) + track + told)
    return box(b"ftyp", b"M4A \0\0\0\0M4A isom") + moov + box(b"mdat", b"\0" * 400)


def box(kind: bytes, content: bytes) -> bytes:
    """One box of an MP4."""
    return struct.pack(">I", len(content) + 8) + kind + content
