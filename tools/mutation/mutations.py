"""A module's text in; every small mistake that somebody could make in it, as a text of its own, out.

A mutation changes one node of the syntax tree and leaves each other character as it was. Docstrings,
annotations, asserts of what the types already say and messages for people are not touched: no test should
hold every word.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_COMPARED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
}  # fmt: skip
_COMPUTED: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.BitOr: ast.BitAnd, ast.BitAnd: ast.BitOr, ast.Mult: ast.Add,
    ast.FloorDiv: ast.Mult,
}  # fmt: skip


@dataclass(frozen=True)
class Mutation:
    """One change: where, what stood there and what stands there now, and the whole text."""

    line: int
    function: str
    before: str
    after: str
    text: str

    @property
    def key(self) -> str:
        """Return what names it whatever stands above it in the file."""
        return f"{self.function}: {self.before} → {self.after}"


def of(text: str) -> Iterator[Mutation]:
    """Yield every mutation of a module, top to bottom."""
    tree = ast.parse(text)
    starts = [0]
    for line in text.splitlines(keepends=True):
        starts.append(starts[-1] + len(line.encode()))
    data = text.encode()
    for function, node, new in _changes(tree):
        begin, end = _places(starts, node)
        before = data[begin:end].decode()
        changed = (data[:begin] + new.encode() + data[end:]).decode()
        yield Mutation(node.lineno, function, " ".join(before.split()), " ".join(new.split()), changed)


def _places(starts: Sequence[int], node: ast.expr | ast.stmt) -> tuple[int, int]:
    assert node.end_lineno is not None  # it was parsed, not made
    assert node.end_col_offset is not None
    return starts[node.lineno - 1] + node.col_offset, starts[node.end_lineno - 1] + node.end_col_offset


def _changes(tree: ast.Module) -> Iterator[tuple[str, ast.expr | ast.stmt, str]]:
    """Yield the name of the function, the node that is replaced, and what replaces it."""
    waiting: list[tuple[ast.AST, str]] = [(tree, "")]
    while waiting:
        node, name = waiting.pop(0)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            name = f"{name}.{node.name}" if name else node.name
        if name and isinstance(node, ast.expr | ast.stmt):
            yield from ((name, at, new) for at, new in _of_node(node))
        waiting += [(below, name) for below in _below(node)]


def _below(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.JoinedStr | ast.Raise | ast.Assert | ast.Import | ast.ImportFrom):
        return  # messages for people, and what types say
    for field, value in ast.iter_fields(node):
        if field in {"annotation", "returns", "decorator_list", "bases"} or (
            field == "test" and _of_types(value)
        ):
            continue
        for below in value if isinstance(value, list) else [value]:
            docstring = isinstance(below, ast.Expr) and isinstance(below.value, ast.Constant)
            if isinstance(below, ast.AST) and not docstring:
                yield below


def _of_types(test: object) -> bool:
    return isinstance(test, ast.Name) and test.id == "TYPE_CHECKING"


Changed = Iterator[tuple[ast.expr | ast.stmt, str]]


def _of_node(node: ast.expr | ast.stmt) -> Changed:
    yield from _statement(node) if isinstance(node, ast.stmt) else _expression(node)


def _statement(node: ast.stmt) -> Changed:
    match node:
        case ast.If(test=test) | ast.While(test=test) if not isinstance(
            test, ast.Compare | ast.BoolOp | ast.UnaryOp
        ):
            yield test, f"(not {ast.unparse(test)})"
        case ast.Return(value=value) if value is not None and not isinstance(value, ast.Constant):
            yield node, "return None"
        case ast.Continue():
            yield node, "break"
        case ast.Break():
            yield node, "continue"
        case ast.Expr(value=ast.Call() | ast.Await()):
            yield node, "pass"


def _expression(node: ast.expr) -> Changed:
    match node:
        case ast.Compare(left=left, ops=[op], comparators=[right]) if type(op) in _COMPARED:
            yield node, f"({ast.unparse(ast.Compare(left, [_COMPARED[type(op)]()], [right]))})"
        case ast.BoolOp(op=op, values=values):
            yield (
                node,
                f"({ast.unparse(ast.BoolOp(ast.Or() if isinstance(op, ast.And) else ast.And(), values))})",
            )
            for place in range(len(values)):
                rest = [value for number, value in enumerate(values) if number != place]
                yield node, f"({ast.unparse(ast.BoolOp(op, rest) if len(rest) > 1 else rest[0])})"
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield node, f"({ast.unparse(operand)})"
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _COMPUTED and not (
            _is_text(left) or _is_text(right)
        ):
            yield node, f"({ast.unparse(ast.BinOp(left, _COMPUTED[type(op)](), right))})"
        case ast.Constant(value=bool() | int() as value):
            yield node, str(not value if isinstance(value, bool) else value + 1)
        case ast.IfExp(test=test, body=body, orelse=other):
            yield node, f"({ast.unparse(ast.IfExp(test, other, body))})"
        case ast.Call(func=ast.Name(id="sorted" | "reversed"), args=[one], keywords=[]):
            yield node, f"list({ast.unparse(one)})"
        case ast.Call(func=ast.Name(id="any" | "all" as name), args=[one]):
            yield node, f"{'all' if name == 'any' else 'any'}({ast.unparse(one)})"


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))
