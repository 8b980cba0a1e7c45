"""Rows in, the JSON that reads show out: default properties, $select, $expand, reordered collections."""

import re
from collections.abc import Callable
from typing import Any

from entra_config.emulator.graph.call import Call
from entra_config.emulator.graph.errors import bad_request
from entra_config.emulator.graph.queries import options
from entra_config.emulator.graph.schema import types
from entra_config.emulator.graph.shapes import ON_SELECT, USER_DEFAULT
from entra_config.emulator.table import Row

MOST_EXPANDED = 20
Expand = Callable[[Call, Row, str], list[dict[str, Any]]]
_REORDERED = ("tags", "identifierUris", "appRoles", "requiredResourceAccess", "servicePrincipalNames", "replyUrls")
_PLATFORMS = ("web", "spa", "publicClient")
_EXPAND = re.compile(r"(\w+)(?:\(\$select=([\w,]+)\))?")


def entity(call: Call, kind: str, row: Row, context: str, *, created: bool = False) -> dict[str, Any]:
    """Write one object with its context; what was just created comes in the order of the request."""
    body: dict[str, Any] = {"@odata.context": call.context(context)}
    names = selected(call, kind)
    if names is not None:
        body["@odata.context"] = call.context(f"{context.removesuffix('/$entity')}({','.join(names)})/$entity")
    body.update(item(call, kind, row, names, created=created))
    return body


def selected(call: Call, kind: str) -> list[str] | None:
    """Give the names of $select, checked against the type; none without $select."""
    if not call.query:
        return None
    text = options(call).get("$select")
    if not text or text == "*":
        return None
    declared = types()[kind].properties if kind in types() else None
    names = [name.strip() for name in text.split(",") if name.strip()]
    for name in names:
        if declared is not None and name not in declared and name not in ON_SELECT.get(kind, ()):
            raise bad_request(f"Could not find a property named '{name}' on type 'microsoft.graph.{kind}'.", "BadRequest")
    return names


def item(
    call: Call, kind: str, row: Row, names: list[str] | None, *, created: bool = False, expand: Expand | None = None
) -> dict[str, Any]:
    """Write one object without context."""
    shown = row if created else reordered(row)
    if names is not None:
        body = {name: value for name, value in shown.items() if name in names and name[0] != "_"}
        body.update({name: None for name in names if name not in body})
        if "keyCredentials" in names:
            body["keyCredentials"] = row["keyCredentials"]
    else:
        body = default(kind, shown, id_first=created)
    if "keyCredentials" in body and (names is None or "keyCredentials" not in names):
        body["keyCredentials"] = [{**key, "key": None} for key in body["keyCredentials"]]
    if expand is not None and "$expand" in options(call):
        _expand(call, row, body, expand)
    return body


def default(kind: str, row: Row, *, id_first: bool = True) -> dict[str, Any]:
    """Write the properties that come without $select."""
    if kind == "user":
        # `id` is last in reads, first after a create and in lists of mixed objects (azure-cli recordings).
        shown = {name: row[name] for name in USER_DEFAULT}
        return {"id": row["id"], **shown} if id_first else {**shown, "id": row["id"]}
    hidden = ON_SELECT.get(kind, frozenset())
    return {name: value for name, value in row.items() if name not in hidden and name[0] != "_"}


def mixed(kind: str, row: Row) -> dict[str, Any]:
    """Write an item of a list of mixed directory objects: its type first."""
    body = {"@odata.type": f"#microsoft.graph.{kind}", **default(kind, reordered(row))}
    if body.get("keyCredentials"):
        body["keyCredentials"] = [{**key, "key": None} for key in body["keyCredentials"]]
    return body


def reordered(row: Row) -> Row:
    """Reverse what Graph was seen to reorder on reads, so that no client relies on an order."""
    changed: dict[str, Any] = {}
    for name in _REORDERED:
        values = row.get(name)
        if values and len(values) > 1:
            changed[name] = values[::-1]
    for platform in _PLATFORMS:
        values = row.get(platform)
        if values and len(values["redirectUris"]) > 1:
            changed[platform] = {**values, "redirectUris": values["redirectUris"][::-1]}
    api = row.get("api")
    if api and len(api["oauth2PermissionScopes"]) + len(api["preAuthorizedApplications"]) > 1:
        changed["api"] = {
            **api,
            "oauth2PermissionScopes": api["oauth2PermissionScopes"][::-1],
            "preAuthorizedApplications": api["preAuthorizedApplications"][::-1],
        }
    return {**row, **changed} if changed else row


def _expand(call: Call, row: Row, body: dict[str, Any], expand: Expand) -> None:
    text = options(call)["$expand"]
    for part in re.split(r",(?![^(]*\))", text):
        match = _EXPAND.fullmatch(part.strip())
        if match is None:
            raise bad_request(f"Syntax error in '{text}'.", "BadRequest")
        name, select = match.groups()
        items = expand(call, row, name)[:MOST_EXPANDED]
        if select:
            kept = {"@odata.type", "id", *select.split(",")}
            items = [{key: value for key, value in each.items() if key in kept} for each in items]
        body[name] = items
