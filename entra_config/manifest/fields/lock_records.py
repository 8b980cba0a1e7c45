"""The records of a lock file: what its keys and texts name, a row each."""

from __future__ import annotations

from collections.abc import Mapping

from entra_config.manifest.fields.field import Mapped, Named, Record, row


def _pin(noun: Named) -> Record:
    """Return the record of the pin of a user, group or service principal."""
    return Record(
        "a pin",
        "The id behind a name.",
        (
            row("id", "guid", "The object id, which decides.", names=(noun,)),
            row("was", "string", "What the tenant called the object when it was pinned.", names=(noun,)),
            row("organization", "guid", "The organization to which the application belongs."),
        ),
        short="The object id.",
        name="id",
    )


PINS: Mapping[str, Record] = {
    "users": _pin("user"),
    "groups": _pin("group"),
    "servicePrincipals": _pin("servicePrincipal"),
}
PINNED_APPLICATION = Record(
    "a pinned application",
    "The appId, and what of that application was accepted.",
    (
        row("appId", "guid", "The client id."),
        row("was", "string", "The key that the ownership tags name.", names=("formerApplication",)),
        row("owners", "guids", "The object ids of accepted owners.", names=("user", "servicePrincipal")),
        row("keyIds", "guids", "The key ids of accepted secrets and certificates."),
        row("secrets", Mapped("guids"), "The key ids of rotated secrets, by label."),
    ),
)
LOCK = Record(
    "a lock file",
    "The pins of one environment.",
    (
        row("tenantId", "guid", "The tenant."),
        row("users", Mapped(PINS["users"], names=("user",)), "Users by UPN."),
        row("groups", Mapped(PINS["groups"], names=("group",)), "Groups by display name."),
        row(
            "servicePrincipals",
            Mapped(PINS["servicePrincipals"], names=("servicePrincipal",)),
            "Service principals by display name.",
        ),
        row("applications", Mapped(PINNED_APPLICATION, names=("application",)), "Applications by key."),
        row("rejected", "guids", "The appIds that are a candidate for nothing."),
    ),
)
