"""What proves which object is a key's, as a plan tells it to other code."""

from __future__ import annotations

from dataclasses import replace

import pytest

from entra_config.actual.found import Found
from entra_config.checks.objects import find_objects
from entra_config.claimants import Rank
from entra_config.kinds.directory import Directory, Live, Subject
from entra_config.plan.model import KeyObject, Proof, TenantInfo
from entra_config.states import NOTHING
from tests.unit.plan import estates

LIVE = Live(Subject("old", {"id": "o", "appId": "a"}, {"id": "s"}))


@pytest.mark.parametrize(
    ("rank", "pinned", "proof"),
    [
        (Rank.PIN, {"old": "a"}, "pin"),
        (Rank.PIN, {}, "manifest"),
        (Rank.MADE, {}, "creator"),
        (Rank.PROVEN, {}, "creator"),
        (Rank.MARKED, {}, "none"),
    ],
)
def test_a_key_is_proven_by_its_pin_or_its_creator(rank: Rank, pinned: dict[str, str], proof: Proof) -> None:
    """A pin counts only in the lock file; tags prove nothing; an API of others is no key."""
    others = Live(Subject("Microsoft Graph", None, {"id": "g"}, others=True))
    directory = Directory("https://graph", live={"old": LIVE, "Microsoft Graph": others})
    found = Found(TenantInfo("t", "Contoso"), directory, ranks={"old": rank})
    manifest = replace(estates.manifest(), applications={}, pinned=pinned)
    objects = find_objects(manifest, found, NOTHING, ())
    assert objects.keys == (KeyObject("old", "o", "a", "s", proof),)
    assert objects.principals == {"old": "s", "a": "s", "Microsoft Graph": "g"}
