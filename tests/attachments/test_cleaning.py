"""Cleaning: what recorders and strangers put into files, down to the byte."""

from __future__ import annotations

import io
import struct
import subprocess
import sys
import warnings
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any
from zlib import crc32

import pytest
from mutagen.mp3 import MP3
from mutagen.mp4 import MP4
from mutagen.oggopus import OggOpus
from mutagen.wave import WAVE
from PIL import Image

from api.settings import HOME
from api.sync.uploads.cleaning import Unfit, clean
from tests.attachments.files import HOUR, box, note, picture, recording, song, sound

if TYPE_CHECKING:
    from pathlib import Path

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


UPRIGHT, LYING = (30, 40), (40, 30)
SPOILT = {  # a byte behind the beginning of the tags, what it becomes, and the picture then
    "no number": (29, 2, UPRIGHT),
    "no fraction": (103, 2, UPRIGHT),
    "a text that begins behind the end": (38, 255, UPRIGHT),
    "a place that begins behind the end": (50, 255, UPRIGHT),
    "more tags than there are": (15, 255, UPRIGHT),
    "a turn of another sort": (19, 2, LYING),
    "a turn that there is not": (25, 9, LYING),
}


@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize(("at", "byte", "size"), SPOILT.values(), ids=SPOILT.keys())
def test_a_picture_is_kept_though_its_tags_are_wrong_and_turned_if_they_say_how(
    at: int, byte: int, size: tuple[int, int]
) -> None:
    content = bytearray(picture())
    content[content.index(b"Exif") + at] = byte
    with Image.open(io.BytesIO(clean(bytes(content), "image/jpeg"))) as kept:
        assert kept.size == size


@pytest.mark.filterwarnings("ignore")
def test_while_a_picture_is_cleaned_others_are_warned_and_not_stopped() -> None:
    with ThreadPoolExecutor(1) as elsewhere:
        cleaning = elsewhere.submit(clean, picture(size=(1000, 1000)), "image/jpeg")
        while not cleaning.done():
            warnings.warn("nothing that matters", stacklevel=1)


# Says by how many kB a process grows at most while all these pictures come in at once.
MEASURE = """
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
import api
from api.sync.uploads.cleaning import Unfit, clean
def most():
    return int(Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0])
def take(path):
    with suppress(Unfit):
        clean(path.read_bytes(), "image/" + path.suffix[1:])
before = most()
with ThreadPoolExecutor(4) as requests:
    list(requests.map(take, map(Path, sys.argv[1:])))
print(most() - before)
"""


def test_no_picture_takes_more_memory_than_there_is_room_for(tmp_path: Path) -> None:
    drawn: list[tuple[str, str, int, dict[str, Any]]] = [
        ("jpeg", "CMYK", 25, {}),
        ("jpeg", "RGB", 50, {}),
        ("jpeg", "RGB", 50, {"progressive": True, "subsampling": 0}),
        ("webp", "RGB", 8, {"method": 0}),
        ("webp", "RGB", 12, {"method": 0}),
    ]
    turned = Image.Exif()
    turned[0x0112] = 6
    for number, (kind, mode, millions, more) in enumerate(drawn):
        made = Image.new(mode, (millions * 10**6 // 5000, 5000))
        made.save(tmp_path / f"{number}.{kind}", exif=turned, **more)
    words = [sys.executable, "-c", MEASURE, *sorted(tmp_path.iterdir())]
    done = subprocess.run(words, capture_output=True, text=True, check=True, cwd=HOME)
    assert int(done.stdout) < 220_000


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
@pytest.mark.parametrize("side", [5_001, 10_000, 20_000])
def test_a_bomb_is_refused_whatever_its_size(side: int) -> None:
    head = struct.pack(">4sIIBBBBB", b"IHDR", side, side, 8, 2, 0, 0, 0)
    bomb = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + head + struct.pack(">I", crc32(head))
    with pytest.raises(Unfit, match="any other picture 25,000,000"):
        clean(bomb + struct.pack(">I4s", 0, b"IDAT") + bytes(4), "image/png")


@pytest.mark.parametrize("kind", ["JPEG", "MPO"])
def test_a_photo_of_fifty_million_points_is_kept_at_half_its_width_and_height(kind: str) -> None:
    file = io.BytesIO()
    more = {"save_all": True, "append_images": [Image.new("RGB", (40, 30))]}
    Image.new("RGB", (8160, 6120), "white").save(file, kind, **(more if kind == "MPO" else {}))
    with Image.open(io.BytesIO(clean(file.getvalue(), "image/jpeg"))) as kept:
        assert (kept.size, kept.getpixel((9, 9))) == ((4080, 3060), (255, 255, 255))


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
