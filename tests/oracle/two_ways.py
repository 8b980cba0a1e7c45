"""Read a generated tenant by key and by lists, and return what plan, drift and access make of it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager
from random import Random
from typing import Any
from unittest.mock import patch

from entra_config.actual import lists
from entra_config.errors import EntraConfigError
from entra_config.manifest.model import Manifest
from entra_emulator.fault_plan import LISTS, FaultPlan
from entra_emulator.graph import queries
from tests.oracle.reported import OWNER
from tests.oracle.tenant import Document, Tenant, document, load
from tests.oracle.worlds import UnbuiltError, World, build

# No plan waits as long as this, so both ways of reading see the same replicas.
LAG = 3600.0
NEVER = 10**9
COMMANDS = ("plan", "drift", "access")


@contextmanager
def lists_from(many: int) -> Iterator[None]:
    """Let lists be read from so many applications on, however many pages they have."""
    with patch.multiple(lists, MANY=many, LIMIT=1):
        yield


def difference(seed: int) -> str:
    """Return where plan, drift or access say something else by lists than by key; nothing if they agree."""
    return asyncio.run(_difference(seed))


async def _difference(seed: int) -> str:
    try:
        world = await build(seed)
    except UnbuiltError:
        return ""
    try:
        manifest, deployed = (load(each, lock=world.lock) for each in (world.goal, world.deployed))
    except EntraConfigError:
        return ""
    random, tenant = Random(f"two ways {seed}"), world.tenant
    faults = _faults(random, seed)
    # Before something is changed, so that replicas know what was there.
    tenant.faults.set(faults)
    for _ in range(random.choice((0, 1, 3))):
        _change(random, tenant, world)
    if random.random() < 0.5:
        _crowd(random, tenant, world)
    start = tenant.clock.now()
    by_key: dict[str, Any] = {}
    with lists_from(NEVER):
        for command in COMMANDS:
            tenant.clock.time = start
            by_key[command] = await _run(command, world, manifest, deployed)
    # In pages of two, which something is planted between; the plan comes last, since it lasts.
    with lists_from(1), patch.object(queries.page, "__kwdefaults__", {"within": None, "size": 2}):
        for command in reversed(COMMANDS):
            tenant.clock.time = start
            tenant.faults.set(faults)
            if command == "plan":
                tenant.faults.on_call = _Planting(tenant, world).called
            found = await _run(command, world, manifest, deployed)
            if found != by_key[command] and command == "plan":
                # A list that is asked again after a refusal or an error shows what was planted meanwhile.
                by_key[command] = await _planted(world, manifest, start, faults)
            if found != by_key[command]:
                return f"{command} differs: {_first(by_key[command], found)}"
    return ""


async def _planted(world: World, manifest: Manifest, start: float, faults: FaultPlan) -> Document | str:
    """Return what plan reads by key now that everything is planted."""
    world.tenant.clock.time = start
    world.tenant.faults.set(faults)
    world.tenant.faults.on_call = None
    with lists_from(NEVER):
        return await _run("plan", world, manifest, manifest)


async def _run(command: str, world: World, manifest: Manifest, deployed: Manifest) -> Document | str:
    """Return what a command writes, without when it read and what that cost; or why it could not."""
    tenant = world.tenant
    try:
        match command:
            case "plan":
                found = document(await tenant.plan(manifest, world.words))
            case "drift":
                found = await tenant.drift(deployed)
            case _:
                found = await tenant.access(manifest)
    except EntraConfigError as error:
        return f"{type(error).__name__}: {error}"
    return {name: value for name, value in found.items() if name not in {"read", "readAt", "at"}}


def _faults(random: Random, seed: int) -> FaultPlan:
    lag = {"*": random.choice((0.0, 0.0, LAG))}
    return FaultPlan(
        seed=seed,
        lag=lag,
        list_lag=dict(lag),
        throttle_rate=random.choice((0.0, 0.2)),
        throttle_part_rate=random.choice((0.0, 0.1)),
        error_rate=random.choice((0.0, 0.0, 0.3)),
        refused_lists=random.sample(LISTS, random.choice((0, 0, 0, 1, 3))),
    )


def _ours(tenant: Tenant, world: World, rows: Any) -> list[Any]:
    """Return the live objects of a table that have our ownership tag."""
    return [row for row in rows if f"{OWNER}{world.owner}" in row["tags"]]


def _change(random: Random, tenant: Tenant, world: World) -> None:
    """Change something that lists answer, as an administrator does, while replicas lag."""
    apps = _ours(tenant, world, tenant.rows.applications)
    if not apps:
        return
    rows, app, now = tenant.rows, random.choice(apps), tenant.clock.now()
    table = random.choice((rows.app_role_assignments, rows.oauth2_permission_grants, None))
    if table is None:
        rows.owners.add(app["id"], random.choice(list(rows.users))["id"])
        return
    table.keep_history = bool(tenant.faults.plan.lag["*"])
    if held := list(table):
        table.remove(random.choice(held)["id"], now)


def _crowd(random: Random, tenant: Tenant, world: World) -> None:
    """Give a role of ours, or an application or service principal of ours, about as many holders or owners as
    $expand shows.
    """
    rows, number = tenant.rows, random.choice((18, 19, 20, 21))
    principals = {row["id"] for row in _ours(tenant, world, rows.service_principals)}
    assigned = [row for row in rows.app_role_assignments if row["resourceId"] in principals]
    crowded = _ours(tenant, world, random.choice((rows.applications, rows.service_principals)))
    by_owners = crowded and (not assigned or random.random() < 0.3)
    user, owned = next(iter(rows.users)), random.choice(crowded) if by_owners else {}
    for each in range(number if assigned or by_owners else 0):
        id_ = f"00000000-0000-4000-8000-0000000000{each:02x}"
        rows.users.put({**user, "id": id_, "userPrincipalName": f"user{each}@contoso.com", "mail": None})
        if by_owners:
            rows.owners.add(owned["id"], id_)
        else:
            ends = {"id": f"copy-{each:02}", "principalId": id_, "principalType": "User"}
            rows.app_role_assignments.put({**assigned[0], **ends, "principalDisplayName": f"User {each}"})


class _Planting:
    """Another administrator, who makes one object with our tags between two pages of a list."""

    def __init__(self, tenant: Tenant, world: World) -> None:
        self._tenant, self._world, self._made = tenant, world, False

    def called(self, _number: int, phase: str, method: str, path: str) -> None:
        """Make an application or a service principal after the first page of its list."""
        rows = self._tenant.rows
        tables = {"applications": rows.applications, "servicePrincipals": rows.service_principals}
        table = tables.get(path.rpartition("/")[2])
        if phase != "after" or method != "GET" or table is None or self._made:
            return
        if ours := _ours(self._tenant, self._world, table):
            self._made = True
            id_ = "10000000-0000-4000-8000-000000000001"
            # Reads by key ran before this object was made. A plan would warn of what it requires, and
            # the other reading would not know.
            bare = {"id": id_, "appId": id_, "uniqueName": None, "identifierUris": []}
            bare["requiredResourceAccess"] = []
            known = {name: value for name, value in bare.items() if name in ours[0]}
            table.put({**ours[0], **known})


def _first(before: Any, after: Any) -> str:
    """Return the first difference of two documents."""
    if isinstance(before, dict) and isinstance(after, dict):
        names = [name for name in {**before, **after} if before.get(name) != after.get(name)]
        return f"{names[0]}: {_first(before.get(names[0]), after.get(names[0]))}"
    if isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        return next(_first(*each) for each in zip(before, after, strict=True) if each[0] != each[1])
    return f"{json.dumps(before)[:600]} by key, {json.dumps(after)[:600]} by lists"
