"""An assignment that comes or goes in; the one request that carries it out, out."""

from __future__ import annotations

from entra_config.graph.request import Request
from entra_config.kinds.base import application_address, enterprise_address, text
from entra_config.kinds.entitlement_stages import DEFAULT_ACCESS
from entra_config.kinds.entitlements import ROLES
from entra_config.kinds.facts import AssignmentFacts
from entra_config.kinds.writes import WriteView
from entra_config.plan.steps import Contains, Listed, Order, Phase, Probe, Step
from entra_config.resource import Ref, Resource, Value


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
