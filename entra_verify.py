"""Check an apply of entra-config with code that shares nothing with it.

`entra-verify read --out FILE` reads a tenant with GET requests.
`entra-verify --plan-digest SHA PLAN LOCK BEFORE AFTER` compares two such files with plan and lock file.
This file needs the standard library alone: copy it to wherever the check is to run.
Exit codes: 0 verified, 1 violated, 2 unexplained, 3 not verified.
"""

from __future__ import annotations

import argparse
import hashlib
import http.client
import json
import os
import re
import ssl
import sys
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

Json = dict[str, Any]
# One thing that is true of a tenant: its kind, the objects that it is about, and a property's path and item.
Fact = tuple[str, ...]

VERSION = 1  # of the files of `read`, and of the JSON output
PLAN_VERSIONS = (3, 4)
LARGEST_FILE = 256 * 1024 * 1024
LARGEST_ANSWER = 64 * 1024 * 1024
DEEPEST = 40
MOST_PAGES = 10_000
LONGEST_WAIT = 120
TRIES = 8
DEFAULT_ROLE = "00000000-0000-0000-0000-000000000000"  # Graph: an assignment without a role
GUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\Z")
CODES = {"verified": 0, "violated": 1, "unexplained": 2, "not verified": 3}
RULES = {
    1: "nobody gains or loses a value in a token unless the plan lists it, and everyone listed does",
    2: "nothing changes that does not belong to this project and environment, or that no step changes",
    3: "nothing is given to an object that the rules of trust do not allow",
    4: "nothing of the plan is missing",
}
COLLECTIONS = (
    "applications",
    "deletedApplications",
    "servicePrincipals",
    "deletedServicePrincipals",
    "owners",
    "federatedCredentials",
    "appRoleAssignments",
    "permissionGrants",
    "members",
)
# Graph copies these from the registration to the service principal, or Microsoft sets them.
COPIED = frozenset(
    [
        "appDisplayName",
        "appDescription",
        "displayName",
        "appRoles",
        "oauth2PermissionScopes",
        "replyUrls",
        "info",
        "servicePrincipalNames",
        "signInAudience",
        "homepage",
        "logoutUrl",
        "verifiedPublisher",
        "isDisabled",
        "disabledByMicrosoftStatus",
        "resourceSpecificApplicationPermissions",
    ]
)
SET_BY_GRAPH = [
    "appId",
    "createdByAppId",
    "createdDateTime",
    "publisherDomain",
    "parentalControlSettings",
    "servicePrincipalLockConfiguration",
]
SET_WITH_PRINCIPAL = [
    "appId",
    "createdByAppId",
    "createdDateTime",
    "accountEnabled",
    "appOwnerOrganizationId",
    "servicePrincipalType",
]
FREE_TEXT = {"notes", "description", "info"}  # may hold secrets or names: a digest shows a change as well
SECRET = {"key", "hint", "secretText"}
PLACEHOLDER = re.compile(r"\$\{application\.([A-Za-z0-9-]+)\.appId\}")
NOT_KNOWN = {"(known after apply)", "(secret)"}
ANY = object()


class NotVerifiedError(Exception):
    """Input that cannot be read, or that does not fit together."""


def clean(text: Any) -> str:
    """Return text of a tenant on one line, without characters that steer a terminal."""
    whole = "".join(one if one.isprintable() else f"\\u{ord(one):04x}" for one in str(text))
    return whole if len(whole) <= 160 else whole[:159] + "…"


def digest(value: Any) -> str:
    """Return a digest that stands for a value."""
    return "sha256:" + hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()[:32]


# Reading files


def _unique(pairs: list[tuple[str, Any]]) -> Json:
    """Make an object, and reject a key that is there twice."""
    content = dict(pairs)
    if len(content) != len(pairs):
        twice = next(name for name, count in Counter(name for name, _ in pairs).items() if count > 1)
        raise NotVerifiedError(f"duplicate key {clean(twice)!r}")
    return content


def _reject_constant(text: str) -> None:
    """Reject what is JSON for Python alone."""
    raise NotVerifiedError(f"{text} is not JSON")


def _depth(value: Any) -> int:
    """Return how deep a value is nested, without recursion."""
    level, depth = [value], 0
    while level:
        depth += 1
        if depth > DEEPEST:
            break
        level = [
            inner
            for one in level
            if isinstance(one, dict | list)
            for inner in (one.values() if isinstance(one, dict) else one)
        ]
    return depth


def read_bytes(path: Path) -> bytes:
    """Read a file of a size that can be checked."""
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_FILE + 1)
    except OSError as error:
        raise NotVerifiedError(f"{path}: {error.strerror or error}") from error
    if len(content) > LARGEST_FILE:
        raise NotVerifiedError(f"{path}: larger than {LARGEST_FILE // 1024 // 1024} MB")
    return content


def parse_json(content: bytes, name: str) -> Json:
    """Parse one JSON object, strictly."""
    try:
        document = json.loads(
            content.decode("utf-8"), object_pairs_hook=_unique, parse_constant=_reject_constant
        )
    except NotVerifiedError as error:
        raise NotVerifiedError(f"{name}: {error}") from error
    except (ValueError, RecursionError) as error:
        raise NotVerifiedError(f"{name}: not valid JSON: {clean(error)}") from error
    if not isinstance(document, dict):
        raise NotVerifiedError(f"{name}: not a JSON object")
    if _depth(document) > DEEPEST:
        raise NotVerifiedError(f"{name}: nested deeper than {DEEPEST} levels")
    return document


@dataclass
class Lock:
    """The pins of a lock file."""

    tenant_id: str = ""
    names: dict[str, dict[str, str]] = field(default_factory=dict)  # section → name → object id
    app_ids: dict[str, str] = field(default_factory=dict)  # key → appId
    accepted: dict[str, set[str]] = field(
        default_factory=lambda: defaultdict(set)
    )  # key → owners and key ids
    rejected: set[str] = field(default_factory=set)

    @property
    def ids(self) -> set[str]:
        """Return the ids of all objects that a name is pinned to."""
        return {pinned for names in self.names.values() for pinned in names.values()}


# The narrow form that `entra-config lock` writes: two blanks for each level; no anchors, tags or block texts.
LOCK_LINE = re.compile(
    r"(?P<indent>(?:  )*)(?:(?P<dash>- )(?P<item>[^\s#]+)|"
    r'(?P<key>"(?:[^"\\]|\\.)*"|[^\s"\'#&*!|>%@`,\[\]{}-][^"]*?)'
    r":(?: (?P<value>.*?))?)(?:  #.*)?\Z"
)
LOCK_ESCAPE = re.compile(r"\\(U[0-9a-fA-F]{8}|u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|.)")


def _unquote(text: str) -> str:
    """Return a plain or double-quoted text."""

    def replace(match: re.Match[str]) -> str:
        code = match[1]
        if len(code) > 1:
            return chr(int(code[1:], 16))
        if code not in '"\\/':
            raise NotVerifiedError(f"unknown escape \\{code}")
        return code

    if not text.startswith('"'):
        return text
    return LOCK_ESCAPE.sub(replace, text[1:-1])


