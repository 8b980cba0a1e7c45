"""A manifest in; each part of it by its address, with the position that declares it, out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING
from urllib.parse import unquote

from entra_config.kinds.base import segment

if TYPE_CHECKING:
    from entra_config.errors import Position
    from entra_config.manifest.model import Application, Manifest, Named
    from entra_config.resource import Address

Found = Iterator[tuple[str, "Position | None"]]
_URIS = ("web.redirectUris", "spa.redirectUris", "publicClient.redirectUris")


def places(manifest: Manifest, planned: Iterable[tuple[Address, Position]] = ()) -> dict[str, Position]:
    """Return positions by address.

    Addresses are a plan's own (`application.api`, `appRoleAssignment.api/Admin/group:ID`), with a role's
    value where a plan has its label; and parts below an application: `application.api/appRole/Admin`,
    `…/scope/…`, `…/identifierUri/…`, `…/redirectUri/…`, `…/property/PATH`, `…/secret/LABEL`,
    `…/credential/ID` (a key id of the lock file, or a thumbprint); `permissionGrant.spa/api/user.read` and
    `authorizedClient.…` by scope. `planned` are of a plan: it knows the ids of whoever is not pinned.
    """
    found = {address: position for address, position in _all(manifest) if position is not None}
    found |= {_by_value(manifest, address): position for address, position in planned}
    return found


def labels(manifest: Manifest) -> dict[str, str]:
    """Return the labels of roles and scopes that differ from their values, by address."""
    found = {}
    for key, application in manifest.applications.items():
        entries = (("appRole", application.app_roles), ("scope", application.scopes))
        for noun, parts in entries:
            for each in parts.values():
                if each.value not in (None, each.label):
                    found[f"application.{segment(key)}/{noun}/{segment(str(each.value))}"] = each.label
    return found


def _all(manifest: Manifest) -> Found:
    for key, application in manifest.applications.items():
        yield from _application(segment(key), application)
        yield from _credentials(key, application, manifest)
        yield from _links(key, application, manifest)
    for key, enterprise in manifest.enterprise_applications.items():
        yield f"enterpriseApplication.{segment(key)}", enterprise.position
    for (key, label), assignees in manifest.assignments.items():
        address = f"appRoleAssignment.{segment(key)}/{_value(manifest, key, label)}"
        yield address, assignees.position
        holders = (
            ("user", assignees.users),
            ("group", assignees.groups),
            ("servicePrincipal", assignees.service_principals or ()),
        )
        for type_, named in holders:
            yield from _holders(f"{address}/{type_}", named, assignees.position)


def _application(key: str, application: Application) -> Found:
    address = f"application.{key}"
    yield address, application.position
    for path, position in application.positions.items():
        if not path.startswith(tuple(f"{each}." for each in ("identifierUris", *_URIS))):
            yield f"{address}/property/{segment(path)}", position
    for noun, entries in (("appRole", application.app_roles), ("scope", application.scopes)):
        for each in entries.values():
            yield f"{address}/{noun}/{segment(each.value or each.label)}", each.position
    yield from _uris(address, application)
    if application.enterprise is not None:
        yield f"enterpriseApplication.{key}", application.enterprise.position or application.position
        for path, setting in application.enterprise.settings.items():
            yield f"enterpriseApplication.{key}/property/{segment(path)}", setting.position


def _uris(address: str, application: Application) -> Found:
    for path in ("identifierUris", *_URIS):
        noun = "identifierUri" if path == "identifierUris" else "redirectUri"
        for uri in _listed(application, path):
            whole = application.positions.get(path)
            yield f"{address}/{noun}/{segment(uri)}", application.positions.get(f"{path}.{uri}", whole)


def _credentials(key: str, application: Application, manifest: Manifest) -> Found:
    address = f"application.{segment(key)}"
    for label, secret in application.rotating.items():
        yield f"{address}/secret/{segment(label)}", secret.position
    for certificate in application.certificates or ():
        yield f"{address}/credential/{segment(certificate.thumbprint.lower())}", certificate.position
    # Whoever owns an application can give a secret any name: the lock file knows which ones are ours.
    app_id = application.app_id or manifest.pinned.get(key, "")
    for label, ids in manifest.rotated.get(app_id, {}).items():
        ours = application.rotating.get(label)
        for each in ids if ours is not None else ():
            yield f"{address}/credential/{segment(each.lower())}", ours.position if ours else None


def _links(key: str, application: Application, manifest: Manifest) -> Found:
    for name, credential in application.federated_credentials.items():
        yield f"federatedCredential.{segment(key)}/{segment(name)}", credential.position
    authorized = {**application.authorized_clients, **application.external_authorized_clients}
    for client, scopes in authorized.items():
        whole = application.positions.get("api.preAuthorizedApplications")
        for label in scopes:
            yield f"authorizedClient.{segment(client)}/{segment(key)}/{_scope(manifest, key, label)}", whole
    for permission in application.api_permissions.values():
        api = permission.resource
        for scope in permission.delegated_consent or ():
            address = f"permissionGrant.{segment(key)}/{segment(api)}/{_scope(manifest, api, scope)}"
            yield address, permission.position
        for label in permission.application_consent or ():
            holder = f"servicePrincipal:{key}"
            address = f"appRoleAssignment.{segment(api)}/{_value(manifest, api, label)}/{holder}"
            yield address, permission.position


def _holders(address: str, named: Iterable[Named], otherwise: Position | None) -> Found:
    # Whoever has no id is known by the name: the emulator has it too.
    return ((f"{address}:{segment(each.id or each.name)}", each.position or otherwise) for each in named)


def _listed(application: Application, path: str) -> list[str]:
    setting = application.settings.get(path)
    return [str(uri) for uri in (setting.value or ())] if setting is not None else []


def _value(manifest: Manifest, key: str, label: str) -> str:
    """Return what tokens carry for a role of an application of ours, as a part of an address."""
    application = manifest.applications.get(key)
    role = application.app_roles.get(label) if application is not None else None
    return segment((role.value if role is not None else None) or label)


def _scope(manifest: Manifest, key: str, label: str) -> str:
    application = manifest.applications.get(key)
    scope = application.scopes.get(label) if application is not None else None
    return segment(scope.value if scope is not None else label)


def _by_value(manifest: Manifest, address: Address) -> str:
    parts = address.key.split("/")
    if address.kind != "appRoleAssignment" or len(parts) != 3:
        return str(address)
    key, label, holder = parts
    return f"{address.kind}.{key}/{_value(manifest, unquote(key), unquote(label))}/{holder}"
