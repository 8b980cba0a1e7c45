"""A copy of the commit and lines in it in; the tests that run each of their statements, the quickest first,
out.
"""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

Place = tuple[str, int]
"""A file's path in the repository, and a line of it."""
Functions = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass
class Reach:
    """What a run of all tests without a mistake told: who runs what, how long, and what fails anyway; `early`
    is what runs while modules are imported and tests collected.
    """

    tests: Mapping[Place, set[str]]
    seconds: dict[str, float] = field(default_factory=dict)
    red: set[str] = field(default_factory=set)
    early: set[Place] = field(default_factory=set)

    def of(self, place: Place) -> list[str]:
        """Return the tests that run a statement, the quickest first; those that fail anyway are left out."""
        found = [test for test in self.tests.get(place, ()) if test not in self.red]
        return sorted(found, key=lambda test: (self.seconds.get(test, 0.0), test))


def measure(copy: Path, places: Iterable[Place], command: Sequence[str]) -> Reach:
    """Run the tests of a copy with the statements marked, and give it back as it was."""
    numbers = {place: number for number, place in enumerate(dict.fromkeys(places))}
    log = copy / "reached.tsv"
    log.touch()
    shutil.copy(Path(__file__).parent / "reached.py", copy / "reached.py")
    kept = {path: (copy / path).read_text(encoding="utf-8") for path, _ in numbers}
    for path, text in kept.items():
        marks = {line: number for (at, line), number in numbers.items() if at == path}
        (copy / path).write_text(marked(text, marks), encoding="utf-8")
    environ = os.environ | {
        "PYTHONPATH": str(copy),
        "PYTHONDONTWRITEBYTECODE": "1",
        "MUTATION_REACHED": str(log),
    }
    try:
        subprocess.run(command, cwd=copy, env=environ, capture_output=True, check=False)
    finally:
        for path, text in kept.items():
            (copy / path).write_text(text, encoding="utf-8")
        (copy / "reached.py").unlink()
    lines = log.read_text(encoding="utf-8").splitlines()
    log.unlink()
    return read(lines, list(numbers))


def read(lines: Iterable[str], places: Sequence[Place]) -> Reach:
    """Read what marked statements and the plugin wrote down."""
    runs: list[tuple[int, str, str]] = []
    reach = Reach({})
    files: dict[str, set[str]] = defaultdict(set)
    for line in lines:
        number, note, test = line.split("\t", 2)
        if number:
            runs.append((int(number), note, test))
            continue
        outcome, seconds = note.split(" ")
        reach.seconds[test] = reach.seconds.get(test, 0.0) + float(seconds)
        files[test.partition("::")[0]].add(test)
        if outcome == "failed":
            reach.red.add(test)
    tests: dict[Place, set[str]] = defaultdict(set)
    for place, note, test in runs:
        name, _, when = test.rpartition(" ")
        if not name:
            if note != "program":
                reach.early.add(places[place])
            continue  # while modules are imported: no test's own
        # What a fixture or a program of it runs may be for any test of the file. A test that a test has
        # another pytest run is none that could be run here.
        shared = note == "program" or when != "(call)"
        tests[places[place]] |= files[name.partition("::")[0]] if shared else {name} & reach.seconds.keys()
    reach.tests = tests
    return reach


def marked(text: str, numbers: Mapping[int, int]) -> str:
    """Return a module's text that says of some lines, by number, that the statement they stand in runs: the
    innermost one of a function that begins a line; the function's first one where its head is meant.
    """
    begins: dict[tuple[int, int], list[int]] = defaultdict(list)
    tree, lines = ast.parse(text), text.splitlines(keepends=True)
    for line, number in numbers.items():
        place = _statement(tree, line, lines)
        if place is not None:
            begins[place].append(number)
    for (line, column), found in sorted(begins.items(), reverse=True):
        calls = "; ".join(f"__import__('reached').at({number})" for number in sorted(found))
        lines.insert(line - 1, f"{' ' * column}{calls}\n")
    return "".join(lines)


def _statement(tree: ast.Module, line: int, lines: Sequence[str]) -> tuple[int, int] | None:
    """Return the line and the column before which a mark may stand; None where no function is meant."""
    found: tuple[int, int] | None = None
    node: ast.AST | None = tree
    while node is not None:
        within = (each for each in _statements(node) if _begin(each) <= line <= (each.end_lineno or 0))
        node = next(within, None)
        if isinstance(node, Functions) and (inner := _first(node)) is not None:
            # Of a default value or a decorator the function's own tests tell.
            found = inner if inner[0] > node.lineno else found
        elif isinstance(node, ast.stmt) and found is not None and _begins(node, lines):
            found = (node.lineno, node.col_offset)
    return found


def _statements(node: ast.AST) -> Iterator[ast.stmt]:
    for below in ast.iter_child_nodes(node):
        if isinstance(below, ast.stmt):
            yield below
        elif isinstance(below, ast.excepthandler | ast.match_case):
            yield from _statements(below)


def _begin(node: ast.stmt) -> int:
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    return min([node.lineno, *(each.lineno for each in decorators)])


def _begins(node: ast.stmt, lines: Sequence[str]) -> bool:
    """Tell whether a statement is the first of its line, and no `elif`."""
    before, after = lines[node.lineno - 1][: node.col_offset], lines[node.lineno - 1][node.col_offset :]
    return not before.strip() and not after.startswith("elif ") and not isinstance(node, ast.ClassDef)


def _first(node: ast.FunctionDef | ast.AsyncFunctionDef) -> tuple[int, int] | None:
    """Return the line and the column of the first statement below a function's docstring."""
    body = node.body
    if isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant):
        body = body[1:]
    return (_begin(body[0]), body[0].col_offset) if body else None


def suite(paths: Sequence[str], marks: str, *, left_out: Sequence[str] = ()) -> list[str]:
    """Return the command that runs all tests of some folders, in two processes."""
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "reached", "-n", "2"]
    return [*command, "--dist", "loadfile", "-m", marks, *(f"--ignore={each}" for each in left_out), *paths]
