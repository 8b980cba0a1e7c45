"""What an earlier version of this tool made of manifests, row by row; and it again, as a tenant that today's
code plans against.

`python -m tests.cases.upgrade` writes `yesterday.json` anew, from the manifests that stand in it. It is run
with the code of a release, and never to make a test pass: a plan that an upgrade alone would change is a
defect.
"""

from __future__ import annotations

import asyncio
import json
import tempfile
from pathlib import Path
from typing import Any

from entra_emulator.embedded import Embedded
from entra_emulator.tenant import Tenant
from tests.cases.stories import World
from tests.world import apply, plan

FILE = Path(__file__).with_name("yesterday.json")
TABLES = (
    "applications",
    "servicePrincipals",
    "appRoleAssignments",
    "oauth2PermissionGrants",
    "federatedIdentityCredentials",
)


def read() -> list[dict[str, Any]]:
    """Return the manifests, with what they were made into."""
    found: list[dict[str, Any]] = json.loads(FILE.read_text(encoding="utf-8"))
    return found


def tables(embedded: Embedded) -> Tenant:
    """Return the tenant of the manifests."""
    return embedded.directory.default


async def made(manifest: dict[str, Any]) -> dict[str, Any]:
    """Apply a manifest to an empty tenant; return what is there then that was not there before."""
    with tempfile.TemporaryDirectory() as folder:
        world = World(Path(folder) / "manifests", manifest)
        tenant = tables(world.embedded)
        before = {name: {row["id"] for row in tenant.tables[name]} for name in TABLES}
        outcome = await apply(world.embedded, await plan(world.embedded, world.load()))
        assert not outcome.failed, outcome.failed
    rows = {name: [row for row in tenant.tables[name] if row["id"] not in before[name]] for name in TABLES}
    made_now = {row["id"] for name in TABLES for row in rows[name]}
    owners = {source: targets for source, targets in tenant.owners.dump().items() if source in made_now}
    return {**rows, "owners": owners}


def back(world: World, rows: dict[str, Any]) -> None:
    """Put into a tenant what was made yesterday; what it had not then is as Graph shows it: absent."""
    tenant = tables(world.embedded)
    for name in TABLES:
        for row in rows[name]:
            tenant.tables[name].put(row)
    tenant.owners.load(rows["owners"])


def main() -> None:
    """Write the file anew."""
    found = [{**each, "rows": asyncio.run(made(each["manifest"]))} for each in read()]
    FILE.write_text(json.dumps(found, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    print(f"{FILE}: {len(found)} manifests")


if __name__ == "__main__":
    main()
