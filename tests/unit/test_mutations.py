"""`make mutants`: what counts as a small mistake, each one a change of one place that still compiles; and
which tests meet it.
"""

from __future__ import annotations

import ast
import importlib.util
import sys
import time
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

TOOL = Path(__file__).parents[2] / "tools/mutation"
TEXT = '''\
"""A module."""
LIMIT = 3

def first(items: list[int], *, last: bool = False) -> int | None:
    """Return the first that is large enough, or none."""
    for item in sorted(items):
        if not item:
            continue
        if item > LIMIT and (last or item in items):
            note(f"é {item + 1}")
            return item * 2 if last else item
    raise ValueError("none of 3")
'''


def loaded(name: str, called: str = "") -> ModuleType:
    """Load a module of the tool, which is no package."""
    spec = importlib.util.spec_from_file_location(called or name, TOOL / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[called or name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def mutations() -> ModuleType:
    """Load what makes mistakes."""
    return loaded("mutations")


@pytest.fixture(scope="module")
def reaching() -> ModuleType:
    """Load what finds the tests that run a function."""
    return loaded("reaching")


def test_each_mistake_is_one_change_that_compiles(mutations: ModuleType) -> None:
    """Comparisons, conditions, constants, loops, calls, answers; no docstring, annotation or message,
    nothing of the module.
    """
    found = {mutation.key for mutation in mutations.of(TEXT)}

    assert found >= {
        "first: sorted(items) → list(items)",
        "first: not item → (item)",
        "first: continue → break",
        "first: item > LIMIT → (item >= LIMIT)",
        "first: last or item in items → (last and item in items)",
        "first: item in items → (item not in items)",
        'first: note(f"é {item + 1}") → pass',
        "first: return item * 2 if last else item → return None",
        "first: item * 2 if last else item → (item if last else item * 2)",
        "first: 2 → 3",
        "first: False → True",
    }
    assert not any("none of" in key or "Return the first" in key or "LIMIT = " in key for key in found)
    for mutation in mutations.of(TEXT):
        ast.parse(mutation.text)
        assert mutation.text != TEXT
        assert [line for line in TEXT.splitlines() if line not in mutation.text.splitlines()] != []


def test_a_marked_function_says_that_it_runs_and_does_what_it_did(
    reaching: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Methods, functions within functions, those that begin with a decorated one, with a loop or after a
    docstring; not the others.
    """
    text = '''\
class Kind:
    def method(self):
        """Say it."""
        for each in "ab":
            return each
    def other(self):
        return "other"
def outer():
    @str
    def inner():
        return 1
    def second(): return 3
    def third():
        return second()
    return third()
'''
    ran: list[int] = []
    module = ModuleType("reached")
    vars(module)["at"] = ran.append
    monkeypatch.setitem(sys.modules, "reached", module)
    space: dict[str, Any] = {}
    names = {"Kind.method": 1, "outer": 2, "outer.third": 3, "outer.second": 4}

    exec(compile(reaching.marked(text, names), "marked", "exec"), space)

    assert (space["Kind"]().method(), space["Kind"]().other(), space["outer"]()) == ("a", "other", 3)
    assert ran == [1, 2, 3], "one that stands in one line has no room for it"


def test_who_runs_what_is_read_of_what_was_written(reaching: ModuleType) -> None:
    """The quickest first; of a fixture and of a program all tests of the file; none that fails anyway."""
    places = [("a.py", "one"), ("a.py", "two"), ("b.py", "three")]
    lines = [
        "0\t\ttests/test_a.py::test_slow (call)",
        "0\t\ttests/test_a.py::test_quick[with a space] (call)",
        "0\t\ttests/test_a.py::test_red (call)",
        "1\t\ttests/test_b.py::test_first (setup)",
        "2\tprogram\ttests/test_b.py::test_first (call)",
        "2\t\t",
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
    assert reach.of(("c.py", "nobody")) == []


def test_what_hangs_ends_with_all_that_it_started(
    mutations: ModuleType, reaching: ModuleType, tmp_path: Path
) -> None:
    """A mistake that makes tests wait for ever is noticed as that, and leaves no program behind."""
    tool = loaded("__main__", "mutation_main")
    (tmp_path / "test_waits.py").write_text(
        "import os, subprocess, sys, time\n"
        "def test_waits():\n"
        "    started = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\n"
        "    open('started', 'w').write(str(started.pid))\n"
        "    time.sleep(600)\n"
        "def test_passes():\n"
        "    pass\n"
        "def test_fails():\n"
        "    assert False\n",
        encoding="utf-8",
    )

    assert tool._failure(["test_waits.py::test_passes"], tmp_path, set(), 120.0) == ""
    assert tool._failure(["test_waits.py::test_fails"], tmp_path, set(), 120.0) == "test_waits.py::test_fails"
    limit, found = 4.0, ""
    while not (tmp_path / "started").exists():
        found = tool._failure(["test_waits.py::test_waits"], tmp_path, set(), limit)
        limit *= 2
    assert found.startswith(tool.HANGS)
    started = Path(f"/proc/{(tmp_path / 'started').read_text(encoding='utf-8')}")
    ends = time.monotonic() + 30
    while started.exists() and " Z " not in (started / "stat").read_text(encoding="utf-8"):
        assert time.monotonic() < ends, "it runs on"


def test_three_equivalent_mutations_are_the_most_each_with_its_reason() -> None:
    """What nobody could observe is an exception that somebody judged."""
    lines = (TOOL / "equivalent.txt").read_text(encoding="utf-8").splitlines()
    listed = [line for line in lines if line and not line.startswith("#")]

    assert len(listed) <= 3
    for line in listed:
        name, _, why = line.rpartition("  # ")
        assert (TOOL.parents[1] / name.split(" ")[0]).exists(), line
        assert " → " in name, line
        assert len(why.split()) > 3, line
