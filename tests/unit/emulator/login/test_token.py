"""The token endpoint, grant by grant: what each gives, for how long, and what it refuses."""

from __future__ import annotations

from typing import Any

import pytest

from entra_emulator import seed
from entra_emulator.login.token_responses import SignInGrant
from tests.conformance.login.login_world import REDIRECTS, World

API = "api://api/user.read"
VERIFIER = "a verifier long enough to be accepted as one"


def granted(world: World, client: str = "web", **changes: Any) -> SignInGrant:
    """Return what bob granted a client a moment ago."""
    platform = {"spa": "spa", "public": "publicClient"}.get(client, "web")
    now = int(world.clock.now().timestamp())
    given: dict[str, Any] = {
        "user_id": world.user("bob")["id"],
        "tenant_id": world.tenant.tenant_id,
        "client_id": world.app_ids[client],
        "platform": platform,
        "scope": f"openid offline_access {API}",
        "session_id": "s",
        "auth_time": now,
        "issued": now,
        "redirect_uri": REDIRECTS[client],
        "challenge": VERIFIER,
        "method": "plain",
        "code_id": "c1",
        **changes,
    }
    return SignInGrant(**given)


def started() -> World:
    """Return a world in which clients may read the API."""
    world = World()
    for client in ("web", "spa", "public"):
        world.grant(client, "api", "user.read")
    return world


def redeemed(world: World, grant: SignInGrant, client: str = "web", **fields: str) -> Any:
    """Redeem a code."""
    code = fields.pop("code", grant.sealed(world.service, "code"))
    return world.redeem_code(client, code, **fields)


@pytest.mark.parametrize(
    ("changes", "fields", "code"),
    [
        ({}, {}, 0),
        ({"challenge": ""}, {"code_verifier": ""}, 0),
        ({"challenge": ""}, {}, 50148),
        ({}, {"code_verifier": ""}, 501481),
        ({}, {"code_verifier": "x" * 43}, 501481),
        ({"method": "S256"}, {}, 501481),
        ({"client_id": "other"}, {}, 9002313),
        ({"tenant_id": seed.FABRIKAM}, {}, 700005),
        ({}, {"redirect_uri": "https://x"}, 500112),
        ({}, {"redirect_uri": ""}, 900144),
        ({}, {"code": ""}, 900144),
        ({}, {"code": "nonsense"}, 9002313),
        ({}, {"grant_type": ""}, 900144),
        ({}, {"grant_type": "passphrase"}, 70003),
        ({}, {"scope": f"{API} api://other/user.read"}, 28000),
        ({"user_id": "gone"}, {}, 50034),
        ({"scope": "api://api/user.write"}, {}, 65001),
    ],
)
def test_a_code_is_its_client_s(changes: dict[str, Any], fields: dict[str, str], code: int) -> None:
    """For its redirect URI, with its verifier; a refused one may be tried again."""
    world = started()
    found = redeemed(world, granted(world, **changes), **fields)
    assert found.code == code
    assert (found.kind == "token") is (code == 0)
    assert list(world.service.redeemed) == ([] if code else ["c1"])


@pytest.mark.parametrize(("age", "code"), [(600, 0), (601, 70008)])
def test_a_code_lives_ten_minutes(age: int, code: int) -> None:
    """And is used once, which is remembered for as long."""
    world = started()
    grant = granted(world)
    world.clock.advance(age)
    assert redeemed(world, grant).code == code
    if not code:
        fresh = granted(world)
        assert redeemed(world, fresh).code == 54005
        world.clock.advance(600)
        redeemed(world, granted(world, code_id="c2"))
        assert list(world.service.redeemed) == ["c1", "c2"]
        world.clock.advance(1)
        redeemed(world, granted(world, code_id="c3"))
        assert list(world.service.redeemed) == ["c2", "c3"]


def test_a_refresh_token_is_its_client_s() -> None:
    """And its user's, who is a guest nowhere; it brings the next one though nobody asks for it."""
    world = started()
    found = redeemed(world, granted(world))
    assert world.refresh("middle", found).code == 9002313
    assert world.refresh("web", found, "nonsense//").code == 500011
    again = world.refresh("web", found, API)
    assert "refresh_token" in again.body
    assert "id_token" not in again.body
    home = world.directory.tenants[seed.FABRIKAM]
    alice = next(iter(home.users))
    foreign = granted(world, tenant_id=seed.FABRIKAM, user_id=alice["id"])
    sealed = foreign.sealed(world.service, "refresh_token")
    assert world.token("web", {"grant_type": "refresh_token", "refresh_token": sealed}).code == 50020
