"""What can be read at this moment in; one act of somebody who may register and own applications, and no more, out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING, Any

from tests.oracle.attack import bait

if TYPE_CHECKING:
    from entra_config.emulator.graph.call import Answer, Call
    from entra_config.emulator.table import Row
    from tests.oracle.attack.knowledge import Knowledge

LINK = "https://graph.microsoft.com/v1.0/directoryObjects/"
ACCOMPLICE = "judy@contoso.com"


@dataclass(slots=True)
class Attacker:
    """Acts with a chance before and after each request of ours, until his patience is at its end (`left`).

    `told` hears of each act that the tenant let happen.
    """

    known: Knowledge
    random: Random
    chance: float
    told: Callable[[], None]
    moves: tuple[str, ...] = ()
    acts: list[str] = field(default_factory=list)
    counted: Counter[str] = field(default_factory=Counter)
    daemon: str = ""
    left: int = 30

    def before(self, call: Call) -> None:
        """Act before a request; more often before one that makes an object."""
        makes = call.method == "POST" and len(call.segments) == 1
        if self.random.random() < (max(self.chance, 0.4) if makes and self.chance else self.chance):
            self.act()

    def after(self, call: Call, answer: Answer) -> None:
        """Act after a request was answered, before the answer arrives."""
        if self.random.random() < self.chance / 2:
            self.act()

    def act(self, move: str | None = None) -> bool:
        """Make one move, or one that is drawn; tell whether anything came of it."""
        if self.left <= 0:
            return False
        name = move or self.random.choice(self.moves or MOVES)
        done: bool = getattr(self, name)()
        if done:
            self.counted[name] += 1
            self.left -= 1
        return done

    def plant(self) -> bool:
        """Register what looks like a key's application, prepare it, and perhaps hide the traces."""
        key = self.known.key(self.random)
        app = self._post("/applications", bait.body(self.known, key, self.random), f"plant {key}")
        if app is None:
            return False
        if self.random.random() < 0.75:
            self._principal(app)
        for _ in range(self.random.choice((0, 1, 1, 2))):
            self._backdoor(app, key)
        match self.random.randrange(5):
            case 0:
                self._send("DELETE", f"/applications/{app['id']}", None, "delete it")
            case 1:
                self._leave(app)
        return True

    def squat(self) -> bool:
        """Take the next name of a key's series, with or without its marks."""
        key = self.known.key(self.random)
        name = self.known.free_name(key, self.random)
        tags = self.known.marks(key, self.random) if self.random.random() < 0.7 else []
        return (
            name is not None
            and self._post("/applications", {"displayName": key, "uniqueName": name, "tags": tags}, "squat") is not None
        )

    def mimic(self) -> bool:
        """Put the tags of the newest object, or a key's marks, on one of his own."""
        app, newest = self._own(), self.known.newest()
        if app is None:
            return False
        tags = bait.tags(self.known, self.known.key(self.random), self.random)
        if newest is not None and newest["id"] != app["id"] and self.random.random() < 0.5:
            tags = list(newest["tags"])
        return self._send("PATCH", f"/applications/{app['id']}", {"tags": tags}, "mimic") is not None

    def arm(self) -> bool:
        """Give himself one more way into one of his own."""
        app = self._own()
        return app is not None and self._backdoor(app, self._key_of(app))

    def disarm(self) -> bool:
        """Take his ways out of one of his own, all but those that lists do not show."""
        app = self._own()
        if app is None:
            return False
        for secret in app["passwordCredentials"]:
            self._send("POST", f"/applications/{app['id']}/removePassword", {"keyId": secret["keyId"]}, "take a secret off")
        if app["keyCredentials"]:
            self._send("PATCH", f"/applications/{app['id']}", {"keyCredentials": []}, "take certificates off")
        return self._leave(app)

    def delete(self) -> bool:
        """Delete one of his own."""
        app = self._own()
        return app is not None and self._send("DELETE", f"/applications/{app['id']}", None, "delete") is not None

    def revive(self) -> bool:
        """Restore one of his own, its service principal too."""
        gone = [row for row in self.known.scene.tables.deleted_items if self._mine(row)]
        if not gone:
            return False
        app_id = self.random.choice(gone)["appId"]
        both = sorted((row for row in gone if row["appId"] == app_id), key=lambda row: "servicePrincipalType" in row)
        sent = [self._send("POST", f"/directory/deletedItems/{row['id']}/restore", None, "restore") for row in both]
        return any(answer is not None for answer in sent)

    def hold(self) -> bool:
        """Give a daemon of his own a role of an API of his own."""
        apis = [row for row in self._all_own() if row["appRoles"]]
        if not apis:
            return False
        api = self.random.choice(apis)
        principal, daemon = self._principal(api), self._daemon()
        if principal is None or daemon is None:
            return False
        roles = [role for role in api["appRoles"] if "Application" in role["allowedMemberTypes"]]
        if not roles:
            return False
        body = {"principalId": daemon["id"], "resourceId": principal["id"], "appRoleId": self.random.choice(roles)["id"]}
        return self._send("POST", f"/servicePrincipals/{principal['id']}/appRoleAssignedTo", body, "hold a role") is not None

    def admit(self) -> bool:
        """Let a client of his own into an API of his own without a question."""
        apis = [row for row in self._all_own() if row["api"]["oauth2PermissionScopes"]]
        daemon = self._daemon()
        if not apis or daemon is None:
            return False
        api = self.random.choice(apis)
        entry = {
            "appId": daemon["appId"],
            "delegatedPermissionIds": [scope["id"] for scope in api["api"]["oauth2PermissionScopes"]][:1],
        }
        body = {"api": {"preAuthorizedApplications": [entry], "knownClientApplications": [daemon["appId"]]}}
        return self._send("PATCH", f"/applications/{api['id']}", body, "admit") is not None

    def namesake(self) -> bool:
        """Make a group that is called like one of the manifest's."""
        if not self.known.groups:
            return False
        name = self.random.choice(self.known.groups)
        body = {
            "displayName": name,
            "mailEnabled": False,
            "mailNickname": f"g{self.random.randrange(10**9)}",
            "securityEnabled": True,
        }
        return self._post("/groups", body, f"group {name}") is not None

    def pose(self) -> bool:
        """Give one of his own the display name of a key's application, or of its newest neighbour."""
        app = self._own()
        if app is None:
            return False
        name = self.random.choice([row["displayName"] for row in self.known.live])
        return self._send("PATCH", f"/applications/{app['id']}", {"displayName": name}, "pose") is not None

    def _backdoor(self, app: Row, key: str) -> bool:
        path = f"/applications/{app['id']}"
        declared = self.known.declared_subjects(key) if key in self.known.applications else []
        match self.random.randrange(7):
            case 0 | 1:
                like = self.random.choice(declared) if declared and self.random.random() < 0.5 else None
                return self._post(f"{path}/federatedIdentityCredentials", bait.subject(self.random, like), "federate") is not None
            case 2 if declared:
                body = bait.credential(self.random.choice(declared))
                return self._post(f"{path}/federatedIdentityCredentials", body, "federate as declared") is not None
            case 3:
                return self._post(f"{path}/addPassword", {"passwordCredential": {"displayName": "x"}}, "add a secret") is not None
            case 4:
                certificate = bait.certificate()
                return self._send("PATCH", path, {"keyCredentials": [certificate]}, "add a certificate") is not None
            case 5:
                principal = self._principal(app)
                if principal is None:
                    return False
                return (
                    self._post(f"/servicePrincipals/{principal['id']}/addPassword", {}, "add a secret to its principal")
                    is not None
                )
            case _:
                daemon = self._daemon()
                other = self.known.scene.tables.user_by_name(ACCOMPLICE)
                owner = daemon if daemon is not None and self.random.random() < 0.7 else other
                return (
                    owner is not None
                    and self._send("POST", f"{path}/owners/$ref", {"@odata.id": f"{LINK}{owner['id']}"}, "add an owner")
                    is not None
                )

    def _leave(self, app: Row) -> bool:
        """Take himself off the owners; what else lets him in stays."""
        me = self.known.scene.attacker.oid
        principal = self.known.scene.tables.service_principal_by_app_id(app["appId"])
        if principal is not None and me in self.known.scene.tables.owners.targets(principal["id"]):
            self._send("DELETE", f"/servicePrincipals/{principal['id']}/owners/{me}/$ref", None, "leave its principal")
        return self._send("DELETE", f"/applications/{app['id']}/owners/{me}/$ref", None, "leave") is not None

    def _principal(self, app: Row) -> Row | None:
        found = self.known.scene.tables.service_principal_by_app_id(app["appId"])
        if found is not None:
            return found
        made = self._post("/servicePrincipals", {"appId": app["appId"]}, "make its principal")
        if made is not None and self.random.random() < 0.5:
            # Who makes an enterprise application in the portal owns it; through Graph a recording shows no owner.
            self.known.scene.tables.owners.add(made["id"], self.known.scene.attacker.oid)
            self.told()
        return made

    def _daemon(self) -> Row | None:
        """Return the service principal of his own daemon, made at the first need."""
        if not self.daemon:
            app = self._post("/applications", {"displayName": "His daemon"}, "make a daemon")
            self.daemon = app["appId"] if app else ""
            if app is not None:
                self._post("/servicePrincipals", {"appId": self.daemon}, "make the daemon's principal")
                self._post(f"/applications/{app['id']}/addPassword", {}, "give the daemon a secret")
        return self.known.scene.tables.service_principal_by_app_id(self.daemon)

    def _mine(self, row: Row) -> bool:
        scene = self.known.scene
        return (
            scene.attacker.oid in scene.tables.owners.targets(row["id"]) and row["appId"] != self.daemon
            if "appId" in row
            else False
        )

    def _all_own(self) -> list[Row]:
        return [row for row in self.known.live if self._mine(row)]

    def _own(self) -> Row | None:
        mine = self._all_own()
        return self.random.choice(mine) if mine else None

    def _key_of(self, app: Row) -> str:
        return next((tag.partition("key=")[2] for tag in app["tags"] if "key=" in tag), "")

    def _post(self, path: str, body: dict[str, Any], told: str) -> Row | None:
        answer = self._send("POST", path, body, told)
        return answer.body if answer is not None else None

    def _send(self, method: str, path: str, body: Any, told: str) -> Answer | None:
        """Send as himself; return the answer unless the tenant refused."""
        scene = self.known.scene
        answer = scene.send(scene.attacker, method, path, body)
        said = f"{scene.clock.now():%H:%M:%S} {told}: {method} {path} {body or ''} {answer.status}"
        self.acts.append(said)
        if answer.status >= 300:
            return None
        self.told()
        return answer


MOVES = (
    "plant",
    "plant",
    "plant",
    "squat",
    "squat",
    "mimic",
    "arm",
    "disarm",
    "delete",
    "revive",
    "hold",
    "admit",
    "namesake",
    "pose",
)
