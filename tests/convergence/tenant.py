"""A tenant in this process whose time passes when somebody sleeps, with what is and is not the project's
told apart.
"""

from __future__ import annotations

import asyncio
import copy
from collections import Counter
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import yaml

from entra_config import reconcile
from entra_config.apply.events import Event, Outcome
from entra_config.graph.client import Graph
from entra_config.graph.connect import connect
from entra_config.graph.token import FixedToken, Identity
from entra_config.manifest import loader
from entra_config.manifest.model import Manifest
from entra_config.plan.model import Plan
from entra_config.plan.options import Options
from entra_emulator import seed
from entra_emulator.clock import ManualClock
from entra_emulator.embedded import Embedded
from entra_emulator.fault_plan import FaultPlan
from entra_emulator.faults import Faults
from tests.world import carry_on

# Named and pinned, the application that applies here proves what it made.
DEPLOYER = {
    "name": "Emulator deployer",
    "id": seed.fixed_id(seed.CONTOSO, "servicePrincipal", seed.DEPLOYER_APP_ID),
}
ALL_WORDS = frozenset({"many", "last", "delete", "restore"})


class Killed(BaseException):
    """The process is gone: nothing catches it, nothing is tidied up."""


class Tenant:
    """A contoso of its own, in which one project is ours."""

    def __init__(self, owner: str = "myapp/dev", as_of: str | None = None, **faults: Any) -> None:
        self.owner = owner
        self.clock = ManualClock()
        self.faults = Faults(FaultPlan(**faults))
        self.emulator = Embedded.create(clock=self.clock, faults=self.faults, as_of=as_of)
        self.events: list[Event] = []
        self.external = self.strangers()

    @property
    def tables(self) -> Any:
        """Give the tables of the tenant."""
        return self.emulator.directory.tenants[seed.CONTOSO]

    async def connect(self, **options: Any) -> Graph:
        """Sign in as the deployer."""
        caller = self.emulator.app_caller()
        token = FixedToken(self.emulator.token(caller), Identity(caller.tid, caller.oid, caller.appid))

        def seconds() -> float:
            return self.clock.now().timestamp()

        times: dict[str, Any] = {
            "transport": self.emulator.transport(),
            "clock": seconds,
            "now": seconds,
            "sleep": self.clock.sleep,
            "jitter": lambda: 0.5,
        }
        return await connect("emulator", credential=token, **times | options)

    async def plan(self, graph: Graph, manifest: Manifest, **options: Any) -> Plan:
        """Plan with every limit lifted."""
        return await reconcile.plan(manifest, graph, Options(ALL_WORDS, **options), now=self.clock.now())

    async def carry_out(self, graph: Graph, plan: Plan, **options: Any) -> Outcome:
        """Carry a plan out."""
        return await reconcile.apply(
            plan, graph, observe=self.events.append, sleep=self.clock.sleep, jitter=lambda: 0.5, **options
        )

    async def converge(self, manifest: Manifest, **options: Any) -> Outcome:
        """Plan and apply, and then what follows each restore."""
        async with await self.connect(**options) as graph:
            plan = await self.plan(graph, manifest)
            outcome = await self.carry_out(graph, plan)
            return await carry_on(
                plan, outcome, lambda: self.plan(graph, manifest), lambda rest: self.carry_out(graph, rest)
            )

    def delete_ours(self) -> None:
        """Let an administrator delete all that is the project's, an hour ago."""
        for row in [*self.applications()]:
            self.hand("DELETE", f"/applications/{row['id']}")
        self.clock.advance(3600)

    def hand(self, method: str, path: str, body: Any = None) -> None:
        """Let an administrator do something by hand."""

        async def sent() -> None:
            async with self.emulator.client(self.emulator.app_caller(seed.ADMIN_APP_ID)) as client:
                response = await client.request(method, path, json=body)
                assert response.is_success, response.text

        asyncio.run(sent())

    async def pending(self, manifest: Manifest) -> list[Any]:
        """Return what a plan would change now, without faults."""
        self.calm()
        async with await self.connect() as graph:
            return list((await self.plan(graph, manifest)).changes)

    def calm(self) -> None:
        """End all faults and let the replicas catch up."""
        self.faults.set(FaultPlan())
        self.faults.on_call = None
        self.clock.advance(3600)

    def kill_at(self, call: int, phase: str) -> None:
        """Let the process die at its n-th call from now, before or after Graph did it."""
        last = self.faults.calls + call

        def on_call(number: int, when: str, _method: str, _path: str) -> None:
            if number == last and when == phase:
                raise Killed

        self.faults.on_call = on_call

    def strangers(self) -> dict[str, Any]:
        """Return a copy of all that is not the project's."""
        tables = self.tables
        ours = {row["id"] for row in self.applications()}
        ours |= {row["id"] for row in tables.service_principals if self._is_ours(row)}
        ours |= {row["id"] for row in tables.deleted_items if self._bears(row)}
        left = {
            "applications": [row for row in tables.applications if row["id"] not in ours],
            "servicePrincipals": [row for row in tables.service_principals if row["id"] not in ours],
            "deleted": [row for row in tables.deleted_items if row["id"] not in ours],
            "users": list(tables.users),
            "groups": list(tables.groups),
            "assignments": [
                row
                for row in tables.app_role_assignments
                if not {row["resourceId"], row["principalId"]} & ours
            ],
            "grants": [
                row
                for row in tables.oauth2_permission_grants
                if not {row["resourceId"], row["clientId"]} & ours
            ],
            "credentials": [
                row for row in tables.federated_identity_credentials if row["_application"] not in ours
            ],
        }
        links = {
            "members": {group["id"]: tables.members.targets(group["id"]) for group in tables.groups},
            "owners": {
                row["id"]: tables.owners.targets(row["id"])
                for row in (*left["applications"], *left["servicePrincipals"])
            },
        }
        return copy.deepcopy({name: {row["id"]: row for row in rows} for name, rows in left.items()} | links)

    def applications(self) -> list[dict[str, Any]]:
        """Return the live applications that bear the project's mark."""
        return [row for row in self.tables.applications if self._bears(row)]

    def doubles(self) -> list[Any]:
        """Return what exists more than once: keys of applications, principals of one application,
        assignments, grants.
        """
        tables = self.tables
        names = [
            *(("application", *sorted(row["tags"])) for row in self.applications()),
            *(("principal", row["appId"]) for row in tables.service_principals),
            *(
                ("assignment", row["principalId"], row["resourceId"], row["appRoleId"])
                for row in tables.app_role_assignments
            ),
            *(
                ("grant", row["clientId"], row["resourceId"], row["principalId"])
                for row in tables.oauth2_permission_grants
            ),
        ]
        return [name for name, count in Counter(names).items() if count > 1]

    def _bears(self, row: dict[str, Any]) -> bool:
        return f"entra-config:owner={self.owner}" in row.get("tags", ())

    def _is_ours(self, principal: dict[str, Any]) -> bool:
        return any(row["appId"] == principal["appId"] for row in self.applications())


