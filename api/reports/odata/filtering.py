"""Filtering: `$filter` as odata-query reads it, held against rows one by one.

Null is neither true nor false: a comparison with it is null, and a row stays only where the whole
is true (OData 4.01 URL conventions, 5.1.1.1).
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any
from uuid import UUID

from odata_query import ast
from odata_query.exceptions import ODataException
from odata_query.grammar import ODataLexer, ODataParser
from odata_query.visitor import NodeVisitor

from api.reports.entities import EntitySet, Row

from .errors import ODataError

Value = Callable[[Row], Any]
MOST = 2_000  # characters

COMPARISONS: dict[type, Callable[[Any, Any], bool]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.In: lambda value, among: value in among,
}
FUNCTIONS: dict[str, Callable[..., Any]] = {
    "contains": lambda text, part: part in text,
    "startswith": str.startswith,
    "endswith": str.endswith,
    "tolower": str.lower,
    "toupper": str.upper,
    "trim": str.strip,
    "length": len,
    "concat": operator.add,
    "year": lambda day: day.year,
    "month": lambda day: day.month,
    "day": lambda day: day.day,
}


def keep(rows: list[Row], text: str, entity_set: EntitySet) -> list[Row]:
    """The rows for which a filter is true; ODataError says what cannot be read or asked."""
    if len(text) > MOST:
        raise ODataError(400, "bad_filter", f"At most {MOST} characters of $filter.")
    try:
        tree = ODataParser().parse(ODataLexer().tokenize(text))
        is_kept = _Compiler(entity_set).visit(tree)
        return [row for row in rows if is_kept(row) is True]
    except (ODataException, RecursionError) as error:
        raise ODataError(400, "bad_filter", "This $filter cannot be read.") from error
    except (TypeError, ValueError, AttributeError) as error:
        message = "This $filter compares or asks what does not go together."
        raise ODataError(400, "bad_filter", message) from error


class _Compiler(NodeVisitor):
    """Makes a function of a row out of each node."""

    def __init__(self, entity_set: EntitySet) -> None:
        self.entity_set = entity_set

    def generic_visit(self, node: Any) -> Value:
        """Refuse what is not spoken here: arithmetic, paths, any and all."""
        kind = type(node).__name__
        raise ODataError(501, "not_implemented", f"{kind} is not understood in $filter here.")

    def visit_Identifier(self, node: ast.Identifier) -> Value:  # noqa: N802
        """A property of the row."""
        name = _full_name(node)
        require_property(self.entity_set, name)
        return lambda row: row[name]

    def visit_Compare(self, node: ast.Compare) -> Value:  # noqa: N802
        """Two values held against each other; null only equals null."""
        compare = COMPARISONS[type(node.comparator)]
        left, right = self.visit(node.left), self.visit(node.right)
        tells_null = isinstance(node.comparator, ast.Eq | ast.NotEq)

        def compared(row: Row) -> bool | None:
            a, b = _alike(left(row), right(row))
            return None if not tells_null and (a is None or b is None) else compare(a, b)

        return compared

    def visit_BoolOp(self, node: ast.BoolOp) -> Value:  # noqa: N802
        """And, or: decided as soon as one side decides, null when neither does."""
        left, right = self.visit(node.left), self.visit(node.right)
        decides = isinstance(node.op, ast.Or)

        def joined(row: Row) -> bool | None:
            sides = (left(row), right(row))
            if not all(side is None or isinstance(side, bool) for side in sides):
                raise TypeError
            if any(side is decides for side in sides):
                return decides
            return None if None in sides else not decides

        return joined

    def visit_UnaryOp(self, node: ast.UnaryOp) -> Value:  # noqa: N802
        """Not, and a sign before a number."""
        inner = self.visit(node.operand)
        turn = operator.not_ if isinstance(node.op, ast.Not) else operator.neg
        return lambda row: None if (value := inner(row)) is None else turn(value)

    def visit_Call(self, node: ast.Call) -> Value:  # noqa: N802
        """A function of values; of null it is null."""
        name = _full_name(node.func)
        if name not in FUNCTIONS:
            message = f"{name} is not understood in $filter here."
            raise ODataError(501, "not_implemented", message)
        function, given = FUNCTIONS[name], [self.visit(inner) for inner in node.args]

        def called(row: Row) -> Any:
            values = [value(row) for value in given]
            return None if None in values else function(*values)

        return called

    def visit_List(self, node: ast.List) -> Value:  # noqa: N802
        """What `in` looks among."""
        values = [self.visit(inner) for inner in node.val]
        return lambda row: [value(row) for value in values]


def _literal(_: _Compiler, node: Any) -> Value:
    value = node.py_val
    return lambda _: value


for _kind in ("Null", "Integer", "Float", "Boolean", "String", "Date", "DateTime", "GUID"):
    setattr(_Compiler, f"visit_{_kind}", _literal)


def _full_name(node: ast.Identifier) -> str:
    return ".".join((*node.namespace, node.name))


def require_property(entity_set: EntitySet, name: str) -> None:
    """Raise an ODataError for a property that the type does not have."""
    if name not in entity_set.properties:
        message = f"{entity_set.type} has no property {name}."
        raise ODataError(400, "unknown_property", message)


def _alike(a: Any, b: Any) -> tuple[Any, Any]:
    """Ids may be written as text: some clients put quotes around them."""
    if isinstance(b, list):
        return a, [_alike(a, each)[1] for each in b]
    if isinstance(a, UUID) and isinstance(b, str):
        return str(a), b.lower()
    if isinstance(a, str) and isinstance(b, UUID):
        return a.lower(), str(b)
    return a, b
