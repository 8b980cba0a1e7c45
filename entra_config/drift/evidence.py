"""A finding in, the audit records that would prove it out: the table of Graph properties and what the log calls them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from entra_config.drift.model import Finding

# Graph path → the audit log's property, from exported records and Microsoft's lists of tracked attributes.
# A name that is not here is
# looked for in PascalCase.
PROPERTIES: Mapping[str, str] = {
    "displayName": "DisplayName",
    "identifierUris": "AppIdentifierUri",
    "signInAudience": "SignInAudience",
    "web.redirectUris": "AppAddress",
    "spa.redirectUris": "AppAddress",
    "publicClient.redirectUris": "AppAddress",
    "web.logoutUrl": "AppAddress",
    "web.homePageUrl": "WwwHomepage",
    "isFallbackPublicClient": "PublicClient",
    "web.implicitGrantSettings.enableAccessTokenIssuance": "OauthOidcResponsePolicyBitmap",
    "web.implicitGrantSettings.enableIdTokenIssuance": "OauthOidcResponsePolicyBitmap",
    "requiredResourceAccess": "RequiredResourceAccess",
    "api.oauth2PermissionScopes": "Entitlement",
    "appRoles": "Entitlement",
    "api.preAuthorizedApplications": "PreAuthorizedApplications",
    "api.knownClientApplications": "KnownClientApplications",
    "api.requestedAccessTokenVersion": "AccessTokenAcceptedVersion",
    "api.acceptMappedClaims": "AcceptMappedClaims",
    "optionalClaims": "OptionalClaims",
    "groupMembershipClaims": "GroupMembershipClaims",
    "passwordCredentials": "KeyDescription",
    "keyCredentials": "KeyDescription",
    "appRoleAssignmentRequired": "ExplicitAccessGrantRequired",
    "accountEnabled": "AccountEnabled",
    "servicePrincipalNames": "ServicePrincipalName",
}
# Of these the log writes the very text that Graph shows; others are numbers, bitmaps or maps.
_VERBATIM = frozenset({"DisplayName", "WwwHomepage"})


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a proving record looks like: its activity, property, the element inside it, and an object it must name."""

    activity: Callable[[str], bool]
    sign: Literal["added", "changed", "removed"]
    property: str = ""
    element: object = None
    target: str = ""
    # What the property must hold afterwards, where the log writes it as Graph does.
    value: object = None


def evidence(finding: Finding) -> list[Evidence]:
    """Return the clues that would prove a finding, best first."""
    match finding.address.kind:
        case "appRoleAssignment":
            return _link(finding, "app role assignment", "AppRole.Id")
        case "permissionGrant":
            return [
                Evidence(
                    _starts("Add delegated permission grant"), finding.sign, "DelegatedPermissionGrant.Scope", finding.element
                ),
                Evidence(
                    _starts("Remove delegated permission grant"), finding.sign, "DelegatedPermissionGrant.Scope", finding.element
                ),
            ]
        case "owner":
            activity = "Add owner to" if finding.sign == "added" else "Remove owner from"
            return [Evidence(_starts(activity), finding.sign, "", None, str(finding.element or ""))]
        case "authorizedClient":
            return [Evidence(_starts("Update application"), "changed", "PreAuthorizedApplications")]
        case "federatedCredential":
            return [Evidence(_starts("Update application"), finding.sign, "FederatedIdentityCredentials", finding.element)]
        case "application" if finding.path == "owners":
            return [Evidence(_starts("Add owner to"), "added", "", None, str(finding.element))]
        case "application" if finding.path == "oauth2PermissionGrants":
            name = "DelegatedPermissionGrant.Scope"
            return [Evidence(_starts("Add delegated permission grant"), "added", name, finding.element)]
        case "application" if finding.path in {"appRoleAssignments", "appRoleAssignedTo"}:
            role = str(finding.element).partition("/")[0]
            return _link(replace(finding, element=role), "app role assignment", "AppRole.Id")
        case _ if finding.path == "":
            return [Evidence(_object_activity(finding), finding.sign)]
        case _:
            return _attribute(finding)


def _attribute(finding: Finding) -> list[Evidence]:
    name = PROPERTIES.get(finding.path) or _pascal(finding.path)
    element = finding.element
    if name == "AppAddress" and finding.path == "web.logoutUrl":
        element = finding.live if finding.sign != "removed" else finding.declared
    updated = [
        Evidence(
            _starts("Update application", "Update service principal", "Add service principal cred"),
            finding.sign,
            name,
            element,
            value=finding.live if name in _VERBATIM and isinstance(finding.live, str) else None,
        )
    ]
    if name == "AppIdentifierUri":
        # Identifier URIs are often recorded on the service principal only.
        updated.append(Evidence(_starts("Update service principal"), finding.sign, "ServicePrincipalName", element))
    if name == "SignInAudience":
        # The older records say only whether other tenants may sign in.
        updated.append(Evidence(_starts("Update application"), "changed", "AvailableToOtherTenants"))
    if name == "KeyDescription":
        updated.append(Evidence(_starts("Remove service principal cred", "Create application"), finding.sign, name, element))
    return updated


def _link(finding: Finding, noun: str, name: str) -> list[Evidence]:
    """Return the clues of an assignment: a record of the right verb that names the principal and the role's id."""
    principal = finding.subjects[-1] if finding.subjects else ""
    verb = "Add" if finding.sign == "added" else "Remove"
    return [
        Evidence(lambda activity: activity.startswith(verb) and noun in activity, finding.sign, name, finding.element, principal)
    ]


def _object_activity(finding: Finding) -> Callable[[str], bool]:
    verbs = {
        "added": ("Add application", "Add service principal", "Restore"),
        "removed": ("Delete application", "Remove service principal", "Hard"),
        "changed": ("Update application", "Update service principal"),
    }
    return _starts(*verbs[finding.sign])


def _starts(*prefixes: str) -> Callable[[str], bool]:
    return lambda activity: activity.startswith(prefixes)


def _pascal(path: str) -> str:
    last = path.rsplit(".", 1)[-1]
    return last[:1].upper() + last[1:]
