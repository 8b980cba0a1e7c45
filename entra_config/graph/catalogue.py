"""Microsoft Graph's refusals as a table: how each is known, what it means, what a person can do, who saw
it.
"""

from __future__ import annotations

from entra_config.graph.meanings import Meaning, ResponseRule, rule

_WAIT = "Nothing: every command waits and tries again. If it lasts, run the command again later."
_AGAIN = "Run plan again: somebody or another run changed it meanwhile."
_MANIFEST = "Correct the manifest."

# Names that somebody else can hold: finding an object behind them does not make it ours.
UNIQUE_NAME = rule(
    "unique name is taken", Meaning.TAKEN, 400,
    ("Run plan again: another application holds the name, perhaps one just made, or a deleted one "
"(see --purge-deleted)."),
    "msgraph-bicep-types#137, #202; byte5ai/omadia#916", text=("same value for property uniqueName already "
"exists"),
)  # fmt: skip

# What a tenant's administrators chose to refuse: the plan foresees these, and gives the same advice
# (checks/preflight).
_EXEMPT = "or ask a tenant administrator to exempt this application from the app management policy."
URI_POLICY = rule(
    "URI against the tenant's policy", Meaning.FINAL, 400,
    "Use api://${appId}. A URI with the tenant's id or a verified domain is accepted too, unless the "
    "tenant's policy accepts default URIs only.",
    "entra-docs: identifier-uri-restrictions", code="InvalidUniqueTenantIdentifierAsPerAppPolicy",
)  # fmt: skip
AUDIENCE_POLICY = rule(
    "audience against the tenant's policy", Meaning.FINAL, 400,
    f"Use `signInAudience: AzureADMyOrg`, {_EXEMPT}", "teams-toolkit constants.ts; quoted in public",
    code="SignInAudienceNotAllowedAsPerAppPolicy",
)  # fmt: skip
SECRET_POLICY = rule(
    "secret against the tenant's policy", Meaning.FINAL, 400,
    f"Use a federated credential, or a certificate that the tenant's policy accepts, {_EXEMPT}",
    "teams-toolkit constants.ts; quoted in public",
    code="CredentialTypeNotAllowedAsPerAppPolicy",
)  # fmt: skip
LIFETIME_POLICY = rule(
    "credential lives longer than the tenant's policy lets it", Meaning.FINAL, 400,
    f"Use one that ends sooner, {_EXEMPT}", "teams-toolkit constants.ts; quoted in public",
    code="CredentialInvalidLifetimeAsPerAppPolicy",
)  # fmt: skip
APP_POLICY = rule(
    "something against the tenant's app management policy", Meaning.FINAL, 400,
    "Ask a tenant administrator about the app management policy.", ("teams-"
"toolkit constants.ts"), code="AsPerAppPolicy",
)  # fmt: skip
QUOTA = rule(
    "directory quota", Meaning.FINAL, 403,
    "Delete what is not needed (and purge it), or ask a tenant administrator for a larger quota.",
    "AAD Graph errors", code="Directory_QuotaExceeded",
)  # fmt: skip
REGISTRATION = rule(
    "may not register applications", Meaning.FINAL, 403,
    "Where people may not register applications, it takes the role Application Developer, or an "
"application that applies; "
    "let `entra-config doctor` tell which permission is missing.",
    "authorizationPolicy; azure-docs#24466", code="Authorization_RequestDenied", method="POST", path=(r"/"
r"applications$"),
)  # fmt: skip
LICENCE = rule(
    "group without a licence", Meaning.FINAL, (400, 403), ("Assign people, or have Microsoft Entra ID P1 "
"or P2 for "
"groups."),
    "learn: groups are assigned with P1; how it is refused was not seen", text="license", method="POST",
    path=("/"
"appRoleAssign"),
)  # fmt: skip

