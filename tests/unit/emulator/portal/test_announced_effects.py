"""What a question announces before a change is what comes of it: who loses, keeps and gets back what."""

import html
import re
from urllib.parse import urlencode

import pytest

from entra_emulator.fault_plan import FaultPlan
from tests.unit.emulator.portal import example
from tests.unit.emulator.portal.browsing import Browser, group_of, text_of


@pytest.fixture
def browser() -> Browser:
    """Give an API whose roles come directly and through groups."""
    return example.through_groups()


def test_what_is_asked_before_a_deletion_is_what_comes_of_it(browser: Browser) -> None:
    """Who loses what, what is kept, what can be restored: of an application, a person and a group."""
    world = browser.world
    text = text_of(browser.get(f"edit/delete-principal?principal={world.principal('api')['id']}").text)
    assert "− Lose Admin: Alice Archer, Grace Green." in text
    assert "− Lose Writer: Alice Archer." in text
    assert "− 2 consents with it end." in text
    assert "= Its registration stays." in text
    assert "Its enterprise application goes with it." in text_of(
        browser.get(f"edit/delete?application={world.application('api')['id']}").text
    )
    text = text_of(browser.get(f"edit/delete-user?user={world.user('alice')['id']}").text)
    assert "− Alice Archer loses Admin, Reader, Writer at Api." in text
    assert "Otherwise the change stays." in text
    world.assign("user:grace", "api", "Admin")
    admins = f"edit/delete-group?group={group_of(browser, 'MyApp Admins')}"
    text = text_of(browser.get(admins).text)
    assert "− Lose Admin at Api: Alice Archer." in text
    assert "= It can be restored for 30 days" in text
    assert "= Keep Admin at Api by another way: Grace Green." in text
    browser.emulator.faults.set(FaultPlan(groups_soft_delete=False))
    assert "− A security group cannot be restored" in text_of(browser.get(admins).text)
    given = {"group": group_of(browser, "MyApp Admins"), "sure": "yes"}
    assert browser.post("edit/delete-group", given).status_code == 200
    assert len(world.tenant.deleted_items) == 0


def test_a_restore_says_what_comes_back_and_what_does_not(browser: Browser) -> None:
    """Of a registration, that its other half comes with it; of a person, the roles."""
    world, alice = browser.world, browser.world.user("alice")["id"]
    app = world.application("api")["id"]
    browser.post("edit/delete-user", {"user": alice, "sure": "yes"})
    text = text_of(browser.get(f"edit/restore?object={alice}").text)
    assert "+ Role Writer with Api comes back." in text
    browser.post("edit/delete", {"application": app, "sure": "yes"})
    text = text_of(browser.get(f"edit/restore?object={alice}").text)
    assert "− Role Writer with Api waits: until Api is restored too." in text
    text = text_of(browser.get(f"edit/restore?object={app}").text)
    assert "The second request restores its enterprise application." in text
    world.clock.advance(31 * 86400)
    for edit in ("restore", "purge"):
        response = browser.get(f"edit/{edit}?object={app}")
        assert (response.status_code, "are over: it is gone for good" in text_of(response.text)) == (
            404,
            True,
        )


