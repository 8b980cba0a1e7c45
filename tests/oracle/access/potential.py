"""A seed in; a tenant with owners and administrators, what `access --potential` says of it, what each person
could really do, and what of the two differs, out.
"""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random
from typing import Any

from entra_config.actual.holders import access
from entra_config.report import holders_data
from entra_emulator import seed as seeds
from entra_emulator.clock import ManualClock
from entra_emulator.faults import Faults
from tests.oracle import estates
from tests.oracle.access.runs import OWNER
from tests.oracle.evidence import engine
from tests.oracle.evidence.scene import LINK, Scene

ROLES = (
    "Global Administrator",
    "Privileged Role Administrator",
    "Application Administrator",
    "Cloud Application Administrator",
    "Groups Administrator",
    "User Administrator",
    "Directory Readers",
    "Application Developer",
    "Global Reader",
)
# Whoever gives directory roles can do everything in two steps; here each person takes one.
TWO_STEPS = ROLES[:2]
DEFAULT_ACCESS = "00000000-0000-0000-0000-000000000000"
Deed = tuple[str, str, str]  # object id of a person, power, target


@dataclass
class Run:
    """One tenant: how many deeds of which power people did, and what the report has wrong."""

    seed: int
    deeds: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Targets:
    """What can be taken: the project's registrations by key, and by name the groups that hold its roles."""

    registrations: dict[str, Any]
    groups: dict[str, Any]


def run(seed: int) -> Run:
    """Make a tenant, ask who could gain access, let each person try, and compare."""
    return asyncio.run(_run(seed))


async def _run(seed: int) -> Run:
    random = Random(f"potential {seed}")
    scene = _scene(seeds.contoso(clock=ManualClock(), seed=f"potential {seed}"))
    goal = estates.estate(random, "shop")
    if await engine.deploy(scene, goal) is None:
        return Run(seed, Counter({"unbuilt": 1}))
    targets = _targets(scene, goal)
    _hand_out(scene, targets, random)
    reported = await _report(scene, goal)
    said = {
        (row["id"], row["power"], target): row["through"]
        for row in reported["potential"]["possible"]
        for target in row["targets"]
        if row["type"] == "user"
    }
    done = set(_tried(scene, targets))
    names = {row["id"]: row["userPrincipalName"] for row in scene.rows.users}
    missing = [f"not said: {names[who]} could {power} {at}" for who, power, at in sorted(done - said.keys())]
    wrong = [
        f"said, and not so: {names[who]} could {power} {at}, by {said[who, power, at]}"
        for who, power, at in sorted(said.keys() - done)
        if said[who, power, at] not in TWO_STEPS
    ]
    unknown = [f"unknown: {each}" for each in reported["potential"]["unknown"]]
    return Run(seed, Counter(power for _, power, _ in done), [*missing, *wrong, *unknown])


def _scene(directory: Any) -> Scene:
    return Scene(directory, directory.clock, Faults(), OWNER)


def _targets(scene: Scene, goal: Any) -> Targets:
    names = {app["displayName"]: key for key, app in goal["applications"].items()}
    registrations = {
        names[row["displayName"]]: row for row in scene.rows.applications if row["displayName"] in names
    }
    principals = {scene.principal(row)["id"] for row in registrations.values()}
    holding = {
        row["principalId"]
        for row in scene.rows.app_role_assignments
        if row["principalType"] == "Group" and row["resourceId"] in principals
    }
    groups = {row["displayName"]: row for row in scene.rows.groups if row["id"] in holding}
    return Targets(registrations, groups)


def _hand_out(scene: Scene, targets: Targets, random: Random) -> None:
    """Make people owners and administrators, of the tenant or of one object."""
    people = list(scene.rows.users)
    scene.rows.directory_roles.clear()
    objects = [
        *targets.registrations.values(),
        *(scene.principal(row) for row in targets.registrations.values()),
        *targets.groups.values(),
    ]
    for _ in range(random.randint(4, 12)):
        person, row = random.choice(people), random.choice(objects)
        if random.random() < 0.5:
            scene.rows.owners.add(row["id"], person["id"])
            continue
        scope = random.choice(("", f" /{row['id']}"))
        held = scene.rows.directory_roles.setdefault(person["id"], [])
        held.append(f"{random.choice(ROLES)}{scope}")


async def _report(scene: Scene, goal: Any) -> dict[str, Any]:
    """Return what `access --potential --format json` writes."""
    async with await engine.signed_in(scene) as graph:
        found = await access(graph, engine.loaded(goal), could=True)
    written: dict[str, Any] = json.loads(
        holders_data.to_json(found.holdings, found.owners, found.entrances, potential=found.potential)
    )
    return written


def _tried(scene: Scene, targets: Targets) -> Iterator[Deed]:
    """Yield what each person succeeds in, each time in a tenant in which nobody did anything else."""
    attempts = list(_attempts(scene, targets))
    for person in scene.rows.users:
        alias = person["userPrincipalName"].partition("@")[0]
        for power, target, requests in attempts:
            twin = _scene(scene.directory.fork())
            if any(twin.send(alias, "POST", path, body) is not None for path, body in requests):
                yield person["id"], power, target


def _attempts(scene: Scene, targets: Targets) -> Iterator[tuple[str, str, list[tuple[str, dict[str, Any]]]]]:
    for key, row in targets.registrations.items():
        principal = scene.principal(row)
        secret = {"passwordCredential": {"displayName": "mine"}}
        yield (
            "actAs",
            key,
            [
                (f"/applications/{row['id']}/addPassword", secret),
                (f"/servicePrincipals/{principal['id']}/addPassword", secret),
            ],
        )
        path = f"/servicePrincipals/{principal['id']}/appRoleAssignedTo"
        yield "assign", key, [(path, body) for body in _assignments(scene, row, principal)]
    for name, group in targets.groups.items():
        inside = scene.rows.members.targets(group["id"])
        other = next(row["id"] for row in scene.rows.users if row["id"] not in inside)
        path = f"/groups/{group['id']}/members/$ref"
        yield "addMembers", name, [(path, {"@odata.id": f"{LINK}{other}"})]


def _assignments(scene: Scene, row: Any, principal: Any) -> Iterator[dict[str, Any]]:
    """Yield an assignment of each role to a person or an application that does not have it."""
    held = {
        (each["principalId"], each["appRoleId"])
        for each in scene.rows.app_role_assignments
        if each["resourceId"] == principal["id"]
    }
    people = [each["id"] for each in scene.rows.users]
    robots = [scene.rows.service_principal_by_app_id(seeds.ADMIN_APP_ID)["id"]]
    # To be let in is something to gain where that takes an assignment.
    default = {"id": DEFAULT_ACCESS, "allowedMemberTypes": ["User"]}
    for role in row["appRoles"] or [default] * principal["appRoleAssignmentRequired"]:
        able = people if "User" in role["allowedMemberTypes"] else robots
        who = next((each for each in able if (each, role["id"]) not in held), None)
        if who is not None:
            yield {"principalId": who, "resourceId": principal["id"], "appRoleId": role["id"]}
