"""The records that stand in the root file: their keys, shapes and limits, a row each."""

from __future__ import annotations

from entra_config.manifest.fields.field import Mapped, Record, row

FILE = Record(
    "an entry of `files`",
    "Files, with a restriction of the paths that they may declare.",
    (
        row("path", "string", "A glob below the root file's folder.", "applications/*.yaml", required=True),
        row(
            "mayDeclare",
            "strings",
            "The only key paths that these files may declare; `*` stays in its segment.",
            (
                ["applications/api/appRoles/Billing.*"],
                ["tests/Billing *"],
                ["tenants/${file}/variables"],
            ),
            names=("path",),
        ),
    ),
    short="",
)
ITEM = Record(
    "an item of a list",
    "Texts and numbers by name; the name of the list's item is its key.",
    (
        row(
            "only",
            "strings",
            "The environments that have what the item makes.",
            ["dev"],
            names=("environment",),
        ),
        row(
            "previously",
            "string",
            "The item's former key: each application that it makes is renamed, not replaced.",
            "order",
        ),
    ),
    others=Mapped("variable"),
)
LIMITS = Record(
    "`limits`",
    "How much one apply may take away from one application.",
    tuple(
        row(key, "number", says, most=most, largest=100_000)
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
        row("delegated", "texts", "Scopes that may be consented to, by value.", names=("scopeValue",)),
        row("application", "texts", "Roles that may be, by value.", names=("roleValue",)),
    ),
)
GIVEN = Record(
    "what is given at an API of others",
    "Roles of an API of others.",
    (
        row(
            "application",
            "lasting",
            "The roles that it holds, by the value that tokens carry; whatever else it holds stays.",
            names=("roleValue",),
        ),
        row("absent", "texts", "The roles that are taken from it.", names=("roleValue",)),
    ),
)
ACKNOWLEDGED = Record(
    "an acknowledged application",
    "What one application of others may hold.",
    (
        row(
            "id",
            "guid",
            "The appId of the application of others.",
            "5c1b2f7e-0000-4000-8000-000000000001",
            required=True,
        ),
        row(
            "application",
            "texts",
            "The roles that it may hold, by the value that tokens carry.",
            names=("roleValue",),
        ),
        row(
            "delegated",
            "texts",
            "The scopes that everybody may have consented it to.",
            names=("scopeValue",),
        ),
        row("until", "day", "The last day; after it the holder is reported again."),
        row("because", "string", "Why, for whoever reads it."),
    ),
)
REMOVED = Record(
    "a removed application",
    "An application that left.",
    (
        row(
            "destroy",
            "boolean",
            "true deletes it; false takes the marks off and leaves it as it is.",
            True,
            required=True,
        ),
        row("only", "strings", "The environments in which it leaves.", names=("environment",)),
    ),
)
