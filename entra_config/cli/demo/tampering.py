"""The demo's colleague in a hurry: an embedded tenant in; hand-made changes through Graph, told in
sentences, out.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from entra_config.errors import GraphError
from entra_config.graph.odata import literal

if TYPE_CHECKING:
    import httpx

    from entra_emulator.api import Embedded, Tenant

COLLEAGUE = "alice@contoso.com"  # an application administrator of the example directory
_SCOPES = (
    "Application.ReadWrite.All",
    "AppRoleAssignment.ReadWrite.All",
    "DelegatedPermissionGrant.ReadWrite.All",
)
_OUTSIDE = "https://preview.example.net/"


def tamper(tenant: Embedded) -> list[str]:
    """Change five things as a person with a script would, and return what was done."""
    return asyncio.run(_tamper(tenant))


def snapshot(tenant: Embedded) -> dict[str, str]:
    """Return every live object of the tenant, by collection and id; what a deleted application keeps is
    deleted with it.
    """
    directory = tenant.directory.default
    rows = ((name, row) for name, table in directory.tables.items() for row in table)
    return {
        f"{name}/{row['id']}": json.dumps(row, sort_keys=True, default=str)
        for name, row in rows
        if name != "deletedItems" and _lives(row, directory)
    }


def _lives(row: Mapping[str, Any], tenant: Tenant) -> bool:
    return row.get("_application") is None or row["_application"] in tenant.applications


def population(tenant: Embedded) -> tuple[int, int]:
    """Return how many people and groups there are."""
    directory = tenant.directory.default
    return len(directory.users), len(directory.groups)


async def _tamper(tenant: Embedded) -> list[str]:
    async with tenant.client(tenant.user_caller(COLLEAGUE, _SCOPES)) as graph:
        api, spa = await _application(graph, "MyApp API (dev)"), await _application(graph, "MyApp SPA (dev)")
        await _redirect(graph, spa)
        await _describe(graph, api)
        await _forget_client(graph, api)
        await _promote(tenant, graph, api)
        await _narrow_consent(graph, spa)
    return [
        f"adds the redirect URI {_OUTSIDE} to the SPA",
        "rewrites the description of the role Writer",
        "takes the dev client off the API's authorized clients",
        "makes dave@contoso.com an Admin",
        "takes user.write out of the consent of the SPA",
    ]


async def _redirect(graph: httpx.AsyncClient, spa: dict[str, Any]) -> None:
    uris = [*spa["spa"]["redirectUris"], _OUTSIDE]
    await _send(graph, "PATCH", f"/applications/{spa['id']}", {"spa": {"redirectUris": uris}})


async def _describe(graph: httpx.AsyncClient, api: dict[str, Any]) -> None:
    # Graph changes no enabled role: it is disabled first, as the portal does.
    for edit in ({"isEnabled": False}, {"description": "Changes whatever."}, {"isEnabled": True}):
        api["appRoles"] = [role | (edit if role["value"] == "Writer" else {}) for role in api["appRoles"]]
        await _send(graph, "PATCH", f"/applications/{api['id']}", {"appRoles": api["appRoles"]})


async def _forget_client(graph: httpx.AsyncClient, api: dict[str, Any]) -> None:
    client = await _application(graph, "MyApp Dev Client (dev)")
    kept = [entry for entry in api["api"]["preAuthorizedApplications"] if entry["appId"] != client["appId"]]
    await _send(graph, "PATCH", f"/applications/{api['id']}", {"api": {"preAuthorizedApplications": kept}})


async def _promote(tenant: Embedded, graph: httpx.AsyncClient, api: dict[str, Any]) -> None:
    dave = tenant.directory.default.user_by_name("dave@contoso.com")
    if dave is None:
        raise LookupError("the example directory has no dave@contoso.com")
    principal = await _principal(graph, api)
    admin = next(role["id"] for role in api["appRoles"] if role["value"] == "Admin")
    body = {"principalId": dave["id"], "resourceId": principal, "appRoleId": admin}
    await _send(graph, "POST", f"/servicePrincipals/{principal}/appRoleAssignedTo", body)


async def _narrow_consent(graph: httpx.AsyncClient, spa: dict[str, Any]) -> None:
    principal = await _principal(graph, spa)
    grants = await _send(graph, "GET", f"/oauth2PermissionGrants?$filter=clientId eq {literal(principal)}")
    grant = next(each for each in grants["value"] if "user.write" in each["scope"].split())
    await _send(graph, "PATCH", f"/oauth2PermissionGrants/{grant['id']}", {"scope": "user.read"})


async def _application(graph: httpx.AsyncClient, name: str) -> dict[str, Any]:
    found = await _send(graph, "GET", f"/applications?$filter=displayName eq {literal(name)}")
    application: dict[str, Any] = found["value"][0]
    return application


async def _principal(graph: httpx.AsyncClient, application: dict[str, Any]) -> str:
    found = await _send(
        graph, "GET", f"/servicePrincipals?$filter=appId eq {literal(application['appId'])}&$select=id"
    )
    return str(found["value"][0]["id"])


async def _send(
    graph: httpx.AsyncClient, method: str, path: str, body: dict[str, Any] | None = None
) -> dict[str, Any]:
    response = await graph.request(method, path, json=body)
    if response.is_error:
        raise GraphError(f"{method} {path}: {response.text}", status=response.status_code)
    content: dict[str, Any] = response.json() if response.content else {}
    return content
