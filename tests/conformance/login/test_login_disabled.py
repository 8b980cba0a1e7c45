"""Disabled APIs and deactivated registrations: nobody gets a token."""

import pytest

from tests.conformance.login.login_world import World
from tests.conformance.login.signing_in import SCOPE

fact = pytest.mark.fact


@fact(
    "500014 an API whose service principal is disabled",
    source="msal-dotnet#4905, AzureAD-Attack-Defense#43",
    grade="R",
)
def test_disabled_resource(world: World) -> None:
    """Nobody gets a token for it: not a user, not by refresh, not on behalf, not an application."""
    world.grant("spa", "api", "user.read")
    world.grant("middle", "api", "user.read")
    world.grant("spa", "middle", "user.read")
    signed_in = world.sign_in("spa", "bob", f"{SCOPE} offline_access")
    middle = world.sign_in("spa", "bob", "openid api://middle/user.read")
    page = world.authorize("spa", SCOPE)
    code = world.read(page).body["code"]
    world.set_principal("api", accountEnabled=False)
    responses = [
        world.redeem_code("spa", code),
        world.refresh("spa", signed_in, "api://api/user.read"),
        world.on_behalf_of("middle", middle.body["access_token"], "api://api/user.read"),
        world.app_only("daemon", "api://api/.default"),
    ]
    assert [(response.kind, response.code, response.status) for response in responses] == [
        ("refusal", 500014, 400)
    ] * 4
    assert responses[0].text.startswith(
        "AADSTS500014: The service principal for resource 'api://api' is disabled. This indicate"
    )
    assert world.read(world.authorize("spa", SCOPE)).code == 500014
    world.set_principal("api", accountEnabled=True)
    assert world.app_only("daemon", "api://api/.default").kind == "token"


@fact("500014 which OAuth error comes with it", source="no body was recorded", grade="S", verdict="uncertain")
def test_error_of_a_disabled_resource(world: World) -> None:
    """It is `invalid_resource`, as for one that is not there."""
    world.set_principal("api", accountEnabled=False)
    assert world.app_only("daemon", "api://api/.default").error == "invalid_resource"


@fact(
    (
        "a registration that is deactivated (`isDisabled`) gets no token, in no tenant; by which code is "
        "not documented"
    ),
    source="deactivate-application-portal documentation",
    grade="D",
    verdict="uncertain",
)
def test_deactivated_registration(world: World) -> None:
    """As a client it is refused by 7000112 and as an API by 500014, as where its service principal is
    disabled.
    """
    world.grant("spa", "api", "user.read")
    world.set("api", isDisabled=True)
    assert world.app_only("daemon", "api://api/.default").code == 500014
    world.set("api", isDisabled=False)
    world.set("daemon", isDisabled=True)
    assert world.app_only("daemon", "api://api/.default").code == 7000112
    world.set("daemon", isDisabled=None)
    assert world.app_only("daemon", "api://api/.default").kind == "token"
