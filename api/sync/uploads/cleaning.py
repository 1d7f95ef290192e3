"""Cleaning: a file is what its content says, and says nothing of where and by what it was made."""

from __future__ import annotations

import io
import struct
import warnings
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
MOST_PIXELS = 50_000_000  # a phone's camera; what unpacks to more is a bomb
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
ONE_AT_A_TIME = Lock()  # how warnings are met is said for the whole process
MORE = "It is no recording of sound alone."
DAMAGED = (  # what Pillow raises of pictures, and of what is written in their tags
    OSError, SyntaxError, ValueError, RuntimeError, EOFError, Warning,
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
        with ONE_AT_A_TIME, warnings.catch_warnings():
            warnings.simplefilter("error")  # Pillow warns of bombs
            with Image.open(io.BytesIO(content), formats=READ) as opened:
                _require_small(opened)
                found = FORMATS[opened.format or ""]
                kind = opened.format if opened.format in SAVED else "JPEG"
                ImageOps.exif_transpose(opened, in_place=True)
                bare = _draw(opened, kind)
        drawn = io.BytesIO()  # what was opened is closed by now: it takes as much room again
        bare.save(drawn, kind, **SAVED[kind])
        return found, drawn.getvalue()
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        message = f"A picture has at most {MOST_PIXELS:,} points."
        raise Unfit(message) from error
    except UnidentifiedImageError as error:
        message = "It is no JPEG, PNG, WebP or HEIC picture."
        raise Unfit(message) from error
    except DAMAGED as error:
        message = "The picture is damaged."
        raise Unfit(message) from error


def _require_small(opened: Image.Image) -> None:
    if opened.width * opened.height > MOST_PIXELS:
        raise Image.DecompressionBombError


def _draw(picture: Image.Image, kind: str) -> Image.Image:
    mode = picture.mode if picture.mode in ("L", "RGB") else "RGB"
    if kind != "JPEG" and ("A" in picture.mode or "transparency" in picture.info):
        mode = "RGBA"
    bare = Image.new(mode, picture.size)
    bare.paste(picture if picture.mode == mode else picture.convert(mode))
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
