"""Cleaning: a file is what its content says, and says nothing of where and by what it was made."""

from __future__ import annotations

import io
import warnings
from typing import TYPE_CHECKING, Any

import mutagen
from mutagen.mp3 import MP3
from mutagen.mp4 import MP4
from mutagen.oggopus import OggOpus
from mutagen.oggvorbis import OggVorbis
from mutagen.wave import WAVE
from PIL import Image, ImageOps, UnidentifiedImageError

from .boxes import blank_metadata

if TYPE_CHECKING:
    from collections.abc import Callable

MOST_PIXELS = 50_000_000  # a phone's camera; what unpacks to more is a bomb
FORMATS = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}
SAVED: dict[str, dict[str, object]] = {
    "JPEG": {"quality": 90, "optimize": True},
    "PNG": {"optimize": True},
    "WEBP": {"quality": 90},
}


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
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # Pillow warns of bombs
            with Image.open(io.BytesIO(content), formats=tuple(FORMATS)) as opened:
                _require_small(opened)
                kind = opened.format or ""
                upright = ImageOps.exif_transpose(opened)
                return FORMATS[kind], _draw(upright, kind)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        message = f"A picture has at most {MOST_PIXELS:,} points."
        raise Unfit(message) from error
    except UnidentifiedImageError as error:
        message = "It is no JPEG, PNG or WebP picture."
        raise Unfit(message) from error
    except (OSError, SyntaxError, ValueError, Warning) as error:
        message = "The picture is damaged."
        raise Unfit(message) from error


def _require_small(opened: Image.Image) -> None:
    if opened.width * opened.height > MOST_PIXELS:
        raise Image.DecompressionBombError


def _draw(picture: Image.Image, kind: str) -> bytes:
    mode = picture.mode if picture.mode in ("L", "RGB") else "RGB"
    if kind != "JPEG" and ("A" in picture.mode or "transparency" in picture.info):
        mode = "RGBA"
    bare = Image.new(mode, picture.size)
    bare.paste(picture.convert(mode))
    drawn = io.BytesIO()
    bare.save(drawn, kind, **SAVED[kind])
    return drawn.getvalue()


def _sound(content: bytes) -> tuple[str, bytes]:
    """The sound as it is, its tags removed."""
    file = io.BytesIO(content)
    try:
        found = mutagen.File(file, options=[MP3, MP4, OggOpus, OggVorbis, WAVE])
        for kind, (mime, wash) in SOUNDS.items():
            if isinstance(found, kind):
                return mime, wash(content, found)
    except (mutagen.MutagenError, ValueError, OverflowError) as error:
        message = "The recording is damaged."
        raise Unfit(message) from error
    message = "It is no recording we keep: MP4 or M4A, MP3, Ogg or WAV."
    raise Unfit(message)


def _untagged(content: bytes, found: mutagen.FileType) -> bytes:
    file = io.BytesIO(content)
    found.delete(file)
    return file.getvalue()


def _unboxed(content: bytes, found: Any) -> bytes:
    if found.info.length <= 0 or not found.info.codec.startswith(("mp4a", "alac", "opus", "samr")):
        message = "It is no recording of sound."
        raise Unfit(message)
    return blank_metadata(content)


SOUNDS: dict[type, tuple[str, Callable[..., bytes]]] = {
    MP3: ("audio/mpeg", _untagged),
    MP4: ("audio/mp4", _unboxed),
    OggOpus: ("audio/ogg", _untagged),
    OggVorbis: ("audio/ogg", _untagged),
    WAVE: ("audio/wav", _untagged),
}
