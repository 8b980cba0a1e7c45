"""What was applied last: handed over by programs, bounded, and shown where something is declared."""

from typing import Any

import pytest

from entra_config.emulator import seed
from tests.conformance.login.login_world import World
from tests.unit.emulator.portal.browsing import Browser, text_of


@pytest.fixture
def browser() -> Browser:
    """Give an application of ours, with a role that two groups and a person hold."""
    world = World()
    world.set("api", tags=["entra-config:owner=myapp/prod", "entra-config:key=api"])
    for holder in ("group:MyApp Admins", "user:mallory"):
        world.assign(holder, "api", "Admin")
    return Browser(world)


def put(browser: Browser, **body: Any) -> Any:
    """Hand over what was applied, as `apply` does."""
    given = {"tenant": seed.CONTOSO, "owner": "myapp/prod", "places": {}, **body}
    return browser.client.put("/_emulator/applied", json=given)


def places(browser: Browser) -> dict[str, str]:
    """Write the places of a manifest that declares the group, and one that is not there."""
    tenant = browser.world.tenant
    admins, writers = (
        tenant.one("groups", "displayName", name) for name in ("myapp admins", "myapp writers")
    )
    assert admins
    assert writers
    return {
        "application.api": "applications/api.yaml:3",
        f"appRoleAssignment.api/Admin/group:{admins['id']}": "access.yaml:4",
        f"appRoleAssignment.api/Writer/group:{writers['id']}": "access.yaml:5",
    }


def test_a_page_says_where_each_holder_is_declared_and_who_is_not(browser: Browser) -> None:
    """At its file and line; nowhere, and then first; missing, where a manifest declares what is not there."""
    page = f"registrations/{browser.world.application('api')['id']}"
    assert "Nowhere" not in text_of(browser.get(page).text)
    assert "not known" in text_of(browser.get(page).text)
    assert put(browser, places=places(browser)).status_code == 200
    text = text_of(browser.get(page).text)
    assert "declared at applications/api.yaml:3" in text
    assert "Grace Green grace@contoso.com group MyApp Admins" in text
    assert "access.yaml:4" in text
    assert text.index("Mallory Moore mallory@contoso.com directly") < text.index("Alice Archer")
    assert text.count("Nowhere") == 1
    assert "Missing MyApp Writers access.yaml:5" in text
    put(browser, places={})
    assert "Nowhere declared" in text_of(browser.get(page).text)


def test_an_apply_is_a_snapshot(browser: Browser) -> None:
    """The page of changes begins with it; the next apply takes its place."""
    put(browser, places=places(browser))
    put(browser, places=places(browser))
    assert [each.name for each in browser.emulator.snapshots.kept()] == ["apply of myapp.prod"]
    assert "Changes since apply of myapp.prod" in text_of(browser.get("changes").text)
    assert browser.client.get("/_emulator/applied").json()["value"][0]["places"] == 3


def test_a_full_shelf_of_snapshots_refuses_no_apply(browser: Browser) -> None:
    """What others took stays; the places are kept all the same."""
    for number in range(50):
        browser.emulator.snapshots.take(f"mine {number}")
    assert put(browser, places=places(browser)).status_code == 200
    assert len(browser.emulator.snapshots.kept()) == 50


@pytest.mark.parametrize(
    "body",
    [
        {"tenant": "nowhere"}, {"tenant": 1}, {"owner": "<b>/x"}, {"owner": "myapp"}, {"owner": None},
        {"places": []}, {"places": {"a": 1}}, {"places": {"a": "x" * 1001}}, {"more": 1},
        {"places": {str(number): "" for number in range(50_001)}},
    ],
)  # fmt: skip
def test_what_is_handed_over_is_checked(browser: Browser, body: dict[str, Any]) -> None:
    """It is bounded and of one form, and refused whole."""
    assert put(browser, **body).status_code == 400
    assert browser.client.get("/_emulator/applied").json() == {"value": []}


def test_no_page_hands_anything_over(browser: Browser) -> None:
    """A page of another origin is refused, as everywhere under `/_emulator`."""
    answer = browser.client.put("/_emulator/applied", json={}, headers={"Origin": "https://evil.example"})
    assert answer.status_code == 403
