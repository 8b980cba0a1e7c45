"""A copy of the commit and functions in it in; the tests that run each of them, the quickest first, out."""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

Place = tuple[str, str]
"""A file's path in the repository, and a function of it by its qualified name."""
Functions = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass
class Reach:
    """What a run of all tests without a mistake told: who runs what, how long, and what fails anyway."""

    tests: Mapping[Place, set[str]]
    seconds: dict[str, float] = field(default_factory=dict)
    red: set[str] = field(default_factory=set)

    def of(self, place: Place) -> list[str]:
        """Return the tests that run a function, the quickest first; those that fail anyway are left out."""
        found = [test for test in self.tests.get(place, ()) if test not in self.red]
        return sorted(found, key=lambda test: (self.seconds.get(test, 0.0), test))


def measure(copy: Path, places: Iterable[Place], command: Sequence[str]) -> Reach:
    """Run the tests of a copy with the functions marked, and give it back as it was."""
    numbers = {place: number for number, place in enumerate(dict.fromkeys(places))}
    log = copy / "reached.tsv"
    log.touch()
    shutil.copy(Path(__file__).parent / "reached.py", copy / "reached.py")
    kept = {path: (copy / path).read_text(encoding="utf-8") for path, _ in numbers}
    for path, text in kept.items():
        functions = {name: number for (at, name), number in numbers.items() if at == path}
        (copy / path).write_text(marked(text, functions), encoding="utf-8")
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
    """Read what marked functions and the plugin wrote down."""
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
            continue  # while modules are imported: no test's own
        # What a fixture or a program of it runs may be for any test of the file.
        shared = note == "program" or when != "(call)"
        tests[places[place]] |= files[name.partition("::")[0]] if shared else {name}
    reach.tests = tests
    return reach


def marked(text: str, functions: Mapping[str, int]) -> str:
    """Return a module's text whose functions, by qualified name, say first that they run."""
    starts: dict[int, tuple[int, int]] = {}
    waiting: list[tuple[ast.AST, str]] = [(ast.parse(text), "")]
    while waiting:
        node, name = waiting.pop()
        if isinstance(node, Functions | ast.ClassDef):
            name = f"{name}.{node.name}" if name else node.name
        if isinstance(node, Functions) and name in functions:
            first = _first(node)
            if first is not None and first[0] > node.lineno:
                starts[first[0]] = (first[1], functions[name])
        waiting += [(below, name) for below in ast.iter_child_nodes(node)]
    lines = text.splitlines(keepends=True)
    for line in sorted(starts, reverse=True):
        column, number = starts[line]
        lines.insert(line - 1, f"{' ' * column}__import__('reached').at({number})\n")
    return "".join(lines)


def _first(node: Functions) -> tuple[int, int] | None:
    """Return the line and the column of the first statement below a function's docstring."""
    body = node.body
    if isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant):
        body = body[1:]
    if not body:
        return None
    decorated = getattr(body[0], "decorator_list", None) or [body[0]]
    return min(each.lineno for each in decorated), body[0].col_offset


def suite(paths: Sequence[str], marks: str, *, left_out: Sequence[str] = ()) -> list[str]:
    """Return the command that runs all tests of some folders, in two processes."""
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "reached", "-n", "2"]
    return [*command, "--dist", "loadfile", "-m", marks, *(f"--ignore={each}" for each in left_out), *paths]
