"""The records that stand below the first-class fields of an application: their keys, shapes and limits,
a row each.
"""

from __future__ import annotations

from typing import Literal

from entra_config.manifest.fields import limits
from entra_config.manifest.fields.credential_records import UNTIL
from entra_config.manifest.fields.field import Definition, Field, Mapped, Named, Record, Several, row


def _definition(what: Literal["scope", "role"]) -> tuple[Field, ...]:
    value: Named = "scopeValue" if what == "scope" else "roleValue"
    former: Named = "formerScope" if what == "scope" else "formerRole"
    return (
        row(
            "value",
            "text",
            f"What tokens carry; absent: the label of the {what}.",
            "records.read",
            limits="no spaces, no dot at the start",
            pattern=r"(?!\.)[0-9A-Za-z:!#$%&'()*+,\-./;<=>?@\[\]^_`{|}~]+",
            longest=limits.LONGEST_VALUE,
            names=(value,),
        ),
        row("isEnabled", "flag", "False keeps it, and lets nobody new have it.", limits="absent: true"),
        row("id", "guid", "Its id; absent: the tenant's, or one derived from the label."),
        row("previously", "string", "Its former label: it is renamed, not replaced.", names=(former,)),
        row("breaking", "boolean", "Says that a changed `value` is meant: tokens carry it."),
    )


SCOPE = Record(
    "a scope",
    "A delegated permission.",
    (
        row(
            "displayName",
            "text",
            "Heads the consent page; for users too where they can consent.",
            "Read user data",
        ),
        row(
            "description",
            "text",
            "Explains it on the consent page.",
            "Lets the app read your data.",
            longest=limits.LONGEST_DESCRIPTION,
        ),
        row(
            "whoCanConsent", "choice", "Absent: admins only.", "admins", choices=("admins", "adminsAndUsers")
        ),
        row("adminConsentDisplayName", "text", "The long form: what administrators read first."),
        row(
            "adminConsentDescription",
            "text",
            "The long form: what explains it to administrators.",
            longest=limits.LONGEST_DESCRIPTION,
        ),
        row("userConsentDisplayName", "text", "The long form: what users read first."),
        row(
            "userConsentDescription",
            "text",
            "The long form: what explains it to users.",
            longest=limits.LONGEST_DESCRIPTION,
        ),
        *_definition("scope"),
    ),
    short="Its name and description in one.",
)
APP_ROLE = Record(
    "a role",
    "A role that tokens carry.",
    (
        row("displayName", "text", "Its name in the portal; absent: the label.", "Reader"),
        row(
            "description",
            "text",
            "What it lets its holders do.",
            "Reads everything.",
            longest=limits.LONGEST_DESCRIPTION,
        ),
        row(
            "allowedMemberTypes",
            "choices",
            "User: users and groups; Application: clients. Absent: [User].",
            ["User"],
            choices=("User", "Application"),
        ),
        *_definition("role"),
    ),
    short="Its description; for users, named like the label.",
)
BY_KIND = Record(
    "`adminConsent`",
    "By kind.",
    (
        row("delegated", Definition("consent"), "Of scopes: true, false or a list.", True, names=("scope",)),
        row(
            "application",
            Definition("consent"),
            "Of roles: true, false or a list.",
            ["Writer"],
            names=("role",),
        ),
    ),
)
PERMISSION = Record(
    "an API's permissions",
    "What is asked of one API.",
    (
        row(
            "delegated",
            "texts",
            "Scopes asked for on behalf of a person: labels of ours, values of others.",
            ["user.read"],
            names=("scope",),
        ),
        row(
            "application",
            "texts",
            "Roles asked for as itself: labels of ours, values of others.",
            ["Writer"],
            names=("role",),
        ),
        row(
            "adminConsent",
            "consent",
            "true: exactly these; a list: those; false: none; absent: not managed. Also per kind.",
            (
                True,
                ["user.read", {"name": "user.write", "until": "2027-01-31"}],
                {"delegated": True, "application": False},
            ),
            names=("scope", "role"),
        ),
    ),
)
CLAIM = Record(
    "a claim",
    "A claim with options.",
    (
        row("name", "string", "The claim, as Entra calls it."),
        row(
            "source", "text", "Where it comes from: absent for Entra's own, `user` for an extension property."
        ),
        row("essential", "boolean", "That sign-in is asked to have it."),
        row(
            "additionalProperties",
            "texts",
            "What changes it, such as `include_externally_authenticated_upn`.",
        ),
    ),
    short="",
)
OPTIONAL_CLAIMS = Record(
    "`optionalClaims`",
    "Claims by token.",
    tuple(
        row(token, Several(CLAIM), f"What {says} carry besides.", [example])
        for token, says, example in (
            ("accessToken", "access tokens for it", "ipaddr"),
            ("idToken", "its ID tokens", "email"),
            ("saml2Token", "its SAML tokens", "email"),
        )
    ),
)
MCP = Record(
    "`mcp`",
    "An API that is an MCP server.",
    (
        row(
            "url",
            "text",
            "Where it answers; one of its identifier URIs, and the `resource` of its clients.",
            "https://api.example.com/mcp",
            limits="https, in small letters, no `/` at the end, no query, no fragment",
            longest=limits.LONGEST_URL,
            required=True,
        ),
        row(
            "clients",
            "texts",
            "External clients that need no consent: names from the table in docs/mcp.md, or appIds.",
            ["VS Code"],
        ),
        row(
            "scopes",
            "texts",
            "What clients ask for, by label; absent: the scopes that users may consent to.",
            ["user.read"],
            names=("scope",),
        ),
    ),
)
NAME = Record(
    "a name",
    "A name and the id that decides.",
    (
        row("name", "string", "The name; an id decides where both stand."),
        row("id", "guid", "The id of the object."),
    ),
    short="",
)
HELD = Record(
    "a holder or owner", "A name, the id that decides, and until when.", (*NAME.fields, UNTIL), short=""
)
UNMANAGED = "unmanaged"  # in place of the roles of an application: who holds what is left alone
HOLDERS = Record(
    "who holds a role",
    "Who holds the role.",
    (
        row("groups", "held", "Groups that hold it, by display name or id.", ["All Staff"], names=("group",)),
        row("users", "held", "Users that hold it, by UPN or id.", ["alice@contoso.com"], names=("user",)),
        row(
            "servicePrincipals",
            "held",
            "Applications of others, by display name or `project/environment/key`: exactly these; absent: "
            "left alone.",
            (["Billing"], ["team/prod/worker"]),
            names=("servicePrincipal",),
        ),
        row(
            "additive",
            "flag",
            "Of an application of others: these besides whoever else has it; nobody is removed.",
            True,
        ),
    ),
)
ASSIGNMENTS = Mapped(HOLDERS, names=("role",))
LASTING = Record(
    "a permission",
    "A permission, and until when.",
    (row("name", "string", "As it stands in the list without `until`.", "user.read", required=True), UNTIL),
    short="",
)
