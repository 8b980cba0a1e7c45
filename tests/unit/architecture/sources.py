"""The packages as these tests read them: their rooms, the files, and the nodes of each file, parsed once."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[3]
PACKAGES = ("entra_fleet", "entra_config", "entra_emulator")
PACKAGE = ROOT / "entra_config"


def rooms(package: str) -> set[str]:
    """Return the names of the modules and folders at the top of a package."""
    folder = ROOT / package
    names = {
        path.stem for path in folder.iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()
    }
    return names - {"__init__"}


ROOMS = rooms("entra_config")
PURE = ("plan", "identity", "claimants", "states", "checks", "kinds", "resource", "characters")
# What runs, with its tests; what is generated is nobody's to read.
WRITTEN = (*PACKAGES, "api", "options", "dev", "tools", "examples", ".github", ".gitlab")


@cache
def tree(path: Path) -> ast.Module:
    """Return a file as Python reads it: several tests look at the same ones."""
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def nodes(path: Path) -> tuple[ast.AST, ...]:
    """Return all nodes of a file: many tests look through the same ones."""
    return tuple(ast.walk(tree(path)))


def imported(path: Path, package: str = "entra_config") -> set[str]:
    """Return the modules of the package, or of any, that a file imports when it runs, wherever in it;
    annotations alone do not count.
    """
    skipped = {
        id(inner)
        for node in nodes(path)
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
        for inner in ast.walk(node)
    }
    found: set[str] = set()
    for node in nodes(path):
        if isinstance(node, ast.Import) and id(node) not in skipped:
            found |= {alias.name for alias in node.names if alias.name.startswith(package)}
        if (
            not isinstance(node, ast.ImportFrom)
            or id(node) in skipped
            or not (node.module or "").startswith(package)
        ):
            continue
        for alias in node.names:
            whole = f"{node.module}.{alias.name}"
            is_module = (PACKAGE.parent / f"{whole.replace('.', '/')}.py").exists()
            found.add(whole if is_module else str(node.module))
    return found


def files(room: str) -> list[Path]:
    """Return the files of a room of `entra_config`, of another package, or of a room of that one."""
    folder = find_file(room)
    alone = folder.with_name(f"{folder.name}.py")
    return [alone] if alone.exists() else sorted(folder.rglob("*.py"))


def list_package(package: str) -> list[Path]:
    """Return all files of a package."""
    return sorted((ROOT / package).rglob("*.py"))


def list_files() -> list[Path]:
    """Return all files of all packages."""
    return [path for package in PACKAGES for path in list_package(package)]


def name_place(path: Path) -> str:
    """Return how these tests name a file: by its path in `entra_config`, or with the other package's name."""
    return path.relative_to(PACKAGE if path.is_relative_to(PACKAGE) else ROOT).as_posix()


def find_file(place: str) -> Path:
    """Return the file or folder that a place names."""
    return (ROOT if place.partition("/")[0] in PACKAGES else PACKAGE) / place


def everywhere(word: str) -> Iterator[tuple[str, ast.AST]]:
    """Yield each node of the files that have a word, with the file's place."""
    for path in list_files():
        if word in path.read_text(encoding="utf-8"):
            yield from ((name_place(path), node) for node in nodes(path))


def named(node: ast.AST) -> str:
    """Return the name that a node is, or the last part of it; nothing where it is none."""
    match node:
        case ast.Name(name) | ast.Attribute(attr=name) | ast.arg(name) | ast.keyword(arg=str(name)):
            return name
    return ""
