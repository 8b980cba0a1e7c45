"""Which leaves of two nested values differ."""

from __future__ import annotations

import pytest

from entra_config.plan.leaves import leaves
from entra_config.resource import Address, Ref

CLAIM = {"source": None, "essential": False, "name": "email"}


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (
            {"isEnabled": False, "allProperties": True},
            {"isEnabled": True, "allProperties": True},
            [("isEnabled", False, True)],
        ),
        ({"a": {"b": 1, "c": 2}}, {"a": {"b": 3}}, [("a.b", 1, 3)]),  # what is not asked for is no difference
        ({}, {"a": None, "b": 1}, [("b", None, 1)]),  # absent is null
        ({"a": False}, {"a": None}, [("a", False, None)]),
        (
            {"urls": ["x", "y"], "n": 1},
            {"urls": ["y", "x"], "n": 2},
            [("n", 1, 2)],
        ),  # Graph answers lists in any order
        ({"urls": ["x"]}, {"urls": ["y", "x"]}, [("urls", ["x"], ["y", "x"])]),
        ({"t": [CLAIM]}, {"t": []}, [("t.email", CLAIM, None)]),
        ({"t": [CLAIM]}, {"t": [{**CLAIM, "essential": True}]}, [("t.email.essential", False, True)]),
        (
            [{"id": "1", "n": 1}, {"id": "2", "n": 2}],
            [{"id": "2", "n": 3}, {"id": "1", "n": 1}],
            [("2.n", 2, 3)],
        ),
        ([1], [2], []),  # not nested: shown whole
        (None, {"a": 1}, []),
        ({"a": 1}, {"a": Ref(Address("application", "api"))}, []),
    ],
)
def test_leaves(before: object, after: object, expected: list[tuple[str, object, object]]) -> None:
    """A leaf is told by its path inside; lists are sets, and objects in a list are known by their name or
    id.
    """
    assert [(leaf.path, leaf.before, leaf.after) for leaf in leaves(before, after)] == expected
