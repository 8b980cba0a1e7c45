"""New rows as Graph fills them: a few values in, every property with its default out, in Graph's order."""

from typing import Any

from entra_emulator.table import Row

_INFO = ("logoUrl", "marketingUrl", "privacyStatementUrl", "supportUrl", "termsOfServiceUrl")
_PUBLISHER = ("displayName", "verifiedPublisherId", "addedDateTime")

# Returned only on $select (application documentation of 2026), or not seen in a recording of the default set.
ON_SELECT = {
    "application": frozenset(
        {
            "authenticationBehaviors",
            "managerApplications",
            "oauth2RequirePostResponse",
            "signInAudienceRestrictions",
        }
    ),
    "federatedIdentityCredential": frozenset({"claimsMatchingExpression"}),
    "servicePrincipal": frozenset({"customSecurityAttributes", "samlMetadataUrl"}),
    "group": frozenset(
        {
            "isManagementRestricted",
            "assignedLicenses",
            "hasMembersWithLicenseErrors",
            "writebackConfiguration",
        }
    ),
}

# Of what beta alone has, that too comes only on $select (application documentation).
ONLY_SELECTED = frozenset({"signInAudienceRestrictions"})
# What an application has that nobody restricted (signInAudienceRestrictionsBase documentation).
UNRESTRICTED = {"@odata.type": "#microsoft.graph.unrestrictedAudience", "kind": "unrestricted"}


def application(row_id: str, app_id: str, created: str, publisher: str) -> Row:
    """Make an application with Graph's defaults (an azure-cli recording of 2025-04, an answer of 2026-06)."""
    return {
        "id": row_id,
        "deletedDateTime": None,
        "appId": app_id,
        "applicationTemplateId": None,
        "disabledByMicrosoftStatus": None,
        "createdByAppId": None,
        "createdDateTime": created,
        "displayName": None,
        "description": None,
        "groupMembershipClaims": None,
        "identifierUris": [],
        "isDeviceOnlyAuthSupported": None,
        "isDisabled": None,
        "isFallbackPublicClient": None,
        "nativeAuthenticationApisEnabled": None,
        "notes": None,
        "publisherDomain": publisher,
        "serviceManagementReference": None,
        # Omitted means single tenant since 2025; recordings of 2022 had the personal audience.
        "signInAudience": "AzureADMyOrg",
        "signInAudienceRestrictions": UNRESTRICTED,
        "tags": [],
        "tokenEncryptionKeyId": None,
        "uniqueName": None,
        "samlMetadataUrl": None,
        "defaultRedirectUri": None,
        "certification": None,
        "optionalClaims": None,
        "servicePrincipalLockConfiguration": None,
        "requestSignatureVerification": None,
        "addIns": [],
        "api": _api(),
        "appRoles": [],
        "info": dict.fromkeys(_INFO),
        "keyCredentials": [],
        "parentalControlSettings": {"countriesBlockedForMinors": [], "legalAgeGroupRule": "Allow"},
        "passwordCredentials": [],
        "publicClient": {"redirectUris": []},
        "requiredResourceAccess": [],
        "verifiedPublisher": dict.fromkeys(_PUBLISHER),
        "web": _web(),
        "spa": {"redirectUris": []},
        "authenticationBehaviors": None,
        "managerApplications": [],
        "oauth2RequirePostResponse": False,
    }


def _api() -> Row:
    return {
        "acceptMappedClaims": None,
        "knownClientApplications": [],
        "requestedAccessTokenVersion": None,
        "oauth2PermissionScopes": [],
        "preAuthorizedApplications": [],
    }


def _web() -> Row:
    return {
        "homePageUrl": None,
        "logoutUrl": None,
        "redirectUris": [],
        "implicitGrantSettings": {"enableAccessTokenIssuance": False, "enableIdTokenIssuance": False},
        "redirectUriSettings": [],
    }


