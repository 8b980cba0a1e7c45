"""What was applied last: handed over by programs, bounded, and shown where something is declared."""

import re
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
        "application.api/appRole/Admin": "applications/api.yaml:15",
        "application.api/scope/user.read": "applications/api.yaml:9",
        "application.api/identifierUri/api:%2F%2F${application.api.appId}": "applications/api.yaml:7",
        "application.api/redirectUri/https:%2F%2Fdeclared.example%2F": "applications/api.yaml:20",
        "authorizedClient.spa/api/user.write": "applications/api.yaml:16",
        "permissionGrant.spa/api/user.read": "clients.yaml:11",
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
    roles = text.split("Roles, and who holds each")[1].split("Clients and scopes")[0]
    assert roles.count("Mallory Moore mallory@contoso.com directly") == 1
    assert re.search(r"mallory@contoso.com directly \S+ Nowhere", roles)
    assert "Missing MyApp Writers access.yaml:5" in text
    put(browser, places={})
    assert "Nowhere declared" in text_of(browser.get(page).text)


def test_what_is_missing_is_of_this_application_and_has_a_holder(browser: Browser) -> None:
    """Addresses of other applications, of fewer or more parts, and of holders that nobody knows are no
    assignments that lack; those that do come by role and name.
    """
    page = f"registrations/{browser.world.application('api')['id']}"
    tenant = browser.world.tenant
    staff, writers = (tenant.one("groups", "displayName", name) for name in ("all staff", "myapp writers"))
    assert staff
    assert writers
    odd = {
        "appRoleAssignment.api/Admin": "odd.yaml:1",
        f"appRoleAssignment.api/Admin/group:{writers['id']}/more": "odd.yaml:2",
        f"appRoleAssignment.other/Admin/group:{writers['id']}": "odd.yaml:3",
        "appRoleAssignment.api/Admin/group:00000000-0000-4000-8000-00000000dead": "odd.yaml:4",
        f"permissionGrant.api/Admin/group:{writers['id']}": "odd.yaml:5",
    }
    missing = {
        f"appRoleAssignment.api/Writer/group:{writers['id']}": "access.yaml:5",
        f"appRoleAssignment.api/Writer/group:{staff['id']}": "access.yaml:6",
        f"appRoleAssignment.api/Reader/group:{writers['id']}": "access.yaml:7",
    }
    assert put(browser, places={**odd, **missing}).status_code == 200
    text = text_of(browser.get(page).text)

    assert "odd.yaml" not in text
    assert re.findall(r"Missing (?:MyApp Writers|All Staff) (access.yaml:\d)", text) == [
        "access.yaml:7",
        "access.yaml:6",
        "access.yaml:5",
    ]


def test_each_part_of_an_application_says_where_it_is_declared(browser: Browser) -> None:
    """Roles, scopes, URIs, consents, credentials: the line, or Nowhere where somebody made it by hand."""
    world = browser.world
    world.set("spa", tags=["entra-config:owner=myapp/prod", "entra-config:key=spa"])
    world.grant("spa", "api", "user.read user.admin")
    world.preauthorize("api", "spa", "user.write")
    app = world.application("api")
    uris = [f"api://{app['appId']}", "api://by-hand"]
    world.set("api", identifierUris=uris, web={**app["web"], "redirectUris": ["https://by-hand.example/"]})
    put(browser, places=places(browser))
    text = text_of(browser.get(f"registrations/{app['id']}").text)
    assert f"{uris[0]} applications/api.yaml:7" in text
    assert "api://by-hand Nowhere" in text
    assert "https://by-hand.example/ web Nowhere" in text
    assert "Missing https://declared.example/ applications/api.yaml:20" in text
    assert re.search(r"user.read \S.* applications/api.yaml:9", text)
    assert "Spa user.write authorized client everybody applications/api.yaml:16" in text
    assert (
        "Spa user.read user.admin tenant-wide consent everybody clients.yaml:11 Nowhere: user.admin" in text
    )
    assert re.search(r"Admin Admin · [^·]+ · users and applications applications/api.yaml:15", text)
    grace = text_of(browser.get(f"users/{world.user('grace')['id']}").text)
    assert "Admin Api group MyApp Admins" in grace
    assert "access.yaml:4" in grace
    admins = world.tenant.one("groups", "displayName", "myapp admins")
    assert admins
    assert "access.yaml:4" in text_of(browser.get(f"groups/{admins['id']}").text)


def test_a_name_that_anybody_can_take_declares_nothing(browser: Browser) -> None:
    """An application of this tenant that is called as the manifest calls another; a group's name, twice."""
    world = browser.world
    world.set("daemon", displayName="nightly")
    principal = world.tenant.service_principal_by_app_id(world.app_ids["daemon"])
    assert principal
    world.tenant.service_principals.put({**principal, "displayName": "nightly"})
    world.assign("app:daemon", "api", "Writer")
    reported = {
        "appRoleAssignment.api/Writer/servicePrincipal:nightly": "clients.yaml:28",
        "appRoleAssignment.api/Admin/group:MyApp Admins": "access.yaml:4",
    }
    put(browser, places=reported)
    page = f"registrations/{world.application('api')['id']}"
    text = text_of(browser.get(page).text)
    assert re.search(r"nightly application application permission \S+ Nowhere", text)
    assert "access.yaml:4" in text
    admins = world.tenant.one("groups", "displayName", "myapp admins")
    assert admins
    world.tenant.groups.put({**admins, "id": "00000000-0000-4000-8000-0000000000aa"})
    assert "access.yaml:4" not in text_of(browser.get(page).text)


def test_settings_say_where_and_not_that_anything_was_applied(browser: Browser) -> None:
    """No snapshot, and the time of the apply before stays."""
    assert put(browser, places=places(browser), by="settings").status_code == 200
    assert browser.emulator.snapshots.kept() == []
    assert browser.client.get("/_emulator/applied").json()["value"][0]["at"] == ""
    put(browser, places=places(browser))
    applied = browser.client.get("/_emulator/applied").json()["value"][0]["at"]
    assert applied
    put(browser, places={}, by="settings")
    reported = browser.client.get("/_emulator/applied").json()["value"][0]
    assert (reported["at"], reported["places"]) == (applied, 0)


def test_an_apply_is_a_snapshot(browser: Browser) -> None:
    """The page of changes begins with it; the next apply takes its place."""
    put(browser, places=places(browser))
    put(browser, places=places(browser))
    assert [each.name for each in browser.emulator.snapshots.kept()] == ["apply of myapp.prod"]
    assert "Changes since the last apply of myapp/prod" in text_of(browser.get("changes").text)
    assert browser.client.get("/_emulator/applied").json()["value"][0]["places"] == len(places(browser))


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
        {"by": "nobody"}, {"labels": {"a": 1}}, {"labels": []},
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
    response = browser.client.put("/_emulator/applied", json={}, headers={"Origin": "https://evil.example"})
    assert response.status_code == 403
