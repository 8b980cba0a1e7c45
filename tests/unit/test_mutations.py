"""`make mutants`: what counts as a small mistake, each one a change of one place that still compiles."""

from __future__ import annotations

import ast
import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

TOOL = Path(__file__).parents[2] / "tools/mutation/mutations.py"
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


@pytest.fixture(scope="module")
def mutations() -> ModuleType:
    """Load the tool, which is no package."""
    spec = importlib.util.spec_from_file_location("mutations", TOOL)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["mutations"] = module
    spec.loader.exec_module(module)
    return module


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
