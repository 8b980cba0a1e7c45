"""A role more in all tenants, by a cluster on this machine: a larger fleet asks no tenant more."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fleet.scale import SMALL, tried


@pytest.mark.fleet
def test_a_role_comes_to_all_tenants_and_each_is_asked_as_much_as_in_a_small_fleet(tmp_path: Path) -> None:
    """Twenty applications in each: planned, approved, applied and planned again, each shard once.

    `make proof` does it with a hundred and a thousand; a tenant more takes 3 s of CPU.
    """
    small = tried(SMALL, tmp_path / "small", cluster=False)
    large = tried(20, tmp_path / "large")
    assert not small.wrong + large.wrong
    assert small.each == large.each