def _lock_entries(text: str) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield each value of a lock file with the keys that lead to it."""
    path: list[str] = []
    seen: set[tuple[str, ...]] = set()
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip() or line.startswith("#"):
            continue
        match = LOCK_LINE.match(line)
        level = len(match["indent"]) // 2 if match else 0
        if not match or level > len(path):
            raise NotVerifiedError(f"line {number} is not as `entra-config lock` writes it")
        path = path[:level]
        if match["dash"]:
            yield tuple(path), match["item"]
            continue
        path.append(_unquote(match["key"]))
        if tuple(path) in seen:
            raise NotVerifiedError(f"line {number}: duplicate key {clean(path[-1])!r}")
        seen.add(tuple(path))
        value = match["value"]
        for one in re.split(r", *", value[1:-1]) if value and value.startswith("[") else [value]:
            if one:
                yield tuple(path), _unquote(one)


def parse_lock(content: bytes, name: str) -> Lock:
    """Parse a lock file as `entra-config lock` writes it, and reject every other YAML."""
    lock = Lock()
    try:
        for path, value in _lock_entries(content.decode("utf-8")):
            _store_pin(lock, path, value)
    except (UnicodeDecodeError, NotVerifiedError) as error:
        raise NotVerifiedError(f"{name}: {error}") from error
    return lock


def _store_pin(lock: Lock, path: tuple[str, ...], value: str) -> None:
    """Store one value of a lock file."""
    known = True
    match path:
        case ("tenantId",):
            lock.tenant_id = value
        case ("rejected",):
            lock.rejected.add(value)
        case ("users" | "groups" | "servicePrincipals" as section, name):
            lock.names.setdefault(section, {})[name] = value
        case ("users" | "groups" | "servicePrincipals" as section, name, "id"):
            lock.names.setdefault(section, {})[name] = value
        case ("users" | "groups" | "servicePrincipals", _, "was" | "organization") | (
            "applications",
            _,
            "was",
        ):
            return
        case ("applications", key, "appId"):
            lock.app_ids[key] = value
        case ("applications", key, "owners" | "keyIds") | ("applications", key, "secrets", _):
            lock.accepted[key].add(value)
        case _:
            known = False
    if not known or not GUID.match(value):
        raise NotVerifiedError(f"{clean('.'.join(path))}: not as `entra-config lock` writes it")


# Reading a tenant


class NotPermittedError(Exception):
    """Graph did not permit one read."""


class Graph:
    """GET requests to Microsoft Graph, with paging and retries, from several threads."""

    def __init__(self, base: str, token: str) -> None:
        address = urlsplit(base.rstrip("/"))
        self.host, self.base = address.netloc, address.path
        if address.scheme != "https" or not self.host or address.query:
            raise NotVerifiedError(f"{clean(base)}: not an https address")
        if not re.fullmatch(r"[A-Za-z0-9._~+/=-]+", token):
            raise NotVerifiedError("ENTRA_VERIFY_TOKEN does not contain an access token")
        self.headers = {"Authorization": f"Bearer {token}", "Accept": "application/json"}
        self.context = ssl.create_default_context()
        self.local = threading.local()

    def get(self, path: str) -> Json:
        """Return one answer; wait and try again where Graph asks for it."""
        for attempt in range(TRIES):
            try:
                connection = self._connection()
                connection.request("GET", path, headers=self.headers)
                response = connection.getresponse()
                content = response.read(LARGEST_ANSWER + 1)
            except (OSError, http.client.HTTPException) as error:
                self.local.connection = None
                if attempt == TRIES - 1:
                    raise NotVerifiedError(f"GET {clean(path)}: {clean(error)}") from error
                time.sleep(min(2**attempt, LONGEST_WAIT))
                continue
            if len(content) > LARGEST_ANSWER:
                raise NotVerifiedError(f"GET {clean(path)}: the answer is too large")
            if response.status == 200:
                return parse_json(content, f"GET {clean(path)}")
            if response.status == 403:
                raise NotPermittedError(f"GET {clean(path)}: 403")
            if response.status != 429 and response.status < 500:
                raise NotVerifiedError(f"GET {clean(path)}: status {response.status}")
            asked = response.headers.get("Retry-After", "")
            time.sleep(min(int(asked) if asked.isdecimal() else 2**attempt, LONGEST_WAIT))
        raise NotVerifiedError(f"GET {clean(path)}: no answer after {TRIES} tries")

    def _connection(self) -> http.client.HTTPSConnection:
        """Return the connection of this thread."""
        connection: http.client.HTTPSConnection | None = getattr(self.local, "connection", None)
        if connection is None:
            connection = http.client.HTTPSConnection(self.host, timeout=60, context=self.context)
            self.local.connection = connection
        return connection

    def list(self, path: str) -> list[Json]:
        """Return all items of a list; a link to another host is an error."""
        found: list[Json] = []
        path = self.base + path
        for _ in range(MOST_PAGES):
            answer = self.get(path)
            items = answer.get("value")
            if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
                raise NotVerifiedError(f"GET {clean(path)}: not a list")
            found += items
            link = answer.get("@odata.nextLink")
            if link is None:
                return found
            address = urlsplit(str(link))
            if (address.scheme, address.netloc) != ("https", self.host):
                raise NotVerifiedError(f"the next page is on another host: {clean(address.netloc)}")
            path = f"{address.path}?{address.query}"
        raise NotVerifiedError(f"GET {clean(path)}: more than {MOST_PAGES} pages")


def _keep(value: Any) -> Any:
    """Return what a file may have of an object: no secrets, no annotations, digests of free text."""
    if isinstance(value, list):
        return [_keep(one) for one in value]
    if not isinstance(value, dict):
        return value
    kept = {}
    for name, content in value.items():
        if "@" in name or name in SECRET:
            continue
        if name == "info" and not any((content or {}).values()):
            continue
        kept[name] = digest(content) if name in FREE_TEXT and content else _keep(content)
    return kept


def _keep_principal(principal: Json) -> Json:
    """Return a service principal, with those of the copied properties that give names to things."""
    own = {name: value for name, value in principal.items() if name not in COPIED}
    offered = {
        name: [
            {part: one.get(part) for part in ("id", "value", "isEnabled")} for one in principal.get(name, [])
        ]
        for name in ("appRoles", "oauth2PermissionScopes")
    }
    return {**_keep(own), "displayName": principal.get("displayName"), "offered": offered}


def _keep_member(of: str, member: Json) -> Json:
    """Return an owner or a member: who it is, and of what kind."""
    kind = str(member.get("@odata.type", "")).rpartition(".")[2]
    name = member.get("userPrincipalName") or member.get("displayName")
    return {"of": of, "id": member["id"], "type": kind, "name": name}


class Snapshot:
    """Collections of a tenant as they are read, and the reads that Graph did not permit."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.collections: dict[str, Json] = {name: {"items": [], "unknown": []} for name in COLLECTIONS}

    def read(self, collection: str, paths: Iterable[str], keep: Callable[[str, Json], Json]) -> list[Json]:
        """Read lists into a collection: each path, or of each path its list."""
        kept = self.collections[collection]

        def read_list(path: str) -> tuple[str, list[Json] | str]:
            try:
                return path, self.graph.list(path)
            except NotPermittedError as error:
                return path, str(error)

        with ThreadPoolExecutor(8) as pool:
            for path, answer in pool.map(read_list, paths):
                if isinstance(answer, str):
                    kept["unknown"].append(answer)
                else:
                    kept["items"] += [keep(path, item) for item in answer]
        items: list[Json] = kept["items"]
        return items


def read_tenant(graph: Graph, groups: Iterable[str]) -> Json:
    """Read a tenant: registrations, service principals, and who holds, owns, consents and belongs to what."""
    started = datetime.now(UTC).isoformat(timespec="seconds")
    try:
        tenants = graph.list("/organization?$select=id,displayName")
    except NotPermittedError as error:
        raise NotVerifiedError(str(error)) from error
    if len(tenants) != 1:
        raise NotVerifiedError("the token is not of one tenant")
    snapshot = Snapshot(graph)

    def of(path: str) -> str:
        return path.split("/")[2]

    def deleted(kind: str) -> str:
        return f"/directory/deletedItems/microsoft.graph.{kind}?$top=999"

    applications = snapshot.read("applications", ["/applications?$top=999"], lambda _, item: _keep(item))
    principals = snapshot.read(
        "servicePrincipals", ["/servicePrincipals?$top=999"], lambda _, item: _keep_principal(item)
    )
    snapshot.read("deletedApplications", [deleted("application")], lambda _, item: _keep(item))
    snapshot.read(
        "deletedServicePrincipals", [deleted("servicePrincipal")], lambda _, item: _keep_principal(item)
    )
    snapshot.read("permissionGrants", ["/oauth2PermissionGrants?$top=999"], lambda _, item: item)
    objects = [f"/applications/{item['id']}" for item in applications]
    snapshot.read(
        "federatedCredentials",
        [f"{path}/federatedIdentityCredentials" for path in objects],
        lambda path, item: {**_keep(item), "of": of(path)},
    )
    objects += [f"/servicePrincipals/{item['id']}" for item in principals]
    select = "$select=id,displayName,userPrincipalName&$top=999"
    snapshot.read(
        "owners",
        [f"{path}/owners?{select}" for path in objects],
        lambda path, item: _keep_member(of(path), item),
    )
    assignments = snapshot.read(
        "appRoleAssignments",
        [f"/servicePrincipals/{item['id']}/appRoleAssignedTo?$top=999" for item in principals],
        lambda _, item: item,
    )
    holders = {item["principalId"] for item in assignments if item.get("principalType") == "Group"}
    snapshot.read(
        "members",
        [f"/groups/{group}/members?{select}" for group in sorted(holders | set(groups))],
        lambda path, item: _keep_member(of(path), item),
    )
    return {
        "version": VERSION,
        "kind": "entra-verify",
        "tenant": {"id": tenants[0]["id"], "name": tenants[0].get("displayName")},
        "startedAt": started,
        "finishedAt": datetime.now(UTC).isoformat(timespec="seconds"),
        "groups": sorted(holders | set(groups)),
        "collections": snapshot.collections,
    }


