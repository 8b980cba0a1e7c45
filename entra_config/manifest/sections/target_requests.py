"""`requests` of an API in; what its Postman collection sends and expects out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from entra_config.manifest.fields.binder import Bound, bind
from entra_config.manifest.fields.settings import REQUEST
from entra_config.manifest.model import Application
from entra_config.manifest.reading.node import Map, Node, to_data
from entra_config.manifest.reading.problems import near
from entra_config.manifest.reading.reader import Reader
from entra_config.manifest.sections import target_operations
from entra_config.manifest.targets import ApiRequest, Operation
from entra_config.resource import references

# An absolute path with or without a query, by RFC 3986.
_PATH = re.compile(
    r"/(?:[\w.~!$&'()*+,;=:@/-]|%[0-9A-F]{2})*(?:\?(?:[\w.~!$&'()*+,;=:@/?-]|%[0-9A-F]{2})*)?",
    re.ASCII | re.IGNORECASE,
)


def read(
    declared: Map, api: Application, operations: Sequence[Operation], reader: Reader
) -> Iterator[ApiRequest]:
    """Yield the requests of one API."""
    for name, entry in declared.entries.items():
        fields = bind(entry.node, name, REQUEST, reader, needed_by=f"request `{name}`")
        path = fields["path"] or ""
        if path and not _below(path):
            message = (
                f"`path`: `{path}` is no path below `url`, such as /records; other characters are "
                "percent-encoded"
            )
            reader.problems.add(fields.where("path"), message)
        needs = _needs(fields, api, operations, reader)
        yield ApiRequest(
            name,
            path,
            fields["method"] or "GET",
            needs.scopes,
            needs.any_scope,
            needs.roles,
            needs.application_roles if needs.scopes or "applicationRoles" in fields else None,
            _body(fields["body"], reader),
            fields["status"] or 200,
        )


def _needs(fields: Bound, api: Application, operations: Sequence[Operation], reader: Reader) -> Operation:
    """Return what a request needs: as its operation says, or as it says itself."""
    name = fields["operation"]
    if name is None:
        roles = target_operations.roles_of(api)
        return Operation(
            "",
            target_operations.values(fields, "scopes", target_operations.scopes_of(api), api, reader),
            roles=target_operations.values(fields, "roles", roles, api, reader),
            application_roles=target_operations.values(fields, "applicationRoles", roles, api, reader),
        )
    for key in ("scopes", "roles", "applicationRoles"):
        if key in fields:
            reader.problems.add(fields.where(key), f"`{key}`: the operation `{name}` says it; leave it out")
    known = {each.name: each for each in operations}
    if name not in known:
        message = f"`operation`: `{api.key}` has no `{name}` in its `operations`.{near(name, known)}"
        reader.problems.add(fields.where("operation"), message)
    return known.get(name, Operation(name))


def _body(node: Node | None, reader: Reader) -> Any:
    value = None if node is None else to_data(node)
    if node is not None and any(references(value)):
        reader.problems.add(node.position, "`body`: an appId is not known yet and cannot stand here")
        return None
    return value


def _below(path: str) -> bool:
    segments = path.partition("?")[0].lower().replace("%2e", ".").split("/")
    return _PATH.fullmatch(path) is not None and not {".", ".."} & set(segments)
