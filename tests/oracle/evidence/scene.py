"""A tenant in this process with a project in it, people and applications who change it, and who really did
what.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from typing import Any

from entra_emulator import seed as seeds
from entra_emulator.callers import Caller, from_claims
from entra_emulator.clock import ManualClock
from entra_emulator.deeds import RecordedChange
from entra_emulator.directory import Tenants
from entra_emulator.embedded import Embedded
from entra_emulator.faults import Faults
from entra_emulator.graph.batch import BatchPart
from entra_emulator.graph.call import CollectionResponse, HttpCall
from entra_emulator.graph.reading import read_query
from entra_emulator.graph.routing import split
from entra_emulator.table import Row

ORIGIN = "https://graph.microsoft.com"
LINK = f"{ORIGIN}/v1.0/directoryObjects/"
HUMAN = (
    "Application.ReadWrite.All",
    "AppRoleAssignment.ReadWrite.All",
    "DelegatedPermissionGrant.ReadWrite.All",
    "Directory.ReadWrite.All",
    "Group.ReadWrite.All",
    "User.ReadWrite.All",
)
PEOPLE = ("alice", "grace", "carol", "dave")
DEPLOYER, NEIGHBOUR, ROBOT = "deployer", "another project's deployer", "an application"
APPLICATIONS = {
    DEPLOYER: seeds.DEPLOYER_APP_ID,
    NEIGHBOUR: seeds.WRITERS["dev"][0],
    ROBOT: seeds.ADMIN_APP_ID,
}


@dataclass
class Scene:
    """Contoso after the project's first deployment. `likes` are the look-alikes by the key that they copy,
    in registrations; `own` are ours, by key, whatever their tags are; `swapped`: two roles or scopes have
    each other's value. `hr` is the service principal of the API of others, if the manifest names one.
    """

    directory: Tenants
    clock: ManualClock
    faults: Faults
    owner: str
    likes: dict[str, list[str]] = field(default_factory=dict)
    own: dict[str, str] = field(default_factory=dict)
    swapped: bool = False
    hr: str = ""
    acts: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Open the tenant, which keeps from now on who did what."""
        self.emulator = Embedded(self.directory, self.faults, lambda: self.directory)
        self._service = self.emulator.app.graph
        self._callers: dict[str, Caller] = {}
        if self.rows.deeds is None:
            self.rows.deeds = []

    @property
    def rows(self) -> Any:
        """Give the tenant as it is."""
        return self.directory.default

    @property
    def deeds(self) -> list[RecordedChange]:
        """Give who really did what, oldest first."""
        return list(self.rows.deeds)

    def dump(self) -> dict[str, Any]:
        """Return all that the directory holds, as a copy."""
        copied: dict[str, Any] = json.loads(json.dumps(self.directory.dump()))
        return copied

    def caller(self, who: str) -> Caller:
        """Give a person or an application as a caller."""
        if who not in self._callers:
            app = APPLICATIONS.get(who)
            caller = (
                self.emulator.app_caller(app)
                if app
                else self.emulator.user_caller(f"{who}@contoso.com", HUMAN)
            )
            self._callers[who] = from_claims(self.directory, caller.claims())
        return self._callers[who]

    def send(self, who: str, method: str, path: str, body: Any = None) -> Row | None:
        """Answer a request of somebody; nothing where the tenant refused it, `{}` where it answers without
        a body.
        """
        if who in APPLICATIONS and self.rows.service_principal_by_app_id(APPLICATIONS[who]) is None:
            return None  # somebody deleted it
        target, _, query = path.partition("?")
        http = HttpCall(method, ["v1.0", *target.strip("/").split("/")], query, {}, b"", ORIGIN)
        part = BatchPart(method, split(target.strip("/").split("/")), read_query(query), {}, body)
        response: CollectionResponse = self._service.run(self._service.call(http, self.caller(who), part))
        said = (
            f"{self.clock.now():%m-%d %H:%M:%S} {who}: {method} {path} "
            f"{json.dumps(body) if body else ''} {response.status}"
        )
        self.acts.append(said if response.status < 300 else f"{said} {response.body}")
        return (response.body or {}) if response.status < 300 else None

    def ours(self, key: str) -> Row | None:
        """Give our registration of a key, where it is there."""
        found: Row | None = self.rows.applications.get(self.own.get(key, ""))
        return found

    def remember(self, keys: Iterable[str]) -> None:
        """Remember which registrations are ours, while their tags tell."""
        for key in keys:
            marks = {f"entra-config:owner={self.owner}", f"entra-config:key={key}"}
            self.own[key] = next(row["id"] for row in self.rows.applications if marks <= set(row["tags"]))

    def principal(self, app: Mapping[str, Any]) -> Row | None:
        """Give the service principal of a registration."""
        found: Row | None = self.rows.service_principal_by_app_id(app["appId"])
        return found

    def some(self, random: Random, *keys: str) -> Row | None:
        """Choose one of ours of these keys, or something that looks like it."""
        key = random.choice(keys)
        like = [row for row in map(self.rows.applications.get, self.likes.get(key, ())) if row is not None]
        ours = self.ours(key)
        if like and (ours is None or random.random() < 0.3):
            return random.choice(like)
        return ours


def user(name: str) -> str:
    """Return the id of a person."""
    return seeds.fixed_id(seeds.CONTOSO, "user", f"{name}@contoso.com")


def group(name: str) -> str:
    """Return the id of a group."""
    return seeds.fixed_id(seeds.CONTOSO, "group", name)


@dataclass(frozen=True)
class Report:
    """A drift report as its document says it, with all that a judge must know beside it."""

    document: Mapping[str, Any]
    at: datetime
    # When the last whole deployment began, where the report was told; the report that it was given.
    since: datetime | None
    last: Report | None
    formats: Mapping[str, str] = field(default_factory=dict)
    # Whether the plan of what was deployed changes, refuses or withholds anything at that time.
    planned: bool = False
