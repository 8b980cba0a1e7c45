"""A tenant in; all that an apply may change of it as a set of facts that name no drawn id, out.

A property that changes is one fact that goes and one that comes; so is a link, and what somebody holds.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from tests.convergence import carried
from tests.convergence.tenant import Tenant

Fact = tuple[str, ...]
_GUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_DRAWN = {"id", "appId", "createdDateTime", "deletedDateTime", "publisherDomain", "info"}


def labels(tenant: Tenant) -> dict[str, str]:
    """Return what the ids of the project's objects are called."""
    found: dict[str, str] = {}
    for row in tenant.applications():
        key = next(tag for tag in row["tags"] if tag.startswith(carried.KEY)).removeprefix(carried.KEY)
        found |= {row["id"]: f"<{key}>", row["appId"]: f"<{key} appId>"}
        found |= {
            each["id"]: f"<{key} principal>"
            for each in tenant.tables.service_principals
            if each["appId"] == row["appId"]
        }
    return found


def facts(tenant: Tenant, known: Mapping[str, str]) -> frozenset[Fact]:
    """Return the facts; `known` labels what is no longer there, too."""
    names = {**known, **labels(tenant)}
    return frozenset(_facts(tenant, names)) | {("held", *each) for each in carried.held(tenant)}


def _facts(tenant: Tenant, names: Mapping[str, str]) -> Iterator[Fact]:
    tables = tenant.tables

    def label(id_: str) -> str:
        return names.get(id_, id_)

    for table, rows in (("application", tables.applications), ("principal", tables.service_principals)):
        for row in rows:
            if row["id"] in names:
                yield (table, label(row["id"]))
                for path, value in _leaves(row, ""):
                    yield (table, label(row["id"]), path, _text(value, names))
    for row in tables.app_role_assignments:
        yield ("assignment", *(label(row[name]) for name in ("principalId", "resourceId", "appRoleId")))
    for row in tables.oauth2_permission_grants:
        scopes = sorted(row["scope"].split())
        yield ("grant", label(row["clientId"]), label(row["resourceId"]), str(row["principalId"]), *scopes)
    for row in tables.federated_identity_credentials:
        where = ("credential", label(row["_application"]), row["name"])
        yield where
        for path, value in _leaves({name: row[name] for name in row if name != "_application"}, ""):
            yield (*where, path, _text(value, names))
    for row in tables.applications:
        for owner in tables.owners.targets(row["id"]):
            yield ("owner", label(row["id"]), owner)


def _leaves(row: Mapping[str, Any], above: str) -> Iterator[tuple[str, Any]]:
    for name, value in row.items():
        if name in _DRAWN or name.startswith("_"):
            continue
        if isinstance(value, dict):
            yield from _leaves(value, f"{above}{name}.")
        else:
            yield f"{above}{name}", value


def _text(value: Any, names: Mapping[str, str]) -> str:
    items = (
        [item for item in value if "entra-config:created=" not in item] if isinstance(value, list) else value
    )
    labelled = _GUID.sub(lambda found: names.get(found[0], found[0]), json.dumps(items))
    return json.dumps(_sorted(json.loads(labelled)), sort_keys=True)


def _sorted(value: Any) -> Any:
    match value:
        case list():
            return sorted(
                (_sorted(item) for item in value), key=lambda item: json.dumps(item, sort_keys=True)
            )
        case dict():
            return {name: _sorted(item) for name, item in value.items()}
        case _:
            return value
