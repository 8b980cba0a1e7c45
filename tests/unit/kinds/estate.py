"""A small tenant, read: an API of ours with its holders and clients; the lines of what tokens say in it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from entra_config.kinds.base import application_address, enterprise_address
from entra_config.kinds.details import (
    CONSENTS,
    CONSENTS_TO_IT,
    HOLDERS,
    DelegatedConsent,
    RoleHolding,
)
from entra_config.kinds.directory import Directory, Live, Principal, Subject
from entra_config.kinds.facts import (
    ApplicationFacts,
    AssignmentFacts,
    AuthorizationFacts,
    ConsentFacts,
    EnterpriseFacts,
)
from entra_config.kinds.federated_credential import CredentialFacts
from entra_config.manifest.model import Application, Manifest
from entra_config.manifest.parts import AppRole
from entra_config.plan.held import Side
from entra_config.resource import Address, Resource
from tests.unit.plan.estates import manifest as small

API = application_address("api")
CREDENTIAL = {"issuer": "https://i", "subject": "s", "audiences": ["a"], "description": None}
READER = AppRole("Reader", "read.all", "Reader", "Reads.", ("User", "Application"), id="r1")


def manifest() -> Manifest:
    """Return a manifest with an API of one role, and clients."""
    applications = {key: Application(key, "api", {}) for key in ("api", "spa", "bare", "new", "gone")}
    return replace(
        small(),
        applications={
            **applications,
            "api": replace(applications["api"], app_roles={"Reader": READER}),
            "new": replace(applications["new"], app_roles={"Reader": replace(READER, id="r5")}),
        },
    )


def holding(
    role: str, principal: str, type_: str = "User", name: str = "Old name", resource: str = "api"
) -> RoleHolding:
    """Return who holds a role of an application of ours."""
    return RoleHolding(f"{role}-{principal}", role, principal, type_, name, f"sp-{resource}", resource)


def consent(client: str, resource: str, scope: str, *, everybody: bool = True) -> DelegatedConsent:
    """Return a consent of a service principal to another, for everybody."""
    return DelegatedConsent(f"{client}-{resource}", client, resource, everybody, "", scope)


def live(key: str, *, deleted: bool = False, principal: bool = True, **application: object) -> Live:
    """Return an application of ours, with its service principal unless it has none."""
    return Live(
        Subject(
            key,
            {"id": f"id-{key}", "appId": f"app-{key}", **application},
            {"id": f"sp-{key}"} if principal else None,
            deleted,
        )
    )


ROLES = [
    {"id": "r1", "value": "read.all", "displayName": "Reader"},
    {"id": "r2", "value": "", "displayName": "Silent"},
]
OF_API = Live(
    Subject(
        "api",
        {
            "id": "id-api",
            "appId": "app-api",
            "appRoles": ROLES,
            "api": {
                "oauth2PermissionScopes": [{"id": "s1", "value": "use"}, {"id": "s2", "value": "admin"}],
                "preAuthorizedApplications": [
                    {"appId": "app-spa", "delegatedPermissionIds": ["s1", "s9"]},
                    {"appId": "app-ext", "delegatedPermissionIds": ["s2"]},
                    {"appId": "app-gone", "delegatedPermissionIds": ["s2", "s1"]},
                    {"appId": "app-bare", "delegatedPermissionIds": ["s1"]},
                ],
            },
        },
        {"id": "sp-api", "appRoleAssignmentRequired": True},
    ),
    {
        HOLDERS: (
            holding("r1", "ann"),
            holding("r2", "crew", "Group", "Crew"),
            holding("r1", "sp-spa", "ServicePrincipal"),
        ),
        CONSENTS_TO_IT: (
            consent("sp-ext", "sp-api", "use admin"),
            consent("sp-lone", "sp-api", "use"),
            consent("sp-lone", "sp-api", "admin"),
        ),
    },
)
DIRECTORY = Directory(
    "https://graph",
    principals={("user", "ann"): Principal("ann", "Ann", "user")},
    live={
        "api": OF_API,
        "spa": Live(
            live("spa").subject,
            {
                CONSENTS: (
                    consent("sp-spa", "sp-api", "use"),
                    consent("sp-spa", "sp-api", "admin"),
                    consent("sp-spa", "sp-hr", "b a"),
                    consent("sp-spa", "sp-hr", "own", everybody=False),
                ),
            },
        ),
        "bare": live("bare", principal=False),
        "gone": live(
            "gone",
            deleted=True,
            api={
                "preAuthorizedApplications": [{"appId": "app-spa", "delegatedPermissionIds": ["s7"]}],
            },
        ),
        "theirs": Live(
            Subject(
                "theirs",
                None,
                {"id": "sp-theirs", "appRoles": [{"id": "r8", "value": "Use", "displayName": "Uses"}]},
                others=True,
            ),
            {HOLDERS: (holding("r8", "crew", "Group", "Crew", "theirs"),)},
        ),
    },
    names={"spa": "spa", "app-ext": "Their app", "sp-hr": "HR/Core"},
    app_ids={"sp-ext": "app-ext"},
    own_principals={"sp-api": "api", "sp-spa": "spa", "sp-gone": "gone"},
    own_app_ids={"app-api": "api", "app-spa": "spa"},
)


def assigned(place: str, name: str = "", **facts: Any) -> Resource:
    """Return an assignment: resource, role and holder are what its place says."""
    resource, role, holder = place.split("/")
    type_, _, id_ = holder.partition(":")
    known = {"resource": resource, "app_role_id": role, "principal_type": type_, "principal_id": id_}
    return Resource(
        Address("appRoleAssignment", place), {}, AssignmentFacts(**known | facts), display_name=name
    )


def application(key: str, **values: Any) -> Resource:
    """Return an application; its scopes are `scopes`."""
    named = {"api.oauth2PermissionScopes" if name == "scopes" else name: values[name] for name in values}
    return Resource(application_address(key), named, ApplicationFacts())


def enterprise(key: str, **values: Any) -> Resource:
    """Return an enterprise application."""
    return Resource(enterprise_address(key), values, EnterpriseFacts())


def granted(place: str, *scopes: str) -> Resource:
    """Return a consent to a client."""
    client, api = place.split("/")
    return Resource(
        Address("permissionGrant", place),
        {"scope": list(scopes)},
        ConsentFacts(client=client, resource=api),
    )


def authorized(place: str, *scopes: str) -> Resource:
    """Return an authorization of a client."""
    client, api = place.split("/")
    return Resource(
        Address("authorizedClient", place), {"scopes": scopes}, AuthorizationFacts(client=client, api=api)
    )


def credential(name: str = "ci", parent: Address = API, id_: str | None = None, **values: Any) -> Resource:
    """Return one as a resource."""
    place = f"{parent.key}/{name}"
    return Resource(
        Address("federatedCredential", place),
        {**CREDENTIAL, **values},
        CredentialFacts(id_, name),
        title=place,
        parent=parent,
    )


def lines(side: Side) -> set[str]:
    """Return all that one side says, a line for each."""
    return {
        *(
            f"role {key}/{id_} {role.value} [{role.label}]"
            for key, of in side.roles.items()
            for id_, role in of.items()
        ),
        *(f"application {key} at {address}" for key, address in side.addresses.items()),
        *(
            f"{each.application}/{each.role} has {each.holder.type} {each.holder.id} [{each.holder.name}] "
            f"by {each.address}"
            for each in side.assignments
        ),
        *(
            f"{each.application}/{each.scope} has {each.key}: {each.client.type} {each.client.id} "
            f"[{each.client.name}] by {each.address}"
            for each in side.consents
        ),
        *(f"closed {key}" for key in side.closed),
        *(f"restored {key}" for key in side.restored),
        *(f"absent {key}" for key in side.absent),
    }
