"""Two dumps of a tenant in; everything in their difference that gives somebody power or lowers a guard out.

Each giver says what a report must have together in one place: one of the words of every need, whole.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tests.oracle.review.tables import EVERYBODY, OWNER, Row, Tables

Words = tuple[str, ...]
# What is created for several tenants is locked from the start: less for others to do, and no power.
LOCK = "servicePrincipalLockConfiguration"
RESTRICTIONS = "signInAudienceRestrictions"
UNKNOWN = "(known after apply)"
# Of a registration: what people read, and what has a giver of its own below. All else may hide a power.
READ_BY_PEOPLE = (
    "displayName",
    "description",
    "notes",
    "tags",
    "info",
    "serviceManagementReference",
    "certification",
    "logo",
)
OWN = (
    "identifierUris",
    "appRoles",
    "keyCredentials",
    "signInAudience",
    "requiredResourceAccess",
    "uniqueName",
    "createdByAppId",
)
OWN_PARTS = (
    ("api", "oauth2PermissionScopes"),
    ("api", "preAuthorizedApplications"),
    ("api", "knownClientApplications"),
    ("web", "redirectUris"),
    ("web", "redirectUriSettings"),
    ("spa", "redirectUris"),
    ("publicClient", "redirectUris"),
    ("web", "homePageUrl"),
)
PLATFORMS = ("web", "spa", "publicClient")
# What the registration says is repeated by its service principal.
REPEATED = (
    *(
        "appDisplayName",
        "appDescription",
        "appRoles",
        "oauth2PermissionScopes",
        "replyUrls",
        "servicePrincipalNames",
    ),
    *("signInAudience", "homepage", "displayName", "description", "notes", "tags", "info", "logoutUrl"),
    *("verifiedPublisher", "samlMetadataUrl", "createdByAppId", "alternativeNames"),
)
NEW = {"signInAudience": "AzureADMyOrg", "accountEnabled": True}


@dataclass(frozen=True)
class Giver:
    """One power that somebody has now, or one guard that is lower: what it is, and what must be read
    together.
    """

    what: str
    needs: tuple[Words, ...]

    def __str__(self) -> str:
        """Tell it with the first word of each need."""
        return f"{self.what}: {', '.join(need[0] for need in self.needs)}"


def givers(before: Tables, after: Tables, *, appliers: frozenset[str] = frozenset()) -> Iterator[Giver]:
    """Yield what the difference gives; `appliers` are who applied it, who own what they make."""
    for app in after.applications.values():
        was = before.applications.get(app["id"])
        name = after.registered(app["appId"])
        if app["id"] in before.deleted():
            yield Giver("restored", (name, ("restored",)))
            was = next(row for row in before.rows["deletedItems"] if row["id"] == app["id"])
        yield from _marks(was, app, name)
        yield from _application(was or {}, app, name, after)
        yield from _federated(before, after, app, name)
    for row in after.principals.values():
        yield from _principal(before.principals.get(row["id"]), row, after)
    yield from _assignments(before, after)
    yield from _grants(before, after)
    for owned, owner in sorted(after.owners() - before.owners()):
        if owner not in appliers:
            app_id = (after.applications.get(owned) or after.principals[owned])["appId"]
            yield Giver("owner", (after.registered(str(app_id)), after.called(owner)))


def _marks(was: Row | None, app: Row, name: Words) -> Iterator[Giver]:
    old, new = (
        {tag for tag in (row or {}).get("tags", ()) if tag.startswith(OWNER)} if row else set()
        for row in (was, app)
    )
    if was is not None and new - old:
        word = ("taken over", "takeover") if old else ("adopted",)
        yield Giver("takeover", (name, word, *((tag.removeprefix(OWNER),) for tag in sorted(old))))


def _application(was: Row, app: Row, name: Words, after: Tables) -> Iterator[Giver]:
    for platform in PLATFORMS:
        for uri in _more(was.get(platform, {}), app[platform], "redirectUris"):
            yield Giver("redirect URI", (name, _uri(uri, app)))
    for uri in _more(was, app, "identifierUris"):
        yield Giver("identifier URI", (name, _uri(uri, app)))
    if app["signInAudience"] != was.get("signInAudience", NEW["signInAudience"]):
        yield Giver("audience", (name, (app["signInAudience"],)))
    known = {key["keyId"] for key in was.get("keyCredentials", ())}
    for key in app["keyCredentials"]:
        if key["keyId"] not in known:
            yield Giver("certificate", (name, _thumbprint(key["customKeyIdentifier"])))
    yield from _entitlements(was, app, name)
    yield from _clients(was, app, name, after)
    for path, old, new in _settings(was, app):
        if old != new and (old or new) and not _locks(path, new) and not _born_open(path, old, new):
            yield Giver("setting", (name, (path.rpartition(".")[2], path)))


def _entitlements(was: Row, app: Row, name: Words) -> Iterator[Giver]:
    old = {role["id"]: role for role in was.get("appRoles", ())}
    for role in app["appRoles"]:
        there = old.get(role["id"])
        value = str(role["value"] or role["displayName"])
        more = there is not None and not set(role["allowedMemberTypes"]) <= set(there["allowedMemberTypes"])
        if there is not None and (
            role["value"] != there["value"] or (role["isEnabled"] and not there["isEnabled"]) or more
        ):
            yield Giver("role changed", (name, (value,)))
    scopes = {scope["id"]: scope for scope in was.get("api", {}).get("oauth2PermissionScopes", ())}
    for scope in app["api"]["oauth2PermissionScopes"]:
        there = scopes.get(scope["id"])
        opened = scope["type"] == "User" and (there is None or there["type"] != "User")
        if opened or (
            there is not None
            and (scope["value"] != there["value"] or (scope["isEnabled"] and not there["isEnabled"]))
        ):
            yield Giver("scope that people consent to", (name, (scope["value"],)))


def _clients(was: Row, app: Row, name: Words, after: Tables) -> Iterator[Giver]:
    scopes = {scope["id"]: scope["value"] for scope in app["api"]["oauth2PermissionScopes"]}
    for client in _more(was.get("api", {}), app["api"], "knownClientApplications"):
        yield Giver("known client", (name, after.registered(client)))
    held = _authorized(was)
    for client, scope in sorted(_authorized(app) - held):
        yield Giver("authorized client", (name, after.registered(client), (scopes.get(scope, scope),)))


def _authorized(row: Row) -> set[tuple[str, str]]:
    entries = row.get("api", {}).get("preAuthorizedApplications", ())
    return {(entry["appId"], scope) for entry in entries for scope in entry["delegatedPermissionIds"]}


def _locks(path: str, value: Any) -> bool:
    said = [each for each in value.values() if each is not None] if path == LOCK else []
    return bool(said) and all(each is True for each in said)


def _born_open(path: str, old: Any, new: Any) -> bool:
    """Tell whether nobody ever restricted an application; for whom it is made is its audience's giver."""
    return path == RESTRICTIONS and not old and new["kind"] == "unrestricted"


