"""The sign-in page says who has which role; a refusal says why, and leads on."""

import html
import re

import pytest

from tests.conformance.login.login_world import World
from tests.unit.emulator.portal.browsing import Browser, text_of


@pytest.fixture
def browser() -> Browser:
    """Give an API that requires an assignment, and a client that asks for it."""
    world = World()
    world.grant("spa", "api", "user.read")
    world.assign("group:MyApp Writers", "api", "Writer")
    world.assign("user:bob", "api", "Reader")
    world.set("api", tags=["entra-config:owner=myapp/prod", "entra-config:key=api"])
    world.set_principal("api", appRoleAssignmentRequired=True)
    return Browser(world)


def test_people_stand_with_the_roles_that_their_token_will_have(browser: Browser) -> None:
    """Roles at the API that is asked for, and who will be refused, before anybody is chosen."""
    text = text_of(browser.world.authorize("spa", "openid api://api/user.read").text)
    assert "Roles are those at Api" in text
    assert "Bob Baker bob@contoso.com Reader Writer" in text
    assert "Judy Jones judy@contoso.com · will be refused: AADSTS50105 no role" in text


def test_a_refusal_knows_why_and_who_would_get_in(browser: Browser) -> None:
    """Microsoft's text first and unchanged; then the reason, who would get in, and ways on."""
    world = browser.world
    response = world.choose(world.authorize("spa", "openid api://api/user.read"), "judy")
    text = text_of(response.text)
    assert text.index("AADSTS50105: Your administrator has configured") < text.index(
        "What the emulator knows"
    )
    assert (
        "Api requires an assignment; Judy Jones has no role there and is in no group that gives one." in text
    )
    assert "These people would get in: Bob Baker, Erin Evans." in text
    again = re.search(r'href="([^"]+)">Try again as somebody else', response.text)
    back = re.search(r'href="([^"]+)">Back to the application', response.text)
    assert again
    assert back
    page = world.browser.get(html.unescape(again[1])).text
    assert "<h1>Sign in</h1>" in page
    assert (
        html.unescape(back[1])
        == "https://localhost:5173/?error=access_denied&error_subcode=cancel&state=the+state"
    )
    opened = browser.emulator.traffic.newest_first()[1].number
    assert "Api requires an assignment" in text_of(browser.get(f"traffic?open={opened}").text)


def test_a_wrong_redirect_uri_is_set_beside_the_right_ones(browser: Browser) -> None:
    """What was asked for and what is registered."""
    response = browser.world.authorize("spa", "openid", redirect_uri="https://evil.example/<b>")
    text = text_of(response.text)
    assert (
        "Spa was asked to go back to https://evil.example/<b>. It registers https://localhost:5173/." in text
    )
    assert "<b>" not in response.text
    assert "Back to the application" not in text


def test_no_way_back_leads_where_no_redirect_uri_is(browser: Browser) -> None:
    """A flow that this emulator did not make leads nowhere."""
    response = browser.client.post("/contoso.com/login", data={"flow": "forged", "user": "x"})
    assert "AADSTS90023" in response.text
    assert "Go on" not in text_of(response.text)


def test_one_person_of_a_new_tenant_is_in_no_group(browser: Browser) -> None:
    """Whoever wants to see a refusal chooses him: what everybody's group has does not reach him."""
    world = browser.world
    world.assign("group:All Staff", "api", "Reader")
    oscar = world.user("oscar")
    assert world.tenant.all_groups(oscar["id"]) == []
    page = world.authorize("spa", "openid api://api/user.read")
    text = text_of(page.text)
    assert "Oscar Olsen oscar@contoso.com · will be refused: AADSTS50105 no role" in text
    assert text.count("will be refused") == 1
    refused = text_of(world.choose(page, "oscar").text)
    assert "These people would get in: Alice Archer, Bob Baker, Carol Clark and 9 more." in refused
