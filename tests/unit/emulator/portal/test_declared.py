"""Labels that a program sends: where each thing is declared, what has none, and what does not exist."""

import re
from typing import Any

import pytest

from entra_emulator import seed
from tests.conformance.login.login_world import World
from tests.unit.emulator.portal.browsing import Browser, text_of
from tests.unit.emulator.portal.labelling import put


@pytest.fixture
def browser() -> Browser:
    """Give an application of ours, with a role that two groups and a person hold."""
    world = World()
    for holder in ("group:MyApp Admins", "user:mallory"):
        world.assign(holder, "api", "Admin")
    return Browser(world)


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
    put(browser, reported)
    page = f"registrations/{world.application('api')['id']}"
    text = text_of(browser.get(page).text)
    assert re.search(r"nightly application application permission \S+ Not declared", text)
    assert "access.yaml:4" in text
    admins = world.tenant.one("groups", "displayName", "myapp admins")
    assert admins
    world.tenant.groups.put({**admins, "id": "00000000-0000-4000-8000-0000000000aa"})
    assert "access.yaml:4" not in text_of(browser.get(page).text)


def test_settings_say_where_and_not_that_anything_was_applied(browser: Browser) -> None:
    """No snapshot, and the time of the apply before stays."""
    assert put(browser, places(browser), applied=False).status_code == 200
    assert browser.emulator.snapshots.kept() == []
    assert browser.client.get("/_emulator/labels").json()["value"][0]["applied"] is None
    put(browser, places(browser))
    applied = browser.client.get("/_emulator/labels").json()["value"][0]["applied"]
    assert applied
    put(browser, {}, applied=False)
    reported = browser.client.get("/_emulator/labels").json()["value"][0]
    assert (reported["applied"], reported["labels"]) == (applied, 0)


OBJECT = {"object": "o", "text": "t"}


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"tenant": "nowhere"}, "no such tenant: 'nowhere'"),
        ({"tenant": 1}, "no such tenant: '1'"),
        ({"source": "<b>/x"}, "source must be a name such as project/environment"),
        ({"source": None}, "source must be a name such as project/environment"),
        ({"applied": 1}, "applied must be true or false, not '1'"),
        ({"more": 1}, "expected: tenant, source, labels and, optionally, applied"),
        ({"labels": {}}, "labels must be a list of at most 50,000"),
        ({"labels": [OBJECT] * 50_001}, "labels must be a list of at most 50,000"),
        ({"labels": [OBJECT, 1]}, "labels[1]: expected text"),
        ({"labels": [{"text": "t"}]}, "labels[0]: expected text"),
        ({"labels": [{"object": "o"}]}, "labels[0]: expected text"),
        ({"labels": [{**OBJECT, "part": "appRoles"}]}, "labels[0]: expected text"),
        ({"labels": [{**OBJECT, "link": "owners", "from": "a", "to": "b"}]}, "labels[0]: expected text"),
        ({"labels": [{**OBJECT, "part": "secrets", "value": "v"}]}, "labels[0]: part must be one of"),
        ({"labels": [{"link": "x", "from": "a", "to": "b", "text": "t"}]}, "labels[0]: link must be one of"),
        ({"labels": [{"link": "owners", "from": 1, "to": "b", "text": "t"}]}, "labels[0]: from must be"),
        ({"labels": [{**OBJECT, "text": ""}]}, "labels[0]: text must be a text of 1 to 1,000 characters"),
        ({"labels": [{**OBJECT, "text": "x" * 1001}]}, "labels[0]: text must be a text of 1 to 1,000"),
        ({"labels": [{**OBJECT, "text": "a\nb"}]}, "none of them a control character"),
        ({"labels": [{**OBJECT, "text": "a\u202eb"}]}, "none of them a control character"),
        ({"labels": [{**OBJECT, "name": "a\x00"}]}, "none of them a control character"),
        *(
            ({"labels": [{**OBJECT, "url": url}]}, "url must be an http or https address")
            for url in (
                "javascript:alert(1)", "JAVASCRIPT://x/%0aalert(1)", "data:text/html,x", "//evil.example/x",
                "x", "https://", "https://user@evil.example/", "https://[", 'https://x/"onclick=',
                "https://x/ y", "file:///etc/passwd", " https://x/",
            )
        ),
    ],
)  # fmt: skip
def test_what_is_sent_is_checked(browser: Browser, more: dict[str, Any], reason: str) -> None:
    """Its size and form are bounded; if one label is not valid, none is kept, and the answer names it."""
    body = {"tenant": seed.CONTOSO, "source": "myapp/prod", "labels": [], **more}
    response = browser.client.put("/_emulator/labels", json=body)
    assert response.status_code == 400
    assert reason in response.json()["error"]
    assert browser.client.get("/_emulator/labels").json() == {"value": []}


