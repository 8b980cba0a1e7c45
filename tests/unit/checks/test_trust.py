"""Nothing is granted to what somebody else may hold: proofs, clean-ups that fail, and what appears between
plan and grant.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from entra_config import reconcile
from entra_config.apply.events import Outcome
from entra_config.graph.client import Graph
from entra_config.manifest import loader
from entra_config.manifest.model import Manifest
from entra_config.plan.model import Plan, address_of
from entra_emulator import seed
from entra_emulator.embedded import Embedded
from entra_emulator.fault_plan import FaultPlan, FaultRule
from entra_emulator.faults import Faults
from tests.world import at_once, plan, signed_in

DEPLOYER = {
    "name": "Emulator deployer",
    "id": seed.fixed_id(seed.CONTOSO, "servicePrincipal", seed.DEPLOYER_APP_ID),
}
WRITER = {"displayName": "Writer", "description": "Writes.", "allowedMemberTypes": ["User", "Application"]}
JOB = {"type": "daemon", "displayName": "Job", "owners": []}
GRANT = {"apiPermissions": {"api": {"application": ["Writer"], "adminConsent": True}}}
HIS = {
    "name": "his",
    "issuer": "https://issuer.evil.example",
    "subject": "his",
    "audiences": ["api://AzureADTokenExchange"],
}
ASSIGN = "appRoleAssignment.api/Writer/servicePrincipal:job/assign"


class World:
    """A tenant, a manifest of an API and a job in a protected environment, and a stranger."""

    def __init__(
        self, folder: Path, rules: list[FaultRule] | None = None, *, deployers: list[Any] | None = None
    ) -> None:
        self.folder = folder
        self.embedded = Embedded.create(seed="trust", faults=Faults(FaultPlan(rules=rules or [])))
        self.deployers = [DEPLOYER] if deployers is None else deployers
        self.protected = True

    def manifest(self, **job: Any) -> Manifest:
        """Load the manifest, with more of the job."""
        environment = {"tenantId": seed.CONTOSO, "protected": self.protected, "deployers": self.deployers}
        api = {"type": "api", "displayName": "API", "appRoles": {"Writer": WRITER}}
        applications = {"api": api, "job": {**JOB, **job}}
        path = self.folder / "entra-config.yaml"
        text = yaml.safe_dump(
            {"project": "p", "environments": {"prod": environment}, "applications": applications}
        )
        path.write_text(text, encoding="utf-8")
        return loader.load(path, "prod")

    async def plan(self, **job: Any) -> Plan:
        """Plan."""
        return await plan(self.embedded, self.manifest(**job))

    async def apply(self, made: Plan, before: Callable[[Graph], Any] | None = None) -> Outcome:
        """Apply, with something done once apply has begun."""
        async with await signed_in(self.embedded) as graph:
            if before:
                before(graph)
            return await reconcile.apply(made, graph, sleep=at_once)

    async def by_hand(self, method: str, path: str, body: Any = None) -> Any:
        """Send a request besides this tool."""
        async with self.embedded.client() as client:
            response = await client.request(method, path, json=body)
            assert response.is_success, response.text
            return response.json() if response.content else None

    async def holds(self) -> int:
        """Return how many roles the job holds."""
        app = await self.by_hand("GET", "/applications(uniqueName='p.prod.job')")
        principal = await self.by_hand("GET", f"/servicePrincipals(appId='{app['appId']}')")
        found = await self.by_hand("GET", f"/servicePrincipals/{principal['id']}/appRoleAssignments")
        return len(found["value"])


def failed(outcome: Outcome) -> list[str]:
    """Return the failed steps."""
    return [step.id for step, _ in outcome.failed]


def left(outcome: Outcome) -> list[str]:
    """Return the steps that were not tried."""
    return [step.id for step, _ in outcome.not_attempted]


async def prepared(world: World) -> str:
    """Apply without the grant, and give the job a federated credential that is not declared; return the
    job's id.
    """
    assert (await world.apply(await world.plan())).complete
    job = await world.by_hand("GET", "/applications(uniqueName='p.prod.job')")
    await world.by_hand("POST", f"/applications/{job['id']}/federatedIdentityCredentials", HIS)
    return str(job["id"])


def test_a_grant_fails_with_the_clean_up_of_its_client(tmp_path: Path) -> None:
    """Story 8: where a planted credential cannot be removed, the grant beside it is not tried."""
    refused = FaultRule(
        action="respond",
        path="federatedIdentityCredentials",
        method="DELETE",
        status=403,
        code="no",
        message="no",
    )
    world = World(tmp_path, [refused])

    async def story() -> None:
        await prepared(world)
        made = await world.plan(**GRANT)
        assert not made.withheld
        outcome = await world.apply(made)
        assert failed(outcome) == ["federatedCredential.job/his/remove"]
        assert ASSIGN in left(outcome)
        assert await world.holds() == 0
        assert (await world.apply(await world.plan(**GRANT))).complete
        assert await world.holds() == 1

    asyncio.run(story())


def test_what_comes_back_after_the_clean_up_is_seen_before_the_grant(tmp_path: Path) -> None:
    """A credential that appears while the plan's own clean-up runs fails the grant, and nothing else."""
    world = World(tmp_path)

    async def story() -> None:
        job = await prepared(world)
        made = await world.plan(**GRANT)
        again = {**HIS, "name": "again", "subject": "again"}
        await world.by_hand("POST", f"/applications/{job}/federatedIdentityCredentials", again)
        outcome = await world.apply(made)
        assert failed(outcome) == [ASSIGN]
        assert "'again' is there" in str(outcome.failed[0][1])
        assert await world.holds() == 0

    asyncio.run(story())


