"""The worked example in a tenant that people and an application change through Graph, for the tests of
drift.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx

from entra_config import reconcile
from entra_config.drift import check
from entra_config.drift.model import Drift
from entra_config.graph.client import Graph
from entra_config.graph.connect import connect
from entra_config.graph.token import FixedToken, Identity
from entra_config.manifest import loader
from entra_config.manifest.model import Manifest
from entra_emulator import seed
from entra_emulator.callers import Caller
from entra_emulator.clock import ManualClock
from entra_emulator.embedded import Embedded

MANIFESTS = Path("manifests")
WRITER = (
    "Application.ReadWrite.All",
    "AppRoleAssignment.ReadWrite.All",
    "DelegatedPermissionGrant.ReadWrite.All",
    "Directory.Read.All",
)
GRAPH = "https://graph.microsoft.com/v1.0"

Reported = tuple[str, str, str]  # who, sign, what the sentence begins with


class Tenant:
    """The worked example, applied by the deployer; people and an application then change it through Graph."""

    def __init__(self) -> None:
        self.clock = ManualClock(datetime(2026, 11, 20, 8, tzinfo=UTC))
        self.embedded = Embedded.create(clock=self.clock, seed="drift")
        # Whoever signed in deployed it: the people whose edits are told here are no deployers.
        self.manifest: Manifest = replace(loader.load(MANIFESTS, "dev"), deployers=None)
        self.good_at = self.clock.now()
        self.expected: list[Reported] = []
        self.times: dict[str, datetime] = {}
        self.renamed = ""

    async def graph(self) -> Graph:
        """Sign in as the deployer."""
        caller = self.embedded.app_caller()
        token = FixedToken(self.embedded.token(caller), Identity(caller.tid, caller.oid, caller.appid))
        return await connect(
            "emulator", credential=token, transport=self.embedded.transport(), sleep=self.clock.sleep
        )

    async def deploy(self) -> None:
        """Apply the manifest, then let a day go by."""
        async with await self.graph() as graph:
            plan = await reconcile.plan(self.manifest, graph, now=self.clock.now())
            outcome = await reconcile.apply(plan, graph, sleep=self.clock.sleep, jitter=lambda: 0.0)
        assert not outcome.failed
        self.good_at = self.clock.now()
        self.clock.advance(86_400)

    async def check(self, deployed: Manifest | None = None, **options: Any) -> Drift:
        """Ask what others changed."""
        async with await self.graph() as graph:
            now = self.clock.now()
            base = deployed or self.manifest
            return await check.run(
                self.manifest, base, graph, now=now, base="HEAD", since=self.good_at, **options
            )

    def caller(self, who: str) -> Caller:
        """Return a person at some tool, or the admin application."""
        if who == "Emulator admin":
            return self.embedded.app_caller(seed.ADMIN_APP_ID)
        return self.embedded.user_caller(f"{who}@contoso.com", WRITER)

    async def send(self, who: str, method: str, path: str, body: Any = None) -> Any:
        """Send one request as somebody, a minute after the last."""
        self.clock.advance(60)
        headers = {"Authorization": f"Bearer {self.embedded.token(self.caller(who))}"}
        async with httpx.AsyncClient(transport=self.embedded.transport(), base_url=GRAPH) as client:
            url = path if path.startswith("https:") else GRAPH + path
            response = await client.request(method, url, json=body, headers=headers)
        assert response.is_success, response.text
        return response.json() if response.content else None

    async def change(self, who: str, reported: str, method: str, path: str, body: Any = None) -> None:
        """Change something as somebody, and remember what the report must say of it (`sign sentence…`)."""
        await self.send(who, method, path, body)
        sign, _, sentence = reported.partition(" ")
        self.expected.append((who, sign, sentence))
        self.times[sentence] = self.clock.now()

    async def read(self, path: str) -> Any:
        """Read as the admin application."""
        return await self.send("Emulator admin", "GET", path)

    def late(self, seconds: float) -> None:
        """Let the records of what happens from now on come late."""
        self.embedded.faults.plan = replace(self.embedded.faults.plan, audit_delay=seconds)

    async def named(self, name: str) -> tuple[Any, Any]:
        """Return an application of the example and its service principal."""
        apps = await self.read(f"/applications?$filter=displayName eq 'MyApp {name} (dev)'")
        principals = await self.read(f"/servicePrincipals?$filter=appId eq '{apps['value'][0]['appId']}'")
        return apps["value"][0], principals["value"][0]
