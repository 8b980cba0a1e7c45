"""What a check counts as drift: neither what is not applied yet nor, unasked, what nobody manages."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from entra_config.drift import check
from entra_config.drift.model import Drift
from entra_config.graph.connect import connect
from entra_config.graph.token import FixedToken, Identity
from entra_config.manifest import loader
from entra_config.manifest.model import Named
from entra_emulator import seed
from entra_emulator.callers import Caller
from tests.unit.drift.edited import MANIFESTS, Tenant


def test_what_is_not_applied_yet_is_no_drift() -> None:
    """A change of the manifest that nobody applied stands apart, and the tenant is as it was deployed."""

    async def tell() -> Drift:
        tenant = Tenant()
        await tenant.deploy()
        deployed = tenant.manifest
        tenant.manifest = replace(loader.load(MANIFESTS, "dev"), deployers=None)
        roles = tenant.manifest.assignments
        object.__setattr__(
            tenant.manifest,
            "assignments",
            {key: value for key, value in roles.items() if key != ("api", "Reader")},
        )
        return await tenant.check(deployed)

    drift = asyncio.run(tell())

    assert not drift.drifted
    assert [change.before.address.key.split("/")[1] for change in drift.pending] == ["Reader"]


def test_unmanaged_registrations_are_listed_on_request() -> None:
    """Registrations without anybody's marks are named when somebody asks."""

    async def tell() -> Drift:
        tenant = Tenant()
        await tenant.deploy()
        return await tenant.check(unmanaged=True)

    assert [name.split(" (")[0] for name in asyncio.run(tell()).unmanaged] == [
        "Emulator admin",
        "Emulator deployer",
        "Emulator reader",
        "MyApp Writer",
        "MyApp Writer",
    ]


def test_an_unreadable_log_accuses_nobody() -> None:
    """Without AuditLog.Read.All the drift is told all the same, by unknown."""

    async def tell() -> Drift:
        tenant = Tenant()
        # Who reads is not who deploys: the manifest says who does.
        deployer = Named("Emulator deployer", tenant.embedded.app_caller().oid)
        tenant.manifest = replace(tenant.manifest, deployers=(deployer,))
        await tenant.deploy()
        spa, _ = await tenant.named("SPA")
        await tenant.send("alice", "PATCH", f"/applications/{spa['id']}", {"displayName": "x"})
        caller = tenant.embedded.app_caller(seed.READER_APP_ID)
        blind = Caller(
            caller.kind, caller.tid, caller.oid, caller.appid, roles=caller.roles - {"AuditLog.Read.All"}
        )
        token = FixedToken(tenant.embedded.token(blind), Identity(blind.tid, blind.oid, blind.appid))
        async with await connect(
            "emulator", credential=token, transport=tenant.embedded.transport()
        ) as graph:
            return await check.run(
                tenant.manifest,
                tenant.manifest,
                graph,
                now=tenant.clock.now(),
                base="HEAD",
                since=tenant.good_at,
            )

    (finding,) = asyncio.run(tell()).findings
    assert (finding.attribution.grade, finding.attribution.reason) == ("none", "no_access")