def test_a_consent_begins_with_what_the_client_asks_for(browser: Browser) -> None:
    """Its page says what of that was given; what is asked twice, or by a name of two, is not done."""
    world, api = browser.world, browser.world.application("api")
    ids = {each["value"]: each["id"] for each in api["api"]["oauth2PermissionScopes"]}
    role = api["appRoles"][0]
    access = [{"id": ids["user.read"], "type": "Scope"}, {"id": ids["user.write"], "type": "Scope"}]
    requested = [
        {"resourceAppId": api["appId"], "resourceAccess": [*access, {"id": role["id"], "type": "Role"}]}
    ]
    world.set("spa", requiredResourceAccess=requested)
    page = browser.get(f"registrations/{world.application('spa')['id']}").text
    text = text_of(page).partition("What it asks for")[2]
    assert "user.read Api delegated for everybody" in text
    assert "user.write Api delegated no Consent…" in text
    assert f"{role['value']} Api application no Assign…" in text
    link = re.search(r'href="([^"]*edit/consent[^"]*api=[^"]*)"', page)
    assert link
    question = browser.get(html.unescape(link[1])).text
    assert 'value="user.read user.write"' in question
    assert 'value="everybody"' in question
    given = {"client": "Spa", "api": "Api", "who": "everybody", "scopes": "user.read user.write nothing"}
    text = text_of(browser.get(f"edit/consent?{urlencode(given)}").text)
    assert "+ Spa gets tokens for Api with user.write nothing; everybody is not asked." in text
    assert "nothing is no scope of Api: it gives nothing." in text
    assert "= user.read, which it has already." in text
    response = browser.get(f"edit/consent?{urlencode({**given, 'scopes': 'user.read'})}")
    assert (response.status_code, "has that consent already" in response.text) == (404, True)
    world.set("web", displayName="Spa")
    world.set_principal("web", displayName="Spa")
    assert "There are several applications Spa" in browser.get(f"edit/consent?{urlencode(given)}").text
    bad = {**given, "client": world.app_ids["spa"], "who": "nobody@contoso.com"}
    assert browser.get(f"edit/consent?{urlencode(bad)}").status_code == 404
    without = {"client": "Microsoft Graph", "api": "Api", "who": "everybody"}
    assert browser.get(f"edit/consent?{urlencode(without)}").status_code == 200


def test_a_person_s_page_leads_to_a_role_and_to_a_group(browser: Browser) -> None:
    """Where is asked first, then which."""
    bob = browser.world.user("bob")["id"]
    page = browser.get(f"users/{bob}").text
    assert "Give a role…" in page
    assert "Put into a group…" in page
    assert "at which application?" in text_of(browser.get(f"edit/assign?holder={bob}").text)
    text = text_of(browser.get(f"edit/assign?holder={bob}&resource=Api").text)
    assert "Give which role at Api to Bob Baker?" in text
    assert "into which group?" in text_of(browser.get(f"edit/put-in?person={bob}").text)
    text = text_of(browser.get(f"edit/put-in?person={bob}&group=MyApp+Admins").text)
    assert "Put Bob Baker into MyApp Admins?" in text
    done = browser.post("edit/put-in", {"person": bob, "group": "MyApp Admins", "sure": "yes"})
    assert done.status_code == 200
    assert bob in browser.world.tenant.members.targets(group_of(browser, "MyApp Admins"))


def test_effects_are_what_tokens_say(browser: Browser) -> None:
    """Whoever keeps a role by another way is not said to lose it."""
    world = browser.world
    world.assign("group:MyApp Writers", "api", "Reader")
    staff, bob = group_of(browser, "All Staff"), world.user("bob")["id"]
    text = text_of(browser.get(f"edit/take-out?group={staff}&member={bob}").text)
    assert "loses" not in text
    assert "= keeps Reader at Api." in text
    row = next(each for each in world.tenant.app_role_assignments if each["principalId"] == staff)
    text = text_of(browser.get(f"edit/take-away?assignment={row['id']}").text)
    assert "− Lose it: Alice Archer, Carol Clark, Dave Diaz, Frank Fischer, Grace Green and 5 more." in text
    assert "= Keep it by another way: Bob Baker, Erin Evans." in text
    leads = group_of(browser, "MyApp Leads")
    admins = group_of(browser, "MyApp Admins")
    assert "is no person" in text_of(browser.get(f"edit/take-out?group={admins}&member={leads}").text)


def test_numbers_stand_with_their_nouns(browser: Browser) -> None:
    """One is one."""
    app = browser.world.application("daemon")
    key = app["passwordCredentials"][0]["keyId"]
    text = text_of(browser.get(f"edit/remove-secret?application={app['id']}&key={key}").text)
    assert "= 0 other secrets, 0 certificates." in text
    uris = ["https://one.example/cb", "https://two.example/cb"]
    browser.world.set("daemon", web={**app["web"], "redirectUris": uris})
    text = text_of(browser.get(f"edit/remove-uri?application={app['id']}&uri={uris[0]}&platform=web").text)
    assert "= 1 other of that platform." in text
