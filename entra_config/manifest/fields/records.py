"""The records that stand below the first-class fields and in the root file: their keys, shapes and limits,
a row each.
"""

from __future__ import annotations

from typing import Any

from entra_config.manifest.fields import limits
from entra_config.manifest.fields.field import Definition, Field, Mapped, Record, Shape

# The tokens that an application may ask claims of.
TOKENS = ("accessToken", "idToken", "saml2Token")


def _row(key: str, shape: Shape, description: str, example: Any = None, **more: Any) -> Field:
    """Return a field that is no path of Graph's by itself; `more` are fields of the row that are seldom
    given.
    """
    return Field(key, "", "own", shape, description, example, **more)


_UNTIL = _row(
    "until", "until", "Its last day, in UTC: over the day after, and gone once that is applied.", "2027-01-31"
)


def _definition(what: str) -> tuple[Field, ...]:
    return (
        _row(
            "value",
            "text",
            f"What tokens carry; absent: the label of the {what}.",
            limits="no spaces, no dot at the start",
            longest=limits.LONGEST_VALUE,
        ),
        _row("isEnabled", "flag", "False keeps it, and lets nobody new have it.", limits="absent: true"),
        _row("id", "guid", "Its id; absent: the tenant's, or one derived from the label."),
        _row("previously", "string", "Its former label: it is renamed, not replaced."),
        _row("breaking", "boolean", "Says that a changed `value` is meant: tokens carry it."),
    )


