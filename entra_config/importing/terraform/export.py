"""Write the applications of a manifest as HCL for Terraform's azuread provider, and an `import` block for
each object.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from entra_config import quoting
from entra_config.actual.read import read as read_actual
from entra_config.checks import proof
from entra_config.errors import TenantError
from entra_config.graph.client import Graph
from entra_config.importing import tenant
from entra_config.importing.differences import differences
from entra_config.importing.tenant import Json, Registration
from entra_config.importing.terraform import arguments
from entra_config.kinds.graph_values import at, nest
from entra_config.kinds.table import KINDS
from entra_config.manifest.fields.properties import Entity
from entra_config.manifest.model import Manifest

VERSIONS = """\
terraform {
  required_version = ">= 1.5"
  required_providers {
    azuread = {
      source  = "hashicorp/azuread"
      version = "~> 3.0"
    }
  }
}
"""
_EXPRESSED: Mapping[Entity, Collection[str]] = {
    "application": {
        *(*arguments.APPLICATION.values(), *arguments.ENTRIES.values(), *arguments.REQUESTED.values()),
        *arguments.ELSEWHERE,
    },
    "servicePrincipal": {*arguments.PRINCIPAL.values(), *arguments.ELSEWHERE, "displayName"},
}


@dataclass(frozen=True, slots=True)
class Reference:
    """An expression that refers to another resource of the same configuration."""

    expression: str


@dataclass(frozen=True, slots=True)
class Configuration:
    """The files of a configuration by name, and what HCL does not express, a line each."""

    files: Mapping[str, str]
    objects: int
    left: Sequence[str]


async def read(manifest: Manifest, graph: Graph) -> dict[str, Registration]:
    """Return the manifest's applications by key, as the tenant has them."""
    directory = (await read_actual(graph, manifest, KINDS)).directory
    app_ids = {
        key: str(each.subject.application["appId"])
        for key, each in directory.live.items()
        if each.subject.application is not None and not each.subject.deleted and key in manifest.applications
    }
    if missing := sorted({*manifest.applications} - {*app_ids}):
        apply = manifest.command("apply")
        raise TenantError(
            f"{manifest.owner}: the tenant has no application {', '.join(missing)}. Run `{apply}`"
        )
    proof.check(manifest, directory, app_ids, "nothing is written of what is doubted")
    registrations = await tenant.read_registrations(graph, list(app_ids.values()))
    return dict(zip(app_ids, registrations, strict=True))


def write(applications: Mapping[str, Registration]) -> Configuration:
    """Return the configuration: a file for each application."""
    files, left, objects = {"versions.tf": VERSIONS}, list[str](), 0
    seen: set[str] = set()
    for key, each in applications.items():
        blocks = []
        for type_, name, id_, body in _resources(key, each):
            # An assignment between two applications hangs on both.
            if id_ not in seen:
                seen.add(id_)
                objects += 1
                imported = {"to": Reference(f"{type_}.{name}"), "id": id_}
                blocks += [_block("import", imported), _block(f'resource "{type_}" "{name}"', body)]
        # Terraform gives other meanings to `versions.tf` and `override.tf`, Windows to `con.tf`.
        files[f"application-{key}.tf"] = "\n".join(blocks)
        left += [f"{key}: {what}" for what in _unexpressed(each)]
    return Configuration(files, objects, left)


def _resources(key: str, registration: Registration) -> Iterator[tuple[str, str, str, dict[str, Any]]]:
    """Yield type, name, id and arguments of each resource of an application."""
    app, principal = registration.application, registration.principal
    id_, owner = str(app["id"]), Reference(f"azuread_application.{key}.id")
    yield "azuread_application", key, f"/applications/{id_}", _application(app, _ids(registration.owners))
    for number, item in enumerate(registration.credentials, 1):
        type_, body = _federated(item)
        name = f"{key}-federated-{number}"
        yield (
            type_,
            name,
            f"{id_}/federatedIdentityCredential/{item['id']}",
            {"application_id": owner, **body},
        )
    for number, item in enumerate(at(app, "api.preAuthorizedApplications") or (), 1):
        body = {
            "application_id": owner,
            "authorized_client_id": item["appId"],
            "permission_ids": item.get("delegatedPermissionIds"),
        }
        client = f"{id_}/preAuthorizedApplication/{item['appId']}"
        yield "azuread_application_pre_authorized", f"{key}-authorized-{number}", client, body
    if principal is None:
        return
    client_id = Reference(f"azuread_application.{key}.client_id")
    body = {"client_id": client_id, **_principal(principal, _ids(registration.principal_owners))}
    yield "azuread_service_principal", key, f"/servicePrincipals/{principal['id']}", body
    for number, row in enumerate((*registration.assigned, *registration.holds), 1):
        body = {
            "app_role_id": row["appRoleId"],
            "principal_object_id": row["principalId"],
            "resource_object_id": row["resourceId"],
        }
        assignment = f"/servicePrincipals/{row['resourceId']}/appRoleAssignedTo/{row['id']}"
        yield "azuread_app_role_assignment", f"{key}-role-{number}", assignment, body
    for number, row in enumerate(registration.grants, 1):
        body = {
            "service_principal_object_id": row["clientId"],
            "resource_service_principal_object_id": row["resourceId"],
            "claim_values": sorted(str(row["scope"] or "").split()),
        }
        grant = f"/oauth2PermissionGrants/{row['id']}"
        yield "azuread_service_principal_delegated_permission_grant", f"{key}-grant-{number}", grant, body


