"""What each documented write sends: the page's name and the tenant in, a body with the page's property
names out.
"""

from collections.abc import Callable
from typing import Any

from tests.conformance.documented.tenant import Tenant

Body = Callable[[Tenant], Any]
PASSWORD = {"forceChangePasswordNextSignIn": False, "password": "Aurora-71-borealis"}
SAFE_POLICY = {"definition": ['{"ClaimsMappingPolicy":{"Version":1}}'], "displayName": "A policy"}


def link(object_id: str, collection: str = "directoryObjects") -> dict[str, str]:
    """Write a reference."""
    return {"@odata.id": f"https://graph.microsoft.com/v1.0/{collection}/{object_id}"}


def assignment(principal: str) -> Body:
    """Write an assignment that is not there yet: the API's second role."""
    return lambda t: {
        "principalId": t.ids[principal],
        "resourceId": t.ids["api"],
        "appRoleId": t.ids["second role"],
    }


BODIES: dict[str, dict[str, Body]] = {
    "application-addkey": {
        "1": lambda t: {
            "keyCredential": t.new_key(),
            "passwordCredential": None,
            "proof": t.proof("application"),
        },
        "2": lambda t: {
            "keyCredential": t.new_key(usage="Sign"),
            "passwordCredential": {"secretText": "of the private key"},
            "proof": t.proof("application"),
        },
    },
    "application-addpassword": {"1": lambda _: {"passwordCredential": {"displayName": "Named"}}},
    "application-post-applications": {"1": lambda _: {"displayName": "Named"}},
    "application-post-extensionproperty": {
        "1": lambda _: {"name": "jobGroup", "dataType": "String", "targetObjects": ["User"]},
    },
    "application-post-owners": {"1": lambda t: link(t.ids["spare"])},
    "application-post-tokenissuancepolicies": {
        "1": lambda t: link(t.ids["spare issuance policy"], "policies/tokenIssuancePolicies")
    },
    "application-post-tokenlifetimepolicies": {
        "1": lambda t: link(t.ids["spare lifetime policy"], "policies/tokenLifetimePolicies")
    },
    "application-removekey": {"1": lambda t: {"keyId": t.ids["key"], "proof": t.proof("application")}},
    "application-removepassword": {"1": lambda t: {"keyId": t.ids["secret"]}},
    "application-setverifiedpublisher": {"1": lambda _: {"verifiedPublisherId": "1234567"}},
    "application-unsetverifiedpublisher": {"1": lambda _: {}},
    "application-update": {"1": lambda _: {"displayName": "Renamed"}},
    "applicationtemplate-instantiate": {"1": lambda _: {"displayName": "Named"}},
    "claimsmappingpolicy-post-claimsmappingpolicies": {"1": lambda _: SAFE_POLICY},
    "claimsmappingpolicy-update": {"1": lambda _: SAFE_POLICY},
    "directoryobject-checkmembergroups": {
        "1": lambda t: {"groupIds": [t.ids["group"]]},
        "2": lambda t: {"groupIds": [t.ids["group"]]},
    },
    "directoryobject-checkmemberobjects": {"1": lambda t: {"ids": [t.ids["group"]]}},
    "directoryobject-getavailableextensionproperties": {"1": lambda _: {"isSyncedFromOnPremises": False}},
    "directoryobject-getbyids": {
        "1": lambda t: {"ids": [t.ids["user"], t.ids["group"]], "types": ["user", "group"]}
    },
    "directoryobject-getmembergroups": {
        "1": lambda _: {"securityEnabledOnly": True},
        "2": lambda _: {"securityEnabledOnly": True},
    },
    "directoryobject-getmemberobjects": {"1": lambda _: {"securityEnabledOnly": True}},
    "directoryobject-validateproperties": {
        "1": lambda t: {
            "entityType": "Group",
            "displayName": "Named",
            "mailNickname": "named",
            "onBehalfOfUserId": t.ids["user"],
        },
    },
    "federatedidentitycredential-update": {"1": lambda _: {"description": "Described."}},
    "group-post-approleassignments": {"1": assignment("group")},
    "group-post-groups": {
        "1": lambda _: {
            "description": "Described.",
            "displayName": "Unified",
            "groupTypes": ["Unified"],
            "mailEnabled": True,
            "mailNickname": "unified",
            "securityEnabled": False,
        },
        "3": lambda _: {
            "description": "Described.",
            "displayName": "For roles",
            "groupTypes": ["Unified"],
            "isAssignableToRole": True,
            "mailEnabled": True,
            "mailNickname": "forroles",
            "securityEnabled": True,
            "visibility": "Private",
        },
    },
    "group-post-members": {
        "1": lambda t: link(t.ids["spare"]),
        "2": lambda t: {
            "members@odata.bind": [link(t.ids["spare"])["@odata.id"], link(t.ids["other"])["@odata.id"]]
        },
    },
    "group-post-owners": {"1": lambda t: link(t.ids["spare"], "users")},
    "group-update": {"1": lambda _: {"description": "Described.", "displayName": "Renamed"}},
    "oauth2permissiongrant-post": {
        "1": lambda t: {
            "clientId": t.ids["client"],
            "consentType": "Principal",
            "principalId": t.ids["user"],
            "resourceId": t.ids["api"],
            "scope": "items.read",
        },
    },
    "oauth2permissiongrant-update": {"1": lambda _: {"scope": "items.read items.write"}},
    "organization-update": {
        "1": lambda _: {
            "marketingNotificationEmails": ["m@contoso.com"],
            "privacyProfile": {
                "contactEmail": "p@contoso.com",
                "statementUrl": "https://contoso.com/privacy",
            },
            "securityComplianceNotificationMails": ["s@contoso.com"],
            "securityComplianceNotificationPhones": ["+1 555 0100"],
            "technicalNotificationMails": ["t@contoso.com"],
        },
    },
    "permissiongrantpolicy-post-excludes": {"1": lambda _: {"permissionType": "delegated"}},
    "permissiongrantpolicy-post-includes": {"1": lambda _: {"permissionType": "delegated"}},
    "permissiongrantpolicy-post-permissiongrantpolicies": {
        "1": lambda _: {"id": "named", "displayName": "Named"}
    },
    "permissiongrantpolicy-update": {"1": lambda _: {"displayName": "Renamed"}},
    "serviceprincipal-addkey": {
        "1": lambda t: {"keyCredential": t.new_key(), "passwordCredential": None, "proof": t.proof("api")},
        "2": lambda t: {
            "keyCredential": t.new_key(usage="Sign"),
            "passwordCredential": {"secretText": "of the private key"},
            "proof": t.proof("api"),
        },
    },
    "serviceprincipal-addpassword": {"1": lambda _: {"passwordCredential": {"displayName": "Named"}}},
    "serviceprincipal-addtokensigningcertificate": {"1": lambda _: {"displayName": "CN=named"}},
    "serviceprincipal-post-approleassignedto": {"1": assignment("group")},
    "serviceprincipal-post-approleassignments": {"1": assignment("client")},
    "serviceprincipal-post-claimsmappingpolicies": {
        "1": lambda t: link(t.ids["spare claims policy"], "policies/claimsMappingPolicies")
    },
    "serviceprincipal-post-delegatedpermissionclassifications": {
        "1": lambda t: {"permissionId": t.ids["second scope"], "classification": "low"},
    },
    "serviceprincipal-post-homerealmdiscoverypolicies": {
        "1": lambda t: link(t.ids["spare realm policy"], "policies/homeRealmDiscoveryPolicies"),
    },
    "serviceprincipal-post-owners": {"1": lambda t: link(t.ids["spare"])},
    "serviceprincipal-post-serviceprincipals": {"1": lambda t: {"appId": t.ids["lonely appId"]}},
    "serviceprincipal-removekey": {
        "1": lambda t: {"keyId": t.ids["key of the api"], "proof": t.proof("api")}
    },
    "serviceprincipal-removepassword": {"1": lambda t: {"keyId": t.ids["secret of the api"]}},
    "serviceprincipal-update": {"1": lambda _: {"appRoleAssignmentRequired": True}},
    "user-post-approleassignments": {"1": assignment("user")},
    "user-post-manager": {"1": lambda t: link(t.ids["spare"], "users")},
    "user-post-users": {
        "1": lambda _: {
            "accountEnabled": True,
            "displayName": "Named",
            "mailNickname": "named",
            "userPrincipalName": "named@contoso.onmicrosoft.com",
            "passwordProfile": PASSWORD,
        },
        "2": lambda _: {
            "displayName": "Of a consumer",
            "identities": [
                {
                    "signInType": "userName",
                    "issuer": "contoso.onmicrosoft.com",
                    "issuerAssignedId": "consumer",
                },
                {
                    "signInType": "emailAddress",
                    "issuer": "contoso.onmicrosoft.com",
                    "issuerAssignedId": "c@example.org",
                },
            ],
            "passwordProfile": PASSWORD,
            "passwordPolicies": "DisablePasswordExpiration",
        },
    },
    "user-update": {
        "1": lambda _: {"businessPhones": ["+1 555 0100"], "officeLocation": "18/2111"},
        "2": lambda _: {"businessPhones": ["+1 555 0100"], "officeLocation": "18/2111"},
        "3": lambda _: {"passwordProfile": PASSWORD},
        "4": lambda _: {
            "customSecurityAttributes": {
                "Engineering": {
                    "@odata.type": "#Microsoft.DirectoryServices.CustomSecurityAttributeValue",
                    "Project": "A",
                },
            },
        },
    },
}