def test_there_is_a_limit_of_sources(browser: Browser) -> None:
    """A source that is known can send again."""
    for number in range(1_000):
        assert put(browser, {}, source=f"p/{number}", applied=False).status_code == 200
    assert put(browser, {}, source="p/one-more", applied=False).status_code == 400
    assert put(browser, {}, source="p/0", applied=False).status_code == 200
    assert browser.client.delete("/_emulator/labels").status_code == 204
    assert put(browser, {}, source="p/one-more", applied=False).status_code == 200


def test_text_of_a_label_is_no_markup(browser: Browser) -> None:
    """Whatever it is, in every place that shows it; a URL is a link."""
    world, planted = browser.world, '<script>alert(1)</script>"><img src=x onerror=alert(1)>'
    app = world.application("api")
    world.grant("spa", "api", "user.read")
    entries = [
        {"object": app["id"], "text": planted, "name": planted, "url": "https://example.com/?a=1&b='x'"},
        {"object": app["id"], "part": "appRoles", "value": "Admin", "text": planted},
        {"object": app["id"], "part": "redirectUris", "value": planted, "text": planted},
        {"link": "appRoleAssignments", "from": "erin@contoso.com", "to": app["appId"], "value": "Admin",
         "text": planted},
        {"link": "oauth2PermissionGrants", "from": world.app_ids["spa"], "to": app["appId"],
         "value": "user.read", "text": planted},
        {"link": "members", "from": world.user("grace")["id"], "to": "MyApp Admins", "text": planted},
    ]  # fmt: skip
    body = {"tenant": seed.CONTOSO, "source": "evil", "labels": entries, "applied": True}
    assert browser.client.put("/_emulator/labels", json=body).status_code == 200
    world.set("api", displayName="changed")
    admins = world.tenant.one("groups", "displayName", "myapp admins")
    assert admins
    pages = ("", "registrations", "grants", "changes", "token", "enterprise", f"registrations/{app['id']}")
    for path in (*pages, f"groups/{admins['id']}", f"users/{world.user('erin')['id']}"):  # fmt: skip
        page = browser.get(path).text
        assert planted not in page
        assert "<img" not in page
    page = browser.get(f"registrations/{app['id']}").text
    assert page.count("&lt;script&gt;alert(1)") >= 4
    assert 'href="https://example.com/?a=1&amp;b=&#39;x&#39;"' in page


def test_an_object_that_was_made_again_is_not_declared(browser: Browser) -> None:
    """A label is for an id: what has its name since, or its client id, has not its label."""
    world = browser.world
    assert put(browser, {"application.api": "api.yaml:3", "application.api/appRole/Admin": "api.yaml:9"})
    app = world.application("api")
    assert "declared at api.yaml:3" in text_of(browser.get(f"registrations/{app['id']}").text)
    world.tenant.applications.remove(app["id"])
    again = seed.fixed_id("made again")
    world.tenant.applications.put({**app, "id": again})
    text = text_of(browser.get(f"registrations/{again}").text)
    assert "api.yaml" not in text
    assert "not declared" in text


def test_another_source_says_nothing_about_the_labels_of_the_first(browser: Browser) -> None:
    """Each source replaces its own labels alone."""
    page = f"registrations/{browser.world.application('api')['id']}"
    put(browser, {"application.api": "api.yaml:3"}, source="one/prod")
    put(browser, {"application.spa": "spa.yaml:1"}, source="two/prod")
    assert "declared at api.yaml:3" in text_of(browser.get(page).text)
    put(browser, {}, source="two/prod")
    assert "declared at api.yaml:3" in text_of(browser.get(page).text)
    put(browser, {}, source="one/prod")
    assert "api.yaml:3" not in text_of(browser.get(page).text)
