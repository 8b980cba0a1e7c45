"""Refresh tokens: rotated, lapsed, revoked, and for which resource they are redeemed."""

import pytest

from tests.conformance.login.login_outcomes import refused
from tests.conformance.login.login_world import DAY, World
from tests.conformance.login.signing_in import code_for

fact = pytest.mark.fact


@fact("rotation without reuse detection", source="ED:refresh-tokens", grade="D")
def test_rotation(world: World) -> None:
    """Each use returns a new refresh token, and the old one stays valid."""
    first = world.redeem_code("web", code_for(world, "web"))
    second = world.refresh("web", first)
    assert second.body["refresh_token"] != first.body["refresh_token"]
    assert world.refresh("web", first).kind == world.refresh("web", second).kind == "token"


@fact("90 days of inactivity", source="foundry-dev-tools#707", grade="R")
def test_inactivity(world: World) -> None:
    """A refresh token lives 90 days after its last use, which begins anew with each."""
    first = world.redeem_code("web", code_for(world, "web"))
    world.clock.advance(89 * DAY)
    second = world.refresh("web", first)
    world.clock.advance(89 * DAY)
    assert world.refresh("web", second).kind == "token"
    outcome = world.refresh("web", first)
    assert refused(outcome, 700082, "invalid_grant", 400)
    assert outcome.body["suberror"] == "bad_token"


@fact("24 hours for SPAs, never extended", source="msal-js#6765, #7033", grade="R")
def test_spa_lifetime(world: World) -> None:
    """A SPA's refresh tokens end 24 hours after the sign-in, however often they were used."""
    first = world.redeem_code("spa", code_for(world, "spa"))
    world.clock.advance(DAY - 60)
    second = world.refresh("spa", first)
    assert second.body["refresh_token_expires_in"] == 59
    world.clock.advance(60)
    outcome = world.refresh("spa", second)
    assert refused(outcome, 700084, "invalid_grant", 400)
    assert outcome.body["suberror"] == "bad_token"


@fact("revoked sign-in sessions", source="ED:refresh-tokens", grade="D", verdict="uncertain")
def test_revoked_sessions(world: World) -> None:
    """What was issued before the user's sessions were revoked is refused, what comes after works."""
    first = world.redeem_code("web", code_for(world, "web"))
    world.clock.advance(10)
    world.set_user("bob", signInSessionsValidFromDateTime=world.clock.now().strftime("%Y-%m-%dT%H:%M:%SZ"))
    assert refused(world.refresh("web", first), 50173, "invalid_grant", 400)
    again = world.redeem_code("web", code_for(world, "web", prompt="login"))
    assert world.refresh("web", again).kind == "token"


@fact("client = resource", source="ED:reference-error-codes", grade="D")
def test_a_token_for_itself(world: World) -> None:
    """An application may ask for a token for itself by its id only: 90009."""
    world.grant("middle", "middle", "user.read")
    scope = "offline_access {}/user.read"
    by_id = world.sign_in("middle", "bob", scope.format(world.app_ids["middle"]))
    assert by_id.claims["aud"] == world.app_ids["middle"]
    assert refused(world.refresh("middle", by_id, "api://middle/user.read"), 90009, "invalid_request", 400)
