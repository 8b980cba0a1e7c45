"""Compare what import read with what an emulator has after it applied the manifest: by full dumps.

This is a second reading on purpose: it knows neither the table of properties nor what `import --check` does.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from entra_config.cli.import_ import loadable
from entra_config.cli.wiring import now
from entra_config.importing import tenant
from entra_config.importing.manifest import ImportTarget, Written
from entra_config.importing.tenant import Registration
from entra_config.manifest import loader
from entra_config.testing import reimport
from entra_emulator import seed
from tests.unit.importing.importer import EVERYTHING, Ground

Row = dict[str, Any]

# Given by Entra, or copied from the application: applications-overview and resource pages of Graph's
# documentation.
GIVEN = {
    "id", "appId", "createdDateTime", "createdByAppId", "publisherDomain", "uniqueName", "appDescription",
    "appDisplayName", "appOwnerOrganizationId", "appRoles", "homepage", "info", "logoutUrl",
    "oauth2PermissionScopes", "replyUrls", "resourceSpecificApplicationPermissions", "servicePrincipalNames",
    "servicePrincipalType", "signInAudience", "verifiedPublisher", "deletedDateTime",
}  # fmt: skip
OF_APPLICATION = {"appRoles", "info", "signInAudience", "verifiedPublisher"}
# What Graph makes of a new one.
NEW = {"legalAgeGroupRule": "Allow", "accountEnabled": True}
# The path that a key of the manifest stands for, where its name is another one.
PATHS = {
    "authorizedClients": "api.preAuthorizedApplications",
    "apiPermissions": "requiredResourceAccess",
    "scopes": "api.oauth2PermissionScopes",
    "redirectUris": "web.redirectUris",
    "homePageUrl": "web.homePageUrl",
    "logoutUrl": "web.logoutUrl",
    "accessTokenVersion": "api.requestedAccessTokenVersion",
    "allowPublicClientFlows": "isFallbackPublicClient",
}


async def compare(ground: Ground) -> tuple[list[str], Counter[str], int]:
    """Import everything and create it anew; return what was lost and not listed, what is listed as not
    carried with the reason, and how many values are the same.
    """
    async with await ground.graph() as graph:
        export = await tenant.read(graph, EVERYTHING, signed_in=seed.DEPLOYER_APP_ID)
        written = loadable(export, ImportTarget("imported", "prod", graph.tenant_id), ground.folder)
    assert written.left_out == {}
    made, _ = await reimport.recreate(export, loader.load(ground.folder, "prod"), now())
    tag = "entra-config:key="
    after = {
        word.removeprefix(tag): each
        for each in made.registrations
        for word in each.application["tags"]
        if word.startswith(tag)
    }
    silent: list[str] = []
    listed: Counter[str] = Counter()
    same = 0
    for registration in export.registrations:
        key = written.keys[registration.application["appId"]]
        reasons = _reasons(written, key)
        old, new = _dump(registration), _dump(after[key])
        for path in sorted({*old, *new}):
            reason = next((why for name, why in reasons.items() if f"{path}.".startswith(f"{name}.")), None)
            if old.get(path) == new.get(path):
                same += 1
            elif reason is None:
                silent.append(f"{key}: {path}: {old.get(path)} became {new.get(path)}")
            else:
                listed[f"{path.removeprefix('enterpriseApplication.')}: {reason}"] += 1
    return silent, listed, same


def _reasons(written: Written, key: str) -> Mapping[str, str]:
    parts = {
        PATHS.get(part[0], part[0]) if part[0] != "properties" else ".".join(part[1:]): "a part of the entry"
        for part in written.undeclared.get(key, ())
    }
    return {**parts, **written.not_carried.get(key, {})}


def _dump(registration: Registration) -> Row:
    app, own = registration.application, registration.principal or {}
    ids = {app["appId"]: "its appId", app["id"]: "its id"}
    tags = {*(app.get("tags") or ())}
    body = {name: value for name, value in app.items() if name not in GIVEN - OF_APPLICATION}
    body.pop("verifiedPublisher", None)
    principal = {name: value for name, value in own.items() if name not in GIVEN}
    principal["tags"] = [tag for tag in own.get("tags") or () if tag not in tags]
    everything = {**body, "enterpriseApplication": principal}
    return {path: _named(value, ids) for path, value in _flat(everything, "")}


def _flat(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    if isinstance(value, Mapping):
        for name, inner in value.items():
            if "@" not in name and name not in {"logoUrl", "origin"}:
                yield from _flat(inner, f"{path}.{name}".removeprefix("."))
    elif isinstance(value, list):
        kept = [_pruned(item) for item in value if not str(item).startswith("entra-config:")]
        if path.endswith("redirectUriSettings"):
            kept = [item for item in kept if "index" in item]
        if kept:
            yield path, sorted(json.dumps(item, sort_keys=True) for item in kept)
    elif value not in (None, "", NEW.get(path.rpartition(".")[2])) and not (
        value is False
        and (
            path in {"oauth2RequirePostResponse", "enterpriseApplication.appRoleAssignmentRequired"}
            or "implicitGrantSettings" in path
        )
    ):
        yield path, value


def _pruned(value: Any) -> Any:
    if isinstance(value, Mapping):
        kept = {name: _pruned(inner) for name, inner in value.items() if name != "origin"}
        return {name: inner for name, inner in kept.items() if inner not in (None, "", [], {}, False)}
    return sorted((_pruned(item) for item in value), key=str) if isinstance(value, list) else value


def _named(value: Any, ids: Mapping[str, str]) -> Any:
    text = json.dumps(value)
    for id_, name in ids.items():
        text = text.replace(id_, name)
    return json.loads(text)
