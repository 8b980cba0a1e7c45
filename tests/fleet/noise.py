"""A fleet whose plans are a megabyte of what differs harmlessly in each tenant, and four tenants in which one
thing more is otherwise; how a report ranks their kinds, out.
"""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from random import Random
from typing import Any

from entra_config import reconcile
from entra_config.graph.request import Request
from entra_config.manifest.tenants import reading
from entra_config.manifest.tenants.shards import LoadedShard
from entra_config.testing import populating
from entra_emulator import seed
from entra_emulator.embedded import Embedded
from entra_fleet.report.document import FleetReportDocument, FleetResultDocument
from entra_fleet.run import tenant_result
from entra_fleet.run.run_results import FleetResults, ReadResult
from tests import world
from tests.fleet.draws import OWN, Tree, tenant_id
from tests.unit.fleet.files import NOW, loaded, write

PLAIN = ("t0", "t1", "t2")
SINGLES = {"t3": "a foreign host", "t4": "a step of people more", "t5": "one consent", "t6": "an impostor"}
APPLICATIONS = ("api", "other")
ROLES, WORDS = 640, 800  # so many roles, each described by so many characters: a megabyte in all
_IMPOSTOR = {
    "displayName": "MyApp a",
    "tags": ["entra-config:owner=myapp/customer", "entra-config:key=api"],
}


def noise(random: Random) -> str:
    """Draw what a tenant's variable fills into each description."""
    words = (
        "a",
        "banana",
        "https://evil.example.net/",
        "- refused:",
        "admin consent",
        "11 people lose",
        "ünï",
    )
    return " ".join(random.choices(words, k=WORDS))[:WORDS].strip()


def _variables(name: str, random: Random) -> Tree:
    host = "evil.example.net" if name == "t3" else f"{random.choice('abc')}.{OWN}"
    said = {"title": random.choice(["a", "MyApp", "banana"]), "noise": noise(random)}
    return said | {"host": host, "consent": name == "t5", "group": random.choice(["Staff", "Everybody"])}


def _manifest() -> Tree:
    roles = {f"Role{n}": {"description": f"{n}: ${{noise}}"} for n in range(ROLES)}
    applications: Tree = {
        key: {"type": "api", "displayName": f"{key} of ${{title}}", "appRoles": roles} for key in APPLICATIONS
    }
    applications["api"]["scopes"] = {"read": "Lets ${title} read."}
    applications["spa"] = {
        "type": "spa",
        "displayName": "Page",
        "redirectUris": ["https://${host}/"],
        "apiPermissions": {"api": {"delegated": ["read"], "adminConsent": "${consent}"}},
    }
    return {
        "project": "myapp",
        "environments": {"customer": {"fleet": True, "deployers": "credential", "ownDomains": [OWN]}},
        "applications": applications,
        "appRoleAssignments": {"api": {f"Role{ROLES - 1}": {"groups": ["${group}"]}}},
    }


def ranked(folder: Path, random: Random) -> tuple[FleetReportDocument, int]:
    """Plan all; return the report, and how many bytes the smallest result has."""
    names = [*PLAIN, *SINGLES]
    rows = {
        name: {"tenantId": tenant_id(number), "projects": ["myapp"], "variables": _variables(name, random)}
        for number, name in enumerate(names)
    }
    fleet = {
        "projects": {"myapp": {"manifest": "myapp", "environment": "customer"}},
        "credential": {"kind": "github", "clientId": seed.DEPLOYER_APP_ID},
        "tenants": rows,
    }
    write(folder, {"fleet.yaml": json.dumps(fleet), "myapp/entra-config.yaml": json.dumps(_manifest())})
    emulator = Embedded.create(seed="noise")
    every, sizes = [], []
    for shard in loaded(folder).values():
        found, size = asyncio.run(_planned(emulator, shard))
        every.append(ReadResult(shard, found, ""))
        sizes.append(size)
    results = FleetResults(reading.read(folder / "fleet.yaml"), "one", "plan", every)
    return results.report(None, names=False), min(sizes)


async def _planned(emulator: Embedded, shard: LoadedShard) -> tuple[FleetResultDocument, int]:
    populating.populate(emulator.directory, shard.manifest)
    id_, name = shard.manifest.tenant_id, shard.placed.shard.tenant
    tenant = emulator.directory.tenants[id_]
    for group in tenant.groups:
        for one in range(11 if name == "t4" else 9):
            user = seed.add_user(tenant, f"u{one}.{group['id']}@{tenant.initial_domain}", f"User {one}")
            tenant.members.add(group["id"], user["id"])
    if name == "t6":
        stranger = emulator.user_caller(
            user["userPrincipalName"], ["Application.ReadWrite.All"], tenant_id=id_
        )
        async with await world.signed_in(emulator, stranger) as graph:
            [response] = await graph.send([Request("POST", "/applications", _IMPOSTOR)])
            assert response.ok, response
    async with await world.signed_in(emulator, emulator.app_caller(tenant_id=id_)) as graph:
        plan = await reconcile.plan(shard.manifest, graph, now=NOW)
    said = tenant_result.of_plan(plan, shard, 2)
    # A result of so much is refused whole; here the kinds are looked at.
    document: dict[str, Any] = {
        "version": 3, "kind": "fleetResult", "run": "one", "shard": shard.placed.shard.name, "tenant_id": id_,
        "owner": shard.manifest.owner, "do": "plan", "hash": "", "allow": [], "cloud": "emulator",
        "ended": "", "code": 2, "error": "", "digest": said.digest, "change": said.change,
        "loss": said.loss, "applied": None, "lock": "", "text": "", "unnamed": "",
            "changes": list(said.changes),
    }  # fmt: skip
    found = FleetResultDocument(**document)
    return found, len(found.model_dump_json().encode())
