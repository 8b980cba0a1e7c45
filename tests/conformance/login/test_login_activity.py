"""Each access token is noted, by its client and its API: what the report of sign-in activities is made of."""

import pytest

from tests.conformance.login.login_world import World


@pytest.mark.fact(
    "a token is an activity of its client and its API",
    source="serviceprincipalsigninactivity documentation",
    grade="D",
)
def test_activity(world: World) -> None:
    """As itself and for a person apart; who got no token did nothing."""
    assert world.app_only("daemon", "api://api/.default").body["access_token"]
    kept = world.tenant.activity

    assert set(kept) == {world.app_ids["daemon"], world.app_ids["api"]}
    assert list(kept[world.app_ids["daemon"]]) == ["applicationAuthenticationClientSignInActivity"]
    assert list(kept[world.app_ids["api"]]) == ["applicationAuthenticationResourceSignInActivity"]
    world.app_only("web", "api://nothing/.default")
    assert world.app_ids["web"] not in kept
