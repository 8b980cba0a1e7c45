"""A user name and a password at the token endpoint: who signs in, who is refused, and with which code."""

import pytest

from tests.conformance.login.login_outcomes import refused
from tests.conformance.login.login_world import SECRET, World

fact = pytest.mark.fact
_PASSWORD = "any-password-of-the-test"


def _form(**fields: str) -> dict[str, str]:
    return {
        "grant_type": "password",
        "username": "bob@contoso.com",
        "password": _PASSWORD,
        "scope": "api://api/user.read",
        **fields,
    }


@fact("the password grant (ROPC)", source="ED:v2-oauth-ropc", grade="D")
@pytest.mark.parametrize("segment", ["contoso.com", "organizations"])
def test_a_password_signs_in_where_the_tenant_chose_it(world: World, segment: str) -> None:
    """The tokens are those of the user; a public client sends no secret, a confidential one does."""
    world.tenant.choices = world.tenant.choices.changed({"anyPasswordSignsIn": True})
    world.grant("public", "api", "user.read")
    world.grant("web", "api", "user.read")
    for client, more in (("public", {}), ("web", {"client_secret": SECRET})):
        form = {**_form(**more), "client_id": world.app_ids[client]}
        outcome = world.read(world.browser.post(f"/{segment}/oauth2/v2.0/token", data=form))
        assert (outcome.claims["scp"], outcome.claims["oid"]) == ("user.read", world.user("bob")["id"])


@fact("the password grant (ROPC)", source="ED:v2-oauth-ropc", grade="D")
@pytest.mark.parametrize(
    ("form", "code", "error"),
    [
        ({"username": ""}, 900144, "invalid_request"),
        ({"password": ""}, 900144, "invalid_request"),
        ({"username": "nobody@contoso.com"}, 50034, "invalid_grant"),
        ({"username": "erin@contoso.com"}, 50057, "invalid_grant"),
        ({"username": "frank@contoso.com"}, 50055, "invalid_grant"),
        ({}, 65001, "invalid_grant"),
    ],
)
def test_who_is_refused(world: World, form: dict[str, str], code: int, error: str) -> None:
    """Missing names, unknown and disabled users, expired passwords, no consent."""
    world.tenant.choices = world.tenant.choices.changed({"anyPasswordSignsIn": True})
    users = world.tenant.users
    users.put({**world.user("erin"), "accountEnabled": False})
    users.put({**world.user("frank"), "passwordProfile": {"forceChangePasswordNextSignIn": True}})
    assert refused(world.token("public", _form(**form)), code, error, 400)


@fact("the password grant (ROPC)", source="ED:v2-oauth-ropc", grade="D")
def test_each_password_is_wrong_unless_the_tenant_chose_otherwise(world: World) -> None:
    """An unknown user is told from a wrong password, as Entra does."""
    world.grant("public", "api", "user.read")
    assert refused(world.token("public", _form()), 50126, "invalid_grant", 400)
    unknown = world.token("public", _form(username="nobody@contoso.com"))
    assert refused(unknown, 50034, "invalid_grant", 400)


@fact(
    "ten wrong passwords lock an account for a minute",
    source="howto-password-smart-lockout",
    grade="D",
    verdict="differs: the lock does not get longer",
)
def test_lockout(world: World) -> None:
    """The same wrong password counts once; other users are not locked, and a minute later nobody is."""
    for number in [*range(10), 9, 9]:
        refusal = world.token("public", _form(password=f"wrong {min(number, 8)}"))
        assert refused(refusal, 50126, "invalid_grant", 400)
    assert refused(world.token("public", _form(password="wrong at last")), 50126, "invalid_grant", 400)
    assert refused(world.token("public", _form()), 50053, "invalid_grant", 400)
    other = world.token("public", _form(username="alice@contoso.com"))
    assert refused(other, 50126, "invalid_grant", 400)
    world.clock.advance(60)
    assert refused(world.token("public", _form()), 50126, "invalid_grant", 400)
    assert refused(world.token("public", _form(password="again")), 50053, "invalid_grant", 400)


@fact("the password grant (ROPC)", source="ED:v2-oauth-ropc", grade="D")
def test_a_client_that_is_not_public_needs_its_secret(world: World) -> None:
    """Without one it is refused before anybody looks at the password."""
    form = {**_form(), "client_id": world.app_ids["web"]}
    refusal = world.read(world.browser.post(world.path("token"), data=form))
    assert refused(refusal, 7000218, "invalid_client", 401)


@fact("the password grant is not served on /common", source="ED:v2-oauth-ropc", grade="D")
def test_common_is_refused(world: World) -> None:
    """Only a tenant or `organizations` takes a password."""
    form = {**_form(), "client_id": world.app_ids["public"]}
    response = world.browser.post("/common/oauth2/v2.0/token", data=form)
    assert response.json()["error_codes"] == [9001023]
