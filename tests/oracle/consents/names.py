"""Draw names near real ones in a tenant whose Graph differs from the kept copy, and compare grants by id.

The judge knows what the emulator's Graph calls each id, and what the emulator's own copy called it before.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random
from typing import Any

from entra_emulator import seed
from tests.oracle.consents.draw import GRAPH, mistype
from tests.oracle.consents.runs import World
from tests.oracle.estates import TENANT

# None of them is one that the deployer needs.
POOL = ("User.Read.All", "Group.Read.All", "Device.Read.All", "People.Read.All", "Place.Read.All")


@dataclass
class NamesVerdict:
    """What came of one case: what was granted, and what was wrong."""

    number: int
    granted: int = 0
    wrong: list[str] = field(default_factory=list)


def tried(number: int) -> NamesVerdict:
    """Apply a manifest with near and new names in a tenant whose Graph has other ids for some of them."""
    random, world = Random(number), World()
    graph = world.rows.service_principal_by_app_id(seed.GRAPH_APP_ID)
    published = {role["value"]: role["id"] for role in graph["appRoles"]}
    moved = {name for name in POOL if random.random() < 0.25}
    added = {f"{random.choice(('Agent', 'Robot'))}{each}.Read.All" for each in range(random.randint(0, 2))}
    roles = [
        {**role, "id": seed.fixed_id("moved", role["value"])} if role["value"] in moved else role
        for role in graph["appRoles"]
    ]
    # The id that the copy has for a name that moved belongs to a permission that nobody asked for.
    roles += [{**roles[0], "id": published[name], "value": f"Old.{name}"} for name in sorted(moved)]
    roles += [{**roles[0], "id": seed.fixed_id("added", name), "value": name} for name in sorted(added)]
    world.rows.service_principals.put({**graph, "appRoles": roles})
    near = {mistype(random, random.choice(POOL)) for _ in range(random.randint(0, 2))}
    wanted = sorted({name for name in POOL if random.random() < 0.6} | added | near)
    consented = random.random() < 0.7
    said = world.apply(_manifest(wanted, consented=consented))
    live = {role["value"]: role["id"] for role in roles}
    held = {name for client, _, _, name in world.granted() if client == "job"}
    # A request is one list: it is written only if every name of it can be.
    expected = {name for name in wanted if consented and name in live and name not in moved}
    verdict = NamesVerdict(number, len(held))
    verdict.wrong += [
        f"granted {name}, which was not asked for or differs" for name in sorted(held - expected)
    ]
    verdict.wrong += [f"not granted {name}" for name in sorted(expected - held)]
    for name in wanted:
        if name not in live and f"no permission '{name}'" not in said:
            verdict.wrong.append(f"not reported: {name}")
        if consented and name in moved and "with another id" not in said:
            verdict.wrong.append(f"not reported as different: {name}")
        if name in live and f"no permission '{name}'" in said:
            verdict.wrong.append(f"{name} is there, and a user read that it is not")
    return verdict


def _manifest(names: list[str], *, consented: bool) -> dict[str, Any]:
    permissions: dict[str, Any] = {GRAPH: {"application": names}} if names else {}
    if names and consented:
        permissions[GRAPH]["adminConsent"] = True
    return {
        "project": "shop",
        "environments": {
            "dev": {
                "tenantId": TENANT,
                "policy": {"consent": {GRAPH: {"application": names}} if names else {}},
            }
        },
        "applications": {"job": {"type": "daemon", "displayName": "Job", "apiPermissions": permissions}},
    }
