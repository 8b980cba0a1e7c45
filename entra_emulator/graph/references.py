"""Links to objects, as `@odata.id` and `…@odata.bind` hold them, in; the objects' ids, once each may stand
there, out.
"""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote, urlsplit

from entra_emulator.graph import lookup
from entra_emulator.graph.call import Call
from entra_emulator.graph.errors import ODataError, bad_request, not_found, reference_exists
from entra_emulator.identifiers import is_guid

MOST_BOUND = 20
# What a relationship takes: application, service principal and group documentation.
_TAKES: Mapping[str, frozenset[str]] = {
    "owners": frozenset({"user", "servicePrincipal"}),
    "members": frozenset({"user", "group", "servicePrincipal", "device"}),
    "manager": frozenset({"user"}),
    "registeredOwners": frozenset({"user"}),
    "registeredUsers": frozenset({"user"}),
}
_HOSTS = {
    "graph.microsoft.com",
    "graph.microsoft.us",
    "dod-graph.microsoft.us",
    "microsoftgraph.chinacloudapi.cn",
}
_VERSIONS = {"v1.0", "beta", "v2"}
_KINDS = {name.casefold(): frozenset({kind}) for name, kind in lookup.KINDS.items()}
_COLLECTIONS = {**_KINDS, "directoryobjects": frozenset(lookup.KINDS.values())}
_KEYED = re.compile(r"([^()]+)\('?([^()']+)'?\)")


def referenced(call: Call, name: str) -> str:
    """Give the id of the object that the `@odata.id` of a body links to, for a relationship."""
    object_id = _object_id(call, link(call), "payload")
    _check_kind(call, object_id, name)
    return object_id


def link(call: Call) -> str:
    """Give the `@odata.id` of a body, in which nothing else stands but notes of OData's."""
    found: list[Any] = []
    for name, value in call.object_body().items():
        if name.casefold() == "@odata.id":
            found.append(value)
        elif not name.startswith("@"):
            raise bad_request(f"Invalid property '{name}'.")
    if len(found) != 1:
        raise bad_request("The request body must contain '@odata.id'.", "BadRequest")
    if not isinstance(found[0], str):
        raise _no_url("payload")
    return found[0]


def bound(call: Call, body: Mapping[str, object], name: str) -> list[str]:
    """Give the ids that a body's `…@odata.bind` links to, for a relationship: up to twenty, each to what
    is there, each once.
    """
    given = f"{name}@odata.bind"
    if given not in body:
        return []
    links = body[given]
    if links == []:
        # pnp/PnP-Sites-Core#1987
        raise bad_request(
            "The value of 'odata.bind' property annotation is an empty array. The 'odata.bind' property "
            "annotation must have a "
            "non-empty array as its value."
        )
    if not isinstance(links, list) or not all(isinstance(each, str) for each in links):
        raise _no_url(f"@odata.bind for {name}")
    if len(links) > MOST_BOUND:
        raise bad_request("One or more property values specified are invalid.")
    ids = [_object_id(call, each, f"@odata.bind for {name}") for each in links]
    for object_id in ids:
        _check_kind(call, object_id, name)
    if len(set(ids)) != len(ids):
        raise reference_exists(name)
    return ids


def key(call: Call, url: str, collections: Mapping[str, Any], place: str = "payload") -> tuple[str, str]:
    """Give the collection, in lower case, and the key that a link names; it is absolute, and of Graph or
    of this server.
    """
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").casefold()
    except ValueError as error:
        raise _no_url(place) from error
    ours = (urlsplit(call.base_url).hostname or "").casefold()
    segments = [unquote(segment) for segment in parts.path.split("/") if segment]
    if parts.scheme not in {"http", "https"} or host not in {*_HOSTS, ours} or parts.query or parts.fragment:
        raise _no_url(place)
    if not segments or segments.pop(0).casefold() not in _VERSIONS:
        raise _no_url(place)
    if segments and segments[-1].startswith("Microsoft.DirectoryServices."):
        # As a list of references writes them.
        segments.pop()
    keyed = _KEYED.fullmatch(segments[-1]) if segments else None
    if keyed is not None:
        segments[-1:] = [keyed[1], keyed[2]]
    if len(segments) > 2 and segments[0].casefold() in {call.tenant.tenant_id, *call.tenant.domains}:
        del segments[0]
    collection = "/".join(segments[:-1]).casefold()
    if collection not in collections:
        raise _no_url(place)
    return collection, segments[-1]


def _object_id(call: Call, url: str, place: str) -> str:
    collection, name = key(call, url, _COLLECTIONS, place)
    if is_guid(name):
        object_id = name.casefold()
        found = lookup.any_object(call, object_id)
        if found is None or found[0] not in _COLLECTIONS[collection]:
            raise not_found(object_id)
        return object_id
    user = call.tenant.user_by_name(name) if collection == "users" else None
    if user is None:
        raise (
            bad_request(f"Invalid object identifier '{name}'.") if collection != "users" else not_found(name)
        )
    return str(user["id"])


def _check_kind(call: Call, object_id: str, name: str) -> None:
    found = lookup.any_object(call, object_id)
    if found is None:
        raise not_found(object_id)
    if found[0] not in _TAKES[name]:
        # MicrosoftDocs/feedback#718
        kind = found[0][0].upper() + found[0][1:]
        text = (
            f"The reference target '{kind}_{object_id}' of type '{kind}' is invalid for the '{name}' "
            "reference."
        )
        raise bad_request(text)


def _no_url(place: str) -> ODataError:
    """Refuse what is no link to an object (msgraph-sdk-powershell#3150, microsoft-graph-docs#9319)."""
    return bad_request(f"Invalid URL format specified in {place}.", "BadRequest")
