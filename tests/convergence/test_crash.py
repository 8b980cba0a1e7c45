"""Killed at any call, with the answer lost or not: the next apply ends where the first would have, and
nothing is there twice.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from entra_config.graph import batch
from tests.convergence.before_and_after import AFTER, BEFORE
from tests.convergence.kills import crash_everywhere, worked_example
from tests.convergence.tenant import load


@pytest.mark.parametrize("phase", ["before", "after"])
def test_the_worked_example_survives_a_kill_at_any_call(phase: str) -> None:
    """From an empty tenant, in batches."""
    assert crash_everywhere(None, worked_example(), phase) >= 6


@pytest.mark.parametrize("phase", ["before", "after"])
def test_a_change_of_everything_survives_a_kill_at_any_call(phase: str, tmp_path: Path) -> None:
    """Adds, edits and removals of every kind, in batches."""
    assert crash_everywhere(load(tmp_path / "a", BEFORE), load(tmp_path / "b", AFTER), phase) >= 8


@pytest.mark.faults
@pytest.mark.parametrize("phase", ["before", "after"])
@pytest.mark.parametrize("change", [False, True])
def test_a_kill_between_any_two_requests_is_survived(
    phase: str, change: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same, each request a call of its own: a batch may be cut anywhere."""
    monkeypatch.setattr(batch, "LIMIT", 1)
    if change:
        assert crash_everywhere(load(tmp_path / "a", BEFORE), load(tmp_path / "b", AFTER), phase) > 60
    else:
        assert crash_everywhere(None, worked_example(), phase) > 30
