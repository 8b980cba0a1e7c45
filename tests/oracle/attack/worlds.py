"""A seed in; a project, its environment and how it is applied, out."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from typing import Any, Literal

import yaml

from entra_emulator import seed as seeds
from entra_emulator.fault_plan import FaultPlan, FaultRule
from tests.oracle.attack import certificates

PROJECT = "myapp"
GITHUB = "https://token.actions.githubusercontent.com"
MATCHES = "claims['sub'] matches 'repo:example/app:ref:refs/heads/*' and claims['repository_id'] eq '1'"
COLLECTIONS = (
    "owners",
    "applications",
    "servicePrincipals",
    "federatedIdentityCredentials",
    "oauth2PermissionGrants",
)
Start = Literal["nothing", "api", "some", "all", "deleted", "purged"]
Goal = Literal["same", "destroy", "release", "rename"]


def _scope(text: str) -> dict[str, Any]:
    return {"displayName": text, "description": f"{text}.", "whoCanConsent": "adminsAndUsers"}


def _role(text: str, *members: str) -> dict[str, Any]:
    return {"displayName": text, "description": f"{text}.", "allowedMemberTypes": list(members)}


ESTATE: Mapping[str, Any] = {
    "applications": {
        "api": {
            "type": "api",
            "displayName": "MyApp API",
            "identifierUris": ["api://${appId}"],
            "scopes": {"read": _scope("Read"), "write": _scope("Write")},
            "appRoles": {"Reader": _role("Reader", "User"), "Writer": _role("Writer", "User", "Application")},
            "authorizedClients": {"spa": ["read"]},
        },
        "spa": {
            "type": "spa",
            "displayName": "MyApp SPA",
            "redirectUris": ["https://app.example.com/"],
            "apiPermissions": {"api": {"delegated": ["read", "write"], "adminConsent": True}},
        },
        "nightly": {
            "type": "daemon",
            "displayName": "MyApp Nightly",
            "certificates": {"ci": {"pem": certificates.named("nightly").pem}},
            "federatedCredentials": {
                "one": {"issuer": GITHUB, "subject": "repo:example/app:environment:one"},
                "two": {"issuer": GITHUB, "matches": MATCHES},
            },
            "apiPermissions": {"api": {"application": ["Writer"], "adminConsent": True}},
        },
    },
    "appRoleAssignments": {
        "api": {"Reader": {"groups": ["All Staff"]}, "Writer": {"groups": ["MyApp Writers"]}}
    },
}


@dataclass(frozen=True, slots=True)
class World:
    """One project in one environment.

    `start` is what was applied before, and `pinned` tells that its lock file holds what was made then; `goal`
    is what is wanted. `named`: the environment names its deployers. `crowded`: other projects live beside it.
    `open_door`: people sign in through the deployer's application, the attacker too. `quiet`: he only takes
    names, long before each round. `compromised`: he left a way in on one of ours, and what it held was taken
    away. `stuck`: nobody can take owners and federated credentials off, nor change a registration.
    `handed`: another project took one of ours over, and the pin stayed. `locks`: `lock` runs between rounds.
    `accepted`: his accomplice was accepted once as an owner of one of ours. `shared`: the same pipeline made
    another project's application, and he is an owner of that. `echo`: for how many seconds a credential that
    was taken off still signs in. `lingering`: he is an owner of one of ours by mistake, and acts on it until
    that is mended. `deserting`: he is an owner of one of ours that holds what it is given, and may delete it.
    `partner`: an application of others is given a role of ours and one of Graph's by its
    pinned id, and is there or has left. `coming`: a key is added, with a role of its own, while he owns
    another pinned application. `reused`: once a rename is applied, the old key is declared for a new
    application. `lag` and `list_lag` are the seconds that reads by key and lists are
    behind; of some collections others (`lags`). `lists`: plans read by lists, however few applications.
    """

    seed: int
    protected: bool
    deployer: Literal["application", "user"]
    start: Start
    goal: Goal
    named: bool
    open_door: bool
    pinned: bool
    owned: bool
    rounds: int
    lag: int
    list_lag: int
    latency: int
    lost: float
    chance: float
    patience: int
    kill: int
    crowded: bool
    quiet: bool
    compromised: bool
    stuck: bool
    handed: bool
    locks: bool
    accepted: bool
    shared: bool
    echo: int
    lingering: bool
    deserting: bool
    lags: tuple[tuple[str, int], ...] = ()
    partner: Literal["", "there", "gone"] = ""
    coming: bool = False
    reused: bool = False
    lists: bool = False

    @property
    def called(self) -> str:
        """Return what the manifest calls the application of others: a display name, or its marks."""
        return "Partner" if self.seed % 2 else "partner/prod/job"

    @property
    def longest(self) -> int:
        """Return by how many seconds a read may be behind at most."""
        return max(self.lag, self.list_lag, *(seconds for _, seconds in self.lags))

    @property
    def environment(self) -> str:
        """Return the environment's name."""
        return "prod" if self.protected else "dev"

    @property
    def owner(self) -> str:
        """Return the owner as marks carry it."""
        return f"{PROJECT}/{self.environment}"

    @property
    def faults(self) -> FaultPlan:
        """Return what goes wrong in the tenant."""
        own = dict(self.lags)
        lags: dict[str, Any] = {"lag": {"*": self.lag, **own}, "list_lag": {"*": self.list_lag, **own}}
        denied = {"status": 403, "code": "Authorization_RequestDenied", "message": "Insufficient privileges."}
        taken = (
            ("DELETE", "federatedIdentityCredentials"),
            ("DELETE", "owners"),
            ("PATCH", "applications/[0-9a-f-]{36}$"),
        )
        stuck = [FaultRule("respond", method, path, times=None, **denied) for method, path in taken]
        return FaultPlan(
            seed=self.seed,
            latency_ms=self.latency,
            cut_after_rate=self.lost,
            cut_before_rate=self.lost / 2,
            rules=stuck if self.stuck else [],
            **lags,
        )

    def before(self) -> dict[str, Any]:
        """Return the manifest that was applied before, as plain data."""
        made = copy.deepcopy(dict(ESTATE))
        if self.partner:
            made["appRoleAssignments"]["api"]["Writer"]["servicePrincipals"] = [self.called]
        if self.partner and self.deployer == "application":
            # No person of these worlds may give roles of Graph.
            made["grants"] = {self.called: {"Microsoft Graph": {"application": ["User.Read.All"]}}}
        if self.owned:
            # Who stands here is kept, who does not goes: a plan that cleans up before it grants.
            for application in made["applications"].values():
                application["owners"] = ["grace@contoso.com"]
        environment: dict[str, Any] = {"tenantId": seeds.CONTOSO, "protected": self.protected}
        if self.partner:
            environment["policy"] = {"consent": {"Microsoft Graph": {"application": ["User.Read.All"]}}}
        if self.named:
            environment["deployers"] = (
                ["Emulator deployer"] if self.deployer == "application" else ["alice@contoso.com"]
            )
        return {"project": PROJECT, "environments": {self.environment: environment}, **made}

    def manifest(self) -> dict[str, Any]:
        """Return the manifest that is wanted now, as plain data."""
        made = self.before()
        applications = made["applications"]
        match self.goal:
            case "destroy" | "release":
                del applications["nightly"]
                made["removed"] = {"applications": {"nightly": {"destroy": self.goal == "destroy"}}}
            case "rename":
                applications["portal"] = applications.pop("spa") | {"previously": "spa"}
                applications["api"]["authorizedClients"] = {"portal": ["read"]}
            case _:
                pass
        if self.coming:
            applications["api"]["appRoles"]["Biller"] = _role("Biller", "Application")
            applications["billing"] = {
                "type": "daemon",
                "displayName": "MyApp Billing",
                "apiPermissions": {"api": {"application": ["Biller"], "adminConsent": True}},
            }
        return made

    def later(self) -> dict[str, Any]:
        """Return the manifest that is wanted once the first one is applied, as plain data."""
        made = self.manifest()
        if self.reused:
            applications = made["applications"]
            del applications["portal"]["previously"]
            applications["spa"] = copy.deepcopy(ESTATE["applications"]["spa"]) | {
                "displayName": "Another SPA"
            }
        return made


