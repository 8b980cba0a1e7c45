"""The page of an app role: who has it through what, where it is declared, its trail, and many holders."""

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
