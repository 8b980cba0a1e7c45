"""Manifests in; what fills an emulator's directory with all that they name out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from entra_config.manifest import loader
from entra_config.manifest.model import Manifest

if TYPE_CHECKING:
    from entra_config.emulator.directory import Tenants


def prepare(paths: Sequence[Path]) -> Callable[[Tenants], None]:
    """Read the manifests, and return what makes their tenants, users, groups and others' applications, with pinned ids."""
    manifests = [manifest for path in paths for manifest in loader.load_all(path)]

    def fill(directory: Tenants) -> None:
        for manifest in manifests:
            populate(directory, manifest)

    return fill


def populate(directory: Tenants, manifest: Manifest) -> None:
    """Add to an emulator's directory what one environment of a manifest names."""
    from entra_config.actual.questions import everybody
    from entra_config.emulator import seed

    users: dict[str, None] = {}
    groups: dict[str, None] = {}
    ids: dict[str, str] = {}
    for sorts, named in everybody(manifest):
        if named.name != named.id:
            (users if sorts[0] == "user" else groups if sorts[0] == "group" else {})[named.name] = None
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


def _domains(manifest: Manifest) -> list[str]:
    """Return the hosts of web addresses that are identifier URIs: they need a verified domain."""
    settings = (application.settings.get("identifierUris") for application in manifest.applications.values())
    listed = [setting.value for setting in settings if setting and isinstance(setting.value, list)]
    uris = map(str, chain.from_iterable(listed))
    hosts = (urlsplit(uri).hostname for uri in uris if uri.startswith(("https://", "http://")))
    return sorted({host.casefold() for host in hosts if host})
