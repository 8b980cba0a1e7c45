"""A seed in; a fleet of one project out: a manifest with `${…}` at places of each kind, and its tenants."""

from __future__ import annotations

import json
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from random import Random
from typing import Any

from entra_emulator import seed
from entra_emulator.table import Row

Tree = dict[str, Any]

OWN = "own.example.com"
POOLS: Mapping[str, tuple[Any, ...]] = {
    # Texts that are parts of each other, and of what the manifest says itself.
    "title": ("a", "b", "banana", "MyApp", "Contoso & Söhne"),
    "word": ("a", "Reads", "x"),
    "host": ("one.example.com", f"a.{OWN}", f"b.{OWN}", "aown.example.com"),
    "path": ("", "a", "x/"),
    "subject": ("same", "same", "other"),
    "enabled": (True, True, False),
    "group": ("Staff", "Everybody"),
}
# What is said of a text, an address, and whatever is neither; the same in all tenants, or filled.
TEXTS = ("MyApp", "${title}", "MyApp ${title}", "banana and ${title}, ${word}", "${word}")
ADDRESSES = (
    "https://shared.example.com/",
    "https://${host}/${path}",
    "https://${host}:8443/",
    f"https://{OWN}/${{path}}",
)
KEPT = ("same", "${subject}", "of-${subject}-${word}")
GROUPS = (["${group}"], ["${group}", "Our ${group}"], ["The ${group}", "${group}"], ["Staff"])
NUMBERS = range(5)
PEOPLE = (3, 9, 11)


def tenant_id(number: int) -> str:
    """Return the id of a tenant of the fleet."""
    return f"00000000-0000-4000-8000-{number:012d}"


@dataclass(frozen=True, slots=True)
class DrawnTenant:
    """What a tenant is: variables, what it overrides, how many people are in its group; `before`: the
    variables of an apply long ago, and `by_hand` what somebody wrote into its objects since.
    """

    variables: Tree
    overrides: Tree
    people: int
    before: Tree | None = None
    by_hand: Tree = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DrawnFleet:
    """A manifest, what it said when it was applied, and the tenants by number."""

    manifest: Tree
    earlier: Tree
    tenants: dict[int, DrawnTenant]

    def files(self, manifest: Tree, variables: Mapping[int, Tree]) -> dict[str, str]:
        """Return the files of the fleet with a manifest, for the tenants that have variables here."""
        rows = {
            f"t{number}": {
                "tenantId": tenant_id(number),
                "projects": ["myapp"],
                "variables": each,
                "overrides": {"myapp": self.tenants[number].overrides},
            }
            for number, each in variables.items()
        }
        fleet = {
            "projects": {"myapp": {"manifest": "myapp", "environment": "customer"}},
            "credential": {"kind": "github", "clientId": seed.DEPLOYER_APP_ID},
            "tenants": rows,
        }
        return {
            "fleet.yaml": json.dumps(fleet, indent=1),
            "myapp/entra-config.yaml": json.dumps(manifest, indent=1),
        }


def draw(random: Random) -> DrawnFleet:
    """Draw a fleet: two manifests that differ by a role, and tenants that are few kinds of tenants."""
    manifest = _manifest(random)
    earlier = deepcopy(manifest)
    if random.random() < 0.5:
        earlier["applications"]["api"]["appRoles"].pop("Auditor", None)
    if random.random() < 0.5:
        earlier["applications"]["spa"].pop("logoutUrl", None)
    models = [_tenant(random) for _ in range(2)]
    return DrawnFleet(manifest, earlier, {number: _like(random, random.choice(models)) for number in NUMBERS})


def _manifest(random: Random) -> Tree:
    def text() -> str:
        return random.choice(TEXTS)

    def address() -> str:
        return random.choice(ADDRESSES)

    role = {"description": text()} | ({"isEnabled": "${enabled}"} if random.random() < 0.3 else {})
    roles: Tree = {"Reader": role} | ({"Auditor": {"description": text()}} if random.random() < 0.6 else {})
    scope = {"displayName": text(), "description": text()}
    hub = {"issuer": "https://token.example.com", "subject": f"repo:{random.choice(KEPT)}"}
    if random.random() < 0.3:
        hub["issuer"] = "https://${host}/"
    uris = sorted({address(), "https://always.example.com/x"})
    return {
        "project": "myapp",
        "environments": {"customer": {"fleet": True, "deployers": "credential", "ownDomains": [OWN]}},
        "applications": {
            "api": {"type": "api", "displayName": text(), "notes": text(), "homePageUrl": address(),
                    "appRoles": roles} | ({"scopes": {"read": scope}} if random.random() < 0.5 else {}),
            "spa": {"type": "spa", "displayName": "Page", "redirectUris": uris, "logoutUrl": address()},
            "job": {"type": "daemon", "displayName": f"Job of {text()}",
                    "federatedCredentials": {"hub": hub}},
        },
        "appRoleAssignments": {"api": {"Reader": {"groups": random.choice(GROUPS)}}},
    }  # fmt: skip


def _tenant(random: Random) -> DrawnTenant:
    said = {"notes": random.choice(["said by hand", *TEXTS])} if random.random() < 0.3 else {}
    before = _variables(random) | {"enabled": True} if random.random() < 0.5 else None
    by_hand = {"notes": "Somebody's."} if random.random() < 0.3 else {}
    return DrawnTenant(
        _variables(random),
        {"applications": {"api": said}} if said else {},
        random.choice(PEOPLE),
        before,
        by_hand if before is not None else {},
    )


def _variables(random: Random) -> Tree:
    return {name: random.choice(pool) for name, pool in POOLS.items()}


def _like(random: Random, model: DrawnTenant) -> DrawnTenant:
    """Return a tenant as another one but for what is taken out, now and then for something that is not."""
    variables = model.variables | {
        name: random.choice(POOLS[name]) for name in ("title", "word", "path", "group")
    }
    if random.random() < 0.3:
        name = random.choice(("host", "subject", "enabled"))
        variables[name] = random.choice(POOLS[name])
    people = random.choice(PEOPLE) if random.random() < 0.2 else model.people
    before = model.before
    if before is not None:
        # What a name means stays: a group that the role is taken from is another object in each tenant.
        before = before | {"group": variables["group"]}
        if random.random() < 0.2:
            before = before | {"title": random.choice(POOLS["title"])}
    return DrawnTenant(variables, model.overrides, people, before, model.by_hand)


def row_of(rows: list[Row], key: str) -> Row | None:
    """Return the application of ours that has a key."""
    return next((row for row in rows if f"entra-config:key={key}" in row.get("tags", ())), None)
