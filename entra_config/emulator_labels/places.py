"""Find the position in a manifest of each thing that it declares."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from entra_config.kinds.base import segment
from entra_config.kinds.facts import AssignmentFacts
from entra_config.kinds.table import SIGN_IN_LISTS
from entra_config.properties import REDIRECT_URIS

if TYPE_CHECKING:
    from entra_config.errors import Position
    from entra_config.manifest.model import Application, Manifest, Named, RoleAssignees
    from entra_config.resource import Address, Facts

Found = Iterator[tuple[str, "Position | None"]]


def places(
    manifest: Manifest, planned: Iterable[tuple[Address, Position, Facts]] = ()
) -> dict[str, Position]:
    """Return positions by address.

    Addresses are a plan's own (`application.api`, `appRoleAssignment.api/Admin/group:ID`), with a role's
    value where a plan has its label; and parts below an application: `application.api/appRole/Admin`,
    `…/scope/…`, `…/identifierUri/…`, `…/redirectUri/…`, `…/property/PATH`, `…/secret/LABEL`,
    `…/credential/ID` (a key id of the lock file, or a thumbprint); `permissionGrant.spa/api/user.read` and
    `authorizedClient.…` by scope. `planned` are of a plan: it knows the ids of whoever is not pinned.
    """
    found = {address: position for address, position in _all(manifest) if position is not None}
    by_position = {position: address for address, position in _assigned(manifest) if position is not None}
    for address, position, facts in planned:
        found[_by_value(by_position.get(position, ""), address, facts)] = position
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
        yield f"appRoleAssignment.{segment(key)}/{_value(manifest, key, label)}", assignees.position
        # Whoever has no id is known by the name: the emulator has it too.
        for address, each in _holders(manifest, key, label, assignees):
            yield f"{address}:{segment(each.id or each.name)}", each.position or assignees.position


def _assigned(manifest: Manifest) -> Found:
    """Yield what the addresses of holders begin with, by role and type, with the position of each holder."""
    for (key, label), assignees in manifest.assignments.items():
        for address, each in _holders(manifest, key, label, assignees):
            yield address, each.position


def _holders(
    manifest: Manifest, key: str, label: str, assignees: RoleAssignees
) -> Iterator[tuple[str, Named]]:
    address = f"appRoleAssignment.{segment(key)}/{_value(manifest, key, label)}"
    yield from ((f"{address}/{type_}", each) for type_, listed in assignees.by_type for each in listed)


def _application(key: str, application: Application) -> Found:
    address = f"application.{key}"
    yield address, application.position
    for path, position in application.positions.items():
        if not path.startswith(tuple(f"{each}." for each in ("identifierUris", *REDIRECT_URIS))):
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
    for path in ("identifierUris", *REDIRECT_URIS):
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
    for label, ids in manifest.rotated.get(application.app_id or "", {}).items():
        ours = application.rotating.get(label)
        for each in ids if ours is not None else ():
            yield f"{address}/credential/{segment(each.lower())}", ours.position if ours else None


def _links(key: str, application: Application, manifest: Manifest) -> Found:
    for name, credential in application.federated_credentials.items():
        for listed in SIGN_IN_LISTS:
            yield f"{listed.kind}.{segment(key)}/{segment(name)}", credential.position
    for owner in application.owners or ():
        yield (
            f"owner.{segment(key)}/{segment(owner.id or owner.name)}",
            owner.position or application.position,
        )
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


def _by_value(role: str, address: Address, facts: Facts) -> str:
    """Return a plan's address, of an assignment with the value of its role and the id of its holder."""
    if not role or not isinstance(facts, AssignmentFacts) or not facts.principal_id:
        return str(address)
    return f"{role}:{segment(facts.principal_id)}"
