"""App role assignments: those of ours from the client's `apiPermissions`, all others from the resource's
side.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from typing import Any

from entra_config.errors import Position
from entra_config.graph.privileges import ASSIGN
from entra_config.graph.request import Request
from entra_config.kinds import given
from entra_config.kinds.assignment_resources import assigned, consent_key, given_key
from entra_config.kinds.base import (
    Fieldless,
    Grant,
    application_address,
    ending,
    enterprise_address,
    is_removed,
    segment,
    text,
)
from entra_config.kinds.details import HOLDERS, HOLDINGS, Detail, RoleHolding
from entra_config.kinds.directory import Api, Directory, Subject, called
from entra_config.kinds.entitlement_stages import DEFAULT_ACCESS
from entra_config.kinds.entitlements import ROLES
from entra_config.kinds.facts import AssignmentFacts, Tenant, client_at
from entra_config.kinds.graph_values import at
from entra_config.kinds.live_assignments import held_at, held_by
from entra_config.kinds.role_names import reported, role_ids, role_names
from entra_config.kinds.trace import Link, Trace
from entra_config.kinds.writes import Patch, WriteView
from entra_config.manifest.model import Manifest, RoleAssignees
from entra_config.manifest.until import Until
from entra_config.plan.diff import Shape
from entra_config.plan.model import Change, Create, Delete, Effect
from entra_config.plan.steps import Contains, Listed, Order, Phase, Probe, Step
from entra_config.resource import Address, Ref, Resource, Value

APPLICATION = "application"


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

    def questions(self, subject: Subject, manifest: Manifest) -> Mapping[Detail[Any], Request]:
        """Ask who holds roles of a resource, and what a client holds at the APIs of others."""
        if subject.service_principal is None:
            return {}
        path = f"/servicePrincipals/{subject.service_principal['id']}"
        declared = manifest.applications.get(subject.key)
        offers = not subject.others and (
            at(subject.application, ROLES) or (declared is not None and declared.app_roles)
        )
        questions: dict[Detail[Any], Request] = {}
        if offers or subject.key in manifest.listed or is_removed(manifest, subject.key):
            questions[HOLDERS] = Request("GET", f"{path}/appRoleAssignedTo?{RoleHolding.SELECT}&$top=999")
        if not subject.others and (declared is not None or is_removed(manifest, subject.key)):
            questions[HOLDINGS] = Request("GET", f"{path}/appRoleAssignments?{RoleHolding.SELECT}&$top=999")
        return questions

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
                        value = _value(manifest, api.name, name, name)
                        until = permission.until.get((APPLICATION, name))
                        yield ending(_consent(key, api, (name, value), permission.position), until)
        for holder in given.holders(manifest, directory):
            for name, facts in given.wanted(holder):
                found = assigned(
                    given_key(holder, name), facts, holder.who.name, holder.api.name, holder.given.position
                )
                yield ending(found, holder.given.until.get(name))

    def actual(self, manifest: Manifest, directory: Directory) -> Iterable[Resource]:
        """Return the live assignments that the manifest manages, and all of a role or application that
        goes.
        """
        found: dict[Address, Resource] = {}
        for key, live in directory.live.items():
            for resource in (*held_at(manifest, directory, key, live), *held_by(manifest, directory, live)):
                found.setdefault(resource.address, resource)
        for holder in given.holders(manifest, directory):
            for name, facts in given.held(holder):
                resource = assigned(given_key(holder, name), facts, holder.who.name, holder.api.name)
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
    for type_, named in assignees.by_type:
        for who in named:
            principal = directory.principal(type_, who)
            if principal is not None:
                facts = AssignmentFacts(
                    resource=key,
                    resource_id=_existing(directory, key),
                    app_role_id=role_id,
                    principal_type=type_,
                    principal_id=principal.id,
                    sides=(f"{directory.called(key)}/{value}", called(type_, principal.name, principal.id)),
                )
                position = who.position or assignees.position
                found = assigned(
                    f"{key}/{segment(name)}/{type_}:{principal.id}", facts, principal.name, key, position
                )
                yield ending(found, Until(who.until) if who.until else None)


def _existing(directory: Directory, key: str) -> str:
    live = directory.live.get(key)
    return str(live.subject.service_principal["id"]) if live and live.subject.service_principal else ""


def _ends(facts: AssignmentFacts, tenant: Tenant) -> dict[str, str | None]:
    principal = facts.principal_id or client_at(tenant, facts.client).service_principal_id
    resource = facts.resource_id or client_at(tenant, facts.resource).service_principal_id
    return {"resource": resource, "role": facts.app_role_id, "principal": principal}


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
    return assigned(consent_key(api.name, name, client), facts, client, client, position)


def assign(after: Resource, view: WriteView) -> Step:
    """Return the POST that gives a role."""
    facts = AssignmentFacts.of(after)
    key, client = facts.resource, facts.client
    resource: Value = facts.resource_id or Ref(enterprise_address(key))
    principal: Value = Ref(enterprise_address(client)) if client else facts.principal
    path = text("/servicePrincipals/", resource, "/appRoleAssignedTo")
    body = {"principalId": principal, "resourceId": resource, "appRoleId": facts.app_role_id}
    # Asked from the client's side where there is one: a resource may have thousands of holders.
    listed = text("/servicePrincipals/", principal, "/appRoleAssignments") if client else path
    probe = Probe(Request("GET", listed), Listed(body))
    return Step(
        id=f"{after.address}/assign",
        carries=(after.address,),
        phase=Phase.REFERENCE,
        request=Request("POST", path, body),
        of=application_address(client or key),
        order=Order(
            awaits=frozenset({application_address(key)}),
            gives=frozenset({(application_address(key), facts.app_role_id)}),
            arms=frozenset({application_address(client)} if client else ()),
        ),
        found_by=probe,
        visible=probe,
        premise=_premise(key, facts.app_role_id, resource, view),
        done_if=("Permission being assigned already exists on the object",),
    )


def _premise(key: str, role_id: str, resource: Value, view: WriteView) -> Probe | None:
    """Return the role that is given, as it must stand for anybody to get it."""
    if role_id == DEFAULT_ACCESS:
        return None
    match: dict[str, Value] = {"id": role_id, "isEnabled": True}
    own = view.desired.get(application_address(key))
    if own is None:
        return Probe(
            Request("GET", text("/servicePrincipals/", resource, "?$select=id,appRoles")),
            Contains(ROLES, match),
        )
    role = next((role for role in own.values.get(ROLES) or () if role["id"] == role_id), None)
    match |= {"allowedMemberTypes": role["allowedMemberTypes"]} if role else {}
    path = text("/applications/", Ref(application_address(key)), "?$select=id,appRoles")
    return Probe(Request("GET", path), Contains(ROLES, match))


def unassign(before: Resource) -> Step:
    """Return the DELETE that takes it away."""
    facts = AssignmentFacts.of(before)
    resource = application_address(facts.resource)
    return Step(
        id=f"{before.address}/unassign",
        carries=(before.address,),
        phase=Phase.UNREFERENCE,
        request=Request("DELETE", f"/servicePrincipals/{facts.resource_id}/appRoleAssignedTo/{facts.id}"),
        of=before.parent or resource,
        order=Order(releases=frozenset({resource})),
        # Deleting what is gone answers 400 or 404 (msgraph-sdk-dotnet#968).
        done_if=("EntitlementGrant being updated or deleted is not found", "Request_ResourceNotFound"),
    )