def service_principal(row_id: str, app_id: str, created: str | None, owner_tenant: str) -> Row:
    """Make a service principal with Graph's defaults (azure-cli recording of 2025-04-08)."""
    return {
        "id": row_id,
        "deletedDateTime": None,
        "accountEnabled": True,
        "alternativeNames": [],
        "appDisplayName": None,
        "appDescription": None,
        "appId": app_id,
        "applicationTemplateId": None,
        "appOwnerOrganizationId": owner_tenant,
        "appRoleAssignmentRequired": False,
        "createdByAppId": None,
        # Undocumented, yet returned; null for Microsoft's own applications.
        "createdDateTime": created,
        "description": None,
        "disabledByMicrosoftStatus": None,
        "displayName": None,
        "homepage": None,
        "isDisabled": None,
        "loginUrl": None,
        "logoutUrl": None,
        "notes": None,
        "notificationEmailAddresses": [],
        "preferredSingleSignOnMode": None,
        "preferredTokenSigningKeyThumbprint": None,
        "replyUrls": [],
        "servicePrincipalNames": [app_id],
        "servicePrincipalType": "Application",
        "signInAudience": None,
        "tags": [],
        "tokenEncryptionKeyId": None,
        "samlSingleSignOnSettings": None,
        "addIns": [],
        "appRoles": [],
        "info": dict.fromkeys(_INFO),
        "keyCredentials": [],
        "oauth2PermissionScopes": [],
        "passwordCredentials": [],
        "resourceSpecificApplicationPermissions": [],
        "verifiedPublisher": dict.fromkeys(_PUBLISHER),
        "customSecurityAttributes": None,
        "samlMetadataUrl": None,
    }


def app_role(role_id: str, value: str | None, display_name: str, description: str, members: list[str]) -> Row:
    """Make an app role as reads show it."""
    return {
        "allowedMemberTypes": members,
        "description": description,
        "displayName": display_name,
        "id": role_id,
        "isEnabled": True,
        "origin": "Application",
        "value": value,
    }


def scope(scope_id: str, value: str, texts: tuple[str, str], *, admin: bool) -> Row:
    """Make a delegated permission as reads show it."""
    return {
        "adminConsentDescription": texts[1],
        "adminConsentDisplayName": texts[0],
        "id": scope_id,
        "isEnabled": True,
        "type": "Admin" if admin else "User",
        "userConsentDescription": None if admin else texts[1],
        "userConsentDisplayName": None if admin else texts[0],
        "value": value,
    }


def assignment(row_id: str, created: str, role_id: str, principal: Row, resource: Row) -> Row:
    """Make an app role assignment; both names are snapshots."""
    return {
        "id": row_id,
        "deletedDateTime": None,
        "appRoleId": role_id,
        "createdDateTime": created,
        "principalDisplayName": principal["displayName"],
        "principalId": principal["id"],
        "principalType": principal["type"],
        "resourceDisplayName": resource["displayName"],
        "resourceId": resource["id"],
    }


def mirror(principal: Row, app: Row) -> Row:
    """Copy onto a service principal what Graph keeps in step with its application."""
    api: dict[str, Any] = app["api"]
    replies = [*app["web"]["redirectUris"], *app["spa"]["redirectUris"], *app["publicClient"]["redirectUris"]]
    return {
        **principal,
        "appDisplayName": app["displayName"],
        # A name of its own lasts until the application is named anew.
        "displayName": principal["displayName"]
        if principal["appDisplayName"] == app["displayName"]
        else app["displayName"],
        "appDescription": app["description"],
        "appRoles": app["appRoles"],
        "oauth2PermissionScopes": api["oauth2PermissionScopes"],
        "replyUrls": replies,
        "servicePrincipalNames": [app["appId"], *app["identifierUris"]],
        "signInAudience": app["signInAudience"],
        "homepage": app["web"]["homePageUrl"],
        "logoutUrl": app["web"]["logoutUrl"],
        "info": app["info"],
        "tags": [*app["tags"], *(t for t in principal.get("_tags", ()) if t not in app["tags"])],
        "verifiedPublisher": app["verifiedPublisher"],
    }
