"""Listen to what Graph answers, and keep of it what a snapshot may have."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, get_args
from urllib.parse import unquote

from entra_config.graph import odata
from entra_config.graph.client import ResponseReceived
from entra_config.graph.request import Request, Response
from entra_config.kinds.table import SIGN_IN_LISTS
from entra_config.properties import ROLE_ASSIGNMENT, SNAPSHOT

State = Literal["read", "partly", "not_permitted", "failed"]
# What `$expand` gives at most, and does not say that there is more (known issues of Graph).
_MOST_EXPANDED = 20
_OBJECTS = {
    "applications": "application",
    "servicePrincipals": "servicePrincipal",
    "users": "user",
    "groups": "group",
}
_PLURAL = {type_: collection for collection, type_ in _OBJECTS.items()}
# By collection and relationship: the collection of the items, their type, and the property that leads back.
_RELATED = {
    ("applications", "owners"): ("applicationOwners", "directoryObject", "of"),
    ("servicePrincipals", "owners"): ("servicePrincipalOwners", "directoryObject", "of"),
    **{("applications", each.path): (each.path, each.type, "of") for each in SIGN_IN_LISTS},
    ("groups", "members"): ("groupMembers", "directoryObject", "of"),
    ("servicePrincipals", "appRoleAssignments"): ("appRoleAssignments", ROLE_ASSIGNMENT, "principalId"),
    ("servicePrincipals", "appRoleAssignedTo"): ("appRoleAssignments", ROLE_ASSIGNMENT, "resourceId"),
}
_CONSENTS = "oauth2PermissionGrants"
_ALL_CONSENTS = ("consentType", "AllPrincipals")
# What there is but one list of in a tenant.
_ONLY = {
    "/organization": ("organization", "organization"),
    "/domains": ("domains", "domain"),
    "/subscribedSkus": ("subscribedSkus", "subscribedSku"),
    "/policies/authorizationPolicy": ("authorizationPolicy", "authorizationPolicy"),
    "/policies/defaultAppManagementPolicy": ("defaultAppManagementPolicy", "appManagementPolicy"),
    "/policies/appManagementPolicies": ("appManagementPolicies", "appManagementPolicy"),
    "/directory/deletedItems/microsoft.graph.application": ("deletedApplications", "application"),
    "/directory/deletedItems/microsoft.graph.servicePrincipal": (
        "deletedServicePrincipals",
        "servicePrincipal",
    ),
}
_OBJECT = re.compile(r"/(\w+)(?:\((\w+)='(.*)'\)|/([^/()]+))?(?:/(\w+))?")
_APPLIES_TO = re.compile(r"/policies/appManagementPolicies/([^/]+)/appliesTo")
_TAGGED = re.compile(r"tags/any\(t:t eq (.*)\)")
_EQUAL = re.compile(r"(\w+) eq (\S+|'(?:[^']|'')*')")
_ID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}|'.*'|(?<=/users/)[^/]+")
_GET_BY_IDS = "/directoryObjects/getByIds"

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Read:
    """One question to Graph: the items of a collection that have a value of a property, or all (`*`)."""

    collection: str
    type: str
    property: str = "*"
    value: str = ""

    def __str__(self) -> str:
        """Return what the document calls it."""
        return self.property if self.property == "*" else f"{self.property}={self.value}"


@dataclass(slots=True)
class Recorder:
    """Whoever observes a Graph with it has what was read afterwards. Of an answer that came again, the last
    one counts.
    """

    _items: defaultdict[str, dict[tuple[str, str], dict[str, Any]]] = field(
        default_factory=lambda: defaultdict(dict)
    )
    _states: dict[Read, State] = field(default_factory=dict)
    _answered: defaultdict[Read, list[tuple[str, str]]] = field(default_factory=lambda: defaultdict(list))
    _pages: dict[tuple[bool, str], Read] = field(default_factory=dict)
    _not_kept: set[str] = field(default_factory=set)

    def responded(self, event: ResponseReceived) -> None:
        """Keep one answer."""
        request, response = event.request, event.response
        path = str(request.path)
        if request.method == "POST" and path == _GET_BY_IDS:
            self._take_by_ids(request, response)
        elif request.method == "GET":
            page = (request.beta, path)
            read = self._pages.get(page) or find_read(path)
            if read is None:
                self._not_kept.add(_ID.sub("ID", path.partition("?")[0]))
            else:
                self._take(read, path, response, fresh=page not in self._pages, beta=request.beta)

    def waiting(self, reason: str, seconds: float) -> None:
        """Keep nothing: a wait is no answer."""

    def noted(self, text: str) -> None:
        """Keep nothing: a note is no answer."""

    def collections(self) -> dict[str, dict[str, list[Any]]]:
        """Return by collection its items, and the names of its reads by state: those of the document."""
        names = {*(read.collection for read in self._states), *self._items}
        names |= {name for name, *_ in (*_RELATED.values(), *_ONLY.values())} | {_CONSENTS, *_OBJECTS}
        found: dict[str, dict[str, list[Any]]] = {
            name: {
                "items": [item for _, item in sorted(self._items[name].items(), key=lambda pair: pair[0])],
                **{state: [] for state in (*get_args(State), "not_asked")},
            }
            for name in sorted(names)
        }
        for read, state in (*self._states.items(), *((read, "not_asked") for read in self._find_unasked())):
            found[read.collection][state].append(str(read))
        for part in found.values():
            for state in (*get_args(State), "not_asked"):
                part[state].sort()
        return found

    @property
    def not_kept(self) -> list[str]:
        """Return the paths of reads whose answers are not kept."""
        return sorted(self._not_kept)

    def _take(self, read: Read, path: str, response: Response, *, fresh: bool, beta: bool) -> None:
        if fresh:
            self._forget(read)
        if response.status == 404:
            self._states[read] = "read"
            return
        if not response.ok or not isinstance(response.body, dict):
            self._states[read] = "not_permitted" if response.status in {401, 403} else "failed"
            return
        body = response.body
        items = body["value"] if isinstance(body.get("value"), list) else [body]
        related = _expanded(path)
        for item in items:
            if related:
                self._take_related(read, related, item)
            self._add(read, item)
        following = body.get("@odata.nextLink")
        self._states[read] = "partly" if following else "read"
        if following:
            # Graph's links are absolute, and requests have what is after the version.
            version = "/beta" if beta else "/v1.0"
            self._pages[beta, str(following).partition(version)[2]] = read

    def _take_related(self, read: Read, name: str, item: Json) -> None:
        """Keep what a list has of the objects that belong to one of its items."""
        related = _RELATED.get((read.collection, name))
        if related is None or not isinstance(item.get(name), list):
            return
        collection, type_, back = related
        inside = Read(collection, type_, back, str(item["id"]))
        for each in item[name]:
            self._add(inside, each)
        complete = len(item[name]) < _MOST_EXPANDED and f"{name}@odata.nextLink" not in item
        if complete or inside not in self._states:
            self._states[inside] = "read" if complete else "partly"

    def _take_by_ids(self, request: Request, response: Response) -> None:
        ids = request.body["ids"] if isinstance(request.body, dict) else []
        items = response.body.get("value", []) if response.ok and isinstance(response.body, dict) else []
        state: State = (
            "read" if response.ok else "not_permitted" if response.status in {401, 403} else "failed"
        )
        types = {str(item["id"]): str(item.get("@odata.type")).rpartition(".")[2] for item in items}
        for item in items:
            if (type_ := types[str(item["id"])]) in _PLURAL:
                self._add(Read(_PLURAL[type_], type_, "id", str(item["id"])), item)
        for id_ in map(str, ids):
            # What no object has may have been any of the three that were asked for.
            for type_ in (types[id_],) if id_ in types else ("user", "group", "servicePrincipal"):
                if type_ in _PLURAL:
                    self._states[Read(_PLURAL[type_], type_, "id", id_)] = state

    def _add(self, read: Read, item: Json) -> None:
        of = read.value if read.property == "of" else ""
        kept = keep(item, read.type) | ({"of": of} if of else {})
        key = (of, str(item.get("id") or ""))
        self._items[read.collection].setdefault(key, {}).update(kept)
        self._answered[read].append(key)

    def _forget(self, read: Read) -> None:
        """Forget what an earlier answer to the same question had."""
        for key in self._answered.pop(read, ()):
            self._items[read.collection].pop(key, None)

    def _find_unasked(self) -> Iterator[Read]:
        """Yield what could be asked about the objects that were found, and in a tenant, and was not."""
        for (collection, _), related in _RELATED.items():
            yield from self._unasked(*related, collection)
        for name, type_ in _ONLY.values():
            if not any(read.collection == name for read in self._states):
                yield Read(name, type_)
        every = Read(_CONSENTS, "oAuth2PermissionGrant", *_ALL_CONSENTS)
        if self._states.get(every) != "read":
            for back in ("clientId", "resourceId"):
                yield from self._unasked(_CONSENTS, every.type, back, "servicePrincipals")
        # A plan never reads what single users consented to.
        yield Read(_CONSENTS, every.type, "consentType", "Principal")

    def _unasked(self, name: str, type_: str, back: str, collection: str) -> Iterator[Read]:
        possible = (Read(name, type_, back, id_) for _, id_ in self._items[collection])
        return (read for read in possible if read not in self._states)


def find_read(path: str) -> Read | None:
    """Return what the path of a GET asks for; None if a snapshot keeps nothing of the answer."""
    path, _, query = path.partition("?")
    if path in _ONLY:
        return Read(*_ONLY[path])
    if match := _APPLIES_TO.fullmatch(path):
        return Read("appManagementPolicyObjects", "directoryObject", "of", match[1])
    if (match := _OBJECT.fullmatch(path)) is None:
        return None
    collection, name, value, id_, relationship = match.groups()
    if relationship is not None:
        related = _RELATED.get((collection, relationship))
        return None if related is None or id_ is None else Read(*related, id_)
    if collection == _CONSENTS:
        type_ = "oAuth2PermissionGrant"
    elif collection in _OBJECTS:
        type_ = _OBJECTS[collection]
    else:
        return None
    if name is not None:
        return Read(collection, type_, name, odata.read_literal(f"'{unquote(value)}'"))
    if id_ is not None:
        id_ = unquote(id_)
        return Read(collection, type_, "userPrincipalName" if "@" in id_ else "id", id_)
    return Read(collection, type_, *_filtered(query))


def keep(item: Json, type_: str) -> dict[str, Any]:
    """Return of an object what the property table lists for a snapshot, and nothing else."""
    found: dict[str, Any] = _kept(item, _TREES[type_])
    return found


def _filtered(query: str) -> tuple[str, str]:
    """Return the property by which a list is asked for, and its value."""
    written = unquote(_parameters(query).get("$filter", ""))
    if not written:
        return "*", ""
    if match := _TAGGED.fullmatch(written):
        return "tags", odata.read_literal(match[1])
    # Of one client's consents a plan asks for those of everybody.
    narrower = f" and {_ALL_CONSENTS[0]} eq {odata.literal(_ALL_CONSENTS[1])}"
    if match := _EQUAL.fullmatch(written.removesuffix(unquote(narrower))):
        return match[1], odata.read_literal(match[2])
    return "$filter", written


def _expanded(path: str) -> str:
    """Return the relationship that a request expands, "" if it expands none."""
    return unquote(_parameters(path.partition("?")[2]).get("$expand", "")).partition("(")[0]


def _parameters(query: str) -> dict[str, str]:
    pairs = (part.partition("=") for part in query.split("&"))
    return {name: value for name, _, value in pairs}


Tree = dict[str, "Tree"]


def _trees() -> Iterator[tuple[str, Tree]]:
    for type_, paths in SNAPSHOT.items():
        tree: Tree = {}
        for path in paths:
            here = tree
            for name in path.split("."):
                here = here.setdefault(name, {})
        yield type_, tree


_TREES: Mapping[str, Tree] = dict(_trees())


def _kept(value: Any, tree: Tree) -> Any:
    """Return the listed parts of a value; an object that no part is listed of is dropped."""
    match value:
        case dict():
            if "*" in tree:
                return value
            inside = {name: _kept(value[name], below) for name, below in tree.items() if name in value}
            return {name: found for name, found in inside.items() if found is not None or value[name] is None}
        case list():
            if all(not isinstance(item, dict | list) for item in value):
                return value
            return [_kept(item, tree) for item in value] if tree else None
        case _:
            return value
