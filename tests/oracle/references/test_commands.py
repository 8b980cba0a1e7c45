"""Each command that reads or edits references, over random manifests that name things in every field."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import seeds
from tests.oracle.references.trials import destroyed, locked, offboarded, relabelled, renamed, unassigned

pytestmark = pytest.mark.oracles

SEEDS = seeds.of("references")


@pytest.mark.parametrize("number", SEEDS)
def test_offboard_takes_a_person_out_wherever_and_however_she_is_named(number: int, tmp_path: Path) -> None:
    """Or it changes nothing, and says where an entry means somebody else too."""
    assert offboarded(number, tmp_path) == ""


@pytest.mark.parametrize("number", SEEDS)
def test_unassign_finds_a_holder_however_she_is_named(number: int, tmp_path: Path) -> None:
    """In each list of holders, by a variable, an id or an alias too, and changes nobody else."""
    assert unassigned(number, tmp_path) == ""


@pytest.mark.parametrize("number", SEEDS)
def test_a_rename_changes_every_mention_or_nothing(number: int, tmp_path: Path) -> None:
    """Keys of applications and labels of roles, in each field that can name them."""
    assert relabelled(number, tmp_path) == ""


@pytest.mark.parametrize("number", range(6))
def test_lock_keeps_a_valid_manifest_valid(number: int, tmp_path: Path) -> None:
    """However people are named, and it means the same afterwards."""
    assert locked(number, tmp_path) == ""


@pytest.mark.parametrize("number", range(6))
def test_destroy_leaves_nothing_behind_in_silence(number: int, tmp_path: Path) -> None:
    """What was created for a key is gone, or the exit code is 3; planted tags change nothing."""
    assert destroyed(number, tmp_path) == ""


@pytest.mark.parametrize("number", range(4))
def test_a_rename_moves_the_ownership_tags_whatever_is_ignored(number: int, tmp_path: Path) -> None:
    """The object stays the same, with its holders, and has the new key."""
    assert renamed(number, tmp_path) == ""
