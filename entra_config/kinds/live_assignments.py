"""Who holds roles in the tenant in; the assignments out that the manifest manages, or that go."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from entra_config.kinds import external_holders
from entra_config.kinds.assignment_resources import assigned, consent_key
from entra_config.kinds.base import ignored, is_released, is_removed, segment
from entra_config.kinds.consents import held, requests
from entra_config.kinds.details import HOLDERS, RoleHolding
from entra_config.kinds.directory import Directory, Live, called
from entra_config.kinds.entitlements import ROLES
from entra_config.kinds.facts import AssignmentFacts
from entra_config.kinds.role_names import live_roles, reported, role_ids, role_names
from entra_config.manifest.model import Manifest, RoleAssignees
from entra_config.phrase import Person
from entra_config.resource import Resource

TYPES = {"User": "user", "Group": "group", "ServicePrincipal": "servicePrincipal"}


def held_at(manifest: Manifest, directory: Directory, key: str, live: Live) -> Iterator[Resource]:
    """Yield who holds roles of this resource, as far as it is the manifest's or its role goes."""
    rows = live.rows(HOLDERS)
    if not rows:
        return
    known = set(role_ids(manifest, directory, key).values())
    names, roles = role_names(manifest, directory, key), live_roles(directory, key)
    going = is_removed(manifest, key)
    declared = manifest.applications.get(key)
    reduced = declared is not None and not ignored(declared, ROLES)
    exact, added = _said(manifest, directory, key)
    external = external_holders.fully_declared(manifest, directory, key)
    for entry in rows:
        id_ = entry.role
        name, role = names.get(id_, str(id_)), roles.get(id_) or {}
        value = (
            reported(role.get("value"), name)
            if id_ in known
            else str(role.get("value") or role.get("displayName") or name)
        )
        client = directory.own_principals.get(entry.principal)
        orphaned = going or (id_ not in known and reduced and id_ in roles)
        # Whom this plan lets go is one of those of others whom the manifest says in full.
        leaving = client is not None and id_ in external and not orphaned and is_released(manifest, client)
        if entry.by_service_principal and client is not None and not leaving:
            if orphaned or _is_business(manifest, directory, client, entry):
                # What dies with its resource belongs to that; the client may live on.
                yield _live_consent(
                    entry, (key, directory.called(key)), (name, value), client, key if going else client
                )
        elif added is not None and id_ not in exact and (id_, entry.principal) not in added:
            continue  # others gave it
        elif orphaned or (id_ in external if entry.by_service_principal else key in manifest.listed):
            type_ = TYPES[entry.principal_type]
            sides = f"{directory.called(key)}/{value}", called(type_, entry.principal_name, entry.principal)
            facts = _facts(entry, key, type_, sides)
            yield assigned(
                f"{key}/{segment(name)}/{type_}:{entry.principal}", facts, entry.principal_name, key
            )


def _said(
    manifest: Manifest, directory: Directory, key: str
) -> tuple[frozenset[str], frozenset[tuple[str, str]] | None]:
    """Return the roles whose holders the manifest says in full, and those that it adds to others'; None
    where it adds none.
    """
    here = manifest.assigned(key).values()
    known = role_ids(manifest, directory, key)
    exact = frozenset(
        known[each.role] for each in here if not (each.additive or each.fate) and each.role in known
    )
    if not any(each.additive or each.fate for each in here):
        return exact, None
    ours = [
        each
        for each in here
        if each.role in known and (each.fate == "taken" or (each.additive and not each.fate))
    ]
    return exact, frozenset((known[each.role], id_) for each in ours for id_ in _named(directory, each))


def _named(directory: Directory, assignees: RoleAssignees) -> Iterator[str]:
    """Yield the ids of those whom the manifest names, or named for a time, and the tenant has."""
    named = (
        *(("user", who) for who in assignees.users),
        *(("group", who) for who in assignees.groups),
        *assignees.ended,
    )
    found = (directory.principal(type_, who) for type_, who in named)
    yield from (principal.id for principal in found if principal is not None)


def _facts(entry: RoleHolding, resource: str, type_: str, sides: tuple[str, str | Person]) -> AssignmentFacts:
    return AssignmentFacts(
        entry.id,
        resource=resource,
        resource_id=entry.resource,
        app_role_id=entry.role,
        principal_type=type_,
        principal_id=entry.principal,
        sides=sides,
    )


def _is_business(manifest: Manifest, directory: Directory, client: str, entry: RoleHolding) -> bool:
    """Tell whether the manifest says what a client of ours holds here, or takes it away."""
    requested = requests(manifest, directory, directory.live[client], entry.resource, "application")
    return requested.verdict(entry.role) in {"managed", "revoked"}


def _live_consent(
    entry: RoleHolding, api: tuple[str, str], role: tuple[str, str], client: str, parent: str
) -> Resource:
    (resource, called_), (name, value) = api, role
    facts = _facts(entry, resource, "servicePrincipal", (f"{called_}/{value}", client))
    return assigned(
        consent_key(resource, name, client), replace(facts, client=client, role=name), client, parent
    )


def held_by(manifest: Manifest, directory: Directory, live: Live) -> Iterator[Resource]:
    """Yield what this client holds at the APIs of others, as far as the manifest manages it or revokes it."""
    key = live.subject.key
    for each in held(manifest, directory, live):
        if isinstance(each.entry, RoleHolding) and each.verdict in {"managed", "revoked"}:
            api = (each.api, directory.called(each.api))
            yield _live_consent(each.entry, api, (each.permission, each.permission), key, key)
