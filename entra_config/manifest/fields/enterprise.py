"""The first-class fields of an enterprise application, a row each."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from entra_config.manifest.fields import limits
from entra_config.manifest.fields.field import Field, Record, graph_row

_row = partial(graph_row, of="servicePrincipal")

ENTERPRISE: Sequence[Field] = (
    _row(
        "assignmentRequired",
        "appRoleAssignmentRequired",
        "flag",
        "Lets in only who is assigned.",
        True,
    ),
    _row("enabled", "accountEnabled", "flag", "Whether anybody can sign in at all.", True),
    _row(
        "description",
        "description",
        "text",
        "Shown to who opens it.",
        "The API of MyApp.",
        f"at most {limits.LONGEST_DESCRIPTION:,} characters",
        limits.LONGEST_DESCRIPTION,
    ),
    _row("notes", "notes", "text", "For the people who manage it.", "Owned by team Billing."),
    _row(
        "loginUrl",
        "loginUrl",
        "text",
        "Where My Apps starts a sign-in.",
        "https://app.example.com/login",
        longest=limits.LONGEST_URL,
    ),
    _row(
        "notificationEmailAddresses",
        "notificationEmailAddresses",
        "texts",
        "Who hears when a signing certificate expires.",
        ["team@contoso.com"],
        names=("user",),
    ),
    _row(
        "preferredSingleSignOnMode",
        "preferredSingleSignOnMode",
        "choice",
        "How My Apps signs in.",
        "oidc",
        choices=("oidc", "saml", "password", "external", "notSupported"),
    ),
    _row(
        "tags",
        "tags",
        "texts",
        "Words that the portal reads, such as HideApp.",
        ["HideApp"],
        f"1 to {limits.LONGEST_TAG} characters each, no spaces",
        limits.LONGEST_TAG,
    ),
    _row(
        "owners",
        "owners",
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
    Field("appId", "", "own", "id", "Its client id.", "5c1b2f7e-0000-4000-8000-000000000000"),
    Field(
        "id",
        "",
        "own",
        "id",
        "The object id of its service principal in this tenant.",
        "7d2c3a8f-0000-4000-8000-000000000000",
    ),
    Field(
        "only",
        "",
        "own",
        "strings",
        "The environments that have it; its references leave with it.",
        ["prod"],
        names=("environment",),
    ),
)
OWN = Record("`enterpriseApplication`", "A service principal.", (*ENTERPRISE,))
OTHER = Record(
    "an enterprise application", "Another's.", (*EXTERNAL, *ENTERPRISE), short="", name="displayName"
)
