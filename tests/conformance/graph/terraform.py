"""The table of Terraform's requests in; a client that sends them as the provider does, and keeps count of
its lines, out.
"""

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote_plus

from entra_emulator import seed
from tests.conformance.graph_client import Graph

# Distinct requests of terraform-provider-azuread 3.9.0 with Terraform 1.15.5, as seen on 2026-11-25: method,
# path, query, keys of the body. Long queries and lists of keys are cut.
TABLE = Path(__file__).parent / "terraform_requests.csv"
_CUT_QUERY, _CUT_KEYS = 150, 590
_LISTS = frozenset(
    {
        "alternativeNames",
        "appRoles",
        "groupTypes",
        "identifierUris",
        "knownClientApplications",
        "notificationEmailAddresses",
        "oauth2PermissionScopes",
        "otherMails",
        "redirectUris",
        "requiredResourceAccess",
        "resourceBehaviorOptions",
        "resourceProvisioningOptions",
        "tags",
    }
)
# What the provider names its bodies; the table has keys only.
_TYPES = {
    "applications": "application",
    "appRoleAssignedTo": "appRoleAssignment",
    "federatedIdentityCredentials": "federatedIdentityCredential",
    "groups": "group",
    "oauth2PermissionGrants": "oAuth2PermissionGrant",
    "servicePrincipals": "servicePrincipal",
    "users": "user",
}
_OBJECTS = frozenset({"optionalClaims", "samlSingleSignOnSettings"})


@dataclass(frozen=True)
class Line:
    """One line of the table."""

    number: int
    method: str
    path: str
    query: str
    keys: str

    def is_met_by(self, method: str, path: str, query: str, keys: str) -> bool:
        """Tell whether a request is this one."""
        return (
            (method, path) == (self.method, self.path)
            and _begins(query, self.query, _CUT_QUERY)
            and _begins(keys, self.keys, _CUT_KEYS)
        )


def read() -> dict[int, Line]:
    """Read the table, its lines by their numbers in the file."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    # A grant's id is no GUID.
    paths = [re.sub(r"(oauth2PermissionGrants)/[\w-]{43}", r"\1/{id}", row["path"]) for row in rows]
    return {
        number: Line(number, row["method"], path, row["query"], row["body keys"])
        for number, (row, path) in enumerate(zip(rows, paths, strict=True), 2)
    }


class Terraform:
    """Sends the provider's requests, each line of the table with the values of a test, and drops none in
    silence.
    """

    def __init__(self, graph: Graph) -> None:
        """Use a client of Graph; `sent` gathers the numbers of the lines that were sent."""
        self.graph, self.lines = graph, read()
        self.sent: set[int] = set()
        found = self.call(
            200, "GET", "/v1.0/servicePrincipals", query="$filter=appId eq '…'", values=(seed.ADMIN_APP_ID,)
        )
        self.me = str(found["value"][0]["id"])

    def call(
        self,
        status: int,
        method: str,
        path: str,
        *ids: str,
        query: str = "",
        values: tuple[str, ...] = (),
        body: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        """Send one request: `{id}` and `…` stand for ids and values; return what was answered with that
        status.
        """
        wanted = query
        for value in values:
            wanted = wanted.replace("…", value.replace("'", "''"), 1)
        parts = [part.partition("=") for part in wanted.split("&")] if query else []
        text = "&".join(f"{quote_plus(key)}={quote_plus(value)}" for key, _, value in parts)
        url = _filled(path, ids) + (f"?{text}" if text else "")
        response = self.graph.send(method, url, body)
        assert response.status_code == status, (
            f"{method} {url} {body}: {response.status_code} {response.text}"
        )
        self._count(method, path, query.replace(" ", "+"), " ".join(sorted(keys_of(body or {}))))
        return dict(response.json()) if response.content else {}

    def write(self, status: int, number: int, *ids: str, **values: Any) -> dict[str, Any]:
        """Send the write of a line, its body made of its keys: those of `values`, else null, empty list or
        empty object.
        """
        line = self.lines[number]
        collection = line.path.replace("/{id}", "").rsplit("/", 1)[-1]
        values = {"@odata.type": f"#microsoft.graph.{_TYPES.get(collection)}", **values}
        body: dict[str, Any] = {}
        for key in _whole(line):
            _put(body, key.split("[]", 1)[0], values)
        response = self.call(status, line.method, line.path, *ids, body=body)
        assert number in self.sent, f"line {number} was not what was sent: {body}"
        return response

    def _count(self, method: str, path: str, query: str, keys: str) -> None:
        found = {line.number for line in self.lines.values() if line.is_met_by(method, path, query, keys)}
        assert found, f"the table has no {method} {path}?{query} with {keys}"
        self.sent |= found


def destroy(tf: Terraform, path: str, object_id: str) -> None:
    """Delete, and ask until it is gone."""
    tf.call(204, "DELETE", path, object_id)
    for _ in range(5):
        tf.call(404, "GET", path, object_id)


def keys_of(body: Any, prefix: str = "") -> set[str]:
    """Return the keys of a body as the table writes them."""
    if isinstance(body, Mapping) and (body or not prefix):
        return {
            found
            for name, value in body.items()
            for found in keys_of(value, f"{prefix}.{name}" if prefix else name)
        }
    if isinstance(body, list) and body:
        return {found for item in body for found in keys_of(item, f"{prefix}[]")}
    return {prefix}


def _begins(text: str, pattern: str, cut: int) -> bool:
    return text.startswith(pattern) if len(pattern) >= cut else text == pattern


def _filled(path: str, ids: tuple[str, ...]) -> str:
    for object_id in ids:
        path = path.replace("{id}", object_id, 1)
    assert "{id}" not in path, path
    return path


def _whole(line: Line) -> list[str]:
    """Return the keys of a line; one that is cut, perhaps within its last key, goes on as an application
    does.
    """
    keys = line.keys.split()
    return (
        keys
        if len(line.keys) < _CUT_KEYS
        else [*keys[:-1], *(key for key in _APPLICATION if key >= keys[-1])]
    )


_APPLICATION = (
    "displayName",
    "groupMembershipClaims",
    "identifierUris",
    "info.marketingUrl",
    "info.privacyStatementUrl",
    "info.supportUrl",
    "info.termsOfServiceUrl",
    "isDeviceOnlyAuthSupported",
    "isFallbackPublicClient",
    "notes",
    "optionalClaims",
    "publicClient.redirectUris",
    "requiredResourceAccess",
    "serviceManagementReference",
    "signInAudience",
    "spa.redirectUris",
    "tags",
    "web.homePageUrl",
    "web.implicitGrantSettings.enableAccessTokenIssuance",
    "web.implicitGrantSettings.enableIdTokenIssuance",
    "web.logoutUrl",
    "web.redirectUris",
    ".",
)


def _put(body: dict[str, Any], path: str, values: Mapping[str, Any]) -> None:
    *outer, name = path.split(".") if not path.startswith(("@", "owners@")) else [path]
    for part in outer:
        body = body.setdefault(part, {})
    missing: Any = [] if name in _LISTS else {} if name in _OBJECTS else None
    body[name] = values.get(path, values.get(name, missing))
