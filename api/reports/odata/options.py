"""Options: `$top`, `$skip`, `$count`, `$select`, `$orderby` and `$format`, read and applied."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .errors import ODataError
from .filtering import keep, require_property

if TYPE_CHECKING:
    from collections.abc import Mapping

    from api.reports.entities import EntitySet, Row

KNOWN = ("$filter", "$select", "$orderby", "$top", "$skip", "$count", "$format")
MOST_ROWS, MOST_DIGITS = 5_000, 9


@dataclass(frozen=True, slots=True)
class Page:
    """What is left of the rows: a page of them, how many there are, where the next page begins."""

    rows: list[Row]
    count: int
    next_skip: int | None
    next_top: int | None


@dataclass(frozen=True, slots=True)
class Options:
    """What was asked of an entity set, not yet applied."""

    asked: Mapping[str, str]

    def __post_init__(self) -> None:
        """Refuse what is not spoken here, as the protocol wants it: 501, not silence."""
        for name in self.asked:
            if name.startswith("$") and name not in KNOWN:
                raise ODataError(501, "not_implemented", f"{name} is not understood here.")
        form = self.asked.get("$format", "json").partition(";")[0]
        if form not in ("json", "application/json"):
            raise ODataError(406, "not_acceptable", "Rows can be had as JSON.")

    @property
    def wants_count(self) -> bool:
        """Whether the number of all rows is to be told."""
        said = self.asked.get("$count", "false")
        if said not in ("true", "false"):
            raise ODataError(400, "bad_option", "$count is true or false.")
        return said == "true"

    def selected(self, entity_set: EntitySet) -> tuple[str, ...]:
        """The properties wanted; all of them where none is named."""
        names = [name.strip() for name in self.asked.get("$select", "*").split(",")]
        if "*" in names:
            return tuple(entity_set.properties)
        for name in names:
            require_property(entity_set, name)
        return tuple(dict.fromkeys(names))

    def filtered(self, rows: list[Row], entity_set: EntitySet) -> list[Row]:
        """The rows that `$filter` keeps."""
        text = self.asked.get("$filter")
        return rows if text is None else keep(rows, text, entity_set)

    def page(self, rows: list[Row], entity_set: EntitySet) -> Page:
        """Filtered, in order, and so many of them."""
        kept = _ordered(self.filtered(rows, entity_set), self.asked.get("$orderby"), entity_set)
        skip, top = self._number("$skip") or 0, self._number("$top")
        wanted = kept[skip:] if top is None else kept[skip : skip + top]
        has_more = len(wanted) > MOST_ROWS
        next_top = None if top is None else top - MOST_ROWS
        return Page(wanted[:MOST_ROWS], len(kept), skip + MOST_ROWS if has_more else None, next_top)

    def _number(self, name: str) -> int | None:
        text = self.asked.get(name)
        if text is None:
            return None
        if not (text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS):
            raise ODataError(400, "bad_option", f"{name} is a whole number, 0 or more.")
        return int(text)


def _ordered(rows: list[Row], text: str | None, entity_set: EntitySet) -> list[Row]:
    """Rows by the properties named, the last named sorted first; null comes before all else."""
    for part in reversed(text.split(",") if text else []):
        name, _, way = part.strip().partition(" ")
        require_property(entity_set, name)
        if way.strip() not in ("", "asc", "desc"):
            raise ODataError(400, "bad_option", "$orderby is a property, then asc or desc.")
        rows = sorted(rows, key=_key(name), reverse=way.strip() == "desc")
    return rows


def _key(name: str) -> Any:
    return lambda row: (False, 0) if row[name] is None else (True, row[name])
