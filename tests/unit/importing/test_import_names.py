"""By which names an import writes workloads, consents and holders."""

from __future__ import annotations

import asyncio

import yaml

from entra_config.importing.manifest import Written
from entra_config.plan.model import Plan
from tests.unit.importing.importer import EVERYTHING, Ground, assert_marks_only
from tests.unit.importing.legacy_access import consents_at_ours, holders_beside_who_left, holders_of_others
from tests.unit.importing.legacy_registrations import WORKLOADS, every_workload
from tests.unit.importing.registrations import guid


def test_workloads_are_written_by_the_names_that_they_have(ground: Ground) -> None:
    """Where a form makes just that; what none makes is written out."""

    async def tell() -> None:
        await every_workload(ground)
        await ground.imported(EVERYTHING)

    asyncio.run(tell())
    ((_, entry),) = yaml.safe_load(ground.text("applications/every-workload.yaml"))["applications"].items()
    assert entry["federatedCredentials"] == {name: written for name, (_, _, written) in WORKLOADS.items()}


def test_what_is_held_at_ours_is_written_by_name(ground: Ground) -> None:
    """Consents that nobody asks for are listed, what no name says is told and stays, and others' holders
    are acknowledged.
    """

    async def tell() -> Written:
        await consents_at_ours(ground)
        await holders_of_others(ground)
        await holders_beside_who_left(ground)
        await ground.imported(EVERYTHING)
        await ground.applied()
        assert ground.written is not None
        return ground.written

    written = asyncio.run(tell())
    entry = yaml.safe_load(ground.text("applications/client-that-asks-for-nothing.yaml"))["applications"]
    (client,) = entry.values()
    assert client["apiPermissions"] == {
        "api": {"adminConsent": {"delegated": ["openid", "u.read"], "application": ["Job"]}}
    }
    assert client["ignoreChanges"] == ["apiPermissions"]
    (left,) = written.left_alone["client-that-asks-for-nothing"]
    words = (
        "the consent to gone.scope of api",
        f"the role {guid('role Person')} of api",
        f"the role {guid('role Gone')} of api",
    )
    assert all(each in left for each in words)
    assert "holders or roles that are gone" in written.left_alone["holders-who-left"][0]
    environment = yaml.safe_load(ground.text("entra-config.yaml"))["environments"]["prod"]
    assert [each["id"] for each in environment["acknowledged"]["held-by-others"]] == [
        guid("app 0"),
        guid("app 1"),
    ]
    grants = ground.embedded.directory.default.oauth2_permission_grants
    assert " u.read openid gone.scope" in {row["scope"] for row in grants}


def test_applications_of_others_that_hold_a_role_are_listed_by_name_or_by_id(ground: Ground) -> None:
    """A name that means one of ours, or that nobody can read, is left to the id; who holds a scope only is
    acknowledged.
    """

    async def tell() -> Plan:
        await holders_of_others(ground)
        return await ground.imported(EVERYTHING)

    assert_marks_only(asyncio.run(tell()))
    held = yaml.safe_load(ground.text("access.yaml"))["appRoleAssignments"]["held-by-others"]
    assert held == {"Job": {"servicePrincipals": [guid("partner 1"), "Partner"]}}
    pins = yaml.safe_load(ground.text("entra-config.prod.lock.yaml"))
    assert pins["servicePrincipals"] == {"Partner": guid("partner 0")}
    (entry, _) = yaml.safe_load(ground.text("entra-config.yaml"))["environments"]["prod"]["acknowledged"][
        "held-by-others"
    ]
    assert "application" not in entry
    assert entry["delegated"] == ["h.read", "old"]
