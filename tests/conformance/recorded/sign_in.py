"""Send the recorded requests of sign-in to a tenant of this process."""

import httpx

from tests.conformance.login.login_world import SECRET, World
from tests.conformance.recorded.shapes import Shape

_GRAPH = "https://graph.microsoft.com"


def respond(shape: Shape) -> httpx.Response:
    """Send the recorded request."""
    world = World()
    path = shape.path.replace("{id}", world.tenant.tenant_id)
    if shape.recorded["method"] == "GET":
        return world.browser.get(path)
    client = {"client_id": world.app_ids["daemon"]}
    # Microsoft's own client, which was recorded, is one of every tenant.
    world.set("public", signInAudience="AzureADMultipleOrgs")
    if path.endswith("/devicecode"):
        return world.browser.post(path, data={"client_id": world.app_ids["public"], "scope": "openid"})
    if "refresh_token" in shape.body:
        return _redeem_device_code(world, path)
    secret = SECRET
    match shape.body.get("error_codes"):
        case [7000215]:
            secret = "another secret"
        case [7000222]:
            (row,) = world.application("daemon")["passwordCredentials"]
            world.set("daemon", passwordCredentials=[{**row, "endDateTime": "2025-12-01T00:00:00Z"}])
    form = {**client, "client_secret": secret, "grant_type": "client_credentials"}
    scope = {"scope": f"{_GRAPH}/.default"} if "/v2.0/" in path else {"resource": _GRAPH}
    return world.browser.post(path, data=form | scope)


def _redeem_device_code(world: World, path: str) -> httpx.Response:
    client = {"client_id": world.app_ids["public"]}
    world.grant("public", "graph", "openid profile offline_access User.Read")
    scope = f"{_GRAPH}/User.Read openid profile offline_access"
    issued = world.browser.post(path.replace("/token", "/devicecode"), data={**client, "scope": scope}).json()
    user = world.user("alice")["id"]
    page = {"user_code": issued["user_code"], "user": user, "decision": "continue"}
    assert world.browser.post("/devicelogin", data=page).status_code == 200
    grant = {"grant_type": "device_code", "device_code": issued["device_code"], "client_info": "1"}
    return world.browser.post(path, data={**client, "scope": scope, **grant})
