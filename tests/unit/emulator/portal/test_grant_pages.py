"""The pages of a client and of a grant: for whom each consent is, since when, by whom, for which scopes."""

import re
from typing import Any

from tests.unit.emulator.portal.browsing import Browser, graph_of, text_of
from tests.unit.emulator.portal.example import applied


def grant_of(browser: Browser, kind: str) -> dict[str, Any]:
    """Give the grant of the page's client, for everybody or for one person."""
    rows = browser.world.tenant.oauth2_permission_grants
    api = browser.world.principal("api")["id"]
    return next(row for row in rows if row["consentType"] == kind and row["resourceId"] == api)


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


def test_a_grant_says_what_it_allows_for_whom_since_when_and_where_it_is_declared(browser: Browser) -> None:
    """Each scope with its state and place, who gave it, what else lets the client ask, its JSON."""
    applied(browser, **{"application.spa": "x", "permissionGrant.spa/api/user.read": "clients.yaml:11"})
    row = grant_of(browser, "AllPrincipals")
    text = text_of(browser.get(f"grants/{row['id']}").text)
    assert "Spa acts for everybody at Api with 3 scopes; nobody is asked at sign-in." in text
    assert "myapp/prod spa" in text
    assert "Since the audit log does not say" in text
    assert "user.read user.read people clients.yaml:11" in text
    assert "user.old disabled" in text
    assert "user.gone not offered Not declared" in text
    besides = text.partition("What else lets it ask")[2].partition("Sign-ins")[0]
    assert "Spa user.write own consent Bob Baker" in besides
    assert "Spa user.write authorized client everybody" in besides
    assert "Web" not in besides
    assert graph_of(browser, f"grants/{row['id']}")["scope"] == "user.read user.old user.gone"
    own = text_of(browser.get(f"grants/{grant_of(browser, 'Principal')['id']}").text)
    assert "Spa acts for Bob Baker at Api with 1 scope;" in own
    assert "a person’s own" in own
    assert browser.get("grants/nothing").status_code == 404


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
