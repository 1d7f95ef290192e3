"""Built: the files of the web client as `web/` was built, with their compressed twins."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from api.settings import HOME

if TYPE_CHECKING:
    from pathlib import Path

DIST = HOME / "web" / "dist"
MEDIA = {
    ".css": "text/css",
    ".geojson": "application/geo+json",
    ".html": "text/html",
    ".js": "text/javascript",
    ".json": "application/json",
    ".mjs": "text/javascript",
    ".mvt": "application/vnd.mapbox-vector-tile",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".webmanifest": "application/manifest+json",
    ".woff2": "font/woff2",
}
TWINS = (("br", ".br"), ("gzip", ".gz"))  # the smaller first


@dataclass(frozen=True, slots=True)
class Part:
    """One file as it goes out; `encoding` is empty where it goes as it is."""

    body: bytes
    media: str
    encoding: str
    etag: str


def read_part(name: str, accepted: str, folder: Path = DIST) -> Part | None:
    """The file of this name, compressed when a twin is there that the caller accepts.

    None where there is no such file, or its name leads out of the folder.
    """
    path = (folder / name).resolve()
    if not path.is_relative_to(folder) or path.suffix not in MEDIA or not path.is_file():
        return None
    encoding, found = _smallest(path, accepted)
    body = found.read_bytes()
    etag = f'"{sha256(body).hexdigest()[:32]}"'
    return Part(body, MEDIA[path.suffix], encoding, etag)


def _smallest(path: Path, accepted: str) -> tuple[str, Path]:
    """Which twin goes out, by name and place; `q=0` is not honoured, nobody sends it."""
    offers = {word.split(";")[0].strip() for word in accepted.split(",")}
    for encoding, ending in TWINS:
        twin = path.with_name(path.name + ending)
        if encoding in offers and twin.is_file():
            return encoding, twin
    return "", path
