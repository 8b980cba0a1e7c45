"""`import --check`: the manifest is applied where nothing of it exists, and gives what import read."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Any

import pytest

from entra_config.cli.import_ import loadable
from entra_config.cli.wiring import now
from entra_config.importing import tenant
from entra_config.importing.manifest import ImportTarget, Written
from entra_config.importing.tenant import Export
from entra_config.manifest import loader
from entra_config.testing import reimport
from entra_config.testing.reimport import Compared
from entra_emulator import seed
from tests.unit.importing.importer import EVERYTHING, Ground
from tests.unit.importing.registrations import REGISTRATIONS, guid, role, scope


async def read(ground: Ground) -> tuple[Export, Written, datetime]:
    """Import everything."""
    async with await ground.graph() as graph:
        export = await tenant.read(graph, EVERYTHING, signed_in=seed.DEPLOYER_APP_ID)
        target = ImportTarget("imported", "prod", graph.tenant_id)
        written = loadable(export, target, ground.folder)
    gone = {str(each.application["appId"]) for each in export.registrations} - written.keys.keys()
    return tenant.without(export, gone), written, now()


async def check(ground: Ground) -> Compared:
    """Import everything, and compare it."""
    export, written, time = await read(ground)
    return await reimport.compare(export, written, loader.load(ground.folder, "prod"), time)


def test_registrations_of_all_kinds_are_equal(ground: Ground) -> None:
    """Thirty, of which some have no service principal."""

    async def story() -> Compared:
        for number, body in enumerate(REGISTRATIONS):
            app = await ground.register(body)
            if number % 5:
                await ground.post("/servicePrincipals", {"appId": app["appId"]})
        return await check(ground)

    compared = asyncio.run(story())

    assert compared.different == ()
    assert compared.equal > 2 * len(REGISTRATIONS)


def test_ids_holders_and_consents_are_compared(ground: Ground) -> None:
    """Scopes and roles keep their ids; who holds a role and what is consented is the same."""

    async def story() -> tuple[Compared, Compared]:
        offered = {
            "api": {"oauth2PermissionScopes": [scope("a.read")]},
            "appRoles": [role("Reader", "User", "Application")],
        }
        api = await ground.post("/applications", {"displayName": "The API", **offered})
        principal = await ground.post("/servicePrincipals", {"appId": api["appId"]})
        wanted = [{"id": guid("a.read"), "type": "Scope"}]
        asked = {"requiredResourceAccess": [{"resourceAppId": api["appId"], "resourceAccess": wanted}]}
        client = await ground.post("/applications", {"displayName": "Client", **asked})
        own = await ground.post("/servicePrincipals", {"appId": client["appId"]})
        other = await ground.post(
            "/applications", {"displayName": "Night", "tags": ["entra-config:owner=a/b"]}
        )
        night = await ground.post("/servicePrincipals", {"appId": other["appId"]})
        group = seed.fixed_id(seed.CONTOSO, "group", "On call")
        for holder in (group, own["id"], night["id"]):
            body = {"principalId": holder, "resourceId": principal["id"], "appRoleId": guid("role Reader")}
            await ground.post(f"/servicePrincipals/{principal['id']}/appRoleAssignedTo", body)
        ends = {"clientId": own["id"], "resourceId": principal["id"]}
        grant = {**ends, "consentType": "AllPrincipals", "scope": "a.read"}
        await ground.post("/oauth2PermissionGrants", grant)
        first = await check(ground)
        file = ground.folder / "applications/client.yaml"
        file.write_text(file.read_text(encoding="utf-8").replace("delegated: true", "delegated: []"))
        access = ground.folder / "access.yaml"
        access.write_text(access.read_text(encoding="utf-8").replace("On call", "Audit"))
        export, written, time = await read_only(ground)
        manifest = loader.load(ground.folder, "prod")
        return first, await reimport.compare(export, written, manifest, time)

    async def read_only(ground: Ground) -> tuple[Export, Written, datetime]:
        texts: dict[Any, str] = {p: p.read_text(encoding="utf-8") for p in ground.folder.rglob("*.yaml")}
        found = await read(ground)
        for path, text in texts.items():
            path.write_text(text, encoding="utf-8")
        return found

    first, second = asyncio.run(story())

    assert first.different == ()
    assert "client: oauth2PermissionGrants" in second.different
    assert "the-api: appRoleAssignedTo" in second.different


@pytest.mark.parametrize("left_out", ['notes: "Text"', 'tags: ["a"]'])
def test_a_loss_is_found(ground: Ground, left_out: str) -> None:
    """Of a manifest that lacks what import read."""

    async def story() -> Compared:
        await ground.register({"displayName": "Web", "notes": "Text", "tags": ["a"]})
        export, written, time = await read(ground)
        file = ground.folder / "applications/web.yaml"
        text = file.read_text(encoding="utf-8")
        assert left_out in text
        file.write_text(text.replace(f"    {left_out}\n", ""), encoding="utf-8")
        return await reimport.compare(export, written, loader.load(ground.folder, "prod"), time)

    assert asyncio.run(story()).different == (f"web: {left_out.partition(':')[0]}",)