def write_file(path: Path, document: Json) -> None:
    """Write a file that only its owner can read: it names people."""
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        json.dump(document, file, sort_keys=True, separators=(",", ":"))
        file.write("\n")


# What is true of a tenant


def _flatten(prefix: Fact, value: Any, path: str = "") -> Iterator[tuple[Fact, Any]]:
    """Yield each property of an object as a fact; null, false and empty values are not facts."""
    if isinstance(value, dict):
        for name, content in value.items():
            inner = f"{path}.{name}" if path else name
            if inner not in {"id", "deletedDateTime", "web.redirectUriSettings", "of", "offered"}:
                yield from _flatten(prefix, content, inner)
    elif isinstance(value, list):
        for one in value:
            yield from _flatten_item((*prefix, path), one)
    elif value not in {None, False, ""}:
        yield (*prefix, path), value


def _flatten_item(prefix: Fact, item: Any) -> Iterator[tuple[Fact, Any]]:
    """Yield the facts of one item of a collection; its order does not matter."""
    if not isinstance(item, dict):
        yield (*prefix, str(item)), True
    elif "resourceAppId" in item:
        for access in item.get("resourceAccess", []):
            yield (*prefix, f"{item['resourceAppId']} {access.get('id')} {access.get('type')}"), True
    elif "delegatedPermissionIds" in item:
        for scope in item["delegatedPermissionIds"]:
            yield (*prefix, f"{item.get('appId')} {scope}"), True
    elif name := item.get("keyId") or item.get("id") or item.get("name"):
        yield (*prefix, str(name)), True
        yield from _flatten((*prefix, str(name)), item)
    else:
        yield (*prefix, json.dumps(item, sort_keys=True)), True


class State:
    """One file of `entra-verify read`: its objects by id, and all its facts."""

    def __init__(self, document: Json, name: str) -> None:
        if document.get("kind") != "entra-verify" or document.get("version") != VERSION:
            raise NotVerifiedError(f"{name}: not a file of `entra-verify read` of version {VERSION}")
        self.name = name
        try:
            self._read(document)
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            raise NotVerifiedError(f"{name}: not complete: {clean(repr(error))}") from error

    def _read(self, document: Json) -> None:
        collections: dict[str, Json] = document["collections"]
        if set(collections) != set(COLLECTIONS):
            strange = ", ".join(sorted(set(collections) ^ set(COLLECTIONS)))
            raise NotVerifiedError(f"{self.name}: unknown or missing collections: {clean(strange)}")
        self.tenant_id: str = document["tenant"]["id"]
        self.started = datetime.fromisoformat(document["startedAt"])
        self.finished = datetime.fromisoformat(document["finishedAt"])
        self.groups = set(document["groups"])
        self.unknown = [str(one) for part in collections.values() for one in part["unknown"]]
        items = {name: collections[name]["items"] for name in COLLECTIONS}
        self.applications: dict[str, Json] = {item["id"]: item for item in items["applications"]}
        self.principals: dict[str, Json] = {item["id"]: item for item in items["servicePrincipals"]}
        self.deleted: dict[str, Json] = {item["id"]: item for item in items["deletedApplications"]}
        self.deleted_principals: dict[str, Json] = {
            item["id"]: item for item in items["deletedServicePrincipals"]
        }
        self.application_of = {item["appId"]: item["id"] for item in self.applications.values()}
        self.principal_of = {item["appId"]: item["id"] for item in self.principals.values()}
        self.names = self._names(items)
        self.user_ids = {item["id"] for item in items["members"] if item["type"] == "user"}
        self.members: dict[str, list[str]] = defaultdict(list)
        for item in items["members"]:
            self.members[item["of"]].append(item["id"])
        self.facts = dict(self._facts(items))
        self._of: dict[Fact, list[Fact]] = defaultdict(list)
        for fact in self.facts:
            self._of[fact[:2]].append(fact)
        self.offered = {
            principal: {
                one["id"]: one["value"]
                for one in (*item["offered"]["appRoles"], *item["offered"]["oauth2PermissionScopes"])
                if one["value"] and one["isEnabled"]
            }
            for principal, item in self.principals.items()
        }

    def _names(self, items: dict[str, list[Json]]) -> dict[str, str]:
        """Return the names of objects and, for applications, of their appIds."""
        names = {item["id"]: item["name"] for part in ("members", "owners") for item in items[part]}
        names |= {item["principalId"]: item["principalDisplayName"] for item in items["appRoleAssignments"]}
        names |= {
            item["principalId"]: names[item["principalId"]]
            for item in items["appRoleAssignments"]
            if names.get(item["principalId"])
        }
        for item in (*items["members"], *items["owners"]):
            names[item["id"]] = item["name"] or names.get(item["id"])
        for part in ("deletedServicePrincipals", "deletedApplications", "servicePrincipals", "applications"):
            for item in items[part]:
                names[item["id"]] = names[item["appId"]] = item["displayName"]
        return {identifier: str(name) for identifier, name in names.items() if name}

    def _facts(self, items: dict[str, list[Json]]) -> Iterator[tuple[Fact, Any]]:
        """Yield all facts of the collections."""
        for identifier, item in self.applications.items():
            yield ("application", identifier), True
            yield from _flatten(("application", identifier), item)
        for identifier, item in self.principals.items():
            yield ("servicePrincipal", identifier), True
            own = {name: value for name, value in item.items() if name not in COPIED}
            yield from _flatten(("servicePrincipal", identifier), own)
        for identifier in (*self.deleted, *self.deleted_principals):
            yield ("deleted", identifier), True
        for item in items["federatedCredentials"]:
            prefix = ("federatedCredential", item["of"], item["id"])
            yield prefix, True
            yield from _flatten(prefix, item)
        for kind, part in (("owner", "owners"), ("member", "members")):
            yield from (((kind, item["of"], item["id"]), True) for item in items[part])
        for item in items["appRoleAssignments"]:
            fact = "assignment", item["resourceId"], item["appRoleId"], item["principalId"]
            yield fact, item["principalType"]
        for item in items["permissionGrants"]:
            whom = item["consentType"], item["principalId"] or ""
            for scope in str(item["scope"] or "").split():
                yield ("grant", item["clientId"], item["resourceId"], *whom, scope), True

    def facts_of(self, prefix: Fact) -> list[Fact]:
        """Return the facts that begin so."""
        return [fact for fact in self._of.get(prefix[:2], ()) if fact[: len(prefix)] == prefix]

    def tag(self, application: Json, name: str) -> str:
        """Return the value of an ownership tag; empty where there is none or more than one."""
        found = [
            tag.partition("=")[2] for tag in application["tags"] if tag.startswith(f"entra-config:{name}=")
        ]
        return found[0] if len(found) == 1 else ""

    def holders(self) -> dict[Fact, dict[str, list[Fact]]]:
        """Return who has which value: (kind, resource, value) → holder → the facts that give it."""
        found: dict[Fact, dict[str, list[Fact]]] = defaultdict(lambda: defaultdict(list))
        for fact in self.facts:
            if fact[0] == "assignment":
                self._add_assignment(found, fact)
            elif fact[0] == "grant" and fact[3] == "AllPrincipals":
                found["scope", fact[2], fact[5]][fact[1]].append(fact)
            elif fact[0] == "application" and len(fact) == 4 and fact[2] == "api.preAuthorizedApplications":
                self._add_authorization(found, fact)
        return found

    def _add_assignment(self, found: dict[Fact, dict[str, list[Fact]]], fact: Fact) -> None:
        """Add what one assignment gives: to itself, or to the direct members of a group who are users."""
        _, resource, role, principal = fact
        keys = []
        if value := self.offered.get(resource, {}).get(role):
            keys.append(("role", resource, value))
        if ("servicePrincipal", resource, "appRoleAssignmentRequired") in self.facts:
            keys.append(("signIn", resource, "default"))
        people = [(principal, [fact])]
        if self.facts[fact] == "Group":
            people = [
                (member, [fact, ("member", principal, member)])
                for member in self.members.get(principal, [])
                if member in self.user_ids
            ]
        for key in keys:
            for holder, facts in people:
                found[key][holder] += facts

    def _add_authorization(self, found: dict[Fact, dict[str, list[Fact]]], fact: Fact) -> None:
        """Add what one authorized client has without a consent."""
        client, _, scope = fact[3].partition(" ")
        resource = self.principal_of.get(self.applications[fact[1]]["appId"], "")
        if value := self.offered.get(resource, {}).get(scope):
            found["scope", resource, value][self.principal_of.get(client, client)].append(fact)


