"""Two dumps, before and after a restricted file was applied, in; every difference that is not of the fence
out.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tests.oracle.review.tables import EVERYBODY, KEY, OWNER, Row, Tables

UNJUDGED = frozenset({"audit", "signIn", "secrets"})


@dataclass(frozen=True)
class Fence:
    """Whose the fence is: its owner, how its keys begin, what of our APIs it lists, which unmarked appIds are
    pinned to it.

    `named` are the appIds of others' applications that open files name: who holds roles there is theirs to
    say.
    """

    owner: str
    prefix: str
    project: str
    listed: frozenset[str]
    pinned: frozenset[str]
    named: frozenset[str] = frozenset()

    def holds(self, row: Row | None) -> bool:
        """Tell whether an application is of the fence by its marks."""
        tags = row["tags"] if row is not None else ()
        return f"{OWNER}{self.owner}" in tags and any(tag.startswith(f"{KEY}{self.prefix}") for tag in tags)


def breaches(before: Tables, after: Tables, path_restriction: Fence) -> Iterator[str]:
    """Yield each difference that a file of this fence must not make."""
    inside = {row["appId"] for row in after.applications.values() if path_restriction.holds(row)}
    inside |= {row["appId"] for row in before.applications.values() if path_restriction.holds(row)}
    for table in ("applications", "servicePrincipals"):
        old, new = ({row["id"]: row for row in tables.rows[table]} for tables in (before, after))
        for id_ in sorted({*old, *new}):
            if old.get(id_) != new.get(id_):
                yield from _object(table, old.get(id_), new.get(id_), inside, path_restriction)
    yield from _assignments(before, after, inside, path_restriction)
    yield from _grants(before, after, inside, path_restriction)
    for table in ("federatedIdentityCredentials",):
        for row in _changed(before.rows[table], after.rows[table]):
            app = after.applications.get(row["_application"]) or before.applications[row["_application"]]
            if app["appId"] not in inside:
                yield f"a federated credential of {app['displayName']}"
    for owned, owner in sorted(before.owners() ^ after.owners()):
        row = next(
            rows[owned]
            for rows in (after.applications, after.principals, before.applications)
            if owned in rows
        )
        if row["appId"] not in inside:
            yield f"{owner} as owner of {row['displayName']}"
    judged = {
        "applications",
        "servicePrincipals",
        "appRoleAssignments",
        "oauth2PermissionGrants",
        "federatedIdentityCredentials",
        "owners",
    }
    for table in after.rows:
        if table not in judged | UNJUDGED and before.rows[table] != after.rows[table]:
            yield f"{table} differ"


def _object(
    table: str, old: Row | None, new: Row | None, inside: set[str], path_restriction: Fence
) -> Iterator[str]:
    row = new or old
    assert row is not None
    if row["appId"] not in inside:
        yield (
            f"{table}: {row['displayName']} is not of the fence, and "
            f"{'changed' if old and new else 'came or went'}"
        )
    marked = old is not None and any(tag.startswith(OWNER) for tag in old["tags"])
    if (
        old is not None
        and not path_restriction.holds(old)
        and (marked or row["appId"] not in path_restriction.pinned)
    ):
        yield f"{table}: {row['displayName']} was taken"


def _assignments(before: Tables, after: Tables, inside: set[str], path_restriction: Fence) -> Iterator[str]:
    for row in _changed(before.rows["appRoleAssignments"], after.rows["appRoleAssignments"]):
        resource = after.principals.get(row["resourceId"]) or before.principals[row["resourceId"]]
        role = next((each["value"] for each in resource["appRoles"] if each["id"] == row["appRoleId"]), None)
        reported = f"role {role} of {resource['displayName']} for {row['principalDisplayName']}"
        if row["principalType"] in {"User", "Group"}:
            if resource["appId"] not in inside and (
                _is_somebodys(resource, after) or resource["appId"] in path_restriction.named
            ):
                yield reported
            continue
        client = after.principals.get(row["principalId"]) or before.principals[row["principalId"]]
        ours = _is_of(resource, after, path_restriction.project)
        outside = resource["appId"] not in inside and _is_somebodys(resource, after)
        if client["appId"] not in inside or (outside and not (ours and role in path_restriction.listed)):
            yield reported


def _grants(before: Tables, after: Tables, inside: set[str], path_restriction: Fence) -> Iterator[str]:
    for row in _changed(before.rows["oauth2PermissionGrants"], after.rows["oauth2PermissionGrants"]):
        client = after.principals.get(row["clientId"]) or before.principals[row["clientId"]]
        resource = after.principals.get(row["resourceId"]) or before.principals[row["resourceId"]]
        scopes = set((row["scope"] or "").split())
        outside = resource["appId"] not in inside and _is_somebodys(resource, after)
        given = _is_of(resource, after, path_restriction.project) and scopes <= path_restriction.listed | {
            "openid",
            "profile",
            "email",
        }
        if row["consentType"] != EVERYBODY or client["appId"] not in inside or (outside and not given):
            yield f"consent of {client['displayName']} to {row['scope']} of {resource['displayName']}"


def _owners(principal: Row, tables: Tables) -> list[str]:
    app = tables.by_app_id.get(principal["appId"])
    tags = {*principal["tags"], *((app or {}).get("tags") or ())}
    return [tag.removeprefix(OWNER) for tag in tags if tag.startswith(OWNER)]


def _is_somebodys(principal: Row, tables: Tables) -> bool:
    """Tell whether an application bears a project's mark: it is some manifest's."""
    return bool(_owners(principal, tables))


def _is_of(principal: Row, tables: Tables, project: str) -> bool:
    return any(owner.startswith(f"{project}/") for owner in _owners(principal, tables))


def _changed(old: Any, new: Any) -> list[Mapping[str, Any]]:
    """Return the rows of which only one side has all."""
    before, after = ({json.dumps(row, sort_keys=True): row for row in rows} for rows in (old, new))
    return [{**before, **after}[text] for text in sorted(before.keys() ^ after.keys())]
