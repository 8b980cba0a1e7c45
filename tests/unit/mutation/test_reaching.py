"""Which tests run the statement of a mistake."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tests.unit.mutation.loading import loaded


def test_a_marked_statement_says_that_it_runs_and_does_what_it_did(
    reaching: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The innermost one that begins a line: in methods, inner functions, cases, handlers and loops; of an
    `elif` the whole `if`, of a default value the function's first; of a class nothing.
    """
    text = '''\
class Kind:
    limit = 2
    def method(self):
        """Say it."""
        for each in "ab":
            if each == "b":
                return "b"
            elif each == "c":
                return "c"
        return "a"
def outer(number=1):
    @str
    def inner():
        return 1
    def second(): return 3
    def third():
        try:
            return {}["x"]
        except KeyError:
            return second()
    match number:
        case 1:
            return third()
        case _:
            return 0
'''
    ran: list[int] = []
    module = ModuleType("reached")
    vars(module)["at"] = ran.append
    monkeypatch.setitem(sys.modules, "reached", module)
    lines = text.splitlines()

    def runs(part: str) -> tuple[bool, object]:
        """Return whether a line that begins so runs, and what is returned."""
        (line,) = (number for number, each in enumerate(lines, 1) if each.strip().startswith(part))
        space: dict[str, Any] = {}
        ran.clear()
        exec(compile(reaching.marked(text, {line: 7}), "marked", "exec"), space)
        assert ran == [], "of what runs at import no test is told"
        responses = (space["Kind"]().method(), space["outer"]())
        return 7 in ran, responses

    for part in ("for each", "if each", 'return "b"', "elif each", "def outer", "def method", "return {}"):
        assert runs(part) == (True, ("b", 3)), part
    for part in ("return second", "match number", "return third", "def second", "def third"):
        assert runs(part) == (True, ("b", 3)), part
    for part in ('return "c"', 'return "a"', "return 0", "return 1", "limit"):
        assert runs(part) == (False, ("b", 3)), part


def test_who_runs_what_is_read_of_what_was_written(reaching: ModuleType) -> None:
    """The quickest first; of a fixture and of a program all tests of the file; none that fails anyway."""
    places = [("a.py", 1), ("a.py", 2), ("b.py", 3)]
    lines = [
        "0\t\ttests/test_a.py::test_slow (call)",
        "0\t\ttests/test_a.py::test_quick[with a space] (call)",
        "0\t\ttests/test_a.py::test_red (call)",
        "1\t\ttests/test_b.py::test_first (setup)",
        "2\tprogram\ttests/test_b.py::test_first (call)",
        "0\t\ttest_app.py::test_that_a_test_runs (call)",
        "1\t\t",
        "2\tprogram\t",
        "\tpassed 2.5\ttests/test_a.py::test_slow",
        "\tpassed 0.1\ttests/test_a.py::test_quick[with a space]",
        "\tfailed 0.1\ttests/test_a.py::test_red",
        "\tpassed 1.0\ttests/test_b.py::test_first",
        "\tpassed 0.5\ttests/test_b.py::test_second",
    ]

    reach = reaching.read(lines, places)

    assert reach.of(places[0]) == ["tests/test_a.py::test_quick[with a space]", "tests/test_a.py::test_slow"]
    both = ["tests/test_b.py::test_second", "tests/test_b.py::test_first"]
    assert reach.of(places[1]) == reach.of(places[2]) == both
    assert reach.of(("c.py", 1)) == []
    assert reach.early == {("a.py", 2)}


def test_what_a_test_has_pytest_run_is_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its inner tests are none that could be chosen."""
    reached, log = loaded("reached", "reached_of_a_test"), tmp_path / "reached.tsv"
    monkeypatch.setenv("MUTATION_REACHED", str(log))
    reached.pytest_runtest_logstart("tests/test_a.py::test_plugin")
    for number, test in enumerate(
        ["tests/test_a.py::test_plugin (setup)", "test_app.py::test_it (call)", ""]
    ):
        monkeypatch.setenv("PYTEST_CURRENT_TEST", test)
        reached.at(number)
    assert log.read_text(encoding="utf-8").splitlines() == [
        "0\t\ttests/test_a.py::test_plugin (setup)",
        "1\t\ttests/test_a.py::test_plugin (call)",
        "2\t\t",
    ]
