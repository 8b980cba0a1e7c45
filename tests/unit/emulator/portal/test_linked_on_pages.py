"""What stands on the pages of objects that it is linked to: owners, policies, own consents and sign-ins."""

from entra_emulator import seed
from tests.conformance.login.login_world import SECRET
from tests.unit.emulator.portal.browsing import CONTOSO, Browser, role_page, text_of


def test_owners_policies_and_own_consents_stand_on_each_page(browser: Browser) -> None:
    """Who may change an object by owning it, which policies it was given, what a person owns and allowed."""
    world, tenant, bob = browser.world, browser.world.tenant, browser.world.user("bob")["id"]
    app, principal = world.application("api")["id"], world.principal("api")["id"]
    admins = tenant.one("groups", "displayName", "myapp admins")
    assert admins
    tenant.owners.add(app, bob)
    tenant.owners.add(principal, world.user("carol")["id"])
    tenant.owners.add(admins["id"], bob)
    policy = {"id": "0a000000-0000-4000-8000-000000000001", "displayName": "No secrets", "isEnabled": True}
    tenant.tables["appManagementPolicies"].put({**policy, "restrictions": {}})
    tenant.app_policies.add(app, policy["id"])
    page = browser.get(f"registrations/{app}").text
    assert "Owners Bob Baker Policies No secrets" in text_of(page)
    assert f"{CONTOSO}/policies/appManagementPolicies/{policy['id']}" in page
    assert "Owners Carol Clark" in text_of(browser.get(f"enterprise/{principal}").text)
    assert "Owned by Bob Baker : whoever owns it changes" in text_of(
        browser.get(f"groups/{admins['id']}").text
    )
    text = text_of(browser.get(f"users/{bob}").text)
    owned = text.partition("Owns ")[2].partition("Own consents")[0]
    assert "Api" in owned
    assert "MyApp Admins" in owned
    assert "Spa at Api user.write own consent Bob Baker" in text.partition("Own consents")[2]
    assert "1 shown by the filter" in text_of(browser.get("grants?q=bob").text)


def test_sign_ins_stand_with_the_api_the_client_and_the_role(browser: Browser) -> None:
    """A token stands on the pages of its client, its API, its person and its roles, and of no others."""
    world = browser.world
    world.grant("spa", "api", "user.write")
    world.assign("user:bob", "api", "Writer")
    form = {"grant_type": "client_credentials", "scope": "api://api/.default"}
    secret = {"client_id": world.app_ids["daemon"], "client_secret": SECRET}
    response = browser.client.post(f"/{seed.CONTOSO}/oauth2/v2.0/token", data={**form, **secret})
    assert response.status_code == 200, response.text
    pages = {
        f"registrations/{world.application('api')['id']}": 1,
        f"enterprise/{world.principal('api')['id']}": 1,
        f"enterprise/{world.principal('daemon')['id']}": 1,
        role_page(browser, "Admin"): 1,
        role_page(browser, "Writer"): 0,
        f"enterprise/{world.principal('other')['id']}": 0,
    }
    for page, number in pages.items():
        part = text_of(browser.get(page).text).partition("Sign-ins")[2].partition("Audit trail")[0]
        assert part.count("POST /token") == number, (page, part)
