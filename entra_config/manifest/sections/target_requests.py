"""`requests` of an API in; what its Postman collection sends and expects out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from entra_config.manifest.fields.settings import REQUEST
from entra_config.manifest.model import Application
from entra_config.manifest.reading.node import Map, Node, plain
from entra_config.manifest.reading.problems import near
from entra_config.manifest.reading.reader import Reader
from entra_config.manifest.targets import ApiRequest
from entra_config.resource import references

# An absolute path with or without a query, by RFC 3986.
_PATH = re.compile(
    r"/(?:[\w.~!$&'()*+,;=:@/-]|%[0-9A-F]{2})*(?:\?(?:[\w.~!$&'()*+,;=:@/?-]|%[0-9A-F]{2})*)?",
    re.ASCII | re.IGNORECASE,
)


def read(node: Node | None, api: Application, reader: Reader) -> Iterator[ApiRequest]:
    """Yield the requests of one API."""
    success = REQUEST.field("status")
    for name, entry in reader.map(node, "requests").entries.items():
        fields = reader.map(entry.node, name)
        reader.only(fields, REQUEST.keys, REQUEST.noun)
        path = reader.required(fields, "path", f"request `{name}`")
        if path and not _below(path):
            message = (
                f"`path`: `{path}` is no path below `url`, such as /records; other characters are "
                "percent-encoded"
            )
            reader.problems.add(fields.where("path"), message)
        scopes = _values(
            fields, "scopes", {label: scope.value for label, scope in api.scopes.items()}, api, reader
        )
        roles = {label: role.value for label, role in api.app_roles.items() if role.value}
        own = _values(fields, "applicationRoles", roles, api, reader)
        yield ApiRequest(
            name,
            path,
            reader.choice(fields.node("method"), "method", REQUEST.field("method").choices) or "GET",
            scopes,
            _values(fields, "roles", roles, api, reader),
            own if "applicationRoles" in fields.entries else () if scopes else None,
            _body(fields.node("body"), reader),
            reader.whole(fields.node("status"), "status", least=success.least, most=success.most) or 200,
        )


def _body(node: Node | None, reader: Reader) -> Any:
    value = None if node is None else plain(node)
    if node is not None and any(references(value)):
        reader.problems.add(node.position, "`body`: an appId is not known yet and cannot stand here")
        return None
    return value


def _values(
    fields: Map, key: str, known: dict[str, Any], api: Application, reader: Reader
) -> tuple[str, ...]:
    found = []
    for item in reader.items(fields.node(key), key):
        label = reader.text(item, key)
        if label is not None and label not in known:
            reader.problems.add(item.position, f"`{key}`: `{api.key}` has no `{label}`.{near(label, known)}")
        elif label is not None:
            found.append(str(known[label]))
    return tuple(found)


def _below(path: str) -> bool:
    segments = path.partition("?")[0].lower().replace("%2e", ".").split("/")
    return _PATH.fullmatch(path) is not None and not {".", ".."} & set(segments)