PEACE = World(
    seed=0,
    protected=True,
    deployer="application",
    start="nothing",
    goal="same",
    named=True,
    open_door=False,
    pinned=True,
    owned=False,
    rounds=1,
    lag=0,
    list_lag=0,
    latency=0,
    lost=0.0,
    chance=0.0,
    patience=30,
    kill=0,
    crowded=False,
    quiet=False,
    compromised=False,
    stuck=False,
    handed=False,
    locks=False,
    accepted=False,
    shared=False,
    echo=0,
    lingering=False,
    deserting=False,
)


# A key comes whose tags the owner of another, pinned application can write before anybody else.
COMING: Mapping[str, Any] = {
    "coming": True, "start": "all", "goal": "same", "pinned": True, "lingering": True, "compromised": False,
    "handed": False, "accepted": False,
}  # fmt: skip
REUSED: Mapping[str, Any] = {"reused": True, "start": "all", "goal": "rename", "pinned": True, "rounds": 3}


def draw(seed: int, *, protected: bool | None = None) -> World:
    """Draw a world; in one of ten a key comes, in another one an old key is used again; in half of them
    plans read by lists.
    """
    special = Random(f"keys {seed}").choice((*({},) * 8, COMING, REUSED))
    return replace(plain(seed, protected=protected), **special, lists=Random(f"lists {seed}").random() < 0.5)