def load(folder: Path, manifest: dict[str, Any]) -> Manifest:
    """Write a manifest of project `myapp` and load it."""
    environments = {"dev": {"tenantId": seed.CONTOSO, "deployers": [DEPLOYER]}}
    return load_all(folder, {"project": "myapp", "environments": environments, **manifest})


def load_all(folder: Path, manifest: dict[str, Any]) -> Manifest:
    """Write a whole manifest and load it."""
    write_all(folder, manifest)
    return loader.load(folder, None)


def write_all(folder: Path, manifest: dict[str, Any]) -> None:
    """Write a whole manifest."""
    folder.mkdir(parents=True, exist_ok=True)
    above = {key: manifest[key] for key in ("project", "environments", "removed") if key in manifest}
    root = above | {"files": [{"path": "all.yaml"}]}
    rest = {key: value for key, value in manifest.items() if key not in above}
    (folder / "entra-config.yaml").write_text(yaml.safe_dump(root, sort_keys=False), encoding="utf-8")
    (folder / "all.yaml").write_text(yaml.safe_dump(rest, sort_keys=False), encoding="utf-8")


def killed(work: Callable[[], Coroutine[Any, Any, Any]]) -> bool:
    """Run work in an event loop of its own; tell whether it was killed."""
    try:
        asyncio.run(work())
    except Killed:
        return True
    return False
