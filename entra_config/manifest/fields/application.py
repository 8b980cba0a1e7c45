"""The first-class fields of an application, a row each, in the order of the reference."""

from __future__ import annotations

from collections.abc import Sequence

from entra_config.manifest.fields import limits
from entra_config.manifest.fields.client import CLIENT
from entra_config.manifest.fields.field import (
    AUDIENCES,
    TYPES,
    Definition,
    Field,
    Record,
    graph_row,
)
from entra_config.manifest.fields.offered_api import OFFERED
from entra_config.manifest.fields.refusals import NO_SESSION, refuse
from entra_config.manifest.fields.signing_in import SIGNING_IN

WHO_MAY_USE = Record(
    "`signInAudienceRestrictions`",
    "Which tenants may use it.",
    (
        Field(
            "allowedTenants",
            "",
            "own",
            "strings",
            "Tenants by id, besides its own, which is always allowed.",
            ["818ce016-78c2-457c-91d7-c02c2faaa5fe"],
        ),
    ),
    short="`unrestricted`: every tenant may.",
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
    graph_row(
        "displayName",
        "displayName",
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
        "strings",
        "The environments that have the application; its references leave with it.",
        ["dev"],
        names=("environment",),
    ),
    Field(
        "appId",
        "",
        "own",
        "id",
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
        names=("formerApplication",),
    ),
    graph_row(
        "signInAudience",
        "signInAudience",
        "choice",
        "Who may sign in.",
        "AzureADMyOrg",
        "several tenants: created with `servicePrincipalLockConfiguration` on, unless `properties` say",
        choices=AUDIENCES,
    ),
    graph_row(
        "signInAudienceRestrictions",
        "signInAudienceRestrictions",
        WHO_MAY_USE,
        "Which tenants may use it, as client and as API (beta); `unrestricted`: every tenant.",
        {"allowedTenants": ["818ce016-78c2-457c-91d7-c02c2faaa5fe"]},
        f"with `signInAudience: AzureADMultipleOrgs`; at most {limits.MOST_ALLOWED_TENANTS} tenants",
    ),
    *OFFERED,
    *CLIENT,
    *SIGNING_IN,
    graph_row(
        "owners",
        "owners",
        "held",
        "Who may change it besides administrators: users by UPN, service principals by name.",
        ["alice@contoso.com"],
        f"at most {limits.MOST_OWNERS}",
        names=("user", "servicePrincipal"),
    ),
    graph_row(
        "optionalClaims",
        "optionalClaims",
        Definition("optionalClaims"),
        "Claims added to tokens.",
        {"accessToken": ["email"]},
    ),
    graph_row(
        "groupMembershipClaims",
        "groupMembershipClaims",
        "text",
        "Which groups tokens carry.",
        "ApplicationGroup",
        "`None`, or of `SecurityGroup`, `All`, `ApplicationGroup`, `DirectoryRole`, joined by commas",
    ),
    graph_row(
        "logoutUrl",
        "web.logoutUrl",
        "text",
        "Called when a person signs out elsewhere.",
        "https://app.example.com/signout",
        f"https; at most {limits.LONGEST_URL} characters",
        limits.LONGEST_URL,
        refused=refuse(NO_SESSION, "api", "publicClient", "daemon"),
        references=True,
    ),
    graph_row(
        "homePageUrl",
        "web.homePageUrl",
        "text",
        "Where the portal's link leads.",
        "https://app.example.com/",
        f"at most {limits.LONGEST_URL} characters",
        limits.LONGEST_URL,
        references=True,
    ),
    graph_row(
        "notes",
        "notes",
        "text",
        "For the people who manage it.",
        "Owned by team Billing.",
        references=True,
    ),
    graph_row(
        "tags",
        "tags",
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
    Field(
        "ignoreChanges",
        "",
        "own",
        "texts",
        "Keys of this table that others may change. With `tags`, ownership tags are still written.",
        ["notes"],
    ),
)
