"""What a row of a snapshot takes of a value that Graph completes."""

from __future__ import annotations

from typing import Any

import pytest

from entra_emulator.snapshots.rows import _as_given


@pytest.mark.parametrize(
    ("given", "complete", "taken"),
    [
        ("x", "X", "X"),
        (None, [], []),
        ({"a": 1}, {"a": 1, "b": None}, {"a": 1, "b": None}),
        ({"a": 1}, {"a": 1, "origin": "Application"}, {"a": 1}),  # what Graph adds and rows go without
        ({"a": 1, "origin": None}, {"a": 1, "origin": "Application"}, {"a": 1, "origin": "Application"}),
        (
            [{"a": 1}, {"origin": "x"}],
            [{"a": 1, "origin": "y"}, {"origin": "x"}],
            [{"a": 1}, {"origin": "x"}],
        ),
        ({"a": {}}, {"a": {"b": 1, "origin": "y"}}, {"a": {"b": 1}}),
        ({}, {"a": {"b": 1, "origin": "y"}}, {"a": {"b": 1, "origin": "y"}}),
        ([1], {"a": 1}, {"a": 1}),
    ],
)
def test_a_completed_value_without_what_rows_go_without(given: Any, complete: Any, taken: Any) -> None:
    """At any depth; what was written is kept."""
    assert _as_given(given, complete) == taken
