"""Who signs in: the users that the page lists, unknown and disabled ones, those of other tenants."""

import html

import pytest

from tests.conformance.login.login_outcomes import Outcome, hidden
from tests.conformance.login.login_world import REDIRECTS, SECRET, World
from tests.conformance.login.signing_in import SCOPE

fact = pytest.mark.fact


@fact("50034 and 50057 are shown inline", source="Microsoft365DSC#801", grade="R")
def test_wrong_and_disabled_users(world: World) -> None:
    """An unknown or disabled user stays on the sign-in page with the reason."""
    flow = hidden(world.authorize("spa", SCOPE), "flow")
    unknown = world.browser.post(
        f"/{world.tenant.tenant_id}/login", data={"flow": flow, "username": "nobody@contoso.com"}
    )
    assert "nobody@contoso.com does not exist in the Contoso directory" in html.unescape(unknown.text)
    world.set_user("bob", accountEnabled=False)
    disabled = world.browser.post(
        f"/{world.tenant.tenant_id}/login", data={"flow": flow, "username": "bob@contoso.com"}
    )
    assert "The user account is disabled." in disabled.text
    assert world.read(disabled).kind == "sign-in"


@fact("login hints on the page", source="clients", grade="R")
def test_the_sign_in_page_lists_the_users(world: World) -> None:
    """The page lists the directory's users, the hinted one first, and says that it is the emulator."""
    page = world.authorize("spa", SCOPE, login_hint="mallory@contoso.com")
    text = page.text
    assert "entra-emulator" in text
    assert text.index("mallory@contoso.com") < text.index("alice@contoso.com")
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "form-action" not in policy


@fact(
    "users of other tenants; tid is the user's tenant",
    source="firecrawl#2374, ED:access-tokens",
    grade="R",
)
def test_users_of_other_tenants(world: World) -> None:
    """On /common a multi-tenant application takes users of every tenant, elsewhere they get 50020."""
    other = world.directory.find("fabrikam.com")
    assert other is not None
    query = {
        "client_id": world.app_ids["web"],
        "redirect_uri": REDIRECTS["web"],
        "response_type": "code",
        "scope": "openid profile",
    }

    def sign_in(tenant: str) -> Outcome:
        page = world.browser.get(f"/{tenant}/oauth2/v2.0/authorize", params=query)
        fields = {"flow": hidden(page, "flow"), "username": "bob@fabrikam.com"}
        return world.read(world.response_consent(world.browser.post(f"/{tenant}/login", data=fields)))

    refused = sign_in(world.tenant.tenant_id)
    assert (refused.kind, refused.code) == ("page", 50020)
    world.set("web", signInAudience="AzureADMultipleOrgs")
    form = {
        "grant_type": "authorization_code",
        "client_id": world.app_ids["web"],
        "client_secret": SECRET,
        "code": sign_in("common").body["code"],
        "redirect_uri": REDIRECTS["web"],
        "scope": "openid profile offline_access",
    }
    response = world.read(world.browser.post("/common/oauth2/v2.0/token", data=form))
    assert response.claims["tid"] == response.id_claims["tid"] == other.tenant_id
    assert response.id_claims["iss"] == f"https://localhost:8443/{other.tenant_id}/v2.0"
    again = {**form, "grant_type": "refresh_token", "refresh_token": response.body["refresh_token"]}
    assert (
        world.read(world.browser.post("/organizations/oauth2/v2.0/token", data=again)).claims["tid"]
        == other.tenant_id
    )
    assert world.read(world.browser.post(world.path("token"), data=again)).code == 50020
