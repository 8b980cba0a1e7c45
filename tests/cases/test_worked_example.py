"""The worked example from empty to destroyed: one environment, two side by side, two in two tenants."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path
from typing import Any

from entra_config.manifest import loader
from entra_config.manifest.environments import lock as lock_file
from entra_config.manifest.model import Manifest
from entra_config.pinning import live
from entra_config.plan.model import Create, Delete, Plan
from entra_emulator import seed
from entra_emulator.embedded import Embedded
from tests.cases.plan_lines import lines
from tests.world import apply, plan, signed_in

MANIFESTS = Path(__file__).parents[2] / "manifests"


async def converge(
    embedded: Embedded, manifest: Manifest, *, allow: frozenset[str] = frozenset(), destroy: bool = False
) -> Plan:
    """Plan, apply as the environment's writer, and find the second plan empty; return the first one."""
    writer = embedded.app_caller(seed.WRITERS[manifest.environment][0])
    first = await plan(embedded, manifest, caller=writer, allow=allow, destroy=destroy)
    assert not first.blocked, first.refusals
    outcome = await apply(embedded, first, caller=writer)
    assert (outcome.failed, outcome.not_attempted) == ((), ())
    second = await plan(embedded, manifest, caller=writer, allow=allow, destroy=destroy)
    assert not second.withheld
    assert lines(second) == []
    assert second.steps == ()
    return first


def picture(embedded: Embedded, tenant: str = seed.CONTOSO) -> dict[str, list[Any]]:
    """Return everything that lives in a tenant: each table's rows, and who owns what is alive."""
    here = embedded.directory.tenants[tenant]
    found: dict[str, list[Any]] = {
        name: sorted(table, key=lambda row: str(row["id"]))
        for name, table in here.tables.items()
        if name != "deletedItems"
    }
    alive = {row["id"] for rows in found.values() for row in rows}
    # What hangs on a deleted application is kept for a restore.
    credentials = found["federatedIdentityCredentials"]
    found["federatedIdentityCredentials"] = [row for row in credentials if row["_application"] in alive]
    found["owners"] = sorted(item for item in here.owners.dump().items() if item[0] in alive)
    return found


async def drift_by_hand(embedded: Embedded) -> None:
    """Do the five things that people do."""
    async with embedded.client() as client:
        api = (await client.get("/applications(uniqueName='myapp.dev.api')")).json()
        spa = (await client.get("/applications(uniqueName='myapp.dev.spa')")).json()
        nightly = (await client.get("/applications(uniqueName='myapp.dev.nightly')")).json()
        principal = (await client.get(f"/servicePrincipals(appId='{api['appId']}')")).json()
        held = (await client.get(f"/servicePrincipals/{principal['id']}/appRoleAssignedTo")).json()["value"]
        bob = (await client.get("/users/bob@contoso.com")).json()
        reader = next(entry for entry in held if entry["principalDisplayName"] == "All Staff")
        admin = next(role["id"] for role in api["appRoles"] if role["value"] == "Admin")
        uris = [*spa["spa"]["redirectUris"], "https://evil.example.com/"]
        assignment = {"principalId": bob["id"], "resourceId": principal["id"], "appRoleId": admin}
        subject = {"subject": "repo:example/fork:environment:dev"}
        for response in (
            await client.patch(f"/applications/{spa['id']}", json={"spa": {"redirectUris": uris}}),
            await client.patch(
                f"/servicePrincipals/{principal['id']}", json={"appRoleAssignmentRequired": False}
            ),
            await client.post(f"/servicePrincipals/{principal['id']}/appRoleAssignedTo", json=assignment),
            await client.delete(f"/servicePrincipals/{principal['id']}/appRoleAssignedTo/{reader['id']}"),
            await client.patch(
                f"/applications/{nightly['id']}/federatedIdentityCredentials/github", json=subject
            ),
        ):
            assert response.is_success, response.text


def test_from_empty_to_destroyed() -> None:
    """All to add, then nothing; five drifts are named exactly and repaired; destroy leaves all else as it
    was.
    """

    async def story() -> None:
        embedded = Embedded.create(seed="worked example")
        manifest = loader.load(MANIFESTS, "dev")
        empty = picture(embedded)
        first = await converge(embedded, manifest)
        assert {type(change) for change in first.changes} == {Create}
        await drift_by_hand(embedded)
        repaired = await converge(embedded, manifest)
        assert lines(repaired) == [
            "~ enterpriseApplication.api",
            "    appRoleAssignmentRequired: False → True",
            "- appRoleAssignment.api/Admin/user:761767bb-5a77-4d08-badc-a55d84835f73",
            "+ appRoleAssignment.api/Reader/group:b0e6004a-3a63-464c-af5c-c952530bdaa5",
            "~ application.spa",
            "    spa.redirectUris - https://evil.example.com/",
            "~ federatedCredential.nightly/github",
            "    subject: 'repo:example/fork:environment:dev' → 'repo:example/myapp:environment:dev'",
        ]
        gone = await converge(embedded, manifest, destroy=True)
        assert {type(change) for change in gone.changes} == {Delete}
        assert picture(embedded) == empty

    asyncio.run(story())


def test_two_environments_in_one_tenant() -> None:
    """Both, dev and prod stand side by side: neither plan sees the other, and destroying one leaves the
    other.
    """

    async def story() -> None:
        embedded = Embedded.create(seed="side by side")
        dev, prod = (loader.load(MANIFESTS, name) for name in ("dev", "prod"))
        await converge(embedded, dev)
        alone = picture(embedded)
        await converge(embedded, prod)
        assert lines(await plan(embedded, dev)) == []
        blocked = await plan(embedded, prod, destroy=True)
        assert {refusal.word for refusal in blocked.refusals} == {"delete"}
        await converge(embedded, prod, destroy=True, allow=frozenset({"delete"}))
        assert picture(embedded) == alone

    asyncio.run(story())


def test_two_environments_in_two_tenants(tmp_path: Path) -> None:
    """Here prod is in a tenant of its own: the names mean other objects there, which its lock pins."""

    async def story() -> None:
        folder = tmp_path / "manifests"
        shutil.copytree(MANIFESTS, folder)
        for path in folder.rglob("*.yaml"):
            text = path.read_text("utf-8")
            head, prod, tail = text.partition("  prod:\n")
            text = head + prod + tail.replace(seed.CONTOSO, seed.FABRIKAM) if prod else text
            path.write_text(text.replace("users: [alice@contoso.com]", "users: []"), "utf-8")
        (folder / "entra-config.prod.lock.yaml").unlink()
        embedded = Embedded.create(seed="apart")
        prod = loader.load(folder, "prod")
        caller = embedded.app_caller(tenant_id=seed.FABRIKAM)
        assert (await plan(embedded, prod, caller=caller)).blocked
        async with await signed_in(embedded, caller) as graph:
            pins, *_ = await live.pins(prod, graph)
        loader.lock_path(folder, "prod").write_text(lock_file.write(pins, "prod"), "utf-8")
        pinned = loader.load(folder, "prod")
        first = await plan(embedded, pinned, caller=caller)
        assert not first.refusals
        outcome = await apply(embedded, first, caller=caller)
        assert outcome.failed == ()
        await converge(embedded, loader.load(folder, "dev"))
        assert lines(await plan(embedded, pinned, caller=caller)) == []

    asyncio.run(story())
