"""Put applications and service principals into a tenant as Graph was recorded to answer them."""

from __future__ import annotations

import json
import uuid
from typing import Any

from entra_emulator.graph.entities.application import make_application
from entra_emulator.graph.entities.service_principal import make_service_principal, mirror_application
from tests.conformance.recorded.shapes import read_shapes
from tests.unit.importing import dumped
from tests.unit.importing.importer import Ground

Row = dict[str, Any]

DATE = "2026-01-01T00:00:00Z"
# A recorded body has masks where the values were.
URL = "https://recorded.contoso.com"


def bodies(kind: str) -> list[Row]:
    """Return every distinct recorded body of a type; many are answers of one registration."""
    found: dict[str, Row] = {}
    for shape in read_shapes():
        recorded = shape.recorded["shape"]
        value = recorded.get("value", [recorded]) if isinstance(recorded, dict) else recorded
        for item in value if isinstance(value, list) else ():
            type_ = str(item.get("@odata.type", shape.kind)) if isinstance(item, dict) else ""
            if type_.removeprefix("#microsoft.graph.") == kind and "displayName" in item:
                plain = {name: inner for name, inner in item.items() if "@" not in name}
                found.setdefault(json.dumps(plain, sort_keys=True), plain)
    return [*found.values()]


def fill(masked: Any, place: str) -> Any:
    """Return a masked value with values in it, other ones at each place, and the same in every run."""
    match masked:
        case dict():
            return {name: fill(value, f"{place}/{name}") for name, value in masked.items()}
        case list():
            return [fill(value, f"{place}/{number}") for number, value in enumerate(masked)]
        case str() if "<" not in masked:
            return masked
        case str():
            guid = str(uuid.uuid5(uuid.NAMESPACE_URL, place))
            text = masked.replace("<guid>", guid).replace("<id>", guid).replace("<date>", DATE)
            return (
                text.replace("<url>", f"{URL}/{guid[:8]}")
                .replace("<string>", f"Text.{guid[:8]}")
                .replace("<name>", f"name-{guid[:8]}")
            )
        case _:
            return masked


def put_application(ground: Ground, number: int, body: Row) -> Row:
    """Put a recorded application into the tenant, whatever today's Graph would make of it."""
    place = f"application {number}"
    filled = fill(body, place)
    row = make_application(fill("<guid>", place), fill("<guid>", f"{place} appId"), DATE, "contoso.com")
    for name, value in filled.items():
        if name in {"id", "appId", "passwordCredentials"}:
            continue
        row[name] = {**row[name], **value} if isinstance(row.get(name), dict) and value else value
    if row["web"] is not None:
        row["web"].pop("redirectUriSettings", None)
    for entry in (*row["appRoles"], *row["api"]["oauth2PermissionScopes"]):
        entry.setdefault("isEnabled", True)
    row = {**row, "displayName": f"Application {number}", "uniqueName": None}
    ground.embedded.directory.default.applications.put(row)
    return row


def put_principal(ground: Ground, number: int, body: Row) -> None:
    """Put a recorded service principal into the tenant, as that of an application of the tenant."""
    place = f"principal {number}"
    filled = fill(body, place)
    tenant = ground.embedded.directory.default
    offered = {"appRoles": filled.get("appRoles") or []}
    app = put_application(ground, 1000 + number, offered)
    app["api"]["oauth2PermissionScopes"] = filled.get("oauth2PermissionScopes") or []
    made = make_service_principal(fill("<guid>", f"{place} id"), app["appId"], DATE, tenant.tenant_id)
    row = mirror_application(made, app)
    own = {
        name: value
        for name, value in filled.items()
        if name in made and name not in dumped.GIVEN | {"displayName", "passwordCredentials"}
    }
    tenant.service_principals.put({**row, **own})
