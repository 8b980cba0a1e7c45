"""Who imports from a test module: nobody. What tests share stands in plain modules beside them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest

from tests.unit.architecture.sources import ROOT

FOLDERS = ("tests", "api/tests", "options/tests", "options/*/tests")
# To parse each file would take seconds: those alone that may have such an import.
IMPORT = re.compile(r"^[ \t]*(?:from|import)\b[^#\n]*(?:\([^)]*)?\btest_", re.MULTILINE)


def imported_test_modules(text: str) -> Iterator[str]:
    """Yield each module named `test_*` that a text imports, wherever in it."""
    if not IMPORT.search(text):
        return
    for node in ast.walk(ast.parse(text)):
        within = [node.module] if isinstance(node, ast.ImportFrom) and node.module else []
        names = node.names if isinstance(node, ast.Import | ast.ImportFrom) else []
        for whole in (".".join((*within, each.name)) for each in names):
            if any(part.startswith("test_") for part in whole.split(".")):
                yield whole


def test_no_module_of_tests_imports_a_test_module() -> None:
    """Of any folder of tests, plain modules too: a test module can then be split, renamed or run alone."""
    places = {path for folder in FOLDERS for path in ROOT.glob(f"{folder}/**/*.py")}
    found = [
        f"{path.relative_to(ROOT)}: {module}"
        for path in sorted(places)
        for module in imported_test_modules(path.read_text(encoding="utf-8"))
    ]

    assert found == []
    assert len(places) > 1000


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("from tests.unit.test_growth import counted", ["tests.unit.test_growth.counted"]),
        ("from tests.unit import growth, test_growth as g", ["tests.unit.test_growth"]),
        ("from tests.unit import (\n    growth,\n    test_growth,\n)", ["tests.unit.test_growth"]),
        ("import tests.unit.test_growth", ["tests.unit.test_growth"]),
        ("def late():\n    from .test_growth import counted", ["test_growth.counted"]),
        ("from . import test_growth", ["test_growth"]),
        ("from tests.unit.growth import counted", []),
        ('def test_growth():\n    """From tests.unit import test_growth."""', []),
        ('"""\nfrom tests.unit import test_growth\n"""', []),
    ],
)
def test_each_form_of_such_an_import_is_found(text: str, found: list[str]) -> None:
    """Whole, by name, over several lines, relative, and in a function; a text of one is none."""
    assert list(imported_test_modules(text)) == found
