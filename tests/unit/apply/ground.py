"""An embedded tenant whose time passes when somebody sleeps, Graph signed in to it, and short names for
steps.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

from entra_config.apply.events import Event, Outcome, Waiting
from entra_config.apply.run import run
from entra_config.graph.client import Graph
from entra_config.graph.connect import connect
from entra_config.graph.request import Request
from entra_config.graph.token import FixedToken, Identity
from entra_config.plan.steps import Holds, Phase, Present, Probe, Step
from entra_config.resource import Address, Ref, Text
from entra_emulator import seed
from entra_emulator.clock import ManualClock
from entra_emulator.embedded import Embedded
from entra_emulator.fault_plan import FaultPlan, FaultRule
from entra_emulator.faults import Faults

ROLE: dict[str, Any] = {
    "id": "7c3ab2b0-0000-4000-8000-000000000001",
    "value": "Writer",
    "displayName": "Writer",
    "description": "Changes records.",
    "allowedMemberTypes": ["User"],
    "isEnabled": True,
}


class Ground:
    """A tenant in memory, what apply told, and the requests that changed something."""

    def __init__(self, **faults: Any) -> None:
        self.clock = ManualClock()
        self.emulator = Embedded.create(clock=self.clock, faults=Faults(FaultPlan(**faults)))
        self.events: list[Event] = []

    @property
    def tenant(self) -> Any:
        """Give the tenant's tables."""
        return self.emulator.directory.tenants[self.emulator.directory.default_id]

    async def connect(self) -> Graph:
        """Sign in as the deployer."""
        caller = self.emulator.app_caller(seed.DEPLOYER_APP_ID)
        token = FixedToken(self.emulator.token(caller), Identity(caller.tid, caller.oid, caller.appid))
        return await connect(
            "emulator",
            credential=token,
            transport=self.emulator.transport(),
            sleep=self.clock.sleep,
            clock=lambda: self.clock.now().timestamp(),
            now=lambda: self.clock.now().timestamp(),
            jitter=lambda: 0.0,
        )

    def apply(self, steps: Sequence[Step], **options: Any) -> Outcome:
        """Carry the steps out."""

        async def go() -> Outcome:
            async with await self.connect() as graph:
                return await run(
                    steps,
                    graph,
                    observe=self.events.append,
                    sleep=self.clock.sleep,
                    jitter=lambda: 0.0,
                    **options,
                )

        return asyncio.run(go())

    def send(self, *requests: Request) -> list[Any]:
        """Send requests as somebody else would."""

        async def go() -> list[Any]:
            async with await self.connect() as graph:
                return [response.body for response in await graph.send(requests)]

        return asyncio.run(go())

    def applications(self) -> list[str]:
        """Give the display names of the applications that were made, doubles included."""
        (body,) = self.send(Request("GET", "/applications?$top=999"))
        return sorted(
            item["displayName"]
            for item in body["value"]
            if not item["displayName"].startswith(("Emulator", "MyApp Writer"))
        )


def app(key: str) -> Address:
    """Name an application."""
    return Address("application", key)


def principal(key: str) -> Address:
    """Name an enterprise application."""
    return Address("enterpriseApplication", key)


def create(key: str, **values: Any) -> Step:
    """Make an application, found again by its unique name."""
    address = app(key)
    return Step(
        f"{address}/create",
        (address,),
        Phase.CREATE,
        Request("POST", "/applications", {"displayName": key, "uniqueName": f"test.{key}", **values}),
        chain=str(address),
        produces={Ref(address): "id", Ref(address, "appId"): "appId"},
        found_by=Probe(Request("GET", f"/applications(uniqueName='test.{key}')"), Present()),
        visible=Probe(Request("GET", Text(("/applications/", Ref(address)))), Present()),
    )


def enlist(key: str) -> Step:
    """Make the service principal of an application."""
    address = principal(key)
    by_app_id = Text(("/servicePrincipals(appId='", Ref(app(key), "appId"), "')"))
    return Step(
        f"{address}/create",
        (address,),
        Phase.CREATE,
        Request("POST", "/servicePrincipals", {"appId": Ref(app(key), "appId")}),
        chain=str(app(key)),
        needs=frozenset({f"{app(key)}/create"}),
        produces={Ref(address): "id"},
        found_by=Probe(Request("GET", by_app_id), Present()),
        visible=Probe(Request("GET", Text(("/servicePrincipals/", Ref(address)))), Present()),
    )


def patch(
    key: str,
    values: dict[str, Any],
    *,
    phase: Phase = Phase.EXTEND,
    before: dict[str, Any] | None = None,
    **more: Any,
) -> Step:
    """Change an application, guarded by what it must hold before."""
    path = Text(("/applications/", Ref(app(key))))
    return Step(
        f"{app(key)}/{phase.word}",
        (app(key),),
        phase,
        Request("PATCH", path, values),
        chain=str(app(key)),
        guard=Probe(Request("GET", path), Holds(before)) if before else None,
        visible=Probe(Request("GET", path), Holds(values)),
        **more,
    )


def rule(action: Any, path: str = "", method: str = "", **more: Any) -> FaultRule:
    """Script a fault."""
    return FaultRule(action=action, path=path, method=method, **more)


def waits(ground: Ground) -> list[str]:
    """Give the reasons of all waits."""
    return [event.reason for event in ground.events if isinstance(event, Waiting)]
