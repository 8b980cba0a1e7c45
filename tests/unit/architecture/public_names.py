"""The names of a package that another package imports, and the names that a README lists."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.unit.architecture.sources import ROOT, list_package, nodes


def list_imported_names(importer: str, package: str) -> set[str]:
    """Return each name of a package that another one uses, without the package: `plan.diff.compare`."""
    return {
        name.removeprefix(f"{package}.")
        for path in list_package(importer)
        for name in _read_names(path, package)
    }


def _read_names(path: Path, package: str) -> Iterator[str]:
    modules: dict[str, str] = {}
    for node in nodes(path):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == package:
            for alias in node.names:
                name = f"{node.module}.{alias.name}"
                if _is_module(name):
                    modules[alias.asname or alias.name] = name
                else:
                    yield name
    for node in nodes(path):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in modules:
            yield f"{modules[node.value.id]}.{node.attr}"


def _is_module(name: str) -> bool:
    place = ROOT / name.replace(".", "/")
    return place.is_dir() or place.with_suffix(".py").exists()


def list_api_names() -> set[str]:
    """Return each name that `entra_emulator.api` has."""
    return {
        alias.asname or alias.name
        for node in nodes(ROOT / "entra_emulator/api.py")
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "entra_emulator"
        for alias in node.names
    }


def read_readme(package: str) -> str:
    """Return the README of a package."""
    return (ROOT / package / "README.md").read_text(encoding="utf-8")


def read_listed_names(package: str) -> set[str]:
    """Return the names that the section "Public functions" of a package's README lists.

    A line is "- start and stop: `start`, `end`" or "- `plan`: `diff.compare`", which is `plan.diff.compare`.
    """
    section = read_readme(package).partition("## Public functions\n")[2].partition("\n## ")[0]
    listed: set[str] = set()
    for title, names in re.findall(r"^- (.*?): (`.*)$", section, re.MULTILINE):
        room = f"{title.strip('`')}." if title.startswith("`") else ""
        listed |= {f"{room}{name}" for name in re.findall(r"`([\w.]+)`", names)}
    return listed
