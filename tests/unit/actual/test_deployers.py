"""Who deploys: pinned people and applications, and all members of the groups that a manifest names."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

from entra_config.actual.read import read
from entra_config.kinds.table import KINDS
from entra_config.manifest import loader
from entra_config.manifest.model import Named
from entra_emulator import seed
from entra_emulator.embedded import Embedded
from tests.world import signed_in

MANIFESTS = Path(__file__).parents[3] / "manifests"


def test_a_service_principal_deploys_through_a_group() -> None:
    """A group's members are its deployers, also the service principals that the list of members leaves
    out.
    """

    async def story() -> None:
        embedded = Embedded.create(seed="deployers")
        tenant = embedded.directory.default
        (group,) = tenant.groups.find("displayName", "myapp deploy")
        deployer = tenant.service_principal_by_app_id(seed.DEPLOYER_APP_ID)
        assert deployer is not None
        async with embedded.client(embedded.app_caller(seed.ADMIN_APP_ID)) as client:
            link = {"@odata.id": f"https://graph.microsoft.com/v1.0/directoryObjects/{deployer['id']}"}
            assert (await client.post(f"/groups/{group['id']}/members/$ref", json=link)).status_code == 204
            listed = (await client.get(f"/groups/{group['id']}/members")).json()["value"]
        people = {item["id"] for item in listed}
        assert people
        assert deployer["id"] not in people
        declared = loader.load(MANIFESTS, "dev")
        manifest = replace(
            declared, deployers=(Named("MyApp Deploy", position=declared.applications["api"].position),)
        )
        async with await signed_in(embedded) as graph:
            found = await read(graph, manifest, KINDS)
        assert found.directory.deployers == {group["id"], deployer["id"], *people}

    asyncio.run(story())