SCOPE = Record(
    "a scope",
    "A delegated permission.",
    (
        _row(
            "displayName",
            "text",
            "Heads the consent page; for users too where they can consent.",
            "Read user data",
        ),
        _row(
            "description",
            "text",
            "Explains it on the consent page.",
            "Lets the app read your data.",
            longest=limits.LONGEST_DESCRIPTION,
        ),
        _row(
            "whoCanConsent", "choice", "Absent: admins only.", "admins", choices=("admins", "adminsAndUsers")
        ),
        _row("adminConsentDisplayName", "text", "The long form: what administrators read first."),
        _row(
            "adminConsentDescription",
            "text",
            "The long form: what explains it to administrators.",
            longest=limits.LONGEST_DESCRIPTION,
        ),
        _row("userConsentDisplayName", "text", "The long form: what users read first."),
        _row(
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
        _row("displayName", "text", "Its name in the portal; absent: the label.", "Reader"),
        _row(
            "description",
            "text",
            "What it lets its holders do.",
            "Reads everything.",
            longest=limits.LONGEST_DESCRIPTION,
        ),
        _row(
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
_LIFE = (
    _row("lifetime", "text", "How long one lives, in days or weeks; absent: P90D.", "P90D"),
    _row("overlap", "text", "How long before its end the next is made, and both work; absent: P14D.", "P14D"),
)
GENERATE = Record(
    "`generate`",
    "A key pair that is made anew before its certificate ends.",
    (
        _row(
            "in",
            "string",
            "Where its private key is kept: a name of `environments.ENV.sinks`.",
            "web",
            required=True,
        ),
        *_LIFE,
    ),
)
CERTIFICATE = Record(
    "a certificate",
    "A public key.",
    (
        _row("file", "string", "A PEM file, relative to this file.", "certificates/ci.pem"),
        _row("pem", "string", "The PEM text itself."),
        _row(
            "displayName",
            "text",
            "Its name in the portal; absent: its name here.",
            longest=limits.LONGEST_KEY_NAME,
        ),
        _row("usage", "choice", "Absent: Verify.", choices=("Verify", "Encrypt")),
        _row(
            "generate",
            Definition("generate"),
            "Instead of all others: `entra-config credentials rotate` makes the key pair.",
            {"in": "web"},
        ),
        _UNTIL,
    ),
    short="Path of a PEM file, or the PEM itself.",
)
SECRET = Record(
    "a secret",
    "A secret that is made anew before it ends.",
    (
        _row("sink", "string", "Where it is kept: a name of `environments.ENV.sinks`.", "web", required=True),
        *_LIFE,
        _UNTIL,
    ),
)
CREDENTIALS = Record(
    "`credentials`",
    "What it signs in with.",
    (
        _row(
            "certificates",
            Mapped(Definition("certificate")),
            "Public keys that it may sign in with, by name, and key pairs that are made for it.",
        ),
        _row(
            "secrets",
            Mapped(Definition("secret", or_null=True)),
            "Secrets that `entra-config credentials rotate` makes and keeps in a sink, by name.",
        ),
    ),
)
PERMISSION = Record(
    "an API's permissions",
    "What is asked of one API.",
    (
        _row(
            "delegated",
            "texts",
            "Scopes asked for on behalf of a person: labels of ours, values of others.",
            ["user.read"],
        ),
        _row(
            "application", "texts", "Roles asked for as itself: labels of ours, values of others.", ["Writer"]
        ),
        _row(
            "adminConsent",
            "consent",
            "true: exactly these; a list: those; false: none; absent: not managed. Also per kind.",
            (
                True,
                ["user.read", {"name": "user.write", "until": "2027-01-31"}],
                {"delegated": True, "application": False},
            ),
        ),
    ),
)
CLAIM = Record(
    "a claim",
    "A claim with options.",
    (
        _row("name", "string", "The claim, as Entra calls it."),
        _row(
            "source", "text", "Where it comes from: absent for Entra's own, `user` for an extension property."
        ),
        _row("essential", "boolean", "That sign-in is asked to have it."),
        _row(
            "additionalProperties",
            "texts",
            "What changes it, such as `include_externally_authenticated_upn`.",
        ),
    ),
    short="",
)
MCP = Record(
    "`mcp`",
    "An API that is an MCP server.",
    (
        _row(
            "url",
            "text",
            "Where it answers; one of its identifier URIs, and the `resource` of its clients.",
            "https://api.example.com/mcp",
            limits="https, in small letters, no `/` at the end, no query, no fragment",
            longest=limits.LONGEST_URL,
            required=True,
        ),
        _row(
            "clients",
            "texts",
            "Clients of others that need no consent: names of [the table](mcp.md#clients), or appIds.",
            ["VS Code"],
        ),
        _row(
            "scopes",
            "texts",
            "What clients ask for, by label; absent: the scopes that users may consent to.",
            ["user.read"],
        ),
    ),
)
NAME = Record(
    "a name",
    "A name and the id that decides.",
    (
        _row("name", "string", "The name; an id decides where both stand."),
        _row("id", "guid", "The id of the object."),
    ),
    short="",
)
HELD = Record(
    "a holder or owner", "A name, the id that decides, and until when.", (*NAME.fields, _UNTIL), short=""
)
LASTING = Record(
    "a permission",
    "A permission, and until when.",
    (_row("name", "string", "As it stands in the list without `until`.", required=True), _UNTIL),
    short="",
)
FILE = Record(
    "an entry of `files`",
    "Files, with a restriction of the paths that they may declare.",
    (
        _row("path", "string", "A glob below the root file's folder.", required=True),
        _row(
            "mayDeclare",
            "texts",
            "The only key paths that these files may declare; `*` stays in its segment.",
        ),
    ),
    short="",
)
LIMITS = Record(
    "`limits`",
    "How much one apply may take away from one application.",
    tuple(
        _row(key, "number", says, most=most)
        for key, most, says in (
            ("maxPeople", 0, "How many people may lose something in one apply; absent: 10."),
            ("maxApplications", 0, "How many applications may; absent: 10."),
            ("maxRemovedPercent", 100, "How much of each role's people may; absent: 30."),
            ("floor", 0, "How many people of a role always may; absent: 3."),
        )
    ),
)
CONSENTS = Record(
    "the consents of an API",
    "Permissions of one API.",
    (
        _row("delegated", "texts", "Scopes that may be consented to, by value."),
        _row("application", "texts", "Roles that may be, by value."),
    ),
)
GIVEN = Record(
    "what is given at an API of others",
    "Roles of an API of others.",
    (
        _row(
            "application",
            "lasting",
            "The roles that it holds, by the value that tokens carry; whatever else it holds stays.",
        ),
        _row("absent", "texts", "The roles that are taken from it."),
    ),
)
ACKNOWLEDGED = Record(
    "an acknowledged application",
    "What one application of others may hold.",
    (
        _row("id", "guid", "The appId of the application of others.", required=True),
        _row("application", "texts", "The roles that it may hold, by the value that tokens carry."),
        _row("delegated", "texts", "The scopes that everybody may have consented it to."),
        _row("until", "day", "The last day; after it the holder is reported again."),
        _row("because", "string", "Why, for whoever reads it."),
    ),
)
REMOVED = Record(
    "a removed application",
    "An application that left.",
    (
        _row(
            "destroy",
            "boolean",
            "true deletes it; false takes the marks off and leaves it as it is.",
            required=True,
        ),
        _row("only", "texts", "The environments in which it leaves."),
    ),
)
