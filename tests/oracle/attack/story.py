"""An attacker's and an administrator's hands, one after another; what each did to a tenant, out."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

from entra_emulator.fault_plan import FaultPlan
from tests.oracle.attack import bait, stages
from tests.oracle.attack.holdings import holdings
from tests.oracle.attack.project import Result
from tests.oracle.attack.stages import Stage
from tests.oracle.attack.worlds import PEACE, World

LINK = "https://graph.microsoft.com/v1.0/directoryObjects/"
WRITER = "5c1b2f7e-0002-4000-8000-000000000002"
MARKS = "entra-config:owner=myapp/{}", "entra-config:key={}"


class Story:
    """A stage, and the attacker's and an administrator's hands."""

    def __init__(self, folder: Path, **world: Any) -> None:
        self.world: World = replace(PEACE, **world)
        self.stage: Stage = asyncio.run(stages.build(self.world, folder))
        self.scene = self.stage.scene

    def his(self, method: str, path: str, body: Any = None) -> dict[str, Any]:
        """Let the attacker do something that the tenant lets him do."""
        response = self.scene.send(self.scene.attacker, method, path, body)
        assert response.status < 300, response
        self.stage.referee.acted()
        return response.body or {}

    def plant(self, key: str, **body: Any) -> dict[str, Any]:
        """Let him register what bears a key's marks, with its service principal."""
        tags = [MARKS[0].format(self.world.environment), MARKS[1].format(key)]
        app = self.his(
            "POST", "/applications", {"displayName": key, "tags": tags, "uniqueName": self.name(key), **body}
        )
        principal = self.his("POST", "/servicePrincipals", {"appId": app["appId"]})
        return app | {"principal": principal["id"]}

    def plant_api(self) -> tuple[dict[str, Any], str]:
        """Let him register what bears our API's marks and have a daemon of his hold Writer at it; return
        both, the daemon by its service principal's id.
        """
        role = {
            "id": WRITER,
            "value": "Writer",
            "displayName": "Writer",
            "description": "Writes.",
            "isEnabled": True,
            "allowedMemberTypes": ["User", "Application"],
        }
        planted = self.plant("api", appRoles=[role])
        daemon = self.his("POST", "/applications", {"displayName": "His daemon"})
        principal = self.his("POST", "/servicePrincipals", {"appId": daemon["appId"]})["id"]
        # Who makes an enterprise application in the portal owns it.
        self.scene.tables.owners.add(planted["principal"], self.scene.attacker.oid)
        holder = {"principalId": principal, "resourceId": planted["principal"], "appRoleId": WRITER}
        self.his("POST", f"/servicePrincipals/{planted['principal']}/appRoleAssignedTo", holder)
        return planted, principal

    def restored_api(self, *, since: int) -> tuple[dict[str, Any], str]:
        """Let him delete the API that he planted, and restore it so many seconds ago; lists are 30 behind."""
        self.scene.faults.set(FaultPlan(list_lag={"*": 30}))
        planted, daemon = self.plant_api()
        self.scene.clock.advance(1)
        self.his("DELETE", f"/applications/{planted['id']}")
        self.scene.clock.advance(20)
        for id_ in (planted["id"], planted["principal"]):
            self.his("POST", f"/directory/deletedItems/{id_}/restore")
        self.scene.clock.advance(since)
        return planted, daemon

    def federate(self, app: dict[str, Any], **more: Any) -> None:
        """Let him sign in as one of his own from his own repository."""
        credential = bait.subject(Random(1)) | more
        self.his("POST", f"/applications/{app['id']}/federatedIdentityCredentials", credential)

    def leave(self, app: dict[str, Any]) -> None:
        """Let him take himself off the owners."""
        self.his("DELETE", f"/applications/{app['id']}/owners/{self.scene.attacker.oid}/$ref")

    def name(self, key: str) -> str:
        """Return the name under which a key is created first."""
        return f"myapp.{self.world.environment}.{key}"

    def hand(self, method: str, path: str, body: Any = None) -> dict[str, Any]:
        """Let an administrator do something by hand."""
        response = self.scene.send(self.scene.emulator.app_caller(), method, path, body)
        assert response.status < 300, response
        return response.body or {}

    def ours(self, key: str) -> dict[str, Any]:
        """Return the application that is pinned for a key."""
        app = self.scene.tables.application_by_app_id(self.stage.project.pins[key])
        assert app is not None
        return app

    def play(self, work: Coroutine[Any, Any, Result]) -> Result:
        """Do one thing of the project's under the referee's eyes."""

        async def watched() -> Result:
            with self.scene.watched_by(self.stage.project, self.stage.referee):
                return await work

        return asyncio.run(watched())

    def write(self, method: str, path: str, body: Any) -> None:
        """Let the project write something, under the judge's eyes."""

        async def sent() -> int:
            async with self.scene.emulator.client() as ours:
                return (await ours.request(method, path, json=body)).status_code

        with self.scene.watched_by(self.stage.referee):
            assert asyncio.run(sent()) < 300

    def round(self) -> Result:
        """Plan and apply."""
        return self.play(self.stage.round())

    def holds(self, principal: str, value: str) -> bool:
        """Tell whether somebody holds a role or consent of some API."""
        return any(each.holder == principal and each.value == value for each in holdings(self.scene.tables))

    @property
    def breaches(self) -> list[str]:
        """Return what broke."""
        return [f"{breach.invariant}: {breach.reported}" for breach in self.stage.referee.breaches]


def story(folder: Path, **world: Any) -> Story:
    """Make a story of a protected environment in which all that it names is pinned, unless it says
    otherwise.
    """
    return Story(folder, **world)
