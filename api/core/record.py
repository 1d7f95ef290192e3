"""RecordType: how a kind is declared, and all that the kernel derives from the declaration."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import msgspec

from .codec import Codec, encode
from .fields import Reference, References

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from .filters import Filter
    from .model import Record
    from .schema import RecordSchema

Path = tuple[str | int, ...]  # ("parties", 0, "group_id")
Referring = tuple[str, str, bool]  # member, kind referred to, whether it is a list of ids


def accept_all(values: Any) -> dict[str, str]:  # noqa: ARG001
    """The rules of a kind without rules."""
    return {}


def relate_nothing(values: Any, look: Any) -> dict[str, str]:  # noqa: ARG001
    """The rules of a kind that asks nothing of what it refers to."""
    return {}


@dataclass(frozen=True)
class RecordType:
    """One kind of record. `name` is the URL's plural, `noun` the singular in documents."""

    name: str
    noun: str
    summary: str
    model: type[Record]
    schema: type[RecordSchema]
    example: dict[str, Any]
    writers: str  # a row of policy.MAY_WRITE
    order_by: str  # the column lists are sorted by, newest or last first unless `is_ascending`
    is_ascending: bool = False
    since: int = 1  # the version of the data the kind came with
    filters: tuple[Filter, ...] = ()
    fixed: tuple[str, ...] = ()  # fields that never change once the record is there
    check: Callable[[Any], dict[str, str]] = accept_all  # path -> sentence, from the values alone
    relate: Callable[[Any, Any], dict[str, str]] = relate_nothing  # also from what it refers to
    looks_at: tuple[str, ...] = ()  # the kinds `relate` looks at
    follows: tuple[str, ...] = ()  # references of which one names whose audience and end it shares
    most: int = 0  # how many may follow one record; 0 is any number
    notebook: bool = False  # whether records go to their author's notebook unless told otherwise
    children: dict[str, type] = field(default_factory=dict)  # wire name -> model of the parts

    @property
    def table(self) -> str:
        """The table's name."""
        return str(self.model.__tablename__)

    @cached_property
    def fields(self) -> dict[str, Any]:
        """The wire fields in order, parts excluded."""
        declared = self.schema._declared_fields  # noqa: SLF001
        return {name: f for name, f in declared.items() if name not in self.children}

    @cached_property
    def parts(self) -> list[Part]:
        """The lists of parts, each with its table and fields."""
        declared: Any = self.schema._declared_fields  # noqa: SLF001
        return [Part(n, model, declared[n].schema.fields) for n, model in self.children.items()]

    @cached_property
    def codec(self) -> Codec:
        """Reads and writes the kind's values as bytes."""
        return Codec(self.noun, self.schema, self.check)

    @cached_property
    def later_fields(self) -> dict[str, int]:
        """The fields that came after the first version of the data, with their version."""
        declared: dict[str, Any] = self.schema._declared_fields  # noqa: SLF001
        return {name: each.since for name, each in declared.items() if each.since > 1}

    @cached_property
    def _later_defaults(self) -> dict[str, Any]:
        """What the fields that came later hold where nobody said anything."""
        known = {each.name: each for each in msgspec.structs.fields(self.codec.struct)}
        later = [known[name] for name in self.later_fields]
        return {
            f.name: f.default_factory() if f.default is msgspec.NODEFAULT else f.default
            for f in later
        }

    def lasting(self, values: Any, data: bytes) -> bytes:
        """What `data` says in any version of it: without later fields that say nothing."""
        silent = {k for k, nothing in self._later_defaults.items() if getattr(values, k) == nothing}
        if not silent:
            return data
        said: dict[str, Any] = msgspec.json.decode(data)
        return encode({name: value for name, value in said.items() if name not in silent})

    def unknown_to(self, version: int) -> frozenset[str]:
        """The fields that a version of the data does not know."""
        return frozenset(name for name, since in self.later_fields.items() if since > version)

    def followed_by(self, values: Any) -> tuple[str, UUID] | None:
        """Which record of which kind the one with these `values` follows."""
        for name in self.follows:
            if owner := getattr(values, name):
                return self.fields[name].refers_to, owner
        return None

    def references(self, values: Any) -> list[tuple[Path, str, UUID]]:
        """Every reference in `values`: its path, the kind referred to, the id."""
        found: list[tuple[Path, str, UUID]] = []
        own, of_parts = self._referring
        for name, kind, is_list in own:
            _collect(found, (name,), kind, getattr(values, name), is_list)
        for part, members in of_parts:
            for position, item in enumerate(getattr(values, part)):
                for name, kind, is_list in members:
                    _collect(found, (part, position, name), kind, getattr(item, name), is_list)
        return found

    @cached_property
    def _referring(self) -> tuple[list[Referring], list[tuple[str, list[Referring]]]]:
        """Which members refer to records: the kind's own, then those of its parts."""
        return _referring(self.fields), [(p.name, _referring(p.fields)) for p in self.parts]

    @cached_property
    def refers_to(self) -> frozenset[str]:
        """The kinds that records of this kind may refer to."""
        own, of_parts = self._referring
        return frozenset(
            kind for members in (own, *(m for _, m in of_parts)) for _, kind, _ in members
        )


@dataclass(frozen=True)
class Part:
    """A list inside a record, kept in a table of its own: `parties` in `introduction_party`."""

    name: str
    model: Any
    fields: dict[str, Any]

    @property
    def table(self) -> str:
        """The table's name."""
        return str(self.model.__tablename__)

    @property
    def owner(self) -> str:
        """The column that names the record the part belongs to."""
        return str(self.model.OWNER[0])


KINDS: dict[str, RecordType] = {}
"""Every kind by name, in the order in which kinds may refer to one another; filled by `records`."""


def followers(kind: str) -> list[tuple[str, str]]:
    """The kinds whose records share audience and end with one of `kind`, each with the field."""
    return [
        (name, field)
        for name, each in KINDS.items()
        for field in each.follows
        if each.fields[field].refers_to == kind
    ]


def table_of(kind: str) -> str:
    """The table that a reference to `kind` points into; members are no kind but can be meant."""
    return "member" if kind == "members" else KINDS[kind].table


def _referring(fields: dict[str, Any]) -> list[Referring]:
    return [
        (name, field.refers_to, isinstance(field, References))
        for name, field in fields.items()
        if isinstance(field, Reference | References)
    ]


def _collect(found: list[Any], path: Path, kind: str, value: Any, is_list: bool) -> None:
    if is_list:
        found += [((*path, i), kind, each) for i, each in enumerate(value or ())]
    elif value is not None:
        found.append((path, kind, value))
