"""Cleaning: a file is what its content says, and says nothing of where and by what it was made."""

from __future__ import annotations

import io
import struct
from contextlib import closing, suppress
from threading import Lock
from typing import TYPE_CHECKING, Any

import mutagen
import mutagen.apev2
import mutagen.id3
from mutagen.mp3 import MP3
from mutagen.mp4 import MP4
from mutagen.oggopus import OggOpus
from mutagen.oggvorbis import OggVorbis
from mutagen.wave import WAVE
from pi_heif.as_plugin import HeifImageFile, register_heif_opener
from PIL import Image, ImageOps, UnidentifiedImageError

from . import boxes, streams

if TYPE_CHECKING:
    from collections.abc import Callable

register_heif_opener(thumbnails=False)
# A large picture in one piece goes back to the system with it; of many, each thread keeps its own.
Image.core.set_block_size(2**30)  # type: ignore[attr-defined]
ROOM = 25_000_000  # points in memory, four bytes each, and for a moment twice: 200 MB
MOST_POINTS = {  # of those that have another bound
    "JPEG": 2 * ROOM,  # unpacked at half its width and height where there is no room for all
    "MPO": 2 * ROOM,
    "WEBP": 8_000_000,  # to unpack it takes three times as much; no phone's camera makes it
}
TOO_MANY = (
    f"A photo as cameras write it, a plain JPEG, has at most {MOST_POINTS['JPEG']:,} points,"
    f" a WebP {MOST_POINTS['WEBP']:,}, any other picture {ROOM:,}."
)
STRIP = 64  # rows
READ = ("JPEG", "PNG", "WEBP", HeifImageFile.format)
FORMATS = {
    "JPEG": "image/jpeg",
    "MPO": "image/jpeg",  # a phone's JPEG with a second picture behind it; the first is kept
    "PNG": "image/png",
    "WEBP": "image/webp",
    HeifImageFile.format: "image/heic",
}
KEPT_AS = {"image/heic": "image/jpeg"}  # few browsers and no older phone can show the other
SAVED: dict[str, dict[str, object]] = {
    "JPEG": {"quality": 90},
    "PNG": {"optimize": True},
    "WEBP": {"quality": 90},
}

MOST_TAGS = 8  # a row of tags without end would keep us busy
ONE_AT_A_TIME = Lock()  # a picture takes more memory than all else in a process
MORE = "It is no recording of sound alone."
DAMAGED = (  # what Pillow raises of pictures, and of what is written in their tags
    OSError, SyntaxError, ValueError, RuntimeError, EOFError,
    struct.error, LookupError, TypeError,
)  # fmt: skip


class Unfit(ValueError):  # noqa: N818  (what a file is, not what went wrong)
    """A file that is not what it says, or not one we keep; the text is for a person."""


def clean(content: bytes, mime: str) -> bytes:
    """The file without what cameras and recorders add; Unfit when it is not what `mime` says."""
    wash = _picture if mime.startswith("image/") else _sound
    found, washed = wash(content)
    if found != mime:
        message = f"It says {mime}, but its content is {found}."
        raise Unfit(message)
    return washed


def _picture(content: bytes) -> tuple[str, bytes]:
    """Pixels alone are kept, turned upright, drawn anew."""
    try:
        with ONE_AT_A_TIME:
            return _redraw(content)
    except Image.DecompressionBombError as error:
        raise Unfit(TOO_MANY) from error
    except UnidentifiedImageError as error:
        message = "It is no JPEG, PNG, WebP or HEIC picture."
        raise Unfit(message) from error
    except DAMAGED as error:
        message = "The picture is damaged."
        raise Unfit(message) from error


def _redraw(content: bytes) -> tuple[str, bytes]:
    with closing(Image.open(io.BytesIO(content), formats=READ)) as opened:
        _require_small(opened)
        found = FORMATS[opened.format or ""]
        kind = opened.format if opened.format in SAVED else "JPEG"
        _unpack(opened)
        bare = _draw(opened, kind)
    drawn = io.BytesIO()  # what was opened is closed by now: it takes as much room again
    bare.save(drawn, kind, **SAVED[kind])
    return found, drawn.getvalue()


def _require_small(opened: Image.Image) -> None:
    """Refuse bombs; of a progressive JPEG all is unpacked, even if little of it is kept."""
    most = ROOM if "progressive" in opened.info else MOST_POINTS.get(opened.format or "", ROOM)
    if opened.width * opened.height > most:
        raise Image.DecompressionBombError


def _unpack(opened: Image.Image) -> None:
    """Into memory, upright; a large JPEG at half its width and height."""
    if opened.width * opened.height > ROOM:
        opened.draft(None, (opened.width // 2, opened.height // 2))
    opened.load()
    with suppress(*DAMAGED):  # of what cameras write beside a picture much is slightly wrong
        ImageOps.exif_transpose(opened, in_place=True)


def _draw(picture: Image.Image, kind: str) -> Image.Image:
    mode = picture.mode if picture.mode in ("L", "RGB") else "RGB"
    if kind != "JPEG" and ("A" in picture.mode or "transparency" in picture.info):
        mode = "RGBA"
    bare = Image.new(mode, picture.size)
    for top in range(0, picture.height, STRIP):  # converted whole, it would be there a third time
        strip = picture.crop((0, top, picture.width, min(top + STRIP, picture.height)))
        bare.paste(strip.convert(mode), (0, top))
    return bare


def _sound(content: bytes) -> tuple[str, bytes]:
    """The sound as it is, and nothing beside it."""
    try:
        found = mutagen.File(io.BytesIO(content), options=list(SOUNDS))
        for kind, (mime, wash) in SOUNDS.items():
            if isinstance(found, kind):
                return mime, wash(content, found)
    except Unfit:
        raise
    except (mutagen.MutagenError, ValueError, OverflowError, RecursionError) as error:
        message = "The recording is damaged."
        raise Unfit(message) from error
    message = "It is no recording we keep: MP4 or M4A, MP3, Ogg or WAV."
    raise Unfit(message)


def _wash_mp3(content: bytes, found: mutagen.FileType) -> bytes:  # noqa: ARG001
    """Tags of two sorts stand before and behind each other: taken off until none is left."""
    for _ in range(MOST_TAGS):
        bare = _untagged(content)
        if bare == content:
            return bare
        content = bare
    raise Unfit(MORE)


def _untagged(content: bytes) -> bytes:
    file = io.BytesIO(content)
    for kind in (mutagen.id3, mutagen.apev2):
        kind.delete(file)
        file.seek(0)
    return file.getvalue()


def _wash_mp4(content: bytes, found: Any) -> bytes:
    is_heard = found.info.codec.startswith(("mp4a", "alac", "opus", "samr"))
    if not is_heard or boxes.handlers(content) != {b"soun"}:
        raise Unfit(MORE)
    return boxes.strip(content)


def _wash_ogg(content: bytes, found: Any) -> bytes:
    if streams.count_streams(content) != 1:
        raise Unfit(MORE)
    file = io.BytesIO(content)
    found.tags.vendor = ""  # it names what recorded it
    found.delete(file)
    return file.getvalue()


def _wash_wav(content: bytes, found: mutagen.FileType) -> bytes:  # noqa: ARG001
    return streams.keep_sound(content)


SOUNDS: dict[type, tuple[str, Callable[..., bytes]]] = {
    MP3: ("audio/mpeg", _wash_mp3),
    MP4: ("audio/mp4", _wash_mp4),
    OggOpus: ("audio/ogg", _wash_ogg),
    OggVorbis: ("audio/ogg", _wash_ogg),
    WAVE: ("audio/wav", _wash_wav),
}
