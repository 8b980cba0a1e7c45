"""What an application holds in; where the manifest says so, and what tells it from one of ours that bears its
name, out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from entra_config.actual.access import EVERYBODY, Holding
from entra_config.errors import Position
from entra_config.kinds.directory import Directory
from entra_config.manifest.model import Manifest
from entra_config.phrase import SHOWN

_Said = tuple[Position | None, date | None]


def placed(each: Holding, manifest: Manifest, directory: Directory) -> Holding:
    """Return an application's holding with where it is declared: as its client's request, or as what it was
    acknowledged to hold; a person's as it is.
    """
    if each.type != "application":
        return each
    client = directory.own_principals.get(each.id)
    if client is None:
        named = directory.external_names.get(each.id) or f'"{each.name}" ({each.id[:SHOWN]}…)'
        each = replace(each, called=named)
    if each.position is None and _spoken_of(each.application, manifest):
        said = _requested(each, manifest, client) if client else _acknowledged(each, manifest, directory)
        position, until = next(said, (None, each.until))
        each = replace(each, position=position, until=until, undeclared=position is None)
    return each


def _spoken_of(key: str, manifest: Manifest) -> bool:
    return key in manifest.applications or key in manifest.listed


def _requested(each: Holding, manifest: Manifest, client: str) -> Iterator[_Said]:
    application = manifest.applications.get(client)
    permissions = application.api_permissions.values() if application is not None else ()
    for permission in permissions:
        if permission.resource == each.application and (
            each.role in permission.application or each.label in permission.application
        ):
            yield permission.position, each.until


def _acknowledged(each: Holding, manifest: Manifest, directory: Directory) -> Iterator[_Said]:
    app_id = directory.app_ids.get(each.id)
    for entry in manifest.acknowledged.get(each.application, ()):
        held = entry.delegated if each.through == EVERYBODY else entry.application
        if entry.app_id == app_id and each.role in held:
            yield entry.position, entry.until
