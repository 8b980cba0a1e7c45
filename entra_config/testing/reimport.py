"""Prove an import: apply its manifest to an empty emulator in this process, and compare with what was read.

The emulator has what the tenant has around the imported applications: users, groups and other applications.
The imported ones are not in it, as after their deletion for good. Nothing is read from the tenant again.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from entra_config.checks.dangers import danger
from entra_config.importing import links, tenant
from entra_config.importing.application import PRINCIPAL
from entra_config.importing.differences import differences, is_set
from entra_config.importing.manifest import Written
from entra_config.importing.tenant import Export, Json, Registration, WantedRegistrations
from entra_config.importing.undeclarable import ASSIGNMENTS, Part
from entra_config.kinds.base import KEY_TAG
from entra_config.kinds.table import SIGN_IN_LISTS
from entra_config.manifest.fields.table import graph_paths
from entra_config.manifest.model import Manifest
from entra_config.testing import applying
from entra_config.testing.applying import DOMAIN, MADE
from entra_emulator.api import Identifiers, ManualClock, Tenant, Tenants, seed

HOLDERS, ROLES, CONSENTS = "appRoleAssignedTo", "appRoleAssignments", "oauth2PermissionGrants"
_WIDEST = WantedRegistrations(everything=True)
_GUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)

Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Compared:
    """What a comparison found: numbers of properties, and by key those that differ."""

    applications: int
    equal: int
    not_carried: int
    different: tuple[str, ...]
    skipped: tuple[str, ...] = ()


async def compare(export: Export, written: Written, manifest: Manifest, now: datetime) -> Compared:
    """Apply the manifest where nothing of it exists, and compare every application with what was read.

    Raises RefusedError if the manifest cannot be applied there.
    """
    made, skipped = await recreate(export, manifest, now)
    return replace(_compare(export, written, made), skipped=skipped)


async def recreate(export: Export, manifest: Manifest, now: datetime) -> tuple[Export, tuple[str, ...]]:
    """Return all applications of an emulator to which the manifest was applied, and what its plan skipped."""
    directory = Tenants(clock=ManualClock(now), ids=Identifiers(MADE))
    _add_surroundings(directory.add(seed.empty(manifest.tenant_id, "Import", (DOMAIN,))), export)
    applied = await applying.apply(_consenting(manifest), now, directory)
    graph, _ = await applying.connect_to(directory, now)
    async with graph:
        made = await tenant.describe(graph, await tenant.find(graph, _WIDEST))
    return made, applied.left_out


def _compare(export: Export, written: Written, made: Export) -> Compared:
    keys = {f"{KEY_TAG}{key}": key for key in written.keys.values()}
    after = {
        keys[tag]: each
        for each in made.registrations
        for tag in each.application.get("tags") or ()
        if tag in keys
    }
    names = _name_ids(export, written.keys) | _name_ids(
        made, {str(each.application["appId"]): key for key, each in after.items()}
    )
    equal = not_carried = 0
    different: list[str] = []
    for registration in export.registrations:
        key = written.keys[registration.application["appId"]]
        lost = {*written.not_carried.get(key, ()), *_undeclared(written, key)}
        carried, more = _only_carried(registration, export)
        old, new = _values(carried, names), _values(after[key], names) if key in after else {}
        not_carried += more
        for path in sorted({*old, *new}):
            if path in old and path in new and old[path] == new[path]:
                equal += 1
            elif any(f"{path}.".startswith(f"{each}.") for each in lost):
                not_carried += 1
            else:
                different.append(f"{key}: {path}")
    return Compared(len(export.registrations), equal, not_carried, tuple(different))


def _consenting(manifest: Manifest) -> Manifest:
    """Return the manifest with a policy that allows the consents that it declares."""
    consent: dict[str, dict[str, frozenset[str]]] = {}
    for application in manifest.applications.values():
        for permission in application.api_permissions.values():
            kinds = consent.setdefault(permission.resource, {})
            for kind, values in (
                ("delegated", permission.delegated_consent),
                ("application", permission.application_consent),
            ):
                kinds[kind] = kinds.get(kind, frozenset()) | frozenset(values or ())
    return replace(manifest, policy=replace(manifest.policy, consent=consent))


def _add_surroundings(made: Tenant, export: Export) -> None:
    """Put what import read besides the applications into a tenant of the emulator."""
    others = {str(each["appId"]): each for each in (*export.clients.values(), *export.apis.values())}
    for app_id, body in others.items():
        row = made.service_principal_by_app_id(app_id)
        if row is None:
            app = seed.add_application(made, str(body["displayName"]), app_id=app_id)
            row = seed.add_service_principal(made, app, row_id=str(body["id"]))
        offered = {name: body[name] for name in ("appRoles", "oauth2PermissionScopes") if body.get(name)}
        made.service_principals.put({**row, **offered})
    for id_, body in export.people.items():
        name = str(body.get("displayName") or id_)
        if body.get("userPrincipalName"):
            seed.add_user(made, str(body["userPrincipalName"]), name, row_id=id_)
        else:
            seed.add_group(made, name, row_id=id_)


def _name_ids(export: Export, keys: Mapping[str, str]) -> dict[str, str]:
    """Return a name for each id that a new object has anew, the same before and after."""
    found: dict[str, str] = {}
    for each in export.registrations:
        app, key = each.application, keys.get(str(each.application["appId"]))
        if key is not None:
            found |= {str(app["appId"]): f"appId of {key}", str(app["id"]): f"id of {key}"}
            if each.principal is not None:
                found[str(each.principal["id"])] = f"principal of {key}"
    return found | {str(each["id"]): f"principal of {app_id}" for app_id, each in export.apis.items()}


def _only_carried(registration: Registration, export: Export) -> tuple[Registration, int]:
    """Return a registration without the roles that other applications keep outside of a manifest, and without
    the consents that no plan gives because they lead to control of the tenant; and how many lists had some.
    """
    apis = {str(api["id"]): api for api in export.apis.values()}
    values = {
        role["id"]: str(role.get("value")) for api in apis.values() for role in api.get("appRoles") or ()
    }
    assigned = [
        row
        for row in registration.assigned
        if row["principalId"] not in export.clients or links.listed(registration, row, export)
    ]
    holds = [
        row
        for row in registration.holds
        if row["resourceId"] not in apis or not danger(values.get(row["appRoleId"], ""), "application")
    ]
    grants = [
        {**row, "scope": " ".join(w for w in (row["scope"] or "").split() if not danger(w, "delegated"))}
        if row["resourceId"] in apis
        else row
        for row in registration.grants
    ]
    kept = replace(registration, assigned=assigned, holds=holds, grants=grants)
    pairs = ((assigned, registration.assigned), (holds, registration.holds), (grants, registration.grants))
    return kept, sum(list(after) != list(before) for after, before in pairs)


def _values(registration: Registration, names: Mapping[str, str]) -> Values:
    """Return everything of a registration that a client can write, by path."""
    app, principal = registration.application, registration.principal
    differing: Values = {each.path: each.value for each in differences(_unmarked(app), "application")}
    if principal is not None:
        shared = {*(app.get("tags") or ())}
        own = {**principal, "tags": [tag for tag in principal.get("tags") or () if tag not in shared]}
        differing |= {
            f"{PRINCIPAL}.{each.path}": each.value for each in differences(_unmarked(own), "servicePrincipal")
        }
    found: Values = {
        PRINCIPAL: principal is not None,
        HOLDERS: [(row["principalId"], row["appRoleId"]) for row in registration.assigned],
        ROLES: [(row["resourceId"], row["appRoleId"]) for row in registration.holds],
        CONSENTS: [
            (row["resourceId"], word) for row in registration.grants for word in (row["scope"] or "").split()
        ],
    }
    credentials = [
        {name: value for name, value in each.items() if name != "id"} for each in registration.credentials
    ]
    found |= {each.path: credentials for each in SIGN_IN_LISTS}
    found |= {name: repr(answer.body) for name, answer in registration.answers.items() if answer.ok}
    # A difference may be null, where a new object has a value.
    differing |= {path: value for path, value in found.items() if is_set(value)}
    return {path: _alike(value, names) for path, value in differing.items()}


def _unmarked(body: Json) -> Json:
    tags = [tag for tag in body.get("tags") or () if not tag.startswith("entra-config:")]
    return {**body, "tags": tags}


def _alike(value: Any, names: Mapping[str, str]) -> Any:
    """Return a value with names in place of ids; no list has an order, and what is empty is not there."""
    match value:
        case str():
            return _GUID.sub(lambda found: names.get(found[0].lower(), found[0].lower()), value)
        case Mapping():
            return {
                name: _alike(inner, names)
                for name, inner in value.items()
                if "@" not in name and name != "origin" and is_set(inner)
            }
        case list() | tuple():
            return sorted(
                (_alike(item, names) for item in value), key=lambda item: json.dumps(item, sort_keys=True)
            )
        case _:
            return value


def _undeclared(written: Written, key: str) -> Iterator[str]:
    """Yield the paths of what a manifest cannot declare: import listed each with the reason."""
    for part in written.undeclared.get(key, ()):
        yield from _paths(part, written.types[key])


def _paths(part: Part, kind: str) -> Iterable[str]:
    head, *below = part
    if part == ASSIGNMENTS:
        return (HOLDERS,)
    if head == "apiPermissions":
        return (*graph_paths(head, kind), ROLES, CONSENTS)
    if head in {"properties", PRINCIPAL}:
        return (".".join([*([PRINCIPAL] if head == PRINCIPAL else []), *below]),)
    return graph_paths(head, kind)
