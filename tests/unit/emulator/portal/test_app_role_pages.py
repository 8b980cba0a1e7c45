"""The page of an app role: who has it through what, where it is declared, its trail, and many holders."""

from entra_emulator import seed
from tests.unit.emulator.portal.browsing import Browser, role_page, text_of


def test_the_trail_of_a_role_is_of_that_role_alone(browser: Browser) -> None:
    """Another role's records, and those of the application, stand on their own pages."""
    api, bob = browser.world.principal("api"), browser.world.user("bob")["id"]
    for value in ("Admin", "Reader"):
        role = next(each["id"] for each in api["appRoles"] if each["value"] == value)
        given = {"resource": api["id"], "role": role, "holder": bob, "sure": "yes"}
        assert browser.post("edit/assign", given).status_code == 200
    trail = text_of(browser.get(role_page(browser, "Admin")).text).partition("Audit trail")[2]
    assert trail.count("Add app role assignment grant to user") == 1
    assert "Grace Green" in trail


def test_a_role_with_many_holders_is_paged_and_searched(browser: Browser) -> None:
    """Twenty-five assignments a page; the application's page shows a hundred and leads to the rest."""
    world = browser.world
    for number in range(130):
        user = seed.add_user(world.tenant, f"many{number:03}@contoso.com", f"Many {number:03}")
        role = seed.fixed_id("api", "role", "Writer")
        seed.assign(world.tenant, {**user, "type": "User"}, world.principal("api"), role)
    page = role_page(browser, "Writer")
    text = text_of(browser.get(page).text)
    assert "130 people have it." in text
    assert "1–25 of 130" in text
    assert "Many 129" in text_of(browser.get(f"{page}?page=6").text)
    found = text_of(browser.get(f"{page}?q=Many+077").text)
    assert "Many 077" in found
    assert "Many 078" not in found
    assert "Nobody matches." in text_of(browser.get(f"{page}?q=nobody").text)
    whole = text_of(browser.get(f"registrations/{world.application('api')['id']}").text)
    assert "30 more" in whole
    assert whole.count("@contoso.com directly") == 101
