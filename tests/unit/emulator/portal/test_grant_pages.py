"""The pages of a client and of a grant: for whom each consent is, since when, by whom, for which scopes."""

import re

from tests.unit.emulator.portal.browsing import Browser, text_of


def test_a_client_says_since_when_and_by_whom_it_has_each_consent(browser: Browser) -> None:
    """By the audit log: a wider consent keeps the time of the first, one that was withdrawn begins anew, a
    person's own is of that person, and what nobody recorded says so.
    """
    world = browser.world
    web, given = world.principal("web"), {"client": "Web", "api": "Api", "who": "everybody", "sure": "yes"}
    page = f"enterprise/{web['id']}"

    def since(whose: str) -> str:
        whole = text_of(browser.get(page).text)
        held = whole.partition("What it holds itself")[2]
        # The world's own consent to Graph stands above it.
        return re.split(rf"Api [a-z. ]+-?[a-z]+ consent , {whose}", held)[-1]

    def consent(**more: str) -> None:
        assert browser.post("edit/consent", {**given, **more}).status_code == 200
        world.clock.advance(3600)

    begun = world.clock.now()
    consent(scopes="user.read")
    consent(scopes="user.write")
    first = f" {begun:%H:%M:%S} by Grace Green"
    assert since("everybody").startswith(first)
    grants = [row for row in world.tenant.oauth2_permission_grants if row["clientId"] == web["id"]]
    grant = grants[-1]
    assert grant["scope"].split() == ["user.read", "user.write"]
    shown = text_of(browser.get(f"grants/{grant['id']}").text)
    assert f"Since{first}" in shown

    assert browser.post("edit/withdraw", {"grant": grant["id"], "sure": "yes"}).status_code == 200
    again = world.clock.now()
    consent(scopes="user.read")
    assert since("everybody").startswith(f" {again:%H:%M:%S} by Grace Green")
    world.grant("web", "api", "user.read", user="bob")
    assert since("Bob Baker").startswith(" the audit log does not say")


def test_a_consent_of_the_page_is_who_gave_it(browser: Browser) -> None:
    """The record of the consent page says who and when."""
    world = browser.world
    response = world.choose(world.authorize("public", "openid api://api/user.write"), "bob")
    assert "Permissions requested" in response.text
    world.response_consent(response)
    client = world.principal("public")["id"]
    rows = world.tenant.oauth2_permission_grants.find("clientId", client)
    row = next(each for each in rows if each["resourceId"] == world.principal("api")["id"])
    text = text_of(browser.get(f"grants/{row['id']}").text)
    assert re.search(r"Since \S+ by Bob Baker", text)
    assert "Consent to application" not in text.partition("Audit trail")[0]
