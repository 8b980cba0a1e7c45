"""Manifests in; what fills an emulator's directory with all that they name out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from entra_config import uris
from entra_config.kinds.base import KEY_TAG, OWNER_TAG
from entra_config.manifest import loader
from entra_config.manifest.model import Manifest, Named
from entra_config.manifest.tenants import reading, shards

if TYPE_CHECKING:
    from entra_emulator.api import Tenant, Tenants


def prepare(paths: Sequence[Path], fleets: Sequence[Path] = ()) -> Callable[[Tenants], None]:
    """Read the manifests, and those of each tenant of a fleet, and return what makes their tenants, users,
    groups and others' applications, with pinned ids, and the clients that sign in to the tenants of a fleet.
    """
    manifests = [manifest for path in paths for manifest in loader.load_all(path)]
    placed = [each for path in fleets for each in shards.every(reading.read(path))]

    def fill(directory: Tenants) -> None:
        from entra_emulator.api import seed

        for manifest in (*manifests, *(each.manifest for each in placed)):
            populate(directory, manifest)
        for each in placed:
            if client_id := each.placed.shard.client_id:
                seed.add_fleet_client(directory, each.manifest.tenant_id, client_id)

    return fill


def populate(directory: Tenants, manifest: Manifest) -> None:
    """Add to an emulator's directory what one environment of a manifest names."""
    from entra_config.actual.questions import everybody
    from entra_emulator.api import seed

    # Applications first: a group is made of no name that one of them bears.
    seed.for_names(directory, [manifest.tenant_id])
    for types, named in everybody(manifest):
        if types == ("servicePrincipal",):
            _register(directory.tenants[manifest.tenant_id], named)
        if named.by_app_id:
            seed.add_fleet_client(directory, manifest.tenant_id, named.name)
    users: dict[str, None] = {}
    groups: dict[str, None] = {}
    ids: dict[str, str] = {}
    for types, named in everybody(manifest):
        if named.name != named.id and not named.by_app_id and types != ("servicePrincipal",):
            (users if types[0] == "user" else groups if types[0] == "group" else {})[named.name] = None
            if named.id:
                ids[named.name] = named.id
    applications: dict[str, str] = {}
    for key, enterprise in manifest.enterprise_applications.items():
        name = enterprise.named.name if enterprise.named else key
        applications[enterprise.app_id or seed.fixed_id(manifest.tenant_id, "appId", name)] = name
        if enterprise.named and enterprise.named.id:
            ids[name] = enterprise.named.id
    seed.for_names(
        directory,
        [manifest.tenant_id],
        users=users,
        groups=groups,
        ids=ids,
        applications=applications,
        domains=_domains(manifest),
    )


def _register(tenant: Tenant, named: Named) -> None:
    """Register an application of others that the manifest names, by its id, display name or marks, unless
    it is there.
    """
    from entra_emulator.api import seed

    known = tenant.service_principals.get(named.id) if named.id else None
    if known is not None or tenant.one("servicePrincipals", "displayName", named.name) is not None:
        return
    owner, _, key = named.name.rpartition("/")
    row = seed.add_application(tenant, named.name)
    if named.by_marks:
        row = {**row, "tags": [f"{OWNER_TAG}{owner}", f"{KEY_TAG}{key}"]}
        tenant.applications.put(row)
    seed.add_service_principal(tenant, row, row_id=named.id)


def _domains(manifest: Manifest) -> list[str]:
    """Return the hosts of web addresses that are identifier URIs: they need a verified domain."""
    settings = (application.settings.get("identifierUris") for application in manifest.applications.values())
    listed = [setting.value for setting in settings if setting and isinstance(setting.value, list)]
    named = map(str, chain.from_iterable(listed))
    hosts = (uris.host(uri) for uri in named if uris.scheme(uri) in {"https", "http"})
    return sorted({host for host in hosts if host})
