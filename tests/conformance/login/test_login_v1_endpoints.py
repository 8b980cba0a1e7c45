"""The v1 endpoints: a resource in the place of scopes, numbers as text."""

import pytest

from tests.conformance.login.login_world import REDIRECTS, SECRET, World

fact = pytest.mark.fact


@fact("v1 endpoint: numbers are strings", source="OBO doc", grade="R")
def test_v1_endpoint(world: World) -> None:
    """The v1 endpoint takes a resource, and its numbers are text; the token's version is still the
    resource's.
    """
    form = {"grant_type": "client_credentials", "client_id": world.app_ids["daemon"], "client_secret": SECRET}
    path = f"/{world.tenant.tenant_id}/oauth2/token"
    body = world.browser.post(path, data={**form, "resource": "api://api"}).json()
    now = int(world.clock.now().timestamp())
    assert {name: body[name] for name in body if name != "access_token"} == {
        "token_type": "Bearer",
        "expires_in": "3599",
        "ext_expires_in": "3599",
        "expires_on": str(now + 3599),
        "not_before": str(now - 300),
        "resource": "api://api",
    }
    assert world.service.keys.verify(body["access_token"])["ver"] == "2.0"
    assert world.browser.post(path, data=form).json()["error_codes"] == [900144]
    unknown = world.browser.post(path, data={**form, "resource": "api://nobody"})
    assert unknown.json()["error_codes"] == [500011]


@fact("the v1 authorize endpoint that v1 discovery names", source="PNP", grade="D", verdict="uncertain")
def test_v1_authorize(world: World) -> None:
    """A v1 client names a resource and no scopes, and gets what was granted of it, with a refresh token
    unasked.
    """
    world.grant("web", "api", "user.read")
    document = world.browser.get(f"/{world.tenant.tenant_id}/.well-known/openid-configuration").json()
    requested = {
        "client_id": world.app_ids["web"],
        "response_type": "code",
        "resource": "api://api",
        "state": "s",
    }
    page = world.browser.get(
        document["authorization_endpoint"], params={**requested, "redirect_uri": REDIRECTS["web"]}
    )
    back = world.read(world.choose(page, "bob"))
    form = {
        "grant_type": "authorization_code",
        "code": back.body["code"],
        "redirect_uri": REDIRECTS["web"],
        "client_id": world.app_ids["web"],
        "client_secret": SECRET,
        "resource": "api://api",
    }
    body = world.browser.post(document["token_endpoint"], data=form).json()
    assert back.body["state"] == "s"
    assert world.service.keys.verify(body["access_token"])["scp"] == "user.read"
    assert {"refresh_token", "resource", "expires_on"} <= set(body)


@fact("the v1 device code endpoint that v1 discovery names", source="PNP", grade="D", verdict="uncertain")
def test_v1_device_code(world: World) -> None:
    """A v1 device names a resource, is answered `verification_url` and text, and redeems its code as
    `code`.
    """
    world.grant("public", "api", "user.read")
    tenant = f"/{world.tenant.tenant_id}/oauth2"
    form = {"client_id": world.app_ids["public"], "resource": "api://api"}
    start = world.browser.post(f"{tenant}/devicecode", data=form).json()
    assert list(start) == [
        "user_code",
        "device_code",
        "verification_url",
        "expires_in",
        "interval",
        "message",
    ]
    assert (start["expires_in"], start["interval"]) == ("900", "5")
    page = world.browser.post("/devicelogin", data={"user_code": start["user_code"]})
    fields = {"user_code": start["user_code"], "user": world.user("bob")["id"], "decision": "continue"}
    assert page.status_code == 200
    world.browser.post("/devicelogin", data=fields)
    poll = {**form, "grant_type": "device_code", "code": start["device_code"]}
    body = world.browser.post(f"{tenant}/token", data=poll).json()
    assert world.service.keys.verify(body["access_token"])["scp"] == "user.read"
    assert world.browser.post(f"{tenant}/devicecode", data={"client_id": "x"}).json()["error_codes"] == [
        900144
    ]
