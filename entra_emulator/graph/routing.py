"""Paths to handlers: a table of templates in, the matching route out."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import unquote

from entra_emulator.graph.call import AlternateKey, Handler, QuotedKey
from entra_emulator.graph.entities import ENTITIES
from entra_emulator.graph.errors import bad_request, no_segment, not_allowed
from entra_emulator.graph.permissions import RequiredPermissions
from entra_emulator.graph.unserved import unserved

_KEYED = re.compile(r"([A-Za-z0-9_.$]+)\((?:([A-Za-z]+)=)?(.*)\)", re.DOTALL)

# Alternate keys of each collection, as the schema declares them, and the parameters of functions.
KEYS: Mapping[str, frozenset[str]] = {
    **{entity.table: entity.keys for entity in ENTITIES},
    "findTenantInformationByDomainName": frozenset({"domainName"}),
    "findTenantInformationByTenantId": frozenset({"tenantId"}),
}
# Names have no case here either.
_SPELLED = {name.casefold(): name for names in KEYS.values() for name in names}
_DECLARED = {collection.casefold(): names for collection, names in KEYS.items()}
# The actions and functions, which a path may also call by their qualified names (AZPS calls addPassword so).
_NAMESPACE = "microsoft.graph."
_OPERATIONS = frozenset(
    {
        "addkey",
        "addpassword",
        "addtokensigningcertificate",
        "checkmembergroups",
        "checkmemberobjects",
        "delta",
        "findtenantinformationbydomainname",
        "findtenantinformationbytenantid",
        "getavailableextensionproperties",
        "getbyids",
        "getmembergroups",
        "getmemberobjects",
        "removekey",
        "removepassword",
        "restore",
        "revokesigninsessions",
        "setverifiedpublisher",
        "unsetverifiedpublisher",
        "validateproperties",
    }
)


@dataclass(frozen=True)
class Route:
    """A handler, and what it asks of the caller."""

    handler: Handler
    access: RequiredPermissions
    # The query options that a write honours; a read refuses what its handler does not look at.
    options: frozenset[str] = frozenset()
    # Finds what reads a property of the object that a read returns, by the rest of the path.
    values: Callable[[Sequence[str | AlternateKey]], Handler | None] | None = None


Routes = Mapping[tuple[str, str], Route]


@dataclass
class _Node:
    below: dict[str, "_Node"] = field(default_factory=dict)
    methods: dict[str, Route] = field(default_factory=dict)


class Router:
    """A tree of path segments; `*` in a template is a variable one."""

    def __init__(self, *tables: Routes) -> None:
        self._root = _Node()
        self._templates = [key for table in tables for key in table]
        for table in tables:
            for (method, template), route in table.items():
                node = self._root
                for segment in template.split("/"):
                    node = node.below.setdefault(segment.casefold(), _Node())
                node.methods[method] = route

    def templates(self) -> list[tuple[str, str]]:
        """Give every method and template."""
        return self._templates

    def find(self, method: str, segments: list[str | AlternateKey]) -> tuple[Route, list[str | AlternateKey]]:
        """Give the route of a path and its variable segments."""
        node = self._root
        params: list[str | AlternateKey] = []
        collection = ""
        for number, segment in enumerate(segments):
            # Path segments are case-insensitive (`oAuth2PermissionGrants` in a recording), ids are not.
            # A client's own "*" is a key like any other, not the template's mark.
            name = segment.casefold() if isinstance(segment, str) and segment != "*" else ""
            literal = None if isinstance(segment, QuotedKey) else node.below.get(name)
            if literal is not None:
                node, collection = literal, name.removeprefix("microsoft.graph.")
                continue
            variable = node.below.get("*")
            if variable is None or (name.startswith("$") and not isinstance(segment, QuotedKey)):
                # What begins with a dollar is OData's and no id, unless it is in parentheses (user-get
                # documentation).
                read = node.methods.get("GET") if method == "GET" else None
                handler = read.values(segments[number:]) if read is not None and read.values else None
                if read is not None and handler is not None:
                    return Route(handler, read.access), params
                raise unserved(segments) or no_segment(segment if isinstance(segment, str) else segment.value)
            if isinstance(segment, AlternateKey) and segment.name not in _DECLARED.get(collection, ()):
                raise bad_request(
                    f"The key property '{segment.name}' is not declared for this type.", "BadRequest"
                )
            params.append(segment)
            node, collection = variable, ""
        route = node.methods.get(method)
        if route is None:
            if not node.methods:
                raise unserved(segments) or no_segment(str(segments[-1]))
            raise unserved(segments, method) or not_allowed()
        return route, params


def split(raw: list[str]) -> list[str | AlternateKey]:
    """Decode raw path segments; a key predicate becomes a segment of its own."""
    segments: list[str | AlternateKey] = []
    for part in raw:
        match = _KEYED.fullmatch(part) or _KEYED.fullmatch(unquote(part))
        if match is None:
            segments.append(_short(unquote(part)))
            continue
        name, key, value = match.groups()
        name = _short(unquote(name))
        if not key and not value:
            # A function without parameters: the SDKs call `delta()`.
            segments.append(name)
            continue
        text = unquote(value)
        if len(text) >= 2 and text[0] == text[-1] == "'":
            # Doubled quotes are OData's; the SDKs send single ones, which must do as well.
            text = text[1:-1].replace("''", "'")
        segments.append(name)
        plain = not key or key.casefold() == "id"
        segments.append(QuotedKey(text) if plain else AlternateKey(_SPELLED.get(key.casefold(), key), text))
    return segments


def _short(name: str) -> str:
    """Return the short name of an action or a function; any other name as it is."""
    if name.casefold().startswith(_NAMESPACE) and name[len(_NAMESPACE) :].casefold() in _OPERATIONS:
        return name[len(_NAMESPACE) :]
    return name


def describe(segments: list[str | AlternateKey]) -> str:
    """Write a decoded path for people and for fault rules."""
    return "/".join(s if isinstance(s, str) else f"({s.name}='{s.value}')" for s in segments)
