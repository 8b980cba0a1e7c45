"""`max_age`: when a user signs in again, and how long the id_token then lives."""

import pytest

from tests.conformance.login.login_outcomes import ending
from tests.conformance.login.login_world import World
from tests.conformance.login.signing_in import SCOPE, signed_in

fact = pytest.mark.fact


@fact("max_age: signing in again", source="msal-python#444, #412", grade="R")
def test_max_age(world: World) -> None:
    """Within the age the session does, after it the user signs in again, with 0 always."""
    world.grant("spa", "api", "user.read")
    world.sign_in("spa", "bob", SCOPE)
    world.clock.advance(100)
    assert ending(world.read(world.authorize("spa", SCOPE, max_age="120"))) == "code"
    assert ending(world.read(world.authorize("spa", SCOPE, max_age="0"))) == "sign-in"
    world.clock.advance(20)
    page = world.authorize("spa", SCOPE, max_age="120")
    assert ending(world.read(page)) == "sign-in"
    assert ending(world.read(world.choose(page, "bob"))) == "code"
    assert ending(world.read(world.authorize("spa", SCOPE, max_age="120"))) == "code"


@fact(
    "max_age: auth_time, and exp that follows it", source="keycloak#46078, msal-python#444, #455", grade="R"
)
@pytest.mark.parametrize(("max_age", "lives"), [("0", 0), ("600", 600)])
def test_auth_time(world: World, max_age: str, lives: int) -> None:
    """With max_age the id_token says when the user signed in, and ends as that is too old: with 0 at once."""
    world.grant("spa", "api", "user.read")
    claims = signed_in(world, "bob", max_age=max_age)
    now = int(world.clock.now().timestamp())
    assert (claims["auth_time"], claims["exp"], claims["iat"]) == (now, now + lives, now - 300)
    world.clock.advance(100)
    if lives:
        later = signed_in(world, "bob", max_age=max_age)
        assert (later["auth_time"], later["exp"]) == (now, now + lives)


@fact(
    "max_age: an id_token lives an hour at most",
    source="ED:configurable-token-lifetimes",
    grade="D",
    verdict="uncertain",
)
def test_long_max_age(world: World) -> None:
    """A long max_age makes no id_token live longer; no report says what Entra does."""
    world.grant("spa", "api", "user.read")
    claims = signed_in(world, "bob", max_age="86400")
    assert claims["exp"] - claims["iat"] == 3900


@fact(
    "max_age: the access token lives as ever",
    source="msal-python#444 speaks of one of the two",
    grade="S",
    verdict="uncertain",
)
def test_max_age_and_access_token(world: World) -> None:
    """Only the id_token ends with the age of the sign-in, and a refresh asks for no age."""
    world.grant("spa", "api", "user.read")
    response = world.choose(world.authorize("spa", f"{SCOPE} offline_access", max_age="60"), "bob")
    first = world.redeem_code("spa", world.read(response).body["code"])
    assert first.claims["exp"] - first.claims["iat"] >= 3900
    second = world.refresh("spa", first, f"{SCOPE} offline_access")
    assert second.id_claims["exp"] - second.id_claims["iat"] == 3900


@fact(
    "max_age and prompt=none",
    source="OpenID Connect Core 3.1.2.6; the code was never recorded",
    grade="S",
    verdict="uncertain",
)
def test_silent_and_too_old(world: World) -> None:
    """A silent request that needs a fresh sign-in is `login_required`."""
    world.grant("spa", "api", "user.read")
    world.sign_in("spa", "bob", SCOPE)
    outcome = world.read(world.authorize("spa", SCOPE, prompt="none", max_age="0"))
    assert (outcome.error, outcome.code) == ("login_required", 50058)


@fact("max_age that is no number", source="no report", grade="S", verdict="uncertain")
@pytest.mark.parametrize("max_age", ["-1", "soon", "1.5", "9" * 10])
def test_bad_max_age(world: World, max_age: str) -> None:
    """It is refused, not ignored: whoever sends it wants a fresh sign-in."""
    outcome = world.read(world.authorize("spa", SCOPE, max_age=max_age))
    assert (outcome.kind, outcome.error, outcome.code) == ("redirect", "invalid_request", 90023)
