"""A tenant in memory with an administrator who makes things, and an importer."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import httpx

from entra_config import reconcile
from entra_config.cli.import_ import loadable
from entra_config.cli.wiring import now
from entra_config.graph.client import Graph
from entra_config.graph.connect import connect
from entra_config.graph.token import FixedToken, Identity
from entra_config.importing import tenant
from entra_config.importing.manifest import ImportTarget, Written
from entra_config.importing.tenant import WantedRegistrations
from entra_config.manifest import loader
from entra_config.plan.model import Plan, Update
from entra_emulator import seed
from entra_emulator.embedded import Embedded

ROOT = "https://graph.microsoft.com/v1.0"
EVERYTHING = WantedRegistrations(everything=True)


class Ground:
    """A tenant in memory, an administrator who makes things, and an importer."""

    def __init__(self, folder: Path) -> None:
        self.embedded = Embedded.create(seed="import")
        self.folder = folder
        self.written: Written | None = None

    async def graph(self) -> Graph:
        """Sign in as the deployer."""
        caller = self.embedded.app_caller()
        token = FixedToken(self.embedded.token(caller), Identity(caller.tid, caller.oid, caller.appid))
        return await connect("emulator", credential=token, transport=self.embedded.transport())

    async def post(self, path: str, body: Any) -> Any:
        """Make something as the admin application."""
        return await self.send("POST", path, body)

    async def send(self, method: str, path: str, body: Any) -> Any:
        """Send one request as the admin application; a whole address is that of another version."""
        token = self.embedded.token(self.embedded.app_caller(seed.ADMIN_APP_ID))
        async with httpx.AsyncClient(transport=self.embedded.transport()) as client:
            response = await client.request(
                method,
                path if "://" in path else ROOT + path,
                json=body,
                headers={"Authorization": f"Bearer {token}"},
            )
        assert response.is_success, (body, response.text)
        return response.json() if response.content else None

    async def register(self, body: Any) -> Any:
        """Make a registration; a scope or role is born enabled, and disabled afterwards."""
        born = copy.deepcopy(body)
        for entry in (*born.get("api", {}).get("oauth2PermissionScopes", ()), *born.get("appRoles", ())):
            entry["isEnabled"] = True
        app = await self.post("/applications", born)
        if born != body:
            await self.send(
                "PATCH", f"/applications/{app['id']}", {key: body[key] for key in ("api", "appRoles")}
            )
        return app

    async def imported(self, wanted: WantedRegistrations) -> Plan:
        """Import, load what was written, and plan it."""
        async with await self.graph() as graph:
            export = await tenant.read(graph, wanted, signed_in=seed.DEPLOYER_APP_ID)
            self.written = loadable(export, ImportTarget("imported", "prod", graph.tenant_id), self.folder)
            return await reconcile.plan(loader.load(self.folder, "prod"), graph, now=now())

    async def applied(self) -> Plan:
        """Apply the imported manifest, and plan it again."""
        async with await self.graph() as graph:
            manifest = loader.load(self.folder, "prod")
            await reconcile.apply(await reconcile.plan(manifest, graph, now=now()), graph)
            return await reconcile.plan(manifest, graph, now=now())

    def text(self, path: str) -> str:
        """Return a written file."""
        return (self.folder / path).read_text(encoding="utf-8")


def assert_marks_only(plan: Plan) -> None:
    """Assert that a plan adopts, and changes nothing but tags."""
    others = [
        (change.after.address, field.path, field.before, field.after)
        if isinstance(change, Update)
        else change
        for change in plan.changes
        for field in (change.fields if isinstance(change, Update) else (None,))
        if not isinstance(change, Update) or field is None or field.path != "tags"
    ]
    assert others == [], others
    assert [refusal.message for refusal in plan.refusals] == []
    # What no manifest can name stays as it is, and is told.
    said = [
        notice.message
        for notice in plan.warnings
        if notice.watched and "`ignoreChanges` lets it stay" not in notice.message
    ]
    assert said == [], said
