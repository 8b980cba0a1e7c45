"""What a change of the lock file means in words that tenants share."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from entra_config.drift.edits import _shared
from entra_config.manifest.edits import Edits
from entra_config.manifest.guards import Guard

OBJECT = "lock file: a name is pinned to another object than before"
APPLICATION = "lock file: an application is pinned to another one than before"
TRUSTED = "lock file: owners or credentials of an application are accepted"
REJECTED = "lock file: an application that was rejected is rejected no more"


def name(before: str | None, after: str) -> Any:
    """Return a name that is pinned, or was to another object."""
    was = None if before is None else SimpleNamespace(id=before)
    return SimpleNamespace(before=was, after=SimpleNamespace(id=after))


def application(
    was: str, now: str, *, old: frozenset[str] = frozenset(), new: frozenset[str] = frozenset()
) -> Any:
    """Return an application that is pinned, and whom of it the lock file trusts."""
    before, after = (SimpleNamespace(app_id=id_, trusted=who) for id_, who in ((was, old), (now, new)))
    return SimpleNamespace(before=before, after=after)


ANN, BOB = frozenset({"ann"}), frozenset({"bob"})


@pytest.mark.parametrize(
    ("edits", "words"),
    [
        (Edits(), []),
        (Edits(names=(name(None, "1"),)), []),
        (Edits(names=(name("1", "1"),)), []),
        (Edits(names=(name("1", "1"), name("1", "2"))), [OBJECT]),
        (Edits(applications=(application("", "1"),)), []),
        (Edits(applications=(application("1", "1", old=ANN, new=ANN),)), []),
        (Edits(applications=(application("1", "2"),)), [APPLICATION]),
        (Edits(applications=(application("1", "1", old=ANN | BOB, new=ANN),)), []),
        (
            Edits(applications=(application("1", "1"), application("1", "1", old=ANN, new=ANN | BOB))),
            [TRUSTED],
        ),
        (Edits(candidates=("1",)), [REJECTED]),
        (
            Edits(names=(name("1", "2"),), applications=(application("1", "2", new=ANN),), candidates=("1",)),
            [OBJECT, APPLICATION, TRUSTED, REJECTED],
        ),
    ],
)
def test_a_pin_that_leads_elsewhere_is_a_guard(edits: Edits, words: list[str]) -> None:
    """New pins and those that go are no matter of a fleet; whatever else was told stays."""
    known = Guard("policy: something is lowered")
    found = _shared(Edits((known,), edits.names, edits.applications, edits.candidates, gone=3))
    assert found == Edits((known, *(Guard(text) for text in words)))
