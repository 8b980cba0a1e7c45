"""A fleet of two projects in two tenants, as texts by path, and what plans of it are."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from entra_config import reconcile
from entra_config.graph.connect import connect
from entra_config.graph.token import FixedToken, Identity
from entra_config.manifest.tenants import reading, shards
from entra_config.manifest.tenants.shards import LoadedShard
from entra_config.plan import file as files
from entra_config.plan.options import Options
from entra_emulator import seed
from entra_emulator.embedded import Embedded
from entra_fleet.run.deciding import Flags, digest

FLEET = f"""\
projects:
  myapp: {{ manifest: myapp, environment: customer }}
  platform: {{ manifest: platform, environment: customer, before: [myapp] }}
credential: {{ kind: github, clientId: {seed.DEPLOYER_APP_ID} }}
layers:
  - {{ tags: [eu], variables: {{ region: westeurope }} }}
files: [{{ path: tenants/*.yaml, mayDeclare: ["tenants/${{file}}/variables"] }}]
tenants:
  contoso: {{ tenantId: {seed.CONTOSO}, tags: [eu], projects: [myapp, platform] }}
  fabrikam: {{ tenantId: {seed.FABRIKAM}, projects: [myapp] }}
"""
MYAPP = """\
project: myapp
environments:
  customer: { fleet: true, deployers: credential, variables: { region: northeurope } }
applications:
  api:
    type: api
    displayName: MyApp ${title}
    notes: ${region}
    appRoles: { Reader: Reads. }
appRoleAssignments: { api: { Reader: { groups: [MyApp Admins] } } }
"""
PLATFORM = """\
project: platform
environments: { customer: { fleet: true, deployers: credential } }
applications: { gateway: { type: api, displayName: Gateway, notes: before } }
"""
FILES = {
    "fleet.yaml": FLEET,
    "tenants/contoso.yaml": "tenants: { contoso: { variables: { title: One } } }\n",
    "tenants/fabrikam.yaml": "tenants: { fabrikam: { variables: { title: Two } } }\n",
    "myapp/entra-config.yaml": MYAPP,
    "platform/entra-config.yaml": PLATFORM,
}
NAMES = ["contoso/platform", "contoso/myapp", "fabrikam/myapp"]
NOW = datetime(2026, 11, 27, tzinfo=UTC)


def write(folder: Path, texts: Mapping[str, str]) -> None:
    """Write the files of a fleet."""
    for name, text in texts.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def loaded(folder: Path) -> dict[str, LoadedShard]:
    """Return every shard of the fleet in a folder."""
    return {each.placed.shard.name: each for each in shards.every(reading.read(folder / "fleet.yaml"))}


def hashes(folder: Path, flags: Flags | None = None, tool: str = "") -> dict[str, str]:
    """Return the hash of all that decides each shard."""
    return {name: digest(each, flags or Flags(), tool) for name, each in loaded(folder).items()}


async def plans(folder: Path, tenant: Embedded, allow: frozenset[str] = frozenset()) -> dict[str, str]:
    """Return the digest of the plan of each shard, in a tenant where nothing of it is yet."""
    found = {}
    for name, each in loaded(folder).items():
        caller = tenant.app_caller(tenant_id=each.manifest.tenant_id)
        identity = Identity(caller.tid, caller.oid, caller.appid, "deployer")
        token = FixedToken(tenant.token(caller), identity)
        graph = await connect("emulator", credential=token, transport=tenant.transport())
        async with graph:
            found[name] = files.digest(await reconcile.plan(each.manifest, graph, Options(allow), now=NOW))
    return found
