"""A fleet's file with one project and two tenants."""

from __future__ import annotations

from collections.abc import Callable

from entra_config.manifest.model import Manifest
from entra_config.manifest.tenants import shards
from entra_config.manifest.tenants.model import Fleet
from tests.unit.manifest.conftest import TENANT

OTHER = "22222222-2222-2222-2222-222222222222"
CLIENT = "5c1b2f7e-0000-4000-8000-000000000001"
ROOT = """\
project: myapp
environments: { customer: { fleet: true, protected: true, deployers: credential } }
applications:
  api: { type: api, displayName: "${title}", preventDestroy: true, appRoles: { Reader: Reads. } }
appRoleAssignments: { api: { Reader: { groups: [All Staff] } } }
"""
HEAD = f"""\
projects: {{ myapp: {{ manifest: myapp, environment: customer }} }}
credential: {{ kind: github, clientId: {CLIENT} }}
layers:
  - {{ variables: {{ title: All }} }}
  - {{ tags: [eu], variables: {{ title: Europe }} }}
"""
TWO = f"""\
tenants:
  contoso: {{ tenantId: {TENANT}, tags: [eu], projects: [myapp] }}
  fabrikam: {{ tenantId: {OTHER}, projects: [myapp] }}
"""
WriteFleet = Callable[..., Fleet]


def manifests_of(fleet: Fleet) -> dict[str, Manifest]:
    """Return the manifest of each shard, by its name."""
    return {each.placed.shard.name: each.manifest for each in shards.every(fleet)}


def title(manifest: Manifest) -> object:
    """Return the display name of a manifest's API."""
    return manifest.applications["api"].settings["displayName"].value


FENCED = 'files: [{ path: tenants/*.yaml, mayDeclare: ["tenants/${file}"] }]\n'