def _settings(was: Row, app: Row) -> Iterator[tuple[str, Any, Any]]:
    for name, value in app.items():
        if name.startswith("_") or name in (
            *READ_BY_PEOPLE,
            *OWN,
            "id",
            "appId",
            "createdDateTime",
            "deletedDateTime",
        ):
            continue
        if name in ("api", "web", "spa", "publicClient"):
            for part, inner in value.items():
                if (name, part) in OWN_PARTS:
                    continue
                before = was.get(name, {}).get(part)
                if isinstance(inner, dict):
                    yield from (
                        (f"{name}.{part}.{leaf}", (before or {}).get(leaf), each)
                        for leaf, each in inner.items()
                    )
                elif (name, part) != ("api", "requestedAccessTokenVersion"):
                    yield f"{name}.{part}", before, inner
        elif name not in (
            "publisherDomain",
            "verifiedPublisher",
            "parentalControlSettings",
            "passwordCredentials",
        ):
            yield name, was.get(name), value
    for secret in app["passwordCredentials"]:
        if secret not in was.get("passwordCredentials", ()):
            yield f"passwordCredentials.{secret['displayName']}", None, secret


def _federated(before: Tables, after: Tables, app: Row, name: Words) -> Iterator[Giver]:
    def of(tables: Tables) -> set[tuple[str, str, str]]:
        rows = (
            row for row in tables.rows["federatedIdentityCredentials"] if row["_application"] == app["id"]
        )
        return {(row["issuer"], row["subject"], audience) for row in rows for audience in row["audiences"]}

    for issuer, subject, audience in sorted(of(after) - of(before)):
        # What was so before need not be said again.
        old = {word for each in of(before) for word in each}
        new = [(word,) for word in (issuer, subject, audience) if word not in old]
        yield Giver("federated credential", (name, *(new or [(issuer,), (subject,), (audience,)])))


