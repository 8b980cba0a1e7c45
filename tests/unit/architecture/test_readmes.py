"""What the README of each package names is in the code."""

from __future__ import annotations

import ast
import re

import pytest

from tests.unit.architecture.public_names import (
    list_api_names,
    list_imported_names,
    read_listed_names,
    read_readme,
)
from tests.unit.architecture.sources import PACKAGES, ROOT, nodes

PLACE = re.compile(r"`([\w/]+\.py)(?::(\w+))?`")


@pytest.mark.parametrize("package", PACKAGES)
def test_each_place_in_a_readme_is_there(package: str) -> None:
    """A file, or a function or class in it, by its path in the package or in the repository."""
    places = PLACE.findall(read_readme(package))
    missing = []
    for file, name in places:
        path = next((base / file for base in (ROOT / package, ROOT) if (base / file).exists()), None)
        defined = {
            node.name
            for node in (nodes(path) if path else ())
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        }
        if path is None or (name and name not in defined):
            missing.append(f"{file}:{name}")

    assert missing == []
    assert len(places) > 5


def test_the_readme_lists_what_the_fleet_imports() -> None:
    """No other function of the engine is public for `entra_fleet`."""
    assert read_listed_names("entra_config") == list_imported_names("entra_fleet", "entra_config")


def test_the_readme_lists_the_names_of_the_emulator() -> None:
    """Those that `entra_emulator.api` has, and no others."""
    assert read_listed_names("entra_emulator") == list_api_names()
