"""A folder in; what its modules import of the engine, which a judge must not know, out."""

from __future__ import annotations

import ast
from collections.abc import Collection
from pathlib import Path


def of_the_engine(folder: Path, *, but: Collection[str]) -> dict[str, set[str]]:
    """Return by file what is imported of the engine; not of `but`, nor of tests."""
    found = {
        path.name: imported(path)
        for path in folder.glob("*.py")
        if path.name not in but and not path.name.startswith("test_")
    }
    return {name: modules for name, modules in found.items() if modules}


def imported(path: Path) -> set[str]:
    """Return what a module imports of the engine."""
    nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    modules = {str(node.module) for node in nodes if isinstance(node, ast.ImportFrom)}
    return {name for name in modules if name.startswith("entra_config")}
