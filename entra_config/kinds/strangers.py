"""An API of ours and what was read of it in; what applications of others hold there, roles and consents for everybody, out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from entra_config.kinds.consents import TENANT_WIDE
from entra_config.kinds.directory import Directory, Live
from entra_config.kinds.entitlement_stages import DEFAULT_ACCESS
from entra_config.kinds.role_names import live_roles


@dataclass(frozen=True, slots=True)
class Held:
    """One role or scope of an API of ours that an application of others holds; `role` is the role's id, empty of a consent."""

    api: str
    sort: Literal["delegated", "application"]
    permission: str
    client: str
    name: str
    resource: str
    role: str = ""
    since: str = ""


def held(directory: Directory, key: str, live: Live) -> Iterator[Held]:
    """Yield what applications of others hold at an API of ours: roles, and consents for everybody."""
    ours = directory.own_principals
    roles = live_roles(directory, key)
    for row in live.answers.get("assignedTo", ()):
        if row["principalType"] != "ServicePrincipal" or row["principalId"] in ours:
            continue
        role = row["appRoleId"]
        entry = roles.get(role, {})
        value = "default" if role == DEFAULT_ACCESS else str(entry.get("value") or entry.get("displayName") or role)
        shown, since = str(row["principalDisplayName"]), str(row.get("createdDateTime") or "")
        yield Held(key, "application", value, row["principalId"], shown, row["resourceId"], role, since)
    for grant in live.answers.get("grantsTo", ()):
        client = grant["clientId"]
        if grant["consentType"] == TENANT_WIDE and client not in ours:
            for scope in sorted(set((grant["scope"] or "").split())):
                yield Held(key, "delegated", scope, client, directory.names.get(client, client), grant["resourceId"])
