"""The properties of a service principal, and which of them follow its application.

Types and null: microsoftgraph/msgraph-metadata, schemas/v1.0-Prod.csdl, commit f54f11b6, 2026-08-20.
"""

from entra_emulator.graph import permissions
from entra_emulator.graph.entities.application import INFO, PUBLISHER, write_address
from entra_emulator.graph.properties import ADVANCED, APPLICATION, GRAPH, Entity, Property, keep_false
from entra_emulator.table import Row


def make_service_principal(row_id: str, app_id: str, created: str | None, owner_tenant: str) -> Row:
    """Make a service principal with Graph's defaults (azure-cli recording of 2025-04-08). `created` is null
    for Microsoft's own applications; that it is returned is not documented.
    """
    return SERVICE_PRINCIPAL.make(
        id=row_id,
        appId=app_id,
        createdDateTime=created,
        appOwnerOrganizationId=owner_tenant,
        servicePrincipalNames=[app_id],
    )


def mirror_application(principal: Row, app: Row) -> Row:
    """Copy onto a service principal what Graph keeps in step with its application."""
    api: Row = app["api"]
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


def _reply_urls(row: Row) -> list[Row]:
    return [write_address(0, uri, 1) for uri in row["replyUrls"]]


SERVICE_PRINCIPAL = Entity(
    "servicePrincipal",
    "ServicePrincipal",
    "servicePrincipals",
    (
        Property("id", nullable=False, set_by=GRAPH, filter="eq in"),
        Property("deletedDateTime", "Edm.DateTimeOffset", set_by=GRAPH, order=ADVANCED),
        Property("accountEnabled", "Edm.Boolean", default=True, filter="eq in"),
        Property("alternativeNames", "Collection(Edm.String)", filter="eq startswith"),
        Property("appDisplayName", set_by=GRAPH),
        Property("appDescription", set_by=GRAPH),
        Property("appId", filter="eq in", key=True, upserts=True),
        Property("applicationTemplateId", set_by=GRAPH, filter="eq in"),
        Property("appOwnerOrganizationId", "Edm.Guid", set_by=GRAPH, filter=ADVANCED),
        Property("appRoleAssignmentRequired", "Edm.Boolean", nullable=False, filter=ADVANCED),
        Property("createdByAppId", set_by=GRAPH, since="2026-05"),
        Property(
            "createdDateTime",
            "Edm.DateTimeOffset",
            order=ADVANCED,
            published=False,
            null_in_creates_since="2025-05",
        ),
        Property("description", filter=ADVANCED),
        Property("disabledByMicrosoftStatus", set_by=GRAPH, since="2022-05"),
        Property(
            "displayName", set_by=APPLICATION, filter="eq in startswith ge le", order=ADVANCED, longest=256
        ),
        Property("homepage", set_by=APPLICATION),
        Property("isDisabled", "Edm.Boolean", since="2026-05"),
        Property("loginUrl"),
        Property("logoutUrl", set_by=APPLICATION),
        Property("notes"),
        Property("notificationEmailAddresses", "Collection(Edm.String)"),
        Property(
            "preferredSingleSignOnMode", choices=frozenset({"notSupported", "oidc", "password", "saml"})
        ),
        Property("preferredTokenSigningKeyThumbprint"),
        Property("replyUrls", "Collection(Edm.String)", set_by=APPLICATION, reversed=True),
        Property(
            "servicePrincipalNames",
            "Collection(Edm.String)",
            set_by=APPLICATION,
            filter="eq startswith",
            reversed=True,
        ),
        Property("servicePrincipalType", default="Application", set_by=GRAPH, filter="eq in"),
        Property("signInAudience", set_by=GRAPH, since="2022-05"),
        Property("tags", "Collection(Edm.String)", filter="eq startswith", reversed=True),
        Property("tokenEncryptionKeyId", "Edm.Guid"),
        Property(
            "samlSingleSignOnSettings", "samlSingleSignOnSettings", former_place=("2022-05", "replyUrls")
        ),
        Property("addIns", "Collection(addIn)"),
        Property("appRoles", "Collection(appRole)", set_by=APPLICATION, reversed=True),
        Property(
            "info", "informationalUrl", default=INFO, set_by=APPLICATION, after_if_null="tokenEncryptionKeyId"
        ),
        Property("keyCredentials", "Collection(keyCredential)", inside={"any/keyId": ADVANCED}),
        Property("oauth2PermissionScopes", "Collection(permissionScope)", set_by=GRAPH),
        Property("passwordCredentials", "Collection(passwordCredential)"),
        Property(
            "resourceSpecificApplicationPermissions",
            "Collection(resourceSpecificPermission)",
            set_by=GRAPH,
            since="2022-05",
        ),
        Property(
            "verifiedPublisher",
            "verifiedPublisher",
            default=PUBLISHER,
            set_by=GRAPH,
            since="2022-05",
            former_place=("2022-08", "samlSingleSignOnSettings"),
        ),
        Property("customSecurityAttributes", "customSecurityAttributeValue", selected=True),
        Property("samlMetadataUrl", beta=True),
    ),
    read=permissions.APPLICATION_READ,
    create=permissions.APPLICATION_WRITE,
    update=permissions.APPLICATION_WRITE,
    delete=permissions.APPLICATION_WRITE,
    others=(
        # v1.0 showed it for some weeks of a rollout.
        Property(
            "isManagementRestricted",
            "Edm.Boolean",
            since="2024-10",
            until="2024-10",
            after_if_null="homepage",
            published=False,
        ),
    ),
    navigation=frozenset(
        [
            "appManagementPolicies",
            "appRoleAssignedTo",
            "appRoleAssignments",
            "claimsMappingPolicies",
            "createdObjects",
            "delegatedPermissionClassifications",
            "endpoints",
            "federatedIdentityCredentials",
            "homeRealmDiscoveryPolicies",
            "memberOf",
            "oauth2PermissionGrants",
            "ownedObjects",
            "owners",
            "remoteDesktopSecurityConfiguration",
            "synchronization",
            "tokenIssuancePolicies",
            "tokenLifetimePolicies",
            "transitiveMemberOf",
        ]
    ),
    counted=("owners",),
    searchable=True,
    audited={
        "AccountEnabled": keep_false("accountEnabled"),
        "AppPrincipalId": "appId",
        "DisplayName": "displayName",
        "ServicePrincipalName": "servicePrincipalNames",
        "ExplicitAccessGrantRequired": keep_false("appRoleAssignmentRequired"),
        "ServicePrincipalTag": "tags",
        "Notes": "notes",
        "LoginUrl": "loginUrl",
        "NotificationEmailAddresses": "notificationEmailAddresses",
        "PreferredSingleSignOnMode": "preferredSingleSignOnMode",
        "SamlSingleSignOnSettings": "samlSingleSignOnSettings",
        "AlternativeNames": "alternativeNames",
        "Description": "description",
        "TokenEncryptionKeyId": "tokenEncryptionKeyId",
        "AppAddress": _reply_urls,
    },
    restorable=True,
    phrase="service principal",
    removal="Remove",
    purge="Hard delete",
)
