"""The first-class fields of an application, a row each."""

from __future__ import annotations

from collections.abc import Sequence

from entra_config.manifest.fields import limits
from entra_config.manifest.fields.field import (
    AUDIENCES,
    PLATFORMS,
    TYPES,
    Definition,
    Field,
    Labelled,
    Mapped,
    Record,
    Refused,
)
from entra_config.manifest.fields.workloads import FORMS


def _refuse(why: str, *kinds: str) -> dict[str, Refused]:
    return {kind: Refused(why) for kind in kinds}


_NO_API = "a client offers no API; declare an application of type `api`"
_NO_SECRET = "it runs where a secret cannot be kept"  # noqa: S105  # a sentence
_NO_SIGN_IN = "nobody signs in to it; register the client of its own"
_NO_SESSION = "it keeps no browser session to end"
_CLIENTS = ("spa", "publicClient", "daemon")

_ISSUER, _SUBJECT = "https://token.actions.githubusercontent.com", "repo:example/myapp:environment:prod"
FEDERATED = Labelled(
    "a federated credential",
    (
        Field(
            "issuer",
            "issuer",
            "kept",
            "text",
            "The `iss` of its tokens.",
            _ISSUER,
            longest=limits.LONGEST_OF_FEDERATED,
        ),
        Field(
            "subject",
            "subject",
            "kept",
            "text",
            "The `sub` of its tokens.",
            _SUBJECT,
            longest=limits.LONGEST_OF_FEDERATED,
        ),
        Field(
            "matches",
            "claimsMatchingExpression",
            "kept",
            "text",
            "An expression instead of a subject (beta).",
            None,
        ),
        Field(
            "audience",
            "audiences",
            "kept",
            "text",
            "The `aud` of its tokens; absent: api://AzureADTokenExchange.",
            None,
            longest=limits.LONGEST_OF_FEDERATED,
        ),
        Field(
            "description",
            "description",
            "kept",
            "text",
            "For the people who manage it.",
            None,
            longest=limits.LONGEST_OF_FEDERATED,
        ),
        Field("until", "", "own", "until", "Its last day, in UTC.", None),
    ),
    most=limits.MOST_FEDERATED,
    forms=tuple(FORMS.values()),
    ways=(("issuer", "subject"), ("issuer", "matches")),
)

_PLATFORMS = Record(
    "`platforms`",
    "Redirect URIs by platform.",
    tuple(
        Field(name, path, "kept", "texts", "", None, longest=limits.LONGEST_REDIRECT_URI)
        for name, path in PLATFORMS.items()
    ),
)