# What the plan announces


@dataclass
class Step:
    """One change of the plan: the facts that it announces, and those that Graph changes with them."""

    title: str
    kind: str
    action: str
    key: str
    target: str = ""  # the object that is written
    expected: dict[Fact, Any] = field(default_factory=dict)  # None: not there afterwards
    tolerated: set[Fact] = field(default_factory=set)  # beginnings of facts
    gone: set[str] = field(default_factory=set)  # objects that are deleted, with all that names them
    missing: list[str] = field(default_factory=list)
    unclear: list[str] = field(default_factory=list)
    gives: list[tuple[str, str]] = field(default_factory=list)  # (client or principal, what)


class Plan:
    """The reviewed plan, and its steps in terms of the two states."""

    def __init__(self, document: Json, lock: Lock, before: State, after: State, deployers: list[str]) -> None:
        if document.get("kind") != "plan" or document.get("version") not in PLAN_VERSIONS:
            raise NotVerifiedError("the plan is not a plan document of version 3 or 4")
        self.lock, self.before, self.after = lock, before, after
        self.deployer_principals = {
            lock.names.get("servicePrincipals", {}).get(name, "") for name in deployers
        }
        if "" in self.deployer_principals:
            raise NotVerifiedError("the lock file does not pin each --deployer under servicePrincipals")
        found = [before.principals[one] for one in self.deployer_principals if one in before.principals]
        self.deployer_ids = {one["appId"] for one in found}
        try:
            self.project, self.environment = str(document["project"]), str(document["environment"])
            self.owner = f"{self.project}/{self.environment}"
            self.tenant_id = document["tenant"]["id"]
            self.blocked: bool = document["blocked"]
            self.keys: dict[str, Json] = {item["key"]: item for item in document.get("keys", ())}
            self.access: list[Json] = [] if self.blocked else document["access"]
            self.names = {one["id"]: one["name"] for entry in self.access for one in entry["people"]}
            self.ours = {state.name: self._ours(state) for state in (before, after)}
            self.steps = [] if self.blocked else [self._step(change) for change in document["changes"]]
            if document["following"]:
                raise NotVerifiedError("a part of the plan follows a restore, which cannot be checked")
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            raise NotVerifiedError(f"the plan is not complete: {clean(repr(error))}") from error

    def _ours(self, state: State) -> dict[str, list[str]]:
        """Return the registrations that are tagged for each key of this owner."""
        found: dict[str, list[str]] = defaultdict(list)
        for identifier, item in state.applications.items():
            if state.tag(item, "owner") == self.owner:
                found[state.tag(item, "key")].append(identifier)
        return found

    def application(self, key: str) -> str:
        """Return the registration of a key: as the plan or lock file has it, else the only tagged one."""
        pinned = self.lock.app_ids.get(key, "")
        known = self.keys.get(key, {}).get("object") or self.after.application_of.get(pinned)
        if known := known or self.before.application_of.get(pinned):
            return str(known)
        deleted = [
            identifier
            for identifier, item in self.before.deleted.items()
            if (self.before.tag(item, "owner"), self.before.tag(item, "key")) == (self.owner, key)
            and identifier in self.after.applications
        ]
        tagged = self.ours[self.after.name].get(key, [])
        for found in (self.ours[self.before.name].get(key, []), self.new_applications(key), deleted, tagged):
            if len(found) == 1:
                return found[0]
        return ""

    def new_applications(self, key: str) -> list[str]:
        """Return the registrations that came with the tags of a key; only a deployer's, if one is."""
        new = [one for one in self.ours[self.after.name].get(key, []) if one not in self.before.applications]
        made = [one for one in new if self.after.applications[one].get("createdByAppId") in self.deployer_ids]
        return made or new

    def principal(self, identifier: str | None, key: str) -> str:
        """Return a service principal: by id, else of a key, by pinned name or by the only such name."""
        if identifier:
            return identifier
        application = self.application(key)
        for state in (self.after, self.before):
            item = state.applications.get(application)
            if item and item["appId"] in state.principal_of:
                return str(state.principal_of[item["appId"]])
        if application:
            return ""
        pinned = self.lock.names.get("servicePrincipals", {}).get(key)
        named = [one for one, item in self.before.principals.items() if key in {one, item["displayName"]}]
        return pinned or (named[0] if len(named) == 1 else "")

    def _step(self, change: Json) -> Step:
        kind, key = change["address"]["kind"], change["address"]["key"]
        step = Step(f"{change['action']} {kind} {change['title']}", kind, change["action"], key)
        builders = {
            "application": self._add_application,
            "enterpriseApplication": self._add_principal,
            "appRoleAssignment": self._add_assignment,
            "permissionGrant": self._add_grant,
            "authorizedClient": self._add_authorized_client,
            "owner": self._add_owner,
            "federatedCredential": self._add_federated_credential,
        }
        if change["action"] == "restore":
            # What comes back with an object cannot be told from what somebody adds to it.
            raise NotVerifiedError(f"the plan restores {clean(key)}, and a restore cannot be checked")
        if kind not in builders:
            raise NotVerifiedError(f"the plan has a change of a kind that cannot be checked: {clean(kind)}")
        builders[kind](step, change, change.get("ids", {}))
        return step

    def _add_application(self, step: Step, change: Json, ids: Json) -> None:
        step.target = ids.get("object") or self.application(step.key)
        target = ("application", step.target)
        if not step.target:
            several = len(self.new_applications(step.key)) > 1
            (step.unclear if several else step.missing).append(
                "several new registrations have its tags" if several else "no new registration has its tags"
            )
            return
        if step.action == "delete":
            self._delete(step, step.target)
            return
        if step.action == "create":
            step.expected[target] = True
            step.tolerated |= {(*target, name) for name in SET_BY_GRAPH}
        if step.action in {"create", "adopt"}:
            self._tolerate_name(step)
        self._expect_fields(step, target, change["fields"])

    def _delete(self, step: Step, identifier: str) -> None:
        """Expect that a registration or service principal is deleted, with all that belongs to it."""
        kind = "application" if identifier in self.before.applications else "servicePrincipal"
        step.expected[kind, identifier] = None
        gone = [identifier]
        app_id = self.before.applications.get(identifier, {}).get("appId")
        if app_id in self.before.principal_of:
            gone.append(self.before.principal_of[app_id])
        step.gone |= set(gone)
        step.tolerated |= {("deleted", one) for one in gone}

    def _tolerate_name(self, step: Step) -> None:
        """Tolerate the unique name and the creation tag that belong to this key, and the creator as owner."""
        item = self.after.applications.get(step.target, {})
        prefix = ("application", step.target)
        if self.has_unique_name(item, step.key):
            step.tolerated.add((*prefix, "uniqueName"))
        step.tolerated |= {
            (*prefix, "tags", tag) for tag in item.get("tags", []) if tag.startswith("entra-config:created=")
        }
        self._tolerate_owners(step, item)

    def _tolerate_owners(self, step: Step, item: Json) -> None:
        """Tolerate the creator and the deployers as owners of what a step creates."""
        creator = self.after.principal_of.get(item.get("createdByAppId") or "", "")
        if step.action == "create":
            step.tolerated |= {("owner", step.target, one) for one in (creator, *self.deployer_principals)}

    def has_unique_name(self, item: Json, key: str) -> bool:
        """Tell whether an object has a unique name of the series of a key."""
        name, series = item.get("uniqueName") or "", f"{self.project}.{self.environment}.{key}"
        return name == series or bool(re.fullmatch(re.escape(series) + r"\.[A-Za-z0-9-]+", name))

    def _add_principal(self, step: Step, change: Json, ids: Json) -> None:
        step.target = self.principal(ids.get("object") or ids.get("servicePrincipal"), step.key)
        target = ("servicePrincipal", step.target)
        if not step.target:
            step.missing.append("the application has no service principal")
            return
        if step.action == "delete":
            self._delete(step, step.target)
            return
        if step.action == "create":
            step.expected[target] = True
            step.tolerated |= {(*target, name) for name in SET_WITH_PRINCIPAL}
        self._tolerate_owners(step, self.after.principals.get(step.target, {}))
        self._expect_fields(step, target, change["fields"])

    def _add_assignment(self, step: Step, _change: Json, ids: Json) -> None:
        resource_key, _, label = step.key.rpartition("/")[0].partition("/")
        resource = self.principal(ids.get("resource"), resource_key)
        principal = self._receiver(ids, step.key)
        role = ids.get("role") or self._role(resource, label)
        step.target = resource
        if not (resource and principal and role):
            step.unclear.append("the plan and the lock file do not identify resource, role and holder")
            return
        self._expect(step, ("assignment", resource, role, principal), change_to=step.action != "delete")
        if step.action != "delete":
            step.gives.append((principal, f"a role of {self.name(resource)}"))

    def _receiver(self, ids: Json, key: str) -> str:
        """Return who holds or owns; an address ends in `user:ID`, `group:ID` or `servicePrincipal:KEY`."""
        kind, _, name = key.rpartition("/")[2].partition(":")
        return str(
            ids.get("principal") or (self.principal(None, name) if kind == "servicePrincipal" else name)
        )

    def _role(self, resource: str, label: str) -> str:
        """Return the id of a role that the plan knows by its label alone."""
        values = {label} | {
            str(entry["role"]) for entry in self.access if entry["label"] == label and entry["kind"] == "role"
        }
        offered = self.before.offered.get(resource, {}) | self.after.offered.get(resource, {})
        found = [identifier for identifier, value in offered.items() if value in values]
        return found[0] if len(found) == 1 else ""

    def _expect(self, step: Step, fact: Fact, *, change_to: bool) -> None:
        """Expect that a fact is there afterwards, as it is, or that it is not."""
        step.expected[fact] = ANY if change_to else None

    def _add_grant(self, step: Step, change: Json, ids: Json) -> None:
        client_key, _, resource_key = step.key.partition("/")
        client = self.principal(ids.get("client"), client_key)
        resource = self.principal(ids.get("resource"), resource_key)
        step.target = client
        if not (client and resource):
            step.unclear.append("the plan and the lock file do not identify client and API")
            return
        prefix = ("grant", client, resource, "AllPrincipals", "")
        added, removed = _labels(change["fields"], "scope")
        if step.action == "delete":
            removed = {fact[5] for fact in self.before.facts_of(prefix)}
        for scope in added:
            step.expected[*prefix, scope] = True
        for scope in removed - added:
            step.expected[*prefix, scope] = None
        if added:
            step.gives.append((client, f"consent to {', '.join(sorted(added))} of {self.name(resource)}"))

    def _add_authorized_client(self, step: Step, change: Json, ids: Json) -> None:
        client_key, _, api_key = step.key.partition("/")
        step.target = api = ids.get("object") or self.application(api_key)
        client_principal = self.principal(ids.get("client"), client_key)
        client = self._app_id(client_principal) or self._app_id(self.application(client_key)) or client_key
        prefix = ("application", api, "api.preAuthorizedApplications")
        added, removed = _labels(change["fields"], "scopes")
        if step.action == "delete":
            held = [fact for fact in self.before.facts_of(prefix) if fact[3].split()[0] == client]
            step.expected |= dict.fromkeys(held)
        for scope in sorted(added | removed):
            there = scope in added
            for identifier in self._scopes(api, scope, self.after if there else self.before):
                self._expect(step, (*prefix, f"{client} {identifier}"), change_to=there)
                break
            else:
                step.missing.append(f"scope {scope}")
        if added:
            step.gives.append((client_principal or client, f"{', '.join(sorted(added))} of {self.name(api)}"))

    def _app_id(self, identifier: str) -> str:
        """Return the appId of a registration or service principal."""
        for state in (self.after, self.before):
            item = state.applications.get(identifier) or state.principals.get(identifier)
            if item:
                return str(item["appId"])
        return ""

    def _scopes(self, api: str, value: str, state: State) -> list[str]:
        """Return the ids of the scopes of an API that have a value."""
        scopes = state.applications.get(api, {}).get("api", {}).get("oauth2PermissionScopes", [])
        return [scope["id"] for scope in scopes if scope["value"] == value]

    def _add_owner(self, step: Step, _change: Json, ids: Json) -> None:
        application = self.application(step.key.partition("/")[0])
        step.target = ids.get("object") or application
        principal = self._receiver(ids, step.key)
        if not (step.target and principal):
            step.missing.append("the owner is not there")
            return
        self._expect(step, ("owner", step.target, principal), change_to=step.action != "delete")
        both = {application, self.principal(None, step.key.partition("/")[0])}
        step.tolerated |= {("owner", one, principal) for one in both if one}

    def _add_federated_credential(self, step: Step, change: Json, ids: Json) -> None:
        key, _, name = step.key.partition("/")
        step.target = self.after.application_of.get(ids.get("appId") or "") or self.application(key)
        identifier = ids.get("object")
        if not identifier:
            found = [
                fact[2]
                for state in (self.after, self.before)
                for fact in state.facts_of(("federatedCredential", step.target))
                if fact[3:] == ("name",) and state.facts[fact] == name
            ]
            identifier = found[0] if found else ""
        target = ("federatedCredential", step.target, identifier)
        if not identifier:
            step.missing.append("the federated credential is not there")
        elif step.action == "delete":
            step.expected[target] = None
            step.tolerated.add(target)
        else:
            step.expected[target] = True
            step.tolerated |= {(*target, "name")}
            self._expect_fields(step, target, change["fields"])

    def name(self, identifier: str) -> str:
        """Return the name of an object, or its shortened id."""
        found = (
            self.after.names.get(identifier)
            or self.before.names.get(identifier)
            or self.names.get(identifier)
        )
        return clean(found) if found else f"{identifier[:8]}…"

    # Properties

    def _expect_fields(self, step: Step, prefix: Fact, fields: list[Json], parent: str = "") -> None:
        """Expect what the plan says of properties."""
        for one in fields:
            path = f"{parent}.{one['path']}" if parent else one["path"]
            self._expect_fields(step, prefix, one["differences"], path)
            if one["items"]:
                self._expect_items(step, (*prefix, path), one["items"])
            elif not one["differences"]:
                self._expect_value(step, (*prefix, path), one.get("after"))

    def _expect_value(self, step: Step, fact: Fact, value: Any) -> None:
        """Expect one value; what the plan could not know is only tolerated."""
        if isinstance(value, dict | list):
            raise NotVerifiedError(f"the plan changes {clean(fact[-1])}, which cannot be checked")
        if value in NOT_KNOWN:
            step.tolerated.add(fact)
        elif value in {None, False, ""}:
            step.expected[fact] = None
            step.tolerated.add(fact)
        else:
            step.expected[fact] = digest(value) if fact[-1] in FREE_TEXT else value

    def _expect_items(self, step: Step, prefix: Fact, items: list[Json]) -> None:
        """Expect what the plan says of the items of a collection."""
        path = prefix[-1]
        if path == "keyCredentials" and any(item["action"] == "add" for item in items):
            raise NotVerifiedError("the plan adds a certificate, whose key cannot be checked")
        if path in {"appRoles", "api.oauth2PermissionScopes"}:
            for item in items:
                self._expect_offer(step, prefix, item)
            return
        unmatched = []
        for item in items:
            label = PLACEHOLDER.sub(lambda match: self._app_id(self.application(match[1])), item["label"])
            state = self.before if item["action"] == "remove" else self.after
            fact = (*prefix, label)
            if path in {"requiredResourceAccess", "keyCredentials", "passwordCredentials"}:
                unmatched.append(item)
            elif item["action"] == "remove":
                step.expected[fact] = None
                step.tolerated.add(fact)
            else:
                step.expected[fact] = state.facts.get(fact, True)
                step.tolerated.add(fact)
        for action, state, other in (("remove", self.before, self.after), ("add", self.after, self.before)):
            labels = [item["label"] for item in unmatched if item["action"] == action]
            self._match_labels(step, prefix, labels, state, other)
        if any(item["action"] == "change" for item in unmatched):
            step.tolerated.add(prefix)

    def _match_labels(self, step: Step, prefix: Fact, labels: list[str], state: State, other: State) -> None:
        """Find for each label the item that is in one state alone."""
        if not labels:
            return
        length = len(prefix)
        changed = [
            fact for fact in state.facts_of(prefix) if len(fact) == length + 1 and fact not in other.facts
        ]
        for label in labels:
            found = next((fact for fact in changed if self._fits(state, fact, label)), None)
            if found is None:
                step.missing.append(f"{prefix[-1]} {clean(label)}")
                continue
            changed.remove(found)
            step.expected[found] = True if state is self.after else None
            step.tolerated.add(found)

    def _fits(self, state: State, fact: Fact, label: str) -> bool:
        """Tell whether the plan's label of a permission, secret or certificate can mean an item."""
        if fact[2] != "requiredResourceAccess":
            item = (
                fact[3],
                *(state.facts.get((*fact, name)) for name in ("displayName", "customKeyIdentifier")),
            )
            return any(one and str(one) in label for one in item)
        app_id, permission, kind = fact[3].split(" ")
        if f"({'application' if kind == 'Role' else 'delegated'})" not in label:
            return False
        application = state.application_of.get(app_id)
        ours = application and self.is_ours(application)
        value = state.offered.get(state.principal_of.get(app_id, ""), {}).get(permission, permission)
        key = state.tag(state.applications[application], "key") if application else ""
        return f"/{value} (" in label or bool(ours and label.startswith(f"{key}/"))

    def _expect_offer(self, step: Step, prefix: Fact, item: Json) -> None:
        """Expect what the plan says of one role or scope, which it knows by value."""
        removed = item["action"] == "remove"
        for state in (self.before, self.after) if removed else (self.after, self.before):
            offers = [fact for fact in state.facts_of(prefix) if fact[:-2] == prefix]
            found = [
                fact for fact in offers if fact[-1] == "value" and state.facts[fact] == item["label"]
            ] or [
                fact
                for fact in offers
                if fact[-1] == "displayName" and item["summary"].startswith(str(state.facts[fact]))
            ]
            if found:
                break
        else:
            step.missing.append(f"{prefix[-1]} {clean(item['label'])}")
            return
        offer = found[0][:-1]
        if removed:
            step.tolerated.add((*offer, "value"))
            if self.after.facts.get((*offer, "value")) == item["label"]:
                step.missing.append(f"{prefix[-1]} {clean(item['label'])} is still there")
            if offer not in self.after.facts:
                step.tolerated |= {offer, *self._assignments_of(offer)}
        elif offer not in self.before.facts:
            step.expected[offer] = True
            step.tolerated.add(offer)
        else:
            self._expect_fields(step, offer, item["fields"])

    def _assignments_of(self, offer: Fact) -> set[Fact]:
        """Return the assignments of a role that is removed: Graph removes them with it."""
        resource = self.before.principal_of.get(self._app_id(offer[1]), "")
        return {("assignment", resource, offer[3])}

    def is_ours(self, application: str) -> bool:
        """Tell whether a registration has this owner's tags in one of the states."""
        return any(
            state.tag(item, "owner") == self.owner
            for state in (self.before, self.after)
            if (item := state.applications.get(application))
        )


