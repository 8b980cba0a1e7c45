"""What the sign-in answers beside its endpoints, and to pages of other sites."""

import pytest

from tests.conformance.login.login_world import World


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/nowhere/at/all", 404, "NotFound"),
        ("PUT", "/devicelogin", 405, "MethodNotAllowed"),
        ("DELETE", "/common/oauth2/v2.0/token", 405, "MethodNotAllowed"),
    ],
)
def test_what_is_not_served_is_named(method: str, path: str, status: int, code: str) -> None:
    """With the method and the path that were asked for."""
    response = World().browser.request(method, path)
    assert (response.status_code, response.json()["error"]["code"]) == (status, code)
    assert response.json()["error"]["message"] == f"The emulator serves nothing at {method} {path}."


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
@pytest.mark.parametrize("decision", ["continue", "cancel"])
def test_no_other_page_decides_about_a_device(site: str, decision: str) -> None:
    """A form that another site sends leads to the question alone; the device goes on waiting."""
    world = World()
    world.grant("public", "api", "user.read")
    form = {"client_id": world.app_ids["public"], "scope": "api://api/user.read"}
    start = world.browser.post(world.path("devicecode"), data=form).json()
    fields = {"user_code": start["user_code"], "user": world.user("bob")["id"], "decision": decision}
    page = world.browser.post("/devicelogin", data=fields, headers={"Sec-Fetch-Site": site})
    assert "Are you trying to sign in to Public?" in page.text
    poll = {"grant_type": "urn:ietf:params:oauth:grant-type:device_code", "device_code": start["device_code"]}
    assert world.token("public", poll).error == "authorization_pending"
