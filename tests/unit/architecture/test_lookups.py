"""What was read of Graph is looked up by typed objects, never by words."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

from entra_config.kinds.details import Detail
from tests.unit.architecture.sources import files, nodes


def spelled(path: Path) -> Iterator[str]:
    """Yield each place where an answer of Graph is looked up by a word, or by a tuple of words."""
    for node in nodes(path):
        key: ast.expr | None = None
        if isinstance(node, ast.Subscript):
            held, key = node.value, node.slice
        elif (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in {"get", "first", "rows"}
        ):
            held, key = node.func.value, next(iter(node.args), None)
        words = (
            [each for each in ast.walk(key) if isinstance(each, ast.Constant)]
            if isinstance(key, ast.Tuple)
            else [key]
        )
        if key is not None and ast.unparse(held).rpartition(".")[2] in {"responses", "live"}:
            yield from (f"{path.name}:{key.lineno}" for word in words if isinstance(word, ast.Constant))


def test_questions_are_asked_as_objects() -> None:
    """Whatever was read is looked up by the question that asked for it: two that differ by a letter cannot
    be.
    """
    modules = [import_module(f"entra_config.kinds.{path.stem}") for path in files("kinds")]
    found = {id(each): each for module in modules for each in vars(module).values()}
    names = [each.name for each in found.values() if isinstance(each, Detail)]

    assert [
        place
        for room in ("actual", "kinds", "checks", "drift")
        for path in files(room)
        for place in spelled(path)
    ] == []
    assert len(names) == len(set(names)) == 10
