"""Device codes: waiting, declined, expired, redeemed, and by which client."""

import pytest

from tests.conformance.login.login_outcomes import refused
from tests.conformance.login.login_world import World
from tests.conformance.login.signing_in import OFFLINE_SCOPE

fact = pytest.mark.fact


@fact("device code", source="PNP", grade="R")
def test_device_code(world: World) -> None:
    """A device waits with 70016, is declined, expires, and is served once somebody signed in."""
    world.grant("public", "api", "user.read")
    form = {"client_id": world.app_ids["public"], "scope": OFFLINE_SCOPE}
    start = world.browser.post(world.path("devicecode"), data=form).json()
    assert list(start) == [
        "user_code",
        "device_code",
        "verification_uri",
        "expires_in",
        "interval",
        "message",
    ]
    assert (len(start["user_code"]), start["expires_in"], start["interval"]) == (9, 900, 5)
    poll = {"grant_type": "urn:ietf:params:oauth:grant-type:device_code", "device_code": start["device_code"]}
    assert refused(world.token("public", poll), 70016, "authorization_pending", 400)
    page = world.browser.post("/devicelogin", data={"user_code": start["user_code"]})
    assert "Are you trying to sign in to Public?" in page.text
    fields = {"user_code": start["user_code"], "user": world.user("bob")["id"], "decision": "continue"}
    assert "You have signed in" in world.browser.post("/devicelogin", data=fields).text
    world.set("spa", isFallbackPublicClient=True)
    other = world.token("spa", poll, origin=None)  # whoever got hold of the code is another client
    assert refused(other, 70019, "bad_verification_code", 400)
    assert world.token("public", poll).claims["preferred_username"] == "bob@contoso.com"
    assert refused(world.token("public", poll), 70019, "bad_verification_code", 400)


@fact("declined and expired device codes", source="ED:v2-oauth2-device-code", grade="D")
def test_device_code_that_fails(world: World) -> None:
    """`authorization_declined` and `expired_token`, both 400."""
    form = {"client_id": world.app_ids["public"], "scope": OFFLINE_SCOPE}
    poll = {"grant_type": "urn:ietf:params:oauth:grant-type:device_code"}
    declined = world.browser.post(world.path("devicecode"), data=form).json()
    world.browser.post("/devicelogin", data={"user_code": declined["user_code"], "decision": "cancel"})
    assert (
        world.token("public", {**poll, "device_code": declined["device_code"]}).error
        == "authorization_declined"
    )
    expired = world.browser.post(world.path("devicecode"), data=form).json()
    world.clock.advance(901)
    assert refused(
        world.token("public", {**poll, "device_code": expired["device_code"]}), 70020, "expired_token", 400
    )


@fact("an application that is not public", source="PNP", grade="R")
def test_device_code_of_a_confidential_client(world: World) -> None:
    """Without `isFallbackPublicClient` the poll is 401 7000218."""
    form = {"client_id": world.app_ids["spa"], "scope": OFFLINE_SCOPE}
    start = world.browser.post(world.path("devicecode"), data=form).json()
    poll = {"grant_type": "urn:ietf:params:oauth:grant-type:device_code", "device_code": start["device_code"]}
    assert refused(world.token("spa", poll, origin=None), 7000218, "invalid_client", 401)
