"""A filter's syntax tree in; a test of rows out, and the index that finds them."""

from collections.abc import Callable
from typing import Any, assert_never

from entra_emulator.clock import read_stamp
from entra_emulator.graph.filters import Bare, Combine, Compare, Function, In, Lambda, Node, Not, Path
from entra_emulator.table import Row, Table

Test = Callable[[Any], bool]
# The size of a relationship: (row, name) in, number out.
Count = Callable[[Row, str], int]


def compile_test(node: Node, count: Count) -> Test:
    """Make a function that says whether a row matches."""
    match node:
        case Combine("and", left, right):
            first, second = compile_test(left, count), compile_test(right, count)
            return lambda row: first(row) and second(row)
        case Combine(_, left, right):
            first, second = compile_test(left, count), compile_test(right, count)
            return lambda row: first(row) or second(row)
        case Not(inner):
            test = compile_test(inner, count)
            return lambda row: not test(row)
        case Compare(path, op, value, True):
            return lambda row: _compare(count(row, path[0]), op, value)
        case Compare(path, op, value):
            return _comparison(path, op, value)
        case Function(name, path, value):
            return _text_test(name, path, value)
        case In(path, values):
            wanted = {_fold(value) for value in values}
            return lambda row: _fold(_read(row, path)) in wanted
        case Lambda(path, every, inner):
            return _element_test(path, inner, count, every=every)
    assert_never(node)


def indexed(node: Node, table: Table) -> list[str] | None:
    """Give the ids, ordered, that can match; None where no index narrows the search."""
    match node:
        case Combine("and", left, right):
            first, second = indexed(left, table), indexed(right, table)
            found = [ids for ids in (first, second) if ids is not None]
            return min(found, key=len) if found else None
        case Combine(_, left, right):
            first, second = indexed(left, table), indexed(right, table)
            return None if first is None or second is None else sorted({*first, *second})
        case Compare(("id",), "eq", str() as value, False):
            return [value.casefold()]
        case Compare((name,), "eq", str() as value, False) if table.has_index(name):
            return list(table.ids(name, value.casefold()))
        case In(("id",), values):
            return sorted(str(value).casefold() for value in set(values))
        case In((name,), values) if table.has_index(name):
            return sorted({row_id for value in values for row_id in table.ids(name, str(value).casefold())})
        case Function("startswith", ("displayName",), value):
            return table.with_prefix(value.casefold())
        case Lambda((name,), False, Compare((), "eq", str() as value, False)) if table.has_index(name):
            return list(table.ids(name, value.casefold()))
        case Lambda((name,), False, Combine("or", left, right)) if table.has_index(name):
            return indexed(Combine("or", Lambda((name,), False, left), Lambda((name,), False, right)), table)
    return None


def nodes(node: Node) -> list[Node]:
    """Give a tree's nodes, those inside lambdas left out."""
    match node:
        case Combine(_, left, right):
            return [node, *nodes(left), *nodes(right)]
        case Not(inner):
            return [node, *nodes(inner)]
    return [node]


def _comparison(path: Path, op: str, value: Any) -> Test:
    if op == "eq" and isinstance(value, str) and len(path) == 1:
        name, wanted = path[0], value.casefold()

        def same(row: Any) -> bool:
            found = row.get(name)
            return isinstance(found, str) and found.casefold() == wanted

        return same
    return lambda row: _compare(_read(row, path), op, value)


def _text_test(name: str, path: Path, value: str) -> Test:
    wanted = value.casefold()

    def test(row: Any) -> bool:
        text = _read(row, path)
        if not isinstance(text, str):
            return False
        folded = text.casefold()
        if name == "startswith":
            return folded.startswith(wanted)
        return folded.endswith(wanted) if name == "endswith" else wanted in folded

    return test


def _element_test(path: Path, inner: Node | None, count: Count, *, every: bool) -> Test:
    test = compile_test(inner, count) if inner is not None else None

    def elements(row: Any) -> list[Any]:
        value = _read(row, path)
        return value if isinstance(value, list) else []

    if test is None:
        return lambda row: bool(elements(row))
    used = test
    if every:
        return lambda row: all(used(element) for element in elements(row))
    return lambda row: any(used(element) for element in elements(row))


def _read(row: Any, path: Path) -> Any:
    value = row
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def _fold(value: Any) -> Any:
    return value.casefold() if isinstance(value, str) else value


def _compare(found: Any, op: str, value: Any) -> bool:
    left, right = _fold(found), _fold(value)
    if op == "eq":
        return bool(left == right)
    if op == "ne":
        return bool(left != right)
    if isinstance(found, str) and isinstance(value, Bare):
        try:
            left, right = read_stamp(found), read_stamp(value)
        except ValueError:
            return False
    if left is None or type(left) is not type(right):
        return False
    match op:
        case "ge":
            return bool(left >= right)
        case "gt":
            return bool(left > right)
        case "le":
            return bool(left <= right)
        case "lt":
            return bool(left < right)
    return False
