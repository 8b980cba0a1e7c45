"""Labels of the example's objects, by short addresses, as a tool sends them."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

from entra_emulator import seed
from tests.conformance.login.login_world import World
from tests.unit.emulator.portal.browsing import Browser

PARTS = {
    "appRole": "appRoles",
    "scope": "oauth2PermissionScopes",
    "identifierUri": "identifierUris",
    "redirectUri": "redirectUris",
    "credential": "credentials",
    "property": "properties",
}


def label(world: World, address: str, text: str, **more: str) -> dict[str, str]:
    """Return the label of an address such as `application.api/appRole/Admin` or
    `appRoleAssignment.api/Admin/user:bob@contoso.com`.
    """
    kind, _, joined = address.partition(".")
    key, *rest = map(unquote, joined.split("/"))
    found = {"text": text, **more}
    if kind == "application" and not rest:
        return {"object": world.application(key)["id"], "name": key, **found}
    if kind == "application":
        value = rest[1].replace(f"${{application.{key}.appId}}", world.app_ids[key])
        return {"object": world.application(key)["id"], "part": PARTS[rest[0]], "value": value, **found}
    if kind == "enterpriseApplication":
        of = {"object": world.principal(key)["id"], **found}
        return {**of, "part": "properties", "value": rest[1]} if rest else {**of, "name": key}
    if kind == "federatedCredential":
        of = {"object": world.application(key)["id"], "part": "federatedIdentityCredentials"}
        return {**of, "value": rest[0], **found}
    if kind == "appRoleAssignment":
        type_, _, name = rest[1].partition(":")
        source = world.app_ids.get(name, name) if type_ == "servicePrincipal" else name
        target = world.app_ids.get(key, key)
        return {"link": "appRoleAssignments", "from": source, "to": target, "value": rest[0], **found}
    link = {"permissionGrant": "oauth2PermissionGrants", "authorizedClient": "preAuthorizedApplications"}[
        kind
    ]
    client, api = (world.app_ids.get(each, each) for each in (key, rest[0]))
    return {"link": link, "from": client, "to": api, "value": rest[1], **found}


def put(
    browser: Browser,
    places: Mapping[str, str],
    names: Mapping[str, str] | None = None,
    *,
    source: str = "myapp/prod",
    applied: bool = True,
) -> Any:
    """Send labels by their addresses; `names` are what the source calls some of the things."""
    labels = [
        label(
            browser.world, address, text, **({"name": names[address]} if names and address in names else {})
        )
        for address, text in places.items()
    ]
    body = {"tenant": seed.CONTOSO, "source": source, "labels": labels, "applied": applied}
    return browser.client.put("/_emulator/labels", json=body)
