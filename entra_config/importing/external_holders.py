"""An export in; what applications of others hold at the imported APIs out, as the root file acknowledges
it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from entra_config import characters
from entra_config.importing import links
from entra_config.importing.tenant import Export, Json, Registration
from entra_config.kinds.entitlement_stages import DEFAULT_ACCESS


def acknowledged(export: Export, declared: Collection[str]) -> dict[str, list[dict[str, Any]]]:
    """Return by the API's appId who of others' applications holds what there: roles and scopes by the value
    that tokens carry.

    `declared` are the APIs whose role holders the manifest lists: a holder in that list is skipped here.
    """
    made: dict[str, list[dict[str, Any]]] = {}
    for registration in export.registrations:
        found: dict[str, dict[str, set[str]]] = {}
        for client, type_, permission in _held(
            registration, export, listed=registration.application["appId"] in declared
        ):
            if client in export.clients:
                found.setdefault(client, {}).setdefault(type_, set()).add(permission)
        entries = [_entry(export.clients[client], permissions) for client, permissions in found.items()]
        if entries:
            made[str(registration.application["appId"])] = sorted(
                entries, key=lambda entry: (entry["because"], entry["id"])
            )
    return made


def _held(registration: Registration, export: Export, *, listed: bool) -> Iterator[tuple[str, str, str]]:
    roles = {role["id"]: role for role in registration.application.get("appRoles") or ()}
    for row in registration.assigned:
        if row["principalType"] == "ServicePrincipal" and not (
            listed and links.listed(registration, row, export)
        ):
            yield row["principalId"], "application", _role(row["appRoleId"], roles)
    for grant in registration.granted:
        for scope in (grant["scope"] or "").split():
            yield grant["clientId"], "delegated", scope


def _role(id_: str, roles: Mapping[str, Json]) -> str:
    role = roles.get(id_, {})
    return "default" if id_ == DEFAULT_ACCESS else str(role.get("value") or role.get("displayName") or id_)


def _entry(client: Json, permissions: Mapping[str, set[str]]) -> dict[str, Any]:
    held = {type_: sorted(names) for type_, names in sorted(permissions.items())}
    # The name is for people to read, and may have characters that a manifest refuses.
    shown = "".join(
        f"\\u{{{ord(char):x}}}" if characters.invisible(char) else char for char in str(client["displayName"])
    )
    return {"id": client["appId"], **held, "because": f"{shown} held it when this was imported"}
