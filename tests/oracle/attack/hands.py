"""Requests of somebody who may register and own applications, and no more; what the tenant let happen out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING, Any

from tests.oracle.attack import bait

if TYPE_CHECKING:
    from entra_emulator.graph.call import CollectionResponse
    from entra_emulator.table import Row
    from tests.oracle.attack.scene import Scene

LINK = "https://graph.microsoft.com/v1.0/directoryObjects/"


@dataclass(slots=True)
class Hands:
    """The attacker's own: what he made and owns. `told` hears of each request that the tenant did not refuse.

    `guest` are applications of others that he was made an owner of.
    """

    scene: Scene
    random: Random
    reported: Callable[[], None]
    acts: list[str] = field(default_factory=list)
    daemon_id: str = ""
    made: set[str] = field(default_factory=set)
    guest: set[str] = field(default_factory=set)

    def post(self, path: str, body: dict[str, Any], why: str) -> Row | None:
        """Create something; return it unless the tenant refused."""
        response = self.send("POST", path, body, why)
        if response is None or response.body is None:
            return None
        self.made.add(str(response.body.get("id")))
        return response.body

    def send(self, method: str, path: str, body: Any, why: str) -> CollectionResponse | None:
        """Send as himself; return the answer unless the tenant refused."""
        response = self.scene.send(self.scene.attacker, method, path, body)
        self.acts.append(
            f"{self.scene.clock.now():%H:%M:%S} {why}: {method} {path} {body or ''} {response.status}"
        )
        if response.status >= 300:
            return None
        self.reported()
        return response

    def own(self) -> Row | None:
        """Choose one of his own live applications."""
        mine = self.all_own()
        return self.random.choice(mine) if mine else None

    def entered(self) -> Row | None:
        """Choose one of others that he owns still, where there is one and it comes to his mind, else one
        of his own.
        """
        found = self.guest_of()
        return found if found is not None and self.random.random() < 0.7 else self.own()

    def guest_of(self) -> Row | None:
        """Choose one of others that he owns still and that is live."""
        owners = self.scene.tables.owners
        open_ = [id_ for id_ in sorted(self.guest) if self.scene.attacker.oid in owners.forward.get(id_, ())]
        return self.scene.tables.applications.get(self.random.choice(open_)) if open_ else None

    def all_own(self) -> list[Row]:
        """Return his own live applications, his daemon apart."""
        return [row for row in self.scene.tables.applications if self.owns(row)]

    def owns(self, row: Row) -> bool:
        """Tell whether he made and still owns an application or service principal."""
        mine = row["id"] in self.made and row.get("appId") != self.daemon_id
        return mine and self.scene.attacker.oid in self.scene.tables.owners.targets(row["id"])

    def principal(self, app: Row, *, owned: bool | None = None) -> Row | None:
        """Return the service principal of an application of his own, made where there is none; as a rule
        he owns it too.
        """
        found = self.scene.tables.service_principal_by_app_id(app["appId"])
        if found is not None:
            return found
        wants = self.random.random() < 0.6 if owned is None else owned
        bound = {"owners@odata.bind": [f"{LINK}{self.scene.attacker.oid}"]} if wants else {}
        return self.post("/servicePrincipals", {"appId": app["appId"], **bound}, "make its principal")

    def daemon(self) -> Row | None:
        """Return the service principal of his own daemon, made at the first need."""
        if not self.daemon_id:
            app = self.post("/applications", {"displayName": "His daemon"}, "make a daemon")
            self.daemon_id = app["appId"] if app else ""
            if app is not None:
                self.post("/servicePrincipals", {"appId": self.daemon_id}, "make the daemon's principal")
                self.post(f"/applications/{app['id']}/addPassword", {}, "give the daemon a secret")
        return self.scene.tables.service_principal_by_app_id(self.daemon_id)

    def share(self, app: Row, owner: Row | None, why: str) -> bool:
        """Make somebody an owner of one of his own."""
        body = {"@odata.id": f"{LINK}{owner['id']}"} if owner is not None else None
        return (
            body is not None
            and self.send("POST", f"/applications/{app['id']}/owners/$ref", body, why) is not None
        )

    def leave(self, app: Row) -> bool:
        """Take himself off the owners; what else lets him in stays."""
        me = self.scene.attacker.oid
        principal = self.scene.tables.service_principal_by_app_id(app["appId"])
        if principal is not None and self.owns(principal):
            self.send(
                "DELETE",
                f"/servicePrincipals/{principal['id']}/owners/{me}/$ref",
                None,
                "leave its principal",
            )
        return self.send("DELETE", f"/applications/{app['id']}/owners/{me}/$ref", None, "leave") is not None

    def federate(self, app: Row, body: dict[str, Any], why: str) -> bool:
        """Let a workload sign in as one of his own."""
        return self.post(f"/applications/{app['id']}/federatedIdentityCredentials", body, why) is not None

    def certify(self, app: Row, identifier: str | None) -> bool:
        """Put his certificate on one of his own, under a name of its own or another's."""
        body = {"keyCredentials": [bait.certificate(identifier)]}
        return self.send("PATCH", f"/applications/{app['id']}", body, "add a certificate") is not None
