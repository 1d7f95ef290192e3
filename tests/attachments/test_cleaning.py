"""Cleaning: what recorders and strangers put into files, down to the byte."""

from __future__ import annotations

import io
import struct

import pytest
from mutagen.mp3 import MP3
from mutagen.mp4 import MP4
from mutagen.oggopus import OggOpus
from mutagen.wave import WAVE
from PIL import Image

from api.sync.uploads.cleaning import Unfit, clean
from tests.attachments.files import HOUR, box, note, picture, recording, song, sound

NESTED = b"".join(struct.pack(">I", 8 * n) + b"moov" for n in range(9000, 0, -1))


@pytest.mark.parametrize(
    ("content", "mime", "reader"),
    [
        (sound(), "audio/wav", WAVE),
        (song(), "audio/mpeg", MP3),
        (recording(), "audio/mp4", MP4),
        (note(), "audio/ogg", OggOpus),
    ],
)
def test_what_is_kept_can_be_heard_and_cleaning_it_again_changes_nothing(
    content: bytes, mime: str, reader: type
) -> None:
    kept = clean(content, mime)
    heard, before = reader(io.BytesIO(kept)), reader(io.BytesIO(content))
    assert heard.info.length == pytest.approx(before.info.length, abs=0.05)
    assert heard.info.length > 0
    assert not heard.tags
    assert clean(kept, mime) == kept


def test_every_offset_in_an_mp4_still_holds() -> None:
    content = recording()
    assert len(clean(content, "audio/mp4")) == len(content)


def test_a_recording_in_fragments_is_kept() -> None:
    """As browsers record: no length at the front, and the sound in pieces."""
    whole = recording().replace(struct.pack(">II", 1000, 1000), struct.pack(">II", 1000, 0))
    told = box(b"udta", b"At home")
    run = box(b"traf", box(b"tfhd", bytes(8)) + box(b"trun", bytes(8)) + told)
    piece = box(b"moof", box(b"mfhd", bytes(8)) + run) + box(b"mdat", b"sound")
    kept = clean(whole + piece + box(b"prft", b"At home"), "audio/mp4")
    assert b"home" not in kept
    assert kept.endswith(box(b"mdat", b"sound") + box(b"free", bytes(7)))


def test_a_box_with_a_long_length_is_kept_or_blanked_like_any_other() -> None:
    sound = struct.pack(">I4sQ", 1, b"mdat", 21) + b"sound"
    told = struct.pack(">I4sQ", 1, b"udta", 23) + b"At home"
    kept = clean(recording() + told + sound, "audio/mp4")
    assert kept.endswith(sound)
    assert b"home" not in kept


def test_sound_is_said_to_be_in_the_file_itself_and_nowhere_else() -> None:
    here = struct.pack(">I4sI", 34, b"url ", 1) + bytes(22)
    kept = clean(recording(), "audio/mp4")
    assert struct.pack(">II", 0, 2) + here + struct.pack(">I4sI", 17, b"url ", 1) in kept


def test_what_handles_no_track_is_no_track() -> None:
    alias = box(b"hdlr", bytes(8) + b"alis" + bytes(13))
    assert b"alis" not in clean(recording(more=alias), "audio/mp4")


def test_a_later_form_of_hours_is_blanked() -> None:
    """With 64 bits for each, they take twice the room."""
    moment = b"\xee" * 16
    early = struct.pack(">I8sII", 0, HOUR, 1000, 1000)
    later = recording().replace(b"mvhd" + early, b"mvhd\1\0\0\0" + moment)
    kept = clean(later, "audio/mp4")
    assert moment in later
    assert moment[:2] not in kept


@pytest.mark.parametrize(
    ("content", "mime"),
    [
        (recording(b"soun", b"vide"), "audio/mp4"),
        (recording().replace(b"mp4a", b"mett"), "audio/mp4"),
        (note(streams=2), "audio/ogg"),
    ],
    ids=["film", "no sound", "two in one"],
)
def test_more_than_one_sound_is_refused(content: bytes, mime: str) -> None:
    with pytest.raises(Unfit):
        clean(content, mime)


def test_of_a_jpeg_with_a_picture_behind_it_the_first_is_kept() -> None:
    first, behind = Image.new("RGB", (40, 30), "white"), Image.new("RGB", (40, 30), "black")
    file = io.BytesIO()
    first.save(file, "MPO", save_all=True, append_images=[behind])
    with Image.open(io.BytesIO(clean(file.getvalue(), "image/jpeg"))) as kept:
        assert (kept.format, kept.getpixel((9, 9))) == ("JPEG", (255, 255, 255))


@pytest.mark.parametrize("at", [29, 103], ids=["no number", "no fraction"])
def test_a_tag_of_another_sort_than_it_must_be_is_refused_by_name(at: int) -> None:
    content = bytearray(picture())
    content[content.index(b"Exif") + at] = 2
    with pytest.raises(Unfit):
        clean(bytes(content), "image/jpeg")


@pytest.mark.parametrize(
    ("content", "mime"),
    [
        (box(b"ftyp", b"M4A ") + b"\0\0\0\7moov", "audio/mp4"),
        (recording()[:-1] , "audio/mp4"),
        (recording() + struct.pack(">I", 99) + b"udta", "audio/mp4"),
        (recording() + struct.pack(">I4sQ", 1, b"free", 2**63 - 1), "audio/mp4"),
        (recording(more=box(b"mvex", b"\0\0\0\7trex")), "audio/mp4"),
        (recording() + struct.pack(">IcccQ", 1, b"m", b"d", b"a", 2), "audio/mp4"),
        (box(b"ftyp", b"M4A ") + NESTED, "audio/mp4"),
        (note()[:-1], "audio/ogg"),
        (note() + b"At home", "audio/ogg"),
        (note() + b"OggS", "audio/ogg"),
        (note() + b"At h" + bytes(22) + b"\1\3ome", "audio/ogg"),
        (sound()[:36], "audio/wav"),
        (b"RIFF\x24\0\0\0WAVE" + b"\xff" * 40, "audio/wav"),
        (song()[:200], "audio/mpeg"),
        (song().partition(b"\xff\xfb")[0] * 20 + song(), "audio/mpeg"),
        (b"", "image/jpeg"),
        (b"", "audio/wav"),
    ],
)  # fmt: skip
def test_what_is_cut_short_or_built_to_break_is_refused_by_name(content: bytes, mime: str) -> None:
    with pytest.raises(Unfit):
        clean(content, mime)
