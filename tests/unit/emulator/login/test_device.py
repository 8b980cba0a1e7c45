"""A device's sign-in: its codes, the pages on which its user enters one, and what comes of it."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from entra_emulator import seed
from entra_emulator.login import device
from entra_emulator.login.errors import LoginError
from tests.conformance.login.login_world import ORIGIN, World

SCOPE = "openid api://api/user.read"
NOT_WORKED = "This code did not work. Check the code and try again."


def issued(world: World, scope: str = SCOPE, client: str = "public") -> dict[str, Any]:
    """Begin the sign-in of a device."""
    form = {"client_id": world.app_ids[client], "scope": scope}
    return device.issue(world.service, world.tenant.tenant_id, ORIGIN, form)


def entered(world: World, code: str, headers: dict[str, str] | None = None, **fields: str) -> httpx.Response:
    """Send the form of the device's page."""
    return world.browser.post("/devicelogin", data={"user_code": code, **fields}, headers=headers)


def test_codes_are_forgotten_a_while_after_their_end() -> None:
    """Until then whoever asks hears that they ended."""
    world = World()
    first = issued(world)["device_code"]
    world.clock.advance(1800)
    second = issued(world)["device_code"]
    assert list(world.service.devices) == [first, second]
    world.clock.advance(1)
    third = issued(world)["device_code"]
    assert list(world.service.devices) == [second, third]


@pytest.mark.parametrize(
    ("form", "segment", "code"),
    [
        ({}, seed.CONTOSO, 900144),
        ({"client_id": "ID"}, seed.CONTOSO, 900144),
        ({"client_id": "ID", "scope": ""}, seed.CONTOSO, 900144),
        ({"client_id": seed.CONTOSO, "scope": "openid"}, seed.CONTOSO, 700016),
        ({"client_id": "ID", "scope": "openid"}, "nobody.example", 90002),
        ({"client_id": "ID", "scope": "openid"}, "common", 50059),
    ],
)
def test_what_no_device_is_given_a_code_for(form: dict[str, str], segment: str, code: int) -> None:
    """A client that is none, no scope, another tenant, and all tenants for a client of one."""
    world = World()
    fields = {name: world.app_ids["public"] if value == "ID" else value for name, value in form.items()}
    with pytest.raises(LoginError) as caught:
        device.issue(world.service, segment, ORIGIN, fields)
    assert caught.value.code in {code, 50194}
    assert world.service.devices == {}


@pytest.mark.parametrize("sent", [{}, {"user_code": ""}, {"user_code": "  "}])
def test_the_page_asks_for_a_code(sent: dict[str, str]) -> None:
    """It complains of none before one was entered."""
    world = World()
    for response in (
        world.browser.get("/devicelogin", params=sent),
        world.browser.post("/devicelogin", data=sent),
    ):
        assert "Enter code to allow access" in response.text
        assert NOT_WORKED not in response.text


def test_codes_that_do_not_work() -> None:
    """One that is none, has ended or was used; the last second is one of its own."""
    world = World()
    code = issued(world)["user_code"]
    assert NOT_WORKED in entered(world, "nonsense").text
    assert 'value="NONSENSE"' in entered(world, "nonsense").text
    world.clock.advance(900)
    assert NOT_WORKED not in entered(world, code).text
    world.clock.advance(1)
    assert NOT_WORKED in entered(world, code).text
    used = issued(world, "openid")["user_code"]
    entered(world, used, decision="continue", user=world.user("bob")["id"])
    assert NOT_WORKED in entered(world, used, decision="cancel").text


@pytest.mark.parametrize(
    ("site", "shown"), [("cross-site", True), ("same-site", True), ("same-origin", False)]
)
def test_another_page_signs_nobody_in(site: str, *, shown: bool) -> None:
    """Nor does it decline: the person is asked first."""
    world = World()
    code = issued(world, "openid")["user_code"]
    for decision in ("continue", "cancel"):
        response = entered(
            world, code, {"Sec-Fetch-Site": site}, decision=decision, user=world.user("bob")["id"]
        )
        assert ("Are you trying to sign in" in response.text) is shown
    (held,) = world.service.devices.values()
    assert (held.grant is None, held.declined) == (shown, False)


@pytest.mark.parametrize("fields", [{"user": "ID"}, {"username": " bob@contoso.com "}])
def test_who_signs_in_consents_for_himself(fields: dict[str, str]) -> None:
    """Chosen or by name; the device has the tokens then, of a client that need not keep a secret."""
    world = World()
    bob = world.user("bob")
    sent = {name: bob["id"] if value == "ID" else value for name, value in fields.items()}
    response = entered(world, issued(world)["user_code"], decision="continue", **sent)
    assert "You have signed in to Public on your device." in response.text
    (held,) = world.service.devices.values()
    now = int(world.service.now().timestamp())
    assert held.grant is not None
    assert {name: value for name, value in held.grant.items() if value and name != "session_id"} == {
        "user_id": bob["id"],
        "tenant_id": world.tenant.tenant_id,
        "client_id": world.app_ids["public"],
        "platform": "publicClient",
        "scope": SCOPE,
        "auth_time": now,
        "issued": now,
    }
    ids = {"clientId": world.principal("public")["id"], "resourceId": world.principal("api")["id"]}
    rows = [row for row in world.tenant.oauth2_permission_grants if row["resourceId"] == ids["resourceId"]]
    assert [(row["clientId"], row["principalId"], row["scope"]) for row in rows] == [
        (ids["clientId"], bob["id"], "user.read")
    ]
    assert world.tenant.audit[-1]["activityDisplayName"] == "Consent to application"


def test_who_may_not_consent_needs_an_administrator() -> None:
    """An administrator consents here for himself."""
    world = World()
    code = issued(world, "api://api/user.admin")["user_code"]
    (held,) = world.service.devices.values()
    refused = entered(world, code, decision="continue", user=world.user("bob")["id"])
    assert "Need admin approval" in refused.text
    assert held.grant is None
    entered(world, code, decision="continue", user=world.user("grace")["id"])
    assert held.grant is not None


@pytest.mark.parametrize(
    ("name", "code"), [("nobody@contoso.com", 50034), ("", 50034), ("carol@contoso.com", 50057)]
)
def test_who_is_not_let_in(name: str, code: int) -> None:
    """He reads why, and the device waits on."""
    world = World()
    world.set_user("carol", accountEnabled=False)
    begun = issued(world)
    response = entered(world, begun["user_code"], decision="continue", username=name)
    assert f"AADSTS{code}" in response.text
    held = world.service.devices[begun["device_code"]]
    assert held.grant is None
    world.set_principal("public", appRoleAssignmentRequired=True)
    with pytest.raises(LoginError, match="AADSTS50105"):
        device.entered(world.service, held, "bob@contoso.com")
