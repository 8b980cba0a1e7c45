"""Mistakes meet tests: in a process of their own or in a fork, whatever hangs or is no test."""

from __future__ import annotations

import time
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from tests.unit.mutation.loading import loaded


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
        (tmp_path / "limits.py").write_text(limits.replace("return 1", "return 2"), encoding="utf-8")
        assert verdict("") == ("", True, False), "collected before"
        (tmp_path / "limits.py").write_text(limits, encoding="utf-8")
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
