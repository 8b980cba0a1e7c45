"""The token lab: each claim with its reason, two people beside each other, a token that was pasted."""

import pytest

from entra_emulator.login.explain import explain
from tests.conformance.login.login_world import World
from tests.unit.emulator.portal.browsing import Browser, text_of


@pytest.fixture
def browser() -> Browser:
    """Give a tenant with an API, its clients and a few assignments."""
    world = World()
    world.grant("spa", "api", "user.read")
    world.preauthorize("api", "spa", "user.write")
    world.assign("group:MyApp Writers", "api", "Writer")
    world.assign("user:bob", "api", "Reader")
    return Browser(world)


def sentences(page: str) -> str:
    """Return a page's text, with full stops where they belong after a link."""
    return text_of(page).replace(" .", ".").replace(" ;", ";")


def address(browser: Browser, person: str, *scopes: str, client: str = "spa", **more: str) -> str:
    """Write the address of a token."""
    requested = {
        "person": person,
        "client": browser.world.app_ids[client],
        "api": browser.world.app_ids["api"],
    }
    query = "&".join(f"{name}={value}" for name, value in (requested | more).items())
    return f"token?{query}" + "".join(f"&scopes={scope}" for scope in scopes)


def test_a_token_is_made_and_explained(browser: Browser) -> None:
    """Each claim has its reason: who granted a scope, through what a role came; the API's own come first."""
    page = browser.get(address(browser, "bob@contoso.com", "user.read")).text
    text = sentences(page)
    assert (
        "user.read: an administrator consented for everybody; user.write: Api lists Spa as authorized client."
        in text
    )
    assert "Reader: assigned directly; Writer: through the group MyApp Writers." in text
    writers = browser.world.tenant.groups.by_name(0, 99)
    (group,) = [row["id"] for row in writers if row["displayName"] == "MyApp Writers"]
    assert f'<a href="/portal/contoso.onmicrosoft.com/groups/{group}">MyApp Writers</a>' in page
    assert "The client that asked: Spa." in text
    assert "Not a claim that this emulator knows" not in text
    places = [
        text.index(word)
        for word in ("What Api decides by", " roles ", "Who it is about", "Protocol", " iss ")
    ]
    assert places == sorted(places)


def test_two_people_are_compared(browser: Browser) -> None:
    """What differs is marked, with both reasons; what moves with time is not."""
    bob, erin = browser.world.user("bob")["id"], browser.world.user("erin")["id"]
    page = browser.get(address(browser, bob, other=erin)).text
    text = sentences(page)
    assert "Access token roles , name , oid , preferred_username differ" in text
    assert "Claim Bob Baker Erin Evans Why" in text
    assert '~ roles ["Reader", "Writer"] ["Writer"]' in text
    assert "Erin Evans: Writer: through the group MyApp Writers." in text
    marked = [part.split("<code>")[1].split("</code>")[0] for part in page.split('class="differs"')[1:]]
    assert "roles" in marked
    assert not {"iat", "nbf", "exp", "uti", "sub", "aud"} & set(marked)


def test_before_and_after_a_change_in_the_portal(browser: Browser) -> None:
    """Without naming a moment it is the one before the last change: what went, why it was there, by whom."""
    world, bob = browser.world, browser.world.user("bob")["id"]
    (group,) = [row["id"] for row in world.tenant.groups if row["displayName"] == "MyApp Writers"]
    beginning = text_of(browser.get(address(browser, bob, compare="before")).text)
    assert "Beginning Bob Baker gets no token. AADSTS700016" in beginning
    browser.post("snapshots/save", {"name": "all made"})
    assert "Nothing differs" in text_of(browser.get(address(browser, bob, compare="before")).text)
    browser.post("edit/take-out", {"group": group, "member": bob, "sure": "yes"})
    assert bob not in world.tenant.members.targets(group)
    page = browser.get(address(browser, bob, compare="before")).text
    text = sentences(page)
    assert "before the last change, " in text
    assert f'<a href="/portal/contoso.onmicrosoft.com/groups/{group}">MyApp Writers</a>' in page
    assert '~ roles ["Reader", "Writer"] ["Reader"]' in text
    assert "− Writer: no longer through the group MyApp Writers" in text
    assert "Remove member from group, by Grace Green" in text
    assert "Access token roles differs" in text