def plain(seed: int, *, protected: bool | None = None) -> World:
    """Draw a world in which no key comes and none is used again."""
    random = Random(f"world {seed}")
    lag = random.choice((0, 2, 8, 15))
    return World(
        seed=seed,
        protected=random.random() < 0.7 if protected is None else protected,
        deployer=random.choice(("application", "application", "application", "user")),
        start=random.choice(("nothing", "some", "all", "deleted", "purged")),
        goal=random.choice(("same", "same", "same", "destroy", "release", "rename")),
        named=random.random() < 0.85,
        open_door=random.random() < 0.1,
        pinned=random.random() < 0.5,
        owned=random.random() < 0.3,
        rounds=random.choice((1, 2, 2, 3)),
        lag=lag,
        list_lag=max(lag, random.choice((0, 15, 30))),
        latency=random.choice((20, 200, 800)),
        lost=random.choice((0.0, 0.0, 0.1)),
        chance=random.choice((0.03, 0.1, 0.25)),
        patience=random.choice((1, 2, 3, 6, 12, 30)),
        kill=random.choice((0, 0, 0, random.randrange(1, 40))),
        crowded=random.random() < 0.5,
        quiet=random.random() < 0.1,
        compromised=random.random() < 0.15,
        stuck=random.random() < 0.1,
        handed=random.random() < 0.07,
        locks=random.random() < 0.3,
        accepted=random.random() < 0.15,
        shared=random.random() < 0.2,
        echo=random.choice((0, 45)),
        lingering=random.random() < 0.1,
        lags=_lags(random),
        partner=random.choice(("", "", "there", "gone")),
        deserting=random.random() < 0.2,
    )


def _lags(random: Random) -> tuple[tuple[str, int], ...]:
    """Draw by how many seconds reads of some collections are behind: no two replicas are alike."""
    if random.random() < 0.4:
        return ()
    return tuple((name, random.choice((0, 0, 2, 15, 40))) for name in COLLECTIONS if random.random() < 0.6)


def write(folder: Path, manifest: Mapping[str, Any]) -> None:
    """Write a manifest as files."""
    folder.mkdir(parents=True, exist_ok=True)
    above = {
        key: manifest[key] for key in ("project", "environments", "removed", "grants") if key in manifest
    }
    rest = {key: value for key, value in manifest.items() if key not in above}
    for name, data in (("entra-config.yaml", above | {"files": [{"path": "all.yaml"}]}), ("all.yaml", rest)):
        (folder / name).write_text(yaml.safe_dump(data, sort_keys=False), encoding="utf-8")


def only(manifest: Mapping[str, Any], keys: frozenset[str]) -> dict[str, Any]:
    """Return a manifest of some of its applications."""
    made = copy.deepcopy(dict(manifest))
    made["applications"] = {key: value for key, value in made["applications"].items() if key in keys}
    for application in made["applications"].values():
        for section in ("authorizedClients", "apiPermissions"):
            if section in application:
                application[section] = {
                    key: value for key, value in application[section].items() if key in keys
                }
    made["appRoleAssignments"] = {
        key: value for key, value in made["appRoleAssignments"].items() if key in keys
    }
    return made


def held(applications: Mapping[str, Any], key: str) -> frozenset[str]:
    """Return the roles and scopes that a manifest lets one of its applications hold."""
    requested = (applications[key].get("apiPermissions") or {}).values()
    authorized = ((each.get("authorizedClients") or {}).get(key, ()) for each in applications.values())
    values = (kind for each in requested for kind in (each.get("application"), each.get("delegated")) if kind)
    return frozenset(value for each in (*values, *authorized) for value in each)
