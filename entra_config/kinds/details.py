"""What is asked about each application that was found, and what an answer says: one typed question for each
kind of list.

A kind may ask something of its own besides: it makes another `Detail`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, TypeVar

from entra_config.graph.request import Request
from entra_config.manifest.parts import FederatedCredential
from entra_config.resource import Value

Row = TypeVar("Row")
Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Detail(Generic[Row]):
    """A list about one application; `read` takes from each item of Graph's answer what a plan needs of it.

    Where it is a `picture`, Graph answers with bytes, and the one item is `{"content": bytes}`.
    """

    name: str
    read: Callable[[Json], Row]
    picture: bool = False


@dataclass(frozen=True, slots=True)
class RoleHolding:
    """An appRoleAssignment: who holds which role of which resource, by object id; `created` is empty where
    Graph is silent.
    """

    id: str
    role: str
    principal: str
    principal_type: str
    principal_name: str
    resource: str
    resource_name: str
    created: str = ""

    SELECT: ClassVar = (
        "$select=id,appRoleId,principalId,principalType,principalDisplayName,resourceId,"
        "resourceDisplayName,createdDateTime"
    )

    @classmethod
    def read(cls, item: Json) -> RoleHolding:
        """Return what an item of `appRoleAssignments` or `appRoleAssignedTo` says."""
        return cls(
            item["id"],
            item["appRoleId"],
            item["principalId"],
            item["principalType"],
            str(item.get("principalDisplayName") or item["principalId"]),
            item["resourceId"],
            str(item.get("resourceDisplayName") or item["resourceId"]),
            str(item.get("createdDateTime") or ""),
        )

    @property
    def by_service_principal(self) -> bool:
        """Tell whether an application holds it, and nobody who signs in."""
        return self.principal_type == "ServicePrincipal"


@dataclass(frozen=True, slots=True)
class DelegatedConsent:
    """An oauth2PermissionGrant, its scopes as they stand in it; `everybody`: an administrator consented
    for the whole tenant.
    """

    id: str
    client: str
    resource: str
    everybody: bool
    principal: str
    scope: str

    SELECT: ClassVar = "$select=id,clientId,resourceId,consentType,principalId,scope"

    @classmethod
    def read(cls, item: Json) -> DelegatedConsent:
        """Return what an item of `oauth2PermissionGrants` says."""
        everybody = item["consentType"] == "AllPrincipals"
        principal, scope = str(item.get("principalId") or ""), str(item.get("scope") or "")
        return cls(item["id"], item["clientId"], item["resourceId"], everybody, principal, scope)

    @property
    def scopes(self) -> frozenset[str]:
        """Return the single scopes: old grants begin with a space."""
        return frozenset(self.scope.split())


@dataclass(frozen=True, slots=True)
class ObjectOwner:
    """An owner of an application or a service principal; `upn` is empty of whoever is no user."""

    id: str
    type: str
    name: str
    upn: str = ""

    @classmethod
    def read(cls, item: Json) -> ObjectOwner:
        """Return what an item of `owners` says; what has no type is a user."""
        type_ = str(item.get("@odata.type", "#microsoft.graph.user")).removeprefix("#microsoft.graph.")
        upn = str(item.get("userPrincipalName") or "")
        return cls(item["id"], type_, str(item.get("displayName") or ""), upn)

    @property
    def called(self) -> str:
        """Return the principal name of a user, the display name of others, the id of whoever has none."""
        return self.upn or self.name or self.id


@dataclass(frozen=True, slots=True)
class FederatedTrust:
    """A federated credential of an application: whose tokens sign in as it.

    Without a subject it matches by an expression, which only the beta endpoint tells.
    """

    id: str
    name: str
    issuer: str | None
    subject: str | None
    audiences: tuple[str, ...]
    description: str | None
    expression: str | None = None

    SELECT: ClassVar = "$select=id,name,issuer,subject,audiences,description"

    @classmethod
    def read(cls, item: Json) -> FederatedTrust:
        """Return what an item of the list says."""
        audiences = tuple(item.get("audiences") or ())
        expression = (item.get("claimsMatchingExpression") or {}).get("value")
        issuer, subject, description = (item.get(name) for name in ("issuer", "subject", "description"))
        return cls(item["id"], item["name"], issuer, subject, audiences, description, expression)

    @property
    def whose(self) -> str:
        """Return whose tokens it takes, as far as it was told."""
        return self.subject or self.expression or "whatever its expression matches"


@dataclass(frozen=True, slots=True)
class Requirer:
    """An application of this tenant that requires something of another, with all that it requires."""

    id: str
    app_id: str
    name: str
    required: tuple[Json, ...]

    @classmethod
    def read(cls, item: Json) -> Requirer:
        """Return what an item of `applications` says."""
        return cls(
            item["id"],
            item["appId"],
            str(item["displayName"]),
            tuple(item.get("requiredResourceAccess") or ()),
        )


@dataclass(frozen=True, slots=True)
class AllowedTenants:
    """The tenants that may use an application besides its own, in lower case; none: every tenant may."""

    ids: tuple[str, ...]
    reported: Json

    @classmethod
    def read(cls, item: Json) -> AllowedTenants:
        """Return what an application says of its `signInAudienceRestrictions`."""
        restrictions = item.get("signInAudienceRestrictions") or {
            "@odata.type": "#microsoft.graph.unrestrictedAudience"
        }
        return cls(
            tuple(str(id_).lower() for id_ in restrictions.get("allowedTenantIds") or ()), restrictions
        )


@dataclass(frozen=True, slots=True)
class SignInList:
    """A list below an application of whose tokens sign in as it: `path` is Graph's name of it, `type` that of
    an item, `kind` ours.

    `match` makes what Graph answers of one that the manifest declares.
    """

    path: str
    type: str
    kind: str
    detail: Detail[FederatedTrust]
    match: Callable[[FederatedCredential], Mapping[str, Value]]

    def request(self, application_id: str, select: str = "", *, beta: bool = False) -> Request:
        """Return the request for the list of one application."""
        return Request("GET", f"/applications/{application_id}/{self.path}{select}", beta=beta)


OWNERS = Detail("owners", ObjectOwner.read)
ENTERPRISE_OWNERS = Detail("owners of the service principal", ObjectOwner.read)
HOLDERS = Detail("who holds its roles", RoleHolding.read)
HOLDINGS = Detail("roles that it holds", RoleHolding.read)
CONSENTS = Detail("consents that it has", DelegatedConsent.read)
CONSENTS_TO_IT = Detail("consents to it", DelegatedConsent.read)
ALLOWED_TENANTS = Detail("which tenants may use it", AllowedTenants.read)
REQUIRERS = Detail("who requires it", Requirer.read)
