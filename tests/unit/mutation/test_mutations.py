"""What counts as a small mistake: each one a change of one place that still compiles."""

from __future__ import annotations

import ast
from types import ModuleType

from tests.unit.mutation.loading import TOOL

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