def test_a_name_in_a_reason_leads_to_nothing_but_its_page(browser: Browser) -> None:
    """A group may be called like markup, or like a part of another word."""
    (group,) = [row for row in browser.world.tenant.groups if row["displayName"] == "MyApp Writers"]
    for name in ("<script>alert(1)</script>", "a", "(", "through"):
        browser.world.tenant.groups.put({**group, "displayName": name})
        page = browser.get(address(browser, "bob@contoso.com")).text
        assert "<script>alert" not in page
        text = sentences(page)
        assert "".join(f"Writer: through the group {name}.".split()) in "".join(text.split())


def test_nothing_is_left_behind(browser: Browser) -> None:
    """Nobody signed in: no session, no record, no activity; and the token stands in no address."""
    browser.world.tenant.activity.clear()
    before = browser.world.directory.dump()
    page = browser.get(address(browser, "bob@contoso.com", "user.read"))
    assert "eyJ" not in str(page.url)
    assert browser.world.directory.dump() == before
    assert browser.world.tenant.activity == {}


def test_every_claim_of_every_kind_of_token_is_known(browser: Browser) -> None:
    """No token of the emulator holds a claim that the viewer cannot explain."""
    world = browser.world
    world.set(
        "api",
        groupMembershipClaims="All",
        optionalClaims={"accessToken": [{"name": "acct"}, {"name": "login_hint"}]},
    )
    tokens = [
        world.sign_in("spa", "bob", "openid profile email api://api/user.read"),
        world.sign_in("spa", "grace", "openid profile"),
        world.app_only("daemon", "api://api/.default"),
    ]
    world.set("api", api={"requestedAccessTokenVersion": 1})
    tokens += [
        world.sign_in("web", "bob", "api://api/user.read"),
        world.app_only("daemon", "api://api/.default"),
    ]
    for outcome in tokens:
        for name in ("access_token", "id_token"):
            if name in outcome.body:
                found = explain(outcome.body[name], world.directory, world.service.keys)
                assert found is not None
                assert not [claim.name for claim in found.claims if claim.why.startswith("Not a claim")]


def test_forged_and_broken_tokens_are_named_so(browser: Browser) -> None:
    """A token of another's making is shown with the verdict, text that is no token is not shown."""
    token = browser.world.app_only("daemon", "api://api/.default").body["access_token"]
    assert "Signed by this emulator" in browser.post("token/pasted", {"token": token}).text
    forged = browser.post("token/pasted", {"token": token[:-8] + "AAAAAAAA"}).text
    assert "Access token validation failure." in forged
    assert "This is not a JWT" in browser.post("token/pasted", {"token": "nonsense"}).text


def test_whoever_gets_no_token_is_told_why(browser: Browser) -> None:
    """The refusal stands in the token's place, the other one's token beside it."""
    browser.world.set_principal("api", appRoleAssignmentRequired=True)
    page = browser.get(address(browser, "judy@contoso.com", other="bob@contoso.com")).text
    text = sentences(page)
    assert "Judy Jones gets no token. AADSTS50105" in text
    assert "Would get in Bob Baker, Erin Evans" in text
    assert "Reader: assigned directly" in text
    assert 'class="differs"' not in page
    itself = text_of(browser.get(address(browser, "", client="daemon")).text)
    assert "The client itself" in itself


def test_a_named_snapshot_is_compared_with_now(browser: Browser) -> None:
    """A scope and a role that came since; the token of then has the time of then."""
    world, judy = browser.world, browser.world.user("judy")["id"]
    browser.post("snapshots/save", {"name": "before the test"})
    world.assign("user:judy", "api", "Admin")
    page = browser.get(address(browser, judy, before="before the test")).text
    text = sentences(page)
    assert '~ roles not there ["Admin"]' in text
    assert "+ Admin: now assigned directly" in text
    gone = browser.get(address(browser, judy, before="no such"))
    assert gone.status_code == 404
    assert "there is no snapshot" in gone.text
    assert browser.get(address(browser, judy, before="no such", compare="nothing")).status_code == 200
