"""The names of Microsoft Graph's permissions in a manifest, checked offline."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal

from entra_config.errors import Position, Problem
from entra_config.kinds import microsoft_graph
from entra_config.manifest.model import Manifest
from entra_config.manifest.sections import microsoft


def is_graph(manifest: Manifest, resource: str) -> bool:
    """Return True if a manifest's name for an API means Microsoft Graph."""
    external = manifest.enterprise_applications.get(resource)
    app_id = external.app_id if external is not None else microsoft.APIS.get(resource, resource)
    return app_id == microsoft_graph.APP_ID and resource not in manifest.applications


def find_unknown(manifest: Manifest) -> Iterator[Problem]:
    """Yield each name of a permission of Microsoft Graph that the kept copy lacks, with similar names."""
    for application in manifest.applications.values():
        for resource, permission in application.api_permissions.items():
            if not is_graph(manifest, resource):
                continue
            delegated = (*permission.delegated, *sorted(permission.delegated_consent or ()))
            roles = (*permission.application, *sorted(permission.application_consent or ()))
            yield from _unknown("delegated", delegated, permission.position)
            yield from _unknown("application", roles, permission.position)
    for given in manifest.grants:
        if is_graph(manifest, given.resource):
            yield from _unknown("application", given.application, given.position)


def _unknown(
    kind: Literal["delegated", "application"], names: Iterable[str], position: Position | None
) -> Iterator[Problem]:
    for name in dict.fromkeys(names):
        message = microsoft_graph.describe_unknown(name, kind)
        if message is not None:
            yield Problem(position, message)