# The first row that fits decides, so the particular stands before the general.
RULES: tuple[ResponseRule, ...] = (
    rule("throttled", Meaning.THROTTLED, 429, _WAIT, "throttling; jsa2/AADAppAudit#9"),
    rule("throttled, old form", Meaning.THROTTLED, 503, _WAIT, ("AAD Graph "
"errors"), code="Request_ThrottledTemporarily"),
    rule("server error", Meaning.SERVER, (500, 502, 503, 504), _WAIT, "go-azure-sdk client.go"),
    rule(
        "concurrent writes", Meaning.BUSY, (409, 400), _WAIT, ("nais/"
"azurerator#448"), code="Directory_ConcurrencyViolation",
    ),
    rule(
        "personal-account side not ready", Meaning.ARRIVING, 409, _WAIT, "azuread#1764",
        code="Error_MsaAppDoesNotExist",
    ),
    rule("token expired", Meaning.TOKEN, 401, "Sign in again.", ("graph docs:"
" errors"), code="InvalidAuthenticationToken"),
    rule("not signed in", Meaning.TOKEN, 401, "Sign in again.", "graph docs: errors"),
    rule(
        "application not replicated (as OwnedBy)", Meaning.ARRIVING, 403, _WAIT,
        "azuread service_principal_resource.go; azure-cli", text=("the backing application of the service "
"principal being "
"created"),
    ),
    rule(
        "application not replicated", Meaning.ARRIVING, 400, _WAIT, ("azuread; azure-"
"cli"), code="NoBackingApplicationObject",
    ),
    rule(
        "application not replicated (no detail)", Meaning.ARRIVING, 400, _WAIT, "azuread; azure-cli",
        text="does not reference a valid application object",
    ),
    rule(
        "principal or resource not replicated", Meaning.ARRIVING, 400, _WAIT,
        "graph-docs-contrib#4628; azuread app_role_assignment_resource.go", text=("Not a valid reference "
"update"),
    ),
    rule(
        "role not replicated", Meaning.REPLICATING, 400, _WAIT, "public code that retries it",
        text="Permission being assigned was not found on application",
    ),
    rule(
        "scope not replicated", Meaning.REPLICATING, 400, _WAIT, ("microsoft-graph-docs#12675, "
"#20177"), code="InvalidValue",
        text="has a Permission Id that cannot be found",
    ),
    rule(
        "authorized client not replicated", Meaning.ARRIVING, 400, _WAIT, "onefuzz registration.py",
        text="Property PreAuthorizedApplication references applications",
    ),
    rule(
        "enabled role or scope", Meaning.ENABLED, 400, "Disable the role or scope first, or run apply again.",
        "microsoft-365-agents-toolkit#9420; msgraph-sdk-powershell#1054",
        code="CannotDeleteOrUpdateEnabledEntitlement",
    ),
    rule(
        "assignment is there", Meaning.EXISTS, 400, _AGAIN, "onefuzz registration.py",
        text="Permission being assigned already exists",
    ),
    rule("grant is there", Meaning.EXISTS, (400, 409), _AGAIN, "azuread#690", text=("Permission entry "
"already "
"exists")),
    rule(
        "service principal is there", Meaning.EXISTS, 409, _AGAIN, "Intune docs: 409 Conflict",
        text="The service principal cannot be created, updated, or restored",
    ),
    rule(
        "federated credential is there", Meaning.EXISTS, 409, _AGAIN, "Azure/azure-dev#1482",
        code="Request_MultipleObjectsWithSameKeyValue", text="FederatedIdentityCredential with name",
    ),
    UNIQUE_NAME,
    rule(
        "identifier URI is taken", Meaning.FINAL, 400,
        "Another application holds the URI, perhaps a deleted one: choose another, or purge the deleted one.",
        "msgraph-bicep-types#196", text="same value for property identifierUris already exists",
    ),
    rule(
        "issuer and subject are taken", Meaning.FINAL, 400,
        ("Another federated credential of the application has this issuer and subject: remove it, or "
"declare it under its name."),
        "azure-workload-identity#434", code="InvalidFederatedIdentityCredentialValue", text=("must be unique "
"for "
"the "
"application"),
    ),
    rule(
        "federated credential refused",
        Meaning.FINAL, 400, "Ask a tenant administrator about the policy on federated credentials.",
        "public code", code="InvalidFederatedIdentityCredentialValue",
    ),
    rule(
        "owner is there", Meaning.EXISTS, 400, _AGAIN, "azuread odata/errors.go",
        text="One or more added object references already exist",
    ),
    rule(
        "other object is in the way", Meaning.TAKEN, (400, 409), _AGAIN, "azuread odata/errors.go",
        text="A conflicting object with one or more",
    ),
    rule("same key", Meaning.TAKEN, 409, _AGAIN, "graph errors",
    code="Request_MultipleObjectsWithSameKeyValue"),
    rule(
        "reference is gone", Meaning.GONE, (400, 404), _AGAIN, "azuread odata/errors.go",
        text="One or more removed object references do not exist",
    ),
    rule(
        "assignment is gone", Meaning.GONE, (400, 404), _AGAIN, "msgraph-sdk-dotnet#968",
        text="EntitlementGrant being updated or deleted is not found",
    ),
    rule("gone", Meaning.GONE, 404, _AGAIN, "recorded azure-cli runs", method="DELETE"),
    rule(
        "not there, or not yet", Meaning.ARRIVING, 404, "It was deleted meanwhile: run plan again.",
        "recorded azure-cli runs; azuread retries it after a create", method="POST PATCH",
    ),
    rule(
        "referenced object not there, or not yet", Meaning.ARRIVING, 400, ("It was deleted meanwhile: run "
"plan "
"again."),
        "azuread delegated_permission_grant_resource.go",
        text="one of its queried reference-property objects are not present", method="POST PATCH",
    ),
    rule(
        "URI of an unverified domain", Meaning.FINAL, 400, ("Use api://${appId}, or a domain that the "
"tenant has "
"verified."),
        "Azure/Industrial-IoT#1432; teams-toolkit", code="HostNameNotOnVerifiedDomain",
    ),
    URI_POLICY,
    AUDIENCE_POLICY,
    SECRET_POLICY,
    LIFETIME_POLICY,
    APP_POLICY,
    rule(
        "duplicate value", Meaning.FINAL, 400, "Give each role and scope a value and id of its own.",
        "microsoft-graph-docs#21667", code="DuplicateValue",
    ),
    rule(
        "duplicate values", Meaning.FINAL, 400, "Give each role and scope a value and id of its own.",
        "azuread docs; known issues",
        text="Request contains a property with duplicate values",
    ),
    rule(
        "token version against audience", Meaning.FINAL, 400, ("Personal accounts need accessTokenVersion: "
"2."), ("field "
"notes"),
        text="Property api.requestedAccessTokenVersion is invalid",
    ),
    rule(
        "object too large", Meaning.FINAL, (400, 403), ("Take something out: the registration holds too many "
"entries."),
        "microsoft-graph-docs#21469", code="Directory_ResourceSizeExceeded",
    ),
    QUOTA,
    rule(
        "new secret in a body", Meaning.FINAL, 400, ("Report this as a bug: secrets are never "
"written."), ("msgraph-"
"sdk-"
"dotnet#2788"),
        text="New password credentials must be generated using service actions",
    ),
    LICENCE,
    REGISTRATION,
    rule(
        "not allowed", Meaning.FINAL, 403, "Let `entra-config doctor` tell which permission is missing.",
        "json-batching; graph-docs#10290", code="Authorization_RequestDenied",
    ),
    rule("forbidden", Meaning.FINAL, 403, ("Let `entra-config doctor` tell which permission is "
"missing."), ("graph "
"docs:"
" errors")),
    rule("not there", Meaning.FINAL, 404, "Check the name or id.", "recorded azure-cli runs"),
    rule("advanced query", Meaning.FINAL, 400, "Report this as a bug.", ("aad-advanced-"
"queries"), code="Request_UnsupportedQuery"),
    rule("unknown property", Meaning.FINAL, 400, _MANIFEST, "pnp/PnP-Sites-Core#1807", text=("Invalid "
"property "
"'")),
    rule(
        "unexpected contents", Meaning.FINAL, 400, _MANIFEST, "microsoft-graph-docs#16069",
        text="Unexpected contents in request body",
    ),
    rule(
        "invalid value", Meaning.FINAL, 400, _MANIFEST, "msgraph-sdk-powershell#3149",
        text="Invalid value specified for property",
    ),
    rule("missing value", Meaning.FINAL, 400, _MANIFEST, "AAD Graph errors", text=("A value is required for "
"property")),
    rule("malformed id", Meaning.FINAL, 400, _MANIFEST, "microsoft-graph-docs#11760", text=("Cannot convert "
"a "
"primitive "
"value")),
    rule(
        "malformed object id", Meaning.FINAL, 400, _MANIFEST, "Pester tests against a tenant",
        text="Invalid object identifier",
    ),
    rule("invalid properties", Meaning.FINAL, 400, _MANIFEST, "graph-docs-contrib#6694", text=("One or more "
"propert")),
    rule("dependency failed", Meaning.FINAL, 424, "Run apply again.", "json-batching"),
)  # fmt: skip

OTHER = rule(
    "other refusal",
    Meaning.FINAL,
    (),
    "Look the code up in Microsoft's documentation of Graph errors.",
    "graph docs: errors",
)

# Done or not, nobody was told: the connection broke, the call timed out, or its batch's answer was
# unreadable.
NO_RESPONSE = ResponseRule(
    "no answer",
    Meaning.SERVER,
    frozenset({0}),
    "Check the network, then run apply again.",
    "observed: cut connections, time-outs",
)
# The same again would be answered the same.
UNUSABLE = ResponseRule(
    "unusable answer",
    Meaning.FINAL,
    frozenset({0}),
    "Run the same again; if it lasts, something between this program and Graph changes responses.",
    "observed: answers made to exhaust whoever reads them",
)
ROWS = (*RULES, NO_RESPONSE, UNUSABLE, OTHER)
