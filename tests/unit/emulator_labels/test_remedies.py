"""The remedy that the extension adds to a refused sign-in: keys of a manifest, and a command."""

from __future__ import annotations

import pytest

from entra_emulator import extension, seed
from entra_emulator.login.in_words import words_of
from entra_emulator.login.known import SignInKnowledge, known
from tests.conformance.login.login_world import World
from tests.unit.emulator.portal.browsing import Browser, text_of


@pytest.fixture
def browser() -> Browser:
    """Give an API that requires an assignment, and a client that asks for it."""
    world = World()
    world.grant("spa", "api", "user.read")
    world.assign("user:bob", "api", "Reader")
    world.set("api", tags=["entra-config:owner=myapp/prod", "entra-config:key=api"])
    world.set("spa", tags=["entra-config:owner=myapp/prod", "entra-config:key=spa"])
    world.set_principal("api", appRoleAssignmentRequired=True)
    return Browser(world)


def test_the_entry_point_names_this_extension() -> None:
    """By the metadata of the wheel."""
    assert type(extension.load()).__module__ == "entra_config.emulator_labels.portal"


def test_each_page_about_a_refusal_shows_the_keys(browser: Browser) -> None:
    """The page of sign-in with the command, the request in the traffic, and the token lab."""
    world = browser.world
    text = text_of(world.choose(world.authorize("spa", "openid api://api/user.read"), "judy").text)
    assert "Set at applications.api.enterpriseApplication.assignmentRequired" in text
    assert "Would change it appRoleAssignments.api.Reader.users (or Writer, or Admin, or NoValue)" in text
    assert "entra-config app-role assign api/Reader --user judy@contoso.com" in text
    opened = browser.emulator.traffic.newest_first()[0].number
    assert "appRoleAssignments.api.Reader.users" in text_of(browser.get(f"traffic?open={opened}").text)
    ids = f"client={world.app_ids['spa']}&api={world.app_ids['api']}"
    lab = text_of(browser.get(f"token?person=judy@contoso.com&{ids}").text)
    assert "Would change it appRoleAssignments.api.Reader.users" in lab
    refused = text_of(browser.world.authorize("spa", "openid", redirect_uri="https://evil.example/").text)
    assert "applications.spa.redirectUris" in refused


def test_what_no_manifest_declares_has_no_key(browser: Browser) -> None:
    """An application without an ownership tag: no key, no command."""
    refused = text_of(browser.world.authorize("web", "openid", redirect_uri="https://evil.example/").text)
    assert "Declared in no manifest: it has no ownership tag" in refused
    assert "Would change it" not in refused


@pytest.mark.parametrize(
    ("code", "reason", "key"),
    [
        (
            50011,
            "Spa was asked to go back to nowhere. It registers https://localhost:5173/.",
            "applications.spa.redirectUris",
        ),
        (500113, "", "applications.spa.redirectUris"),
        (50020, "", "applications.spa.signInAudience"),
        (
            65001,
            "Nobody consented to all that Spa asks for.",
            "applications.spa.apiPermissions.API.adminConsent",
        ),
        (
            90094,
            "Nobody consented to all that Spa asks for.",
            "applications.spa.apiPermissions.API.adminConsent",
        ),
        (650053, "", "applications.API.scopes"),
        (7000112, "", "applications.spa.enterpriseApplication"),
        (50057, "Judy Jones is disabled.", ""),
        (54005, "", ""),
    ],
)
def test_each_refusal_names_the_key_that_would_change_it(
    browser: Browser, code: int, reason: str, key: str
) -> None:
    """And why, where Microsoft's own text leaves it open; the application and the person have links."""
    world = browser.world
    given = {"client_id": world.app_ids["spa"], "user": "judy@contoso.com", "scope": "openid"}
    found = known(world.service, "contoso.com", given, code)
    assert found.reason == (reason or words_of(code))
    assert found.keys == ({"Would change it": key} if key else {})
    assert [(each.name, each.kind) for each in found.objects] == [
        ("Spa", "registrations"),
        ("Judy Jones", "users"),
    ]
    assert found.ways == {}


def refused_at(world: World, scope: str) -> SignInKnowledge:
    """Return what is known where bob has no assignment."""
    given = {"client_id": world.app_ids["web"], "user": "bob@contoso.com", "scope": scope}
    return known(world.service, seed.CONTOSO, given, 50105)


@pytest.mark.parametrize(
    ("requires", "scope", "roles", "more"),
    [
        (("web",), "openid", "default", ""),
        (("api",), "api://nobody/x api://api/user.read", "Reader", " (or Writer, or Admin, or NoValue)"),
        (("web", "api"), "api://api/user.read", "default", ""),
        (("other",), "api://api/user.read", "default", ""),
        ((), "openid", "default", ""),
    ],
)
def test_an_assignment_that_lacks(requires: tuple[str, ...], scope: str, roles: str, more: str) -> None:
    """The keys, and the command that assigns a role of the application that requires one."""
    world = World()
    for name in ("web", "api"):
        world.set(name, tags=[f"entra-config:key={name}"])
    for each in requires:
        world.set_principal(each, appRoleAssignmentRequired=True)
    found = refused_at(world, scope)
    key = "api" if requires == ("api",) else "web"
    assert found.keys == {
        "Set at": f"applications.{key}.enterpriseApplication.assignmentRequired",
        "Would change it": f"appRoleAssignments.{key}.{roles}.users{more}",
    }
    assert found.command == f"entra-config app-role assign {key}/{roles} --user bob@contoso.com"


def test_an_assignment_at_the_client_is_not_one_at_the_api() -> None:
    """The API is what refuses then; one application with one role names no other."""
    world = World()
    for each in ("web", "api"):
        world.set_principal(each, appRoleAssignmentRequired=True)
    world.assign("user:bob", "web", "default")
    roles = world.application("api")["appRoles"]
    world.set("api", appRoles=[roles[-1], {**roles[0], "isEnabled": False}], tags=["entra-config:key=api"])
    found = refused_at(world, "api://api/user.read")
    assert found.command == "entra-config app-role assign api/NoValue --user bob@contoso.com"
    assert found.keys["Would change it"] == "appRoleAssignments.api.NoValue.users"
