"""Which APIs the manifest speaks of: ours, others' and Microsoft's, with the ids of their permissions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from entra_config.actual import graph_permissions
from entra_config.actual.external_names import named
from entra_config.actual.fetch import Responses
from entra_config.actual.question import (
    DELETED_APPLICATIONS,
    GRAPH_PERMISSIONS,
    OUR_APPLICATIONS,
    ApiOfOthers,
    ExternalPrincipal,
)
from entra_config.actual.questions import others
from entra_config.errors import Position, Problem
from entra_config.kinds import microsoft_graph
from entra_config.kinds.base import application_address, enterprise_address
from entra_config.kinds.details import ENTERPRISE_OWNERS, HOLDERS, OWNERS
from entra_config.kinds.directory import Api, Subject
from entra_config.kinds.entitlements import ROLES, SCOPES, ids
from entra_config.kinds.graph_values import at
from entra_config.manifest.model import Given, Manifest
from entra_config.manifest.parts import ApiPermission
from entra_config.manifest.sections import microsoft
from entra_config.plan.model import Refusal
from entra_config.resource import Ref


def apis(
    manifest: Manifest, subjects: Mapping[str, Subject], responses: Responses
) -> tuple[dict[str, Api], list[Problem], list[Refusal]]:
    """Return each API by the manifest's name for it; ambiguous ones as problems, missing ones as refusals
    of what needs them.
    """
    found = {key: _own(manifest, key, subjects.get(key)) for key in manifest.applications}
    problems: list[Problem] = []
    refusals: list[Refusal] = []
    for key in (*manifest.enterprise_applications, *sorted(others(manifest))):
        items = responses[ApiOfOthers(key)]
        declared = manifest.enterprise_applications.get(key)
        position = position_of_api(manifest, key)
        if len(items) > 1:
            listed = ", ".join(sorted(item["appId"] for item in items))
            problems.append(
                Problem(
                    position,
                    f"the tenant has several enterprise applications named '{key}' ({listed}): give the id",
                )
            )
        elif items:
            found[key] = _others(key, items[0], responses)
        else:
            called = declared.named.name if declared is not None and declared.named is not None else key
            message = (
                f"enterprise application '{key}' does not exist in this tenant: everything that needs it is "
                "skipped"
            )
            refusals.append(Refusal("", message, None, position, blocks=False, absent=called))
    refusals += _unknown_permissions(manifest, found)
    return found, problems, refusals


def position_of_api(manifest: Manifest, resource: str) -> Position | None:
    """Return where the manifest declares an API of others, or first names it."""
    declared = manifest.enterprise_applications.get(resource)
    if declared is not None:
        return declared.position
    requested = [
        permission for app in manifest.applications.values() for permission in app.api_permissions.values()
    ]
    every: tuple[ApiPermission | Given, ...] = (*requested, *manifest.grants)
    return next((permission.position for permission in every if permission.resource == resource), None)


def _own(manifest: Manifest, key: str, subject: Subject | None) -> Api:
    application = manifest.applications[key]
    known = ids(manifest, application, subject.application if subject else None)
    live = subject is not None and not (subject.deleted or subject.parked)
    principal = subject.service_principal if subject is not None and live else None
    roles = {role.value: known.roles[role.label] for role in application.app_roles.values() if role.value}
    scopes = {scope.value: known.scopes[scope.label] for scope in application.scopes.values()}
    return Api(
        name=key,
        id=principal["id"] if principal else Ref(enterprise_address(key)),
        app_id=subject.application["appId"]
        if subject and subject.application
        else Ref(application_address(key), "appId"),
        roles={**roles, **known.roles},
        scopes={**scopes, **known.scopes},
        scope_values={scope.label: scope.value for scope in application.scopes.values()},
        address=application_address(key),
    )


def _others(name: str, principal: Mapping[str, Any], responses: Responses) -> Api:
    live: Mapping[str, Any] | None = principal
    roles, scopes = _ids(principal, "appRoles"), _ids(principal, "oauth2PermissionScopes")
    other_ids: dict[str, str] = {}
    if principal["appId"] == microsoft_graph.APP_ID:
        live = principal if "appRoles" in principal else responses.first(GRAPH_PERMISSIONS)
        known = microsoft_graph.roles(), microsoft_graph.scopes()
        seen = (_ids(live, "appRoles"), _ids(live, "oauth2PermissionScopes")) if live else (None, None)
        roles, scopes = map(graph_permissions.confirmed, known, seen)
        for kept, found in zip(known, seen, strict=True):
            other_ids |= {each: id_ for each, id_ in (found or {}).items() if kept.get(each, id_) != id_}
    entries = (*((live or {}).get("appRoles") or ()), *((live or {}).get("oauth2PermissionScopes") or ()))
    return Api(
        name=name,
        id=principal["id"],
        app_id=principal["appId"],
        roles=roles,
        scopes=scopes,
        scope_values={},
        # What stands in the built-in table is that very API, whatever a tenant calls it.
        shown="" if name in microsoft.APIS else str(principal.get("displayName") or ""),
        disabled=frozenset(entry["id"] for entry in entries if entry.get("isEnabled") is False)
        if live
        else microsoft_graph.disabled(),
        other_ids=other_ids,
    )


def _ids(principal: Mapping[str, Any], path: str) -> Mapping[str, str]:
    """Return the ids of the roles or scopes of a service principal by their values."""
    return {entry["value"]: entry["id"] for entry in principal.get(path) or () if entry.get("value")}


def _unknown_permissions(manifest: Manifest, found: Mapping[str, Api]) -> list[Refusal]:
    refusals: list[Refusal] = []
    for key, application in manifest.applications.items():
        for permission in application.api_permissions.values():
            api = found.get(permission.resource)
            if api is None:
                continue
            application_names = dict.fromkeys(
                (*permission.application, *sorted(permission.application_consent or ()))
            )
            for names, known in ((permission.delegated, api.scopes), (application_names, api.roles)):
                for name in (each for each in names if each not in known):
                    message = (
                        f"{api.without(name, known)}; the permissions that {key} requests stay as they are"
                    )
                    refusals.append(
                        Refusal("", message, application_address(key), permission.position, blocks=False)
                    )
    for given in manifest.grants:
        api = found.get(given.resource)
        if api is None or not api.roles:
            continue
        for name in (each for each in given.application if each not in api.roles):
            message = f"{api.without(name, api.roles)}; {given.named.name} is not granted it"
            refusals.append(Refusal("", message, None, given.position, blocks=False))
    return refusals


def ids_to_names(
    known: Mapping[str, Api], subjects: Mapping[str, Subject], responses: Responses
) -> dict[str, str]:
    """Return names for ids, as reports print them."""
    names = _seen(responses)
    names |= {app_id: name for name, app_id in (*microsoft.APIS.items(), *microsoft.CLIENTS.items())}
    for body in (*responses[DELETED_APPLICATIONS], *responses[OUR_APPLICATIONS]):
        names |= _entitlements(body)
    for subject in subjects.values():
        # What goes is known by the name that it has in the tenant.
        if subject.application is not None:
            names[subject.application["appId"]] = subject.key
        names |= _entitlements(subject.application)
    external = list(responses.every(ExternalPrincipal))
    names |= {item[id_]: item["displayName"] for item in external for id_ in ("id", "appId")}
    for item in external:
        entries = (*(item.get("appRoles") or ()), *(item.get("oauth2PermissionScopes") or ()))
        names |= {entry["id"]: entry["value"] for entry in entries if entry.get("value")}
    if any(item["appId"] == microsoft_graph.APP_ID for item in external):
        names |= {
            id_: name for name, id_ in (*microsoft_graph.scopes().items(), *microsoft_graph.roles().items())
        }
    for api in known.values():
        names |= {id_: value for value, id_ in (*api.scopes.items(), *api.roles.items())}
        names[str(api.app_id)] = api.name
    return names


def _seen(responses: Responses) -> dict[str, str]:
    """Return the names of all that was seen, whoever's it is."""
    # Whoever is deleted holds and owns for a while, and these rows alone have the name.
    names = {row.principal: row.principal_name for row in responses.details(HOLDERS)}
    names |= {owner.id: owner.called for owner in responses.details(OWNERS)}
    names |= {owner.id: owner.called for owner in responses.details(ENTERPRISE_OWNERS)}
    for each in named(responses):
        names |= {str(each[id_]): str(each["displayName"]) for id_ in ("id", "appId") if each.get(id_)}
    return names


def _entitlements(body: Mapping[str, Any] | None) -> dict[str, str]:
    """Return what tokens and grants call the roles and scopes of a registration."""
    entries = (*(at(body, ROLES) or ()), *(at(body, SCOPES) or ()))
    return {str(entry["id"]): str(entry.get("value") or entry["id"]) for entry in entries}
