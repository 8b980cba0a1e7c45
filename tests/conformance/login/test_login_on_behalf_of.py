"""Tokens on behalf of a user: which assertions cannot be exchanged."""

import pytest

from tests.conformance.login.login_outcomes import refused
from tests.conformance.login.login_world import DAY, World

fact = pytest.mark.fact


@fact("assertions that cannot be exchanged", source="teams-company-communicator#214", grade="R")
def test_on_behalf_of_refusals(world: World) -> None:
    """App-only, expired, forged and id tokens are no assertions."""
    world.grant("spa", "middle", "user.read")
    world.grant("middle", "api", "user.read")
    good = world.sign_in("spa", "bob", "openid api://middle/user.read")
    token = good.body["access_token"]
    app_only = world.app_only("daemon", "api://middle/.default").body["access_token"]
    assert refused(
        world.on_behalf_of("middle", app_only, "api://api/user.read"), 7000114, "unauthorized_client", 400
    )
    forged = token[:-8] + "AAAAAAAA"
    assert refused(world.on_behalf_of("middle", forged, "api://api/user.read"), 50013, "invalid_grant", 400)
    assert refused(
        world.on_behalf_of("middle", "nonsense", "api://api/user.read"), 50027, "invalid_request", 400
    )
    id_token = world.sign_in("middle", "bob", "openid").body["id_token"]
    assert refused(world.on_behalf_of("middle", id_token, "api://api/user.read"), 50013, "invalid_grant", 400)
    assert refused(world.on_behalf_of("middle", token, ""), 900144, "invalid_request", 400)
    not_consented = world.on_behalf_of("middle", token, "api://other/user.read")
    assert not_consented.body["suberror"] == "consent_required"
    assert "error_uri" not in not_consented.body
    world.clock.advance(DAY)
    assert refused(world.on_behalf_of("middle", token, "api://api/user.read"), 500133, "invalid_grant", 400)
