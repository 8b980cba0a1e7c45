"""A small model of Graph's rules: requests in, a refusal or a new state out, and what tokens carry in each
state.

Written from the rules as documented, not from the emulator: URIs are unique and stay reserved by what is
deleted, values are unique in an application, an enabled role or scope is neither changed nor left out, a role
is given only while it is enabled and for its kind of holder, a client is authorized only for scopes that were
stored before.
"""

from __future__ import annotations

import copy
import re
from typing import Any

Token = tuple[str, str, str]  # who, of which API, which value


class RefusedError(Exception):
    """Graph would refuse this."""


class Model:
    """Applications, service principals, assignments and grants of one tenant, by id."""

    def __init__(self, tables: Any) -> None:
        self.applications = {row["id"]: copy.deepcopy(dict(row)) for row in tables.applications}
        self.principals = {row["id"]: row["appId"] for row in tables.service_principals}
        self.assignments = {
            row["id"]: (row["principalId"], row["resourceId"], row["appRoleId"])
            for row in tables.app_role_assignments
        }
        self.grants = {
            row["id"]: (row["clientId"], row["resourceId"], row["scope"])
            for row in tables.oauth2_permission_grants
            if row["consentType"] == "AllPrincipals"
        }

    def send(self, method: str, path: str, body: Any, made: str) -> dict[str, str]:
        """Carry one request out; what is created gets ids made of `made`."""
        match method, [part for part in re.split(r"[/?]", path) if part]:
            case "POST", ["applications"]:
                return self._create(body, made)
            case "PATCH", ["applications", id_]:
                self._change(self.applications[id_], body)
            case "DELETE", ["applications", id_]:
                self._delete(self.applications[id_])
            case "POST", ["servicePrincipals"]:
                self.principals[f"principal of {made}"] = body["appId"]
                return {"id": f"principal of {made}"}
            case "POST", ["servicePrincipals", resource, "appRoleAssignedTo"]:
                self._assign(body, resource, made)
            case "DELETE", ["servicePrincipals", _, "appRoleAssignedTo", id_]:
                del self.assignments[id_]
            case "POST", ["oauth2PermissionGrants"]:
                self.grants[made] = (body["clientId"], body["resourceId"], body["scope"])
            case "PATCH", ["oauth2PermissionGrants", id_]:
                self.grants[id_] = (*self.grants[id_][:2], body["scope"])
            case "DELETE", ["oauth2PermissionGrants", id_]:
                del self.grants[id_]
            case _, ["servicePrincipals", *_]:
                pass
            case _:
                raise AssertionError((method, path))
        return {}

    def tokens(self) -> set[Token]:
        """Return every value that a token could carry now: a disabled role stays in the tokens of those
        who hold it.
        """
        found: set[Token] = set()
        owners = {row["appId"]: row for row in self.applications.values() if not row.get("deleted")}
        for principal, resource, role_id in self.assignments.values():
            api = owners.get(self.principals.get(resource, ""))
            for role in api["appRoles"] if api else ():
                if role["id"] == role_id and role["value"]:
                    found.add((self.principals.get(principal, principal), api["appId"], role["value"]))
        for client, resource, scope in self.grants.values():
            api = owners.get(self.principals.get(resource, ""))
            values = {each["value"] for each in api["api"]["oauth2PermissionScopes"]} if api else set()
            found |= {
                (self.principals[client], api["appId"], value) for value in values & set(scope.split()) if api
            }
        for api in owners.values():
            by_id = {each["id"]: each["value"] for each in api["api"]["oauth2PermissionScopes"]}
            for entry in api["api"]["preAuthorizedApplications"]:
                found |= {
                    (entry["appId"], api["appId"], by_id[id_])
                    for id_ in entry["delegatedPermissionIds"]
                    if id_ in by_id
                }
        return found

    def uris(self) -> dict[str, str]:
        """Return which live application answers to each URI."""
        return {
            uri: row["appId"]
            for row in self.applications.values()
            if not row.get("deleted")
            for uri in row["identifierUris"]
        }

    def _create(self, body: Any, made: str) -> dict[str, str]:
        row: dict[str, Any] = {
            "id": made,
            "appId": f"appId of {made}",
            "identifierUris": [],
            "appRoles": [],
            "api": {"oauth2PermissionScopes": [], "preAuthorizedApplications": []},
        }
        self.applications[made] = row
        self._change(row, {key: value for key, value in body.items() if "@" not in key})
        return {"id": made, "appId": row["appId"], "createdDateTime": "2026-01-01T00:00:00Z"}

    def _change(self, row: dict[str, Any], body: Any) -> None:
        new = {**row, **body, "api": {**row["api"], **(body.get("api") or {})}}
        for uri in new["identifierUris"]:
            others = (each for each in self.applications.values() if each["id"] != row["id"])
            if any(uri.casefold() in {held.casefold() for held in each["identifierUris"]} for each in others):
                raise RefusedError(f"{uri} is taken")
        scopes, before = new["api"]["oauth2PermissionScopes"], row["api"]["oauth2PermissionScopes"]
        values = {
            (entry["id"], entry["value"].casefold())
            for entry in (*new["appRoles"], *scopes)
            if entry["value"]
        }
        if len({value for _, value in values}) != len(values):
            raise RefusedError("duplicate values")
        _unchanged(before, scopes)
        _unchanged(row["appRoles"], new["appRoles"])
        if "preAuthorizedApplications" in (body.get("api") or {}):
            named = {
                id_
                for entry in new["api"]["preAuthorizedApplications"]
                for id_ in entry["delegatedPermissionIds"]
            }
            if not named <= {scope["id"] for scope in before}:
                raise RefusedError("an authorized client's scope is not stored yet")
        row.update(new)

    def _delete(self, row: dict[str, Any]) -> None:
        row["deleted"] = True
        gone = {id_ for id_, app_id in self.principals.items() if app_id == row["appId"]}
        self.assignments = {id_: each for id_, each in self.assignments.items() if not gone & set(each[:2])}
        self.grants = {id_: each for id_, each in self.grants.items() if not gone & set(each[:2])}

    def _assign(self, body: Any, resource: str, made: str) -> None:
        api = next(row for row in self.applications.values() if row["appId"] == self.principals[resource])
        member = "Application" if body["principalId"] in self.principals else "User"
        role = next((role for role in api["appRoles"] if role["id"] == body["appRoleId"]), None)
        if role is None or not role["isEnabled"] or member not in role["allowedMemberTypes"]:
            raise RefusedError(f"the role is not there for a {member}: {role}")
        self.assignments[made] = (body["principalId"], resource, body["appRoleId"])


def _unchanged(before: list[dict[str, Any]], after: list[dict[str, Any]]) -> None:
    there = {entry["id"]: entry for entry in after}
    for entry in before:
        if entry["isEnabled"]:
            now = there.get(entry["id"], {})
            if any(
                now.get(key) != value for key, value in entry.items() if key not in {"isEnabled", "origin"}
            ):
                raise EnabledError(entry["id"])


class EnabledError(RefusedError):
    """It must be disabled first."""
