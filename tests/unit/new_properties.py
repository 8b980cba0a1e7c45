"""Print what commands make of four properties of Graph that only rows of the table know (a script of
`test_new_properties.py`, which runs it on a copy of the packages).
"""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

from entra_config import reconcile
from entra_config.drift import risks
from entra_config.importing import application
from entra_config.importing.tenant import Registration
from entra_config.lint import live, model, run, table, tenant
from entra_config.manifest import loader
from entra_config.manifest.published import reference
from entra_config.plan import values
from entra_config.report import drift_wording
from entra_fleet.groups import classes
from tests.unit.drift.edited import Tenant

MANIFEST = """
project: p
environments: {{dev: {{tenantId: {tenant}}}}}
applications:
  any:
    type: application
    displayName: Any
    properties:
      isDeviceOnlyAuthSupported: true
      addIns: [{{id: {first}, type: one, properties: []}}]
      parentalControlSettings: {{legalAgeGroupRule: Allow}}
    enterpriseApplication: {{properties: {{samlSingleSignOnSettings: {{relayState: "https://a.example/start"}}}}}}
"""
FIRST, SECOND = (f"00000000-0000-4000-8000-00000000000{number}" for number in (1, 2))
PATHS = ("isDeviceOnlyAuthSupported", "addIns", "samlSingleSignOnSettings.relayState")
PROSE = "parentalControlSettings.legalAgeGroupRule"


async def main(folder: Path) -> dict[str, Any]:
    """Return what each command makes of them."""
    there = Tenant()
    path = folder / "entra-config.yaml"
    path.write_text(MANIFEST.format(tenant=there.manifest.tenant_id, first=FIRST), encoding="utf-8")
    loaded = loader.loaded(path)[-1]
    there.manifest = loaded.manifest
    async with await there.graph() as graph:
        plan = await reconcile.plan(there.manifest, graph, now=there.clock.now())
    sent = " ".join(str(step.request) for step in plan.steps)
    await there.deploy()
    async with await there.graph() as graph:
        again = await reconcile.plan(there.manifest, graph, now=there.clock.now())
        read = await tenant.read(graph, there.manifest)
    rules = model.LintRequest(table.built_in(), there.clock.now(), ("dev",), "auditor", frozenset())
    (view,) = run.manifest_views([loaded], rules)
    (subject,) = live.subjects(view.manifest, view.subjects, read)
    (app,) = (await there.read("/applications?$filter=displayName eq 'Any'"))["value"]
    (principal,) = (await there.read(f"/servicePrincipals?$filter=appId eq '{app['appId']}'"))["value"]
    kept = application.entry(
        Registration(app, principal), "application", application.labels(app), there.manifest.tenant_id
    )
    added = {"id": SECOND, "type": "two", "properties": []}
    changed = {"isDeviceOnlyAuthSupported": False, "addIns": [*app["addIns"], added]}
    rule = {"parentalControlSettings": {"legalAgeGroupRule": "RequireConsentForKids"}}
    await there.send("alice", "PATCH", f"/applications/{app['id']}", changed | rule)
    relay = {"samlSingleSignOnSettings": {"relayState": "https://b.example/"}}
    await there.send("alice", "PATCH", f"/servicePrincipals/{principal['id']}", relay)
    there.clock.advance(3_600)
    drift = await there.check()
    return {
        "effects": sorted([each.type, str(each.text)] for each in plan.effects),
        "sent": [text in sent for text in ("isDeviceOnlyAuthSupported", FIRST, "Allow", "a.example")],
        "again": [str(each) for each in again.changes],
        "read": [
            subject.value("isDeviceOnlyAuthSupported"),
            [each["id"] for each in subject.value("addIns")],
        ],
        "kept": kept["properties"],
        "drift": sorted(
            [
                str(each.sentence),
                risks.class_of(each).name,
                drift_wording.sentence(each.attribution).partition(" at ")[0],
            ]
            for each in drift.findings
        ),
        "prose": values.pair("a" * 300 + "b", "a" * 300 + "c", PROSE)[0].count("a") < 300,
        "hosts": sorted(classes._hosts(plan, frozenset())),
        "documented": [path in reference.text() for path in (*PATHS, PROSE)],
    }


if __name__ == "__main__":
    print(json.dumps(asyncio.run(main(Path(sys.argv[1])))))