def _labels(fields: list[Json], path: str) -> tuple[set[str], set[str]]:
    """Return the labels that a field adds and removes."""
    items = [item for one in fields if one["path"] == path for item in one["items"]]
    return (
        {item["label"] for item in items if item["action"] == "add"},
        {item["label"] for item in items if item["action"] == "remove"},
    )


# The checks


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong or not explained, with the rule that it breaks."""

    result: str
    rule: int
    who: str
    what: str
    ids: frozenset[str] = frozenset()


class Verification:
    """The comparison of a plan and a lock file with a tenant before and after."""

    def __init__(self, plan: Plan, lock: Lock, before: State, after: State, *, protected: bool) -> None:
        self.plan, self.lock, self.before, self.after = plan, lock, before, after
        self.protected = protected
        self.findings: list[Finding] = []
        self.expected: dict[Fact, Any] = {}
        self.tolerated: set[Fact] = set()
        self.gone: set[str] = set()
        for step in plan.steps:
            self.expected |= step.expected
            self.tolerated |= step.tolerated
            self.gone |= step.gone
        old, new = before.facts, after.facts
        self.changed = [fact for fact in {**old, **new} if old.get(fact) != new.get(fact)]
        self.unexplained = [fact for fact in self.changed if not self._is_explained(fact)]
        self.unexplained_ids = {part for fact in self.unexplained for part in fact[1:] if GUID.match(part)}

    def run(self) -> list[Finding]:
        """Return all findings, what is violated first."""
        self._check_differences()
        self._check_access()
        for step in self.plan.steps:
            self._check_missing(step)
            self._check_owner(step)
            for receiver, what in step.gives:
                self._check_trust(step, receiver, what)
        for key, claim in self.plan.keys.items():
            self._check_claim(key, claim)
        return sorted(
            set(self.findings), key=lambda one: (-CODES[one.result] % 3, one.rule, one.who, one.what)
        )

    def _add(self, result: str, rule: int, who: str, what: str, ids: Iterable[str] = ()) -> None:
        self.findings.append(Finding(result, rule, clean(who), clean(what), frozenset(ids)))

    # Rules 1 and 2: differences

    def _is_there(self, fact: Fact, value: Any) -> bool:
        """Tell whether a fact is in AFTER as it is expected."""
        if value is ANY:
            return fact in self.after.facts
        return bool(self.after.facts.get(fact) == value)

    def _is_explained(self, fact: Fact) -> bool:
        """Tell whether a step of the plan explains that a fact changed."""
        if fact in self.expected and self._is_there(fact, self.expected[fact]):
            return True
        if any(fact[:length] in self.tolerated for length in range(2, len(fact) + 1)):
            return True
        if len(fact) > 2 and (*fact[:2], fact[2].partition(".")[0]) in self.tolerated:
            return True
        if fact not in self.after.facts and not self.gone.isdisjoint(fact):
            return True
        return self._is_copied_tag(fact) or self._is_purged(fact)

    def _is_copied_tag(self, fact: Fact) -> bool:
        """Tell whether a tag of a service principal changed as that of its registration did."""
        if fact[0] != "servicePrincipal" or fact[2:3] != ("tags",):
            return False
        application = self.after.application_of.get(self.plan._app_id(fact[1]), "")  # noqa: SLF001
        original = ("application", application, *fact[2:])
        old, new = self.before.facts, self.after.facts
        return (original in new) == (fact in new) and (
            original in old or (original not in old and original in new)
        )

    def _is_purged(self, fact: Fact) -> bool:
        """Tell whether a deleted object is gone for good whose key this plan creates."""
        if fact[0] != "deleted" or fact in self.after.facts:
            return False
        deleted = [
            item
            for part in (self.before.deleted, self.before.deleted_principals)
            if (item := part.get(fact[1]))
        ]
        created = {
            step.key for step in self.plan.steps if step.kind == "application" and step.action == "create"
        }
        return any(
            self.before.tag(item, "owner") == self.plan.owner and self.before.tag(item, "key") in created
            for item in deleted
        )

    def _check_differences(self) -> None:
        """Report each difference that no step explains, one finding for each object or grant."""
        grouped: dict[Fact, list[Fact]] = defaultdict(list)
        for fact in self.unexplained:
            object_facts = fact[0] in {"application", "servicePrincipal"}
            length = 2 if object_facts else 3 if fact[0] == "federatedCredential" else len(fact)
            grouped[fact[:length]].append(fact)
        for fact, facts in grouped.items():
            if fact[0] == "servicePrincipal" and self._follows_application(fact, grouped):
                continue
            who, what, rule = self._describe(fact, facts)
            self._add(
                "unexplained",
                rule,
                who,
                what,
                [part for one in facts for part in one[1:] if GUID.match(part)],
            )

    def _follows_application(self, fact: Fact, grouped: dict[Fact, list[Fact]]) -> bool:
        """Tell whether a service principal came or went with a registration that has a finding."""
        state = self.after if fact in self.after.facts else self.before
        application = state.application_of.get(state.principals[fact[1]]["appId"], "")
        return fact in self.unexplained and ("application", application) in set(grouped) & set(
            self.unexplained
        )

    def _describe(self, fact: Fact, facts: list[Fact]) -> tuple[str, str, int]:
        """Return whom a difference is about, what happened, and the rule."""
        name, there = self.plan.name, fact in self.after.facts
        changed = "added" if there else "removed"
        match fact:
            case ("assignment", resource, role, principal):
                state = self.after if there else self.before
                value = state.offered.get(resource, {}).get(role, "without a value")
                role_name = "the default access" if role == DEFAULT_ROLE else f"role {value}"
                verb = "was given" if there else "lost"
                return name(principal), f"{verb} {role_name} of {name(resource)}", 1
            case ("grant", client, resource, consent, principal, scope):
                whom = "everybody" if consent == "AllPrincipals" else name(principal)
                verb = "was given" if there else "lost"
                return name(client), f"{verb} consent to {scope} of {name(resource)} for {whom}", 1
            case ("member", group, member):
                return (
                    name(member),
                    f"{'joined' if there else 'left'} group {name(group)}, which holds roles",
                    1,
                )
            case ("owner", of, owner):
                return name(of), f"owner {name(owner)} {changed}", 2
            case ("deleted", identifier):
                return name(identifier), "deleted" if there else "restored or deleted for good", 2
            case ("federatedCredential", of, _):
                exists = fact in facts
                credential = self.after.facts.get((*fact, "name")) or self.before.facts.get((*fact, "name"))
                return name(of), f"federated credential {credential} {changed if exists else 'changed'}", 2
        if fact in facts:
            return name(fact[1]), f"{_words(fact[0])} {changed}", 2
        paths = sorted({one[2] for one in facts})
        return name(fact[1]), f"{_words(fact[0])} changed: {', '.join(paths)}", 2

    def _check_access(self) -> None:
        """Compare who really gained or lost a value with the people and applications that the plan lists."""
        old, new = self.before.holders(), self.after.holders()
        claimed, loose, uncounted = self._claimed()
        for key in sorted({*old, *new, *(key for _, key in claimed)}):
            if key[0] == "signIn" and not self._is_comparable(key[1]):
                continue
            was, now = old.get(key, {}), new.get(key, {})
            for action, state, other in (("gain", now, was), ("lose", was, now)):
                listed = claimed.get((action, key), set())
                for holder in sorted(state.keys() - other.keys() - listed):
                    if (action, key) not in uncounted and holder not in loose and key[1] not in loose:
                        self._report_unlisted(action, key, holder, state[holder])
                for holder in sorted(listed - (state.keys() - other.keys())):
                    self._report_listed(action, key, holder, was, now)

    def _is_comparable(self, resource: str) -> bool:
        """Tell whether who may sign in is decided by assignments in both states."""
        states = [state for state in (self.before, self.after) if resource in state.principals]
        return bool(states) and all(
            ("servicePrincipal", resource, "appRoleAssignmentRequired") in state.facts for state in states
        )

    def _claimed(self) -> tuple[dict[tuple[str, Fact], set[str]], set[str], set[tuple[str, Fact]]]:
        """Return whom the plan lists, which APIs it says more of, and which lists are not complete."""
        claimed: dict[tuple[str, Fact], set[str]] = defaultdict(set)
        loose: set[str] = set()
        uncounted: set[tuple[str, Fact]] = set()
        for entry in self.plan.access:
            resource = self.plan.principal(entry.get("ids", {}).get("resource"), entry["application"])
            if entry["kind"] in {"restored", "authorized"}:
                loose.add(resource)
                continue
            if not resource:
                self._add(
                    "unexplained", 1, entry["application"], "the plan does not identify this application"
                )
                continue
            key: tuple[str, Fact] = entry["action"], (entry["kind"], resource, entry["role"])
            claimed[key] |= {person["id"] for person in entry["people"]}
            claimed[key] |= {self._holder(one["id"]) for one in entry["applications"]}
            if entry["count"] != len(entry["people"]):
                uncounted.add(key)
        return claimed, loose, uncounted

    def _holder(self, identifier: str) -> str:
        """Return the service principal, or else the appId, of an application in the list of the plan."""
        if identifier in self.after.principals or identifier in self.before.principals:
            return identifier
        application = self.plan.application(identifier)
        return self.plan.principal(None, identifier) or self.plan._app_id(application) or identifier  # noqa: SLF001

    def _report_unlisted(self, action: str, key: Fact, holder: str, facts: list[Fact]) -> None:
        """Report somebody whom the plan does not list; what no step explains has a finding already."""
        kind, resource, value = key
        if not set(facts).isdisjoint(self.unexplained):
            return
        doubtful = {resource, *(fact[1] for fact in facts)} & self.unexplained_ids
        owner = self.after.application_of.get(self.plan._app_id(resource), "")  # noqa: SLF001
        result = "unexplained" if doubtful or owner in self.unexplained_ids else "violated"
        verb = "gained" if action == "gain" else "lost"
        what = f"{verb} {_value(kind, value)} of {self.plan.name(resource)}, which the plan does not list"
        self._add(result, 1, self.plan.name(holder), what, (resource, holder))

    def _report_listed(
        self, action: str, key: Fact, holder: str, was: dict[str, list[Fact]], now: dict[str, list[Fact]]
    ) -> None:
        """Report somebody whom the plan lists, and who did not gain or lose the value."""
        kind, resource, value = key
        had, has = holder in was, holder in now
        foreign = holder in self.unexplained_ids or resource in self.unexplained_ids
        as_planned = has if action == "gain" else not has
        result = "unexplained" if foreign or as_planned else "violated"
        verb = "gain" if action == "gain" else "lose"
        instead = {
            (True, True): "had it before and still has it",
            (True, False): "lost it",
            (False, True): "gained it",
            (False, False): "never had it",
        }[had, has]
        what = f"listed to {verb} {_value(kind, value)} of {self.plan.name(resource)}, but {instead}"
        self._add(result, 1, self.plan.name(holder), what, (resource, holder))

    # Rules 2, 3 and 4: steps

    def _check_missing(self, step: Step) -> None:
        """Report what a step announced and AFTER does not show."""
        absent = [
            ".".join((*fact[2:3], *fact[3:])) if fact[0] in {"application", "servicePrincipal"} else ""
            for fact, value in step.expected.items()
            if self.expected[fact] == value and not self._is_there(fact, value)
        ]
        missing = [*step.missing, *(one for one in absent if one)]
        if missing or absent or step.unclear:
            result = "violated" if missing or absent else "unexplained"
            details = ": " + ", ".join([*missing, *step.unclear]) if missing or step.unclear else ""
            self._add(result, 4, step.title, f"this planned change is missing{details}", (step.target,))

    def _check_owner(self, step: Step) -> None:
        """Report a step that writes an object of others."""
        if step.kind == "appRoleAssignment" or not step.target:
            return
        app_id = self._known_app_id(step.target)
        live = self.before.application_of.get(app_id, "")
        item = self.before.applications.get(live) or self.before.deleted.get(step.target)
        new = step.target not in self.before.principals and item is None
        if new or app_id in self.lock.app_ids.values():
            return
        owner = self.before.tag(item, "owner") if item else ""
        if owner == self.plan.owner:
            return
        key = self.before.tag(item, "key") if item else ""
        claims = [one["proof"] for one in self.plan.keys.values() if one["object"] == live] if live else []
        result = "unexplained" if "manifest" in claims else "violated"
        whose = f"which belongs to {owner} ({key})" if owner else "which does not belong to this project"
        what = f"{step.title}: writes an object {whose}, and the lock file does not pin it"
        self._add(result, 2, self.plan.name(step.target), what, (step.target,))

    def _known_app_id(self, identifier: str) -> str:
        """Return the appId of a live or deleted object."""
        deleted = self.before.deleted.get(identifier) or self.before.deleted_principals.get(identifier) or {}
        return self.plan._app_id(identifier) or str(deleted.get("appId", ""))  # noqa: SLF001

    def proof(self, key: str, application: str) -> str:
        """Compute the proof that an object of BEFORE is that of a key."""
        item = self.before.applications.get(application) or self.before.deleted.get(application)
        if not item:
            return "none"
        pinned = {pinned_key for pinned_key, app_id in self.lock.app_ids.items() if app_id == item["appId"]}
        if key in pinned or (pinned and pinned.isdisjoint(self.plan.keys)):  # a key that was renamed
            return "pin"
        if item.get("createdByAppId") not in self.plan.deployer_ids:
            return "none"
        if self.plan.has_unique_name(item, key):
            return "creator"
        # A unique name stays when a key is renamed, and no reader of a plan knows the former key. That of
        # another key of this plan proves nothing.
        others = [other for other in self.plan.keys if self.plan.has_unique_name(item, other)]
        ours = (item.get("uniqueName") or "").startswith(f"{self.plan.project}.{self.plan.environment}.")
        return "former key" if ours and not others else "none"

    def _check_claim(self, key: str, claim: Json) -> None:
        """Compare the proof that the plan claims with the computed one."""
        computed, claimed = self.proof(key, claim["object"] or ""), claim["proof"]
        if claimed == computed or (claimed, computed) == ("manifest", "none"):
            return
        result = "violated" if computed == "none" else "unexplained"
        what = f"the plan claims the proof {claimed!r}, the lock file and the tenant give {computed!r}"
        self._add(result, 3, key, what, (claim["object"] or "",))

    def _check_trust(self, step: Step, receiver: str, what: str) -> None:
        """Report a grant to an object that the rules of trust do not allow."""
        name, given = self.plan.name(receiver), f"was given {what} ({step.title})"
        app_id = self._known_app_id(receiver) or receiver
        application = self.after.application_of.get(app_id) or self.before.application_of.get(app_id, "")
        if app_id in self.lock.rejected:
            self._add("violated", 3, name, f"{given}, and the lock file rejects it", (receiver,))
        if not application or not self.plan.is_ours(application):
            self._check_named(receiver, name, given)
            return
        claims = [(key, one) for key, one in self.plan.keys.items() if one["object"] == application]
        item = self.after.applications.get(application) or self.before.applications[application]
        key, claim = claims[0] if claims else (self.after.tag(item, "key"), {"proof": "", "withheld": False})
        if claim["withheld"]:
            self._add("violated", 3, name, f"{given}, and the plan withholds grants from it", (receiver,))
        if self.protected:
            self._check_protected(key, application, str(claim["proof"]), name, given)

    def _check_named(self, receiver: str, name: str, given: str) -> None:
        """Report a receiver whose name the lock file pins to another object, or does not pin."""
        pins = {found: pinned for names in self.lock.names.values() for found, pinned in names.items()}
        if receiver in self.lock.ids:
            return
        if name in pins:
            what = f"{given}, but the lock file pins this name to {pins[name]}, not to {receiver}"
            self._add("unexplained", 3, name, what, (receiver,))
        elif self.protected and receiver in self.after.principals:
            what = f"{given}, and the lock file does not pin it. Run: entra-config lock"
            self._add("unexplained", 3, name, what, (receiver,))

    def _check_protected(self, key: str, application: str, claimed: str, name: str, given: str) -> None:
        """Report an object of ours that is not proven, or that somebody else may sign in as."""
        proof = self.proof(key, application)
        was = self.before.applications.get(application) or self.before.deleted.get(application)
        if not was:
            creator = self.after.applications[application].get("createdByAppId")
            if creator not in self.plan.deployer_ids:
                what = f"{given}, and it was created by {creator}, which is not a pinned deployer"
                self._add("unexplained", 3, name, what, (application,))
            return
        if proof in {"none", "former key"}:
            result = "violated" if claimed == proof == "none" else "unexplained"
            what = f"{given}, and nothing proves that it is {key}. Run: entra-config lock"
            self._add(result, 3, name, what, (application,))
        accepted = self.lock.accepted.get(key, set()) | self.lock.ids
        principal = self.before.principal_of.get(was["appId"], "")
        for kind in ("owner", "application", "servicePrincipal"):
            for one in (application, principal):
                for fact in self.before.facts_of((kind, one)):
                    secret = len(fact) == 4 and fact[2] == "passwordCredentials"
                    if (kind == "owner" or secret) and fact[-1] not in accepted and fact in self.after.facts:
                        thing = "owner" if kind == "owner" else "secret"
                        who = self.plan.name(fact[-1])
                        what = f"{given}, and the lock file does not accept its {thing} {who}"
                        self._add("unexplained", 3, name, what, (application,))


def _words(kind: str) -> str:
    return {"application": "registration", "servicePrincipal": "enterprise application"}[kind]


def _value(kind: str, value: str) -> str:
    """Return what a value of a token is."""
    return "sign-in" if kind == "signIn" else f"{kind} {value}"


# The command


def verify(options: argparse.Namespace) -> Json:
    """Check an apply and return the result as a document."""
    contents = [read_bytes(path) for path in (options.plan, options.lock, options.before, options.after)]
    plan_digest = hashlib.sha256(contents[0]).hexdigest()
    if plan_digest != options.plan_digest.lower():
        raise NotVerifiedError(
            f"{options.plan}: SHA-256 {plan_digest}, expected {clean(options.plan_digest)}"
        )
    lock = parse_lock(contents[1], str(options.lock))
    before = State(parse_json(contents[2], str(options.before)), "BEFORE")
    after = State(parse_json(contents[3], str(options.after)), "AFTER")
    plan = Plan(parse_json(contents[0], str(options.plan)), lock, before, after, options.deployer)
    tenants = {plan.tenant_id, before.tenant_id, after.tenant_id, lock.tenant_id or plan.tenant_id}
    if len(tenants) != 1:
        raise NotVerifiedError(f"these are files of different tenants: {clean(', '.join(sorted(tenants)))}")
    if before.finished > after.started:
        raise NotVerifiedError("AFTER was read before BEFORE was complete")
    findings = Verification(plan, lock, before, after, protected=options.protected).run()
    result = max((one.result for one in findings), key=lambda one: -CODES[one], default="verified")
    unknown = sorted({f"{state.name}: {one}" for state in (before, after) for one in state.unknown})
    if unknown and result != "violated":
        result = "not verified"
    return {
        "version": VERSION,
        "kind": "verification",
        "result": result,
        "project": plan.project,
        "environment": plan.environment,
        "planDigest": plan_digest,
        "steps": len(plan.steps),
        "unknown": unknown,
        "findings": [
            {
                "result": one.result,
                "rule": one.rule,
                "who": one.who,
                "what": one.what,
                "breaks": RULES[one.rule],
            }
            for one in findings
        ],
    }


def format_text(document: Json) -> str:
    """Return a result for people."""
    lines = [
        f"{one['result']}: {one['who']}: {one['what']}\n  rule {one['rule']}: {one['breaks']}"
        for one in document["findings"]
    ]
    lines += [f"not read: {one}" for one in document["unknown"]]
    subject = f"{clean(document['project'])}/{clean(document['environment'])}"
    return "\n".join([*lines, f"{subject}: {document['result']}, {document['steps']} planned changes"])


def read(options: argparse.Namespace) -> None:
    """Read a tenant into a file."""
    groups: set[str] = set()
    if options.lock:
        groups = set(parse_lock(read_bytes(options.lock), str(options.lock)).names.get("groups", {}).values())
    graph = Graph(options.graph, os.environ.get("ENTRA_VERIFY_TOKEN", ""))
    try:
        document = read_tenant(graph, groups)
    except (KeyError, TypeError, AttributeError) as error:
        raise NotVerifiedError(f"an answer of Graph is not complete: {clean(repr(error))}") from error
    write_file(options.out, document)
    unknown = [one for part in document["collections"].values() for one in part["unknown"]]
    count = sum(len(part["items"]) for part in document["collections"].values())
    print("\n".join([*(f"not permitted: {one}" for one in unknown), f"{options.out}: {count} objects"]))


class _Parser(argparse.ArgumentParser):
    """A parser whose errors have the exit code of what is not verified."""

    def error(self, message: str) -> Any:
        self.print_usage(sys.stderr)
        self.exit(CODES["not verified"], f"error: {message}\n")


def _parser_of_read() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="entra-verify read", description="Read a tenant into a file, with GET requests only."
    )
    parser.add_argument("--out", type=Path, required=True, help="the file; only its owner can read it")
    parser.add_argument(
        "--lock", type=Path, help="lock file: also read the members of the groups that it pins"
    )
    parser.add_argument(
        "--graph", default="https://graph.microsoft.com/v1.0", help="address of Microsoft Graph"
    )
    return parser


def _parser_of_verify() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="entra-verify",
        description="Check an apply. Exit codes: 0 verified, 1 violated, 2 unexplained, 3 not verified.",
        epilog="`entra-verify read --help` explains how to read BEFORE and AFTER.",
    )
    parser.add_argument("--plan-digest", required=True, metavar="SHA", help="SHA-256 of the reviewed plan")
    parser.add_argument("--protected", action="store_true", help="apply the rules of a protected environment")
    parser.add_argument(
        "--deployer",
        action="append",
        default=[],
        metavar="NAME",
        help="a service principal of `deployers` that the lock file pins; may be repeated",
    )
    parser.add_argument("--format", choices=("text", "json"), default="text")
    for name, text in (
        ("plan", "the plan, from `entra-config plan --format json`"),
        ("lock", "the environment's lock file of the reviewed commit"),
        ("before", "the tenant before the apply, from `entra-verify read`"),
        ("after", "the tenant after the apply"),
    ):
        parser.add_argument(name, type=Path, metavar=name.upper(), help=text)
    return parser


def main(words: list[str] | None = None) -> int:
    """Run the command and return its exit code."""
    words = sys.argv[1:] if words is None else words
    try:
        if words[:1] == ["read"]:
            read(_parser_of_read().parse_args(words[1:]))
            return 0
        options = _parser_of_verify().parse_args(words)
        document = verify(options)
    except NotVerifiedError as error:
        print(f"not verified: {error}", file=sys.stderr)
        return CODES["not verified"]
    print(json.dumps(document, indent=2) if options.format == "json" else format_text(document))
    return CODES[document["result"]]


def run() -> None:
    """Run the command as a process."""
    sys.exit(main())


if __name__ == "__main__":
    run()
