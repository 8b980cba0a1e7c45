"""Which files the workers of `make test` begin with."""

from __future__ import annotations

from pathlib import Path

from tests.conftest import LONG, rank

ROOT = Path(__file__).parents[2]


def test_long_files_come_first_and_the_rest_as_collected() -> None:
    """A folder's tests stay together, in their order."""
    collected = ["api/tests/test_a.py::b", "tests/unit/plan/test_p.py::a", "tests/e2e/test_e.py::b"]
    collected += ["tests/e2e/test_e.py::a", "tests/workflows/test_w.py::a", "options/bff/tests/test_o.py::a"]

    assert sorted(collected, key=rank) == [
        "tests/workflows/test_w.py::a",
        "tests/e2e/test_e.py::b",
        "tests/e2e/test_e.py::a",
        "api/tests/test_a.py::b",
        "tests/unit/plan/test_p.py::a",
        "options/bff/tests/test_o.py::a",
    ]


def test_each_folder_has_tests_and_the_workers_keep_the_order() -> None:
    """A folder that is renamed is renamed there too."""
    assert [folder for folder in LONG if not list((ROOT / folder).rglob("test_*.py"))] == []
    assert "--dist loadfile --no-loadscope-reorder" in (ROOT / "Makefile").read_text(encoding="utf-8")
