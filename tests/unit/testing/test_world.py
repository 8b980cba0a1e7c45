"""Which application of others a name means in the world of access tests: the one whose id it says."""

from __future__ import annotations

from dataclasses import replace

import pytest

from entra_config.manifest.model import Manifest, Named, RoleAssignees
from entra_config.testing.world import _app_ids, _others
from entra_emulator import seed
from entra_emulator.embedded import Embedded
from tests.unit.plan.estates import manifest


def holding(*who: Named) -> Manifest:
    """Return a manifest in which these hold a role."""
    held = RoleAssignees("api", "Reader", service_principals=who)
    nobody = RoleAssignees("api", "Writer")
    return replace(manifest(), assignments={("api", "Reader"): held, ("api", "Writer"): nobody})


@pytest.mark.parametrize(
    ("id_", "expected"),
    [
        ("second", "app-2"),
        ("first", "app-1"),
        ("renamed", "app-3"),
        (None, "one of both"),
        ("gone", "one of both"),
    ],
)
def test_an_id_decides_and_else_the_name(id_: str | None, expected: str) -> None:
    """Where two have a name, or one has another name by now."""
    tenant = Embedded.create(seed="world").directory.tenants[seed.CONTOSO]
    for number, (id__, name) in enumerate((("first", "Twin"), ("second", "Twin"), ("renamed", "Other")), 1):
        tenant.service_principals.put({"id": id__, "appId": f"app-{number}", "displayName": name})

    found = _others(holding(Named("Twin", id_), Named("Nobody"), Named("Nobody", "gone")), tenant)
    assert found.keys() == {"Twin"}
    assert found["Twin"] in ({"app-1", "app-2"} if expected == "one of both" else {expected})


def test_ours_are_known_by_their_tags() -> None:
    """An application without one, or with the key of none of ours, is nobody's."""
    tenant = Embedded.create(seed="world").directory.tenants[seed.CONTOSO]
    for name, tags in (("a", ["x", "entra-config:key=api"]), ("b", []), ("c", ["entra-config:key=other"])):
        tenant.applications.put({"id": name, "appId": f"app-{name}", "displayName": name, "tags": tags})

    assert _app_ids(manifest(), tenant) == {"api": "app-a"}
