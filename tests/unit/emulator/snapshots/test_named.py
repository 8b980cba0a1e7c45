"""Snapshots by name: what was there before the last change, when each was taken, and which are compared."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from entra_emulator import seed
from entra_emulator.clock import ManualClock
from entra_emulator.directory import Tenants
from entra_emulator.snapshots import requests
from entra_emulator.snapshots.named import (
    BEGINNING,
    LAST,
    NOW,
    KeptDirectory,
    SnapshotError,
    Snapshots,
)

START = datetime(2026, 1, 1, tzinfo=UTC)


def initial() -> Tenants:
    """Make a directory that is always the same."""
    return seed.contoso(seed="named", clock=ManualClock())


def started() -> tuple[Tenants, ManualClock, Snapshots]:
    """Give a directory with its clock and its snapshots."""
    directory = initial()
    clock = directory.clock
    assert isinstance(clock, ManualClock)
    return directory, clock, Snapshots(directory, initial)


def test_what_is_taken_says_when() -> None:
    """As does now; of the beginning nobody knows, and of what is not there nothing."""
    _, clock, snapshots = started()
    clock.advance(60)
    taken = snapshots.save("a")
    clock.advance(60)
    assert snapshots.kept() == [taken]
    assert (taken.name, taken.taken) == ("a", START + timedelta(minutes=1))
    assert snapshots.taken("a") == taken.taken
    assert snapshots.taken(NOW) == START + timedelta(minutes=2)
    assert snapshots.taken(BEGINNING) is None
    with pytest.raises(SnapshotError, match="there is beginning, a, now"):
        snapshots.taken("b")


def test_what_was_there_before_the_last_change() -> None:
    """It is noted, kept once the change was made, gone back to, and forgotten; no name of the list."""
    directory, clock, snapshots = started()
    assert snapshots.last is None
    with pytest.raises(SnapshotError, match="no snapshot 'before the last change'"):
        snapshots.restore(LAST)
    clock.advance(5)
    before = snapshots.note()
    assert (before.name, before.taken) == (LAST, START + timedelta(seconds=5))
    assert snapshots.last is None
    user = next(iter(directory.default.users))
    directory.default.users.remove(user["id"])
    snapshots.changed(before)
    assert snapshots.last is before
    assert snapshots.kept() == []
    assert [(each.place, each.id) for each in snapshots.differences(LAST)] == [("users", user["id"])]
    assert snapshots.directory(LAST) is before.directory
    snapshots.restore(LAST)
    assert user["id"] in directory.default.users
    snapshots.drop(LAST)
    snapshots.drop(LAST)
    assert snapshots.last is None


def test_back_to_the_beginning() -> None:
    """It is what a reset goes back to; no snapshot of this name can be dropped."""
    directory, _, snapshots = started()
    before = directory.dump()
    directory.default.users.remove(next(iter(directory.default.users))["id"])
    assert snapshots.directory(NOW) is directory
    snapshots.restore(BEGINNING)
    assert directory.dump() == before == snapshots.directory(BEGINNING).dump()
    with pytest.raises(SnapshotError, match="there is no snapshot 'beginning'"):
        snapshots.drop(BEGINNING)


def test_a_directory_that_came_in_a_file() -> None:
    """Is kept as it is, and what is gone back to is its own copy."""
    directory, _, snapshots = started()
    other = Tenants(clock=directory.clock)
    other.tenants, other.default_id = directory.fork().tenants, seed.FABRIKAM
    kept = snapshots.keep("x" * 64, other)
    assert kept == KeptDirectory("x" * 64, START, other)
    snapshots.restore("x" * 64)
    assert directory.default_id == seed.FABRIKAM
    assert directory.default is not other.default


@pytest.mark.parametrize(
    ("query", "since", "until"),
    [
        ("since=now", "now", "now"),
        ("since=beginning&until=a", "beginning", "a"),
        ("since=a&since=now&until=a&until=beginning", "now", "beginning"),
    ],
)
def test_which_snapshots_a_query_compares(query: str, since: str, until: str) -> None:
    """Without a second one with now; of a name twice the last."""
    _, _, snapshots = started()
    snapshots.save("a")
    assert requests.compared(snapshots, query) == {"since": since, "until": until, "value": []}


@pytest.mark.parametrize("query", ["since=", "since=now&until="])
def test_an_empty_name_is_none(query: str) -> None:
    """It is not the same as no name."""
    _, _, snapshots = started()
    with pytest.raises(SnapshotError, match="there is no snapshot ''"):
        requests.compared(snapshots, query)
