"""A fleet among strangers, one of whose workers or shards is killed or frozen."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fleet.killed import tried
from tests.fleet.story import Size
from tests.seeds import sample


@pytest.mark.fleet
@pytest.mark.parametrize("number", sample("killed fleets", range(20), 1))
def test_all_others_converge_and_nothing_exists_twice(tmp_path: Path, number: int) -> None:
    """Tenants on several emulators; one is hostile, one throttled, one refuses sign-in, one lacks a group."""
    _, wrong = tried(number, tmp_path, Size(tenants=10, emulators=2, frozen=4.5))
    assert not wrong
