"""Rows in, the JSON that reads show out: default properties, $select, reordered collections."""

from typing import Any

from entra_emulator.graph import expanding, extended, naming, queries
from entra_emulator.graph.call import Call
from entra_emulator.graph.expanding import NOTHING, Expand
from entra_emulator.graph.people import USER_DEFAULT
from entra_emulator.graph.schema import BETA, blank, is_stream, types
from entra_emulator.graph.shapes import ON_SELECT, ONLY_SELECTED
from entra_emulator.table import Row

EXTENDED = {"application": "Application", "device": "Device", "group": "Group", "user": "User"}
_REORDERED = (
    "tags",
    "identifierUris",
    "appRoles",
    "requiredResourceAccess",
    "servicePrincipalNames",
    "replyUrls",
)
_PLATFORMS = ("web", "spa", "publicClient")
# A complex property that is null is written with the plain ones, one that is set among the objects. Rows have
# one of the two places; here is the other, by the property before it (azure-cli recordings of managed
# identities, 2022-08 to 2025-05, and of applications, 2024-09 and 2024-11; manifests of 2025-11 and 2026-05).
_AFTER_IF_SET = {"optionalClaims": "keyCredentials", "servicePrincipalLockConfiguration": "web"}
_AFTER_IF_NULL = {"info": "tokenEncryptionKeyId"}


def entity(
    call: Call, kind: str, row: Row, context: str, *, created: bool = False, expand: Expand = NOTHING
) -> dict[str, Any]:
    """Write one object with its context; what was just created comes in the order of the request."""
    names = selected(call, kind)
    if names is not None:
        context = f"{context.removesuffix('/$entity')}({','.join(names)})/$entity"
    body = {"@odata.context": call.context(context), **item(call, kind, row, names, created=created)}
    if call.query:
        if expand:
            # Ignored without a list to count: the documentation sends it so.
            queries.wants_count(call)
        for wanted in expanding.read(call, kind, expand):
            expanding.write(call, row, body, wanted, expand)
    return body


def listed(
    call: Call, kind: str, context: str, found: queries.Page, *, expand: Expand = NOTHING
) -> dict[str, Any]:
    """Write a page of a list of one type."""
    names = selected(call, kind)
    expansions = expanding.read(call, kind, expand) if call.query else []
    items = [item(call, kind, row, names) for row in found.rows]
    for wanted in expansions:
        for row, body in zip(found.rows, items, strict=True):
            expanding.write(call, row, body, wanted, expand)
    return queries.envelope(call, f"{context}({','.join(names)})" if names else context, found, items)


def selected(call: Call, kind: str) -> list[str] | None:
    """Give the names of $select as the type spells them; none without $select."""
    if not call.query:
        return None
    text = call.options.get("$select")
    if not text or text == "*":
        return None
    known = extended.selectable(call, EXTENDED[kind]) if kind in EXTENDED and "_" in text else {}
    names = naming.select(kind, text, known)
    if call.version != "beta":
        for name in names:
            if name in BETA.get(kind, ()):
                raise naming.unknown(kind, name)
    return names


def item(
    call: Call, kind: str, row: Row, names: list[str] | None, *, created: bool = False
) -> dict[str, Any]:
    """Write one object without context."""
    shown = placed(with_settings(row if created else reordered(row)))
    if names is not None:
        body = {name: value for name, value in shown.items() if name in names and name[0] != "_"}
        unset = [name for name in names if name not in body and not is_stream(kind, name)]
        body.update({name: blank(kind, name) for name in unset if not _of_schema(name)})
        if "keyCredentials" in names:
            body["keyCredentials"] = row["keyCredentials"]
        if "_extensions" in row:
            body.update(
                {name: _extension(value) for name, value in row["_extensions"].items() if name in names}
            )
    else:
        body = default(kind, shown, id_first=created)
        if call.version == "beta" and kind in BETA:
            body.update({name: row.get(name) for name in BETA[kind] if name not in ONLY_SELECTED})
    if names is None and "keyCredentials" in body:
        body["keyCredentials"] = [{**key, "key": None} for key in body["keyCredentials"]]
    return body


def _of_schema(name: str) -> bool:
    """Say whether a name is that of a schema extension: it is left out where an object has no value of it."""
    return "_" in name and not name.startswith(extended.PREFIX)


def _extension(value: Any) -> Any:
    return (
        {"@odata.type": "#microsoft.graph.ComplexExtensionValue", **value}
        if isinstance(value, dict)
        else value
    )


def default(kind: str, row: Row, *, id_first: bool = True) -> dict[str, Any]:
    """Write the properties that come without $select."""
    if kind == "user":
        # `id` is last in reads, first after a create and in lists of mixed objects (azure-cli recordings).
        shown = {name: row[name] for name in USER_DEFAULT}
        return {"id": row["id"], **shown} if id_first else {**shown, "id": row["id"]}
    hidden = ON_SELECT.get(kind, frozenset())
    return {name: value for name, value in row.items() if name not in hidden and name[0] != "_"}


def mixed(kind: str, row: Row, names: list[str] | None = None) -> dict[str, Any]:
    """Write an item of a list of mixed directory objects: its type first, and what was selected of what it
    has.
    """
    if names is None:
        shown = default(kind, placed(with_settings(reordered(row))))
    else:
        declared = types()[kind].properties
        shown = {
            name: row.get(name, blank(kind, name))
            for name in names
            if name in declared and not is_stream(kind, name)
        }
    body = {"@odata.type": f"#microsoft.graph.{kind}", **shown}
    if body.get("keyCredentials"):
        body["keyCredentials"] = [{**key, "key": None} for key in body["keyCredentials"]]
    return body


def placed(row: Row) -> Row:
    """Put each complex property where Graph writes it, which depends on whether it is null."""
    moved = {after: name for name, after in _AFTER_IF_SET.items() if row.get(name) is not None}
    moved |= {after: name for name, after in _AFTER_IF_NULL.items() if name in row and row[name] is None}
    if not moved:
        return row
    body: Row = {}
    for name, value in row.items():
        if name not in moved.values():
            body[name] = value
        if name in moved:
            body[moved[name]] = row[moved[name]]
    return body


def with_settings(row: Row) -> Row:
    """Add the settings of an application's redirect URIs: one for each, in their order, with the index that a
    client gave it (azure-cli recordings of 2024-09 and 2024-11).
    """
    web = row.get("web")
    if not web:
        return row
    indexes = {each["uri"]: each["index"] for each in web.get("redirectUriSettings") or ()}
    settings = [{"uri": uri, "index": indexes.get(uri)} for uri in web["redirectUris"]]
    return {**row, "web": {**web, "redirectUriSettings": settings}}


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