def _ids(owners: Sequence[Json]) -> list[str]:
    return sorted(str(owner["id"]) for owner in owners)


def _application(app: Json, owners: Sequence[str]) -> dict[str, Any]:
    claims = app.get("optionalClaims") or {}
    tokens = {"access_token": "accessToken", "id_token": "idToken", "saml2_token": "saml2Token"}
    groups = (app.get("groupMembershipClaims") or "").split(",")
    scopes = at(app, "api.oauth2PermissionScopes") or ()
    return nest(
        {
            **_values(app, arguments.APPLICATION),
            "group_membership_claims": [part.strip() for part in groups],
            "owners": owners,
            "api.requested_access_token_version": at(app, "api.requestedAccessTokenVersion"),
            "api.oauth2_permission_scope": [_entry(scope, arguments.SCOPE) for scope in scopes],
            "app_role": [_entry(role, arguments.ROLE) for role in app.get("appRoles") or ()],
            "optional_claims": {
                name: [_values(claim, arguments.CLAIM) for claim in claims.get(token) or ()]
                for name, token in tokens.items()
            },
            "required_resource_access": [
                {
                    "resource_app_id": api["resourceAppId"],
                    "resource_access": [
                        {"id": each["id"], "type": each["type"]} for each in api["resourceAccess"]
                    ],
                }
                for api in app.get("requiredResourceAccess") or ()
            ],
        }
    )


def _principal(principal: Json, owners: Sequence[str]) -> dict[str, Any]:
    enabled = None if principal.get("accountEnabled", True) else Off()
    values = _values(principal, arguments.PRINCIPAL)
    return {"account_enabled": enabled, "owners": owners, **nest(values)}


def _federated(item: Json) -> tuple[str, dict[str, Any]]:
    body = {"display_name": item["name"], "description": item.get("description"), "issuer": item["issuer"]}
    if expression := at(item, "claimsMatchingExpression.value"):
        audience = (item.get("audiences") or [None])[0]
        more = {"audience": audience, "claims_matching_expression": expression}
        return "azuread_application_flexible_federated_identity_credential", {**body, **more}
    more = {"subject": item.get("subject"), "audiences": item.get("audiences")}
    return "azuread_application_federated_identity_credential", {**body, **more}


def _values(body: Json, paths: Mapping[str, str]) -> dict[str, Any]:
    return {name: at(body, path) for name, path in paths.items()}


def _entry(item: Json, paths: Mapping[str, str]) -> dict[str, Any]:
    """Return a scope or role; the provider enables what is not disabled."""
    return {**_values(item, paths), "enabled": None if item.get("isEnabled", True) else Off()}


def _unexpressed(registration: Registration) -> Iterator[str]:
    """Yield the properties that are set and that no argument of the provider has."""
    bodies: dict[Entity, Json] = {
        "application": registration.application,
        "servicePrincipal": registration.principal or {},
    }
    for of, body in bodies.items():
        for each in differences(body, of):
            expressed = any(f"{each.path}.".startswith(f"{known}.") for known in _EXPRESSED[of])
            if each.value not in _EMPTY and not expressed:
                yield f"`{each.path}` of the {'application' if of == 'application' else 'service principal'}"


class Off:
    """`false` where the provider's default is `true`; elsewhere an argument that is false is not written."""


_EMPTY: tuple[Any, ...] = (None, False, "", [], {}, [""])


def _block(header: str, body: Mapping[str, Any], indent: str = "") -> str:
    """Return a block with its arguments and nested blocks; what is empty is not written."""
    lines = []
    inner = indent + "  "
    for name, value in body.items():
        nested = value if isinstance(value, list) and value and isinstance(value[0], dict) else [value]
        if isinstance(nested[0], dict):
            blocks = [_block(name, each, inner) for each in nested]
            lines += [block for block in blocks if "\n" in block]
        elif isinstance(value, (Reference, Off)) or value not in _EMPTY:
            lines.append(f"{inner}{name} = {_expression(value)}\n")
    return f"{indent}{header} {{\n{''.join(lines)}{indent}}}\n" if lines else ""


def _expression(value: Any) -> str:
    match value:
        case Reference():
            return value.expression
        case Off():
            return "false"
        case bool():
            return "true"
        case list():
            return f"[{', '.join(map(_expression, value))}]"
        case str():
            return quoting.hcl(value)
        case _:
            return str(int(value))
