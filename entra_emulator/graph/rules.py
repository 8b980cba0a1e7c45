"""What each collection lets a query do: which filters, which order, which need advanced queries."""

from entra_emulator.graph.clauses import Rules, operators
from entra_emulator.graph.member_rules import DEVICE, GROUP, USER
from entra_emulator.graph.schema import ANY_OBJECT

APPLICATION = Rules(
    "application",
    "Application",
    {
        **operators(
            id="eq in",
            appId="eq in",
            displayName="eq in startswith ge le",
            createdDateTime="eq in ge le",
            publisherDomain="eq startswith in ge le",
            signInAudience="eq startswith in",
            applicationTemplateId="eq in",
            disabledByMicrosoftStatus="eq in",
            serviceManagementReference="eq",
        ),
        "identifierUris/any": frozenset({"eq", "startswith"}),
        "tags/any": frozenset({"eq", "startswith"}),
    },
    frozenset(
        {
            "description",
            "requiredResourceAccess/any/resourceAppId",
            "keyCredentials/any/endDateTime",
            "keyCredentials/any/keyId",
            "passwordCredentials/any/endDateTime",
            "owners/$count",
            "federatedIdentityCredentials/$count",
            "web/homePageUrl",
            "isFallbackPublicClient",
        }
    ),
    {"displayName": False, "createdDateTime": False, "deletedDateTime": False},
    searchable=True,
)
SERVICE_PRINCIPAL = Rules(
    "servicePrincipal",
    "ServicePrincipal",
    {
        **operators(
            id="eq in",
            accountEnabled="eq in",
            appId="eq in",
            displayName="eq in startswith ge le",
            applicationTemplateId="eq in",
            servicePrincipalType="eq in",
        ),
        "servicePrincipalNames/any": frozenset({"eq", "startswith"}),
        # Used without advanced headers by several public programs; no recording.
        "tags/any": frozenset({"eq", "startswith"}),
        "alternativeNames/any": frozenset({"eq", "startswith"}),
    },
    frozenset(
        {
            "appOwnerOrganizationId",
            "appRoleAssignmentRequired",
            "description",
            "keyCredentials/any/keyId",
            "owners/$count",
        }
    ),
    {"displayName": False, "createdDateTime": False, "deletedDateTime": False},
    searchable=True,
)
GRANT = Rules(
    "oAuth2PermissionGrant",
    "OAuth2PermissionGrant",
    operators(id="eq", clientId="eq", resourceId="eq", consentType="eq", principalId="eq"),
)
ASSIGNMENT = Rules(
    "appRoleAssignment",
    "AppRoleAssignment",
    operators(
        resourceId="eq in",
        principalId="eq in",
        id="eq",
        appRoleId="eq",
        principalDisplayName="eq startswith",
        resourceDisplayName="eq startswith",
        principalType="eq",
    ),
)
CREDENTIAL = Rules(
    "federatedIdentityCredential",
    "FederatedIdentityCredential",
    operators(id="eq", name="eq startswith", issuer="eq startswith", subject="eq startswith"),
)
EXTENSION = Rules(
    "extensionProperty", "ExtensionProperty", operators(id="eq", name="eq startswith", dataType="eq")
)
CLASSIFICATION = Rules(
    "delegatedPermissionClassification",
    "DelegatedPermissionClassification",
    operators(id="eq", permissionId="eq", permissionName="eq", classification="eq"),
)
SCHEMA_EXTENSION = Rules(
    "schemaExtension", "SchemaExtension", operators(id="eq", description="eq", owner="eq", status="eq")
)
APP_MANAGEMENT_POLICY = Rules(
    "appManagementPolicy", "Policy", operators(id="eq", displayName="eq startswith")
)
HOME_REALM_POLICY = Rules(
    "homeRealmDiscoveryPolicy", "Policy", operators(id="eq", displayName="eq startswith")
)
AUDIT = Rules(
    "directoryAudit",
    "DirectoryAudit",
    {
        **operators(
            activityDateTime="eq ge le",
            activityDisplayName="eq startswith",
            loggedByService="eq",
            category="eq",
            correlationId="eq",
            id="eq",
            result="eq",
            operationType="eq",
            initiatedBy__user__id="eq",
            initiatedBy__user__displayName="eq",
            initiatedBy__user__userPrincipalName="eq startswith",
            initiatedBy__app__displayName="eq",
            initiatedBy__app__appId="eq",
        ),
        "targetResources/any/id": frozenset({"eq"}),
        "targetResources/any/displayName": frozenset({"eq", "startswith"}),
    },
    sortable={"activityDateTime": True},
)
# Lists of mixed objects: only ids without advanced queries, what several types share with them.
LINKED = Rules(
    ANY_OBJECT,
    "DirectoryObject",
    operators(id="eq in"),
    frozenset(
        {
            "accountEnabled",
            "appId",
            "createdDateTime",
            "description",
            "displayName",
            "mail",
            "mailEnabled",
            "mailNickname",
            "securityEnabled",
            "userPrincipalName",
            "userType",
        }
    ),
    {"displayName": False},
    searchable=True,
)
OF_KINDS = {
    "application": APPLICATION,
    "device": DEVICE,
    "servicePrincipal": SERVICE_PRINCIPAL,
    "group": GROUP,
    "user": USER,
}
