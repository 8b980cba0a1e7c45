"""What each collection lets a query do: which filters, which order, which need advanced queries."""

from entra_config.emulator.graph.clauses import Rules, operators
from entra_config.emulator.graph.schema import ANY_OBJECT

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
GROUP = Rules(
    "group",
    "Group",
    {
        **operators(
            id="eq in",
            displayName="eq in startswith ge le",
            mail="eq in startswith",
            mailNickname="eq in startswith",
            mailEnabled="eq in",
            securityEnabled="eq in",
            createdDateTime="eq in ge le",
            isAssignableToRole="eq",
            onPremisesSyncEnabled="eq",
            visibility="eq",
            deletedDateTime="eq ge le",
            expirationDateTime="eq ge le in",
            hasMembersWithLicenseErrors="eq",
            membershipRuleProcessingState="eq in",
            renewedDateTime="eq ge le in",
        ),
        "assignedLicenses/any": frozenset({"eq"}),
        "assignedLicenses/any/skuId": frozenset({"eq"}),
        "groupTypes/any": frozenset({"eq"}),
        "proxyAddresses/any": frozenset({"eq", "startswith"}),
    },
    frozenset(
        {
            "assignedLicenses/$count",
            "classification",
            "description",
            "members/$count",
            "membershipRule",
            "onPremisesLastSyncDateTime",
            "onPremisesSamAccountName",
            "owners/$count",
            "preferredLanguage",
        }
    ),
    {"displayName": True, "createdDateTime": False, "deletedDateTime": False},
    searchable=True,
)
USER = Rules(
    "user",
    "User",
    {
        **operators(
            id="eq in",
            accountEnabled="eq in",
            ageGroup="eq in",
            city="eq in startswith ge",
            consentProvidedForMinor="eq in",
            country="eq in startswith ge le",
            createdDateTime="eq in ge le",
            creationType="eq in",
            deletedDateTime="eq ge le",
            department="eq in startswith ge le",
            displayName="eq in startswith ge le",
            employeeId="eq startswith",
            givenName="eq in startswith ge le",
            isResourceAccount="eq",
            jobTitle="eq in startswith ge le",
            mail="eq in startswith ge le",
            mailNickname="eq in startswith ge le",
            onPremisesSecurityIdentifier="eq in",
            onPremisesSyncEnabled="eq in",
            onPremisesUserPrincipalName="eq in startswith ge le",
            state="eq in startswith ge le",
            surname="eq in startswith ge le",
            usageLocation="eq in startswith ge le",
            userPrincipalName="eq in startswith ge le",
            userType="eq in",
        ),
        "assignedLicenses/any": frozenset({"eq"}),
        "assignedLicenses/any/skuId": frozenset({"eq"}),
        "businessPhones/any": frozenset({"eq"}),
        "identities/any/issuer": frozenset({"eq"}),
        "identities/any/issuerAssignedId": frozenset({"eq"}),
        "imAddresses/any": frozenset({"eq", "startswith", "ge", "le"}),
        "otherMails/any": frozenset({"eq", "startswith", "ge", "le", "in"}),
        "proxyAddresses/any": frozenset({"eq", "startswith", "ge", "le"}),
    },
    frozenset(
        {
            "assignedLicenses/$count",
            "companyName",
            "employeeHireDate",
            "employeeOrgData/costCenter",
            "employeeOrgData/division",
            "employeeType",
            "faxNumber",
            "mobilePhone",
            "officeLocation",
            "onPremisesImmutableId",
            "onPremisesLastSyncDateTime",
            "onPremisesSamAccountName",
            "passwordPolicies",
            "postalCode",
            "preferredLanguage",
            "showInAddressList",
            "streetAddress",
            *(f"onPremisesExtensionAttributes/extensionAttribute{number}" for number in range(1, 16)),
        }
    ),
    {"displayName": True, "userPrincipalName": True, "createdDateTime": False, "deletedDateTime": False},
    searchable=True,
)
DEVICE = Rules(
    "device",
    "Device",
    {
        **operators(
            id="eq in",
            accountEnabled="eq in",
            approximateLastSignInDateTime="eq ge le",
            deviceId="eq in",
            displayName="eq in startswith ge le",
            isCompliant="eq",
            isManaged="eq",
            mdmAppId="eq in",
            onPremisesLastSyncDateTime="eq ge le",
            onPremisesSecurityIdentifier="eq in",
            onPremisesSyncEnabled="eq",
            operatingSystem="eq in startswith ge le",
            operatingSystemVersion="eq in startswith ge le",
            profileType="eq in",
            trustType="eq in",
        ),
        "alternativeSecurityIds/any/type": frozenset({"eq"}),
        "physicalIds/any": frozenset({"eq"}),
    },
    frozenset(
        {
            "alternativeSecurityIds/any/identityProvider",
            "physicalIds/$count",
            "registrationDateTime",
            "systemLabels/$count",
        }
    ),
    {"displayName": False, "approximateLastSignInDateTime": False},
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
