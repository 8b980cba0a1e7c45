"""A tenant whose environment names who deploys, protected or not; goals in, applied with the pins that
there are, out.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal

from entra_config import reconcile
from entra_config.apply.events import Event, Outcome, StepDone
from entra_config.graph.client import Graph
from entra_config.graph.connect import connect
from entra_config.graph.request import Request, Response
from entra_config.graph.token import FixedToken, Identity
from entra_config.manifest import loader
from entra_config.manifest.environments.pins import Lock, Pin, PinnedApplication
from entra_config.manifest.model import Manifest
from entra_config.plan.model import Plan
from entra_emulator import seed
from entra_emulator.callers import Caller
from entra_emulator.directory import Tenants
from tests.convergence.tenant import Tenant, write_all

By = Literal["application", "user"]
DEPLOYERS: Mapping[By, str] = {"application": "Emulator deployer", "user": "grace@contoso.com"}
# What azure-cli's token carries for an administrator.
SCOPES = (
    "Application.ReadWrite.All",
    "AppRoleAssignment.ReadWrite.All",
    "DelegatedPermissionGrant.ReadWrite.All",
    "Directory.AccessAsUser.All",
    "Directory.Read.All",
    "AuditLog.Read.All",
)


@dataclass(frozen=True, slots=True)
class Setting:
    """Whether an environment is protected, and who applies there."""

    protected: bool
    by: By

    def __str__(self) -> str:
        """Name it, for the ids of tests."""
        return f"{'protected' if self.protected else 'open'} by {self.by}"


SETTINGS = [Setting(protected, by) for protected in (True, False) for by in DEPLOYERS]


class Guarded(Tenant):
    """A tenant to which a project with a lock file is applied: what a POST made is pinned when it is
    answered.
    """

    def __init__(self, setting: Setting, folder: Path, **faults: Any) -> None:
        super().__init__(**faults)
        self.setting, self.folder = setting, folder
        self.pins: dict[str, str] = {}
        self.unanswered: set[str] = set()

    def caller(self) -> Caller:
        """Return who applies."""
        if self.setting.by == "application":
            return self.emulator.app_caller()
        return self.emulator.user_caller(DEPLOYERS["user"], SCOPES)

    async def connect(self, **options: Any) -> Graph:
        """Sign in as who applies."""
        who = self.caller()
        token = FixedToken(self.emulator.token(who), Identity(who.tid, who.oid, who.appid))

        def seconds() -> float:
            return self.clock.now().timestamp()

        times: dict[str, Any] = {
            "clock": seconds,
            "now": seconds,
            "sleep": self.clock.sleep,
            "jitter": lambda: 0.5,
        }
        graph = await connect(
            "emulator", credential=token, **times | {"transport": self.emulator.transport()} | options
        )
        graph._door = Noting(graph._door, self.unanswered)
        return graph

    async def carry_out(self, graph: Graph, plan: Plan, **options: Any) -> Outcome:
        """Carry a plan out, and pin what its POSTs made as soon as they are answered."""

        def note(event: Event) -> None:
            self.events.append(event)
            for ref, value in event.produced.items() if isinstance(event, StepDone) else ():
                if ref.address.kind == "application" and ref.attribute == "appId":
                    self.pins[ref.address.key] = value

        return await reconcile.apply(
            plan, graph, observe=note, sleep=self.clock.sleep, jitter=lambda: 0.5, **options
        )

    def load(self, goal: Mapping[str, Any]) -> Manifest:
        """Load a goal with the pins that there are."""
        environment = {
            "tenantId": seed.CONTOSO,
            "protected": self.setting.protected,
            "deployers": [DEPLOYERS[self.setting.by]],
        }
        write_all(self.folder, {"project": "myapp", "environments": {"dev": environment}, **goal})
        return loader.load(self.folder, None, pins=self.lock())

    def lock(self) -> Lock:
        """Return the lock file: everybody's name, and what is pinned of ours."""
        tables = self.tables
        deployer = tables.service_principal_by_app_id(seed.DEPLOYER_APP_ID)
        assert deployer is not None
        return Lock(
            tenant_id=seed.CONTOSO,
            users={row["userPrincipalName"]: Pin(row["id"]) for row in tables.users},
            groups={row["displayName"]: Pin(row["id"]) for row in tables.groups},
            service_principals={DEPLOYERS["application"]: Pin(deployer["id"])},
            applications={key: PinnedApplication(app_id) for key, app_id in self.pins.items()},
        )

    async def reach(self, goal: Mapping[str, Any]) -> Outcome:
        """Plan and apply a goal; what was restored is planned for again."""
        async with await self.connect() as graph:
            plan = await self.plan(graph, self.load(goal))
            outcome = await self.carry_out(graph, plan)
            while outcome.complete and plan.following:
                plan = await self.plan(graph, self.load(goal))
                outcome = await self.carry_out(graph, plan)
            return outcome

    def left(self, goal: Mapping[str, Any]) -> list[str]:
        """Return what a plan would change or withholds now, without faults."""
        self.calm()

        async def look() -> list[str]:
            async with await self.connect() as graph:
                plan = await self.plan(graph, self.load(goal))
            return [
                *(str(change)[:300] for change in plan.changes),
                *(refusal.message for refusal in plan.refusals),
            ]

        return asyncio.run(look())

    def accept(self) -> set[str]:
        """Pin what calls made whose answers never came, as `lock --accept` does after a look; return the
        keys.
        """
        made = {
            _key(row): row["appId"]
            for row in self.applications()
            if self.unanswered & _creations(row["tags"])
        }
        self.pins |= made
        return set(made)