def _principal(was: Row | None, row: Row, after: Tables) -> Iterator[Giver]:
    name = after.registered(row["appId"])
    if was is not None and was["appRoleAssignmentRequired"] and not row["appRoleAssignmentRequired"]:
        yield Giver("assignment is not required", (name, ("appRoleAssignmentRequired", "assignmentRequired")))
    known = {
        key["keyId"]
        for each in ("keyCredentials", "passwordCredentials")
        for key in (was.get(each, ()) if was else ())
    }
    for key in (*row["keyCredentials"], *row["passwordCredentials"]):
        if key["keyId"] not in known:
            yield Giver("credential of a service principal", (name, (str(key["displayName"]),)))
    for path, value in row.items():
        if (
            was is None
            or path.startswith("_")
            or path in (*REPEATED, "appRoleAssignmentRequired", "keyCredentials", "passwordCredentials")
        ):
            continue
        if value != was.get(path) and value not in (None, False, []):
            yield Giver("setting of a service principal", (name, (path,)))


def _assignments(before: Tables, after: Tables) -> Iterator[Giver]:
    held = {
        (row["principalId"], row["resourceId"], row["appRoleId"]) for row in before.rows["appRoleAssignments"]
    }
    for row in after.rows["appRoleAssignments"]:
        if (row["principalId"], row["resourceId"], row["appRoleId"]) in held:
            continue
        resource = after.principals[row["resourceId"]]
        role = next((each for each in resource["appRoles"] if each["id"] == row["appRoleId"]), None)
        value = (
            (str(role["value"] or role["displayName"]),)
            if role is not None
            else ("default", row["appRoleId"])
        )
        yield Giver("role", (after.called(row["resourceId"]), value, after.called(row["principalId"])))


def _grants(before: Tables, after: Tables) -> Iterator[Giver]:
    def of(tables: Tables) -> set[tuple[str, str, str]]:
        rows = (row for row in tables.rows["oauth2PermissionGrants"] if row["consentType"] == EVERYBODY)
        return {
            (row["clientId"], row["resourceId"], scope)
            for row in rows
            for scope in (row["scope"] or "").split()
        }

    for client, resource, scope in sorted(of(after) - of(before)):
        yield Giver("consent", (after.called(client), after.called(resource), (scope,)))


def _more(was: Mapping[str, Any], now: Mapping[str, Any], name: str) -> list[str]:
    return [item for item in now[name] if item not in was.get(name, ())]


def _uri(uri: str, app: Row) -> Words:
    return (uri, uri.replace(app["appId"], UNKNOWN)) if app["appId"] in uri else (uri,)


def _thumbprint(value: str | None) -> Words:
    text = str(value)
    if len(text) == 40:
        return text.upper(), text.lower()
    try:
        return base64.b64decode(text).hex().upper(), base64.b64decode(text).hex(), text
    except ValueError:
        return (text,)


def reported(found: list[Giver]) -> str:
    """Return givers as JSON, for a message."""
    return json.dumps([str(each) for each in found], ensure_ascii=True, indent=1)
