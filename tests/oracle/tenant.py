"""A tenant in this process in; what the engine says of it as documents, and what it holds as plain data,
out.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import yaml

from entra_config import reconcile
from entra_config.actual.holders import access
from entra_config.apply.events import Outcome
from entra_config.drift import check
from entra_config.graph.client import Graph
from entra_config.graph.connect import connect
from entra_config.graph.token import FixedToken, Identity
from entra_config.manifest import loader
from entra_config.manifest.model import Manifest
from entra_config.plan.model import Plan
from entra_config.plan.options import Options
from entra_config.report import drift_json, holders, holders_data
from entra_config.report import json as plan_json
from entra_emulator import seed
from entra_emulator.clock import ManualClock
from entra_emulator.embedded import Embedded
from entra_emulator.faults import Faults

Document = dict[str, Any]
ABOVE = ("project", "environments", "removed", "grants")
DEPLOYER = "Emulator deployer"
MARKS = ("entra-config:owner=", "entra-config:key=")
DENIED = {
    "error": {
        "code": "Authorization_RequestDenied",
        "message": "Insufficient privileges to complete the operation.",
    }
}


@dataclass
class Tenant:
    """A contoso of its own. `unreadable` are the ids of groups whose members the deployer may not read."""

    clock: ManualClock = field(default_factory=ManualClock)
    unreadable: frozenset[str] = frozenset()
    faults: Faults = field(default_factory=Faults)

    def __post_init__(self) -> None:
        """Make the directory."""
        self.emulator = Embedded.create(clock=self.clock, seed="oracle", faults=self.faults)

    @property
    def rows(self) -> Any:
        """Give the tenant that everything happens in."""
        return self.emulator.directory.default

    def dump(self) -> Document:
        """Return all that the directory holds, as a copy."""
        copied: Document = json.loads(json.dumps(self.emulator.directory.dump()))
        return copied

    async def plan(self, manifest: Manifest, words: Iterable[str] = (), **options: Any) -> Plan:
        """Plan with these words allowed."""
        async with await self._graph() as graph:
            return await reconcile.plan(
                manifest, graph, Options(frozenset(words), **options), now=self.clock.now()
            )

    async def apply(self, plan: Plan) -> Outcome:
        """Carry a plan out; nothing lags here, so waiting moves the clock alone."""
        async with await self._graph() as graph:
            return await reconcile.apply(plan, graph, sleep=self.clock.sleep, jitter=lambda: 0.5)

    async def drift(self, manifest: Manifest, deployed: Manifest | None = None) -> Document:
        """Return the report on what others changed since `deployed`."""
        async with await self._graph() as graph:
            found = await check.run(
                manifest, deployed or manifest, graph, now=self.clock.now(), base="deployed"
            )
        return drift_json.document(found).model_dump(mode="json", by_alias=True)

    async def access(self, manifest: Manifest) -> Document:
        """Return what `access --format json` writes."""
        async with await self._graph() as graph:
            found = await access(graph, manifest)
            about = holders.AccessReading(manifest.owner, found.tenant, self.clock.now(), found.reader)
            written: Document = json.loads(
                holders_data.to_json(found.holdings, found.owners, found.entrances, about)
            )
        return written

    def lock(self, applications: Mapping[str, str]) -> Document:
        """Return a lock file, as plain data: everybody's name, the deployer, and these appIds by key."""
        rows = self.rows
        deployer = next(row["id"] for row in rows.service_principals if row["displayName"] == DEPLOYER)
        pinned = {key: {"appId": app_id} for key, app_id in applications.items()}
        return {
            "tenantId": seed.CONTOSO,
            "users": {row["userPrincipalName"]: row["id"] for row in rows.users},
            "groups": {row["displayName"]: row["id"] for row in rows.groups},
            "servicePrincipals": {DEPLOYER: deployer, **_marked(rows.service_principals)},
            **({"applications": pinned} if pinned else {}),
        }

    def administrator(self) -> httpx.AsyncClient:
        """Give Graph to somebody else who may do anything by hand."""
        return self.emulator.client(self.emulator.app_caller(seed.ADMIN_APP_ID))

    async def _graph(self) -> Graph:
        caller = self.emulator.app_caller()
        token = FixedToken(self.emulator.token(caller), Identity(caller.tid, caller.oid, caller.appid, ""))

        def seconds() -> float:
            return self.clock.now().timestamp()

        return await connect(
            "emulator",
            credential=token,
            transport=_Hiding(self.emulator.transport(), self.unreadable),
            clock=seconds,
            now=seconds,
            sleep=self.clock.sleep,
            jitter=lambda: 0.5,
        )


def _marked(rows: Iterable[Mapping[str, Any]]) -> Document:
    """Return the ids of service principals by `project/environment/key`, as their marks say it."""
    found = {}
    for row in rows:
        owner, key = (
            next((tag.removeprefix(mark) for tag in row["tags"] if tag.startswith(mark)), "")
            for mark in MARKS
        )
        if owner and key:
            found[f"{owner}/{key}"] = row["id"]
    return found


class _Hiding(httpx.AsyncBaseTransport):
    """Answers 403 for the members of some groups, alone or in a batch, as where only a few may read them."""

    def __init__(self, inner: httpx.AsyncBaseTransport, groups: frozenset[str]) -> None:
        self._inner, self._groups = inner, groups

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        response = await self._inner.handle_async_request(request)
        if not self._groups:
            return response
        if self._hidden(request.url.path):
            return httpx.Response(403, json=DENIED, request=request)
        if not request.url.path.endswith("/$batch"):
            return response
        body = json.loads(await response.aread())
        hidden = {part["id"] for part in json.loads(request.content)["requests"] if self._hidden(part["url"])}
        for part in body.get("responses", ()):
            if part["id"] in hidden:
                part.update(status=403, body=DENIED)
        return httpx.Response(response.status_code, json=body, request=request)

    def _hidden(self, path: str) -> bool:
        return any(f"/groups/{group}/" in path for group in self._groups)


def load(content: Mapping[str, Any], *, lock: Mapping[str, Any] | None = None) -> Manifest:
    """Write a whole manifest and its lock file into a folder of its own, and load it."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        root = {key: content[key] for key in ABOVE if key in content} | {"files": [{"path": "all.yaml"}]}
        rest = {key: value for key, value in content.items() if key not in ABOVE}
        (folder / "entra-config.yaml").write_text(yaml.safe_dump(root, sort_keys=False), encoding="utf-8")
        (folder / "all.yaml").write_text(yaml.safe_dump(rest, sort_keys=False), encoding="utf-8")
        if lock is not None:
            (name_of_lock,) = content["environments"]
            path = folder / f"entra-config.{name_of_lock}.lock.yaml"
            path.write_text(yaml.safe_dump(dict(lock), sort_keys=False), encoding="utf-8")
        return loader.load(folder, None)


def document(plan: Plan) -> Document:
    """Return what `plan --format json` writes."""
    written: Document = json.loads(plan_json.render(plan))
    return written
