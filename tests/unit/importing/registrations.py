"""Thirty registrations of all types, as azure-cli and raw Graph calls make them, odd ones among them."""

from __future__ import annotations

import uuid
from typing import Any

Body = dict[str, Any]

GRAPH = "00000003-0000-0000-c000-000000000000"
USER_READ = {"id": "e1fe6dd8-ba31-4d61-89e7-88639da4683d", "type": "Scope"}
DIRECTORY_READ = {"id": "7ab1d382-f21e-4acd-a863-ba3e13f7da61", "type": "Role"}
TENANT = "11111111-1111-1111-1111-111111111111"


def guid(name: str) -> str:
    """Return an id that is the same in every run."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, name))


def scope(value: str, **changes: Any) -> Body:
    """Return a scope as the portal makes it."""
    texts = {"adminConsentDisplayName": f"Name of {value}", "adminConsentDescription": f"Text of {value}"}
    users = {"userConsentDisplayName": None, "userConsentDescription": None}
    return {
        "id": guid(value),
        "value": value,
        "type": "Admin",
        "isEnabled": True,
        **texts,
        **users,
        **changes,
    }


def role(name: str, *members: str, **changes: Any) -> Body:
    """Return an app role."""
    return {
        "id": guid(f"role {name}"),
        "value": name,
        "displayName": name,
        "description": f"Text of {name}",
        "allowedMemberTypes": list(members or ("User",)),
        "isEnabled": True,
        **changes,
    }


def cli(name: str, **changes: Any) -> Body:
    """Return the body that `az ad app create` sends."""
    return {"displayName": name, "keyCredentials": [], "signInAudience": "AzureADMyOrg", **changes}


def web(*uris: str, **changes: Any) -> Body:
    """Return the web part of an application."""
    return {"web": {"redirectUris": list(uris), **changes}}


REGISTRATIONS: list[Body] = [
    {"displayName": "Nothing but a name"},
    cli("az plain"),
    cli(
        "az web",
        web={
            "homePageUrl": "https://myapp.com/",
            "redirectUris": ["http://localhost/webtest1", "http://localhost/webtest2"],
        },
    ),
    cli(
        "az native",
        isFallbackPublicClient=True,
        publicClient={"redirectUris": ["http://localhost", "urn:ietf:wg:oauth:2.0:oob"]},
    ),
    cli("az public flows off", isFallbackPublicClient=False),
    cli("az multi", signInAudience="AzureADMultipleOrgs"),
    cli(
        "az rich",
        identifierUris=[f"api://{TENANT}/rich"],
        web={
            "redirectUris": ["https://rich.contoso.com/cb"],
            "implicitGrantSettings": {"enableIdTokenIssuance": True, "enableAccessTokenIssuance": True},
        },
        publicClient={"redirectUris": ["http://localhost"]},
        appRoles=[role("Writer"), role("ConsumerApps", "Application")],
        optionalClaims={
            "idToken": [{"name": "auth_time", "essential": False}],
            "accessToken": [{"name": "email", "essential": True}],
            "saml2Token": [{"name": "upn", "additionalProperties": ["use_guid"], "essential": False}],
        },
        requiredResourceAccess=[{"resourceAppId": GRAPH, "resourceAccess": [USER_READ, DIRECTORY_READ]}],
    ),
    cli(
        "az api",
        identifierUris=[f"api://{TENANT}/az"],
        api={"requestedAccessTokenVersion": 2, "oauth2PermissionScopes": [scope("az.read")]},
    ),
    cli("az reference", serviceManagementReference=guid("cmdb")),
    {"displayName": "spa", "spa": {"redirectUris": ["https://spa.contoso.com/", "http://localhost:5173/"]}},
    {
        "displayName": "spa with roles",
        "spa": {"redirectUris": ["https://s2.contoso.com/"]},
        "appRoles": [role("Viewer")],
    },
    {
        "displayName": "spa that offers an API",
        "spa": {"redirectUris": ["https://s3.contoso.com/"]},
        "api": {"oauth2PermissionScopes": [scope("s3")]},
    },
    {
        "displayName": "implicit web",
        **web("https://old.contoso.com/", implicitGrantSettings={"enableIdTokenIssuance": True}),
    },
    {"displayName": "device client", "isFallbackPublicClient": True},
    {
        "displayName": "three platforms",
        **web("https://three.contoso.com/web"),
        "spa": {"redirectUris": ["https://three.contoso.com/spa"]},
        "publicClient": {"redirectUris": ["myapp://auth"]},
    },
    {
        "displayName": "robot",
        "requiredResourceAccess": [{"resourceAppId": GRAPH, "resourceAccess": [DIRECTORY_READ]}],
    },
    {
        "displayName": "v1 api",
        "identifierUris": ["https://contoso.com/v1"],
        "api": {
            "requestedAccessTokenVersion": 1,
            "oauth2PermissionScopes": [
                scope(
                    "user_impersonation",
                    type="User",
                    userConsentDisplayName="Use it",
                    userConsentDescription="For you",
                )
            ],
        },
    },
    {"displayName": "role without value", "appRoles": [role("None", value=None), role("Empty", value=None)]},
    {
        "displayName": "disabled entries",
        "api": {"oauth2PermissionScopes": [scope("gone", isEnabled=False)]},
        "appRoles": [role("Retired", isEnabled=False)],
    },
    {
        "displayName": "shared id",
        "api": {
            "oauth2PermissionScopes": [
                {
                    **scope("both"),
                    "adminConsentDisplayName": "both",
                    "adminConsentDescription": "Text of both",
                }
            ]
        },
        "appRoles": [role("both", "Application", id=guid("both"))],
    },
    {
        "displayName": "personal",
        "signInAudience": "AzureADandPersonalMicrosoftAccount",
        "api": {"requestedAccessTokenVersion": 2},
        "publicClient": {"redirectUris": ["http://localhost"]},
    },
    {
        "displayName": 'Zoë\'s "app" | <b>${x}</b>: yes',
        "notes": "on: ${appId}\nsecond line",
        "tags": ["HideApp", "team:x"],
    },
    {"displayName": "yes"},
    {"displayName": "012"},
    {
        "displayName": "saml",
        "identifierUris": [f"https://contoso.com/saml/{TENANT}"],
        **web("https://saml.contoso.com/acs", logoutUrl="https://saml.contoso.com/out"),
        "groupMembershipClaims": "SecurityGroup",
    },
    {
        "displayName": "mapped",
        "api": {"acceptMappedClaims": True, "requestedAccessTokenVersion": 2},
        "info": {"termsOfServiceUrl": "https://contoso.com/tos"},
    },
    {
        "displayName": "odd labels",
        "appRoles": [role("a/b"), role("default"), role("x", displayName="Two words"), role("UPPER:lower")],
    },
    {"displayName": "twin"},
    {"displayName": "twin", "description": "the other one"},
    {
        "displayName": "unknown api",
        "requiredResourceAccess": [
            {"resourceAppId": guid("nowhere"), "resourceAccess": [{"id": guid("p"), "type": "Scope"}]}
        ],
    },
]
