"""An application that only some tenants may use: sign-in there, and everywhere else."""

import pytest

from entra_emulator import seed
from entra_emulator.tenant import Tenant
from tests.conformance.login.login_outcomes import Outcome, hidden
from tests.conformance.login.login_world import ORIGIN, REDIRECTS, SECRET, World

fact = pytest.mark.fact
NAME = "signInAudienceRestrictions"
SOURCE = "allowedTenantsAudience documentation; how the rest is refused was not seen"
ELSEWHERE = "818ce016-78c2-457c-91d7-c02c2faaa5fe"


@pytest.fixture
def other(world: World) -> Tenant:
    """Let people of two tenants sign in to `web` and `api`, each with a service principal in both."""
    found = world.directory.find("fabrikam.com")
    assert found is not None
    for name in ("web", "api", "daemon"):
        world.set(name, signInAudience="AzureADMultipleOrgs")
        seed.add_service_principal(found, world.application(name))
    return found


def only(world: World, name: str, *ids: str) -> None:
    """Restrict an application to tenants."""
    world.set(name, **{NAME: {"kind": "allowedTenants", "allowedTenantIds": list(ids)}})


def sign_in(world: World, segment: str, user: str) -> Outcome:
    """Sign somebody in to `web`, consenting."""
    browser = world.browser = world.new_browser()
    query = {
        "client_id": world.app_ids["web"],
        "redirect_uri": REDIRECTS["web"],
        "response_type": "code",
        "scope": "openid profile offline_access",
    }
    page = browser.get(f"/{segment}/oauth2/v2.0/authorize", params=query)
    if page.status_code != 200 or 'name="flow"' not in page.text:
        return world.read(page)
    page = browser.post(f"/{segment}/login", data={"flow": hidden(page, "flow"), "username": user})
    return world.read(world.response_consent(page))


@fact(
    "signInAudienceRestrictions: who may sign in as a client's user",
    source=SOURCE,
    grade="D",
    verdict="uncertain",
)
def test_clients(world: World, other: Tenant) -> None:
    """The home tenant and those on the list may; any other is refused, at its own endpoint and on `common`,
    which first asks who it is.
    """
    home = world.tenant.tenant_id
    for ids, allowed in (
        ((other.tenant_id,), True),
        ((other.tenant_id.upper(),), True),
        ((ELSEWHERE,), False),
    ):
        only(world, "web", *ids)
        assert sign_in(world, home, "bob@contoso.com").kind == "redirect"
        assert sign_in(world, "common", "bob@contoso.com").kind == "redirect"
        for segment in (other.tenant_id, "common"):
            found = sign_in(world, segment, "bob@fabrikam.com")
            assert (found.kind, found.code) == (("redirect", 0) if allowed else ("page", 700016)), segment


@fact(
    "signInAudienceRestrictions: tokens that were given before", source=SOURCE, grade="D", verdict="uncertain"
)
def test_refresh(world: World, other: Tenant) -> None:
    """A refresh token of a tenant that is no longer on the list gives nothing."""
    only(world, "web", other.tenant_id)
    code = sign_in(world, "common", "bob@fabrikam.com").body["code"]
    client = {"client_id": world.app_ids["web"], "client_secret": SECRET}
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": REDIRECTS["web"], **client}
    response = world.read(world.browser.post("/common/oauth2/v2.0/token", data=form))
    again = {"grant_type": "refresh_token", "refresh_token": response.body["refresh_token"], **client}
    for segment in (other.tenant_id, "organizations"):
        path = f"/{segment}/oauth2/v2.0/token"
        assert world.read(world.browser.post(path, data=again)).kind == "token"
        only(world, "web", ELSEWHERE)
        assert world.read(world.browser.post(path, data=again)).code == 700016
        only(world, "web", other.tenant_id)


@fact(
    "signInAudienceRestrictions: an API's, and an application's as itself",
    source=SOURCE,
    grade="D",
    verdict="uncertain",
)
def test_resources(world: World, other: Tenant) -> None:
    """The list counts for what is asked for as well: a tenant that is not on it gets no token for the API."""
    form = {
        "grant_type": "client_credentials",
        "client_id": world.app_ids["daemon"],
        "client_secret": SECRET,
        "scope": f"{world.app_ids['api']}/.default",
    }

    def token(segment: str) -> Outcome:
        return world.read(world.browser.post(f"{ORIGIN}/{segment}/oauth2/v2.0/token", data=form))

    only(world, "api", other.tenant_id)
    assert token(other.tenant_id).claims["tid"] == other.tenant_id
    only(world, "api", ELSEWHERE)
    assert token(other.tenant_id).code == 500011
    assert token(world.tenant.tenant_id).claims["aud"] == world.app_ids["api"]
    only(world, "api", other.tenant_id)
    only(world, "daemon", ELSEWHERE)
    assert token(other.tenant_id).code == 700016


@fact(
    "signInAudienceRestrictions: an application of another tenant on `common`",
    source=SOURCE,
    grade="D",
    verdict="uncertain",
)
def test_an_application_of_another_tenant_on_common(world: World) -> None:
    """Whose tenant `common` is follows from who signed in; an application by itself has nobody to say so."""
    found = world.directory.find("fabrikam.com")
    assert found is not None
    app = seed.add_application(
        found,
        "Theirs",
        app_id=seed.fixed_id("login", "theirs"),
        signInAudience="AzureADMultipleOrgs",
        web={"redirectUris": [REDIRECTS["web"]]},
        **{NAME: {"kind": "allowedTenants", "allowedTenantIds": [found.tenant_id]}},
    )
    seed.add_service_principal(found, app)
    seed.add_secret(found, app, SECRET)
    world.app_ids["web"] = app["appId"]
    client = {"client_id": app["appId"], "client_secret": SECRET}
    code = sign_in(world, "common", "bob@fabrikam.com").body["code"]
    by_code = {"grant_type": "authorization_code", "code": code, "redirect_uri": REDIRECTS["web"]}
    alone = {"grant_type": "client_credentials", "scope": "https://graph.microsoft.com/.default"}
    path = "/common/oauth2/v2.0/token"
    assert world.read(world.browser.post(path, data=by_code | client)).kind == "token"
    assert world.read(world.browser.post(path, data=alone | client)).code == 700016
