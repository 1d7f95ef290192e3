"""RecordType: how a kind is declared, and all that the kernel derives from the declaration."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from .codec import Codec
from .fields import Reference, References

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from uuid import UUID

    from .filters import Filter
    from .model import Record
    from .schema import RecordSchema

Look = "Callable[[str, UUID], Any]"


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
    filters: tuple[Filter, ...] = ()
    fixed: tuple[str, ...] = ()  # fields that never change once the record is there
    check: Callable[[Any], dict[str, str]] = accept_all  # path -> sentence, from the values alone
    relate: Callable[[Any, Any], dict[str, str]] = relate_nothing  # also from what it refers to
    looks_at: tuple[str, ...] = ()  # the kinds `relate` looks at
    notebook: bool = False  # whether records go to their author's notebook unless told otherwise
    children: dict[str, type] = field(default_factory=dict)  # wire name -> model of the parts

    @property
    def table(self) -> str:
        """The table's name."""
        return self.model.__tablename__

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

    def references(self, values: Any) -> Iterator[tuple[str, str, UUID]]:
        """Every reference in `values`: path, kind referred to, id."""
        yield from _referred(self.fields, values, "")
        for part in self.parts:
            for position, item in enumerate(getattr(values, part.name)):
                yield from _referred(part.fields, item, f"{part.name}.{position}.")

    @cached_property
    def refers_to(self) -> frozenset[str]:
        """The kinds that records of this kind may refer to."""
        everything = [self.fields, *(part.fields for part in self.parts)]
        return frozenset(
            f.refers_to
            for fields in everything
            for f in fields.values()
            if isinstance(f, Reference | References)
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


def table_of(kind: str) -> str:
    """The table that a reference to `kind` points into; members are no kind but can be meant."""
    return "member" if kind == "members" else KINDS[kind].table


def _referred(fields: dict[str, Any], values: Any, prefix: str) -> Iterator[tuple[str, str, UUID]]:
    for name, f in fields.items():
        found = getattr(values, name) if isinstance(f, Reference | References) else None
        if isinstance(f, Reference) and found is not None:
            yield prefix + name, f.refers_to, found
        elif isinstance(f, References):
            for i, each in enumerate(found or ()):
                yield f"{prefix}{name}.{i}", f.refers_to, each
