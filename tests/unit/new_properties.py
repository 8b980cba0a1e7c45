"""Print what commands make of four properties of Graph that only rows of the table know (a script of
`test_new_properties.py`, which runs it on a copy of the packages).
"""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

import yaml

from entra_config import reconcile
from entra_config.cli.options import Session
from entra_config.graph.token import FixedToken, Identity
from entra_config.lint import live, model, run, table, tenant
from entra_config.manifest import loader
from entra_config.manifest.published import reference
from entra_config.plan import values
from entra_fleet.groups import classes
from tests.golden.commands import Place
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
# What somebody registers by hand, to be imported.
OTHER = {
    "displayName": "Other",
    "isDeviceOnlyAuthSupported": True,
    "addIns": [{"id": FIRST, "type": "one", "properties": []}],
    "parentalControlSettings": {"legalAgeGroupRule": "Allow"},
}


def _people(attribution: Any) -> list[str]:
    """Return who did it, or who may have."""
    return [each["name"] for each in (attribution["actor"], *attribution["others"]) if each["name"]]


class Commands:
    """Commands that are typed in a folder, against a tenant in this process."""

    def __init__(self, folder: Path, there: Tenant) -> None:
        self._folder, self._there = folder, there

    def run(self, *words: str) -> tuple[int, str]:
        """Return the exit code of a command and what it prints on stdout."""
        there = self._there
        caller = there.embedded.app_caller()
        token = FixedToken(there.embedded.token(caller), Identity(caller.tid, caller.oid, caller.appid))
        session = Session(there.embedded.transport(), token)
        shown = Place(self._folder, session, there.clock.now()).run(*words)
        head, _, rest = shown.partition("=== stdout\n")
        return int(head.split("exit code ")[1].split()[0]), rest.partition("\n=== ")[0]

    def document(self, *words: str) -> Any:
        """Return the JSON that a command prints."""
        return json.loads(self.run(*words, "--format", "json")[1])


async def edit(there: Tenant) -> None:
    """Change all four as a person does, and register another application."""
    (app,) = (await there.read("/applications?$filter=displayName eq 'Any'"))["value"]
    (principal,) = (await there.read(f"/servicePrincipals?$filter=appId eq '{app['appId']}'"))["value"]
    added = {"id": SECOND, "type": "two", "properties": []}
    changed = {"isDeviceOnlyAuthSupported": False, "addIns": [*app["addIns"], added]}
    rule = {"parentalControlSettings": {"legalAgeGroupRule": "RequireConsentForKids"}}
    await there.send("alice", "PATCH", f"/applications/{app['id']}", changed | rule)
    relay = {"samlSingleSignOnSettings": {"relayState": "https://b.example/"}}
    await there.send("alice", "PATCH", f"/servicePrincipals/{principal['id']}", relay)
    await there.send("alice", "POST", "/applications", OTHER)
    there.clock.advance(3_600)


async def hosts(there: Tenant, path: Path) -> list[str]:
    """Return the hosts that a fleet compares of the first plan."""
    async with await there.graph() as graph:
        return sorted(
            classes._hosts(await reconcile.plan(loader.load(path), graph, now=there.clock.now()), frozenset())
        )


async def read_by_lint(there: Tenant, path: Path) -> list[Any]:
    """Return what a rule of lint sees of the application in the tenant."""
    loaded = loader.loaded(path)[-1]
    async with await there.graph() as graph:
        found = await tenant.read(graph, loaded.manifest)
    rules = model.LintRequest(table.built_in(), there.clock.now(), ("dev",), "auditor", frozenset())
    (view,) = run.manifest_views([loaded], rules)
    (subject,) = live.subjects(view.manifest, view.subjects, found)
    return [subject.value("isDeviceOnlyAuthSupported"), [each["id"] for each in subject.value("addIns")]]


def main(folder: Path) -> dict[str, Any]:
    """Return what each command makes of them."""
    there = Tenant()
    path = folder / "entra-config.yaml"
    path.write_text(MANIFEST.format(tenant=there.manifest.tenant_id, first=FIRST), encoding="utf-8")
    commands = Commands(folder, there)
    named = ("--manifest", "entra-config.yaml", "--cloud", "emulator")
    found: dict[str, Any] = {"hosts": asyncio.run(hosts(there, path))}
    plan = commands.document("plan", *named, "--show-requests")
    found["effects"] = sorted([each["type"], each["risk"], each["text"]] for each in plan["effects"])
    found["bodies"] = [each["body"] for each in plan["requests"]]
    found["apply"] = commands.run("apply", *named, "--auto-approve", "--pins", "skip")[0]
    found["again"] = commands.document("plan", *named)["changes"]
    since = there.clock.now().isoformat()
    there.clock.advance(60)
    linted = commands.document("lint", *named, "--live", "--persona", "auditor")
    found["lint"] = sorted({each["rule"] for each in linted["findings"] if each["live"]})
    found["read"] = asyncio.run(read_by_lint(there, path))
    asyncio.run(edit(there))
    drift = commands.document("drift", *named, "--since", since)
    found["drift"] = sorted(
        [each["sentence"], each["risk"], each["rule"], each["line"], *_people(each["attribution"])]
        for each in drift["findings"]
    )
    found["imported"] = commands.run(
        "import", "--name", "Other", "--output", "taken", "--environment", "dev", "--cloud", "emulator"
    )[0]
    taken = (folder / "taken/applications/other.yaml").read_text(encoding="utf-8")
    found["kept"] = yaml.safe_load(taken)["applications"]["other"]["properties"]
    published = json.loads(commands.run("schema", "--manifest", "entra-config.yaml")[1])["$defs"]
    found["schema"] = [
        name in json.dumps(published[f"properties.{entity}"])
        for name, entity in (("addIns", "application"), ("relayState", "servicePrincipal"))
    ]
    found["prose"] = values.pair("a" * 300 + "b", "a" * 300 + "c", PROSE)[0].count("a") < 300
    text = "\n".join(map(reference.page, reference.names()))
    found["documented"] = [each in text for each in (*PATHS, PROSE)]
    return found


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]))))
