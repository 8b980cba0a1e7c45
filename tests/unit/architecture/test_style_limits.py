"""How long a module and a function may be, how many clauses a comprehension has, and one class to a name."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Collection, Iterator
from pathlib import Path

from tests.unit.architecture.sources import PACKAGE, ROOMS, ROOT, WRITTEN, files, nodes


def test_a_class_name_stands_once_in_the_package() -> None:
    """Whoever reads a name knows which class it is, of the engine, the emulator or a document."""
    places: dict[str, list[str]] = defaultdict(list)
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in nodes(path):
            if isinstance(node, ast.ClassDef):
                places[node.name].append(path.relative_to(PACKAGE).as_posix())

    assert {name: where for name, where in places.items() if len(where) > 1} == {}
    assert len(places) > 400


def clauses(path: Path) -> Iterator[str]:
    """Yield each comprehension of a file that has more than two clauses, `for` and `if` together."""
    for node in nodes(path):
        if isinstance(node, ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp):
            count = len(node.generators) + sum(len(each.ifs) for each in node.generators)
            if count > 2:
                yield f"{path.relative_to(PACKAGE)}:{node.lineno} has {count}"


def test_a_comprehension_reads_at_a_glance() -> None:
    """Two clauses, as `for … if …` or `for … for …`; what needs more is a loop or has a step with a name
    before it.
    """
    checked = [path for room in sorted(ROOMS) for path in files(room)]

    assert [place for path in checked for place in clauses(path)] == []


LONGEST_MODULE, LONGEST_FUNCTION = 300, 50


def written(folders: Collection[str], *, tests: bool) -> list[Path]:
    """Return the modules that people write, those of tests or the others."""
    skipped = {".venv", "node_modules", "generated"}
    found = [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]
    parts = [(path, set(path.relative_to(ROOT).parts)) for path in found]
    return [path for path, names in parts if not skipped & names and ("tests" in names) is tests]


def long_modules(modules: Collection[Path]) -> dict[str, int]:
    """Return the lines of each module that is too long to be about one thing."""
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in modules}
    return {str(path.relative_to(ROOT)): n for path, n in lengths.items() if n > LONGEST_MODULE}


def long_functions(path: Path) -> Iterator[str]:
    """Yield each function that is too long to be seen at once, from its name to its last line."""
    for node in nodes(path):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > LONGEST_FUNCTION:
                yield f"{path.name}:{node.lineno} {node.name} has {length}"


def test_a_module_has_one_idea_and_a_function_one_view() -> None:
    """300 lines and 50: what is longer is split by what it is about."""
    modules = written(WRITTEN, tests=False)

    assert long_modules(modules) == {}
    assert [each for path in modules for each in long_functions(path)] == []
    assert len(modules) > 700


def test_a_test_module_has_one_idea() -> None:
    """300 lines: what it tests is found by its name. A test itself is as long as its story."""
    modules = written(("tests", *WRITTEN), tests=True)

    assert long_modules(modules) == {}
    assert len(modules) > 1400
