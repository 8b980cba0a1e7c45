"""Files of a manifest, a change of them, and what a plan says of the pins and guards that it edits."""

from __future__ import annotations

import asyncio
import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

from entra_config.drift.edits import find_edits
from entra_config.manifest import loader
from entra_config.phrase import without_names
from entra_config.plan.model import Plan
from entra_emulator import seed
from tests.oracle.review import estate
from tests.oracle.tenant import Tenant

CONTOSO = estate.TENANT
Files = dict[str, dict[str, Any]]
Edit = Callable[[Files, Tenant], None]
ROOT, MAIN, TEAM, LOCK = "entra-config.yaml", "main.yaml", "team.yaml", "entra-config.prod.lock.yaml"


def pinned(tenant: Tenant, table: str, name: str, by: str = "displayName") -> str:
    """Return the id of the first object of a name."""
    return str(next(row["id"] for row in getattr(tenant.rows, table) if row[by] == name))


def files(tenant: Tenant) -> Files:
    """Return what main has."""
    environment = {
        "tenantId": CONTOSO,
        "protected": True,
        "deployers": [estate.DEPLOYER],
        "policy": {"consent": {"hr": {"application": ["Read"]}}},
    }
    root = {"project": "shop", "environments": {"prod": environment}}
    root["files"] = [MAIN, {"path": TEAM, "mayDeclare": ["applications/team-*"]}]
    api = {
        "type": "api",
        "displayName": "API",
        "appRoles": {"Reader": {"description": "R."}},
        "preventDestroy": True,
    }
    main = {
        "applications": {"api": api},
        "enterpriseApplications": {
            "hr": "HR",
            "pay": {"id": pinned(tenant, "service_principals", "Payroll")},
        },
        "appRoleAssignments": {"api": {"Reader": {"groups": ["Audit"]}}},
    }
    lock = {
        "tenantId": CONTOSO,
        "groups": {"Audit": pinned(tenant, "groups", "Audit")},
        "servicePrincipals": {
            "HR": pinned(tenant, "service_principals", "HR"),
            estate.DEPLOYER: pinned(tenant, "service_principals", estate.DEPLOYER),
        },
        "rejected": ["5c1b2f7e-0000-4000-8000-000000000009"],
    }
    team = {"applications": {"team-job": {"type": "daemon", "displayName": "Job"}}}
    return {ROOT: root, MAIN: main, TEAM: team, LOCK: lock}


def planned(tenant: Tenant, folder: Path, edit: Edit) -> Plan:
    """Write main and a change of it, and plan the change with main as its base."""
    before = files(tenant)
    after = copy.deepcopy(before)
    edit(after, tenant)
    for name, content in (("base", before), ("change", after)):
        (folder / name).mkdir(parents=True)
        for file, each in content.items():
            (folder / name / file).write_text(yaml.safe_dump(each, sort_keys=False))
    manifest = loader.load(folder / "change", "prod")
    edits = find_edits(manifest, folder / "change", str(folder / "base"))
    return asyncio.run(tenant.plan(manifest, edits=edits))


def reported(plan: Plan) -> list[str]:
    """Return the lines about guards and pins, without the names of people."""
    return [
        f"{each.type}: {without_names(each.text)}" for each in plan.effects if each.type in {"guard", "pin"}
    ]


def swap(files: Files, tenant: Tenant) -> None:
    """Lead HR to one of the Payrolls."""
    files[LOCK]["servicePrincipals"]["HR"] = pinned(tenant, "service_principals", "Payroll")
    del files[MAIN]["enterpriseApplications"]["pay"]


MALLORY, ALICE = (seed.fixed_id(CONTOSO, "user", f"{name}@contoso.com") for name in ("mallory", "alice"))


def guards(before: Files, after: Files, folder: Path) -> list[str]:
    """Return the guards that a change lowers."""
    for name, content in (("base", before), ("change", after)):
        (folder / name).mkdir()
        for file, each in content.items():
            (folder / name / file).write_text(yaml.safe_dump(each, sort_keys=False))
    manifest = loader.load(folder / "change", "prod")
    return [str(each.text) for each in find_edits(manifest, folder / "change", str(folder / "base")).guards]
