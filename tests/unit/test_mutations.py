"""`make mutants`: what counts as a small mistake, each one a change of one place that still compiles; and
which tests meet it.
"""

from __future__ import annotations

import ast
import importlib.util
import sys
import time
from pathlib import Path
from types import ModuleType, SimpleNamespace
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


@pytest.fixture(autouse=True)
def _bare_pytest(monkeypatch: pytest.MonkeyPatch) -> None:
    """Load no plugin for the tests that are run here: that takes longest, and they need none."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")


@pytest.fixture(scope="module")
def mutations() -> ModuleType:
    """Load what makes mistakes."""
    return loaded("mutations")


@pytest.fixture(scope="module")
def reaching() -> ModuleType:
    """Load what finds the tests that run a statement."""
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


def test_what_hangs_ends_with_all_that_it_started(
    mutations: ModuleType, reaching: ModuleType, tmp_path: Path
) -> None:
    """A mistake that makes tests wait for ever is noticed as that, and leaves no program behind."""
    for name in ("drawing", "forks"):
        loaded(name)
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


ALONE = """\
import kept
def test_true():
    assert kept.NUMBER
def test_one():
    assert kept.NUMBER == 1
def test_red():
    assert not kept.NUMBER
"""


@pytest.mark.parametrize(
    ("text", "tests", "by"),
    [
        ("NUMBER = 2", ("red", "one"), "test_it.py::test_one"),
        ("NUMBER = 2", ("red", "true"), ""),
        ("NUMBER = (", ("true",), "test_it.py"),
    ],
)
def test_a_mistake_meets_tests_in_a_process_of_its_own(
    reaching: ModuleType, tmp_path: Path, text: str, tests: tuple[str, ...], by: str
) -> None:
    """What fails without it too is not its doing; what cannot be imported is."""
    tool = alone(tmp_path)
    mistake = SimpleNamespace(path="kept.py", where="kept.py:1", mutation=SimpleNamespace(text=text))
    chosen = [f"test_it.py::test_{name}" for name in tests]
    assert tool._alone(mistake, tmp_path, reaching.Reach({}), chosen) == by
    assert (tmp_path / "kept.py").read_text(encoding="utf-8") == "NUMBER = 1\n"


@pytest.mark.parametrize(("without", "by"), [(False, "a hang: nothing within 1 s"), (True, "")])
def test_what_hangs_without_a_mistake_too_is_none_that_notices(
    reaching: ModuleType,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    without: bool,
    by: str,
) -> None:
    """In a fork, where a process of its own tells then; and in that, which waits twice as long once."""
    tool = alone(tmp_path)
    monkeypatch.setattr(tool, "_limit", lambda *_: 1.0)
    mistake = SimpleNamespace(path="kept.py", where="kept.py:1", mutation=SimpleNamespace(text="NUMBER = 2"))
    limits = []

    def hangs(*known: Any, **named: str) -> SimpleNamespace:
        limits.append(known[-1])
        return SimpleNamespace(hangs=without or bool(named), failed="")

    forks = SimpleNamespace(verdict=hangs)
    copy = SimpleNamespace(folder=tmp_path, forks=forks)
    assert tool._forked(mistake, copy, reaching.Reach({}), ["test_it.py::test_one"]) == (by, bool(by))
    assert limits == [1.0, 1.0]

    def failure(_: Any, copy: Path, __: Any, limit: float) -> str:
        limits.append(limit)
        mutated = (copy / "kept.py").read_text(encoding="utf-8") == "NUMBER = 2"
        return f"{tool.HANGS} {limit:.0f} s" if without or mutated else ""

    monkeypatch.setattr(tool, "_failure", failure)
    assert tool._alone(mistake, tmp_path, reaching.Reach({}), ["test_it.py::test_one"]) == by
    assert limits[2:] == ([1.0, 1.0, 2.0, 2.0] if without else [1.0, 1.0])


def test_what_is_no_test_ends_the_run(reaching: ModuleType, tmp_path: Path) -> None:
    """Rather than being tried for ever, or being taken for a test that notices."""
    tool = alone(tmp_path)
    mistake = SimpleNamespace(path="kept.py", where="kept.py:1", mutation=SimpleNamespace(text="NUMBER = 2"))
    with pytest.raises(RuntimeError, match=r"test_app\.py::test_it"):
        tool._alone(mistake, tmp_path, reaching.Reach({}), ["test_app.py::test_it", "test_it.py::test_one"])


def alone(folder: Path) -> ModuleType:
    """Write a module and its tests; return what has them meet mistakes."""
    for name in ("drawing", "forks"):
        loaded(name)
    (folder / "kept.py").write_text("NUMBER = 1\n", encoding="utf-8")
    (folder / "test_it.py").write_text(ALONE, encoding="utf-8")
    (folder / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
    return loaded("__main__", "mutation_main")


TESTED = """\
from kept import answer
import limits
NOW = limits.limit()
def test_a_program_reads_the_file():
    assert "return 1" in open("limits.py").read()
def test_waits():
    while answer() == 0:
        pass
def test_answer():
    assert answer() == 1
def test_now():
    assert NOW == 3
def test_late():
    import late
    assert late.LATE == 1
"""


def test_a_mistake_meets_tests_in_a_fork_wherever_its_function_went(tmp_path: Path) -> None:
    """Imported by name or not, without a new collection, and nothing of it is left for the next; what hangs
    ends; a mistake outside of functions, and one whose function ran before, are said.
    """
    responses = "def answer():\n    return 1\n"
    limits = f"{responses}LIMIT = 3\ndef limit():\n    return LIMIT\n"
    (tmp_path / "limits.py").write_text(limits, encoding="utf-8")
    (tmp_path / "kept.py").write_text("from limits import answer\n", encoding="utf-8")
    (tmp_path / "late.py").write_text("LATE = 1\n", encoding="utf-8")
    (tmp_path / "test_it.py").write_text(TESTED, encoding="utf-8")
    (tmp_path / "conftest.py").write_text(
        "import gc\ndef pytest_collection_finish():\n    gc.freeze()\n", encoding="utf-8"
    )
    (tmp_path / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
    forks = loaded("forks").Forks(tmp_path, ["test_it.py", "--rootdir", str(tmp_path)])
    tests = [f"test_it.py::test_{name}" for name in ("waits", "answer", "now")]

    def verdict(text: str, limit: float = 120.0) -> tuple[str, bool, bool]:
        found = forks.verdict(tests, set(), limit, path="limits.py" if text else "", text=text)
        return found.failed, found.placed, found.hangs

    try:
        assert verdict("") == ("", True, False)
        assert verdict(limits.replace("return 1", "return 2")) == (tests[1], True, False)
        assert verdict("") == ("", True, False)
        assert verdict(limits.replace("return 1", "return 0"), 3.0) == ("", True, True)
        assert verdict(limits.replace("LIMIT = 3", "LIMIT = 4")) == ("", False, False)
        assert verdict(limits.replace("return LIMIT", "return 9")) == ("", True, False), "it ran at import"
        assert forks.verdict(tests, {tests[1]}, 120.0, path="limits.py", text=limits.replace("1", "2")).placed
        (tmp_path / "late.py").write_text("LATE = 2\n", encoding="utf-8")
        found = forks.verdict(["test_it.py::test_late"], (), 120.0, path="late.py", text="LATE = 2\n")
        assert (found.failed, found.placed) == ("test_it.py::test_late", True), "imported by the test itself"
        assert forks.verdict(["test_it.py::test_nowhere"], (), 120.0).failed == ""
    finally:
        forks.close()


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
