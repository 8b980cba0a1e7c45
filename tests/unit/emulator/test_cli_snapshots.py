"""What a snapshot's commands say: of each difference, of a file, and of an emulator that does not run."""

from __future__ import annotations

import pytest

from entra_emulator.cli import snapshots
from entra_emulator.snapshots.compare import DirectoryDifference, PropertyDifference


@pytest.mark.parametrize(
    ("difference", "line"),
    [
        (DirectoryDifference("t1", "users", "1", "added", "Ann"), "+ users: Ann"),
        (DirectoryDifference("t1", "users", "1", "removed", "Ann"), "- users: Ann"),
        (
            DirectoryDifference(
                "t1", "users", "1", "changed", "Ann",
                (PropertyDifference("jobTitle", None, "Boss"), PropertyDifference("x", [1], True)),
            ),
            "~ users: Ann: jobTitle None → 'Boss', x [1] → True",
        ),
    ],
)  # fmt: skip
def test_a_difference_is_a_line(difference: DirectoryDifference, line: str) -> None:
    """Its sign, where it stands, what it is called, and each property that differs."""
    assert snapshots._line(difference) == line


@pytest.mark.parametrize(
    ("length", "short"), [(58, f"'{'x' * 58}'"), (59, f"'{'x' * 58}…"), (300, f"'{'x' * 58}…")]
)
def test_a_long_value_is_cut(length: int, short: str) -> None:
    """At sixty characters, with the sign that says so."""
    assert snapshots._short("x" * length) == short
    assert len(short) == 60
