"""The token endpoint, grant by grant: what each gives, for how long, and what it refuses."""

from __future__ import annotations

from typing import Any

import pytest

from entra_emulator import seed
from entra_emulator.login.token_responses import SignInGrant
from tests.conformance.login.login_world import REDIRECTS, SECRET, SPA_ORIGIN, World

API = "api://api/user.read"
VERIFIER = "a verifier long enough to be accepted as one"
DAY = 24 * 3600


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


def test_a_page_s_refresh_token_ends_with_the_day() -> None:
    """It says so, and is never extended."""
    world = started()
    grant = granted(world, "spa", issued=int(world.clock.now().timestamp()) - 60)
    found = redeemed(world, grant, "spa")
    assert found.body["refresh_token_expires_in"] == DAY - 61
    world.clock.advance(DAY - 61)
    again = world.refresh("spa", found)
    assert (again.code, again.body["refresh_token_expires_in"]) == (0, 0)
    world.clock.advance(1)
    assert world.refresh("spa", again).code == 700084


@pytest.mark.parametrize(("days", "code"), [(89, 0), (90, 700082)])
def test_a_refresh_token_ends_when_nobody_uses_it(days: int, code: int) -> None:
    """Each use begins anew."""
    world = started()
    found = redeemed(world, granted(world))
    world.clock.advance(80 * DAY)
    again = world.refresh("web", found)
    assert again.code == 0
    world.clock.advance(days * DAY)
    assert world.refresh("web", again).code == code


@pytest.mark.parametrize(
    ("valid", "code"), [(None, 0), ("2026-01-01T00:00:00.5Z", 0), ("2026-01-01T00:00:01Z", 50173)]
)
def test_sessions_that_were_taken_back(valid: str | None, code: int) -> None:
    """What was granted before that second is refused."""
    world = started()
    found = redeemed(world, granted(world))
    world.set_user("bob", signInSessionsValidFromDateTime=valid)
    assert world.refresh("web", found).code == code


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


@pytest.mark.parametrize(
    ("scope", "code"),
    [
        ("api://api/.default", 0),
        ("openid api://api/.default", 0),
        ("", 900144),
        ("openid", 1002012),
        (API, 1002012),
        ("api://api/.default api://api/user.read", 1002012),
        ("api://api/.default api://other/.default", 70011),
        ("api://api/.default api://other/user.read", 1002012),
        ("api://nobody/.default", 500011),
    ],
)
def test_what_an_application_asks_for_itself(scope: str, code: int) -> None:
    """All that it holds of one resource, and nothing else."""
    found = started().app_only("daemon", scope)
    assert found.code == code
    if not code:
        assert set(found.body) == {"token_type", "expires_in", "ext_expires_in", "access_token"}
        assert (found.body["token_type"], found.body["expires_in"]) == ("Bearer", 3599)


@pytest.mark.parametrize(
    ("segment", "code"), [("common", 9001023), ("consumers", 900023), ("contoso.com", 0)]
)
def test_an_application_asks_in_its_tenant(segment: str, code: int) -> None:
    """Not at an endpoint of nobody in particular."""
    world = started()
    form = {
        "client_id": world.app_ids["daemon"],
        "client_secret": SECRET,
        "grant_type": "client_credentials",
        "scope": "api://api/.default",
    }
    response = world.browser.post(f"/{segment}/oauth2/v2.0/token", data=form)
    assert response.json().get("error_codes", [0]) == [code]


@pytest.mark.parametrize(("assigned", "code"), [(False, 501051), (True, 0)])
def test_an_application_needs_a_role_where_that_is_asked_for(*, assigned: bool, code: int) -> None:
    """Of another API; for itself it needs none."""
    world = started()
    world.set_principal("api", appRoleAssignmentRequired=True)
    if assigned:
        world.assign("app:daemon", "api", "Reader")
    found = world.app_only("daemon", "api://api/.default")
    assert found.code == code
    world.set_principal("daemon", appRoleAssignmentRequired=True)
    assert world.app_only("daemon", f"{world.app_ids['daemon']}/.default").code == 0


def test_a_client_that_asks_for_itself_by_a_uri() -> None:
    """It has to name its id."""
    world = started()
    world.set("web", identifierUris=["api://web"])
    world.set_principal("web", servicePrincipalNames=[world.app_ids["web"], "api://web"])
    assert redeemed(world, granted(world, scope="api://web/x")).code == 90009


@pytest.mark.parametrize("origin", [None, SPA_ORIGIN])
def test_a_preflight_of_the_endpoint(origin: str | None) -> None:
    """Pages may redeem."""
    world = World()
    headers = {"Origin": origin} if origin else {}
    response = world.browser.options(world.path("token"), headers=headers)
    assert response.status_code == 200
    assert response.headers.get("access-control-allow-origin") == origin
