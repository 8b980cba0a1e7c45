"""What can be read at this moment in; one act of somebody who may register and own applications, and no
more, out.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING

from tests.oracle.attack import bait
from tests.oracle.attack.knowledge import ACCOMPLICE, KEY, OWNER

if TYPE_CHECKING:
    from entra_config.emulator.graph.call import Call, CollectionResponse
    from entra_config.emulator.table import Row
    from tests.oracle.attack.hands import Hands
    from tests.oracle.attack.knowledge import Knowledge

TRUSTED = ("alice@contoso.com", "grace@contoso.com")


@dataclass(slots=True)
class Attacker:
    """Acts with a chance before and after each request of ours, until his patience is at its end (`left`)."""

    known: Knowledge
    hands: Hands
    random: Random
    chance: float
    moves: tuple[str, ...]
    counted: Counter[str] = field(default_factory=Counter)
    left: int = 30

    def before(self, call: Call) -> None:
        """Act before a request; more often before one that makes an object."""
        makes = call.method == "POST" and len(call.segments) == 1
        if self.random.random() < (max(self.chance, 0.4) if makes and self.chance else self.chance):
            self.act()

    def after(self, call: Call, response: CollectionResponse) -> None:
        """Act after a request was answered, before the answer arrives."""
        if self.random.random() < self.chance / 2:
            self.act()

    def act(self, move: str | None = None) -> bool:
        """Make one move, or one that is drawn; tell whether anything came of it."""
        if self.left <= 0:
            return False
        name = move or self.random.choice(self.moves)
        done: bool = getattr(self, name)()
        if done:
            self.counted[name] += 1
            self.left -= 1
        return done

    def plant(self) -> bool:
        """Register what looks like a key's application, prepare it, and perhaps hide the traces."""
        key = self.known.key(self.random)
        app = self.hands.post("/applications", bait.body(self.known, key, self.random), f"plant {key}")
        if app is None:
            return False
        if self.random.random() < 0.75:
            self.hands.principal(app)
        for _ in range(self.random.choice((0, 1, 1, 2))):
            self._backdoor(app, key)
        match self.random.randrange(5):
            case 0:
                self.hands.send("DELETE", f"/applications/{app['id']}", None, "delete it")
            case 1:
                self.hands.leave(app)
        return True

    def sleeper(self) -> bool:
        """Register the very likeness of a key's application, keep one way in or none, and take himself
        off.
        """
        key = self.known.key(self.random)
        body = bait.body(self.known, key, self.random) | {"tags": self.known.marks(key, self.random)}
        app = self.hands.post("/applications", body, f"plant {key}")
        if app is None:
            return False
        self.hands.principal(app)
        if self.random.random() < 0.75:
            self._backdoor(app, key)
        return self.hands.leave(app)

    def entrust(self) -> bool:
        """Register what looks like a key's application, and leave it to his accomplice alone."""
        key = self.known.key(self.random)
        app = self.hands.post("/applications", bait.body(self.known, key, self.random), f"plant {key}")
        if app is None:
            return False
        self.hands.principal(app)
        shared = self.hands.share(app, self.known.scene.tables.user_by_name(ACCOMPLICE), "entrust")
        return self.hands.leave(app) and shared

    def squat(self) -> bool:
        """Take the next name of a key's series, with its marks as a rule."""
        return self._take_name(marked=self.random.random() < 0.7)

    def occupy(self) -> bool:
        """Take the next name of a key's series, and claim nothing."""
        return self._take_name(marked=False)

    def hoard(self) -> bool:
        """Take all names of a key's series that are free, and claim nothing."""
        key = self.known.key(self.random)
        body = {"displayName": key, "tags": []}
        made = [
            self.hands.post("/applications", {**body, "uniqueName": name}, "hoard")
            for name in self.known.free_names(key)
        ]
        return any(each is not None for each in made)

    def _take_name(self, *, marked: bool) -> bool:
        key = self.known.key(self.random)
        name = self.known.free_name(key, self.random)
        tags = self.known.marks(key, self.random) if marked else []
        return (
            name is not None
            and self.hands.post(
                "/applications", {"displayName": key, "uniqueName": name, "tags": tags}, "squat"
            )
            is not None
        )

    def mimic(self) -> bool:
        """Put the tags of the newest object, or a key's marks, on one of his own."""
        app, newest = self.hands.own(), self.known.newest()
        if app is None:
            return False
        tags = bait.tags(self.known, self.known.key(self.random), self.random)
        if newest is not None and newest["id"] != app["id"] and self.random.random() < 0.5:
            tags = list(newest["tags"])
        return self.hands.send("PATCH", f"/applications/{app['id']}", {"tags": tags}, "mimic") is not None

    def arm(self) -> bool:
        """Give himself one more way into one that he owns."""
        app = self.hands.entered()
        return app is not None and self._backdoor(app, self._key_of(app))

    def vanish(self) -> bool:
        """Give himself a way into one of others that he owns still, and take himself off its owners."""
        app = self.hands.entered()
        return app is not None and self._backdoor(app, self._key_of(app)) and self.hands.leave(app)

    def disarm(self) -> bool:
        """Take his ways out of one of his own, all but those that lists do not show."""
        app = self.hands.own()
        if app is None:
            return False
        for secret in app["passwordCredentials"]:
            self.hands.send(
                "POST",
                f"/applications/{app['id']}/removePassword",
                {"keyId": secret["keyId"]},
                "take a secret off",
            )
        if app["keyCredentials"]:
            self.hands.send(
                "PATCH", f"/applications/{app['id']}", {"keyCredentials": []}, "take certificates off"
            )
        return self.hands.leave(app)

    def delete(self) -> bool:
        """Delete one of his own."""
        app = self.hands.own()
        return (
            app is not None
            and self.hands.send("DELETE", f"/applications/{app['id']}", None, "delete") is not None
        )

    def revive(self) -> bool:
        """Restore one of his own, its service principal too."""
        gone = [
            row for row in self.known.scene.tables.deleted_items if "appId" in row and self.hands.owns(row)
        ]
        if not gone:
            return False
        app_id = self.random.choice(gone)["appId"]
        both = sorted(
            (row for row in gone if row["appId"] == app_id), key=lambda row: "servicePrincipalType" in row
        )
        sent = [
            self.hands.send("POST", f"/directory/deletedItems/{row['id']}/restore", None, "restore")
            for row in both
        ]
        return any(response is not None for response in sent)

    def purge(self) -> bool:
        """Delete one of his own for good."""
        gone = [
            row for row in self.known.scene.tables.deleted_items if "appId" in row and self.hands.owns(row)
        ]
        path = f"/directory/deletedItems/{self.random.choice(gone)['id']}" if gone else ""
        return bool(path) and self.hands.send("DELETE", path, None, "purge") is not None

    def mark(self) -> bool:
        """Put a key's marks on the service principal of one of his own, whatever its registration bears."""
        app = self.hands.own()
        principal = self.hands.principal(app) if app is not None else None
        if principal is None:
            return False
        tags = self.known.marks(self.known.key(self.random), self.random)
        return (
            self.hands.send("PATCH", f"/servicePrincipals/{principal['id']}", {"tags": tags}, "mark")
            is not None
        )

    def hold(self) -> bool:
        """Give a daemon of his own a role of an API of his own, planted where he has none."""
        apis = [row for row in self.hands.all_own() if row["appRoles"]]
        planted = (
            self.hands.post("/applications", bait.body(self.known, "api", self.random), "plant api")
            if not apis
            else None
        )
        api = planted or (self.random.choice(apis) if apis else None)
        principal, daemon = self.hands.principal(api, owned=True) if api else None, self.hands.daemon()
        if api is None or principal is None or daemon is None:
            return False
        roles = [role for role in api["appRoles"] if "Application" in role["allowedMemberTypes"]]
        if not roles:
            return False
        body = {
            "principalId": daemon["id"],
            "resourceId": principal["id"],
            "appRoleId": self.random.choice(roles)["id"],
        }
        return (
            self.hands.send(
                "POST", f"/servicePrincipals/{principal['id']}/appRoleAssignedTo", body, "hold a role"
            )
            is not None
        )

    def admit(self) -> bool:
        """Let a client of his own into an API of his own without a question."""
        apis = [row for row in self.hands.all_own() if row["api"]["oauth2PermissionScopes"]]
        daemon = self.hands.daemon()
        if not apis or daemon is None:
            return False
        api = self.random.choice(apis)
        entry = {
            "appId": daemon["appId"],
            "delegatedPermissionIds": [scope["id"] for scope in api["api"]["oauth2PermissionScopes"]][:1],
        }
        body = {"api": {"preAuthorizedApplications": [entry], "knownClientApplications": [daemon["appId"]]}}
        return self.hands.send("PATCH", f"/applications/{api['id']}", body, "admit") is not None

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
        return self.hands.post("/groups", body, f"group {name}") is not None

    def impersonate(self) -> bool:
        """Register what is called and marked as the application of others that has a role: once, two would
        be no name.
        """
        name = self.known.partner
        if not name or any(row["displayName"] == name for row in self.hands.all_own()):
            return False
        owner, _, key = self.known.partner.rpartition("/")
        body = {
            "displayName": self.known.partner,
            "tags": [f"{OWNER}{owner}", f"{KEY}{key}"] if owner else [],
        }
        app = self.hands.post("/applications", body, f"impersonate {self.known.partner}")
        return app is not None and self.hands.principal(app) is not None

    def pose(self) -> bool:
        """Give one of his own the display name of a key's application, or of its newest neighbour."""
        app = self.hands.own()
        if app is None:
            return False
        name = self.random.choice([row["displayName"] for row in self.known.live])
        return (
            self.hands.send("PATCH", f"/applications/{app['id']}", {"displayName": name}, "pose") is not None
        )

    def vouch(self) -> bool:
        """Let people of the project own one of his own beside him, or in his place."""
        app = self.hands.own()
        if app is None:
            return False
        tables = self.known.scene.tables
        trusted = [tables.user_by_name(name) for name in TRUSTED]
        done = self.hands.share(app, self.random.choice([*trusted, self.known.deployer()]), "vouch")
        if done and self.random.random() < 0.5:
            self.hands.leave(app)
        return done

    def _backdoor(self, app: Row, key: str) -> bool:
        """Give himself a way into one of his own."""
        hands, path = self.hands, f"/applications/{app['id']}"
        declared = self.known.declared_subjects(key)
        match self.random.randrange(8):
            case 0 | 1:
                like = self.random.choice(declared) if declared and self.random.random() < 0.5 else None
                return hands.federate(app, bait.subject(self.random, like), "federate")
            case 2 if declared:
                return hands.federate(
                    app, bait.credential(self.random.choice(declared)), "federate as declared"
                )
            case 3:
                return (
                    hands.post(
                        f"{path}/addPassword", {"passwordCredential": {"displayName": "x"}}, "add a secret"
                    )
                    is not None
                )
            case 4:
                thumbprints = self.known.thumbprints(key)
                return hands.certify(
                    app,
                    self.random.choice(thumbprints) if thumbprints and self.random.random() < 0.5 else None,
                )
            case 5:
                principal = hands.principal(app)
                where = f"/servicePrincipals/{principal['id']}/addPassword" if principal else ""
                return bool(where) and hands.post(where, {}, "add a secret to its principal") is not None
            case _:
                other = self.known.scene.tables.user_by_name(ACCOMPLICE)
                daemon = hands.daemon() if self.random.random() < 0.7 else None
                return hands.share(app, daemon or other, "add an owner")

    def _key_of(self, app: Row) -> str:
        return next((tag.partition("key=")[2] for tag in app["tags"] if "key=" in tag), "")


MOVES = (
    "plant",
    "plant",
    "plant",
    "squat",
    "squat",
    "mimic",
    "arm",
    "vanish",
    "disarm",
    "delete",
    "revive",
    "hold",
    "hold",
    "admit",
    "namesake",
    "pose",
    "impersonate",
    "vouch",
    "hoard",
    "entrust",
    "sleeper",
    "sleeper",
    "purge",
    "mark",
)
# What claims nothing and takes names only.
HARMLESS = ("occupy", "occupy", "occupy", "hoard", "namesake", "pose", "impersonate")
