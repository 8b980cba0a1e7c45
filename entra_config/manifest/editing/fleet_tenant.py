"""A fleet's file and a new tenant in; the text of the file with that tenant out, all else to the letter."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from entra_config.errors import ManifestError, UsageError
from entra_config.files import write_source
from entra_config.manifest.editing import splice, trees
from entra_config.manifest.fields.fleet_records import TENANTS
from entra_config.manifest.reading.reader import GUID, KEY
from entra_config.manifest.tenants import reading
from entra_config.manifest.tenants.model import Fleet


def write(fleet: Fleet, name: str, tenant_id: str, tags: Sequence[str], projects: Sequence[str]) -> Fleet:
    """Write a tenant into the fleet's file and return the new fleet; an invalid fleet is not kept."""
    path = Path(fleet.path)
    before = path.read_bytes().decode()
    after = _add(fleet, name, tenant_id, tags, projects)
    try:
        write_source(path, after)
        return reading.read(path)
    except ManifestError:
        write_source(path, before)
        raise
    except OSError as error:
        raise UsageError(f"{path}: cannot be written: {error.strerror}") from error


def _add(fleet: Fleet, name: str, tenant_id: str, tags: Sequence[str], projects: Sequence[str]) -> str:
    """Return the text of the fleet's file with a tenant more; what cannot be one is an error."""
    if not KEY.fullmatch(name):
        raise UsageError(f"`{name}` is not a tenant's name: a letter, then letters, digits, hyphens")
    if not GUID.fullmatch(tenant_id):
        raise UsageError(f"--tenant-id: `{tenant_id}` is not an id of a tenant")
    for tenant in fleet.tenants.values():
        if tenant.key.casefold() == name.casefold():
            raise UsageError(f"`{tenant.key}` is in the fleet already: {tenant.position}")
        if tenant.tenant_id == tenant_id.lower():
            raise UsageError(f"{tenant_id} is `{tenant.key}` of the fleet already: {tenant.position}")
    for each in projects:
        if each not in fleet.projects:
            raise UsageError(f"--project {each}: the fleet has {', '.join(fleet.projects)}")
    said = {
        "tenantId": tenant_id.lower(),
        **({"tags": list(tags)} if tags else {}),
        "projects": list(projects),
    }
    text = Path(fleet.path).read_bytes().decode()
    tree = splice.meaning(text, str(fleet.path))
    trees.put(tree, (TENANTS, name), said)
    return splice.rewrite(text, tree, str(fleet.path))