class Squatter:
    """Makes the service principal of a new application before this tool does, as whoever sees the new
    appId may.
    """

    def __init__(self, world: World) -> None:
        self.world = world
        self.done = False

    async def send(self, send: Any, requests: list[Any]) -> Any:
        """Let the stranger act right before the service principal is made."""
        wanted = [each for each in requests if each.method == "POST" and each.path == "/servicePrincipals"]
        job = [each for each in wanted if await self._is_job(each.body["appId"])]
        if job and not self.done:
            self.done = True
            body = {"appId": job[0].body["appId"]}
            principal = await self.world.by_hand("POST", "/servicePrincipals", body)
            await self.world.by_hand("POST", f"/servicePrincipals/{principal['id']}/addPassword", {})
        return await send(requests)

    async def _is_job(self, app_id: str) -> bool:
        app = await self.world.by_hand("GET", f"/applications(appId='{app_id}')")
        return bool(app["displayName"] == "Job")


def test_a_service_principal_that_somebody_else_made_is_read_before_a_grant(tmp_path: Path) -> None:
    """Who makes our new application's service principal first can act as it, so it is granted nothing."""
    world = World(tmp_path)

    async def story() -> None:
        made = await world.plan(**GRANT)
        squatter = Squatter(world)

        def between(graph: Graph) -> None:
            send = graph.send
            graph.send = lambda requests: squatter.send(send, list(requests))

        outcome = await world.apply(made, between)
        assert squatter.done
        assert failed(outcome) == [ASSIGN]
        assert await world.holds() == 0

    asyncio.run(story())


@pytest.mark.parametrize(
    ("change", "proves"),
    [
        ({}, True),
        ({"web": {"redirectUris": ["https://app.contoso.com/"]}}, False),
        ({"spa": {"redirectUris": ["https://app.contoso.com/"]}}, False),
        ({"publicClient": {"redirectUris": ["http://localhost"]}}, False),
        ({"isFallbackPublicClient": True}, False),
    ],
)
def test_which_deployer_proves_what_it_made(tmp_path: Path, change: dict[str, Any], *, proves: bool) -> None:
    """A deployer that people can sign in through proves nothing: what it made is granted nothing new."""
    world = World(tmp_path)

    async def story() -> None:
        assert (await world.apply(await world.plan())).complete
        tenant = world.embedded.directory.tenants[seed.CONTOSO]
        deployer = tenant.applications.find("appId", seed.DEPLOYER_APP_ID)[0]
        for name, value in change.items():
            merged = {**deployer[name], **value} if isinstance(value, dict) else value
            tenant.applications.put({**deployer, name: merged})
        made = await world.plan(**GRANT)
        assert bool(made.withheld) is not proves
        assert (ASSIGN.removesuffix("/assign") in [str(address_of(each)) for each in made.changes]) is proves
        assert not made.blocked

    asyncio.run(story())


@pytest.mark.parametrize(
    "deployers",
    [
        [],
        ["Emulator admin"],
        [{"name": "MyApp Deploy", "id": seed.fixed_id(seed.CONTOSO, "group", "MyApp Deploy")}],
    ],
)
def test_who_is_not_named_and_pinned_proves_nothing(tmp_path: Path, deployers: list[Any]) -> None:
    """Without a pinned service principal among the deployers an application is doubted, and the line says
    what to do.
    """
    world = World(tmp_path)
    asyncio.run(_made(world))
    world.deployers = deployers

    async def story() -> None:
        made = await world.plan(**GRANT)
        [held] = made.withheld
        assert "nothing proves that it is ours" in held.message
        assert "entra-config lock -e prod --accept job=" in held.remedy
        job = await world.by_hand("GET", "/applications(uniqueName='p.prod.job')")
        pinned = await world.plan(**GRANT, appId=job["appId"])
        assert not pinned.withheld

    asyncio.run(story())


async def _made(world: World) -> None:
    assert (await world.apply(await world.plan())).complete


def test_what_this_run_made_is_trusted(tmp_path: Path) -> None:
    """An id that a POST of this run answered proves for this run, and for no other."""
    world = World(tmp_path, deployers=[])

    async def story() -> None:
        outcome = await world.apply(await world.plan())
        made = frozenset(id_ for ref, id_ in outcome.known.items() if ref.attribute == "id")
        manifest = world.manifest(**GRANT)
        assert (await plan(world.embedded, manifest)).withheld
        assert not (await plan(world.embedded, manifest, made=made)).withheld

    asyncio.run(story())


def test_nothing_unproven_is_destroyed_in_a_protected_environment(tmp_path: Path) -> None:
    """What has our ownership tags and nothing else is told and left alone by destroy."""
    world = World(tmp_path)
    tags = ["entra-config:owner=p/prod", "entra-config:key=job"]

    async def story() -> None:
        await world.by_hand("POST", "/applications", {"displayName": "Trap", "tags": tags})
        made = await plan(world.embedded, world.manifest(), destroy=True, allow=frozenset({"delete"}))
        assert not made.changes
        assert any("nothing proves that it is ours" in each.message for each in made.warnings)
        world.protected = False
        assert (await plan(world.embedded, world.manifest(), destroy=True)).changes

    asyncio.run(story())
