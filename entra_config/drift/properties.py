"""A finding about a property in, the question for each audit record out: the table of what the log calls
Graph's properties.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from entra_config.drift import verdicts
from entra_config.drift.audit import Event
from entra_config.drift.model import Finding
from entra_config.drift.verdicts import FieldVerdict, Judge
from entra_config.kinds.table import TRACES
from entra_config.kinds.trace import Part

# Graph path → the audit log's property, from exported records and Microsoft's lists of tracked attributes. Of
# what is not here the log may call nothing, or something else: nobody is named for it.
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
    "tags": "ApplicationTag",
    "notes": "Notes",
    "description": "Description",
    "passwordCredentials": "KeyDescription",
    "keyCredentials": "KeyDescription",
    "federatedIdentityCredentials": "FederatedIdentityCredentials",
    "appRoleAssignmentRequired": "ExplicitAccessGrantRequired",
    "accountEnabled": "AccountEnabled",
    "servicePrincipalNames": "ServicePrincipalName",
}
# What the log calls the same on a service principal; of the rest its records are mirrors.
OF_PRINCIPAL = frozenset(
    {
        "AccountEnabled",
        "ExplicitAccessGrantRequired",
        "KeyDescription",
        "ServicePrincipalName",
        "ServicePrincipalTag",
    }
)
_ENTITLEMENT = {
    "displayName": "Name",
    "adminConsentDisplayName": "Name",
    "description": "Description",
    "adminConsentDescription": "Description",
    "value": "ClaimValue",
    "isEnabled": "IsDisabled",
    "userConsentDisplayName": "UserConsentDisplayName",
    "userConsentDescription": "UserConsentDescription",
}
_WRITES = (
    "Update ",
    "Add application",
    "Create application",
    "Add service principal",
    "Remove service principal cred",
)


def property_question(finding: Finding) -> Callable[[Event], FieldVerdict] | None:
    """Return the question about a property, an entry of it, or a part that the log keeps in a property."""
    found = _judge(finding)
    if found is None:
        return None
    names, judge = found
    objects = {finding.ends.get("object", ""), finding.ends.get("principalObject", "")} - {""}
    mirror = finding.ends.get("principalObject", "")

    def verdict(event: Event) -> FieldVerdict:
        if not objects & set(event.targets[:1]) or not event.activity.startswith(_WRITES):
            return "no"
        for name in names:
            if name in event.old or name in event.new:
                # What a service principal mirrors of its application loses a part on the way.
                listed = (
                    verdicts.moved if event.targets[0] == mirror and name not in OF_PRINCIPAL else judge(name)
                )
                return listed(event.old.get(name), event.new.get(name))
        return "may" if event.is_stub or set(names) & event.named else "no"

    return verdict


def _judge(finding: Finding) -> tuple[tuple[str, ...], Callable[[str], Judge]] | None:
    """Return the log's names of what a finding is about, and how a record's two values of each tell."""
    reported = TRACES[finding.address.kind].reported
    if isinstance(reported, Part):
        return _part(finding, reported)
    name = PROPERTIES.get(finding.path, "")
    match name:
        case "":
            return None
        case "AppAddress":
            return (name,), lambda _: verdicts.address(finding)
        case "Entitlement":
            element = finding.element[0] if isinstance(finding.element, tuple) else finding.element
            return (name,), lambda _: verdicts.entry(
                finding, name, element, verdicts.fields(_ENTITLEMENT), type_=finding.path
            )
        case "FederatedIdentityCredentials":
            return (name,), lambda _: verdicts.federated(str(finding.element))
        case "ApplicationTag":
            return _tags(finding)
        case "RequiredResourceAccess" | "KeyDescription" | "KnownClientApplications" | "AppIdentifierUri":
            # Identifier URIs are often recorded on the service principal only.
            also = ("ServicePrincipalName",) if name == "AppIdentifierUri" else ()
            return (name, *also), lambda each: verdicts.entry(finding, each, finding.element, verdicts.untold)
        case "OauthOidcResponsePolicyBitmap":
            return (name,), lambda _: verdicts.bit(finding)
        case "SignInAudience":
            # The older records say only whether other tenants may sign in.
            return (
                name,
                "AvailableToOtherTenants",
            ), lambda each: verdicts.value(finding, each) if each == name else verdicts.bit(finding)
        case _:
            return (name,), lambda each: verdicts.value(finding, each)


def _tags(finding: Finding) -> tuple[tuple[str, ...], Callable[[str], Judge]]:
    name = "ServicePrincipalTag" if "registration" in finding.ends else "ApplicationTag"
    if finding.element is None:
        return (name,), lambda _: verdicts.tags(finding)
    return (name,), lambda _: verdicts.entry(finding, name, finding.element, verdicts.untold)


def _part(finding: Finding, part: Part) -> tuple[tuple[str, ...], Callable[[str], Judge]]:
    """Return the same of what stands in a property of its application: known by its own id, its name, or
    its other end.
    """
    name = part.property
    if not (part.id or part.element or finding.part):
        # It is the only one there, and the log does not say what of it changed.
        return (name,), lambda _: verdicts.moved
    if part.id and finding.sign == "added" and finding.ends.get(part.id):
        return (name,), lambda _: verdicts.federated(finding.ends[part.id])
    element = finding.ends.get(part.element, "").casefold() if part.element else finding.part
    if part.element and finding.path:
        return (name,), lambda _: verdicts.scope(finding, element)
    return (name,), lambda _: verdicts.entry(
        finding, name, element, verdicts.fields(part.fields) if part.fields else verdicts.untold
    )
