"""The fields of what an application asks for as a client: where people sign in, and what it may call."""

from __future__ import annotations

from collections.abc import Sequence

from entra_config.manifest.fields import limits
from entra_config.manifest.fields.field import (
    PLATFORMS,
    Definition,
    Field,
    Mapped,
    Record,
    graph_row,
)
from entra_config.manifest.fields.refusals import NO_SIGN_IN, refuse

URIS = Record(
    "`platforms`",
    "Redirect URIs by platform.",
    tuple(
        graph_row(
            name,
            PLATFORMS[name],
            "texts",
            f"Redirect URIs of {says}.",
            [example],
            longest=limits.LONGEST_REDIRECT_URI,
        )
        for name, says, example in (
            ("web", "servers that keep a secret", "https://app.example.com/auth/callback"),
            ("spa", "pages that sign in in the browser", "https://app.example.com/"),
            ("mobileAndDesktop", "programs on a device", "http://localhost"),
        )
    ),
)

CLIENT: Sequence[Field] = (
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
            **refuse(NO_SIGN_IN, "api", "daemon"),
            **refuse("it has no platform of its own; use `platforms`", "application"),
        },
        references=True,
    ),
    Field(
        "platforms",
        "",
        "kept",
        URIS,
        "Redirect URIs by platform, for every type.",
        {"mobileAndDesktop": ["http://localhost"]},
        "a URI stands on one platform",
    ),
    graph_row(
        "allowPublicClientFlows",
        "isFallbackPublicClient",
        "flag",
        "Allows device code and other flows without a secret.",
        True,
        refused=refuse(
            "flows without a secret belong to a client of type `publicClient`", "api", "spa", "web", "daemon"
        ),
    ),
    graph_row(
        "apiPermissions",
        "requiredResourceAccess",
        Mapped(Definition("apiPermission"), names=("application",)),
        "Permissions that it asks for, by API, and what of them is consented.",
        {"api": {"delegated": ["user.read"], "adminConsent": True}},
        f"at most {limits.MOST_RESOURCES} APIs and {limits.MOST_PERMISSIONS} permissions; "
        f"{limits.MOST_PERSONAL_PER_RESOURCE} for each API and {limits.MOST_PERSONAL_PERMISSIONS} in all "
        "with personal accounts",
    ),
)