APPLICATION: Sequence[Field] = (
    Field(
        "type",
        "",
        "own",
        "choice",
        "What the application is; brings safe defaults and refuses what does not fit.",
        "api",
        choices=tuple(TYPES),
    ),
    Field(
        "displayName",
        "displayName",
        "kept",
        "text",
        "The name that people see on the consent page and in the portal.",
        "MyApp API",
        f"required; at most {limits.LONGEST_NAME} characters",
        limits.LONGEST_NAME,
    ),
    Field(
        "only",
        "",
        "own",
        "texts",
        "The environments that have the application; its references leave with it.",
        ["dev"],
    ),
    Field(
        "appId",
        "",
        "own",
        "text",
        (
            "The registration that this is, by its client id: adopts one that exists. In `overrides` or "
            "the lock file."
        ),
        "5c1b2f7e-0000-4000-8000-000000000000",
    ),
    Field(
        "previously",
        "",
        "own",
        "text",
        "The application's former key: it is renamed, not replaced.",
        "backend",
    ),
    Field(
        "signInAudience",
        "signInAudience",
        "kept",
        "choice",
        "Who may sign in.",
        "AzureADMyOrg",
        "several tenants: created with `servicePrincipalLockConfiguration` on, unless `properties` say",
        choices=AUDIENCES,
        defaults={"*": "AzureADMyOrg"},
    ),
    Field(
        "accessTokenVersion",
        "api.requestedAccessTokenVersion",
        "kept",
        "whole",
        "The version of access tokens for its API.",
        2,
        "1 or 2; 2 with personal accounts",
        defaults={"*": 2, "application": None},
    ),
    Field(
        "identifierUris",
        "identifierUris",
        "kept",
        "texts",
        "The names by which clients ask for its scopes.",
        ["api://${appId}"],
        f"at most {limits.LONGEST_URL} characters each, no `/` at the end: `api://…` with the appId or "
        "tenant's id, "
        "or https of a verified domain",
        limits.LONGEST_URL,
        defaults={"*": []},
        refused=_refuse(_NO_API, *_CLIENTS),
        references=True,
    ),
    Field(
        "scopes",
        "api.oauth2PermissionScopes",
        "kept",
        Mapped(Definition("scope"), labels=True),
        "Delegated permissions that the API offers, by label.",
        {
            "user.read": {
                "displayName": "Read user data",
                "description": "Lets the app read your data.",
                "whoCanConsent": "adminsAndUsers",
            }
        },
        f"with the roles at most {limits.MOST_DEFINITIONS}",
        refused=_refuse(_NO_API, *_CLIENTS),
    ),
    Field(
        "appRoles",
        "appRoles",
        "kept",
        Mapped(Definition("appRole"), labels=True),
        "Roles that tokens carry, by label.",
        {
            "Reader": {
                "displayName": "Reader",
                "description": "Reads everything.",
                "allowedMemberTypes": ["User"],
            }
        },
        f"with the scopes at most {limits.MOST_DEFINITIONS}",
        refused=_refuse(
            "nobody is assigned to it; roles belong to the API that reads them", "publicClient", "daemon"
        ),
    ),
    Field(
        "authorizedClients",
        "api.preAuthorizedApplications",
        "kept",
        Mapped("texts"),
        "Clients that need no consent, each with its scopes: by key, or by appId.",
        {"spa": ["user.read"]},
        refused=_refuse(_NO_API, *_CLIENTS),
    ),
    Field(
        "mcp",
        "",
        "own",
        Definition("mcp"),
        "It is an MCP server: its address becomes an identifier URI, and known clients need no consent.",
        {"url": "https://api.example.com/mcp"},
        refused=_refuse(_NO_API, *_CLIENTS),
    ),
    Field(
        "knownClientApplications",
        "api.knownClientApplications",
        "free",
        "texts",
        "Clients, by key, whose consent page includes this API's permissions.",
        ["spa"],
        refused=_refuse(_NO_API, *_CLIENTS),
    ),
    Field(
        "redirectUris",
        "",
        "kept",
        "texts",
        "Where the type's own platform takes the answer of a sign-in.",
        ["https://app.example.com/"],
        f"at most {limits.LONGEST_REDIRECT_URI} characters each, {limits.MOST_REDIRECT_URIS} in all "
        f"({limits.MOST_PERSONAL_REDIRECT_URIS} with personal accounts)",
        limits.LONGEST_REDIRECT_URI,
        refused={
            **_refuse(_NO_SIGN_IN, "api", "daemon"),
            **_refuse("it has no platform of its own; use `platforms`", "application"),
        },
        references=True,
    ),
    Field(
        "platforms",
        "",
        "kept",
        _PLATFORMS,
        "Redirect URIs by platform, for every type.",
        {"mobileAndDesktop": ["http://localhost"]},
        "a URI stands on one platform",
    ),
    Field(
        "allowPublicClientFlows",
        "isFallbackPublicClient",
        "kept",
        "flag",
        "Allows device code and other flows without a secret.",
        True,
        defaults={"*": False, "publicClient": True, "application": None},
        refused=_refuse(
            "flows without a secret belong to a client of type `publicClient`", "api", "spa", "web", "daemon"
        ),
    ),
    Field(
        "apiPermissions",
        "requiredResourceAccess",
        "kept",
        Mapped(Definition("apiPermission")),
        "Permissions that it asks for, by API, and what of them is consented.",
        {"api": {"delegated": ["user.read"], "adminConsent": True}},
        f"at most {limits.MOST_RESOURCES} APIs and {limits.MOST_PERMISSIONS} permissions; "
        f"{limits.MOST_PERSONAL_PER_RESOURCE} for each API and {limits.MOST_PERSONAL_PERMISSIONS} in all "
        "with personal accounts",
    ),
    Field(
        "federatedCredentials",
        "federatedIdentityCredentials",
        "kept",
        FEDERATED,
        "Workloads that may sign in as it, by name.",
        {"github": {"github": {"repository": "example/myapp", "environment": "prod"}}},
        f"at most {FEDERATED.most}; names of 3 to {limits.LONGEST_KEY_NAME} characters",
        refused=_refuse(_NO_SECRET, "spa", "publicClient"),
    ),
    Field(
        "certificates",
        "keyCredentials",
        "watched",
        Mapped(Definition("certificate")),
        "Public keys that it may sign in with, by name, and key pairs that are made for it.",
        {"ci": {"file": "certificates/ci.pem"}},
        refused=_refuse(_NO_SECRET, "spa", "publicClient"),
    ),
    Field(
        "credentials",
        "",
        "own",
        Definition("credentials"),
        "Secrets with a life, each kept in a sink of the environment; `certificates` may stand here too.",
        {"secrets": {"web": {"sink": "web", "lifetime": "P90D", "overlap": "P14D"}}},
        "lifetime of 730 days at most, overlap of half of it at most",
        refused=_refuse(_NO_SECRET, "spa", "publicClient"),
    ),
    Field(
        "owners",
        "owners",
        "watched",
        "held",
        "Who may change it besides administrators: users by UPN, service principals by name.",
        ["alice@contoso.com"],
        f"at most {limits.MOST_OWNERS}",
    ),
    Field(
        "optionalClaims",
        "optionalClaims",
        "free",
        Definition("optionalClaims"),
        "Claims added to tokens.",
        {"accessToken": ["email"]},
    ),
    Field(
        "groupMembershipClaims",
        "groupMembershipClaims",
        "free",
        "text",
        "Which groups tokens carry.",
        "ApplicationGroup",
        "`None`, or of `SecurityGroup`, `All`, `ApplicationGroup`, `DirectoryRole`, joined by commas",
    ),
    Field(
        "logoutUrl",
        "web.logoutUrl",
        "free",
        "text",
        "Called when a person signs out elsewhere.",
        "https://app.example.com/signout",
        f"https; at most {limits.LONGEST_URL} characters",
        limits.LONGEST_URL,
        refused=_refuse(_NO_SESSION, "api", "publicClient", "daemon"),
        references=True,
    ),
    Field(
        "homePageUrl",
        "web.homePageUrl",
        "free",
        "text",
        "Where the portal's link leads.",
        "https://app.example.com/",
        f"at most {limits.LONGEST_URL} characters",
        limits.LONGEST_URL,
        references=True,
    ),
    Field(
        "notes",
        "notes",
        "free",
        "text",
        "For the people who manage it.",
        "Owned by team Billing.",
        references=True,
    ),
    Field(
        "tags",
        "tags",
        "free",
        "texts",
        "Words for searches; this tool's own are added.",
        ["team-billing"],
        f"1 to {limits.LONGEST_TAG} characters each, no spaces",
        limits.LONGEST_TAG,
    ),
    Field(
        "properties",
        "",
        "free",
        "properties",
        "Any other writable property of Graph's application.",
        {"serviceManagementReference": "CMDB-1234"},
    ),
    Field(
        "enterpriseApplication",
        "",
        "own",
        Definition("enterpriseApplication", or_null=True),
        "What belongs to its service principal; null: it has none.",
        {"assignmentRequired": True},
    ),
    Field("preventDestroy", "", "own", "flag", "Refuses every plan that would delete it.", True),
    Field("ignoreChanges", "", "own", "texts", "Keys of this table that others may change.", ["notes"]),
)
