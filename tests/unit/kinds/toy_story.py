"""A story with the toy kind, told by the package on the path: plan, apply, drift, access, reports. JSON of
what was seen out.
"""

from __future__ import annotations

import asyncio
import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from entra_config import reconcile
from entra_config.actual.holders import access
from entra_config.drift import check
from entra_config.errors import ManifestError
from entra_config.graph.connect import connect
from entra_config.graph.token import FixedToken, Identity
from entra_config.manifest import loader
from entra_config.manifest.published import reference, schema
from entra_config.report import (
    drift_json,
    drift_markdown,
    drift_sarif,
    drift_text,
    holders_data,
    markdown,
    text,
)
from entra_config.report import json as json_report
from entra_emulator.clock import ManualClock
from entra_emulator.embedded import Embedded

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
TEXT = """\
project: toys
environments: {{ dev: {{ tenantId: 11111111-1111-1111-1111-111111111111 }} }}
files: [{{ path: all.yaml }}]
"""
APPLICATIONS = """\
applications:
  api: { type: api, displayName: Toys, extensionProperties: { NAMES }, ignoreChanges: [IGNORED], appRoles: { \
Reader: Reads. } }
appRoleAssignments: { api: { Reader: { users: [alice@contoso.com] } } }
"""


def manifest(folder: Path, *names: str, said: str = "dataType: String", ignored: str = "") -> Any:
    """Load a manifest whose application has extension properties of these names."""
    (folder / "entra-config.yaml").write_text(TEXT.format(), encoding="utf-8")
    text_ = APPLICATIONS.replace("NAMES", ", ".join(f"{name}: {{ {said} }}" for name in names)).replace(
        "IGNORED", ignored
    )
    (folder / "all.yaml").write_text(text_, encoding="utf-8")
    return loader.load(folder, "dev")


def refused(folder: Path, said: str) -> str:
    """Return what is wrong with a manifest whose extension property says something."""
    try:
        manifest(folder, "badge", said=said)
    except ManifestError as error:
        return str(error)
    return ""


def record(extension: str, application: str) -> dict[str, Any]:
    """Return what the audit log would say of one that somebody added, in words of the kind's own."""
    return {
        "id": "Directory_toy",
        "category": "ApplicationManagement",
        "correlationId": "5c1b2f7e-0000-4000-8000-000000000001",
        "result": "success",
        "resultReason": "",
        "activityDisplayName": "Add extension property",
        "activityDateTime": "2026-11-25T11:59:00.0000000Z",
        "loggedByService": "Core Directory",
        "operationType": "Add",
        "initiatedBy": {
            "user": {
                "id": "5c1b2f7e-0000-4000-8000-000000000002",
                "userPrincipalName": "mallory@contoso.com",
            },
            "app": None,
        },
        "targetResources": [
            {"id": extension, "type": "Other", "displayName": None, "modifiedProperties": []},
            {"id": application, "type": "Application", "displayName": "Toys", "modifiedProperties": []},
        ],
        "additionalDetails": [],
    }


async def story(folder: Path) -> dict[str, Any]:
    """Add two, take one away, find by drift what somebody did by hand, and take it back."""
    embedded = Embedded.create(seed="toys", clock=ManualClock(NOW))
    caller = embedded.app_caller()
    token = FixedToken(embedded.token(caller), Identity(caller.tid, caller.oid, caller.appid))
    seen: dict[str, Any] = {}

    async def at_once(_: float) -> None:
        return None

    async with await connect(
        "emulator", credential=token, transport=embedded.transport(), sleep=at_once
    ) as graph:
        for name, wanted in (
            ("first", manifest(folder, "badge", "desk")),
            ("second", manifest(folder, "badge")),
        ):
            plan = await reconcile.plan(wanted, graph, now=NOW)
            outcome = await reconcile.apply(plan, graph, sleep=at_once)
            again = await reconcile.plan(wanted, graph, now=NOW)
            seen[name] = {
                "text": text.render(plan),
                "markdown": markdown.render(plan),
                "json": json.loads(json_report.render(plan, show_requests=True)),
                "complete": outcome.complete,
                "empty": again.empty,
            }
        async with embedded.client() as hand:
            app = (await hand.get("/applications?$filter=displayName eq 'Toys'")).json()["value"][0]
            path = f"/applications/{app['id']}/extensionProperties"
            body = {"name": "planted", "dataType": "String", "targetObjects": ["User"]}
            made = (await hand.post(path, json=body)).raise_for_status().json()
        embedded.directory.default.audit.append(record(made["id"], app["id"]))
        drift = await check.run(wanted, wanted, graph, now=NOW, base="", since=None, unmanaged=False)
        seen["drift"] = {
            "text": drift_text.render(drift),
            "markdown": drift_markdown.render(drift),
            "json": json.loads(drift_json.render(drift)),
            "sarif": json.loads(drift_sarif.render(drift, root="entra-config.yaml")),
        }
        everybody = await access(graph, wanted)
        seen["access"] = json.loads(holders_data.to_json(everybody.holdings, everybody.owners))
        back = await reconcile.plan(wanted, graph, now=NOW)
        seen["back"] = text.render(back)
        seen["wrong"] = [
            refused(folder, said) for said in ("datatype: String", "dataType: Text", "targetObjects: User")
        ]
        seen["schema"] = schema.build()["$defs"]["application"]["properties"]["extensionProperties"]
        seen["reference"] = reference.text()
        seen["ignored"] = list(
            manifest(folder, ignored="extensionProperties").applications["api"].ignore_changes
        )
        seen["position"] = str(wanted.applications["api"].added["extensionProperties"].position)
        destroyed = await reconcile.plan(wanted, graph, now=NOW, destroy=True)
        seen["destroyed"] = (await reconcile.apply(destroyed, graph, sleep=at_once)).complete
    return seen


if __name__ == "__main__":
    print(json.dumps(asyncio.run(story(Path(sys.argv[1])))))
