"""The pages of a client and of a grant: for whom each consent is, since when, by whom, for which scopes."""

import re

from tests.unit.emulator.portal.browsing import Browser, text_of


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
