"""A dump of a directory in; its rows by id and the names that people know them by out. Knows the dump, not
the engine.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

Row = Mapping[str, Any]
OWNER, KEY = "entra-config:owner=", "entra-config:key="
EVERYBODY = "AllPrincipals"


@dataclass(frozen=True)
class Tables:
    """One tenant of a dump."""

    rows: Mapping[str, Any]

    @cached_property
    def applications(self) -> dict[str, Row]:
        """Return the registrations by object id."""
        return {row["id"]: row for row in self.rows["applications"]}

    @cached_property
    def by_app_id(self) -> dict[str, Row]:
        """Return the registrations by appId."""
        return {row["appId"]: row for row in self.rows["applications"]}

    @cached_property
    def principals(self) -> dict[str, Row]:
        """Return the service principals by object id."""
        return {row["id"]: row for row in self.rows["servicePrincipals"]}

    @cached_property
    def people(self) -> dict[str, Row]:
        """Return users and groups by object id."""
        return {row["id"]: row for row in (*self.rows["users"], *self.rows["groups"])}

    def deleted(self) -> set[str]:
        """Return the ids of what is deleted and can come back."""
        return {row["id"] for row in self.rows["deletedItems"]}

    def owners(self) -> set[tuple[str, str]]:
        """Return who owns what, by ids."""
        return {(owned, owner) for owned, held in self.rows["owners"].items() for owner in held}

    def registered(self, app_id: str) -> tuple[str, ...]:
        """Return what an application may be called in a report: by our key, by its display name, by its
        appId.
        """
        row = self.by_app_id.get(app_id)
        names = [tag.removeprefix(KEY) for tag in (row or {}).get("tags", ()) if tag.startswith(KEY)]
        principal = next((each for each in self.principals.values() if each["appId"] == app_id), None)
        names += [str(each["displayName"]) for each in (row, principal) if each is not None]
        return (*dict.fromkeys(names), app_id)

    def called(self, principal: str) -> tuple[str, ...]:
        """Return what a principal may be called: people by UPN, name or the beginning of their id,
        applications as registered.
        """
        if (row := self.people.get(principal)) is None:
            return (*self.registered(str(self.principals[principal]["appId"])), principal)
        if "userPrincipalName" in row:
            return (
                str(row["userPrincipalName"]),
                str(row["displayName"]),
                f"a user ({principal[:8]}",
                principal,
            )
        return str(row["displayName"]), principal
