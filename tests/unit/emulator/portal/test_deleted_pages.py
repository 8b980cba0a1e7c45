"""The page of what is deleted: by whom, until when it can be restored, and what comes back with it."""

import re

from entra_emulator import seed
from entra_emulator.callers import Caller
from entra_emulator.embedded import AZURE_CLI
from tests.unit.emulator.portal.browsing import CONTOSO, Browser, graph_of, text_of
from tests.unit.emulator.portal.example import applied


def test_what_is_deleted_says_by_whom_until_when_and_what_comes_back(browser: Browser) -> None:
    """A person: roles, consents and groups; what waits for another deleted object, and what is lost."""
    world, bob = browser.world, browser.world.user("bob")["id"]
    world.assign("user:bob", "api", "Reader")
    world.assign("user:bob", "other", "Reader")
    world.assign("user:bob", "middle", "Reader")
    assert browser.post("edit/delete", {"application": world.application("other")["id"], "sure": "yes"})
    graph_delete(browser, f"users/{bob}")
    graph_delete(browser, f"servicePrincipals/{world.principal('middle')['id']}")
    assert "Bob Baker" in text_of(browser.get("deleted").text)
    text = text_of(browser.get(f"deleted/{bob}").text)
    assert "A deleted user. It can be restored until 2026-01-31, in 30 days." in text
    assert re.search(r"Deleted \S+ by Grace Green", text)
    assert f"its place in {len(world.tenant.members.sources(bob))} groups" in text
    assert "role Reader Api comes back" in text
    assert "scopes user.write Spa , Api comes back" in text
    assert "role Reader Middle waits until Middle is restored too" in text
    named = [each["displayName"] for each in (graph_of(browser, f"deleted/{bob}"),)]
    assert named == ["Bob Baker"]
    world.tenant.deleted_items.remove(
        next(row["id"] for row in world.tenant.deleted_items if row["displayName"].casefold() == "middle")
    )
    lost = text_of(browser.get(f"deleted/{bob}").text)
    assert "does not come back Middle is gone for good" in lost
    before = {row["id"] for row in world.tenant.app_role_assignments}
    assert browser.post("edit/restore", {"object": bob, "sure": "yes"}).status_code == 200
    back = [row for row in world.tenant.app_role_assignments if row["id"] not in before]
    assert [row["resourceDisplayName"].casefold() for row in back] == ["api"]


def test_a_deleted_registration_leads_to_its_other_half(browser: Browser) -> None:
    """They come back together, and it says so; its mark, credentials and place stand on its page."""
    world, app = browser.world, browser.world.application("api")
    principal = browser.world.principal("api")["id"]
    applied(browser, **{"application.api": "applications/api.yaml:3"})
    browser.post("edit/delete", {"application": app["id"], "sure": "yes"})
    text = text_of(browser.get(f"deleted/{app['id']}").text)
    assert "A deleted registration." in text
    assert "Declared by myapp/prod api applications/api.yaml:3" in text
    assert "Api was deleted too, and is restored with it." in text
    assert "No secrets, no certificates" in text or "Secret" in text
    half = text_of(browser.get(f"deleted/{principal}").text)
    assert "was deleted too, and is restored by itself: it has to be restored first." in half
    assert "role Admin MyApp Admins comes back" in half
    missing = browser.get(f"registrations/{app['id']}")
    assert missing.status_code == 404
    assert f"{CONTOSO}/deleted/{app['id']}" in missing.text
    assert browser.get(f"find?q={app['id']}").url.path == f"{CONTOSO}/deleted/{app['id']}"
    assert world.tenant.deleted_items.get(app["id"])


def test_after_thirty_days_nothing_is_restored_and_looking_forgets_nothing(browser: Browser) -> None:
    """The page says that it is over, offers no restore, and does not ask Graph, which would forget it."""
    app = browser.world.application("daemon")["id"]
    browser.post("edit/delete", {"application": app, "sure": "yes"})
    browser.world.clock.advance(31 * 86400)
    before = browser.world.directory.dump()
    page = browser.get(f"deleted/{app}?graph=json").text
    assert "Its 30 days are over: it is gone for good." in text_of(page)
    assert "Restore…" not in page
    assert "that is over" in text_of(browser.get("deleted").text)
    assert browser.world.directory.dump() == before


def graph_delete(browser: Browser, path: str) -> None:
    """Delete an object through Graph, as Grace."""
    scopes = frozenset({"Application.ReadWrite.All", "User.ReadWrite.All"})
    grace = browser.world.user("grace")["id"]
    token = browser.portal.token_of(Caller("user", seed.CONTOSO, grace, AZURE_CLI, scopes=scopes))
    response = browser.client.delete(f"/v1.0/{path}", headers={"Authorization": f"Bearer {token}"})
    assert response.status_code == 204, response.text
