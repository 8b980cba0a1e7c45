"""The first-class fields of an enterprise application, a row each."""

from __future__ import annotations

from collections.abc import Sequence

from entra_config.manifest.fields import limits
from entra_config.manifest.fields.field import Field

ENTERPRISE: Sequence[Field] = (
    Field(
        "assignmentRequired",
        "appRoleAssignmentRequired",
        "free",
        "flag",
        "Lets in only who is assigned.",
        True,
    ),
    Field("enabled", "accountEnabled", "free", "flag", "Whether anybody can sign in at all.", True),
    Field(
        "description",
        "description",
        "free",
        "text",
        "Shown to who opens it.",
        "The API of MyApp.",
        f"at most {limits.LONGEST_DESCRIPTION:,} characters",
        limits.LONGEST_DESCRIPTION,
    ),
    Field("notes", "notes", "free", "text", "For the people who manage it.", "Owned by team Billing."),
    Field(
        "loginUrl",
        "loginUrl",
        "free",
        "text",
        "Where My Apps starts a sign-in.",
        "https://app.example.com/login",
        longest=limits.LONGEST_URL,
    ),
    Field(
        "notificationEmailAddresses",
        "notificationEmailAddresses",
        "free",
        "texts",
        "Who hears when a signing certificate expires.",
        ["team@contoso.com"],
        names=("user",),
    ),
    Field(
        "preferredSingleSignOnMode",
        "preferredSingleSignOnMode",
        "free",
        "choice",
        "How My Apps signs in.",
        "oidc",
        choices=("oidc", "saml", "password", "external", "notSupported"),
    ),
    Field(
        "tags",
        "tags",
        "free",
        "texts",
        "Words that the portal reads, such as HideApp.",
        ["HideApp"],
        f"1 to {limits.LONGEST_TAG} characters each, no spaces",
        limits.LONGEST_TAG,
    ),
    Field(
        "owners",
        "owners",
        "watched",
        "held",
        "Who may change it besides administrators.",
        ["alice@contoso.com"],
        f"at most {limits.MOST_OWNERS}",
        names=("user", "servicePrincipal"),
    ),
    Field(
        "properties",
        "",
        "free",
        "properties",
        "Any other writable property of Graph's servicePrincipal.",
        {"alternativeNames": ["myapp"]},
    ),
)

# Of others' applications only.
EXTERNAL: Sequence[Field] = (
    Field(
        "displayName",
        "",
        "own",
        "text",
        "Its display name in this tenant.",
        "Partner API",
        longest=limits.LONGEST_NAME,
        names=("servicePrincipal",),
    ),
    Field("appId", "", "own", "text", "Its client id.", "5c1b2f7e-0000-4000-8000-000000000000"),
    Field(
        "id",
        "",
        "own",
        "text",
        "The object id of its service principal in this tenant.",
        "7d2c3a8f-0000-4000-8000-000000000000",
    ),
    Field(
        "only",
        "",
        "own",
        "texts",
        "The environments that have it; its references leave with it.",
        ["prod"],
        names=("environment",),
    ),
)