class Noting:
    """A door that notes the creations whose answers never came."""

    def __init__(self, inner: Any, unanswered: set[str]) -> None:
        self._inner, self._unanswered = inner, unanswered
        self.base_url: str = inner.base_url

    @property
    def identity(self) -> Identity:
        """Return who is signed in."""
        found: Identity = self._inner.identity
        return found

    async def call(self, request: Request) -> Response:
        """Pass it on; a creation is told by the mark that is its own."""
        parts = (
            request.body["requests"]
            if request.path == "/$batch"
            else [{"url": request.path, "body": request.body}]
        )
        requested = {
            mark
            for part in parts
            if part["url"] == "/applications"
            for mark in _creations(part["body"].get("tags", ()))
        }
        self._unanswered |= requested
        response: Response = await self._inner.call(request)
        self._unanswered -= requested
        return response

    async def renew(self) -> None:
        """Pass it on."""
        await self._inner.renew()

    async def close(self) -> None:
        """Pass it on."""
        await self._inner.close()


def _creations(tags: Iterable[str]) -> set[str]:
    return {tag for tag in tags if tag.startswith("entra-config:created=")}


def _key(row: Mapping[str, Any]) -> str:
    return next((tag.partition("key=")[2] for tag in row["tags"] if tag.startswith("entra-config:key=")), "")


def ended(tenant: Guarded, goal: dict[str, Any], call: object) -> None:
    """Apply again, and accept at most once where a person applies; then nothing is left."""
    outcome = asyncio.run(tenant.reach(goal))
    assert not outcome.failed, (call, [str(error) for _, error in outcome.failed])
    left = tenant.left(goal)
    if left and tenant.setting.by == "user":
        assert tenant.accept(), (call, left)
        assert asyncio.run(tenant.reach(goal)).complete, call
        left = tenant.left(goal)
    assert left == [], call
    assert tenant.doubles() == [], call
    assert tenant.strangers() == tenant.external, call


def prepared(setting: Setting, folder: Path, start: dict[str, Any] | None) -> Guarded:
    """Make a tenant that holds `start`."""
    tenant = Guarded(setting, folder)
    if start is not None:
        directory, pins, now = holding(setting, json.dumps(start))
        tenant.clock.advance((now - tenant.clock.now()).total_seconds())
        tenant.emulator.directory.replace(directory.fork(tenant.clock))
        tenant.pins = dict(pins)
    return tenant


@cache
def holding(setting: Setting, start: str) -> tuple[Tenants, tuple[tuple[str, str], ...], datetime]:
    """Apply `start` to an empty tenant once; return the directory, read again as after a restart, to be
    forked, the pins and the time an hour later.
    """
    with TemporaryDirectory() as folder:
        tenant = Guarded(setting, Path(folder))
        assert asyncio.run(tenant.reach(json.loads(start))).complete
    tenant.clock.advance(3600)
    directory = Tenants.from_data(
        json.loads(json.dumps(tenant.emulator.directory.dump())), clock=tenant.clock
    )
    return directory, tuple(tenant.pins.items()), tenant.clock.now()
