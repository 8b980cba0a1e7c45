"""Functions in; those that say the same in the same steps, whatever they call it, out."""

from __future__ import annotations

import ast
import copy
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

# Below this a body says too little to be shared: `return self._items.get(key, [])` has 9 nodes.
LEAST = 17


def twins(functions: Iterable[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef]]) -> Iterator[list[str]]:
    """Yield the places of each set of functions with one body; their names, those of their variables, their
    annotations and docstrings do not count.
    """
    alike: dict[object, list[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef]]] = defaultdict(list)
    for place, function in functions:
        kinds = [type(node) for statement in body(function) for node in ast.walk(statement)]
        if len(kinds) >= LEAST:
            alike[tuple(kinds)].append((place, function))
    for candidates in alike.values():
        if len(candidates) > 1:
            same: dict[str, list[str]] = defaultdict(list)
            for place, function in candidates:
                same[spelled_out(function)].append(place)
            yield from (sorted(places) for places in same.values() if len(places) > 1)


def body(function: ast.FunctionDef | ast.AsyncFunctionDef) -> list[ast.stmt]:
    """Return the statements of a function without its docstring."""
    return function.body[1:] if ast.get_docstring(function, clean=False) is not None else function.body


def spelled_out(function: ast.FunctionDef | ast.AsyncFunctionDef) -> str:
    """Return what a function does with each of its own names as a number."""
    own = copy.deepcopy(function)
    numbers: dict[str, str] = {}
    nodes = [*ast.walk(own.args), *(node for statement in own.body for node in ast.walk(statement))]
    for node in nodes:
        if isinstance(node, ast.arg):
            node.annotation = None
            node.arg = numbers.setdefault(node.arg, f"_{len(numbers)}")
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            numbers.setdefault(node.id, f"_{len(numbers)}")
    for node in nodes:
        if isinstance(node, ast.Name):
            node.id = numbers.get(node.id, node.id)
    return "\n".join(ast.dump(each) for each in (own.args, *body(own)))


def functions(
    trees: Mapping[str, ast.Module],
) -> Iterator[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef]]:
    """Yield each function of some modules, with its module and its name."""
    for module, tree in trees.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield f"{module}:{node.name}", node
