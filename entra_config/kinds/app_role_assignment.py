"""App role assignments: those of ours from the client's `apiPermissions`, all others from the resource's
side.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import replace
from typing import Any

from entra_config.errors import Position
from entra_config.graph.privileges import ASSIGN
from entra_config.graph.request import Request
from entra_config.kinds import given, strangers
from entra_config.kinds.app_role_assignment_steps import assign, unassign
from entra_config.kinds.base import Fieldless, Grant, application_address, ignored, is_removed, segment
from entra_config.kinds.consents import held, requests
from entra_config.kinds.details import HOLDERS, HOLDINGS, Detail, RoleHolding
from entra_config.kinds.directory import Api, Directory, Live, Subject, called
from entra_config.kinds.entitlements import ROLES
from entra_config.kinds.facts import AssignmentFacts, Tenant, client_at
from entra_config.kinds.graph_values import at
from entra_config.kinds.role_names import live_roles, reported, role_ids, role_names
from entra_config.kinds.trace import Link, Trace
from entra_config.kinds.writes import Patch, WriteView
from entra_config.manifest.model import Manifest, RoleAssignees
from entra_config.phrase import Person, Phrase
from entra_config.plan.diff import Shape
from entra_config.plan.model import Change, Create, Delete, Effect
from entra_config.plan.steps import Step
from entra_config.resource import Address, Resource

SORTS = {"User": "user", "Group": "group", "ServicePrincipal": "servicePrincipal"}


class AppRoleAssignmentKind(Fieldless):
    """Who holds which role: all in its ends, nothing to update."""

    name = "appRoleAssignment"
    trace = Trace(
        "assignment",
        Link(
            ("app role assignment",),
            {
                "resource": (0,),
                "role": ("AppRole.Id",),
                "principal": ("User.ObjectID", "Group.ObjectID", "ServicePrincipal.ObjectID", 1),
            },
            made="AppRoleAssignment.CreatedDateTime",
        ),
        lambda own, tenant: _ends(AssignmentFacts.of(own), tenant),
        lambda own: AssignmentFacts.of(own).app_role_id,
        paths=("appRoleAssignments", "appRoleAssignedTo"),
        both=True,
        gives="role",
        permission=ASSIGN,
        joint=(" assigned to ", " taken from "),
    )
    shape = Shape()

    def ask(self, subject: Subject, manifest: Manifest) -> Mapping[Detail[Any], Request]:
        """Ask who holds roles of a resource, and what a client holds at the APIs of others."""
        if subject.service_principal is None:
            return {}
        path = f"/servicePrincipals/{subject.service_principal['id']}"
        declared = manifest.applications.get(subject.key)
        offers = not subject.others and (
            at(subject.application, ROLES) or (declared is not None and declared.app_roles)
        )
        asked: dict[Detail[Any], Request] = {}
        if offers or subject.key in manifest.listed or is_removed(manifest, subject.key):
            asked[HOLDERS] = Request("GET", f"{path}/appRoleAssignedTo?$top=999")
        if not subject.others and (declared is not None or is_removed(manifest, subject.key)):
            asked[HOLDINGS] = Request("GET", f"{path}/appRoleAssignments?$top=999")
        return asked

    def desired(self, manifest: Manifest, directory: Directory) -> Iterable[Resource]:
        """Return each assignment that the manifest lists, and each application permission that it consents
        to.
        """
        for (key, role), assignees in manifest.assignments.items():
            role_id = role_ids(manifest, directory, key).get(role)
            if role_id is not None and not assignees.fate:
                name = role_names(manifest, directory, key).get(role_id, role)
                value = _value(manifest, key, role, name)
                yield from _assignees(directory, key, (name, value), role_id, assignees)
        for key, application in manifest.applications.items():
            for permission in application.api_permissions.values():
                api = directory.apis.get(permission.resource)
                for name in sorted(permission.application_consent or ()):
                    if api is not None and name in api.roles:
                        yield _consent(
                            key, api, (name, _value(manifest, api.name, name, name)), permission.position
                        )
        for holder in given.holders(manifest, directory):
            for name, facts in given.wanted(holder):
                yield _resource(
                    _given_key(holder, name), facts, holder.who.name, holder.api.name, holder.given.position
                )

    def actual(self, manifest: Manifest, directory: Directory) -> Iterable[Resource]:
        """Return the live assignments that the manifest manages, and all of a role or application that
        goes.
        """
        found: dict[Address, Resource] = {}
        for key, live in directory.live.items():
            for resource in (*_held(manifest, directory, key, live), *_holds(manifest, directory, live)):
                found.setdefault(resource.address, resource)
        for holder in given.holders(manifest, directory):
            for name, facts in given.held(holder):
                resource = _resource(_given_key(holder, name), facts, holder.who.name, holder.api.name)
                found.setdefault(resource.address, resource)
        return found.values()

    def grants(self, resource: Resource) -> Iterable[Grant]:
        """Return the application permission that a consent gives, or the role that somebody else gets."""
        facts = AssignmentFacts.of(resource)
        if facts.client is not None:
            yield Grant(facts.client, facts.resource, "application", facts.role or "")
        elif facts.role is not None:
            yield Grant("", facts.resource, "application", facts.role, facts.principal)
        else:
            yield Grant("", facts.resource, "assignment", facts.app_role_id, facts.principal)

    def without(self, resource: Resource, refused: AbstractSet[Grant]) -> Resource | None:  # noqa: ARG002  # the protocol's
        """Return nothing: an assignment is one grant."""
        return None

    def effects(self, change: Change) -> Iterable[Effect]:
        """Return each new holder of a role."""
        if isinstance(change, Create):
            yield Effect("role", change.after.title, change.after.address, change.after.position)

    def expand(self, view: WriteView) -> Iterable[Step | Patch]:
        """Return one POST or DELETE for each change; with its application gone, nothing is left to delete."""
        deleted = {address for address, change in view.changes.items() if isinstance(change, Delete)}
        for change in view.of(self.name):
            if isinstance(change, Create):
                yield assign(change.after, view)
            elif isinstance(change, Delete) and change.before.parent not in deleted:
                yield unassign(change.before)


def _value(manifest: Manifest, key: str, label: str, name: str) -> str:
    """Return a role as people read it: the value that tokens carry, with its label where that is another."""
    role = manifest.applications[key].app_roles.get(label) if key in manifest.applications else None
    return name if role is None else reported(role.value, role.label)


def _assignees(
    directory: Directory, key: str, role: tuple[str, str], role_id: str, assignees: RoleAssignees
) -> Iterator[Resource]:
    name, value = role
    applications = ("servicePrincipal", assignees.service_principals or ())
    for sort, named in (("user", assignees.users), ("group", assignees.groups), applications):
        for who in named:
            principal = directory.principal(sort, who)
            if principal is not None:
                facts = AssignmentFacts(
                    resource=key,
                    resource_id=_existing(directory, key),
                    app_role_id=role_id,
                    principal_type=sort,
                    principal_id=principal.id,
                    sides=(f"{directory.called(key)}/{value}", called(sort, principal.name, principal.id)),
                )
                position = who.position or assignees.position
                yield _resource(
                    f"{key}/{segment(name)}/{sort}:{principal.id}", facts, principal.name, key, position
                )


def _existing(directory: Directory, key: str) -> str:
    live = directory.live.get(key)
    return str(live.subject.service_principal["id"]) if live and live.subject.service_principal else ""


def _ends(facts: AssignmentFacts, tenant: Tenant) -> dict[str, str | None]:
    principal = facts.principal_id or client_at(tenant, facts.client).service_principal_id
    return {"resource": facts.resource_id, "role": facts.app_role_id, "principal": principal}


def _resource(
    key: str, facts: AssignmentFacts, name: str, parent: str, position: Position | None = None
) -> Resource:
    role, holder = facts.sides
    return Resource(
        Address("appRoleAssignment", key),
        {},
        facts,
        title=Phrase.of(f"{role} ← ", holder),
        display_name=name,
        parent=application_address(parent),
        position=position,
        of=application_address(facts.resource),
    )


def _consent(client: str, api: Api, role: tuple[str, str], position: Position | None) -> Resource:
    name, value = role
    facts = AssignmentFacts(
        resource=api.name,
        resource_id=api.id if isinstance(api.id, str) else "",
        app_role_id=api.roles[name],
        principal_type="servicePrincipal",
        client=client,
        role=name,
        sides=(f"{api.called}/{value}", client),
    )
    return _resource(_consent_key(api.name, name, client), facts, client, client, position)


def _given_key(holder: given.Grantee, name: str) -> str:
    return f"{segment(holder.api.name)}/{segment(name)}/servicePrincipal:{holder.who.id}"


def _consent_key(api: str, role: str, client: str) -> str:
    return f"{segment(api)}/{segment(role)}/servicePrincipal:{client}"


def _held(manifest: Manifest, directory: Directory, key: str, live: Live) -> Iterator[Resource]:
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
    external = strangers.said(manifest, directory, key)
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
        if entry.by_service_principal and client is not None:
            if orphaned or _is_business(manifest, directory, client, entry):
                # What dies with its resource belongs to that; the client may live on.
                yield _live_consent(
                    entry, (key, directory.called(key)), (name, value), client, key if going else client
                )
        elif added is not None and id_ not in exact and (id_, entry.principal) not in added:
            continue  # others gave it
        elif orphaned or (id_ in external if entry.by_service_principal else key in manifest.listed):
            sort = SORTS[entry.principal_type]
            sides = f"{directory.called(key)}/{value}", called(sort, entry.principal_name, entry.principal)
            facts = _facts(entry, key, sort, sides)
            yield _resource(
                f"{key}/{segment(name)}/{sort}:{entry.principal}", facts, entry.principal_name, key
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
    """Yield the ids of those whom the manifest names and the tenant has."""
    for sort, named in (("user", assignees.users), ("group", assignees.groups)):
        found = (directory.principal(sort, who) for who in named)
        yield from (principal.id for principal in found if principal is not None)


def _facts(entry: RoleHolding, resource: str, sort: str, sides: tuple[str, str | Person]) -> AssignmentFacts:
    return AssignmentFacts(
        entry.id,
        resource=resource,
        resource_id=entry.resource,
        app_role_id=entry.role,
        principal_type=sort,
        principal_id=entry.principal,
        sides=sides,
    )


def _is_business(manifest: Manifest, directory: Directory, client: str, entry: RoleHolding) -> bool:
    """Tell whether the manifest says what a client of ours holds here, or takes it away."""
    asked = requests(manifest, directory, directory.live[client], entry.resource, "application")
    return asked.verdict(entry.role) in {"managed", "revoked"}


def _live_consent(
    entry: RoleHolding, api: tuple[str, str], role: tuple[str, str], client: str, parent: str
) -> Resource:
    (resource, called_), (name, value) = api, role
    facts = _facts(entry, resource, "servicePrincipal", (f"{called_}/{value}", client))
    return _resource(
        _consent_key(resource, name, client), replace(facts, client=client, role=name), client, parent
    )


def _holds(manifest: Manifest, directory: Directory, live: Live) -> Iterator[Resource]:
    """Yield what this client holds at the APIs of others, as far as the manifest manages it or revokes it."""
    key = live.subject.key
    for each in held(manifest, directory, live):
        if isinstance(each.entry, RoleHolding) and each.verdict in {"managed", "revoked"}:
            api = (each.api, directory.called(each.api))
            yield _live_consent(each.entry, api, (each.permission, each.permission), key, key)
